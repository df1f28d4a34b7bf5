//! Why a signature was not augmented.

use crate::jades::{BaselineLevel, JadesError};
use crate::jws::JwsError;
use crate::report::Report;
use crate::sign::augment::{SourceError, Wanted};
use crate::tsp::RequestTokenError;

/// Why a signature was not augmented. The file is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AugmentError {
    /// The file is no JWS.
    #[error("augmenting: {0}")]
    Jws(#[from] JwsError),
    /// The unsigned header parameters cannot be read, such as an `etsiU` of strings and objects.
    #[error("augmenting: {0}")]
    Jades(#[from] JadesError),
    /// A compact form has no unprotected header.
    #[error("augmenting: a compact serialization cannot hold more than B-B, use flattened JSON")]
    Compact,
    /// The items of `etsiU` stand in clear, for which the imprint of archive time-stamps is not settled.
    #[error("augmenting: the items of \"etsiU\" are in clear, base64url strings are expected")]
    ItemsInClear,
    /// The file has no signature at that position.
    #[error("augmenting: the file has {found} signatures, there is none at {position}")]
    NoSuchSignature {
        /// The position asked for, from 0.
        position: usize,
        /// How many there are.
        found: usize,
    },
    /// The file has the level already, or a higher one.
    #[error("augmenting: the signature is {present}, asked for {asked}")]
    LevelNotAbove {
        /// The level that it shows.
        present: BaselineLevel,
        /// The level asked for.
        asked: BaselineLevel,
    },
    /// A certificate, or revocation data, is missing, and no source has it.
    #[error("augmenting: {0}")]
    Missing(Wanted),
    /// The source of validation data failed.
    #[error("augmenting: {0}")]
    Source(#[from] SourceError),
    /// The signature does not hold, or would not at the level asked for: the certificate is revoked or expired, its chain is
    /// not trusted, the payload was altered.
    #[error("augmenting: the signature does not hold: {}", reason(.0))]
    DoesNotHold(Box<Report>),
    /// An archive time-stamp is over the signed data, which was not given.
    #[error("augmenting: an archive time-stamp needs the signed data, which is not in the file and was not given")]
    DataNotGiven,
    /// The authority gave no time-stamp.
    #[error("augmenting: {0}")]
    TimeStamp(#[from] RequestTokenError),
}

impl AugmentError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Jws(error) => error.code(),
            Self::Jades(error) => error.code(),
            Self::Compact => "augment-compact",
            Self::ItemsInClear => "augment-items-in-clear",
            Self::NoSuchSignature { .. } => "augment-no-such-signature",
            Self::LevelNotAbove { .. } => "augment-level-not-above",
            Self::Missing(_) => "augment-missing",
            Self::Source(error) => error.code(),
            Self::DoesNotHold(_) => "augment-does-not-hold",
            Self::DataNotGiven => "augment-data-not-given",
            Self::TimeStamp(error) => error.code(),
        }
    }
}

fn reason(report: &Report) -> String {
    report.deciding_reason().map_or_else(|| report.indication().to_string(), ToString::to_string)
}
