//! One signature, step by step (EN 319 102-1 §5.2 to §5.5).

use std::borrow::Cow;

use crate::budget::Budget;
use crate::crypto::{JwsAlgorithmError, SignatureValid};
use crate::jades::{BaselineLevel, EtsiU, HeaderParameters, JadesError};
use crate::jws::{Jws, JwsError, JwsSignature};
use crate::policy::{RequiredLevel, ValidationPolicy};
use crate::report::{
    CertificateSummary, Check, EvidenceSummary, NotChecked, Reason, SignatureFacts, SignatureParts, SignatureReport,
    Step, SubIndication, TimeStampKind, ValidationFault,
};
use crate::time::Instant;
use crate::validation::material::Material;
use crate::validation::path::OfSigner;
use crate::validation::proofs_of_existence::ProofsOfExistence;
use crate::validation::received::ReadSignature;
use crate::validation::settings::Settings;
use crate::validation::signed_data::SignedData;
use crate::validation::time_stamps::{self, Stamped, TimeStamps};
use crate::validation::tokens::Tokens;
use crate::validation::{Evidence, long_term, path, signing_certificate};
use crate::x509::Certificate;
use crate::x509::path::{CertificationPath, PathErrorKind, RevocationOutcome};

/// What all signatures of one file share.
pub(super) struct Context<'a> {
    pub(super) jws: &'a Jws,
    pub(super) evidence: &'a Evidence<'a>,
    pub(super) policy: &'a ValidationPolicy,
    /// The earliest time at which all of the JWS is proven to have existed: by an evidence record over the file, or by a
    /// time-stamp around a counter-signature.
    pub(super) existed_at: Option<Instant>,
    pub(super) at: Instant,
    pub(super) subject: Subject<'a>,
}

impl Context<'_> {
    /// The level asked for. A counter-signature need not have a time-stamp of its own: a compact one cannot, and what is
    /// time-stamped is the signature that it stands in.
    pub(super) fn level(&self) -> RequiredLevel {
        match self.subject {
            Subject::Data => self.policy.level(),
            Subject::SignatureValue { .. } => RequiredLevel::BB,
        }
    }
}

/// What the signatures of one JWS are over.
#[derive(Clone, Copy)]
pub(super) enum Subject<'a> {
    /// The payload, or the data objects that `sigD` names.
    Data,
    /// The value of another signature.
    SignatureValue {
        /// Its octets.
        value: &'a [u8],
        /// What stands around that signature: evidence for this one too.
        material: &'a Material<'a>,
        /// What is proven around it.
        proofs: &'a ProofsOfExistence,
        /// How many signatures stand around the counter-signature.
        depth: usize,
    },
}

/// Runs the steps over `signature`, whose parts are `read`, drawing on what the signatures before it left of the budget of
/// the file.
pub(super) fn validate(
    context: &Context<'_>,
    signature: &JwsSignature,
    read: &ReadSignature,
    budget: &mut Budget,
) -> SignatureReport {
    let mut run = Run { context, signature, facts: SignatureFacts::default(), checks: Vec::new() };
    let (header, tokens) = (&read.header, &read.tokens);
    run.header_parameters(header);
    let etsi_u = run.unsigned_header(read.etsi_u.as_ref());
    let etsi_u = etsi_u.as_ref();
    let material = run.material(header, etsi_u, tokens);
    let certificate = run.signing_certificate(header, &material.pool);
    let data = SignedData::find(context, signature, header);
    run.checks.extend(data.checks.iter().cloned());
    let valid = run.cryptography(&data, certificate.as_ref());
    let stamped = Stamped { context, signature, header, etsi_u, material: &material, data: data.stamped() };
    let stamps = time_stamps::validate(&stamped, tokens, budget);
    run.algorithms(certificate.as_ref(), &stamps);
    run.time_stamps_left_out(&stamps);
    let proven = run.signature_time_stamp(&stamps, valid.as_ref());
    run.claimed_signing_time(proven);
    run.checks.extend(long_term::order(&stamps));
    let (material, proofs) = (&material, &stamps.proofs);
    let judged = certificate.as_ref().map(|certificate| OfSigner { context, certificate, material, proofs, proven });
    run.certification_path(judged.as_ref(), budget);
    run.checks.push(long_term::long_term_data(etsi_u, &stamps));
    run.level(etsi_u, &stamps, judged.as_ref(), budget);
    run.facts.renewal_due = long_term::renewal_due(context, &stamps);
    let counter_signatures = run.counter_signatures(etsi_u, material, &stamps, budget);
    run.facts.signed_objects = data.objects;
    let constraints = context.policy.constraints();
    let checks = run.checks.into_iter().map(|check| check.under(constraints)).collect();
    let parts = SignatureParts { time_stamps: stamps.reports, counter_signatures };
    SignatureReport::new(run.facts, certificate, parts, checks)
}

/// One validation under way: what was found so far.
pub(super) struct Run<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) signature: &'a JwsSignature,
    pub(super) facts: SignatureFacts,
    pub(super) checks: Vec<Check>,
}

impl<'a> Run<'a> {
    /// §5.2.2: `etsiU` is readable, wholly.
    fn unsigned_header<'r>(&mut self, read: Option<&'r Result<EtsiU, JadesError>>) -> Cow<'r, EtsiU> {
        let step = Step::UnsignedHeader;
        let (check, etsi_u) = match read {
            None => (Check::not_checked(step, NotChecked::Absent), None),
            Some(Ok(etsi_u)) => (Check::passed(step), Some(etsi_u)),
            Some(Err(error)) => (Check::failed(step, SubIndication::FormatFailure, error.clone()), None),
        };
        self.checks.push(check);
        etsi_u.map_or_else(Cow::default, Cow::Borrowed)
    }

    /// Everything at hand, and what of the file's own cannot be read.
    fn material(&mut self, header: &HeaderParameters, etsi_u: &EtsiU, tokens: &Tokens) -> Material<'a> {
        let (material, faults) = Material::collect(self.context, header, etsi_u, tokens);
        let failed = |fault| Check::failed(Step::UnsignedHeader, SubIndication::FormatFailure, fault);
        self.checks.extend(faults.into_iter().map(failed));
        material
    }

    /// §5.2.3: the certificate that the protected header pins.
    fn signing_certificate(&mut self, header: &HeaderParameters, pool: &[Certificate]) -> Option<Certificate> {
        match signing_certificate::identify(header, pool) {
            Ok(certificate) => {
                self.facts.signing_certificate = Some(CertificateSummary::of(&certificate));
                self.checks.push(Check::passed(Step::SigningCertificate));
                Some(certificate)
            }
            Err(fault) => {
                let sub_indication = SubIndication::NoSigningCertificateFound;
                self.checks.push(Check::failed(Step::SigningCertificate, sub_indication, fault));
                None
            }
        }
    }

    /// §5.2.7: the signed data is there and the signature value verifies over the octets received.
    fn cryptography(&mut self, data: &SignedData<'_>, certificate: Option<&Certificate>) -> Option<SignatureValid> {
        let step = Step::Cryptography;
        let (Some(payload), Some(certificate)) = (&data.payload, certificate) else {
            self.checks.push(Check::not_checked(step, NotChecked::EarlierFailure));
            return None;
        };
        let verify = |payload: &[u8]| self.signature.verify_value(certificate.public_key(), payload);
        match payload.as_deref().map_err(JwsError::clone).and_then(verify) {
            Ok(valid) => {
                self.checks.push(Check::passed(step));
                Some(valid)
            }
            Err(error) => {
                self.checks.push(Check::failed(step, value_failure(&error), error));
                None
            }
        }
    }

    /// §5.2.8: the signature's own algorithm and key, judged when the signature is proven to have existed. Those of the
    /// path are judged with the path.
    fn algorithms(&mut self, certificate: Option<&Certificate>, stamps: &TimeStamps) {
        let step = Step::Algorithms;
        let check = match (self.signature.algorithm(), certificate) {
            (Ok(algorithm), Some(certificate)) => {
                let settings = Settings::by(self.context.policy, &stamps.proofs);
                let (value, key) = (self.signature.received_signature().as_bytes(), certificate.public_key());
                match settings.algorithms().check_of(value, algorithm.signature_algorithm(), key) {
                    Ok(()) => Check::passed(step),
                    Err(error) => {
                        // A signature is younger than its certificate, and than what was stamped before it was made.
                        let of_content = stamps.valid.iter().filter(|valid| valid.kind == TimeStampKind::Content);
                        let youngest = of_content.map(|valid| valid.proof.time()).max();
                        let not_before = certificate.validity().not_before();
                        let since = youngest.map_or(not_before, |time| time.max(not_before));
                        Check::failed(step, path::too_weak(&error, since), error)
                    }
                }
            }
            _ => Check::not_checked(step, NotChecked::EarlierFailure),
        };
        self.checks.push(check);
    }

    /// A time-stamp that was not looked at, for there are too many, is not passed over.
    fn time_stamps_left_out(&mut self, stamps: &TimeStamps) {
        if let Some(error) = stamps.exhausted() {
            self.checks.push(Check::failed(Step::UnsignedHeader, SubIndication::FormatFailure, error));
        }
    }

    /// §5.5.4: when the signature is proven to have existed. Only a token over a signature that verifies proves a
    /// signature.
    fn signature_time_stamp(&mut self, stamps: &TimeStamps, valid: Option<&SignatureValid>) -> Option<Instant> {
        let step = Step::SignatureTimeStamp;
        let required = self.context.level() >= RequiredLevel::BT;
        let stamped = stamps.earliest_signature_proof().filter(|_| valid.is_some());
        let constraint = SubIndication::SigConstraintsFailure;
        let check = match (stamps.first_failure(TimeStampKind::Signature), stamped) {
            (_, Some(_)) => Check::passed(step),
            (None, None) if stamps.has_signature_time_stamp() => Check::not_checked(step, NotChecked::EarlierFailure),
            (None, None) if required => Check::failed(step, constraint, ValidationFault::NoTimeStamp),
            (None, None) => Check::not_checked(step, NotChecked::Absent),
            (Some(reason), None) => {
                let reason = reason.to_string();
                Check::failed(step, constraint, ValidationFault::NoValidTimeStamp { reason })
            }
        };
        self.checks.push(check);
        // Whatever covers the signature proves it, an archive time-stamp or a record over the file too; that a time-stamp is
        // in it is for the policy to ask.
        let value = self.signature.received_signature().as_bytes();
        let proven = stamps.proofs.before_validation(value).or(stamped).filter(|_| valid.is_some());
        self.facts.proven_time = proven;
        proven
    }

    /// §5.5.4: what the signer claims must not lie behind what is proven, nor ahead of the time of validation.
    fn claimed_signing_time(&mut self, proven: Option<Instant>) {
        let step = Step::ClaimedSigningTime;
        let Some(claimed) = self.facts.claimed_signing_time else {
            self.checks.push(Check::not_checked(step, NotChecked::EarlierFailure));
            return;
        };
        let (at, tolerance) = (self.context.at, self.context.policy.clock_tolerance());
        let latest = proven.unwrap_or(at).checked_add(tolerance);
        let check = match proven {
            _ if latest.is_none_or(|latest| claimed <= latest) => Check::passed(step),
            Some(proven) => {
                let fault = ValidationFault::ClaimedAfterProven { claimed, proven, tolerance };
                Check::failed(step, SubIndication::SigConstraintsFailure, fault)
            }
            None => {
                let fault = ValidationFault::ClaimedInFuture { claimed, at, tolerance };
                Check::failed(step, SubIndication::SigConstraintsFailure, fault)
            }
        };
        self.checks.push(check);
    }

    /// §5.2.6: a path to a trust anchor that holds at the proven time, or at validation time without one.
    fn certification_path(&mut self, judged: Option<&OfSigner<'_>>, budget: &mut Budget) {
        let Some(judged) = judged else {
            self.checks.push(Check::not_checked(Step::CertificationPath, NotChecked::EarlierFailure));
            self.checks.push(Check::not_checked(Step::Revocation, NotChecked::EarlierFailure));
            return;
        };
        match judged.path(budget) {
            Ok(path) => {
                self.facts.path = CertificateSummary::of_path(&path);
                self.facts.anchor = Some(path.anchor().clone());
                self.facts.revocation_evidence = EvidenceSummary::of_path(&path);
                self.checks.push(Check::passed(Step::CertificationPath));
                self.checks.push(revocation(&path));
                self.facts.certification_path = Some(path);
            }
            // Revocation is judged last: of a path that holds otherwise.
            Err((sub_indication, error)) if is_of_revocation(&error) => {
                self.checks.push(Check::passed(Step::CertificationPath));
                self.checks.push(Check::failed(Step::Revocation, sub_indication, error));
            }
            Err((sub_indication, error)) => {
                self.checks.push(Check::failed(Step::CertificationPath, sub_indication, error));
                self.checks.push(Check::not_checked(Step::Revocation, NotChecked::EarlierFailure));
            }
        }
    }

    /// The level that the structure shows, of a header that keeps B-B, and whether it is the one asked for.
    fn level(&mut self, etsi_u: &EtsiU, stamps: &TimeStamps, judged: Option<&OfSigner<'_>>, budget: &mut Budget) {
        let of_header = self.checks.iter().filter(|check| check.step() == Step::HeaderParameters);
        let keeps_b_b = of_header.filter_map(Check::failure).next().is_none();
        self.facts.level = keeps_b_b.then(|| BaselineLevel::of(etsi_u));
        let alone = || judged.and_then(|judged| judged.with_the_file_alone(budget).err());
        self.checks.extend(long_term::level(self.context, self.facts.level, stamps, alone));
    }
}

/// Revocation is judged last: of a path that holds otherwise.
fn is_of_revocation(reason: &Reason) -> bool {
    match reason {
        Reason::Path(error) => matches!(error.kind, PathErrorKind::Revocation(_)),
        _ => false,
    }
}

/// What a signature value that was not verified makes of the signature: one that cannot be judged here may hold elsewhere,
/// so it is not known to be false (EN 319 102-1 §5.1.3).
fn value_failure(error: &JwsError) -> SubIndication {
    match error {
        JwsError::Algorithm(JwsAlgorithmError::Unsupported { .. }) => SubIndication::CryptoConstraintsFailureNoPoe,
        JwsError::Signature(error) if error.is_unsupported() => SubIndication::CryptoConstraintsFailureNoPoe,
        _ => SubIndication::SigCryptoFailure,
    }
}

/// What a path that holds says of revocation.
fn revocation(path: &CertificationPath) -> Check {
    let step = Step::Revocation;
    match path.revocation() {
        RevocationOutcome::NotChecked => Check::not_checked(step, NotChecked::ByPolicy),
        RevocationOutcome::Checked(_) if path::is_not_revoked(path) => Check::passed(step),
        RevocationOutcome::Checked(_) => Check::not_checked(step, NotChecked::NothingKnown),
    }
}
