//! Rows of the table of algorithms.

use std::fmt;

use crate::digest::DigestAlgorithm;
use crate::time::Instant;

/// An algorithm, the least size of its keys, and until when it may be relied on.
///
/// As JSON: `{"algorithm":"RSA","minBits":1900,"end":"2029-01-01T00:00:00Z"}`; without `end` for ever, without `minBits`
/// with keys of any size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AlgorithmRow {
    algorithm: ListedAlgorithm,
    #[serde(default, skip_serializing_if = "is_zero")]
    min_bits: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end: Option<Instant>,
}

impl AlgorithmRow {
    /// A row without an end. `min_bits` are those of the RSA modulus or of the curve; a hash function has none, 0.
    #[must_use]
    pub const fn new(algorithm: ListedAlgorithm, min_bits: usize) -> Self {
        Self { algorithm, min_bits, end: None }
    }

    /// The same with an end: the first instant at which the algorithm is not to be relied on any more.
    #[must_use]
    pub const fn until(mut self, end: Instant) -> Self {
        self.end = Some(end);
        self
    }

    /// The algorithm.
    #[must_use]
    pub fn algorithm(&self) -> ListedAlgorithm {
        self.algorithm
    }

    /// The least bits of a key, for this row to be about it.
    #[must_use]
    pub fn min_bits(&self) -> usize {
        self.min_bits
    }

    /// The first instant at which the algorithm is not to be relied on any more.
    #[must_use]
    pub fn end(&self) -> Option<Instant> {
        self.end
    }
}

/// What a row is about: a hash function, or the algorithm of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub enum ListedAlgorithm {
    /// SHA-1.
    #[serde(rename = "SHA-1")]
    Sha1,
    /// SHA-256.
    #[serde(rename = "SHA-256")]
    Sha256,
    /// SHA-384.
    #[serde(rename = "SHA-384")]
    Sha384,
    /// SHA-512.
    #[serde(rename = "SHA-512")]
    Sha512,
    /// RSASSA-PKCS1-v1_5 and RSASSA-PSS.
    #[serde(rename = "RSA")]
    Rsa,
    /// ECDSA.
    #[serde(rename = "ECDSA")]
    Ecdsa,
    /// Ed25519.
    #[serde(rename = "Ed25519")]
    Ed25519,
}

impl From<DigestAlgorithm> for ListedAlgorithm {
    fn from(algorithm: DigestAlgorithm) -> Self {
        match algorithm {
            DigestAlgorithm::Sha1 => Self::Sha1,
            DigestAlgorithm::Sha256 => Self::Sha256,
            DigestAlgorithm::Sha384 => Self::Sha384,
            DigestAlgorithm::Sha512 => Self::Sha512,
        }
    }
}

impl fmt::Display for ListedAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Rsa => "RSA",
            Self::Ecdsa => "ECDSA",
            Self::Ed25519 => "Ed25519",
        })
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(bits: &usize) -> bool {
    *bits == 0
}

/// The table of [`AlgorithmConstraints::default`](super::AlgorithmConstraints::default), with its sources.
pub(super) static DEFAULT: [AlgorithmRow; 9] = [
    // TS 119 312 v1.5.1. Collisions were within reach from 2017 on (SHAttered).
    AlgorithmRow::new(ListedAlgorithm::Sha1, 0).until(Instant::from_unix_days(15_553)),
    AlgorithmRow::new(ListedAlgorithm::Sha256, 0),
    AlgorithmRow::new(ListedAlgorithm::Sha384, 0),
    AlgorithmRow::new(ListedAlgorithm::Sha512, 0),
    // TS 119 312 v1.5.1, of 1024 and 1536 bits. Nothing below 1024 can be verified whatever the table says.
    AlgorithmRow::new(ListedAlgorithm::Rsa, 1024).until(Instant::from_unix_days(18_170)),
    // TS 119 312 v1.5.1, of 1900 bits; 2048 after SP 800-131A rev. 2 §3.
    AlgorithmRow::new(ListedAlgorithm::Rsa, 2048).until(Instant::from_unix_days(21_550)),
    // SP 800-57 part 1 rev. 5 table 4: 128 bits of strength, in 2031 and beyond. TS 119 312 looks no further than 2029.
    AlgorithmRow::new(ListedAlgorithm::Rsa, 3072),
    // TS 119 312 v1.5.1 has no end for curves of 256 bits and more.
    AlgorithmRow::new(ListedAlgorithm::Ecdsa, 256),
    // RFC 8032: 128 bits of strength, as P-256. TS 119 312 v1.5.1 does not have it.
    AlgorithmRow::new(ListedAlgorithm::Ed25519, 0),
];

/// The table of [`AlgorithmConstraints::for_signing`](super::AlgorithmConstraints::for_signing).
pub(super) static FOR_SIGNING: [AlgorithmRow; 6] = [
    AlgorithmRow::new(ListedAlgorithm::Sha256, 0),
    AlgorithmRow::new(ListedAlgorithm::Sha384, 0),
    AlgorithmRow::new(ListedAlgorithm::Sha512, 0),
    AlgorithmRow::new(ListedAlgorithm::Rsa, 3072),
    AlgorithmRow::new(ListedAlgorithm::Ecdsa, 256),
    AlgorithmRow::new(ListedAlgorithm::Ed25519, 0),
];

/// 2026-01-01, when the default table was last compared with its sources.
pub(super) const REVIEWED: Instant = Instant::from_unix_days(20_454);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_the_dates_of_the_sources() {
        let ends: Vec<String> = DEFAULT.iter().filter_map(AlgorithmRow::end).map(|end| end.to_string()).collect();
        assert_eq!(ends, ["2012-08-01T00:00:00Z", "2019-10-01T00:00:00Z", "2029-01-01T00:00:00Z"]);
        assert_eq!(REVIEWED.to_string(), "2026-01-01T00:00:00Z");
    }
}
