//! Requests: RFC 6960 §4.1. Only the octets: sending them is the caller's.

use super::CertId;
use crate::encoding::der::{Tag, Writer};
use crate::oid;

/// An OCSP request, unsigned.
///
/// ```text
/// OCSPRequest ::= SEQUENCE { tbsRequest TBSRequest, optionalSignature [0] EXPLICIT Signature OPTIONAL }
/// TBSRequest  ::= SEQUENCE { version [0] EXPLICIT INTEGER DEFAULT v1, requestorName [1] EXPLICIT GeneralName OPTIONAL,
///     requestList SEQUENCE OF SEQUENCE { reqCert CertID, singleRequestExtensions [0] EXPLICIT Extensions OPTIONAL },
///     requestExtensions [2] EXPLICIT Extensions OPTIONAL }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcspRequest {
    first: CertId,
    others: Vec<CertId>,
    nonce: Option<Box<[u8]>>,
}

impl OcspRequest {
    /// Asks for the status of one certificate.
    #[must_use]
    pub fn new(certificate: CertId) -> Self {
        Self { first: certificate, others: Vec::new(), nonce: None }
    }

    /// Asks for the status of one certificate more.
    #[must_use]
    pub fn and(mut self, certificate: CertId) -> Self {
        self.others.push(certificate);
        self
    }

    /// Adds a nonce of random octets, which the response must repeat.
    ///
    /// # Errors
    /// [`NonceLengthError`] for fewer than 32 octets or more than 128 (RFC 9654 §2.1).
    pub fn with_nonce(mut self, nonce: &[u8]) -> Result<Self, NonceLengthError> {
        if !(32..=128).contains(&nonce.len()) {
            return Err(NonceLengthError { found: nonce.len() });
        }
        self.nonce = Some(nonce.into());
        Ok(self)
    }

    /// The nonce.
    #[must_use]
    pub fn nonce(&self) -> Option<&[u8]> {
        self.nonce.as_deref()
    }

    /// The request in DER: the body of a POST of `application/ocsp-request` (appendix A.1).
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.constructed(Tag::SEQUENCE, |request| {
            request.constructed(Tag::SEQUENCE, |to_be_signed| {
                to_be_signed.constructed(Tag::SEQUENCE, |list| {
                    for certificate in std::iter::once(&self.first).chain(&self.others) {
                        list.constructed(Tag::SEQUENCE, |request| certificate.write(request));
                    }
                });
                if let Some(nonce) = &self.nonce {
                    to_be_signed.constructed(Tag::context_constructed(2), |explicit| write_nonce(explicit, nonce));
                }
            });
        });
        writer.into_der()
    }
}

/// `Extensions` with the nonce alone: `Nonce ::= OCTET STRING`.
fn write_nonce(writer: &mut Writer, nonce: &[u8]) {
    let mut value = Writer::new();
    value.octet_string(nonce);
    writer.constructed(Tag::SEQUENCE, |extensions| {
        extensions.constructed(Tag::SEQUENCE, |extension| {
            extension.oid(&oid::PKIX_OCSP_NONCE);
            extension.octet_string(&value.into_der());
        });
    });
}

/// A nonce is too short to be one, or longer than responders accept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("OCSP request: a nonce of {found} octets, expected 32 to 128")]
#[non_exhaustive]
pub struct NonceLengthError {
    /// How many octets it has.
    pub found: usize,
}

impl NonceLengthError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "ocsp-nonce-length"
    }
}
