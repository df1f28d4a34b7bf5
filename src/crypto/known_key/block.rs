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
use crate::crypto::known_key::point::{Curve, Point, add_all};
use crate::crypto::known_key::table::{Digit, Entry, Multiplier, Table};

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

impl<C: Curve, T> Clone for Equation<'_, C, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C: Curve, T> Copy for Equation<'_, C, T> {}

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

/// A row of the tables: that of a generator or, without one, of the key of each equation; and its position in them.
pub(super) type Row<'a, E> = (Option<&'a Table<E>>, usize);

/// The rows of the tables, those of the key first.
pub(super) fn rows<'a, C: Curve, E>(
    equations: &[Equation<'a, C, Table<E>>],
    generator: &'a Table<E>,
) -> Vec<Row<'a, E>> {
    let of_key = equations.first().map_or(0, |equation| equation.table.window().count());
    let of_key = (0..of_key).map(|position| (None, position));
    of_key.chain((0..generator.window().count()).map(|position| (Some(generator), position))).collect()
}

/// An order of rows in which to add the second half of them to the first, then of their sums, and so on, is to add neighbours.
pub(super) fn order(count: usize) -> Vec<usize> {
    if count <= 2 {
        return (0..count).collect();
    }
    let sums = order(count.div_ceil(2));
    // Without a partner, the last row is the last sum.
    let paired = || sums.iter().take(count / 2);
    let last = (count % 2 == 1).then_some(count - 1);
    paired().map(|sum| 2 * sum).chain(paired().map(|sum| 2 * sum + 1)).chain(last).collect()
}

/// Puts into `found` the entries of some rows of the tables, for one digit of each equation each, and whether to negate them.
///
/// Where they are in memory has no order, and most are in no near cache. When all are asked for before any is used, the
/// processor fetches several dozen at a time.
pub(super) fn look_up<'a, C: Curve, E: Entry + 'a>(
    equations: &[Equation<'a, C, Table<E>>],
    rows: impl Iterator<Item = Row<'a, E>>,
    found: &mut Vec<(&'a E, bool)>,
) {
    found.clear();
    rows.for_each(|row| look_up_row(equations, row, found));
    black_box(found.iter().fold(0, |words, (entry, _)| words ^ entry.word()));
}

/// The tables of all keys have the same window.
fn look_up_row<'a, C: Curve, E>(
    equations: &[Equation<'a, C, Table<E>>],
    (generator, position): Row<'a, E>,
    found: &mut Vec<(&'a E, bool)>,
) {
    let Some(window) = generator.or(equations.first().map(|equation| equation.table)).map(Table::window) else {
        return;
    };
    let digit = Digit::new(window, position);
    match generator {
        Some(generator) => equations.iter().for_each(|equation| found.extend(generator.look_up(digit, &equation.u1))),
        None => equations.iter().for_each(|equation| found.extend(equation.table.look_up(digit, &equation.u2))),
    }
}

/// For each of `claims` whether it was found to hold; `false` is undecided.
pub(super) fn decide<C: Curve>(generator: &PointTable<C>, claims: &[Claim<'_, C, PointTable<C>>]) -> Vec<bool> {
    claims.chunks(BLOCK).flat_map(|claims| decide_block(generator, claims)).collect()
}

fn decide_block<C: Curve>(generator: &PointTable<C>, claims: &[Claim<'_, C, PointTable<C>>]) -> Vec<bool> {
    let block = claims.len();
    let equations = equations(claims);
    let rows = rows(&equations, generator);
    let mut points = Vec::with_capacity(rows.len() * block);
    let mut found = Vec::with_capacity(block);
    for position in order(rows.len()) {
        look_up(&equations, rows.get(position).copied().into_iter(), &mut found);
        points.extend(found.iter().map(|(point, negative)| if *negative { point.neg() } else { **point }));
    }
    // Every table has the same rows; if one had not, nothing would be decided.
    let mut holds = vec![points.len() == rows.len() * block; block];
    let mut met = Vec::new();
    while points.len() > 2 * block {
        // The rows of the second half to those of the first; a last row without a partner is kept.
        let half = points.len() / block / 2 * block;
        let (first, second) = points.split_at_mut(half);
        add_all(first, second.get(..half).unwrap_or_default(), &mut met);
        points.drain(half..2 * half);
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

/// Whether the sum of two points has the x-coordinate `r`.
fn last_addition_meets<C: Curve>(first: &Point<C::Coordinate>, second: &Point<C::Coordinate>, r: Limbs<C>) -> bool {
    let (dx, dy) = (second.x.sub(first.x), second.y.sub(first.y));
    let r = C::Coordinate::from_limbs(r);
    !dx.is_zero() && dy.square() == r.add(first.x).add(second.x).mul(dx.square())
}

/// Signatures that share their inversions. With more, their points no longer fit the second cache of a processor.
const BLOCK: usize = 256;
