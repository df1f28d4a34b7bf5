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
//! Four vectors of eight signatures go side by side through the parts of a turn: one multiplication waits for its instructions
//! most of the time, and the processor looks no farther ahead than about two of them. A part is thus the same multiplication
//! of each vector, none of which waits for another. What has little to do with multiplications, to look up the points of the
//! next turn and to load those of this one, is spread over the parts.

use std::arch::x86_64::__mmask8;

use crate::crypto::known_key::avx512::field::{
    Factors, Lanes, add, carry, invert_all, is_zero, may_be_zero, minus, mul, mul_less, negate_and_add, negate_in, one,
    select, square, square_less, sub, to_montgomery,
};
use crate::crypto::known_key::avx512::points::{Ahead, Found, Group, Points, Row, rows, signatures};
use crate::crypto::known_key::avx512::{LanePoint, VECTORS};
use crate::crypto::known_key::block::{Claim, order};
use crate::crypto::known_key::point::P256;
use crate::crypto::known_key::table::Table;

/// As the portable [`decide`](crate::crypto::known_key::block::decide).
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn decide(generator: &Table<LanePoint>, claims: &[Claim<'_, P256, Table<LanePoint>>]) -> Vec<bool> {
    let signatures = signatures(claims).unwrap_or_default();
    let window = claims.first().map(|claim| claim.table.window());
    let rows = window.map_or_else(Vec::new, |window| rows(window, generator));
    let mut sums = chains(signatures.as_chunks().0, &rows).unwrap_or_default();
    while sums.len() > 2 * signatures.len() {
        merge(&mut sums, signatures.len());
    }
    let (firsts, seconds) = sums.split_at_checked(signatures.len()).unwrap_or_default();
    let mut holds = Vec::with_capacity(8 * signatures.len());
    for ((signatures, first), second) in signatures.iter().zip(firsts).zip(seconds) {
        let lanes = last_addition_meets(signatures.r, first, second);
        holds.extend((0..8).map(|lane| lanes >> lane & 1 == 1));
    }
    holds.resize(claims.len(), false);
    holds
}

/// The points of all rows of the tables, added up in some chains: the sums of the first chain of all signatures, those of
/// the second, and so on. The last rows are left over if there are not as many for each chain.
#[target_feature(enable = "avx512f,avx512ifma")]
fn chains<'a>(groups: &[Group<'a>], rows: &[Row<'a>]) -> Option<Vec<Eight>> {
    let chains = SUMS.checked_div(groups.len())?.min(rows.len() / 2).max(2);
    let length = rows.len() / chains;
    let order = order(chains);
    let left = rows.get(chains * length..)?;
    let row = |chain: usize, step| rows.get(order.get(chain)? * length + step);
    let mut sums = Vec::with_capacity((chains + left.len()) * groups.as_flattened().len());
    new_sums(groups, (0..chains).filter_map(|chain| row(chain, 0)), &mut sums);
    let (mut backwards, mut inverses) = (false, None);
    for step in 1..length {
        let products = turns_with_points(&mut sums, backwards, inverses, groups, |chain| row(chain, step));
        (backwards, inverses) = (!backwards, Some(invert_all(products)));
    }
    turns(&mut sums, backwards, inverses, |_| Next::None);
    new_sums(groups, left.iter(), &mut sums);
    Some(sums)
}

/// Adds the second half of the rows of `count` sums to the first; a last row without a partner is kept.
#[target_feature(enable = "avx512f,avx512ifma")]
fn merge(sums: &mut Vec<Eight>, count: usize) {
    let half = sums.len() / count / 2 * count;
    let (first, second) = sums.split_at_mut(half);
    let (second, _) = second.as_chunks();
    let products = turns(first, false, None, |turn| second.get(turn).map_or(Next::None, Next::Sums));
    turns(first, true, Some(invert_all(products)), |_| Next::None);
    sums.drain(half..2 * half);
}

/// Appends what each of some rows has for all groups.
#[target_feature(enable = "avx512f,avx512ifma")]
fn new_sums<'a: 'b, 'b>(groups: &[Group<'a>], rows: impl Iterator<Item = &'b Row<'a>>, sums: &mut Vec<Eight>) {
    for row in rows {
        each_found(
            groups.len(),
            |turn| Some((groups.get(turn)?, row)),
            |_, found, ahead| {
                if let Some(ahead) = ahead {
                    ahead.look_up();
                }
                sums.extend(found.iter().map(|found| Eight::new(found.load())));
            },
        );
    }
}

/// Gives `each` what `find` names for every number below `count`, and what to look up in the meantime.
///
/// Where that is in memory has no order. It is looked up a turn before its own, so that it is near when it is used.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn each_found<'a: 'b, 'b>(
    count: usize,
    find: impl Fn(usize) -> Option<(&'b Group<'a>, &'b Row<'a>)>,
    mut each: impl FnMut(usize, &[Found<'a>; VECTORS], Option<Ahead<'a, '_>>),
) {
    let none = || [(); VECTORS].map(|()| Found::none());
    let (mut found, mut other) = (none(), none());
    let (mut found, mut other) = (&mut found, &mut other);
    let find = |turn: usize| if turn < count { find(turn) } else { None };
    if let Some((group, row)) = find(0) {
        Ahead { group, row, found }.look_up();
    }
    for turn in 0..count {
        let ahead = find(turn + 1).map(|(group, row)| Ahead { group, row, found: other });
        each(turn, found, ahead);
        std::mem::swap(&mut found, &mut other);
    }
}

/// As [`turns`], where the next points are those of each group in the row of its chain.
#[target_feature(enable = "avx512f,avx512ifma")]
fn turns_with_points<'a: 'b, 'b>(
    sums: &mut [Eight],
    backwards: bool,
    inverses: Option<[Factors; VECTORS]>,
    groups: &[Group<'a>],
    row: impl Fn(usize) -> Option<&'b Row<'a>>,
) -> [Factors; VECTORS] {
    let (sums, _) = sums.as_chunks_mut();
    let mut step = Step::new(inverses);
    let count = sums.len();
    let place = |turn: usize| if backwards { count.saturating_sub(turn + 1) } else { turn };
    let find = |turn: usize| Some((groups.get(place(turn) % groups.len())?, row(place(turn) / groups.len())?));
    each_found(count, find, |turn, found, ahead| {
        if let Some(sums) = sums.get_mut(place(turn)) {
            step.turn(sums, Next::Found(found), ahead);
        }
    });
    step.products()
}

/// A step: the turn of all sums, given the inverses of what was prepared, if anything was. Answers the products of the
/// differences that it prepared.
#[target_feature(enable = "avx512f,avx512ifma")]
fn turns<'a: 'b, 'b>(
    sums: &mut [Eight],
    backwards: bool,
    inverses: Option<[Factors; VECTORS]>,
    next: impl Fn(usize) -> Next<'a, 'b>,
) -> [Factors; VECTORS] {
    let (sums, _) = sums.as_chunks_mut();
    let mut step = Step::new(inverses);
    let turn = |(position, sums)| step.turn(sums, next(position), None);
    let each = sums.iter_mut().enumerate();
    if backwards {
        each.rev().for_each(turn)
    } else {
        each.for_each(turn)
    }
    step.products()
}

/// The sums of eight signatures, and what a turn prepared. Coordinates are above 0 and below p + 2^228.
struct Eight {
    x: Lanes,
    /// −y of the sum.
    y: Lanes,
    /// x₂ − x, where (x₂, y₂) is the point to be added; 1 where that may be 0.
    dx: Lanes,
    /// y₂ − y.
    dy: Factors,
    /// The product of the differences before it.
    before: Factors,
    /// Where x₂ may have been x.
    met: __mmask8,
}

/// What is to be added in the next turn.
enum Next<'a, 'b> {
    None,
    Found(&'b [Found<'a>; VECTORS]),
    Sums(&'b [Eight; VECTORS]),
}

/// What goes from turn to turn of a step.
struct Step {
    vectors: [Vector; VECTORS],
    /// Whether there is something to be added.
    prepared: bool,
}

/// That of one vector, and what goes from part to part of a turn.
struct Vector {
    /// Of the product of the differences up to that of the turn.
    inverse: Factors,
    /// Of the differences prepared.
    product: Factors,
    slope: Factors,
    /// x₃ − x.
    way: Factors,
    next: Points,
}

impl Step {
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn new(inverses: Option<[Factors; VECTORS]>) -> Self {
        let (one, product) = (one(), one().into());
        let vector = |inverse| Vector { inverse, product, slope: product, way: product, next: (one, one, 0) };
        Self { vectors: inverses.unwrap_or([product; VECTORS]).map(vector), prepared: inverses.is_some() }
    }

    fn products(self) -> [Factors; VECTORS] {
        self.vectors.map(|vector| vector.product)
    }

    /// Adds what was prepared; then prepares the addition of `next`. In the meantime looks up what is `ahead`.
    ///
    /// With λ = dy / dx the sum is x₃ = λ² − x − x₂ = λ² − 2x − dx, −y₃ = λ · (x₃ − x) + y. Sums are kept with −y, so that
    /// y₂ − y is an addition.
    #[inline(never)]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn turn(&mut self, sums: &mut [Eight; VECTORS], next: Next<'_, '_>, mut ahead: Option<Ahead<'_, '_>>) {
        let Self { vectors, prepared } = self;
        let (prepared, coming) = (*prepared, !matches!(next, Next::None));
        for (position, (sum, vector)) in sums.iter_mut().zip(&mut *vectors).enumerate() {
            if prepared {
                vector.slope = mul(vector.inverse, sum.before);
            }
            if let Some(ahead) = &mut ahead {
                ahead.read(position);
            }
        }
        for (position, (sum, vector)) in sums.iter_mut().zip(&mut *vectors).enumerate() {
            if prepared {
                vector.slope = mul(sum.dy, vector.slope);
            }
            next.load(position, sum, &mut vector.next);
        }
        for (position, (sum, vector)) in sums.iter_mut().zip(&mut *vectors).enumerate() {
            if prepared {
                vector.inverse = mul(vector.inverse, sum.dx);
            }
            if let Some(ahead) = &mut ahead {
                ahead.find(position);
            }
        }
        if prepared {
            for (sum, vector) in sums.iter_mut().zip(&mut *vectors) {
                let x = square_less(vector.slope, sum.x, sum.dx);
                vector.way = sub(x, sum.x);
                sum.x = carry(x).lanes();
            }
        }
        if coming {
            for (sum, vector) in sums.iter_mut().zip(&mut *vectors) {
                sum.approach(vector.next.0);
                sum.before = vector.product;
                vector.product = mul(vector.product, sum.dx);
            }
        }
        for (sum, vector) in sums.iter_mut().zip(&mut *vectors) {
            let mut y = sum.y.0;
            if prepared {
                y = mul_less(vector.slope, vector.way, sum.y);
                sum.y = carry(y).lanes();
            }
            if coming {
                let (_, y2, negative) = vector.next;
                sum.dy = negate_and_add(negative, y2, y);
            }
        }
    }
}

impl Next<'_, '_> {
    /// Puts into `points` what one of the vectors is to have added to `sum`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn load(&self, vector: usize, sum: &mut Eight, points: &mut Points) {
        match self {
            Next::None => {}
            Next::Found(found) => {
                if let Some(found) = found.get(vector) {
                    *points = found.load();
                }
            }
            Next::Sums(sums) => {
                if let Some(other) = sums.get(vector) {
                    sum.met |= other.met;
                    *points = (other.x, minus(other.y), 0);
                }
            }
        }
    }
}

impl Eight {
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn new((x, y, negative): Points) -> Self {
        let one = one();
        Self { x, y: negate_in(!negative, y), dx: one, dy: one.into(), before: one.into(), met: 0 }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn approach(&mut self, x: Lanes) {
        let (dx, zero) = difference(x, self.x);
        (self.dx, self.met) = (dx, self.met | zero);
    }
}

/// x₂ − x₁, or 1 where it may be 0, and the lanes of these.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn difference(second: Lanes, first: Lanes) -> (Lanes, __mmask8) {
    let dx = sub(second.0, first).lanes();
    let zero = may_be_zero(dx);
    (select(zero, dx, one()), zero)
}

/// The lanes in which Δy² = (r + x₁ + x₂) · Δx², Δx is not 0, and no points have met.
#[target_feature(enable = "avx512f,avx512ifma")]
fn last_addition_meets(r: Lanes, first: &Eight, second: &Eight) -> __mmask8 {
    let (dx, zero) = difference(second.x, first.x);
    let dy = sub(second.y.0, first.y);
    let right = mul(add(add(to_montgomery(r), first.x), second.x), square(dx.into()));
    is_zero(sub(square(dy).lanes().0, right.lanes()).lanes()) & !(zero | first.met | second.met)
}

/// How many sums of four vectors, of 6.5 KB each, go together: about as many as fit half of a second cache of 1 MiB.
const SUMS: usize = 64;
