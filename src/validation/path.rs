//! X.509 certificate validation (EN 319 102-1 §5.2.6), and its failures in the words of that standard.

use crate::budget::Budget;
use crate::report::SubIndication;
use crate::time::Instant;
use crate::validation::signature::Context;
use crate::x509::Certificate;
use crate::x509::path::{self, CertificationPath, PathError, PathErrorKind, PathInputs, PathSubject};

/// A path from the signing certificate to a trust anchor, at the proven time or else at validation time.
pub(super) fn of_signer(
    context: &Context<'_>,
    certificate: &Certificate,
    pool: &[Certificate],
    proven: Option<Instant>,
    budget: &mut Budget,
) -> Result<CertificationPath, PathError> {
    let policy = context.policy;
    let at = proven.unwrap_or(context.at);
    let mut inputs = PathInputs::new(certificate, policy.trust_store(), at, policy.signer_path());
    inputs.pool = pool;
    path::build(&inputs, budget)
}

/// What a failed path makes of a signature by `certificate`, whose existence is proven at `proven` or not at all.
pub(super) fn sub_indication(error: &PathError, certificate: &Certificate, proven: Option<Instant>) -> SubIndication {
    let of_signer = matches!(&error.subject, PathSubject::Certificate(subject) if subject == certificate);
    match &error.kind {
        // §5.5.4: a signature proven before its certificate began was not made with it.
        PathErrorKind::NotYetValid { .. } if of_signer && proven.is_some() => SubIndication::NotYetValid,
        PathErrorKind::NotYetValid { .. } | PathErrorKind::Expired { .. } if of_signer => {
            SubIndication::OutOfBoundsNoPoe
        }
        _ => of_any(error),
    }
}

/// What a failed path makes of anything that rests on it.
pub(super) fn of_any(error: &PathError) -> SubIndication {
    match &error.kind {
        PathErrorKind::Signature(error) if error.is_unsupported() => SubIndication::CryptoConstraintsFailureNoPoe,
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
