//! TimeStampReq, what is asked of an authority.
//!
//! ```text
//! TimeStampReq ::= SEQUENCE {
//!     version         INTEGER { v1(1) },
//!     messageImprint  MessageImprint,
//!     reqPolicy       TSAPolicyId             OPTIONAL,
//!     nonce           INTEGER                 OPTIONAL,
//!     certReq         BOOLEAN            DEFAULT FALSE,
//!     extensions      [0] IMPLICIT Extensions OPTIONAL }
//! ```

use crate::budget::Limits;
#[cfg(feature = "issue")]
use crate::cms::digest_oid;
use crate::digest::Digest;
#[cfg(feature = "issue")]
use crate::encoding::der::Writer;
use crate::encoding::der::{self, DerError, Reader, Tag};
use crate::oid::Oid;
use crate::tsp::extension::{Extension, read_extensions};
use crate::tsp::message_imprint::read_message_imprint;
use crate::tsp::{ExtensionError, MessageImprintError, Nonce};

/// A request for a time-stamp (RFC 3161 §2.4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeStampRequest {
    der: Box<[u8]>,
    message_imprint: Digest,
    message_imprint_der: Box<[u8]>,
    policy: Option<Oid>,
    nonce: Option<Nonce>,
    certificates: RequestedCertificates,
    extensions: Vec<Extension>,
}

impl TimeStampRequest {
    /// Reads a TimeStampReq, all of `octets`.
    ///
    /// # Errors
    /// [`RequestError`]; each variant shows an example.
    pub fn from_der(octets: &[u8], limits: &Limits) -> Result<Self, RequestError> {
        der::check(octets, limits)?;
        let mut components = Reader::new(octets).read(Tag::SEQUENCE)?.reader();
        match components.read(Tag::INTEGER)?.unsigned(u64::MAX)? {
            1 => {}
            found => return Err(RequestError::Version { found }),
        }
        let imprint = components.read(Tag::SEQUENCE)?;
        let message_imprint = read_message_imprint(&imprint)?;
        let policy = components.optional(Tag::OBJECT_IDENTIFIER)?.map(|value| value.oid()).transpose()?;
        let nonce = components.optional(Tag::INTEGER)?.map(|value| Nonce::from_der_contents(value.contents()));
        let certificates = match components.optional(Tag::BOOLEAN)?.map(|value| value.true_or_absent()).transpose()? {
            Some(_) => RequestedCertificates::Included,
            None => RequestedCertificates::LeftOut,
        };
        let extensions = components.optional(Tag::context_constructed(0))?.map(|value| read_extensions(&value));
        let extensions = extensions.transpose()?.unwrap_or_default();
        components.finish()?;
        Ok(Self {
            der: octets.into(),
            message_imprint,
            message_imprint_der: imprint.as_der().into(),
            policy,
            nonce,
            certificates,
            extensions,
        })
    }

    /// The TimeStampReq as received, or as made.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The digest to be stamped.
    #[must_use]
    pub fn message_imprint(&self) -> &Digest {
        &self.message_imprint
    }

    /// The policy asked for, if any.
    #[must_use]
    pub fn policy(&self) -> Option<&Oid> {
        self.policy.as_ref()
    }

    /// The nonce to be repeated, if any.
    #[must_use]
    pub fn nonce(&self) -> Option<&Nonce> {
        self.nonce.as_ref()
    }

    /// Whether the certificates of the authority are asked for.
    #[must_use]
    pub fn certificates(&self) -> RequestedCertificates {
        self.certificates
    }
}

#[cfg(feature = "issue")]
impl TimeStampRequest {
    /// A request to stamp the digest `message_imprint`, under any policy, without a nonce, certificates included.
    ///
    /// ```
    /// use wathiqa::digest::DigestAlgorithm;
    /// use wathiqa::tsp::{Nonce, TimeStampRequest};
    /// let digest = DigestAlgorithm::Sha256.digest(b"the octets to be stamped");
    /// let request = TimeStampRequest::new(&digest).with_nonce(Nonce::from_be_octets(&[0x5a; 8]));
    /// assert_eq!(request.as_der().len(), 67);
    /// ```
    #[must_use]
    pub fn new(message_imprint: &Digest) -> Self {
        let mut imprint = Writer::new();
        imprint.constructed(Tag::SEQUENCE, |components| {
            components.constructed(Tag::SEQUENCE, |algorithm| algorithm.oid(&digest_oid(message_imprint.algorithm())));
            components.octet_string(message_imprint.as_octets());
        });
        Self {
            der: Box::default(),
            message_imprint: message_imprint.clone(),
            message_imprint_der: imprint.into_der().into(),
            policy: None,
            nonce: None,
            certificates: RequestedCertificates::Included,
            extensions: Vec::new(),
        }
        .encoded()
    }

    /// The same request, under `policy` only.
    #[must_use]
    pub fn with_policy(self, policy: Oid) -> Self {
        Self { policy: Some(policy), ..self }.encoded()
    }

    /// The same request, with `nonce` to be repeated in the answer.
    #[must_use]
    pub fn with_nonce(self, nonce: Nonce) -> Self {
        Self { nonce: Some(nonce), ..self }.encoded()
    }

    /// The same request, with other wishes for certificates.
    #[must_use]
    pub fn with_certificates(self, certificates: RequestedCertificates) -> Self {
        Self { certificates, ..self }.encoded()
    }

    /// The MessageImprint as received, which the answer repeats.
    pub(super) fn message_imprint_der(&self) -> &[u8] {
        &self.message_imprint_der
    }

    /// The first extension, if any.
    pub(super) fn first_extension(&self) -> Option<&Oid> {
        self.extensions.first().map(|extension| &extension.id)
    }

    fn encoded(self) -> Self {
        let mut request = Writer::new();
        request.constructed(Tag::SEQUENCE, |components| {
            components.unsigned(1);
            components.encoded(&self.message_imprint_der);
            if let Some(policy) = &self.policy {
                components.oid(policy);
            }
            if let Some(nonce) = &self.nonce {
                components.value(Tag::INTEGER, nonce.as_der_contents());
            }
            if self.certificates == RequestedCertificates::Included {
                components.boolean_true();
            }
        });
        Self { der: request.into_der().into(), ..self }
    }
}

/// Whether the token is to hold the certificates of the authority (`certReq`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RequestedCertificates {
    /// They are to be in the token: what a document needs to be verified on its own.
    Included,
    /// The token is to be short; whoever verifies it has them.
    LeftOut,
}

/// How a token differs from what a request asked for (RFC 3161 §2.2).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestMismatch {
    /// Another digest was stamped.
    #[error("the time-stamp is for {} {found}, the request for {} {expected}", .found.algorithm(), .expected.algorithm())]
    MessageImprint {
        /// The digest of the request.
        expected: Digest,
        /// The digest in the token.
        found: Digest,
    },
    /// The nonce of the request is not repeated.
    #[error("the time-stamp does not have the nonce {expected} of the request")]
    Nonce {
        /// The nonce of the request.
        expected: Nonce,
        /// The nonce in the token.
        found: Option<Nonce>,
    },
    /// The time-stamp was made under another policy than the one asked for.
    #[error("the time-stamp is under policy {found}, the request asked for {expected}")]
    Policy {
        /// The policy of the request.
        expected: Oid,
        /// The policy in the token.
        found: Oid,
    },
    /// The request asks for certificates, and that of the signer is not in the token (RFC 3161 §2.4.1).
    #[error("the time-stamp does not hold the certificate that the request asked for")]
    CertificateMissing,
}

impl RequestMismatch {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::MessageImprint { .. } => "time-stamp-other-imprint",
            Self::Nonce { .. } => "time-stamp-other-nonce",
            Self::Policy { .. } => "time-stamp-other-policy",
            Self::CertificateMissing => "time-stamp-certificate-missing",
        }
    }
}

/// Why octets are not a TimeStampReq.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// Not DER, or not of the ASN.1 type.
    #[error("time-stamp request: {0}")]
    Der(#[from] DerError),
    /// A version other than 1.
    #[error("time-stamp request: version {found}, expected 1")]
    Version {
        /// What is written.
        found: u64,
    },
    /// The message imprint is malformed, by an unknown hash function, or of the wrong length.
    #[error("time-stamp request: message imprint: {0}")]
    MessageImprint(#[from] MessageImprintError),
    /// The extensions are malformed.
    #[error("time-stamp request: {0}")]
    Extensions(#[from] ExtensionError),
}

impl RequestError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Der(error) => error.code(),
            Self::Version { .. } => "time-stamp-request-version",
            Self::MessageImprint(error) => error.code(),
            Self::Extensions(error) => error.code(),
        }
    }
}
