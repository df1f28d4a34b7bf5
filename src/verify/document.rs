//! The checks that make a signed payload a government document.

use serde_json::Value;

use crate::document::{Document, MEDIA_TYPE, may_have_bidi_control};
use crate::encoding::excerpt;
use crate::policy::{AttachmentPolicy, ValidationPolicy};
use crate::report::{
    Check, DocumentSummary, NotChecked, PeriodOfValidity, Reading, Report, SignatureReport, Step, SubIndication,
    ValidationFault,
};
use crate::time::Instant;
use crate::validation::Evidence;
use crate::verify::{SignedAs, binding, journal, status};

/// What a document is judged by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judgement<'a> {
    pub(super) evidence: &'a Evidence<'a>,
    pub(super) policy: &'a ValidationPolicy,
    pub(super) at: Instant,
    pub(super) mandates: MandateUse,
}

/// Whether another entity than the issuer may have signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MandateUse {
    /// By a mandate that holds.
    Accept,
    /// Not: the document is a mandate itself.
    Refuse,
}

/// Steps 2 to 8: adds to `report` what is found about its payload.
pub(super) fn verify(report: Report, signed: &SignedAs, judgement: &Judgement<'_>) -> Report {
    let Judgement { evidence, policy, at, .. } = *judgement;
    let Some(payload) = report.unverified_payload() else {
        if report.signatures().iter().any(SignatureReport::has_sig_d) {
            let failed = Check::failed(Step::DocumentFormat, SubIndication::FormatFailure, ValidationFault::NoPayload);
            let rest = not_checked(DOCUMENT_STEPS, NotChecked::EarlierFailure);
            let checks: Vec<Check> = [content_type(&report, signed), failed].into_iter().chain(rest).collect();
            return report.with_checks(checks);
        }
        return without_document(report, NotChecked::EarlierFailure);
    };
    let document = match Document::<Value>::from_slice_in(payload, policy.coding_scheme(), policy.limits()) {
        Ok(document) => document,
        Err(error) => {
            let failed = Check::failed(Step::DocumentFormat, SubIndication::FormatFailure, error);
            let mut checks = vec![content_type(&report, signed), failed];
            checks.extend(not_checked(DOCUMENT_STEPS, NotChecked::EarlierFailure));
            return report.with_checks(checks);
        }
    };
    let mut checks = vec![content_type(&report, signed), Check::passed(Step::DocumentFormat)];
    checks.extend(binding::checks(&report, signed, &document, judgement));
    checks.push(status::check(&document, evidence, policy, at));
    checks.push(journal::check(&report, payload, &document, evidence));
    checks.extend(attachments(&document, evidence, policy));
    checks.push(in_force(&document, at));
    let reading = Reading { scheme: policy.coding_scheme().clone(), limits: policy.limits().clone() };
    let checks = checks.into_iter().map(|check| check.under(policy.constraints()));
    let summary = summary(&document, payload);
    report.with_checks(checks).with_document(summary, reading)
}

/// For a payload of any kind: everything of a document is not checked.
pub(super) fn not_read(report: Report) -> Report {
    without_document(report, NotChecked::AnyPayload)
}

fn without_document(report: Report, why: NotChecked) -> Report {
    let mut checks: Vec<Check> = not_checked(&[Step::ContentType, Step::DocumentFormat], why).collect();
    checks.extend(not_checked(DOCUMENT_STEPS, why));
    report.with_checks(checks)
}

fn not_checked(steps: &[Step], why: NotChecked) -> impl Iterator<Item = Check> {
    steps.iter().map(move |step| Check::not_checked(*step, why))
}

/// Step 2: every signature says that it is over a document, or over a batch that the document is in.
fn content_type(report: &Report, signed: &SignedAs) -> Check {
    match signed {
        SignedAs::Document => content_type_of(report, MEDIA_TYPE),
        SignedAs::InBatch(_) => Check::passed(Step::ContentType),
    }
}

/// Every signature says that it is over a payload of `media_type`, given without `application/`.
pub(super) fn content_type_of(report: &Report, media_type: &str) -> Check {
    match report.signatures().iter().find(|signature| !signature.is_over(media_type)) {
        None => Check::passed(Step::ContentType),
        Some(other) => {
            let found = excerpt(other.content_type().unwrap_or("of no type"));
            let fault = ValidationFault::ContentType { found, expected: format!("application/{media_type}") };
            Check::failed(Step::ContentType, SubIndication::FormatFailure, fault)
        }
    }
}

/// Step 7: a check for each attachment that does not hold, or one for all of them.
fn attachments(document: &Document<Value>, evidence: &Evidence<'_>, policy: &ValidationPolicy) -> Vec<Check> {
    let step = Step::Attachments;
    if document.attachments().is_empty() {
        return vec![Check::not_checked(step, NotChecked::Absent)];
    }
    let mut failed = Vec::new();
    let mut missing = false;
    for attachment in document.attachments() {
        match evidence.attachments.get(attachment.name()) {
            Some(octets) => {
                if let Err(error) = attachment.check(octets) {
                    failed.push(Check::failed(step, SubIndication::AttachmentAltered, error));
                }
            }
            None if policy.attachments() == AttachmentPolicy::AllowMissing => missing = true,
            None => {
                let fault = ValidationFault::AttachmentAbsent { name: excerpt(attachment.name()) };
                failed.push(Check::failed(step, SubIndication::SignedDataNotFound, fault));
            }
        }
    }
    match (failed.is_empty(), missing) {
        (false, _) => failed,
        (true, true) => vec![Check::not_checked(step, NotChecked::ByPolicy)],
        (true, false) => vec![Check::passed(step)],
    }
}

/// Step 8: the document's own period, at the time of validation.
fn in_force(document: &Document<Value>, at: Instant) -> Check {
    match document.validity() {
        None => Check::not_checked(Step::InForce, NotChecked::Absent),
        Some(validity) if validity.contains(at) => Check::passed(Step::InForce),
        Some(validity) => {
            let fault = ValidationFault::NotInForce { at, period: PeriodOfValidity(validity) };
            Check::failed(Step::InForce, SubIndication::DocumentNotInForce, fault)
        }
    }
}

/// What the report tells of a document written as `payload`.
fn summary(document: &Document<Value>, payload: &[u8]) -> DocumentSummary {
    let bidi_controls = if may_have_bidi_control(payload) {
        document.bidi_controls().map(|found| found.len()).unwrap_or_default()
    } else {
        0
    };
    DocumentSummary {
        number: document.number().to_string(),
        issuer: document.issuer().to_string(),
        title: document.title().to_owned(),
        bidi_controls,
    }
}

/// Everything after the format of the document, in order.
const DOCUMENT_STEPS: &[Step] = &[
    Step::EntityOfCertificate,
    Step::NumberOfDocument,
    Step::EntityInRegister,
    Step::KeyInRegister,
    Step::AuthorityInRegister,
    Step::Status,
    Step::Journal,
    Step::Attachments,
    Step::InForce,
];
