//! Why no signature was created.

use crate::crypto::{ConstraintError, SignatureError, SignerError};
use crate::jades::JadesError;
use crate::jws::JwsError;
use crate::sign::Serialization;
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
    /// SHA-1 is not signed with.
    #[error("signing: SHA-1 for {of}, expected SHA-256, SHA-384 or SHA-512")]
    Sha1 {
        /// What the digest is of.
        of: &'static str,
    },
    /// No data objects were given to be named.
    #[error("signing: no data object was given")]
    NoDataObject,
    /// A data object has an empty name.
    #[error("signing: a data object without a name")]
    NoName,
    /// Two data objects have one name.
    #[error("signing: two data objects are called \"{name}\"")]
    NameTwice {
        /// The name, at most 48 characters of it.
        name: String,
    },
    /// A media type was given for what has none (TS 119 182-1 §5.1.3).
    #[error("signing: a media type was given for {of}")]
    ContentType {
        /// What it was given for.
        of: &'static str,
    },
    /// An unencoded payload cannot stand in a file of this form (RFC 7797 §5).
    #[error("signing: octet {offset} of the payload cannot stand unencoded in the {serialization} form")]
    UnencodedPayload {
        /// Where, in the payload.
        offset: usize,
        /// The form.
        serialization: Serialization,
    },
    /// A signature was to be added to a file or in a form that is not the general one (RFC 7515 §7.2.1).
    #[error("adding a signature: {found}, only the general JSON form holds several")]
    NotGeneral {
        /// What is not general.
        found: &'static str,
    },
    /// A signature was to be added over another payload, or a countersignature over another signature.
    #[error("adding a signature: it is over something else")]
    OtherPayload,
    /// There is no such signature in the file.
    #[error("adding a signature: the file has no signature {path:?}")]
    NoSuchSignature {
        /// Its position in the file, then of each countersignature in the one before, from 0.
        path: Vec<usize>,
    },
    /// A countersignature that an archive time-stamp covers cannot be countersigned: the time-stamp would break.
    #[error("adding a signature: the time-stamp in etsiU item {position} covers the countersignature")]
    CoveredByTimeStamp {
        /// The item of the archive time-stamp, from 0.
        position: usize,
    },
    /// The file is no JWS, or would be none.
    #[error("adding a signature: {0}")]
    Jws(#[from] JwsError),
    /// The unprotected header of the file is not as JAdES has it.
    #[error("adding a signature: {0}")]
    Jades(#[from] JadesError),
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
            Self::Sha1 { .. } => "sign-sha-1",
            Self::NoDataObject => "sign-no-data-object",
            Self::NoName => "sign-no-name",
            Self::NameTwice { .. } => "sign-name-twice",
            Self::ContentType { .. } => "sign-content-type",
            Self::UnencodedPayload { .. } => "sign-unencoded-payload",
            Self::NotGeneral { .. } => "sign-not-general",
            Self::OtherPayload => "sign-other-payload",
            Self::NoSuchSignature { .. } => "sign-no-such-signature",
            Self::CoveredByTimeStamp { .. } => "sign-covered-by-time-stamp",
            Self::Jws(error) => error.code(),
            Self::Jades(error) => error.code(),
            Self::TimeStamp(error) => error.code(),
            Self::TimeStampOutsideValidity { .. } => "sign-time-stamp-outside-validity",
        }
    }
}
