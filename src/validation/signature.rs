//! One signature, step by step (EN 319 102-1 §5.2 to §5.5).

use crate::budget::Budget;
use crate::crypto::{JwsAlgorithmError, SignatureValid};
use crate::jades::{BaselineLevel, EtsiU, HeaderParameters};
use crate::jws::{Jws, JwsError, JwsSignature};
use crate::policy::{RequiredLevel, ValidationPolicy};
use crate::report::{
    CertificateSummary, Check, NotChecked, SignatureFacts, SignatureParts, SignatureReport, Step, SubIndication,
    ValidationFault,
};
use crate::time::Instant;
use crate::validation::settings::Settings;
use crate::validation::signed_data::SignedData;
use crate::validation::time_stamps::{self, TimeStamps};
use crate::validation::{Evidence, path, signing_certificate};
use crate::x509::Certificate;
use crate::x509::path::{CertificationPath, PathErrorKind, RevocationOutcome};

/// What all signatures of one file share.
pub(super) struct Context<'a> {
    pub(super) jws: &'a Jws,
    pub(super) evidence: &'a Evidence<'a>,
    pub(super) policy: &'a ValidationPolicy,
    pub(super) settings: Settings,
    /// The earliest time at which an evidence record proves that the whole file existed.
    pub(super) existed_at: Option<Instant>,
    pub(super) at: Instant,
    pub(super) subject: Subject<'a>,
}

impl Context<'_> {
    /// The level asked for. A counter-signature need not have a time-stamp of its own: a compact one cannot, and what is
    /// time-stamped is the signature that it stands in.
    fn level(&self) -> RequiredLevel {
        match self.subject {
            Subject::Data => self.policy.level(),
            Subject::SignatureValue { .. } => RequiredLevel::BB,
        }
    }
}

/// What the signatures of one JWS are over.
#[derive(Debug, Clone, Copy)]
pub(super) enum Subject<'a> {
    /// The payload, or the data objects that `sigD` names.
    Data,
    /// The value of another signature.
    SignatureValue {
        /// Its octets.
        value: &'a [u8],
        /// The certificates that stand around that signature.
        pool: &'a [Certificate],
        /// How many signatures stand around the counter-signature.
        depth: usize,
    },
}

/// Runs the steps over `signature`, drawing on what the signatures before it left of the budget of the file.
pub(super) fn validate(context: &Context<'_>, signature: &JwsSignature, budget: &mut Budget) -> SignatureReport {
    let mut run = Run { context, signature, facts: SignatureFacts::default(), checks: Vec::new() };
    let header = run.header_parameters();
    let etsi_u = run.unsigned_header();
    let pool = run.pool(&header, &etsi_u);
    let certificate = run.signing_certificate(&header, &pool);
    let data = SignedData::find(context, signature, &header);
    run.checks.extend(data.checks.iter().cloned());
    let valid = run.cryptography(&data, certificate.as_ref());
    run.algorithms(certificate.as_ref());
    let stamps = time_stamps::validate(context, signature, &header, &etsi_u, data.stamped(), &pool, budget);
    run.time_stamps_left_out(&stamps);
    let proven = run.signature_time_stamp(&stamps, valid.as_ref());
    run.claimed_signing_time(proven);
    run.certification_path(certificate.as_ref(), &pool, proven, budget);
    run.later_additions(&etsi_u, &stamps);
    run.level(&etsi_u);
    let counter_signatures = run.counter_signatures(&etsi_u, &pool, budget);
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

impl Run<'_> {
    /// §5.2.2: `etsiU` is readable, wholly.
    fn unsigned_header(&mut self) -> EtsiU {
        let step = Step::UnsignedHeader;
        let Some(value) = self.signature.unprotected().and_then(|header| header.value("etsiU")) else {
            self.checks.push(Check::not_checked(step, NotChecked::Absent));
            return EtsiU::default();
        };
        match EtsiU::read(value, self.context.policy.limits()) {
            Ok(etsi_u) => {
                self.checks.push(Check::passed(step));
                etsi_u
            }
            Err(error) => {
                self.checks.push(Check::failed(step, SubIndication::FormatFailure, error));
                EtsiU::default()
            }
        }
    }

    /// Everything a path may be built from: the file's own certificates first, then those given.
    fn pool(&mut self, header: &HeaderParameters, etsi_u: &EtsiU) -> Vec<Certificate> {
        let mut pool = header.certificates().to_vec();
        match etsi_u.certificates(self.context.policy.limits()) {
            Ok(certificates) => pool.extend(certificates),
            Err(error) => {
                self.checks.push(Check::failed(Step::UnsignedHeader, SubIndication::FormatFailure, error));
            }
        }
        if let Subject::SignatureValue { pool: around, .. } = self.context.subject {
            pool.extend(around.iter().cloned());
        } else {
            pool.extend(self.context.evidence.certificates.iter().cloned());
        }
        pool
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

    /// §5.2.8: the signature's own algorithm and key. Those of the path are judged with the path.
    fn algorithms(&mut self, certificate: Option<&Certificate>) {
        let step = Step::Algorithms;
        let check = match (self.signature.algorithm(), certificate) {
            (Ok(algorithm), Some(certificate)) => {
                let constraints = self.context.settings.algorithms();
                match constraints.check(algorithm.signature_algorithm(), certificate.public_key()) {
                    Ok(()) => Check::passed(step),
                    Err(error) => Check::failed(step, SubIndication::CryptoConstraintsFailureNoPoe, error),
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
        let required = self.context.level() == RequiredLevel::BT;
        let proven = stamps.earliest_signature_proof().filter(|_| valid.is_some());
        let constraint = SubIndication::SigConstraintsFailure;
        let check = match (stamps.first_signature_failure(), proven) {
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
        // A record over the file proves the signature too; that a time-stamp is in it is for the policy to ask.
        let by_record = self.context.existed_at.filter(|_| valid.is_some());
        let proven = proven.into_iter().chain(by_record).min();
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
    fn certification_path(
        &mut self,
        certificate: Option<&Certificate>,
        pool: &[Certificate],
        proven: Option<Instant>,
        budget: &mut Budget,
    ) {
        let Some(certificate) = certificate else {
            self.checks.push(Check::not_checked(Step::CertificationPath, NotChecked::EarlierFailure));
            self.checks.push(Check::not_checked(Step::Revocation, NotChecked::EarlierFailure));
            return;
        };
        match path::of_signer(self.context, certificate, pool, proven, budget) {
            Ok(path) => {
                self.facts.path = CertificateSummary::of_path(&path);
                self.facts.anchor = Some(path.anchor().clone());
                self.checks.push(Check::passed(Step::CertificationPath));
                self.checks.push(revocation(&path));
            }
            // Revocation is judged last: of a path that holds otherwise.
            Err((sub_indication, error)) if matches!(error.kind, PathErrorKind::Revocation(_)) => {
                self.checks.push(Check::passed(Step::CertificationPath));
                self.checks.push(Check::failed(Step::Revocation, sub_indication, error));
            }
            Err((sub_indication, error)) => {
                self.checks.push(Check::failed(Step::CertificationPath, sub_indication, error));
                self.checks.push(Check::not_checked(Step::Revocation, NotChecked::EarlierFailure));
            }
        }
    }

    /// What was added after the signature time-stamp: not processed in this version, but what is broken is not passed.
    fn later_additions(&mut self, etsi_u: &EtsiU, stamps: &TimeStamps) {
        let has = |names: &[&str]| etsi_u.items().iter().any(|item| names.contains(&item.name()));
        let later = if has(LONG_TERM) { NotChecked::NotProcessed } else { NotChecked::Absent };
        self.checks.push(match stamps.first_broken() {
            Some((position, reason)) => {
                let fault = ValidationFault::BrokenTimeStamp { position, reason: reason.to_string() };
                Check::failed(Step::LongTermData, SubIndication::SigConstraintsFailure, fault)
            }
            None => Check::not_checked(Step::LongTermData, later),
        });
    }

    /// The level that the structure shows, of a header that keeps B-B.
    fn level(&mut self, etsi_u: &EtsiU) {
        let of_header = self.checks.iter().filter(|check| check.step() == Step::HeaderParameters);
        let keeps_b_b = of_header.filter_map(Check::failure).next().is_none();
        self.facts.level = keeps_b_b.then(|| BaselineLevel::of(etsi_u));
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

/// The `etsiU` items of levels beyond B-T.
const LONG_TERM: &[&str] = &[
    "xVals",
    "rVals",
    "axVals",
    "arVals",
    "tstVD",
    "anyValData",
    "arcTst",
    "xRefs",
    "rRefs",
    "axRefs",
    "arRefs",
    "sigRTst",
    "rfsTst",
];
