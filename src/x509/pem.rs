//! Certificates in PEM (RFC 7468 §5).
//!
//! Accepted: one or more blocks labelled `CERTIFICATE`, with any text before, between and after them. Refused: a block with
//! another label (a key in a file of anchors is a mistake worth hearing of), one that is not finished or whose labels
//! differ, and none at all.

use super::certificate::{Certificate, CertificateError};
use crate::encoding::{excerpt, remark};

impl Certificate {
    /// Reads the one certificate of a PEM text.
    ///
    /// # Errors
    /// [`PemError::Count`] for two blocks; else as [`certificates_from_pem`].
    pub fn from_pem(pem: &(impl AsRef<[u8]> + ?Sized)) -> Result<Self, PemError> {
        let certificates = certificates_from_pem(pem)?;
        match <[Self; 1]>::try_from(certificates) {
            Ok([certificate]) => Ok(certificate),
            Err(several) => Err(PemError::Count { found: several.len() }),
        }
    }
}

/// Reads all certificates of a PEM text, such as a bundle of trust anchors, in order.
///
/// # Errors
/// * [`PemError::Empty`]: there is no block.
/// * [`PemError::Label`]: a block `PRIVATE KEY`.
/// * [`PemError::Malformed`]: a block without its end, or that is not base64.
/// * [`PemError::Certificate`]: the contents of a block are no certificate.
pub fn certificates_from_pem(pem: &(impl AsRef<[u8]> + ?Sized)) -> Result<Vec<Certificate>, PemError> {
    let text = pem.as_ref();
    let blocks = pem::parse_many(text).map_err(|error| PemError::Malformed(remark(&error.to_string())))?;
    // `pem` drops a last block that is not finished.
    if text.windows(BEGIN.len()).filter(|window| *window == BEGIN).count() != blocks.len() {
        return Err(PemError::Malformed("a block is not finished".to_owned()));
    }
    if blocks.is_empty() {
        return Err(PemError::Empty);
    }
    let mut certificates = Vec::with_capacity(blocks.len());
    for (index, block) in blocks.iter().enumerate() {
        let position = index + 1;
        if block.tag() != LABEL {
            return Err(PemError::Label { position, found: excerpt(block.tag()) });
        }
        let certificate = Certificate::from_der(block.contents());
        certificates.push(certificate.map_err(|reason| PemError::Certificate { position, reason })?);
    }
    Ok(certificates)
}

const BEGIN: &[u8] = b"-----BEGIN ";

const LABEL: &str = "CERTIFICATE";

/// Why a text is not PEM of certificates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PemError {
    /// There is no block.
    #[error("PEM: no block \"-----BEGIN CERTIFICATE-----\"")]
    Empty,
    /// A block is not PEM: bad base64, no end, an end with another label.
    #[error("PEM: {0}")]
    Malformed(String),
    /// A block is something else, such as a private key.
    #[error("PEM: block {position} is labelled \"{found}\", expected \"CERTIFICATE\"")]
    Label {
        /// Which block, from 1.
        position: usize,
        /// Its label, at most 48 characters of it, controls escaped.
        found: String,
    },
    /// One certificate was expected.
    #[error("PEM: {found} certificates, expected one")]
    Count {
        /// How many there are.
        found: usize,
    },
    /// The contents of a block are no certificate.
    #[error("PEM: block {position}: {reason}")]
    Certificate {
        /// Which block, from 1.
        position: usize,
        /// What is wrong.
        reason: CertificateError,
    },
}

impl PemError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "pem-empty",
            Self::Malformed(_) => "pem-malformed",
            Self::Label { .. } => "pem-label",
            Self::Count { .. } => "pem-count",
            Self::Certificate { reason, .. } => reason.code(),
        }
    }
}
