//! The points that the tables have for the digits of signatures: where they are, and how they come into lanes.

use std::arch::x86_64::{
    __m128i, __m256i, __m512i, __mmask8, _MM_HINT_T0, _mm_cvtsi128_si64, _mm_prefetch, _mm_unpackhi_epi64,
    _mm256_set_epi64x, _mm512_castsi256_si512, _mm512_cvtepi64_epi16, _mm512_inserti64x4, _mm512_shuffle_i64x2,
    _mm512_unpackhi_epi64, _mm512_unpacklo_epi64,
};

use crate::crypto::known_key::avx512::LanePoint;
use crate::crypto::known_key::avx512::field::{Lanes, from_words};
use crate::crypto::known_key::avx512::scalar::{Multipliers, Numbers, lanes, multipliers};
use crate::crypto::known_key::block::Claim;
use crate::crypto::known_key::point::P256;
use crate::crypto::known_key::table::{Digit, Table, Window};

/// Sixteen signatures, as [`Equation`](crate::crypto::known_key::block::Equation) has one.
pub(super) struct Group<'a> {
    keys: [&'a [LanePoint]; 16],
    u1: [Multipliers; 2],
    u2: [Multipliers; 2],
    pub(super) r: [Lanes; 2],
}

/// A row of the tables: of a generator or, without one, of the key of each signature.
pub(super) struct Row<'a> {
    generator: Option<&'a [LanePoint]>,
    digit: Digit,
}

/// What the tables have for a digit of sixteen signatures, and which of it to negate.
pub(super) struct Found<'a> {
    points: [&'a LanePoint; 16],
    negative: [__mmask8; 2],
}

/// The coordinates of eight points, below p, and where y is to be negated.
pub(super) type Points = (Lanes, Lanes, __mmask8);

/// The signatures of `claims` in groups; vacant lanes repeat the first. None if not all tables have the same rows.
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn groups<'a>(claims: &[Claim<'a, P256, Table<LanePoint>>]) -> Option<Vec<Group<'a>>> {
    let first = claims.first()?;
    let window = first.table.window();
    if claims.iter().any(|claim| claim.table.window() != window) {
        return None;
    }
    let sixteen = claims.chunks(16).map(|claims| std::array::from_fn(|lane| claims.get(lane).unwrap_or(first)));
    let sixteen: Vec<[&Claim<'a, _, _>; 16]> = sixteen.collect();
    let numbers = sixteen.iter().map(|claims| {
        let halves = halves(*claims);
        Numbers {
            e: halves.map(|half| half.map(|claim| &claim.e)),
            r: halves.map(|half| half.map(|claim| &claim.r)),
            s: halves.map(|half| half.map(|claim| &claim.s)),
        }
    });
    let numbers: Vec<Numbers<'_>> = numbers.collect();
    let multipliers = multipliers(&numbers);
    let groups = sixteen.iter().zip(&numbers).zip(multipliers).map(|((claims, numbers), [u1, u2])| Group {
        keys: claims.map(|claim| claim.table.entries()),
        u1,
        u2,
        r: numbers.r.each_ref().map(|r| lanes(r)),
    });
    Some(groups.collect())
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
        Self { points: [&LanePoint::NONE; 16], negative: [0; 2] }
    }

    /// Finds what `row` has for each signature, and asks for it: most of it is in no near cache.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn look_up(&mut self, group: &Group<'a>, row: &Row<'a>) {
        let [a, b] = if row.generator.is_some() { &group.u1 } else { &group.u2 };
        let ((lower, first), (upper, second)) = (a.digit(row.digit), b.digit(row.digit));
        self.negative = [first, second];
        let positions = [positions(lower), positions(upper)];
        let mut of_points = self.points.iter_mut().zip(positions.as_flattened());
        let mut find = |entries: &'a [LanePoint]| {
            if let Some((point, position)) = of_points.next() {
                *point = entries.get(row.digit.start + position).unwrap_or(&LanePoint::NONE);
                _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(*point).cast());
            }
        };
        match row.generator {
            Some(generator) => (0..16).for_each(|_| find(generator)),
            None => group.keys.into_iter().for_each(find),
        }
    }
}

/// Eight numbers of 16 bits.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn positions(numbers: __m512i) -> [usize; 8] {
    let narrow: __m128i = _mm512_cvtepi64_epi16(numbers);
    let lower = _mm_cvtsi128_si64(narrow).cast_unsigned();
    let upper = _mm_cvtsi128_si64(_mm_unpackhi_epi64(narrow, narrow)).cast_unsigned();
    let position = |half: u64, bits: u32| usize::try_from(half >> bits & 0xffff).unwrap_or_default();
    let [a, b, c, d] = [0, 16, 32, 48].map(|bits| position(lower, bits));
    let [e, f, g, h] = [0, 16, 32, 48].map(|bits| position(upper, bits));
    [a, b, c, d, e, f, g, h]
}

impl Found<'_> {
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    pub(super) fn load(&self) -> [Points; 2] {
        let ([lower, upper], [first, second]) = (halves(self.points), self.negative);
        let ((x, y), (u, v)) = (load(lower), load(upper));
        [(x, y, first), (u, v, second)]
    }
}

fn halves<T>(sixteen: [T; 16]) -> [[T; 8]; 2] {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = sixteen;
    [[a, b, c, d, e, f, g, h], [i, j, k, l, m, n, o, p]]
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
