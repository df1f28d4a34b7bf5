//! X.509 certificate validation (EN 319 102-1 §5.2.6), and its failures in the words of that standard.

use crate::budget::Budget;
use crate::crypto::ConstraintError;
use crate::report::{Reason, SubIndication, ValidationFault};
use crate::time::Instant;
use crate::validation::material::Material;
use crate::validation::proofs_of_existence::ProofsOfExistence;
use crate::validation::settings::Settings;
use crate::validation::signature::Context;
use crate::validation::validation_time_sliding::{self, Sliding};
use crate::x509::Certificate;
use crate::x509::crl::RevocationReason;
use crate::x509::entity::entity_code;
use crate::x509::path::{
    self, CertificationPath, PathError, PathErrorKind, PathInputs, PathSubject, RevocationOutcome,
};
use crate::x509::revocation::{RevocationEvidence, RevocationStatus};

/// A signing certificate, and what it is judged by.
#[derive(Clone, Copy)]
pub(super) struct OfSigner<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) certificate: &'a Certificate,
    pub(super) material: &'a Material<'a>,
    pub(super) proofs: &'a ProofsOfExistence,
    /// When the signature is proven to have existed.
    pub(super) proven: Option<Instant>,
}

impl OfSigner<'_> {
    /// A path from the signing certificate to a trust anchor, at the proven time or else at validation time; or why there is
    /// none, and what that makes of the signature.
    pub(super) fn path(&self, budget: &mut Budget) -> Result<CertificationPath, (SubIndication, Reason)> {
        let evidence = self.material.evidence();
        let error = match self.build(evidence, self.proven.unwrap_or(self.context.at), budget) {
            Ok(path) => return self.existed(path, evidence, budget),
            Err(error) => error,
        };
        let of_signer = matches!(&error.subject, PathSubject::Certificate(subject) if subject == self.certificate);
        let sub_indication = match &error.kind {
            // §5.5.4: a signature proven before its certificate began was not made with it.
            PathErrorKind::NotYetValid { .. } if of_signer && self.proven.is_some() => SubIndication::NotYetValid,
            // Known not to be revoked to its end, it lacks nothing but a proof that the signature is older.
            PathErrorKind::Expired { not_after, .. } if of_signer => match self.build(evidence, *not_after, budget) {
                Ok(path) if is_not_revoked(&path) => SubIndication::OutOfBoundsNotRevoked,
                _ => SubIndication::OutOfBoundsNoPoe,
            },
            PathErrorKind::NotYetValid { .. } if of_signer => SubIndication::OutOfBoundsNoPoe,
            PathErrorKind::Revocation(status) => match (status.as_ref(), of_signer, self.proven) {
                // What is on hold may be released (§5.2.6).
                (RevocationStatus::Revoked(revoked), true, _) if revoked.reason() == ON_HOLD => SubIndication::TryLater,
                (RevocationStatus::Revoked(_), true, Some(_)) => SubIndication::Revoked,
                (RevocationStatus::Revoked(_), true, None) => SubIndication::RevokedNoPoe,
                (RevocationStatus::Revoked(_), false, _) => SubIndication::RevokedCaNoPoe,
                _ => of_any(&error),
            },
            _ => of_any(&error),
        };
        Err((sub_indication, error.into()))
    }

    /// §5.6.2.1: what the path rests on is proven to have existed while it counted; where evidence of a later day does
    /// not, with what is proven alone.
    fn existed(
        &self,
        path: CertificationPath,
        evidence: &RevocationEvidence,
        budget: &mut Budget,
    ) -> Result<CertificationPath, (SubIndication, Reason)> {
        let fault = match self.slide(&path, evidence, budget) {
            Ok(_) => return Ok(path),
            Err(fault) => fault,
        };
        if !self.proofs.is_empty() {
            let proven = self.material.proven_evidence(self.proofs);
            let again = self.build(&proven, self.proven.unwrap_or(self.context.at), budget);
            if let Ok(path) = again
                && self.slide(&path, &proven, budget).is_ok()
            {
                return Ok(path);
            }
        }
        Err((not_proven(&fault), fault.into()))
    }

    /// The path, by the certificates and the revocation data of the file alone.
    ///
    /// # Errors
    /// What is missing, or does not hold.
    pub(super) fn with_the_file_alone(&self, budget: &mut Budget) -> Result<(), Reason> {
        let evidence = self.material.evidence_inside();
        let path = self.build(&evidence, self.proven.unwrap_or(self.context.at), budget)?;
        self.slide(&path, &evidence, budget)?;
        Ok(())
    }

    fn slide(
        &self,
        path: &CertificationPath,
        evidence: &RevocationEvidence,
        budget: &mut Budget,
    ) -> Result<Instant, ValidationFault> {
        let revocation = &self.context.policy.signer_path().revocation;
        let at = self.proven.unwrap_or(self.context.at);
        let sliding = Sliding { proofs: self.proofs, evidence, pool: &self.material.pool, revocation, at };
        validation_time_sliding::slide(path, &sliding, budget)
    }

    fn build(
        &self,
        evidence: &RevocationEvidence,
        at: Instant,
        budget: &mut Budget,
    ) -> Result<CertificationPath, PathError> {
        let settings = Settings::by(self.context.policy, self.proofs);
        let trust_store = self.context.policy.trust_store();
        let mut inputs = PathInputs::new(self.certificate, trust_store, at, &settings.signer_path);
        inputs.pool = &self.material.pool;
        inputs.evidence = Some(evidence);
        inputs.known_at = self.context.at.max(at);
        inputs.entity = entity_code(self.certificate, self.context.policy.coding_scheme()).ok();
        budget.start_path();
        path::build(&inputs, budget)
    }
}

/// What it makes of a signature or a token that too little is proven to have existed.
pub(super) fn not_proven(fault: &ValidationFault) -> SubIndication {
    match fault {
        ValidationFault::ExistenceNotProven { what_ended: "was revoked", .. } => SubIndication::RevokedCaNoPoe,
        _ => SubIndication::NoPoe,
    }
}

/// What a weak algorithm makes of what it made. `since` is the earliest time at which that can have been: from the end of
/// the algorithm on, no proof of existence can help (EN 319 102-1 table 5).
pub(super) fn too_weak(error: &ConstraintError, since: Instant) -> SubIndication {
    match error.end() {
        Some(end) if since >= end => SubIndication::CryptoConstraintsFailure,
        _ => SubIndication::CryptoConstraintsFailureNoPoe,
    }
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
        PathErrorKind::Constraint(constraint) => match &error.subject {
            PathSubject::Certificate(certificate) => too_weak(constraint, certificate.validity().not_before()),
            _ => SubIndication::CryptoConstraintsFailureNoPoe,
        },
        PathErrorKind::Algorithm(_) | PathErrorKind::KeyUnsupported(_) => SubIndication::CryptoConstraintsFailureNoPoe,
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
