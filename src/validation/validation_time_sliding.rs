//! Validation time sliding (EN 319 102-1 §5.6.2.2): how far back the word of an issuer has to be proven.
//!
//! A certificate, and what says that it was not revoked, is the word of a key. The key of a CA that expired, or was revoked
//! since, may be in any hands today: its word counts only as far as it is proven to have existed before. The control time
//! starts at validation time and slides down the path, from the trust anchor to the issuer of the last certificate, to the
//! earliest of these ends.
//!
//! Stricter than the standard: the end of a CA's certificate counts as its revocation does, for nobody lists what has
//! expired. As the reference validator of the EU does by default, evidence that is merely no longer fresh moves nothing:
//! whether it speaks for the time asked about is judged with the path.

use crate::budget::Budget;
use crate::report::ValidationFault;
use crate::time::Instant;
use crate::validation::proofs_of_existence::ProofsOfExistence;
use crate::x509::path::{CertificationPath, RevocationOutcome, RevocationPolicy};
use crate::x509::revocation::{self, CertificateIssuer, Evidence, LaterRevocation, RevocationInputs, RevocationStatus};
use crate::x509::{AnchorValidity, Certificate};

/// Why the word of an issuer counts up to a time only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Validation time: for all there is.
    Now,
    Expired,
    Revoked,
}

/// Slides down `path`; what its certificates say must be proven to have existed at the control time.
///
/// `inputs` are those that the path was judged by: its evidence, the time for which it holds, and validation time as the
/// time at which the evidence is at hand.
///
/// # Errors
/// [`ValidationFault::ExistenceNotProven`], with the certificate or evidence, and since when it is proven.
pub(super) fn slide(
    path: &CertificationPath,
    inputs: &Sliding<'_>,
    budget: &mut Budget,
) -> Result<Instant, ValidationFault> {
    let proofs = inputs.proofs;
    let (mut control, mut end) = (proofs.at(), End::Now);
    let anchor = path.anchor();
    if anchor.validity() == AnchorValidity::Enforce
        && let Some(certificate) = anchor.certificate()
    {
        (control, end) = earlier((control, end), (certificate.validity().not_after(), End::Expired));
    }
    let certificates = path.certificates();
    for (position, certificate) in certificates.iter().enumerate().rev() {
        let issuer = match certificates.get(position + 1) {
            Some(issuer) => issuer.into(),
            None => CertificateIssuer::from(anchor),
        };
        if end != End::Now {
            let word = |object: String, proven: Instant| word((object, proven), issuer, (control, end));
            word(format!("certificate {}", certificate.subject()), proofs.earliest(certificate.as_der()))?;
            evidence_of(path, position).iter().try_for_each(|evidence| {
                let (object, der) = described(evidence);
                word(object, proofs.earliest(der))
            })?;
        }
        if position > 0 {
            (control, end) = earlier((control, end), (certificate.validity().not_after(), End::Expired));
            if let Some(since) = inputs.revoked_since(certificate, issuer, path, budget) {
                (control, end) = earlier((control, end), (since, End::Revoked));
            }
        }
    }
    Ok(control)
}

/// What a path was judged by.
pub(super) struct Sliding<'a> {
    pub(super) proofs: &'a ProofsOfExistence,
    pub(super) evidence: &'a revocation::RevocationEvidence,
    pub(super) pool: &'a [Certificate],
    pub(super) revocation: &'a RevocationPolicy,
    /// The time for which the path holds.
    pub(super) at: Instant,
}

impl Sliding<'_> {
    /// Since when a CA is revoked, later than the path holds for, for a reason that leaves open who has its key.
    fn revoked_since(
        &self,
        certificate: &Certificate,
        issuer: CertificateIssuer<'_>,
        path: &CertificationPath,
        budget: &mut Budget,
    ) -> Option<Instant> {
        let RevocationPolicy::Check(settings) = self.revocation else { return None };
        let mut inputs = RevocationInputs::new(self.evidence, path.anchor(), self.at, settings);
        inputs.pool = self.pool;
        inputs.known_at = self.proofs.at().max(self.at);
        inputs.later = LaterRevocation::Count;
        match revocation::check(certificate, issuer, &inputs, budget) {
            RevocationStatus::Revoked(revoked) => Some(revoked.since()),
            _ => None,
        }
    }
}

fn earlier(one: (Instant, End), other: (Instant, End)) -> (Instant, End) {
    if other.0 < one.0 { other } else { one }
}

/// What says that the certificate at `position` was not revoked.
fn evidence_of(path: &CertificationPath, position: usize) -> &[Evidence] {
    let RevocationOutcome::Checked(statuses) = path.revocation() else { return &[] };
    match statuses.get(position) {
        Some(RevocationStatus::NotRevoked(not_revoked)) => not_revoked.evidence(),
        _ => &[],
    }
}

fn described(evidence: &Evidence) -> (String, &[u8]) {
    match evidence {
        Evidence::OcspResponse(response) => {
            (format!("OCSP response signed {}", response.produced_at()), response.as_der())
        }
        Evidence::Crl(crl) => (format!("CRL of \"{}\" issued {}", crl.issuer(), crl.this_update()), crl.as_der()),
    }
}

/// Whether an object that `issuer` made is proven to have existed at the control time.
fn word(
    (object, proven): (String, Instant),
    issuer: CertificateIssuer<'_>,
    (control, end): (Instant, End),
) -> Result<(), ValidationFault> {
    // A fraction of the last second is still inside a validity.
    if proven.whole_seconds() <= control {
        return Ok(());
    }
    let what_ended = if end == End::Revoked { "was revoked" } else { "expired" };
    Err(ValidationFault::ExistenceNotProven { object, issuer: issuer.name.to_string(), what_ended, control, proven })
}
