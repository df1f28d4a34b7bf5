//! TimeStampResp, the answer of an authority.
//!
//! ```text
//! TimeStampResp ::= SEQUENCE {
//!     status          PKIStatusInfo,
//!     timeStampToken  TimeStampToken OPTIONAL }       -- exactly when the status is granted or grantedWithMods
//! PKIStatusInfo ::= SEQUENCE {
//!     status        INTEGER,
//!     statusString  SEQUENCE SIZE (1..MAX) OF UTF8String OPTIONAL,
//!     failInfo      BIT STRING OPTIONAL }
//! ```

use std::fmt;

use crate::budget::Limits;
use crate::encoding::der::{self, DerError, Reader, Tag, Value};
use crate::tsp::{RequestMismatch, RequestedCertificates, TimeStampError, TimeStampRequest, TimeStampToken};

/// The answer to a request (RFC 3161 §2.4.2).
#[derive(Debug, Clone)]
pub struct TimeStampResponse {
    status: PkiStatus,
    texts: Vec<String>,
    failures: PkiFailures,
    token: Option<TimeStampToken>,
}

impl TimeStampResponse {
    /// Reads a TimeStampResp, all of `octets`.
    ///
    /// # Errors
    /// [`ResponseError`], those about form; each variant shows an example. A rejection is read without an error.
    pub fn from_der(octets: &[u8], limits: &Limits) -> Result<Self, ResponseError> {
        der::check(octets, limits)?;
        let mut components = Reader::new(octets).read(Tag::SEQUENCE)?.reader();
        let mut status_info = components.read(Tag::SEQUENCE)?.reader();
        let number = status_info.read(Tag::INTEGER)?.unsigned(u64::MAX)?;
        let status = PkiStatus::from_number(number).ok_or(ResponseError::UnknownStatus { found: number })?;
        let texts = status_info.optional(Tag::SEQUENCE)?.map(|value| read_texts(&value)).transpose()?;
        let failures = status_info.optional(Tag::BIT_STRING)?.map(|value| read_failures(&value)).transpose()?;
        status_info.finish()?;
        let token = components.optional(Tag::SEQUENCE)?;
        components.finish()?;
        let (texts, failures) = (texts.unwrap_or_default(), PkiFailures(failures.unwrap_or_default()));
        let token = match (status, token) {
            (PkiStatus::Granted | PkiStatus::GrantedWithMods, Some(_)) if !failures.0.is_empty() => {
                return Err(ResponseError::FailureWithToken);
            }
            (PkiStatus::Granted | PkiStatus::GrantedWithMods, Some(token)) => {
                Some(TimeStampToken::from_der(token.as_der(), limits)?)
            }
            (PkiStatus::Granted | PkiStatus::GrantedWithMods, None) => return Err(ResponseError::TokenMissing),
            (_, Some(_)) => return Err(ResponseError::TokenUnexpected { status }),
            (_, None) => None,
        };
        Ok(Self { status, texts, failures, token })
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> PkiStatus {
        self.status
    }

    /// What the authority says in words.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// Why the request was rejected.
    #[must_use]
    pub fn failures(&self) -> &[PkiFailureInfo] {
        &self.failures.0
    }

    /// The token, not verified.
    ///
    /// # Errors
    /// [`ResponseError::NotGranted`] when there is none.
    pub fn into_token(self) -> Result<TimeStampToken, ResponseError> {
        self.token.ok_or(ResponseError::NotGranted {
            status: self.status,
            failures: self.failures,
            text: self.texts.join(" "),
        })
    }

    /// The token, if it answers `request`: it repeats the imprint, the nonce and the policy asked for, and holds the
    /// signer's certificate if that was asked for. It is not verified otherwise.
    ///
    /// # Errors
    /// [`ResponseError::NotGranted`], or [`ResponseError::Mismatch`] with what differs.
    pub fn into_token_for(self, request: &TimeStampRequest) -> Result<TimeStampToken, ResponseError> {
        let token = self.into_token()?;
        token.check_request(request)?;
        if request.certificates() == RequestedCertificates::Included && !token.holds_signer() {
            return Err(RequestMismatch::CertificateMissing.into());
        }
        Ok(token)
    }
}

fn read_texts(value: &Value<'_>) -> Result<Vec<String>, ResponseError> {
    let mut texts = Vec::new();
    let mut rest = value.reader();
    while !rest.is_empty() {
        let text = rest.read(Tag::UTF8_STRING)?;
        let text = str::from_utf8(text.contents()).map_err(|_| ResponseError::TextNotUtf8)?;
        texts.push(text.to_owned());
    }
    Ok(texts)
}

fn read_failures(value: &Value<'_>) -> Result<Vec<PkiFailureInfo>, ResponseError> {
    let bits = value.named_bits()?;
    let mut failures = Vec::new();
    for position in 0..bits.octets().len() * 8 {
        if bits.bit(position) {
            let known = PkiFailureInfo::ALL.into_iter().find(|failure| failure.bit() == position);
            failures.push(known.ok_or(ResponseError::UnknownFailure { bit: position })?);
        }
    }
    Ok(failures)
}

/// PKIStatus (RFC 3161 §2.4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PkiStatus {
    /// 0: the token is there, as asked for.
    Granted,
    /// 1: the token is there, with changes.
    GrantedWithMods,
    /// 2: there is no token.
    Rejection,
    /// 3: there is no token yet.
    Waiting,
    /// 4: a revocation of the authority's certificate is imminent.
    RevocationWarning,
    /// 5: the authority's certificate was revoked.
    RevocationNotification,
}

impl PkiStatus {
    const ALL: [Self; 6] = [
        Self::Granted,
        Self::GrantedWithMods,
        Self::Rejection,
        Self::Waiting,
        Self::RevocationWarning,
        Self::RevocationNotification,
    ];

    fn from_number(number: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.number() == number)
    }

    pub(super) fn number(self) -> u64 {
        match self {
            Self::Granted => 0,
            Self::GrantedWithMods => 1,
            Self::Rejection => 2,
            Self::Waiting => 3,
            Self::RevocationWarning => 4,
            Self::RevocationNotification => 5,
        }
    }
}

impl fmt::Display for PkiStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Granted => "granted",
            Self::GrantedWithMods => "grantedWithMods",
            Self::Rejection => "rejection",
            Self::Waiting => "waiting",
            Self::RevocationWarning => "revocationWarning",
            Self::RevocationNotification => "revocationNotification",
        })
    }
}

/// One bit of PKIFailureInfo (RFC 3161 §2.4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PkiFailureInfo {
    /// The hash function is unknown or not accepted.
    BadAlg,
    /// The transaction is not permitted or supported.
    BadRequest,
    /// The request is malformed.
    BadDataFormat,
    /// The time source of the authority is not available.
    TimeNotAvailable,
    /// The policy asked for is not supported.
    UnacceptedPolicy,
    /// An extension of the request is not supported.
    UnacceptedExtension,
    /// Additional information asked for is not understood or not available.
    AddInfoNotAvailable,
    /// The request cannot be handled for a fault of the authority.
    SystemFailure,
}

impl PkiFailureInfo {
    const ALL: [Self; 8] = [
        Self::BadAlg,
        Self::BadRequest,
        Self::BadDataFormat,
        Self::TimeNotAvailable,
        Self::UnacceptedPolicy,
        Self::UnacceptedExtension,
        Self::AddInfoNotAvailable,
        Self::SystemFailure,
    ];

    /// The position of the bit.
    pub(super) fn bit(self) -> usize {
        match self {
            Self::BadAlg => 0,
            Self::BadRequest => 2,
            Self::BadDataFormat => 5,
            Self::TimeNotAvailable => 14,
            Self::UnacceptedPolicy => 15,
            Self::UnacceptedExtension => 16,
            Self::AddInfoNotAvailable => 17,
            Self::SystemFailure => 25,
        }
    }
}

impl fmt::Display for PkiFailureInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadAlg => "badAlg",
            Self::BadRequest => "badRequest",
            Self::BadDataFormat => "badDataFormat",
            Self::TimeNotAvailable => "timeNotAvailable",
            Self::UnacceptedPolicy => "unacceptedPolicy",
            Self::UnacceptedExtension => "unacceptedExtension",
            Self::AddInfoNotAvailable => "addInfoNotAvailable",
            Self::SystemFailure => "systemFailure",
        })
    }
}

/// The bits of a PKIFailureInfo that are set; `Display` separates them with commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PkiFailures(Vec<PkiFailureInfo>);

impl PkiFailures {
    /// The bits.
    #[must_use]
    pub fn as_slice(&self) -> &[PkiFailureInfo] {
        &self.0
    }
}

impl fmt::Display for PkiFailures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("no reason given");
        }
        let names: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&names.join(", "))
    }
}

/// Why octets are not a TimeStampResp, or why it brings no token that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResponseError {
    /// Not DER, or not of the ASN.1 type.
    #[error("time-stamp response: {0}")]
    Der(#[from] DerError),
    /// A status that RFC 3161 does not define, such as 6.
    #[error("time-stamp response: status {found} is not known")]
    UnknownStatus {
        /// What is written.
        found: u64,
    },
    /// A reason that RFC 3161 does not define, such as bit 1.
    #[error("time-stamp response: failure bit {bit} is not known")]
    UnknownFailure {
        /// The position of the bit.
        bit: usize,
    },
    /// A text that is not UTF-8.
    #[error("time-stamp response: a status text is not UTF-8")]
    TextNotUtf8,
    /// The status is granted and there is no token.
    #[error("time-stamp response: granted, but there is no token")]
    TokenMissing,
    /// The status is not granted and there is a token: waiting, with a token.
    #[error("time-stamp response: {status}, and yet there is a token")]
    TokenUnexpected {
        /// The status.
        status: PkiStatus,
    },
    /// There is a token and a reason for there being none.
    #[error("time-stamp response: granted, and yet there is a reason for failure")]
    FailureWithToken,
    /// The authority did not grant the time-stamp.
    #[error("time-stamp response: {status} ({failures}): \"{}\"", .text.escape_debug())]
    NotGranted {
        /// The status.
        status: PkiStatus,
        /// The reasons.
        failures: PkiFailures,
        /// What the authority says in words.
        text: String,
    },
    /// The token is malformed.
    #[error("time-stamp response: {0}")]
    Token(#[from] TimeStampError),
    /// The token answers another request.
    #[error("time-stamp response: {0}")]
    Mismatch(#[from] RequestMismatch),
}

impl ResponseError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Der(error) => error.code(),
            Self::UnknownStatus { .. } => "time-stamp-response-unknown-status",
            Self::UnknownFailure { .. } => "time-stamp-response-unknown-failure",
            Self::TextNotUtf8 => "time-stamp-response-text-not-utf-8",
            Self::TokenMissing => "time-stamp-response-token-missing",
            Self::TokenUnexpected { .. } => "time-stamp-response-token-unexpected",
            Self::FailureWithToken => "time-stamp-response-failure-with-token",
            Self::NotGranted { .. } => "time-stamp-response-not-granted",
            Self::Token(error) => error.code(),
            Self::Mismatch(error) => error.code(),
        }
    }
}
