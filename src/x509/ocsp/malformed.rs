//! Why octets are not an OCSP response that says something.

use std::fmt;

use crate::encoding::der::DerError;
use crate::oid::Oid;
use crate::time::Instant;
use crate::x509::revocation::extension_list::ExtensionListError;
use crate::x509::{CertificateError, NameError};

/// Why octets are not a successful basic OCSP response. Offsets count from the first octet of the input.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OcspError {
    /// Not DER, or not the ASN.1 type: a response followed by an octet, no single response.
    #[error("OCSP response: {0}")]
    Der(#[from] DerError),
    /// The responder's name is malformed.
    #[error("OCSP response: {0}")]
    Name(#[from] NameError),
    /// The responder says why it does not answer (§4.2.1).
    #[error("OCSP response: the responder answered {0}")]
    Unsuccessful(OcspResponseStatus),
    /// A status that §4.2.1 does not have: 4.
    #[error("OCSP response: the response status at octet {offset} is not defined")]
    Status {
        /// Where.
        offset: usize,
    },
    /// The status is `successful`, and there is no response with it (§4.2.1).
    #[error("OCSP response: successful, and without a response")]
    Empty,
    /// The status is not `successful`, and there is a response with it (§4.2.1).
    #[error("OCSP response: the responder answered {0}, with a response beside it")]
    ResponseBesideError(OcspResponseStatus),
    /// The response is not of the type id-pkix-ocsp-basic.
    #[error("OCSP response: of type {found}, expected a basic response")]
    Type {
        /// The type found.
        found: Oid,
    },
    /// The version is there and is not v1: v1 is the DEFAULT, which DER leaves out.
    #[error("OCSP response: the version at octet {offset} is there; v1 is left out, and there is no other")]
    Version {
        /// Where.
        offset: usize,
    },
    /// A responder's key digest is not 20 octets long (§4.2.1).
    #[error("OCSP response: the digest of the responder's key at octet {offset} has {found} octets, expected 20")]
    ResponderKeyHash {
        /// Where.
        offset: usize,
        /// How many octets it has.
        found: usize,
    },
    /// There is no single response (§4.2.1).
    #[error("OCSP response: the list of single responses at octet {offset} is empty")]
    NoSingleResponse {
        /// Where.
        offset: usize,
    },
    /// A status has a nextUpdate that is not after its thisUpdate.
    #[error("OCSP response: nextUpdate {next_update} is not after thisUpdate {this_update}")]
    NextUpdate {
        /// When the status was known to be right.
        this_update: Instant,
        /// When a newer one is there at the latest.
        next_update: Instant,
    },
    /// A reason code that RFC 5280 §5.3.1 does not have: 7.
    #[error("OCSP response: the reason code at octet {offset} is not defined")]
    Reason {
        /// Where.
        offset: usize,
    },
    /// An extension comes twice.
    #[error("OCSP response: extension {id} comes twice, again at octet {offset}")]
    DuplicateExtension {
        /// Which.
        id: Oid,
        /// Where it comes again.
        offset: usize,
    },
    /// More than 64 extensions.
    #[error("OCSP response: more than {limit} extensions, at octet {offset}")]
    TooManyExtensions {
        /// The limit.
        limit: usize,
        /// Where the first is that is too many.
        offset: usize,
    },
    /// More certificates come with the response than the limits allow.
    #[error("OCSP response: more than {limit} certificates")]
    TooManyCertificates {
        /// [`Limits::certificates`](crate::budget::Limits::certificates).
        limit: usize,
    },
    /// A certificate that comes with the response is malformed; offsets count from its first octet.
    #[error("OCSP response: the certificate at octet {offset}: {reason}")]
    Certificate {
        /// Where.
        offset: usize,
        /// What is wrong.
        reason: CertificateError,
    },
}

impl OcspError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Der(error) => error.code(),
            Self::Name(error) => error.code(),
            Self::Unsuccessful(_) => "ocsp-unsuccessful",
            Self::Status { .. } => "ocsp-status",
            Self::Empty => "ocsp-empty",
            Self::ResponseBesideError(_) => "ocsp-response-beside-error",
            Self::Type { .. } => "ocsp-type",
            Self::Version { .. } => "ocsp-version",
            Self::ResponderKeyHash { .. } => "ocsp-responder-key-hash",
            Self::NoSingleResponse { .. } => "ocsp-no-single-response",
            Self::NextUpdate { .. } => "ocsp-next-update",
            Self::Reason { .. } => "ocsp-reason",
            Self::DuplicateExtension { .. } => "ocsp-duplicate-extension",
            Self::TooManyExtensions { .. } => "ocsp-too-many-extensions",
            Self::TooManyCertificates { .. } => "ocsp-too-many-certificates",
            Self::Certificate { reason, .. } => reason.code(),
        }
    }
}

impl From<ExtensionListError> for OcspError {
    fn from(error: ExtensionListError) -> Self {
        match error {
            ExtensionListError::Der(error) => Self::Der(error),
            ExtensionListError::Duplicate { id, offset } => Self::DuplicateExtension { id, offset },
            ExtensionListError::TooMany { limit, offset } => Self::TooManyExtensions { limit, offset },
        }
    }
}

/// OCSPResponseStatus, other than `successful`: why a responder does not answer (§4.2.1). `Display` is the name there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OcspResponseStatus {
    /// The request is malformed.
    MalformedRequest,
    /// Something is wrong at the responder.
    InternalError,
    /// The responder is busy.
    TryLater,
    /// The request must be signed.
    SigRequired,
    /// The client may not ask.
    Unauthorized,
}

impl OcspResponseStatus {
    /// The status with this number, `Ok` for `successful`; 4 is not used.
    pub(super) fn from_number(number: &[u8]) -> Option<Result<(), Self>> {
        Some(match number {
            [0] => Ok(()),
            [1] => Err(Self::MalformedRequest),
            [2] => Err(Self::InternalError),
            [3] => Err(Self::TryLater),
            [5] => Err(Self::SigRequired),
            [6] => Err(Self::Unauthorized),
            _ => return None,
        })
    }
}

impl fmt::Display for OcspResponseStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MalformedRequest => "malformedRequest",
            Self::InternalError => "internalError",
            Self::TryLater => "tryLater",
            Self::SigRequired => "sigRequired",
            Self::Unauthorized => "unauthorized",
        })
    }
}
