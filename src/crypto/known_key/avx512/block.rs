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

use std::arch::x86_64::__mmask8;

use crate::crypto::known_key::avx512::LanePoint;
use crate::crypto::known_key::avx512::field::{
    Lanes, add, invert, is_zero, may_be_zero, mul, mul_less, negate_and_sub, negate_in, one, select, square,
    square_less, sub, to_montgomery,
};
use crate::crypto::known_key::avx512::points::{Found, Group, Points, Row, groups, rows};
use crate::crypto::known_key::block::{Claim, order};
use crate::crypto::known_key::point::P256;
use crate::crypto::known_key::table::Table;

/// As the portable [`decide`](crate::crypto::known_key::block::decide).
#[target_feature(enable = "avx512f,avx512ifma")]
pub(super) fn decide(generator: &Table<LanePoint>, claims: &[Claim<'_, P256, Table<LanePoint>>]) -> Vec<bool> {
    let groups = groups(claims).unwrap_or_default();
    let window = claims.first().map(|claim| claim.table.window());
    let rows = window.map_or_else(Vec::new, |window| rows(window, generator));
    let mut sums = chains(&groups, &rows).unwrap_or_default();
    while sums.len() > 2 * groups.len() {
        merge(&mut sums, groups.len());
    }
    let (firsts, seconds) = sums.split_at_checked(groups.len()).unwrap_or_default();
    let mut holds = Vec::with_capacity(16 * groups.len());
    for ((group, first), second) in groups.iter().zip(firsts).zip(seconds) {
        let lanes = last_addition_meets(group, first, second);
        holds.extend((0..16).map(|lane| lanes >> lane & 1 == 1));
    }
    holds.resize(claims.len(), false);
    holds
}

/// The points of all rows of the tables, added up in some chains: the sums of the first chain of each group of sixteen, those of
/// the second, and so on. The last rows are left over if there are not as many for each chain.
#[target_feature(enable = "avx512f,avx512ifma")]
fn chains<'a>(groups: &[Group<'a>], rows: &[Row<'a>]) -> Option<Vec<Sixteen>> {
    let chains = SUMS.checked_div(groups.len())?.min(rows.len() / 2).max(2);
    let length = rows.len() / chains;
    let order = order(chains);
    let left = rows.get(chains * length..)?;
    let row = |chain: usize, step| rows.get(order.get(chain)? * length + step);
    let mut sums = Vec::with_capacity((chains + left.len()) * groups.len());
    new_sums(groups, (0..chains).filter_map(|chain| row(chain, 0)), &mut sums);
    let (mut backwards, mut inverses) = (false, [one(); 2]);
    for step in 1..length {
        let products = turns_with_points(&mut sums, backwards, inverses, groups, |chain| row(chain, step));
        (backwards, inverses) = (!backwards, invert_both(products));
    }
    turns(&mut sums, backwards, inverses, |_| None);
    new_sums(groups, left.iter(), &mut sums);
    Some(sums)
}

/// Adds the second half of the rows of sums to the first; a last row without a partner is kept.
#[target_feature(enable = "avx512f,avx512ifma")]
fn merge(sums: &mut Vec<Sixteen>, groups: usize) {
    let half = sums.len() / groups / 2 * groups;
    let (first, second) = sums.split_at_mut(half);
    let products = turns(first, false, [one(); 2], |sum| second.get(sum).map(Next::Sum));
    turns(first, true, invert_both(products), |_| None);
    sums.drain(half..2 * half);
}

/// Appends what each of some rows has for all groups.
#[target_feature(enable = "avx512f,avx512ifma")]
fn new_sums<'a: 'b, 'b>(groups: &[Group<'a>], rows: impl Iterator<Item = &'b Row<'a>>, sums: &mut Vec<Sixteen>) {
    for row in rows {
        let find = |group: usize, found: &mut Found<'a>| {
            if let Some(group) = groups.get(group) {
                found.look_up(group, row);
            }
        };
        each_found(groups.len(), find, |_, found| sums.push(Sixteen::new(found)));
    }
}

/// Gives `each` what `find` found for every number below `count`.
///
/// Where that is in memory has no order. It is found some turns before its own, so that it is near when it is used.
#[inline]
#[target_feature(enable = "avx512f,avx512ifma")]
fn each_found<'a>(count: usize, find: impl Fn(usize, &mut Found<'a>), mut each: impl FnMut(usize, &Found<'a>)) {
    let mut found = [(); AHEAD + 1].map(|()| Found::none());
    for coming in 0..count + AHEAD {
        if coming < count
            && let Some(found) = found.get_mut(coming % (AHEAD + 1))
        {
            find(coming, found);
        }
        if let Some(turn) = coming.checked_sub(AHEAD)
            && let Some(found) = found.get(turn % (AHEAD + 1))
        {
            each(turn, found);
        }
    }
}

/// As [`turns`], where the next point of each sum is that of its group in the row of its chain.
#[target_feature(enable = "avx512f,avx512ifma")]
fn turns_with_points<'a: 'b, 'b>(
    sums: &mut [Sixteen],
    backwards: bool,
    mut inverses: [Lanes; 2],
    groups: &[Group<'a>],
    row: impl Fn(usize) -> Option<&'b Row<'a>>,
) -> [Lanes; 2] {
    let mut products = [one(); 2];
    let count = sums.len();
    let place = |turn: usize| if backwards { count - 1 - turn } else { turn };
    let find = |turn: usize, found: &mut Found<'a>| {
        let (chain, group) = (place(turn) / groups.len(), place(turn) % groups.len());
        if let (Some(group), Some(row)) = (groups.get(group), row(chain)) {
            found.look_up(group, row);
        }
    };
    each_found(count, find, |turn, found| {
        if let Some(sum) = sums.get_mut(place(turn)) {
            sum.turn(Some(Next::Found(found)), &mut inverses, &mut products);
        }
    });
    products
}

/// The turn of each sum; the products of the differences that were prepared.
#[target_feature(enable = "avx512f,avx512ifma")]
fn turns<'a>(
    sums: &mut [Sixteen],
    backwards: bool,
    mut inverses: [Lanes; 2],
    next: impl Fn(usize) -> Option<Next<'a>>,
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

/// What is to be added in the next turn.
enum Next<'a> {
    Found(&'a Found<'a>),
    Sum(&'a Sixteen),
}

impl Sixteen {
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn new(found: &Found<'_>) -> Self {
        let [lower, upper] = found.load();
        Self { halves: [Eight::new(lower), Eight::new(upper)], prepared: false }
    }

    /// Adds what was prepared, given the inverses of the products up to its own; then prepares the addition of `next`.
    ///
    /// With λ = dy / dx the sum is x₃ = λ² − x − x₂ = λ² − 2x − dx, y₃ = λ · (x − x₃) − y. One multiplication of these waits
    /// for the other; the inverses and products that are next are computed beside them, as soon as they can be.
    #[inline(never)]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn turn(&mut self, next: Option<Next<'_>>, inverses: &mut [Lanes; 2], products: &mut [Lanes; 2]) {
        let [a, b] = &mut self.halves;
        let coming = match next {
            None => None,
            Some(Next::Found(found)) => Some(found.load()),
            Some(Next::Sum(Self { halves: [c, d], .. })) => {
                (a.met, b.met) = (a.met | c.met, b.met | d.met);
                Some([(c.x, c.y, 0), (d.x, d.y, 0)])
            }
        };
        let mut before = None;
        if self.prepared {
            let [i, j] = *inverses;
            let (slope, tilt) = (mul(i, a.before), mul(j, b.before));
            *inverses = [mul(i, a.dx), mul(j, b.dx)];
            let (slope, tilt) = (mul(a.dy, slope), mul(b.dy, tilt));
            let (x, u) = (square_less(slope, a.x, a.dx), square_less(tilt, b.x, b.dx));
            before = Some(((slope, a.x), (tilt, b.x)));
            (a.x, b.x) = (x, u);
        }
        self.prepared = coming.is_some();
        // The products need x₃ alone.
        if let Some([(x, ..), (u, ..)]) = &coming {
            a.approach(*x);
            b.approach(*u);
            let [p, q] = *products;
            (a.before, b.before) = (p, q);
            *products = [mul(p, a.dx), mul(q, b.dx)];
        }
        if let Some(((slope, x), (tilt, u))) = before {
            (a.y, b.y) = (mul_less(slope, sub(x, a.x), a.y), mul_less(tilt, sub(u, b.x), b.y));
        }
        if let Some([(_, y, negative), (_, v, other)]) = coming {
            (a.dy, b.dy) = (negate_and_sub(negative, y, a.y), negate_and_sub(other, v, b.y));
        }
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
    fn approach(&mut self, x: Lanes) {
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

/// The lanes in which the sum of two points has the x-coordinate r, and no points have met.
#[target_feature(enable = "avx512f,avx512ifma")]
fn last_addition_meets(
    Group { r: [lower, upper], .. }: &Group<'_>,
    Sixteen { halves: [a, b], .. }: &Sixteen,
    Sixteen { halves: [c, d], .. }: &Sixteen,
) -> u16 {
    u16::from_le_bytes([meets(*lower, a, c), meets(*upper, b, d)])
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

/// How many turns before its own a point is asked for. A turn is about as long as memory takes.
const AHEAD: usize = 2;
