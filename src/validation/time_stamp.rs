//! One time-stamp: its imprint, then everything else about it (EN 319 102-1 §5.4, §5.6.2.4).
//!
//! A token is judged when it is proven to have existed: by a later token that covers it, else at validation time. The
//! certificates of its authority must be valid then, and a revocation after that says nothing about it.

use crate::budget::Budget;
use crate::cms::CmsError;
use crate::crypto::ConstraintError;
use crate::jades::Imprint;
use crate::report::{Check, NotChecked, Reason, Step, SubIndication, TimeStampKind, TimeStampReport, ValidationFault};
use crate::time::Instant;
use crate::tsp::{self, ProofOfExistence, StampedData, TimeStampError, TimeStampToken, VerificationInputs};
use crate::validation::material::Material;
use crate::validation::path;
use crate::validation::proofs_of_existence::ProofsOfExistence;
use crate::validation::settings::Settings;
use crate::validation::signature::Context;
use crate::validation::tokens::Found;
use crate::validation::validation_time_sliding::{self, Sliding};
use crate::x509::path::CertificationPath;
use crate::x509::revocation::RevocationEvidence;
use crate::x509::{AnchorValidity, Certificate};

/// What a token is judged with.
pub(super) struct Judge<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) material: &'a Material<'a>,
    pub(super) proofs: &'a ProofsOfExistence,
}

impl Judge<'_> {
    /// The report on a token, and what it proves if it holds. `imprint` is `None` where this version cannot compute it.
    pub(super) fn judge(
        &self,
        found: &Found,
        imprint: Option<&Imprint<'_>>,
        budget: &mut Budget,
    ) -> (TimeStampReport, Option<ProofOfExistence>) {
        let kind = found.kind;
        let token = match &found.token {
            Ok(token) => token,
            Err(error) => return (unreadable(kind, error), None),
        };
        let gen_time = Some(token.unverified_tst_info().gen_time());
        let settings = Settings::by(self.context.policy, self.proofs);
        let Some(imprint) = imprint else {
            let not_computed = Check::not_checked(Step::TimeStampImprint, NotChecked::NotProcessed);
            let checks = vec![not_computed, self.whole(token, &settings)];
            return (TimeStampReport::new(kind, gen_time, None, checks), None);
        };
        // Once: the octets may be all of the file, and each token makes them be read again.
        let digest = imprint.digest(token.unverified_tst_info().message_imprint().algorithm());
        let data = StampedData::Digest(&digest);
        let mut checks = vec![match token.check_imprint(data) {
            Ok(()) => Check::passed(Step::TimeStampImprint),
            Err(error) => Check::failed(Step::TimeStampImprint, SubIndication::HashFailure, error),
        }];
        let mut proof = None;
        match self.verify(token, data, &settings, budget) {
            Ok(proven) => {
                checks.push(Check::passed(Step::TimeStampToken));
                proof = Some(proven);
            }
            Err(Failure::Token(TimeStampError::MessageImprint { .. })) => checks.push(self.whole(token, &settings)),
            Err(Failure::Token(error)) => {
                let sub_indication = sub_indication(&error, gen_time);
                checks.push(Check::failed(Step::TimeStampToken, sub_indication, error));
            }
            Err(Failure::Existence(sub_indication, fault)) => {
                checks.push(Check::failed(Step::TimeStampToken, sub_indication, fault));
            }
        }
        let path = proof.as_ref().map(|proof| proof.path().clone());
        (TimeStampReport::new(kind, gen_time, path, checks), proof)
    }

    /// Whether the token is what its signer made, for one that proves nothing here.
    fn whole(&self, token: &TimeStampToken, settings: &Settings) -> Check {
        match token.verify_signature(&self.material.pool, &settings.time_stamp_path.algorithms) {
            Ok(_) => Check::not_checked(Step::TimeStampToken, NotChecked::EarlierFailure),
            Err(error) => {
                let sub_indication = sub_indication(&error, Some(token.unverified_tst_info().gen_time()));
                Check::failed(Step::TimeStampToken, sub_indication, error)
            }
        }
    }

    fn verify(
        &self,
        token: &TimeStampToken,
        data: StampedData<'_>,
        settings: &Settings,
        budget: &mut Budget,
    ) -> Result<ProofOfExistence, Failure> {
        let first = self.verify_by(self.material.evidence(), (token, data), settings, budget);
        match first {
            // Evidence of a later day, which nothing proves, may hide what the file has.
            Err(Failure::Existence(SubIndication::NoPoe | SubIndication::RevokedCaNoPoe, _))
                if !self.proofs.is_empty() =>
            {
                let proven = self.material.proven_evidence(self.proofs);
                self.verify_by(&proven, (token, data), settings, budget).or(first)
            }
            _ => first,
        }
    }

    fn verify_by(
        &self,
        evidence: &RevocationEvidence,
        (token, data): (&TimeStampToken, StampedData<'_>),
        settings: &Settings,
        budget: &mut Budget,
    ) -> Result<ProofOfExistence, Failure> {
        let (policy, pool) = (self.context.policy, &self.material.pool);
        let (trust_store, path_settings) = (policy.time_stamp_trust_store(), &settings.time_stamp_path);
        let existed = self.proofs.before_validation(token.as_der());
        let mut inputs = VerificationInputs::new(data, trust_store, path_settings, self.context.at);
        inputs.pool = pool;
        inputs.evidence = Some(evidence);
        inputs.policies = Some(policy.time_stamp_policies()).filter(|policies| !policies.is_empty());
        inputs.existed_at = existed;
        budget.start_path();
        let proof = tsp::verify(token, &inputs, budget)?;
        valid_when_proven(proof.path(), existed.unwrap_or(self.context.at))?;
        let revocation = &path_settings.revocation;
        let sliding = Sliding { proofs: self.proofs, evidence, pool, revocation, at: proof.time() };
        validation_time_sliding::slide(proof.path(), &sliding, budget)?;
        Ok(proof)
    }
}

/// Why a token proves nothing.
enum Failure {
    Token(TimeStampError),
    /// It may hold, and too little is proven to have existed.
    Existence(SubIndication, ValidationFault),
}

impl From<TimeStampError> for Failure {
    fn from(error: TimeStampError) -> Self {
        Self::Token(error)
    }
}

impl From<ValidationFault> for Failure {
    fn from(fault: ValidationFault) -> Self {
        Self::Existence(path::not_proven(&fault), fault)
    }
}

/// The certificates of an authority are valid when its token is proven to have existed: whoever has its key after that can
/// make tokens of any time.
fn valid_when_proven(path: &CertificationPath, proven: Instant) -> Result<(), Failure> {
    let anchor = path.anchor();
    let enforced = anchor.certificate().filter(|_| anchor.validity() == AnchorValidity::Enforce);
    let expired = |certificate: &&Certificate| proven.whole_seconds() > certificate.validity().not_after();
    match path.certificates().iter().chain(enforced).find(expired) {
        None => Ok(()),
        Some(certificate) => {
            let (subject, not_after) = (certificate.subject().to_string(), certificate.validity().not_after());
            let fault = ValidationFault::AuthorityExpired { subject, not_after, proven };
            Err(Failure::Existence(SubIndication::OutOfBoundsNoPoe, fault))
        }
    }
}

fn unreadable(kind: TimeStampKind, error: &Reason) -> TimeStampReport {
    let checks = vec![
        Check::failed(Step::TimeStampToken, SubIndication::FormatFailure, error.clone()),
        Check::not_checked(Step::TimeStampImprint, NotChecked::EarlierFailure),
    ];
    TimeStampReport::new(kind, None, None, checks)
}

/// What a token of this time that does not hold is, in the words of §5.4.
pub(super) fn sub_indication(error: &TimeStampError, gen_time: Option<Instant>) -> SubIndication {
    let too_weak = |error: &ConstraintError| match gen_time {
        Some(gen_time) => path::too_weak(error, gen_time),
        None => SubIndication::CryptoConstraintsFailureNoPoe,
    };
    match error {
        TimeStampError::MessageImprint { .. } => SubIndication::HashFailure,
        TimeStampError::Cms(CmsError::Constraint(error)) | TimeStampError::Constraint(error) => too_weak(error),
        TimeStampError::Cms(CmsError::Signature(error)) if error.is_unsupported() => {
            SubIndication::CryptoConstraintsFailureNoPoe
        }
        TimeStampError::Cms(CmsError::SignerNotFound) => SubIndication::NoSigningCertificateFound,
        TimeStampError::Cms(CmsError::Signature(_)) => SubIndication::SigCryptoFailure,
        TimeStampError::Cms(CmsError::MessageDigest { .. }) => SubIndication::HashFailure,
        TimeStampError::Cms(_) | TimeStampError::ContentType { .. } | TimeStampError::TstInfo(_) => {
            SubIndication::FormatFailure
        }
        TimeStampError::Path(error) => path::of_any(error),
        _ => SubIndication::SigConstraintsFailure,
    }
}
