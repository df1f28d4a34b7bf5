//! Why there is no path.

use std::fmt;

use super::Purpose;
use crate::budget::Exhausted;
use crate::crypto::{AlgorithmError, ConstraintError, SignatureError, UnsupportedKey};
use crate::oid::Oid;
use crate::time::Instant;
use crate::x509::revocation::RevocationStatus;
use crate::x509::{Certificate, ExtKeyUsage, KeyUsage, Name, NameViolation, ScopeViolation, TrustAnchor};

/// Why no path was found: of all candidates that failed, the most telling reason.
///
/// `Display` names the certificate: `certificate CN=Registrar,C=SY: expired 2026-01-01T00:00:00Z, judged at ..`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{subject}: {kind}")]
#[non_exhaustive]
pub struct PathError {
    /// What the reason concerns.
    pub subject: PathSubject,
    /// The reason.
    pub kind: PathErrorKind,
}

impl PathError {
    pub(in crate::x509) fn of(certificate: &Certificate, kind: PathErrorKind) -> Self {
        Self { subject: PathSubject::Certificate(certificate.clone()), kind }
    }

    pub(in crate::x509) fn of_anchor(anchor: &TrustAnchor, kind: PathErrorKind) -> Self {
        Self { subject: PathSubject::TrustAnchor(anchor.clone()), kind }
    }

    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }
}

/// What a [`PathError`] concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathSubject {
    /// A certificate of the path.
    Certificate(Certificate),
    /// The trust anchor.
    TrustAnchor(TrustAnchor),
}

impl fmt::Display for PathSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificate(certificate) => write!(f, "certificate {}", Shown(certificate.subject())),
            Self::TrustAnchor(anchor) => write!(f, "trust anchor {}", Shown(anchor.subject())),
        }
    }
}

/// A name in a message.
struct Shown<'a>(&'a Name);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { f.write_str("without a name") } else { write!(f, "{}", self.0) }
    }
}

/// Why a certificate cannot be where it would be in a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathErrorKind {
    /// Nobody with the issuer's name is trusted or known.
    #[error("its issuer {issuer} is neither trusted nor among the certificates given")]
    IssuerUnknown {
        /// The issuer's name, RFC 4514.
        issuer: String,
    },
    /// The certificate has itself as its issuer, and is no trust anchor.
    #[error("self-issued, and no trust anchor")]
    SelfIssuedNotTrusted,
    /// The path would be longer than the limits allow.
    #[error("the path would have more than {limit} certificates")]
    TooLong {
        /// [`Limits::path_length`](crate::budget::Limits::path_length).
        limit: usize,
    },
    /// The certificate is itself a trust anchor, and [`DirectTrust`](super::DirectTrust) does not let it be the path.
    #[error("a trust anchor itself, and direct trust is not allowed")]
    DirectlyTrusted,
    /// No issuer with the right name made the signature (RFC 5280 §6.1.3 (a)(1)).
    #[error("{0}")]
    Signature(SignatureError),
    /// The signature algorithm is not supported, so the signature cannot be checked.
    #[error("{0}")]
    Algorithm(AlgorithmError),
    /// Signature algorithm or issuer's key break the algorithm constraints.
    #[error("{0}")]
    Constraint(ConstraintError),
    /// The certified key cannot be used, so nothing can rest on it.
    #[error("public key: {0} cannot be used")]
    KeyUnsupported(UnsupportedKey),
    /// The issuer's name is not the subject above (RFC 5280 §6.1.3 (a)(4)).
    #[error("issued by {found}, expected {expected}")]
    IssuerName {
        /// The subject of the certificate above, RFC 4514.
        expected: String,
        /// The issuer, RFC 4514.
        found: String,
    },
    /// Not valid yet (RFC 5280 §6.1.3 (a)(2)).
    #[error("not valid before {not_before}, judged at {at}")]
    NotYetValid {
        /// The start of the validity period.
        not_before: Instant,
        /// The time of judgement.
        at: Instant,
    },
    /// No longer valid (RFC 5280 §6.1.3 (a)(2)).
    #[error("expired {not_after}, judged at {at}")]
    Expired {
        /// The end of the validity period.
        not_after: Instant,
        /// The time of judgement.
        at: Instant,
    },
    /// Issued a certificate, and is no CA (RFC 5280 §6.1.4 (k)).
    #[error("issues certificates, but basicConstraints does not say it is a CA")]
    NotCa,
    /// Issued a certificate, and its key may not (RFC 5280 §6.1.4 (n)).
    #[error("issues certificates, but keyUsage is {found}, expected keyCertSign among it")]
    NoKeyCertSign {
        /// The keyUsage.
        found: KeyUsage,
    },
    /// More intermediate certificates follow than a certificate above allows (RFC 5280 §6.1.4 (l)).
    #[error("one intermediate certificate more than pathLenConstraint allows above it")]
    PathLength,
    /// A critical extension is not processed (RFC 5280 §6.1.4 (o), §6.1.5 (f)).
    #[error("critical extension {id} is not processed")]
    CriticalExtension {
        /// Which.
        id: Oid,
    },
    /// A name lies outside of what a CA above may certify (RFC 5280 §6.1.3 (b), (c)).
    #[error("{name} is {violation}")]
    NameConstraint {
        /// The name, as [`GeneralName`](crate::x509::GeneralName) shows it.
        name: String,
        /// How it breaks the constraints.
        violation: NameViolation,
    },
    /// A certificate policy is required, and none is valid so far (RFC 5280 §6.1.3 (f)).
    #[error("no certificate policy is valid from the trust anchor to here, and one is required")]
    NoValidPolicy,
    /// A certificate policy is required, and none that is acceptable is valid for the path (RFC 5280 §6.1.5 (g)).
    #[error("no acceptable certificate policy is valid for the path, and one is required")]
    NoAcceptablePolicy,
    /// anyPolicy is mapped (RFC 5280 §6.1.4 (a)).
    #[error("policyMappings names anyPolicy")]
    AnyPolicyMapped,
    /// The critical certificatePolicies has a qualifier that cannot be interpreted (RFC 5280 §4.2.1.4).
    #[error("critical certificatePolicies has the unknown qualifier {id}")]
    PolicyQualifier {
        /// The qualifier.
        id: Oid,
    },
    /// extKeyUsage does not allow the purpose.
    #[error("not for {purpose}: extKeyUsage is {}", or_absent(.found))]
    ExtKeyUsage {
        /// What the path is for.
        purpose: Purpose,
        /// The extKeyUsage.
        found: Option<ExtKeyUsage>,
    },
    /// extKeyUsage allows the purpose, but must be critical and is not (RFC 3161 §2.3).
    #[error("not for {purpose}: extKeyUsage is not critical")]
    ExtKeyUsageNotCritical {
        /// What the path is for.
        purpose: Purpose,
    },
    /// keyUsage does not allow the purpose.
    #[error("not for {purpose}: keyUsage is {found}")]
    KeyUsage {
        /// What the path is for.
        purpose: Purpose,
        /// The keyUsage.
        found: KeyUsage,
    },
    /// The trust anchor is not good for what the path is for.
    #[error("{0}")]
    AnchorScope(ScopeViolation),
    /// Revoked, or of unknown status where that is denied (RFC 5280 §6.1.3 (a)(3)).
    #[error("{0}")]
    Revocation(Box<RevocationStatus>),
    /// The search took more than the budget has. There may be a path.
    #[error("{0}")]
    Exhausted(#[from] Exhausted),
}

impl PathErrorKind {
    fn code(&self) -> &'static str {
        match self {
            Self::IssuerUnknown { .. } => "path-issuer-unknown",
            Self::SelfIssuedNotTrusted => "path-self-issued-not-trusted",
            Self::TooLong { .. } => "path-too-long",
            Self::DirectlyTrusted => "path-directly-trusted",
            Self::Signature(error) => error.code(),
            Self::Algorithm(error) => error.code(),
            Self::Constraint(error) => error.code(),
            Self::KeyUnsupported(_) => "path-key-unsupported",
            Self::IssuerName { .. } => "path-issuer-name",
            Self::NotYetValid { .. } => "path-not-yet-valid",
            Self::Expired { .. } => "path-expired",
            Self::NotCa => "path-not-ca",
            Self::NoKeyCertSign { .. } => "path-no-key-cert-sign",
            Self::PathLength => "path-length",
            Self::CriticalExtension { .. } => "path-critical-extension",
            Self::NameConstraint { .. } => "path-name-constraint",
            Self::NoValidPolicy => "path-no-valid-policy",
            Self::NoAcceptablePolicy => "path-no-acceptable-policy",
            Self::AnyPolicyMapped => "path-any-policy-mapped",
            Self::PolicyQualifier { .. } => "path-policy-qualifier",
            Self::ExtKeyUsage { .. } => "path-ext-key-usage",
            Self::ExtKeyUsageNotCritical { .. } => "path-ext-key-usage-not-critical",
            Self::KeyUsage { .. } => "path-key-usage",
            Self::AnchorScope(violation) => violation.code(),
            Self::Revocation(status) => status.code(),
            Self::Exhausted(_) => "path-exhausted",
        }
    }

    /// How much the reason tells about why there is no path; the highest of all candidates is reported.
    ///
    /// First what says that the candidate was never meant to be in this path, last what a valid path has in the way.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::IssuerUnknown { .. } | Self::IssuerName { .. } | Self::SelfIssuedNotTrusted => 0,
            Self::TooLong { .. } | Self::DirectlyTrusted => 1,
            Self::Signature(_) => 2,
            Self::NotCa => 3,
            Self::NoKeyCertSign { .. } => 4,
            Self::Algorithm(_) | Self::KeyUnsupported(_) => 5,
            Self::Constraint(_) => 6,
            Self::PathLength => 7,
            Self::CriticalExtension { .. } | Self::PolicyQualifier { .. } | Self::AnyPolicyMapped => 8,
            Self::NoValidPolicy | Self::NoAcceptablePolicy => 9,
            Self::ExtKeyUsage { .. } | Self::ExtKeyUsageNotCritical { .. } | Self::KeyUsage { .. } => 10,
            Self::NameConstraint { .. } | Self::AnchorScope(_) => 11,
            Self::NotYetValid { .. } | Self::Expired { .. } => 12,
            Self::Revocation(status) => match **status {
                RevocationStatus::Revoked(_) => 14,
                _ => 13,
            },
            Self::Exhausted(_) => u8::MAX,
        }
    }
}

fn or_absent(found: &Option<ExtKeyUsage>) -> String {
    found.as_ref().map_or_else(|| "absent".to_owned(), ToString::to_string)
}
