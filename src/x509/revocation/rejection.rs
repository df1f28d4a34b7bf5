//! Why evidence does not tell.

use super::{EvidenceSignatureError, RevocationError, Untimely};
use crate::budget::Exhausted;
use crate::oid::Oid;
use crate::time::Instant;
use crate::x509::KeyUsage;
use crate::x509::crl::{CrlContents, CrlError, ReasonFlags};
use crate::x509::ocsp::OcspRejection;
use crate::x509::path::{PathError, PathErrorKind};

/// Why it is not known whether a certificate is revoked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownReason {
    /// Nothing at hand is about the certificate.
    #[error("no CRL and no OCSP response is about it")]
    NoEvidence,
    /// The certificate's cRLDistributionPoints is malformed.
    #[error("its distribution points cannot be read: {0}")]
    DistributionPoints(CrlError),
    /// A CRL by who issues CRLs for the certificate does not tell.
    #[error("CRL of \"{issuer}\" issued {this_update}: {reason}")]
    Crl {
        /// The CRL's issuer, RFC 4514.
        issuer: String,
        /// When the CRL was issued.
        this_update: Instant,
        /// Why.
        reason: CrlRejection,
    },
    /// The CRLs that do tell leave reasons of revocation open.
    #[error("no CRL covers the reasons {missing}")]
    ReasonsNotCovered {
        /// The reasons.
        missing: ReasonFlags,
    },
    /// An OCSP response about the certificate does not tell.
    #[error("OCSP response signed {produced_at}: {reason}")]
    Ocsp {
        /// When it was signed.
        produced_at: Instant,
        /// Why.
        reason: OcspRejection,
    },
    /// The responder says that he does not know the certificate.
    #[error("OCSP response signed {produced_at}: the responder does not know the certificate")]
    UnknownToResponder {
        /// When it was signed.
        produced_at: Instant,
    },
    /// The certificate of the delegate who signed an OCSP response is revoked, or nothing is known of it.
    #[error("OCSP response signed {produced_at}: the responder's {reason}")]
    Delegate {
        /// When the response was signed.
        produced_at: Instant,
        /// What was found.
        reason: RevocationError,
    },
    /// The evidence rests on the certificate that is being judged.
    #[error("the evidence rests on the certificate itself")]
    Circular,
    /// There was more to try than the budget allows.
    #[error("{0}")]
    Exhausted(#[from] Exhausted),
}

impl UnknownReason {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoEvidence => "revocation-no-evidence",
            Self::DistributionPoints(error) => error.code(),
            Self::Crl { reason, .. } => reason.code(),
            Self::ReasonsNotCovered { .. } => "revocation-reasons-not-covered",
            Self::Ocsp { reason, .. } => reason.code(),
            Self::UnknownToResponder { .. } => "ocsp-unknown-to-responder",
            Self::Delegate { .. } => "ocsp-responder-revocation",
            Self::Circular => "revocation-circular",
            Self::Exhausted(_) => "revocation-exhausted",
        }
    }

    /// The limit that was reached, here or in judging who signed the evidence.
    pub(super) fn exhausted(&self) -> Option<Exhausted> {
        match self {
            Self::Exhausted(exhausted) => Some(*exhausted),
            Self::Crl { reason, .. } => reason.exhausted(),
            Self::Delegate { reason, .. } => reason.status.exhausted(),
            Self::Ocsp { reason, .. } => reason.exhausted(),
            _ => None,
        }
    }
}

/// Why a CRL does not tell whether a certificate is revoked. Steps are those of RFC 5280 §6.3.3.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CrlRejection {
    /// The list, or a name in it, cannot be read to the end.
    #[error("{0}")]
    Malformed(CrlError),
    /// A critical extension is not processed (§5.2, §5.3).
    #[error("critical extension {id} is not processed")]
    CriticalExtension {
        /// Which.
        id: Oid,
    },
    /// The distribution point names another CRL issuer than the certificate's, and the list is not indirect (b)(1).
    #[error("it is for another issuer's certificates, and not an indirect CRL")]
    NotIndirect,
    /// The list is indirect, and the distribution point names no CRL issuer (b)(1).
    #[error("it is an indirect CRL, and the certificate's distribution point names no CRL issuer")]
    Indirect,
    /// The list is for another distribution point (b)(2)(i).
    #[error("it is for another distribution point than the certificate's")]
    OtherDistributionPoint,
    /// The list is for other kinds of certificates (b)(2)(ii) to (iv).
    #[error("it is for {} alone", kind(*.contents))]
    OtherContents {
        /// What it is for.
        contents: CrlContents,
    },
    /// The list is not of the time asked about (a).
    #[error("{0}")]
    Untimely(#[from] Untimely),
    /// The certificate had expired when the list was issued, and entries are not kept that long (§3.3).
    #[error("issued when the certificate had expired on {not_after}, and expired certificates are not kept on it")]
    NotRetained {
        /// When the certificate expired.
        not_after: Instant,
    },
    /// Nobody with the issuer's name is known (f).
    #[error("no certificate of its issuer is known")]
    IssuerUnknown,
    /// The issuer's key may not sign CRLs (f).
    #[error("its issuer's keyUsage is {found}, expected cRLSign among it")]
    NoCrlSign {
        /// What is there.
        found: KeyUsage,
    },
    /// The issuer has no path from the anchor of the certificate (f).
    #[error("its issuer has no path: {0}")]
    IssuerPath(Box<PathError>),
    /// A certificate of the issuer's path is revoked, or nothing is known of it.
    #[error("its issuer's {0}")]
    IssuerRevocation(RevocationError),
    /// The signature is not the issuer's (g).
    #[error("{0}")]
    Signature(#[from] EvidenceSignatureError),
    /// There was more to try than the budget allows.
    #[error("{0}")]
    Exhausted(#[from] Exhausted),
}

impl CrlRejection {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(error) => error.code(),
            Self::CriticalExtension { .. } => "crl-critical-extension",
            Self::NotIndirect => "crl-not-indirect",
            Self::Indirect => "crl-indirect",
            Self::OtherDistributionPoint => "crl-other-distribution-point",
            Self::OtherContents { .. } => "crl-other-contents",
            Self::Untimely(reason) => reason.code(),
            Self::NotRetained { .. } => "crl-not-retained",
            Self::IssuerUnknown => "crl-issuer-unknown",
            Self::NoCrlSign { .. } => "crl-issuer-key-usage",
            Self::IssuerPath(_) => "crl-issuer-path",
            Self::IssuerRevocation(_) => "crl-issuer-revocation",
            Self::Signature(error) => error.code(),
            Self::Exhausted(_) => "revocation-exhausted",
        }
    }

    /// The limit that was reached.
    pub(super) fn exhausted(&self) -> Option<Exhausted> {
        match self {
            Self::Exhausted(exhausted) | Self::Signature(EvidenceSignatureError::Exhausted(exhausted)) => {
                Some(*exhausted)
            }
            Self::IssuerPath(error) => match &error.kind {
                PathErrorKind::Exhausted(exhausted) => Some(*exhausted),
                _ => None,
            },
            Self::IssuerRevocation(error) => error.status.exhausted(),
            _ => None,
        }
    }

    /// How far the candidate came; the one that came furthest is reported.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::IssuerUnknown => 0,
            Self::Signature(_) => 1,
            Self::NoCrlSign { .. } => 2,
            Self::IssuerPath(_) => 3,
            _ => 4,
        }
    }
}

impl From<CrlError> for CrlRejection {
    fn from(error: CrlError) -> Self {
        Self::Malformed(error)
    }
}

fn kind(contents: CrlContents) -> &'static str {
    match contents {
        CrlContents::All => "all certificates",
        CrlContents::UserCertificates => "certificates of end entities",
        CrlContents::CaCertificates => "certificates of CAs",
        CrlContents::AttributeCertificates => "attribute certificates",
    }
}
