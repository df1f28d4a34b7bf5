//! A block of signatures in lanes: the additions.
//!
//! A tree over the points of a block, as the portable back-end has it, is as large as all of them, and falls out of the
//! second cache. Here the points of each signature are added up in a few chains instead: a chain has one sum, and one point
//! that is added to it next. A step adds the next point of every chain, with one inversion for all. Where a block has few
//! signatures each has the more chains, so that a step has about as many additions. The sums of a signature's chains are then
//! added pairwise until two are left.
//!
//! A step goes over the chains twice: once to multiply their differences together, and, when the product is inverted, once
//! in the opposite direction to take each inverse out of it and to add. A chain that was added to has all it takes to be
//! prepared for its next point, so both are done in one turn, and each step goes the other way than the one before.
//!
//! Two vectors of eight signatures, sixteen signatures, go side by side: one multiplication waits for its instructions
//! most of the time, two fill each other's gaps.

use std::arch::x86_64::{
    __m512i, __mmask8, _mm512_set_epi64, _mm512_shuffle_i64x2, _mm512_unpackhi_epi64, _mm512_unpacklo_epi64,
};

use crate::crypto::known_key::avx512::LanePoint;
use crate::crypto::known_key::avx512::field::{
    Lanes, add, from_words, invert, is_zero, may_be_zero, mul, mul_less, negate_and_sub, negate_in, one, select,
    square, square_less, sub, to_montgomery,
};
use crate::crypto::known_key::block::{Claim, Equation, equations, look_up, order, rows};
use crate::crypto::known_key::point::P256;
use crate::crypto::known_key::table::Table;

/// As the portable [`decide`](crate::crypto::known_key::block::decide).
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn decide(generator: &Table<LanePoint>, claims: &[Claim<'_, P256, Table<LanePoint>>]) -> Vec<bool> {
    let mut equations = equations(claims);
    // Vacant lanes repeat the first signature.
    let vacant = equations.len().next_multiple_of(16) - equations.len();
    equations.extend(equations.first().copied().into_iter().cycle().take(vacant));
    let groups = equations.len() / 16;
    let mut sums = chains(generator, &equations).unwrap_or_default();
    while sums.len() > 2 * groups {
        merge(&mut sums, groups);
    }
    let (firsts, seconds) = sums.split_at_checked(groups).unwrap_or_default();
    let mut holds = Vec::with_capacity(equations.len());
    for ((group, first), second) in equations.chunks(16).zip(firsts).zip(seconds) {
        let lanes = last_addition_meets(group, first, second);
        holds.extend((0..group.len()).map(|lane| lanes >> lane & 1 == 1));
    }
    holds.resize(claims.len(), false);
    holds
}

/// The points of all rows of the tables, added up in some chains: the sums of the first chain of each group of sixteen, those of
/// the second, and so on. The last rows are left over if there are not as many for each chain.
#[target_feature(enable = "avx512f,avx512ifma")]
fn chains(generator: &Table<LanePoint>, equations: &[Equation<'_, P256, Table<LanePoint>>]) -> Option<Vec<Sixteen>> {
    let groups = equations.len() / 16;
    let rows = &rows(equations, generator);
    let chains = SUMS.checked_div(groups)?.min(rows.len() / 2).max(2);
    let length = rows.len() / chains;
    let mut found = Vec::with_capacity(chains * equations.len());
    let order = order(chains);
    let step = |step| order.iter().filter_map(move |chain| rows.get(chain * length + step)).copied();
    look_up(equations, step(0), &mut found);
    let mut sums: Vec<Sixteen> = found.as_chunks().0.iter().map(|found| Sixteen::new(found)).collect();
    let (mut backwards, mut inverses) = (false, [one(); 2]);
    for position in 1..length {
        look_up(equations, step(position), &mut found);
        let next = found.as_chunks().0;
        let products = turns(&mut sums, backwards, inverses, |sum| next.get(sum).map_or(Next::None, Next::Found));
        (backwards, inverses) = (!backwards, invert_both(products));
    }
    turns(&mut sums, backwards, inverses, |_| Next::None);
    look_up(equations, rows.iter().skip(chains * length).copied(), &mut found);
    sums.extend(found.as_chunks().0.iter().map(|found| Sixteen::new(found)));
    // Every table has the same rows; if one had not, nothing would be decided.
    (sums.len() == (chains + rows.len() - chains * length) * groups).then_some(sums)
}

/// Adds the second half of the rows of sums to the first; a last row without a partner is kept.
#[target_feature(enable = "avx512f,avx512ifma")]
fn merge(sums: &mut Vec<Sixteen>, groups: usize) {
    let half = sums.len() / groups / 2 * groups;
    let (first, second) = sums.split_at_mut(half);
    let products = turns(first, false, [one(); 2], |sum| second.get(sum).map_or(Next::None, Next::Sum));
    turns(first, true, invert_both(products), |_| Next::None);
    sums.drain(half..2 * half);
}

/// The turn of each sum; the products of the differences that were prepared.
#[target_feature(enable = "avx512f,avx512ifma")]
fn turns<'a>(
    sums: &mut [Sixteen],
    backwards: bool,
    mut inverses: [Lanes; 2],
    next: impl Fn(usize) -> Next<'a>,
) -> [Lanes; 2] {
    let mut products = [one(); 2];
    let turn = |(position, sum): (usize, &mut Sixteen)| sum.turn(next(position), &mut inverses, &mut products);
    let each = sums.iter_mut().enumerate();
    if backwards {
        each.rev().for_each(turn)
    } else {
        each.for_each(turn)
    }
    products
}

/// The inverses of both; one inversion serves both vectors.
#[target_feature(enable = "avx512f,avx512ifma")]
fn invert_both([p, q]: [Lanes; 2]) -> [Lanes; 2] {
    let inverse = invert(mul(p, q));
    [mul(inverse, q), mul(inverse, p)]
}

/// The sums of sixteen signatures, and what is added to them next.
struct Sixteen {
    halves: [Eight; 2],
    /// Whether there is something to be added.
    prepared: bool,
}

/// The sums of eight signatures: points whose coordinates are above 0 and below p + 2^228, and what a turn prepared.
struct Eight {
    x: Lanes,
    y: Lanes,
    /// x₂ − x, where (x₂, y₂) is the point to be added; 1 where that may be 0.
    dx: Lanes,
    /// y₂ − y.
    dy: Lanes,
    /// The product of the differences before it.
    before: Lanes,
    /// Where x₂ may have been x.
    met: __mmask8,
}

/// The coordinates of eight points, below p, and where y is to be negated.
type Points = (Lanes, Lanes, __mmask8);

/// What the tables have for a digit of sixteen signatures, and whether to negate it.
type Found<'a> = [(&'a LanePoint, bool); 16];

/// What is to be added in the next turn.
enum Next<'a> {
    None,
    Found(&'a Found<'a>),
    Sum(&'a Sixteen),
}

impl Sixteen {
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn new(found: &Found<'_>) -> Self {
        Self { halves: load(found).map(|points| Eight::new(points)), prepared: false }
    }

    /// Adds what was prepared, given the inverses of the products up to its own; then prepares the addition of `next`.
    ///
    /// With λ = dy / dx the sum is x₃ = λ² − x − x₂ = λ² − 2x − dx, y₃ = λ · (x − x₃) − y.
    #[inline(never)]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn turn(&mut self, next: Next<'_>, inverses: &mut [Lanes; 2], products: &mut [Lanes; 2]) {
        let [a, b] = &mut self.halves;
        if self.prepared {
            let [i, j] = *inverses;
            let (slope, tilt) = (mul(a.dy, mul(i, a.before)), mul(b.dy, mul(j, b.before)));
            *inverses = [mul(i, a.dx), mul(j, b.dx)];
            let (x, u) = (square_less(slope, a.x, a.dx), square_less(tilt, b.x, b.dx));
            (a.y, b.y) = (mul_less(slope, sub(a.x, x), a.y), mul_less(tilt, sub(b.x, u), b.y));
            (a.x, b.x) = (x, u);
        }
        let [lower, upper] = match next {
            Next::None => {
                self.prepared = false;
                return;
            }
            Next::Found(found) => load(found),
            Next::Sum(Self { halves: [c, d], .. }) => {
                (a.met, b.met) = (a.met | c.met, b.met | d.met);
                [(c.x, c.y, 0), (d.x, d.y, 0)]
            }
        };
        self.prepared = true;
        a.prepare(lower);
        b.prepare(upper);
        let [p, q] = *products;
        (a.before, b.before) = (p, q);
        *products = [mul(p, a.dx), mul(q, b.dx)];
    }
}

impl Eight {
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn new((x, y, negative): Points) -> Self {
        Self { x, y: negate_in(negative, y), dx: one(), dy: one(), before: one(), met: 0 }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn prepare(&mut self, (x, y, negative): Points) {
        self.dy = negate_and_sub(negative, y, self.y);
        let (dx, zero) = difference(x, self.x);
        (self.dx, self.met) = (dx, self.met | zero);
    }
}

/// x₂ − x₁, or 1 where it may be 0, and the lanes of these.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn difference(second: Lanes, first: Lanes) -> (Lanes, __mmask8) {
    let dx = sub(second, first);
    let zero = may_be_zero(dx);
    (select(zero, dx, one()), zero)
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn load(found: &Found<'_>) -> [Points; 2] {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = found;
    [load_eight([a, b, c, d, e, f, g, h]), load_eight([i, j, k, l, m, n, o, p])]
}

/// Eight points, each one vector in memory, turned into vectors of one limb of each.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn load_eight(found: [&(&LanePoint, bool); 8]) -> Points {
    let [a, b, c, d, e, f, g, h] = found.map(|(point, _)| vector(point));
    let (ab, cd, ef, gh) = (interleave(a, b), interleave(c, d), interleave(e, f), interleave(g, h));
    let (even, odd) = (columns([ab.0, cd.0, ef.0, gh.0]), columns([ab.1, cd.1, ef.1, gh.1]));
    let ([x0, x2, y0, y2], [x1, x3, y1, y3]) = (even, odd);
    let [a, b, c, d, e, f, g, h] = found.map(|(_, negative)| u8::from(*negative));
    let negative = a | b << 1 | c << 2 | d << 3 | e << 4 | f << 5 | g << 6 | h << 7;
    (from_words([x0, x1, x2, x3]), from_words([y0, y1, y2, y3]), negative)
}

#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn vector(point: &LanePoint) -> __m512i {
    let [a, b, c, d, e, f, g, h] = point.0.map(u64::cast_signed);
    _mm512_set_epi64(h, g, f, e, d, c, b, a)
}

/// The even and the odd elements of two vectors, in turns.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn interleave(a: __m512i, b: __m512i) -> (__m512i, __m512i) {
    (_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b))
}

/// Of four vectors of four pairs of elements: the first pairs, the second, third and fourth.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn columns([ab, cd, ef, gh]: [__m512i; 4]) -> [__m512i; 4] {
    const EVEN: i32 = 0x88;
    const ODD: i32 = 0xdd;
    let even = (_mm512_shuffle_i64x2::<EVEN>(ab, cd), _mm512_shuffle_i64x2::<EVEN>(ef, gh));
    let odd = (_mm512_shuffle_i64x2::<ODD>(ab, cd), _mm512_shuffle_i64x2::<ODD>(ef, gh));
    [
        _mm512_shuffle_i64x2::<EVEN>(even.0, even.1),
        _mm512_shuffle_i64x2::<EVEN>(odd.0, odd.1),
        _mm512_shuffle_i64x2::<ODD>(even.0, even.1),
        _mm512_shuffle_i64x2::<ODD>(odd.0, odd.1),
    ]
}

/// The lanes in which the sum of two points has the x-coordinate r, and no points have met.
#[target_feature(enable = "avx512f,avx512ifma")]
fn last_addition_meets(
    group: &[Equation<'_, P256, Table<LanePoint>>],
    Sixteen { halves: [a, b], .. }: &Sixteen,
    Sixteen { halves: [c, d], .. }: &Sixteen,
) -> u16 {
    let mut numbers = [LanePoint([0; 8]); 16];
    for (number, equation) in numbers.iter_mut().zip(group) {
        let [r0, r1, r2, r3] = equation.r;
        *number = LanePoint([r0, r1, r2, r3, 0, 0, 0, 0]);
    }
    let [(lower, ..), (upper, ..)] = load(&numbers.each_ref().map(|number| (number, false)));
    u16::from_le_bytes([meets(lower, a, c), meets(upper, b, d)])
}

/// The lanes in which Δy² = (r + x₁ + x₂) · Δx², Δx is not 0, and no points have met.
#[target_feature(enable = "avx512f,avx512ifma")]
fn meets(r: Lanes, first: &Eight, second: &Eight) -> __mmask8 {
    let (dx, zero) = difference(second.x, first.x);
    let dy = sub(second.y, first.y);
    let right = mul(add(add(to_montgomery(r), first.x), second.x), square(dx));
    is_zero(sub(square(dy), right)) & !(zero | first.met | second.met)
}

/// How many sums of sixteen signatures, of 3.4 KB each, go together: about as many as fit half of a second cache of 1 MiB.
const SUMS: usize = 128;
