//! Why no certificate or request was made.

use crate::codes::OrganizationIdentifierError;
use crate::crypto::{JwsAlgorithm, PublicKeyError, SignerError, SoftwareKeyError};
use crate::time::TimeError;
use crate::tsp::AuthorityError;
use crate::x509::CertificateError;
use crate::x509::crl::CrlError;

/// Why a certificate or a request was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PkiError {
    /// A part of a name cannot be written as its attribute asks, such as a country of three letters.
    #[error("name: {attribute} \"{value}\" is not {expected}")]
    Name {
        /// The attribute.
        attribute: &'static str,
        /// The value given.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
    /// The code and the country do not fit the coding scheme.
    #[error("name: {0}")]
    OrganizationIdentifier(#[from] OrganizationIdentifierError),
    /// Requests and certificates are not signed with this algorithm: PS256 and its kin.
    #[error("certificates are not signed with {algorithm} here, use ES256, ES384, EdDSA or RS256")]
    Algorithm {
        /// The signer's algorithm.
        algorithm: JwsAlgorithm,
    },
    /// The signer did not sign.
    #[error("certificate: {0}")]
    Signer(#[from] SignerError),
    /// No key could be made.
    #[error("certificate: {0}")]
    Key(#[from] SoftwareKeyError),
    /// The public key cannot be written into a certificate.
    #[error("certificate: {0}")]
    PublicKey(#[from] PublicKeyError),
    /// A period cannot be represented.
    #[error("certificate: {0}")]
    Time(#[from] TimeError),
    /// What was made cannot be read back.
    #[error("certificate: {0}")]
    Certificate(#[from] CertificateError),
    /// A CRL that was made cannot be read back.
    #[error("certificate: {0}")]
    Crl(#[from] CrlError),
    /// The time-stamping authority cannot be set up.
    #[error("certificate: {0}")]
    Authority(#[from] AuthorityError),
    /// The writer of certificates refused.
    #[error("certificate: {reason}")]
    Writer {
        /// In its words.
        reason: String,
    },
}

impl PkiError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Name { .. } => "pki-name",
            Self::OrganizationIdentifier(error) => error.code(),
            Self::Algorithm { .. } => "pki-algorithm",
            Self::Signer(error) => error.code(),
            Self::Key(error) => error.code(),
            Self::PublicKey(error) => error.code(),
            Self::Time(_) => "pki-time",
            Self::Certificate(error) => error.code(),
            Self::Crl(error) => error.code(),
            Self::Authority(error) => error.code(),
            Self::Writer { .. } => "pki-writer",
        }
    }

    /// The reason of the library that writes certificates, whose types stay inside.
    pub(super) fn from_writer(error: rcgen::Error) -> Self {
        Self::Writer { reason: error.to_string() }
    }
}
