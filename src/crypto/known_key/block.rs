//! A block of signatures, decided together: the portable back-end.
//!
//! FIPS 186-5 §6.4.2 with e the digest, (r, s) the signature and Q the key: u₁ = e/s and u₂ = r/s modulo the order n; the
//! signature holds if the x-coordinate of u₁·G + u₂·Q is r modulo n. For a block,
//!
//! * all s are inverted with one inversion;
//! * u₁·G and u₂·Q are the sums of the points that the tables of G and Q have for their digits;
//! * the points of each signature are added pairwise, the sums pairwise again, and so on; each level of this tree takes
//!   one inversion for all signatures;
//! * the last addition takes none: x₃ = λ² − x₁ − x₂ with λ = Δy/Δx is r if Δy² = (r + x₁ + x₂) · Δx².
//!
//! A signature is left undecided, for `ring` to decide, when two of its points meet on the way and when the equation does
//! not hold; also when x is r + n, which only one signature in 2^32 (P-384: 2^194) can be.

use std::hint::black_box;

use crate::crypto::known_key::field::{PrimeField, invert_all};
use crate::crypto::known_key::point::{Curve, Point, add_pairs};
use crate::crypto::known_key::table::{Entry, Multiplier, Table};

/// What is signed, and the signature, as integers of the curve's length; `T` is the table of the key.
pub(super) struct Claim<'a, C: Curve, T> {
    pub(super) table: &'a T,
    /// The leftmost bits of the digest; may be the order or more.
    pub(super) e: Limbs<C>,
    /// Below the order, not 0.
    pub(super) r: Limbs<C>,
    /// Below the order, not 0.
    pub(super) s: Limbs<C>,
}

/// The table of the portable back-end.
pub(super) type PointTable<C> = Table<Point<<C as Curve>::Coordinate>>;

/// An integer as long as those of the curve.
pub(super) type Limbs<C> = <<C as Curve>::Scalar as PrimeField>::Limbs;

/// A claim with its two multipliers.
pub(super) struct Equation<'a, C: Curve, T> {
    pub(super) table: &'a T,
    pub(super) u1: Multiplier<C>,
    pub(super) u2: Multiplier<C>,
    pub(super) r: Limbs<C>,
}

/// The multipliers of all claims.
pub(super) fn equations<'a, C: Curve, T>(claims: &[Claim<'a, C, T>]) -> Vec<Equation<'a, C, T>> {
    let mut inverses: Vec<C::Scalar> = claims.iter().map(|claim| C::Scalar::from_limbs(claim.s)).collect();
    invert_all(&mut inverses);
    let equation = |(claim, inverse): (&Claim<'a, C, T>, C::Scalar)| {
        // Both orders are above 2^(bits − 1), so e is below twice the order.
        let below = C::Scalar::is_below_modulus(claim.e);
        let e = if below { claim.e } else { C::Scalar::limbs_minus(claim.e, C::Scalar::MODULUS) };
        let (u1, u2) = (inverse.times_limbs(e), inverse.times_limbs(claim.r));
        Equation { table: claim.table, u1: Multiplier::new(u1), u2: Multiplier::new(u2), r: claim.r }
    };
    claims.iter().zip(inverses).map(equation).collect()
}

/// The entries of one row of the tables for one digit of each equation, and whether to negate them.
///
/// Where they are in memory has no order, and most are in no near cache. So they are looked up before any is used: the processor
/// fetches several dozen at a time.
pub(super) fn row<'a, C: Curve, E: Entry>(
    equations: &[Equation<'a, C, Table<E>>],
    generator: Option<&'a Table<E>>,
    position: usize,
    found: &mut Vec<(&'a E, bool)>,
) {
    found.clear();
    let look_up = |equation: &Equation<'a, C, Table<E>>| match generator {
        Some(generator) => generator.look_up(&equation.u1, position),
        None => equation.table.look_up(&equation.u2, position),
    };
    found.extend(equations.iter().filter_map(look_up));
    black_box(found.iter().fold(0, |words, (entry, _)| words ^ entry.word()));
}

/// For each of `claims` whether it was found to hold; `false` is undecided.
pub(super) fn decide<C: Curve>(generator: &PointTable<C>, claims: &[Claim<'_, C, PointTable<C>>]) -> Vec<bool> {
    let Some(first) = claims.first() else { return Vec::new() };
    let block = claims.len();
    let equations = equations(claims);
    let rows = first.table.window().count() + generator.window().count();
    let mut points = Vec::with_capacity(rows * block);
    let of_key = (0..first.table.window().count()).map(|position| (None, position));
    let of_generator = (0..generator.window().count()).map(|position| (Some(generator), position));
    let mut found = Vec::with_capacity(block);
    for (generator, position) in of_key.chain(of_generator) {
        row(&equations, generator, position, &mut found);
        points.extend(found.iter().map(|(point, negative)| if *negative { point.neg() } else { **point }));
    }
    // Every table has the same rows; if one had not, nothing would be decided.
    let mut holds = vec![points.len() == rows * block; block];
    let mut met = Vec::new();
    while points.len() > 2 * block {
        points = level(&points, block, &mut met);
    }
    for pair in met {
        // Pairs are numbered row by row, each row with one pair of each signature.
        if let Some(holds) = holds.get_mut(pair % block) {
            *holds = false;
        }
    }
    let (first, second) = points.split_at_checked(block).unwrap_or_default();
    for ((holds, equation), (first, second)) in holds.iter_mut().zip(&equations).zip(first.iter().zip(second)) {
        *holds &= last_addition_meets::<C>(first, second, equation.r);
    }
    holds
}

/// Adds each second row of `points` to the row before it; a last row without a partner is kept.
fn level<F: PrimeField>(points: &[Point<F>], block: usize, met: &mut Vec<usize>) -> Vec<Point<F>> {
    let pairs = points.chunks_exact(2 * block).flat_map(|rows| {
        let (first, second) = rows.split_at(block);
        first.iter().zip(second)
    });
    let single = points.chunks_exact(2 * block).remainder();
    let paired = (points.len() - single.len()) / 2;
    let mut sums = Vec::with_capacity(paired + single.len());
    sums.extend(points.iter().take(paired));
    add_pairs(pairs, &mut sums, met);
    sums.extend_from_slice(single);
    sums
}

/// Whether the sum of two points has the x-coordinate `r`.
fn last_addition_meets<C: Curve>(first: &Point<C::Coordinate>, second: &Point<C::Coordinate>, r: Limbs<C>) -> bool {
    let (dx, dy) = (second.x.sub(first.x), second.y.sub(first.y));
    let r = C::Coordinate::from_limbs(r);
    !dx.is_zero() && dy.square() == r.add(first.x).add(second.x).mul(dx.square())
}
