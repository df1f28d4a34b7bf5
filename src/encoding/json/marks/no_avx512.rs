//! Other processors have no such vectors.

/// There is none.
#[derive(Debug, Clone, Copy)]
pub(super) enum Avx512 {}

impl Avx512 {
    pub(super) fn detect() -> Option<Self> {
        None
    }

    pub(super) fn mark(self, _blocks: &[[u8; 64]], _last: &[u8; 64], _words: &mut [u64]) -> bool {
        match self {}
    }
}
