//! The hash that a time-stamp is about.
//!
//! ```text
//! MessageImprint ::= SEQUENCE {
//!     hashAlgorithm  AlgorithmIdentifier,
//!     hashedMessage  OCTET STRING }
//! ```

use crate::cms::{AlgorithmIdentifier, UnsupportedDigest};
use crate::digest::{Digest, DigestAlgorithm, DigestLengthError};
use crate::encoding::der::{DerError, Tag, Value};

/// What a time-stamp is compared with.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum StampedData<'a> {
    /// The data itself, in pieces: their concatenation, without copying it.
    Octets(&'a [&'a [u8]]),
    /// The digest of the data. It must be by the algorithm of the time-stamp.
    Digest(&'a Digest),
}

impl StampedData<'_> {
    /// The digest by `algorithm`, if it can be had.
    pub(super) fn digest(&self, algorithm: DigestAlgorithm) -> Option<Digest> {
        match self {
            Self::Octets(pieces) => {
                let mut hasher = algorithm.hasher();
                pieces.iter().for_each(|piece| hasher.update(piece));
                Some(hasher.finish())
            }
            Self::Digest(digest) => (digest.algorithm() == algorithm).then(|| Digest::clone(digest)),
        }
    }
}

/// Reads a MessageImprint.
pub(super) fn read_message_imprint(value: &Value<'_>) -> Result<Digest, MessageImprintError> {
    let mut components = value.reader();
    let algorithm = AlgorithmIdentifier::from_value(&components.read(Tag::SEQUENCE)?)?.digest_algorithm()?;
    let digest = Digest::new(algorithm, components.read(Tag::OCTET_STRING)?.contents())?;
    components.finish()?;
    Ok(digest)
}

/// Why octets are not a MessageImprint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MessageImprintError {
    /// Not DER, or not of the ASN.1 type.
    #[error("{0}")]
    Der(#[from] DerError),
    /// The hash function is not known.
    #[error("{0}")]
    Algorithm(#[from] UnsupportedDigest),
    /// The hash is not as long as the algorithm makes it: SHA-384 with 32 octets.
    #[error("{0}")]
    Length(#[from] DigestLengthError),
}

impl MessageImprintError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Der(error) => error.code(),
            Self::Algorithm(error) => error.code(),
            Self::Length(_) => "message-imprint-length",
        }
    }
}
