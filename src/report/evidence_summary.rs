//! The evidence of revocation that a verdict rests on.

use crate::time::Instant;
use crate::x509::Certificate;
use crate::x509::path::{CertificationPath, RevocationOutcome};
use crate::x509::revocation::{Evidence, RevocationStatus};

/// A CRL or an OCSP response that a verdict rests on, for showing which one is meant.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct EvidenceSummary {
    /// `CRL` or `OCSP`.
    pub kind: &'static str,
    /// The subject of the certificate that it is about, as in RFC 4514.
    pub about: String,
    /// Who issued it: the name of a CRL's issuer, or what a responder calls itself.
    pub issuer: String,
    /// When it was issued, by its own word.
    pub issued: Instant,
}

impl EvidenceSummary {
    /// What says that no certificate of `path` was revoked.
    pub(crate) fn of_path(path: &CertificationPath) -> Vec<Self> {
        let RevocationOutcome::Checked(statuses) = path.revocation() else { return Vec::new() };
        let judged = path.certificates().iter().zip(statuses);
        judged.flat_map(|(certificate, status)| Self::of_status(certificate, status)).collect()
    }

    fn of_status(certificate: &Certificate, status: &RevocationStatus) -> Vec<Self> {
        let RevocationStatus::NotRevoked(not_revoked) = status else { return Vec::new() };
        let about = || certificate.subject().to_string();
        let summary = |evidence: &Evidence| match evidence {
            Evidence::Crl(crl) => {
                Self { kind: "CRL", about: about(), issuer: crl.issuer().to_string(), issued: crl.this_update() }
            }
            Evidence::OcspResponse(response) => Self {
                kind: "OCSP",
                about: about(),
                issuer: response.responder_id().to_string(),
                issued: response.produced_at(),
            },
        };
        not_revoked.evidence().iter().map(summary).collect()
    }
}
