//! The multiples of a point that a multiplication by it looks up.
//!
//! A multiplier is written in signed digits that are all odd: with windows of w bits, k = Σ dᵢ · 2^(w·i), each dᵢ one of
//! ±1, ±3, …, ±(2^w − 1). Row i of the table holds d · 2^(w·i) · P for d = 1, 3, …, 2^w − 1, and −P is P with y negated; so
//! k · P is the sum of one point of each row, without a doubling, and no digit is 0.
//!
//! Every odd k has such digits: in Σ sⱼ · 2^j with all sⱼ = ±1, the highest +1 and the others + where bit j + 1 of k is set,
//! the sum is 2 · ⌊k/2⌋ + 1; a digit gathers w of the signs. For an even k, n − k is odd, and k · P = −((n − k) · P).

use crate::crypto::ecdsa;
use crate::crypto::known_key::field::PrimeField;
use crate::crypto::known_key::point::{Curve, P256, P384, Point, add_all, doublings};

/// The rows of one point, each multiple in the form `E` that a back-end computes with.
pub(super) struct Table<E> {
    window: Window,
    entries: Box<[E]>,
}

/// A multiple of a point as a table has it.
pub(super) trait Entry {
    /// Any word of it, which brings its cache line in.
    fn word(&self) -> u64;
}

impl<F: PrimeField> Entry for Point<F> {
    #[inline]
    fn word(&self) -> u64 {
        self.x.word()
    }
}

/// The bits of a digit, and how many digits a multiplier has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    bits: usize,
    count: usize,
}

impl Window {
    /// Digits of `bits` bits, 2 to 16, for numbers as long as those of the curve.
    pub(super) const fn new<C: Curve>(bits: usize) -> Self {
        Self { bits, count: C::BITS.div_ceil(bits) }
    }

    /// The digits of a multiplier, and rows of a table.
    pub(super) const fn count(self) -> usize {
        self.count
    }

    /// The points of a row.
    pub(super) const fn row(self) -> usize {
        1 << (self.bits - 1)
    }

    /// The octets of a table.
    pub(super) const fn octets(self, curve: ecdsa::Curve) -> usize {
        let point = match curve {
            ecdsa::Curve::P256 => size_of::<Point<<P256 as Curve>::Coordinate>>(),
            ecdsa::Curve::P384 => size_of::<Point<<P384 as Curve>::Coordinate>>(),
        };
        self.count * self.row() * point
    }
}

impl<F: PrimeField> Table<Point<F>> {
    /// The table of `point`, by batched additions: from 1, 3, …, 2^j − 1 times the first point of each row to the next as
    /// many, by adding 2^j times that point to each.
    ///
    /// `None` if two points met, which those of a table of a point on the curve never do.
    pub(super) fn new(point: Point<F>, window: Window) -> Option<Self> {
        let powers = doublings(point, window.count * window.bits);
        let bases = || powers.chunks_exact(window.bits);
        let mut rows: Vec<Vec<_>> = bases().filter_map(|base| base.first()).map(|first| vec![*first]).collect();
        let (mut sums, mut steps, mut met) = (Vec::new(), Vec::new(), Vec::new());
        for level in 1..window.bits {
            sums.clear();
            steps.clear();
            for (row, base) in rows.iter().zip(bases()) {
                sums.extend_from_slice(row);
                steps.extend(base.get(level).into_iter().flat_map(|step| row.iter().map(|_| *step)));
            }
            add_all(&mut sums, &steps, &mut met);
            for (row, sums) in rows.iter_mut().zip(sums.chunks_exact(1 << (level - 1))) {
                row.extend_from_slice(sums);
            }
        }
        met.is_empty().then(|| Self { window, entries: rows.concat().into_boxed_slice() })
    }
}

impl<E> Table<E> {
    pub(super) fn window(&self) -> Window {
        self.window
    }

    /// The rows, one after the other.
    #[cfg(target_arch = "x86_64")]
    pub(super) fn entries(&self) -> &[E] {
        &self.entries
    }

    /// The same table in another form.
    #[cfg(target_arch = "x86_64")]
    pub(super) fn map<D>(&self, form: impl Fn(&E) -> D) -> Table<D> {
        Table { window: self.window, entries: self.entries.iter().map(form).collect() }
    }

    /// The entry for a digit of `multiplier`, and whether to negate it.
    #[inline]
    pub(super) fn look_up<C: Curve>(&self, digit: Digit, multiplier: &Multiplier<C>) -> Option<(&E, bool)> {
        let (index, negative) = digit.of(multiplier);
        Some((self.entries.get(index)?, negative))
    }
}

/// A multiplier, ready to be read in signed odd digits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Multiplier<C: Curve> {
    /// The multiplier, or the order less it: whichever is odd.
    odd: <C::Scalar as PrimeField>::Limbs,
    negated: bool,
}

impl<C: Curve> Multiplier<C> {
    /// Takes a number below the order of the curve.
    pub(super) fn new(number: <C::Scalar as PrimeField>::Limbs) -> Self {
        let negated = number.as_ref().first().is_some_and(|lowest| lowest % 2 == 0);
        let odd = if negated { C::Scalar::limbs_minus(C::Scalar::MODULUS, number) } else { number };
        Self { odd, negated }
    }
}

/// One of the digits of multipliers: where its bits are in them, and where its row is in a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Digit {
    pub(super) limb: usize,
    pub(super) shift: usize,
    /// The sign above all bits of a multiplier.
    pub(super) highest: usize,
    pub(super) row: usize,
    pub(super) start: usize,
}

impl Digit {
    /// The digit at `position`, below the count of the window.
    pub(super) const fn new(window: Window, position: usize) -> Self {
        // The signs are the bits from the second on; above them all, the highest sign is +1.
        let first = position * window.bits + 1;
        let row = window.row();
        let highest = if position + 1 == window.count { row } else { 0 };
        Self { limb: first / 64, shift: first % 64, highest, row, start: position * row }
    }

    /// Where the point for the digit of `multiplier` is in a table, and whether to negate it.
    #[inline]
    pub(super) fn of<C: Curve>(self, multiplier: &Multiplier<C>) -> (usize, bool) {
        let limbs = multiplier.odd.as_ref();
        let limb = |position: usize| limbs.get(position).copied().unwrap_or_default();
        let signs = limb(self.limb) >> self.shift | (limb(self.limb + 1) << 1) << (63 - self.shift);
        let signs = usize::try_from(signs & 0xffff).unwrap_or_default() | self.highest;
        // The digit is 2 · signs + 1 − 2^w: positive where the highest sign is, and entry i of a row is 2i + 1 times its base.
        let negative = signs & self.row == 0;
        let index = if negative { !signs } else { signs } & (self.row - 1);
        (self.start + index, negative != multiplier.negated)
    }
}
