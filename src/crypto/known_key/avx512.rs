//! The back-end for processors with AVX-512 IFMA: P-256, eight signatures in the lanes of each vector.
//!
//! The steps are those of the portable back-end; the multipliers, the points, their tables and the additions are done here.
//! Whoever holds an [`Avx512`] has asked the processor whether it has the instructions.

mod block;
mod field;
mod inverse;
mod points;
mod product;
mod scalar;
#[cfg(test)]
mod tests;

use crate::crypto::known_key::block::Claim;
use crate::crypto::known_key::field::{P256Coordinate, PrimeField};
use crate::crypto::known_key::point::{P256, Point};
use crate::crypto::known_key::table::Table;

/// Proof that this processor has AVX-512 IFMA, and that its system saves these registers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Avx512(());

impl Avx512 {
    /// Asks the processor.
    pub(super) fn detect() -> Option<Self> {
        let found = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512ifma");
        found.then_some(Self(()))
    }

    /// As the portable [`decide`](crate::crypto::known_key::block::decide).
    #[expect(unsafe_code, reason = "`self` is the proof that the processor has what the function is compiled for")]
    pub(super) fn decide(
        self,
        generator: &Table<LanePoint>,
        claims: &[Claim<'_, P256, Table<LanePoint>>],
    ) -> Vec<bool> {
        // SAFETY: an `Avx512` is made by `detect` alone, when both features are there.
        let decide = |claims| unsafe { block::decide(generator, claims) };
        let mut holds = Vec::with_capacity(claims.len());
        claims.chunks(BLOCK).for_each(|claims| holds.extend(decide(claims)));
        holds
    }
}

/// A point on P-256 in one cache line: x and then y, each as x · 2^260 modulo the prime, four limbs of 64 bits, lowest first.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct LanePoint([u64; 8]);

impl LanePoint {
    /// No point.
    const NONE: Self = Self([0; 8]);

    #[inline]
    fn x(&self) -> [u64; 4] {
        let [x0, x1, x2, x3, ..] = self.0;
        [x0, x1, x2, x3]
    }

    #[inline]
    fn y(&self) -> [u64; 4] {
        let [.., y0, y1, y2, y3] = self.0;
        [y0, y1, y2, y3]
    }
}

impl From<&Point<P256Coordinate>> for LanePoint {
    fn from(point: &Point<P256Coordinate>) -> Self {
        // From x · 2^256 to x · 2^260.
        let sixteen = P256Coordinate::from_limbs([16, 0, 0, 0]);
        let [x0, x1, x2, x3] = point.x.mul(sixteen).montgomery_limbs();
        let [y0, y1, y2, y3] = point.y.mul(sixteen).montgomery_limbs();
        Self([x0, x1, x2, x3, y0, y1, y2, y3])
    }
}

/// Signatures that share their inversions. With more, an inversion is shared by no more additions.
const BLOCK: usize = 1024;

/// How many vectors of eight signatures go side by side: while one waits for its instructions, the others go on.
const VECTORS: usize = 4;
