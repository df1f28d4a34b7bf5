//! Why header parameters are not those of JAdES.

use crate::encoding::base64::Base64Error;
use crate::encoding::json::{JsonError, MemberTypeError};
use crate::time::Instant;
use crate::x509::CertificateError;
use crate::x509::crl::CrlError;
use crate::x509::ocsp::OcspError;

/// Why a header parameter, protected or not, does not keep ETSI TS 119 182-1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JadesError {
    /// A member is of another type: `"iat":"1700000000"`.
    #[error("header: {0}")]
    Member(#[from] MemberTypeError),
    /// Neither `iat` nor `sigT` is there (§5.1.11, §5.2.1).
    #[error("header: no signing time, expected one of \"iat\" and \"sigT\"")]
    NoSigningTime,
    /// Both `iat` and `sigT` are there.
    #[error("header: \"iat\" and \"sigT\" together, expected one of them")]
    TwoSigningTimes,
    /// `iat` or `sigT` is not a time: `"sigT":"2024-01-01"`.
    #[error("header: \"{member}\" is {found}, expected {expected}")]
    SigningTimeForm {
        /// `iat` or `sigT`.
        member: &'static str,
        /// The value found, at most 48 characters of it, controls escaped.
        found: String,
        /// The form expected.
        expected: &'static str,
    },
    /// `sigT` claims a time from which on `iat` is the only form (§5.2.1).
    #[error("header: \"sigT\" claims {claimed}, it may be used for times before 2025-07-15 only")]
    SigTTooLate {
        /// The time claimed.
        claimed: Instant,
    },
    /// There is no reference to the signing certificate (§6.3 table 1).
    #[error("header: no certificate reference, expected one of \"x5t#S256\", \"x5t#o\" and \"sigX5ts\"")]
    NoCertificateReference,
    /// There are several references to the signing certificate.
    #[error("header: {found} certificate references, expected one of \"x5t#S256\", \"x5t#o\" and \"sigX5ts\"")]
    SeveralCertificateReferences {
        /// How many of the three members are there.
        found: usize,
    },
    /// A digest identifier is none that is known: `"digAlg":"sha256"`.
    #[error("header: \"{member}\": digest algorithm \"{found}\", expected S256, S384 or S512")]
    DigestAlgorithm {
        /// The member.
        member: &'static str,
        /// The identifier found, at most 48 characters of it, controls escaped.
        found: String,
    },
    /// A digest is not of its algorithm's length.
    #[error("header: \"{member}\": {octets} octets, its algorithm makes {expected}")]
    DigestLength {
        /// The member.
        member: &'static str,
        /// Octets found.
        octets: usize,
        /// Octets expected.
        expected: usize,
    },
    /// A member that must be there is not: `"x5t#o":{"digAlg":"S512"}`.
    #[error("header: \"{inside}\" has no member \"{missing}\"")]
    Missing {
        /// Where it is missing.
        inside: &'static str,
        /// What is missing.
        missing: &'static str,
    },
    /// A value is not base64 or base64url, as its member asks.
    #[error("header: \"{member}\": {error}")]
    Base64 {
        /// The member.
        member: &'static str,
        /// Why not.
        error: Base64Error,
    },
    /// An array that must not be empty is.
    #[error("header: \"{member}\" is empty")]
    Empty {
        /// The member.
        member: &'static str,
    },
    /// An entry of `x5c`, or a certificate in `etsiU`, cannot be read.
    #[error("header: \"{member}\" entry {position}: {error}")]
    Certificate {
        /// The member.
        member: &'static str,
        /// Its position, from 0.
        position: usize,
        /// Why not.
        error: CertificateError,
    },
    /// A CRL in `etsiU` cannot be read.
    #[error("header: \"crlVals\" entry {position}: {error}")]
    Crl {
        /// Its position, from 0.
        position: usize,
        /// Why not.
        error: CrlError,
    },
    /// An OCSP response in `etsiU` cannot be read.
    #[error("header: \"ocspVals\" entry {position}: {error}")]
    Ocsp {
        /// Its position, from 0.
        position: usize,
        /// Why not.
        error: OcspError,
    },
    /// More CRLs and OCSP responses than [`Limits::revocation_values`](crate::budget::Limits::revocation_values).
    #[error("header: \"etsiU\": more than {limit} CRLs and OCSP responses")]
    TooManyRevocationValues {
        /// The limit.
        limit: usize,
    },
    /// More certificates than [`Limits::certificates`](crate::budget::Limits::certificates).
    #[error("header: \"{member}\": more than {limit} certificates")]
    TooManyCertificates {
        /// `x5c` or `etsiU`.
        member: &'static str,
        /// The limit.
        limit: usize,
    },
    /// `typ` is neither `jose` nor `jose+json` (§5.1.2).
    #[error("header: \"typ\" is \"{found}\", expected jose or jose+json")]
    Type {
        /// The type found, at most 48 characters of it, controls escaped.
        found: String,
    },
    /// A payload and `sigD` stand together (§5.2.8).
    #[error("header: \"sigD\" stands beside a payload, expected one of them")]
    PayloadAndSigD,
    /// An object has a member that the standard does not have there, where reading on without it could change what is
    /// signed: `"sigD":{"mId":..,"pars":..,"spare":1}`.
    #[error("header: \"{inside}\" has a member \"{found}\", which the standard does not have there")]
    UnknownMember {
        /// Where.
        inside: &'static str,
        /// The member, at most 48 characters of its name, controls escaped.
        found: String,
    },
    /// `sigD` does not have a digest or a type for each reference (§5.2.8.3).
    #[error("header: \"{member}\" has {found} entries, \"pars\" has {expected}")]
    ReferenceCount {
        /// `hashV` or `ctys`.
        member: &'static str,
        /// Entries of it.
        found: usize,
        /// Entries of `pars`.
        expected: usize,
    },
    /// Two references of `sigD` are to one name: `"pars":["a b","a%20b"]`.
    #[error("header: \"sigD\" names \"{name}\" twice")]
    NameTwice {
        /// The name, at most 48 characters of it, controls escaped.
        name: String,
    },
    /// An object does not have exactly one member where it must: `"sigPQuals":[{}]`.
    #[error("header: an entry of \"{member}\" has {members} members, expected one")]
    OneMember {
        /// The array.
        member: &'static str,
        /// How many members it has.
        members: usize,
    },
    /// A counter-signature has a parameter that belongs to signatures over data (§5.1.3, §5.2.8).
    #[error("header: \"{member}\" stands in a counter-signature")]
    InCounterSignature {
        /// `cty` or `sigD`.
        member: &'static str,
    },
    /// A counter-signature has several signatures (§5.3.2).
    #[error("cSig: {found} signatures, expected one")]
    CounterSignatureCount {
        /// How many it has.
        found: usize,
    },
    /// Counter-signatures of counter-signatures are nested too deep.
    #[error("cSig: more than {limit} counter-signatures, each of the one before")]
    CounterSignatureDepth {
        /// The limit.
        limit: usize,
    },
    /// `etsiU` mixes base64url strings and objects (§5.3.1).
    #[error("etsiU item {position}: {found}, the items before are {expected}")]
    MixedEtsiU {
        /// The item, from 0.
        position: usize,
        /// Its form.
        found: &'static str,
        /// The form of the first item.
        expected: &'static str,
    },
    /// `etsiU` has more items than allowed.
    #[error("etsiU: more than {limit} items")]
    TooManyItems {
        /// The limit.
        limit: usize,
    },
    /// An item of `etsiU` is not base64url of JSON.
    #[error("etsiU item {position}: {error}")]
    ItemBase64 {
        /// The item, from 0.
        position: usize,
        /// Why not.
        error: Base64Error,
    },
    /// An item of `etsiU` is not JSON.
    #[error("etsiU item {position}: {error}")]
    ItemJson {
        /// The item, from 0.
        position: usize,
        /// Why not.
        error: JsonError,
    },
    /// An item of `etsiU` does not have exactly one member.
    #[error("etsiU item {position}: {members} members, expected one")]
    ItemMembers {
        /// The item, from 0.
        position: usize,
        /// How many members it has.
        members: usize,
    },
}

impl JadesError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Member(_) => "jades-member-type",
            Self::NoSigningTime => "jades-no-signing-time",
            Self::TwoSigningTimes => "jades-two-signing-times",
            Self::SigningTimeForm { .. } => "jades-signing-time-form",
            Self::SigTTooLate { .. } => "jades-sig-t-too-late",
            Self::NoCertificateReference => "jades-no-certificate-reference",
            Self::SeveralCertificateReferences { .. } => "jades-several-certificate-references",
            Self::DigestAlgorithm { .. } => "jades-digest-algorithm",
            Self::DigestLength { .. } => "jades-digest-length",
            Self::Missing { .. } => "jades-missing-member",
            Self::Base64 { error, .. } | Self::ItemBase64 { error, .. } => error.code(),
            Self::Empty { .. } => "jades-empty",
            Self::Certificate { error, .. } => error.code(),
            Self::Crl { error, .. } => error.code(),
            Self::Ocsp { error, .. } => error.code(),
            Self::TooManyRevocationValues { .. } => "jades-too-many-revocation-values",
            Self::TooManyCertificates { .. } => "jades-too-many-certificates",
            Self::Type { .. } => "jades-type",
            Self::PayloadAndSigD => "jades-payload-and-sig-d",
            Self::UnknownMember { .. } => "jades-unknown-member",
            Self::ReferenceCount { .. } => "jades-reference-count",
            Self::NameTwice { .. } => "jades-name-twice",
            Self::OneMember { .. } => "jades-one-member",
            Self::InCounterSignature { .. } => "jades-in-counter-signature",
            Self::CounterSignatureCount { .. } => "jades-counter-signature-count",
            Self::CounterSignatureDepth { .. } => "jades-counter-signature-depth",
            Self::MixedEtsiU { .. } => "jades-mixed-etsi-u",
            Self::TooManyItems { .. } => "jades-too-many-items",
            Self::ItemJson { error, .. } => error.code(),
            Self::ItemMembers { .. } => "jades-item-members",
        }
    }
}
