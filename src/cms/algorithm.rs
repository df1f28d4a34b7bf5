//! AlgorithmIdentifier, as CMS uses it.

use crate::cms::CmsError;
use crate::crypto::SignatureAlgorithm;
use crate::digest::DigestAlgorithm;
use crate::encoding::der::{DerError, Tag, Value};
use crate::oid::{self, Oid};

/// An AlgorithmIdentifier (RFC 5280 §4.1.1.2): an identifier, and parameters as received.
#[derive(Debug, Clone)]
pub(crate) struct AlgorithmIdentifier {
    oid: Oid,
    parameters: Option<Box<[u8]>>,
}

impl AlgorithmIdentifier {
    /// Reads the components of the SEQUENCE `value`, or of one under an IMPLICIT tag.
    pub(crate) fn from_value(value: &Value<'_>) -> Result<Self, DerError> {
        let mut components = value.reader();
        let oid = components.read(Tag::OBJECT_IDENTIFIER)?.oid()?;
        let parameters = match components.peek()? {
            Some(_) => Some(components.read_any()?.as_der().into()),
            None => None,
        };
        components.finish()?;
        Ok(Self { oid, parameters })
    }

    /// The hash function that is named, its parameters absent or NULL (RFC 5754 §2).
    pub(crate) fn digest_algorithm(&self) -> Result<DigestAlgorithm, UnsupportedDigest> {
        let known = DIGESTS.iter().find(|(oid, _)| *oid == self.oid);
        match known {
            Some((_, algorithm)) if matches!(self.parameters.as_deref(), None | Some(NULL)) => Ok(*algorithm),
            Some((_, algorithm)) => Err(UnsupportedDigest::Parameters { algorithm: *algorithm }),
            None => Err(UnsupportedDigest::Unknown { oid: self.oid.clone() }),
        }
    }

    /// The signature algorithm that is named, which must be used with `digest` over the signed attributes.
    ///
    /// * rsaEncryption stands for RSASSA-PKCS1-v1_5 with `digest` (RFC 3370 §3.2); most time-stamp authorities write it.
    /// * The hash of every other RSA and ECDSA algorithm must be `digest` (RFC 5754 §3, RFC 4056 §3).
    /// * Ed25519 goes with SHA-512 (RFC 8419 §2.3).
    pub(super) fn signature_algorithm(&self, digest: DigestAlgorithm) -> Result<SignatureAlgorithm, CmsError> {
        let algorithm = if self.oid == oid::RSA_ENCRYPTION {
            let oid = match digest {
                DigestAlgorithm::Sha1 => oid::SHA1_WITH_RSA_ENCRYPTION,
                DigestAlgorithm::Sha256 => oid::SHA256_WITH_RSA_ENCRYPTION,
                DigestAlgorithm::Sha384 => oid::SHA384_WITH_RSA_ENCRYPTION,
                DigestAlgorithm::Sha512 => oid::SHA512_WITH_RSA_ENCRYPTION,
            };
            SignatureAlgorithm::from_algorithm_identifier(&oid, self.parameters.as_deref())?
        } else {
            SignatureAlgorithm::from_algorithm_identifier(&self.oid, self.parameters.as_deref())?
        };
        if algorithm.digest().unwrap_or(DigestAlgorithm::Sha512) != digest {
            return Err(CmsError::DigestDoesNotFit { digest, algorithm });
        }
        Ok(algorithm)
    }

    /// Whether both say the same: the same identifier, and the same octets as parameters, where NULL counts as absent.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        let parameters = |of: &Self| of.parameters.clone().filter(|octets| **octets != *NULL);
        self.oid == other.oid && parameters(self) == parameters(other)
    }
}

/// Why an AlgorithmIdentifier names no hash function of this crate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnsupportedDigest {
    /// The identifier is none of SHA-1, SHA-256, SHA-384 or SHA-512, such as `1.2.840.113549.2.5` (MD5).
    #[error("hash function {oid} is not supported")]
    Unknown {
        /// The identifier found.
        oid: Oid,
    },
    /// The parameters are there and are not NULL (RFC 5754 §2).
    #[error("the parameters of {algorithm} are not NULL")]
    Parameters {
        /// The algorithm.
        algorithm: DigestAlgorithm,
    },
}

impl UnsupportedDigest {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "digest-unknown",
            Self::Parameters { .. } => "digest-parameters",
        }
    }
}

/// The identifier of `algorithm`.
#[cfg(feature = "issue")]
pub(crate) fn digest_oid(algorithm: DigestAlgorithm) -> Oid {
    match algorithm {
        DigestAlgorithm::Sha1 => oid::ID_SHA1,
        DigestAlgorithm::Sha256 => oid::ID_SHA256,
        DigestAlgorithm::Sha384 => oid::ID_SHA384,
        DigestAlgorithm::Sha512 => oid::ID_SHA512,
    }
}

const DIGESTS: [(Oid, DigestAlgorithm); 4] = [
    (oid::ID_SHA1, DigestAlgorithm::Sha1),
    (oid::ID_SHA256, DigestAlgorithm::Sha256),
    (oid::ID_SHA384, DigestAlgorithm::Sha384),
    (oid::ID_SHA512, DigestAlgorithm::Sha512),
];

const NULL: &[u8] = &[0x05, 0x00];
