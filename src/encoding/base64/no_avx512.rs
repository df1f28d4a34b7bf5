//! Other processors have no such vectors.

use super::swift::{OCTETS, SYMBOLS, Values};

/// There is none.
#[derive(Debug, Clone, Copy)]
pub(super) enum Avx512 {}

impl Avx512 {
    pub(super) fn detect() -> Option<Self> {
        None
    }

    pub(super) fn decode(self, _: &Values, _: &[[u8; SYMBOLS]], _: &mut [[u8; OCTETS]]) -> bool {
        match self {}
    }
}
