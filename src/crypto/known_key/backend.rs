//! Who does the arithmetic.

use std::fmt;

/// What computes with tables of known keys; all answer the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Backend {
    /// No tables: `ring` verifies each signature by itself.
    Ring,
    /// Any processor, by arithmetic that was proved by machine (`fiat-crypto`).
    Portable,
}

impl Backend {
    /// All, the plainest first.
    pub const ALL: [Self; 2] = [Self::Ring, Self::Portable];

    /// The fastest that this processor has.
    #[must_use]
    pub fn detect() -> Self {
        Self::Portable
    }

    /// Whether this processor has it.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            Self::Ring | Self::Portable => true,
        }
    }

    pub(super) fn or_portable(self) -> Self {
        if self.is_available() { self } else { Self::Portable }
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ring => "ring",
            Self::Portable => "portable",
        })
    }
}
