//! Format checking of the protected header (EN 319 102-1 §5.2.2), and the policy that it names (§5.2.4).

use crate::jades::{HeaderParameters, JadesError, SignaturePolicyId, SigningTime};
use crate::jws::CriticalRules;
use crate::report::{Check, NotChecked, Step, SubIndication, ValidationFault};
use crate::validation::signature::{Run, Subject};
use crate::validation::signed_data::not_of_counter_signatures;

impl Run<'_> {
    /// §5.2.2: the protected header keeps JAdES. Each fault is a failed check, so that none hides another.
    pub(super) fn header_parameters(&mut self, header: &HeaderParameters) {
        let step = Step::HeaderParameters;
        let mut faults: Vec<JadesError> = header.faults().to_vec();
        match self.context.subject {
            Subject::Data if header.has_sig_d() && !self.context.jws.is_detached() => {
                faults.push(JadesError::PayloadAndSigD);
            }
            Subject::Data => {}
            Subject::SignatureValue { .. } => faults.extend(not_of_counter_signatures(header)),
        }
        let before = self.checks.len();
        for fault in faults {
            self.checks.push(Check::failed(step, SubIndication::FormatFailure, fault));
        }
        if let Err(error) = self.signature.check_critical(&CRITICAL) {
            self.checks.push(Check::failed(step, SubIndication::FormatFailure, error));
        }
        let at = self.context.at;
        if let Some(expires) = header.expires().filter(|expires| *expires <= at) {
            let fault = ValidationFault::SignatureExpired { expires, at };
            self.checks.push(Check::failed(step, SubIndication::SigConstraintsFailure, fault));
        }
        if self.checks.len() == before {
            self.checks.push(Check::passed(step));
        }
        self.checks.push(self.signature_policy(header.signature_policy()));
        self.facts_of(header);
    }

    /// §5.2.4: the document given is that of the policy which the signer names. Whether the policy was followed is for a
    /// reader of it to say.
    fn signature_policy(&self, policy: Option<&SignaturePolicyId>) -> Check {
        let step = Step::SignaturePolicy;
        let Some(policy) = policy else { return Check::not_checked(step, NotChecked::Absent) };
        let documents = &self.context.evidence.signature_policies;
        let mut names = std::iter::once(policy.id().id()).chain(policy.uris());
        let (Some(document), Some(expected)) = (names.find_map(|name| documents.get(name)), policy.digest()) else {
            return Check::not_checked(step, NotChecked::NotProcessed);
        };
        let failure = SubIndication::PolicyProcessingError;
        let expected = match expected {
            Ok(expected) => expected,
            Err(error) => return Check::failed(step, failure, error.clone()),
        };
        match policy.digest_of(document, expected) {
            None => Check::not_checked(step, NotChecked::NotProcessed),
            Some(found) if found == *expected => Check::passed(step),
            Some(found) => {
                let (expected, found) = (expected.to_string(), found.to_string());
                Check::failed(step, failure, ValidationFault::OtherSignaturePolicy { expected, found })
            }
        }
    }

    fn facts_of(&mut self, header: &HeaderParameters) {
        let facts = &mut self.facts;
        facts.algorithm = self.signature.unverified_string("alg").map(str::to_owned);
        facts.content_type = header.content_type().map(str::to_owned);
        facts.claimed_signing_time = header.signing_time().map(SigningTime::instant);
        facts.commitments = header.commitments().to_vec();
        facts.place = header.place().cloned();
        facts.attributes = header.attributes().cloned();
        facts.signature_policy = header.signature_policy().cloned();
        facts.has_sig_d = header.has_sig_d();
    }
}

/// The JAdES header parameters that `crit` may list (TS 119 182-1 §5.1.9): those that are processed, or that change
/// nothing about the validity of the signature. `etsiU` counts as present where it stands, in the unprotected header.
/// It must list `sigD` and `b64` where they stand.
const CRITICAL: CriticalRules<'_> = CriticalRules::new(
    &["sigT", "iat", "exp", "sigD", "sigPId", "srCms", "sigPl", "srAts", "adoTst", "x5t#o", "sigX5ts", "b64", "etsiU"],
    &["sigD"],
);
