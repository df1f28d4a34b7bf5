//! Why no signature was created.

use crate::crypto::{ConstraintError, SignatureError, SignerError};
use crate::time::{Instant, Validity};
use crate::tsp::TimeStampError;
use crate::x509::path::PathError;

/// Why a signature was not created, or not time-stamped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The chain is empty.
    #[error("signing: no certificate was given")]
    NoCertificate,
    /// The signing certificate has no valid path to the end of the chain.
    #[error("signing: {0}")]
    Path(#[from] PathError),
    /// The signing certificate is a CA's.
    #[error("signing: \"{subject}\" is a CA certificate, documents are signed with an end-entity certificate")]
    CaCertificate {
        /// Its subject.
        subject: String,
    },
    /// The signing time has a fraction of a second that `iat` could not carry, or is before 1970.
    #[error("signing: {at} is not a whole number of seconds since 1970")]
    SigningTime {
        /// The signing time.
        at: Instant,
    },
    /// The algorithm does not fit the key, or the signature value is not one by the certificate's key.
    #[error("signing: {0}")]
    Signature(#[from] SignatureError),
    /// The algorithm or key is too weak to sign with.
    #[error("signing: {0}")]
    Constraint(#[from] ConstraintError),
    /// The signer holds another key than the certificate.
    #[error("signing: the signer's key is not the key of \"{subject}\"")]
    OtherKey {
        /// The certificate's subject.
        subject: String,
    },
    /// The signer did not sign.
    #[error("signing: {0}")]
    Signer(#[from] SignerError),
    /// A compact form has no unprotected header to hold a time-stamp.
    #[error("time-stamping: a compact serialization cannot hold a time-stamp, use flattened JSON")]
    CompactCannotGrow,
    /// The time-stamp token could not be had, or is not over this signature.
    #[error("time-stamping: {0}")]
    TimeStamp(#[from] TimeStampError),
    /// The token's time is not inside the validity of the signing certificate.
    #[error(
        "time-stamping: the token says {at}, the signing certificate is valid from {} to {}",
        .validity.not_before(), .validity.not_after()
    )]
    TimeStampOutsideValidity {
        /// The token's time.
        at: Instant,
        /// When the signing certificate is valid.
        validity: Validity,
    },
}

impl SignError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoCertificate => "sign-no-certificate",
            Self::Path(error) => error.code(),
            Self::Signature(error) => error.code(),
            Self::CaCertificate { .. } => "sign-ca-certificate",
            Self::SigningTime { .. } => "sign-signing-time",
            Self::Constraint(error) => error.code(),
            Self::OtherKey { .. } => "sign-other-key",
            Self::Signer(error) => error.code(),
            Self::CompactCannotGrow => "sign-compact-cannot-grow",
            Self::TimeStamp(error) => error.code(),
            Self::TimeStampOutsideValidity { .. } => "sign-time-stamp-outside-validity",
        }
    }
}
