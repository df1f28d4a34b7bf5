//! The points that the tables have for the digits of signatures: where they are, and how they come into lanes.

use std::arch::x86_64::{
    __m128i, __m256i, __m512i, __mmask8, _MM_HINT_T0, _mm_cvtsi128_si64, _mm_prefetch, _mm_unpackhi_epi64,
    _mm256_set_epi64x, _mm512_castsi256_si512, _mm512_cvtepi64_epi16, _mm512_inserti64x4, _mm512_shuffle_i64x2,
    _mm512_unpackhi_epi64, _mm512_unpacklo_epi64,
};

use crate::crypto::known_key::avx512::field::{Lanes, from_words};
use crate::crypto::known_key::avx512::scalar::{Multipliers, Numbers, lanes, multipliers};
use crate::crypto::known_key::avx512::{LanePoint, VECTORS};
use crate::crypto::known_key::block::Claim;
use crate::crypto::known_key::point::P256;
use crate::crypto::known_key::table::{Digit, Table, Window};

/// Eight signatures, as [`Equation`](crate::crypto::known_key::block::Equation) has one.
pub(super) struct Signatures<'a> {
    keys: [&'a [LanePoint]; 8],
    u1: Multipliers,
    u2: Multipliers,
    pub(super) r: Lanes,
}

/// The signatures of the vectors that go side by side.
pub(super) type Group<'a> = [Signatures<'a>; VECTORS];

/// A row of the tables: of a generator or, without one, of the key of each signature.
pub(super) struct Row<'a> {
    generator: Option<&'a [LanePoint]>,
    digit: Digit,
}

/// What the tables have for a digit of eight signatures, and which of it to negate.
pub(super) struct Found<'a> {
    /// Where in the row it is: numbers of 16 bits.
    positions: [u64; 2],
    points: [&'a LanePoint; 8],
    negative: __mmask8,
}

/// The coordinates of eight points, below p, and where y is to be negated.
pub(super) type Points = (Lanes, Lanes, __mmask8);

/// The signatures of `claims`, in whole groups; vacant lanes repeat the first. None if not all tables have the same rows.
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn signatures<'a>(claims: &[Claim<'a, P256, Table<LanePoint>>]) -> Option<Vec<Signatures<'a>>> {
    let first = claims.first()?;
    let window = first.table.window();
    if claims.iter().any(|claim| claim.table.window() != window) {
        return None;
    }
    let eights = (0..claims.len().next_multiple_of(8 * VECTORS)).step_by(8);
    let claim = |position: usize| claims.get(position).unwrap_or(first);
    let eights = eights.map(|position| std::array::from_fn(|lane| claim(position + lane)));
    let eights: Vec<[&Claim<'a, _, _>; 8]> = eights.collect();
    let numbers = eights.iter().map(|claims| Numbers {
        e: claims.map(|claim| &claim.e),
        r: claims.map(|claim| &claim.r),
        s: claims.map(|claim| &claim.s),
    });
    let numbers: Vec<Numbers<'_>> = numbers.collect();
    let multipliers = multipliers(&numbers);
    let signatures = eights.iter().zip(&numbers).zip(multipliers).map(|((claims, numbers), [u1, u2])| Signatures {
        keys: claims.map(|claim| claim.table.entries()),
        u1,
        u2,
        r: lanes(&numbers.r),
    });
    Some(signatures.collect())
}

/// The rows of the tables, those of the keys first.
pub(super) fn rows<'a>(keys: Window, generator: &'a Table<LanePoint>) -> Vec<Row<'a>> {
    let digits = |window: Window| (0..window.count()).map(move |position| Digit::new(window, position));
    let of_keys = digits(keys).map(|digit| Row { generator: None, digit });
    let of_generator = digits(generator.window()).map(|digit| Row { generator: Some(generator.entries()), digit });
    of_keys.chain(of_generator).collect()
}

impl<'a> Found<'a> {
    pub(super) fn none() -> Self {
        Self { positions: [0; 2], points: [&LanePoint::NONE; 8], negative: 0 }
    }

    /// Reads the digits of the signatures for `row`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn read(&mut self, signatures: &Signatures<'a>, row: &Row<'a>) {
        let multipliers = if row.generator.is_some() { &signatures.u1 } else { &signatures.u2 };
        let (positions, negative) = multipliers.digit(row.digit);
        (self.positions, self.negative) = (narrow(positions), negative);
    }

    /// Finds what `row` has for these digits, and asks for it: most of it is in no near cache.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn find(&mut self, signatures: &Signatures<'a>, row: &Row<'a>) {
        let mut of_points = self.points.iter_mut().zip(wide(self.positions));
        let mut find = |entries: &'a [LanePoint]| {
            if let Some((point, position)) = of_points.next() {
                *point = entries.get(row.digit.start + position).unwrap_or(&LanePoint::NONE);
                _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(*point).cast());
            }
        };
        match row.generator {
            Some(generator) => (0..8).for_each(|_| find(generator)),
            None => signatures.keys.iter().for_each(|entries| find(entries)),
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn load(&self) -> Points {
        let (x, y) = load(self.points);
        (x, y, self.negative)
    }
}

/// What to look up for a group: to read the digits takes long, so what they say is found later.
pub(super) struct Ahead<'a, 'b> {
    pub(super) group: &'b Group<'a>,
    pub(super) row: &'b Row<'a>,
    pub(super) found: &'b mut [Found<'a>; VECTORS],
}

impl Ahead<'_, '_> {
    /// Reads the digits of one of the vectors.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn read(&mut self, vector: usize) {
        if let (Some(found), Some(signatures)) = (self.found.get_mut(vector), self.group.get(vector)) {
            found.read(signatures, self.row);
        }
    }

    /// Finds what there is for them.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn find(&mut self, vector: usize) {
        if let (Some(found), Some(signatures)) = (self.found.get_mut(vector), self.group.get(vector)) {
            found.find(signatures, self.row);
        }
    }

    /// Looks up all of it.
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn look_up(mut self) {
        for vector in 0..VECTORS {
            self.read(vector);
            self.find(vector);
        }
    }
}

/// Eight numbers of 16 bits.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn narrow(numbers: __m512i) -> [u64; 2] {
    let narrow: __m128i = _mm512_cvtepi64_epi16(numbers);
    [_mm_cvtsi128_si64(narrow), _mm_cvtsi128_si64(_mm_unpackhi_epi64(narrow, narrow))].map(i64::cast_unsigned)
}

/// What [`narrow`] made of eight numbers.
#[inline]
pub(super) fn wide([lower, upper]: [u64; 2]) -> [usize; 8] {
    let number = |half: u64, bits: u32| usize::try_from(half >> bits & 0xffff).unwrap_or_default();
    let [a, b, c, d] = [0, 16, 32, 48].map(|bits| number(lower, bits));
    let [e, f, g, h] = [0, 16, 32, 48].map(|bits| number(upper, bits));
    [a, b, c, d, e, f, g, h]
}

/// Eight points, turned into vectors of one limb of each.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn load([a, b, c, d, e, f, g, h]: [&LanePoint; 8]) -> (Lanes, Lanes) {
    // So paired, the columns of four vectors come out in order.
    let x = [pair(a.x(), c.x()), pair(b.x(), d.x()), pair(e.x(), g.x()), pair(f.x(), h.x())];
    let y = [pair(a.y(), c.y()), pair(b.y(), d.y()), pair(e.y(), g.y()), pair(f.y(), h.y())];
    (from_words(columns(x)), from_words(columns(y)))
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn pair(first: [u64; 4], second: [u64; 4]) -> __m512i {
    _mm512_inserti64x4::<1>(_mm512_castsi256_si512(vector(first)), vector(second))
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn vector(number: [u64; 4]) -> __m256i {
    let [a, b, c, d] = number;
    _mm256_set_epi64x(d.cast_signed(), c.cast_signed(), b.cast_signed(), a.cast_signed())
}

/// Of eight numbers of four words, the first with the third in a vector, the second with the fourth, and so on: the first words,
/// the second, third and fourth.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn columns([ac, bd, eg, fh]: [__m512i; 4]) -> [__m512i; 4] {
    // The pairs of elements at even and at odd positions, of two vectors of four.
    const EVEN: i32 = 0x88;
    const ODD: i32 = 0xdd;
    let (even, other_even) = (_mm512_unpacklo_epi64(ac, bd), _mm512_unpacklo_epi64(eg, fh));
    let (odd, other_odd) = (_mm512_unpackhi_epi64(ac, bd), _mm512_unpackhi_epi64(eg, fh));
    [
        _mm512_shuffle_i64x2::<EVEN>(even, other_even),
        _mm512_shuffle_i64x2::<EVEN>(odd, other_odd),
        _mm512_shuffle_i64x2::<ODD>(even, other_even),
        _mm512_shuffle_i64x2::<ODD>(odd, other_odd),
    ]
}
