//! A block of signatures in lanes: the tree of additions.
//!
//! Two vectors of eight signatures, sixteen signatures, go side by side: one multiplication waits for its instructions
//! most of the time, two fill each other's gaps.

use std::arch::x86_64::{
    __m512i, __mmask8, _mm512_set_epi64, _mm512_shuffle_i64x2, _mm512_unpackhi_epi64, _mm512_unpacklo_epi64,
};

use crate::crypto::known_key::avx512::LanePoint;
use crate::crypto::known_key::avx512::field::{
    Lanes, add, from_words, invert, is_zero, may_be_zero, mul, negate_in, one, select, square, sub, sub_reduced,
    sub_two, to_montgomery,
};
use crate::crypto::known_key::block::{Claim, Equation, equations, look_up};
use crate::crypto::known_key::point::P256;
use crate::crypto::known_key::table::Table;

/// Eight points.
#[derive(Clone, Copy)]
struct Points {
    x: Lanes,
    y: Lanes,
}

/// Those of sixteen signatures.
type Pair = [Points; 2];

/// As the portable [`decide`](crate::crypto::known_key::block::decide).
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn decide(generator: &Table<LanePoint>, claims: &[Claim<'_, P256, Table<LanePoint>>]) -> Vec<bool> {
    let Some(first) = claims.first() else { return Vec::new() };
    let equations = equations(claims);
    let groups = equations.len().div_ceil(16);
    let of_key = (0..first.table.window().count()).map(|position| (None, position));
    let of_generator = (0..generator.window().count()).map(|position| (Some(generator), position));
    let rows = of_key.len() + of_generator.len();
    let mut points = Vec::with_capacity(rows * groups);
    let mut found = Vec::with_capacity(claims.len());
    for (generator, position) in of_key.chain(of_generator) {
        look_up(&equations, std::iter::once((generator, position)), &mut found);
        for group in found.chunks(16) {
            points.extend(load_pair(group));
        }
    }
    // Every table has the same rows; if one had not, nothing would be decided.
    if points.len() != rows * groups {
        return vec![false; claims.len()];
    }
    let mut met = vec![[0; 2]; groups];
    let mut levels = (points, Vec::new());
    let mut steps = Vec::new();
    while levels.0.len() > 2 * groups {
        level(&levels.0, &mut levels.1, &mut steps, &mut met);
        std::mem::swap(&mut levels.0, &mut levels.1);
    }
    let (firsts, seconds) = levels.0.split_at_checked(groups).unwrap_or_default();
    let mut holds = Vec::with_capacity(claims.len());
    for (((group, first), second), met) in equations.chunks(16).zip(firsts).zip(seconds).zip(met) {
        let lanes = last_addition_meets(group, first, second, met);
        holds.extend((0..group.len()).map(|lane| lanes >> lane & 1 == 1));
    }
    holds
}

/// The points of a group of up to sixteen; vacant lanes repeat the first.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn load_pair(group: &[(&LanePoint, bool)]) -> Option<Pair> {
    let (vacant, _) = group.first()?;
    let mut points = [*vacant; 16];
    let mut negative = 0_u16;
    for (lane, ((found, negated), point)) in group.iter().zip(&mut points).enumerate() {
        *point = found;
        negative |= u16::from(*negated) << lane;
    }
    let ([lower, upper], _) = points.as_chunks::<8>() else { return None };
    let [negative_lower, negative_upper] = negative.to_le_bytes();
    Some([load(lower, negative_lower), load(upper, negative_upper)])
}

/// Eight points, each one vector in memory, turned into vectors of one limb of each.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn load(points: &[&LanePoint; 8], negative: __mmask8) -> Points {
    let [a, b, c, d, e, f, g, h] = points;
    let (ab, cd) = (interleave(vector(a), vector(b)), interleave(vector(c), vector(d)));
    let (ef, gh) = (interleave(vector(e), vector(f)), interleave(vector(g), vector(h)));
    let (even, odd) = (columns([ab.0, cd.0, ef.0, gh.0]), columns([ab.1, cd.1, ef.1, gh.1]));
    let ([x0, x2, y0, y2], [x1, x3, y1, y3]) = (even, odd);
    Points { x: from_words([x0, x1, x2, x3]), y: negate_in(negative, from_words([y0, y1, y2, y3])) }
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

/// A difference x₂ − x₁, and the product of those after it.
type Step = [(Lanes, Lanes); 2];

/// Adds each second row of `points` to the row before it, and writes the sums to `sums`; a last row without a partner is kept.
///
/// As the portable `add_all`, in every lane by itself; where two points met is noted in `met`.
#[target_feature(enable = "avx512f,avx512ifma")]
fn level(points: &[Pair], sums: &mut Vec<Pair>, steps: &mut Vec<Step>, met: &mut [[__mmask8; 2]]) {
    let groups = met.len();
    steps.clear();
    let mut product = [one(); 2];
    for rows in points.chunks_exact(2 * groups).rev() {
        let (first, second) = rows.split_at(groups);
        for ((first, second), met) in first.iter().zip(second).zip(&mut *met).rev() {
            let ([a, b], [c, d]) = (first, second);
            let (dx, dx_met) = difference(a, c);
            let (ex, ex_met) = difference(b, d);
            let ([met_lower, met_upper], [p, q]) = (*met, product);
            *met = [met_lower | dx_met, met_upper | ex_met];
            steps.push([(dx, p), (ex, q)]);
            product = [mul(p, dx), mul(q, ex)];
        }
    }
    // One inversion serves both vectors.
    let [p, q] = product;
    let inverse = invert(mul(p, q));
    let mut inverses = [mul(inverse, q), mul(inverse, p)];
    sums.clear();
    for rows in points.chunks_exact(2 * groups) {
        let (first, second) = rows.split_at(groups);
        for (first, second) in first.iter().zip(second) {
            let (Some([(dx, p), (ex, q)]), [i, j]) = (steps.pop(), inverses) else { return };
            let ([a, b], [c, d]) = (first, second);
            sums.push(sum([a, b], [c, d], [mul(i, p), mul(j, q)]));
            inverses = [mul(i, dx), mul(j, ex)];
        }
    }
    sums.extend_from_slice(points.chunks_exact(2 * groups).remainder());
}

/// x₂ − x₁, or 1 where it may be 0, and the lanes of these.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn difference(first: &Points, second: &Points) -> (Lanes, __mmask8) {
    let dx = sub(second.x, first.x);
    let zero = may_be_zero(dx);
    (select(zero, dx, one()), zero)
}

/// Two times eight sums of two points, given 1 / (x₂ − x₁).
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn sum([a, b]: [&Points; 2], [c, d]: [&Points; 2], [i, j]: [Lanes; 2]) -> Pair {
    let (slope, tilt) = (mul(sub(c.y, a.y), i), mul(sub(d.y, b.y), j));
    let (x, u) = (sub_two(square(slope), a.x, c.x), sub_two(square(tilt), b.x, d.x));
    let (y, v) = (mul(slope, sub(a.x, x)), mul(tilt, sub(b.x, u)));
    [Points { x, y: sub_reduced(y, a.y) }, Points { x: u, y: sub_reduced(v, b.y) }]
}

/// The lanes in which the sum of two points has the x-coordinate r, and no points have met.
#[target_feature(enable = "avx512f,avx512ifma")]
fn last_addition_meets(
    group: &[Equation<'_, P256, Table<LanePoint>>],
    [a, b]: &Pair,
    [c, d]: &Pair,
    [met_lower, met_upper]: [__mmask8; 2],
) -> u16 {
    let mut numbers = [LanePoint([0; 8]); 16];
    for (number, equation) in numbers.iter_mut().zip(group) {
        let [r0, r1, r2, r3] = equation.r;
        *number = LanePoint([r0, r1, r2, r3, 0, 0, 0, 0]);
    }
    let ([lower, upper], _) = numbers.as_chunks::<8>() else { return 0 };
    let lower = meets(load(&lower.each_ref(), 0).x, a, c) & !met_lower;
    let upper = meets(load(&upper.each_ref(), 0).x, b, d) & !met_upper;
    u16::from_le_bytes([lower, upper])
}

/// The lanes in which Δy² = (r + x₁ + x₂) · Δx², and Δx is not 0.
#[target_feature(enable = "avx512f,avx512ifma")]
fn meets(r: Lanes, first: &Points, second: &Points) -> __mmask8 {
    let (dx, dx_met) = difference(first, second);
    let dy = sub(second.y, first.y);
    let right = mul(add(add(to_montgomery(r), first.x), second.x), square(dx));
    is_zero(sub(square(dy), right)) & !dx_met
}
