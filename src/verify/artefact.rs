//! Opening what an entity signs beside its documents: status lists and tree heads.

use crate::codes::EntityCode;
use crate::journal::{self, TreeHead, VerifiedTreeHead};
use crate::policy::ValidationPolicy;
use crate::report::{Check, Indication, NotChecked, Reason, Report, Step, SubIndication};
use crate::status::{self, StatusList, VerifiedStatusList};
use crate::time::Instant;
use crate::validation::{self, Evidence};
use crate::verify::{Verifier, authority, binding, document};

impl Verifier {
    /// The status list in `octets`, a JWS in any serialization, when it holds as of `at`: its signatures as those of
    /// documents, each made for a status list (`cty`) and with a certificate of the entity whose list it says it is.
    ///
    /// Where a [register](crate::register) is given, it must list the key for that entity.
    ///
    /// That it is fresh is not asked here but of each document: a list may be opened today and asked for a past time.
    ///
    /// # Errors
    /// The report, when it does not hold: a list signed by another entity is `TOTAL_FAILED / ENTITY_MISMATCH`, a signed
    /// document `TOTAL_FAILED / FORMAT_FAILURE`.
    pub fn open_status_list(
        &self,
        octets: &[u8],
        evidence: &Evidence<'_>,
        at: Instant,
    ) -> Result<VerifiedStatusList, Box<Report>> {
        open(self.policy(), octets, evidence, at).map(VerifiedStatusList::new)
    }

    /// The head of a journal in `octets`, a JWS in any serialization, when it holds as of `at`: its signatures as those of
    /// documents, each made for a tree head (`cty`) and with a certificate of the entity whose journal it says it is.
    ///
    /// # Errors
    /// The report, when it does not hold, as [`open_status_list`](Self::open_status_list).
    pub fn open_tree_head(
        &self,
        octets: &[u8],
        evidence: &Evidence<'_>,
        at: Instant,
    ) -> Result<VerifiedTreeHead, Box<Report>> {
        open(self.policy(), octets, evidence, at).map(VerifiedTreeHead::new)
    }
}

/// What an entity signs that is no document.
trait Artefact: Sized {
    /// Its media type, without `application/`.
    const MEDIA_TYPE: &'static str;
    /// The step of reading it.
    const FORMAT: Step;

    fn read(payload: &[u8], policy: &ValidationPolicy) -> Result<Self, Reason>;

    /// The entity that it says it is of.
    fn issuer(&self) -> EntityCode;
}

impl Artefact for StatusList {
    const MEDIA_TYPE: &'static str = status::MEDIA_TYPE;
    const FORMAT: Step = Step::StatusListFormat;

    fn read(payload: &[u8], policy: &ValidationPolicy) -> Result<Self, Reason> {
        Ok(Self::from_slice_in(payload, policy.coding_scheme(), policy.limits())?)
    }

    fn issuer(&self) -> EntityCode {
        self.issuer()
    }
}

impl Artefact for TreeHead {
    const MEDIA_TYPE: &'static str = journal::MEDIA_TYPE;
    const FORMAT: Step = Step::TreeHeadFormat;

    fn read(payload: &[u8], policy: &ValidationPolicy) -> Result<Self, Reason> {
        Ok(Self::from_slice_in(payload, policy.coding_scheme(), policy.limits())?)
    }

    fn issuer(&self) -> EntityCode {
        self.issuer()
    }
}

/// Validates the signatures, reads what they are over, and asks each certificate whose it is.
fn open<A: Artefact>(
    policy: &ValidationPolicy,
    octets: &[u8],
    evidence: &Evidence<'_>,
    at: Instant,
) -> Result<A, Box<Report>> {
    let report = validation::validate(octets, evidence, policy, at);
    let mut checks = vec![document::content_type_of(&report, A::MEDIA_TYPE)];
    let read = match report.unverified_payload().map(|payload| A::read(payload, policy)) {
        Some(Ok(artefact)) => {
            checks.push(Check::passed(A::FORMAT));
            checks.extend(issuers(&report, artefact.issuer(), policy));
            checks.extend(keys(&report, artefact.issuer(), policy, evidence));
            Some(artefact)
        }
        Some(Err(reason)) => {
            checks.push(Check::failed(A::FORMAT, SubIndication::FormatFailure, reason));
            None
        }
        None => {
            checks.push(Check::not_checked(A::FORMAT, NotChecked::EarlierFailure));
            None
        }
    };
    let report = report.with_checks(checks);
    match read {
        Some(artefact) if report.indication() == Indication::TotalPassed => Ok(artefact),
        _ => Err(Box::new(report)),
    }
}

/// A register that is given lists every signing key for the issuer. That the issuer is there still is not asked: what it
/// issued while it was may have to be withdrawn later.
fn keys(report: &Report, issuer: EntityCode, policy: &ValidationPolicy, evidence: &Evidence<'_>) -> Vec<Check> {
    let at = report.validated_at();
    match authority::register_in_use(evidence.register, policy.register(), at) {
        Err(unasked) => unasked.into_iter().filter(|check| check.failure().is_some()).collect(),
        Ok(register) => {
            let signatures = report.signatures().iter();
            signatures.map(|signature| authority::key(register, signature, issuer, at)).collect()
        }
    }
}

/// Every signing certificate is the issuer's.
fn issuers(report: &Report, issuer: EntityCode, policy: &ValidationPolicy) -> Vec<Check> {
    let check = |certificate| binding::entity_of_certificate(certificate, issuer, policy);
    let absent = || Check::not_checked(Step::EntityOfCertificate, NotChecked::EarlierFailure);
    let signatures = report.signatures().iter();
    signatures.map(|signature| signature.certificate().map_or_else(absent, check)).collect()
}
