//! Who does the arithmetic.

use std::fmt;

#[cfg(target_arch = "x86_64")]
use crate::crypto::known_key::avx512::Avx512;

/// What computes with tables of known keys; all answer the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Backend {
    /// No tables: `ring` verifies each signature by itself.
    Ring,
    /// Any processor, by arithmetic that was proved by machine (`fiat-crypto`).
    Portable,
    /// AVX-512 IFMA, for P-256; what has no such form is computed as by [`Portable`](Self::Portable).
    Avx512,
}

impl Backend {
    /// All, the plainest first.
    pub const ALL: [Self; 3] = [Self::Ring, Self::Portable, Self::Avx512];

    /// The fastest that this processor has.
    #[must_use]
    pub fn detect() -> Self {
        if Self::Avx512.is_available() { Self::Avx512 } else { Self::Portable }
    }

    /// Whether this processor has it.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            Self::Ring | Self::Portable => true,
            Self::Avx512 => Arithmetic::avx512().is_some(),
        }
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ring => "ring",
            Self::Portable => "portable",
            Self::Avx512 => "avx512",
        })
    }
}

/// A back-end that has tables, with what proves that this processor has it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Arithmetic {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
}

impl Arithmetic {
    /// That of `backend`, or of [`Backend::Portable`] if this processor has it not; none for `ring`.
    pub(super) fn of(backend: Backend) -> Option<Self> {
        match backend {
            Backend::Ring => None,
            Backend::Portable => Some(Self::Portable),
            Backend::Avx512 => Some(Self::avx512().unwrap_or(Self::Portable)),
        }
    }

    pub(super) fn backend(self) -> Backend {
        match self {
            Self::Portable => Backend::Portable,
            #[cfg(target_arch = "x86_64")]
            Self::Avx512(_) => Backend::Avx512,
        }
    }

    #[cfg(target_arch = "x86_64")]
    fn avx512() -> Option<Self> {
        Avx512::detect().map(Self::Avx512)
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn avx512() -> Option<Self> {
        None
    }
}
