//! Other processors have no lanes.

use super::{LANES, Lane};

/// There is none.
#[derive(Debug, Clone, Copy)]
pub(super) enum Avx512 {}

impl Avx512 {
    pub(super) fn detect() -> Option<Self> {
        None
    }

    pub(super) fn hash(self, _lanes: &[Lane<'_>; LANES]) -> [[u32; 8]; LANES] {
        match self {}
    }
}
