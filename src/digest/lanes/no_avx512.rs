//! Other processors have no lanes.

use super::{Lane, TwoBlocks};

/// There is none.
#[derive(Debug, Clone, Copy)]
pub(super) enum Avx512 {}

impl Avx512 {
    pub(super) fn detect() -> Option<Self> {
        None
    }

    pub(super) fn hash<'a>(
        self,
        _messages: impl Iterator<Item = (usize, Lane<'a>)>,
        _done: impl FnMut(usize, [u32; 8]),
    ) {
        match self {}
    }

    pub(super) fn hash_pairs(self, _messages: &[TwoBlocks]) -> Vec<[u8; 32]> {
        match self {}
    }
}
