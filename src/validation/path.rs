//! X.509 certificate validation (EN 319 102-1 §5.2.6), and its failures in the words of that standard.

use crate::budget::Budget;
use crate::report::SubIndication;
use crate::time::Instant;
use crate::validation::signature::Context;
use crate::x509::Certificate;
use crate::x509::crl::RevocationReason;
use crate::x509::entity::entity_code;
use crate::x509::path::{
    self, CertificationPath, PathError, PathErrorKind, PathInputs, PathSubject, RevocationOutcome,
};
use crate::x509::revocation::RevocationStatus;

/// A path from the signing certificate to a trust anchor, at the proven time or else at validation time; or why there is
/// none, and what that makes of the signature.
pub(super) fn of_signer(
    context: &Context<'_>,
    certificate: &Certificate,
    pool: &[Certificate],
    proven: Option<Instant>,
    budget: &mut Budget,
) -> Result<CertificationPath, (SubIndication, PathError)> {
    let error = match build(context, certificate, pool, proven.unwrap_or(context.at), budget) {
        Ok(path) => return Ok(path),
        Err(error) => error,
    };
    let of_signer = matches!(&error.subject, PathSubject::Certificate(subject) if subject == certificate);
    let sub_indication = match &error.kind {
        // §5.5.4: a signature proven before its certificate began was not made with it.
        PathErrorKind::NotYetValid { .. } if of_signer && proven.is_some() => SubIndication::NotYetValid,
        // Known not to be revoked to its end, it lacks nothing but a proof that the signature is older.
        PathErrorKind::Expired { not_after, .. } if of_signer => {
            match build(context, certificate, pool, *not_after, budget) {
                Ok(path) if is_not_revoked(&path) => SubIndication::OutOfBoundsNotRevoked,
                _ => SubIndication::OutOfBoundsNoPoe,
            }
        }
        PathErrorKind::NotYetValid { .. } if of_signer => SubIndication::OutOfBoundsNoPoe,
        PathErrorKind::Revocation(status) => match (status.as_ref(), of_signer, proven) {
            // What is on hold may be released (§5.2.6).
            (RevocationStatus::Revoked(revoked), true, _) if revoked.reason() == ON_HOLD => SubIndication::TryLater,
            (RevocationStatus::Revoked(_), true, Some(_)) => SubIndication::Revoked,
            (RevocationStatus::Revoked(_), true, None) => SubIndication::RevokedNoPoe,
            (RevocationStatus::Revoked(_), false, _) => SubIndication::RevokedCaNoPoe,
            _ => of_any(&error),
        },
        _ => of_any(&error),
    };
    Err((sub_indication, error))
}

/// Whether evidence says so of every certificate of `path`.
pub(super) fn is_not_revoked(path: &CertificationPath) -> bool {
    match path.revocation() {
        RevocationOutcome::NotChecked => false,
        RevocationOutcome::Checked(statuses) => {
            statuses.iter().all(|status| matches!(status, RevocationStatus::NotRevoked(_)))
        }
    }
}

fn build(
    context: &Context<'_>,
    certificate: &Certificate,
    pool: &[Certificate],
    at: Instant,
    budget: &mut Budget,
) -> Result<CertificationPath, PathError> {
    let policy = context.policy;
    let mut inputs = PathInputs::new(certificate, policy.trust_store(), at, &context.settings.signer_path);
    inputs.pool = pool;
    inputs.evidence = Some(&context.evidence.revocation);
    inputs.known_at = context.at.max(at);
    inputs.entity = entity_code(certificate, policy.coding_scheme()).ok();
    budget.start_path();
    path::build(&inputs, budget)
}

/// What a failed path makes of anything that rests on it.
pub(super) fn of_any(error: &PathError) -> SubIndication {
    match &error.kind {
        PathErrorKind::Signature(error) if error.is_unsupported() => SubIndication::CryptoConstraintsFailureNoPoe,
        PathErrorKind::Revocation(status) => match **status {
            RevocationStatus::Revoked(_) => SubIndication::Revoked,
            _ => SubIndication::TryLater,
        },
        // A certificate with the issuer's name and another key is not the issuer.
        PathErrorKind::IssuerUnknown { .. }
        | PathErrorKind::Signature(_)
        | PathErrorKind::SelfIssuedNotTrusted
        | PathErrorKind::DirectlyTrusted => SubIndication::NoCertificateChainFound,
        PathErrorKind::Constraint(_) | PathErrorKind::Algorithm(_) | PathErrorKind::KeyUnsupported(_) => {
            SubIndication::CryptoConstraintsFailureNoPoe
        }
        PathErrorKind::NotCa
        | PathErrorKind::NoKeyCertSign { .. }
        | PathErrorKind::PathLength
        | PathErrorKind::TooLong { .. }
        | PathErrorKind::CriticalExtension { .. }
        | PathErrorKind::NameConstraint { .. }
        | PathErrorKind::AnchorScope(_)
        | PathErrorKind::NoValidPolicy
        | PathErrorKind::NoAcceptablePolicy
        | PathErrorKind::AnyPolicyMapped
        | PathErrorKind::PolicyQualifier { .. }
        | PathErrorKind::ExtKeyUsage { .. }
        | PathErrorKind::ExtKeyUsageNotCritical { .. }
        | PathErrorKind::KeyUsage { .. } => SubIndication::ChainConstraintsFailure,
        _ => SubIndication::CertificateChainGeneralFailure,
    }
}

const ON_HOLD: Option<RevocationReason> = Some(RevocationReason::CertificateHold);
