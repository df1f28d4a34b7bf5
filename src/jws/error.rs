//! Why octets are no JWS, or a signature does not hold.

use crate::crypto::{JwsAlgorithmError, SignatureError};
use crate::encoding::base64::Base64Error;
use crate::encoding::json::{JsonError, MemberTypeError};

/// Why octets are no JWS that this crate accepts, or one of its signatures does not verify.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JwsError {
    /// There are no octets.
    #[error("JWS: no octets")]
    Empty,
    /// More octets than [`crate::budget::Limits::input_octets`].
    #[error("JWS: more than {limit} octets")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// A compact form that is not ASCII: `"\u{e9}.."`.
    #[error("JWS: octet {offset} of a compact form is not ASCII")]
    NotAscii {
        /// Where.
        offset: usize,
    },
    /// A compact form without exactly two dots: `"a.b"`.
    #[error("JWS: a compact form has 3 parts, found {found}")]
    Parts {
        /// How many parts there are.
        found: usize,
    },
    /// A JSON form that is no JSON that this crate accepts.
    #[error("JWS: {0}")]
    Json(#[from] JsonError),
    /// A protected header that is no JSON object.
    #[error("JWS signature {position}: protected header: {error}")]
    ProtectedHeader {
        /// Which signature, from 0.
        position: usize,
        /// Why not.
        error: JsonError,
    },
    /// A member is not of its type: `{"payload":1,..}`.
    #[error("JWS: {0}")]
    Member(#[from] MemberTypeError),
    /// A part is not base64url.
    #[error("JWS: {part}: {error}")]
    Base64 {
        /// `protected`, `payload` or `signature`.
        part: &'static str,
        /// Why not.
        error: Base64Error,
    },
    /// Neither `signatures` nor `signature` is there, or `signatures` is empty.
    #[error("JWS: no signature")]
    NoSignature,
    /// `signatures` stands beside `signature`, `protected` or `header`.
    #[error("JWS: \"signatures\" stands beside \"{beside}\", a form is general or flattened")]
    TwoForms {
        /// The member of the flattened form.
        beside: &'static str,
    },
    /// More signatures than [`crate::budget::Limits::signatures`].
    #[error("JWS: more than {limit} signatures")]
    TooManySignatures {
        /// The limit.
        limit: usize,
    },
    /// A signature has neither a protected nor an unprotected header.
    #[error("JWS signature {position}: no header")]
    NoHeader {
        /// Which signature, from 0.
        position: usize,
    },
    /// A member stands in both headers of a signature (RFC 7515 §4).
    #[error("JWS: member \"{name}\" stands in the protected and in the unprotected header")]
    InBothHeaders {
        /// The member.
        name: String,
    },
    /// A member that must be protected is not (RFC 7515 §4.1.11, RFC 7797 §3).
    #[error("JWS: member \"{name}\" stands in the unprotected header")]
    Unprotected {
        /// `crit` or `b64`.
        name: &'static str,
    },
    /// Signatures of one file differ in `b64` (RFC 7797 §3).
    #[error("JWS: signatures differ in \"b64\"")]
    DifferentB64,
    /// An unencoded payload in a compact form holds an octet that cannot stand there (RFC 7797 §5.2).
    #[error("JWS: octet {found:#04x} at offset {offset} cannot stand in an unencoded compact payload")]
    UnencodedPayload {
        /// Where, in the payload.
        offset: usize,
        /// The octet.
        found: u8,
    },
    /// `crit` does not keep RFC 7515 §4.1.11: `"crit":[]`, `"crit":["alg"]`, `"crit":["exp","exp"]`.
    #[error("JWS: \"crit\" {fault}")]
    Critical {
        /// What is wrong with it, as the end of a sentence.
        fault: CriticalFault,
    },
    /// The protected header has no `alg`.
    #[error("JWS: the protected header has no \"alg\"")]
    NoAlgorithm,
    /// `alg` is none of the algorithms here: `none`, `HS256`, `ES512`, an unknown name.
    #[error(transparent)]
    Algorithm(#[from] JwsAlgorithmError),
    /// The payload is detached and was not given.
    #[error("JWS: the payload is detached and was not given")]
    PayloadAbsent,
    /// A payload is in the file and another was given as detached.
    #[error("JWS: a detached payload was given for a JWS that holds its payload")]
    TwoPayloads,
    /// The signature value does not verify.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

/// What is wrong with a `crit` header parameter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CriticalFault {
    /// It lists nothing.
    #[error("is empty")]
    Empty,
    /// It lists a name twice.
    #[error("lists \"{0}\" twice")]
    Twice(String),
    /// It lists a name that RFC 7515 or RFC 7518 defines.
    #[error("lists \"{0}\", which every reader must understand anyway")]
    Defined(String),
    /// It lists a name that is not understood.
    #[error("lists \"{0}\", which is not understood")]
    NotUnderstood(String),
    /// It lists a name that is not in the header.
    #[error("lists \"{0}\", which is not there")]
    NotThere(String),
    /// It does not list a name that it must.
    #[error("does not list \"{0}\", which is there and must be listed")]
    NotListed(String),
}

impl JwsError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "jws-empty",
            Self::TooLarge { .. } => "jws-too-large",
            Self::NotAscii { .. } => "jws-not-ascii",
            Self::Parts { .. } => "jws-parts",
            Self::Json(error) | Self::ProtectedHeader { error, .. } => error.code(),
            Self::Member(_) => "jws-member-type",
            Self::Base64 { error, .. } => error.code(),
            Self::NoSignature => "jws-no-signature",
            Self::TwoForms { .. } => "jws-two-forms",
            Self::TooManySignatures { .. } => "jws-too-many-signatures",
            Self::NoHeader { .. } => "jws-no-header",
            Self::InBothHeaders { .. } => "jws-in-both-headers",
            Self::Unprotected { .. } => "jws-unprotected",
            Self::DifferentB64 => "jws-different-b64",
            Self::UnencodedPayload { .. } => "jws-unencoded-payload",
            Self::Critical { fault } => match fault {
                CriticalFault::Empty => "jws-crit-empty",
                CriticalFault::Twice(_) => "jws-crit-twice",
                CriticalFault::Defined(_) => "jws-crit-defined",
                CriticalFault::NotUnderstood(_) => "jws-crit-not-understood",
                CriticalFault::NotThere(_) => "jws-crit-not-there",
                CriticalFault::NotListed(_) => "jws-crit-not-listed",
            },
            Self::NoAlgorithm => "jws-no-algorithm",
            Self::Algorithm(error) => error.code(),
            Self::PayloadAbsent => "jws-payload-absent",
            Self::TwoPayloads => "jws-two-payloads",
            Self::Signature(error) => error.code(),
        }
    }
}
