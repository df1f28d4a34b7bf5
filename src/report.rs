//! What was found: a [`Report`] in the words of EN 319 102-1, for a program (serde) and for a clerk (`Display`).
//!
//! A report is built from the values that the checks return, in the order in which they were made; nothing is logged
//! on the side. Every check is there: passed, failed with its reason, warned of what the policy lets pass, or not checked
//! with why. The first failure of the worst kind gives the sub-indication.
//!
//! As JSON, by serde:
//!
//! ```text
//! report      = {"indication", ["subIndication"], "validatedAt", ["unverifiedDocument": document],
//!                "signatures": [*signature], ["evidenceRecords": [1*record]], "checks": [*check]}
//! document    = {"number", "issuer", "title", "bidiControls"}         ; what it says of itself
//! signature   = {"indication", ["subIndication"], ["level"], ["algorithm"], ["contentType"], ["claimedSigningTime"],
//!                ["provenTime"], ["signingCertificate": certificate], ["path": [1*certificate]], ["renewalDue"],
//!                ["revocationEvidence": [1*evidence]],
//!                ["signedObjects": [1*object]], ["commitments": [1*commitment]], ["place": place],
//!                ["attributes": attributes], ["signaturePolicy": policy], "timeStamps": [*time-stamp],
//!                ["counterSignatures": [1*signature]], "checks": [*check]}
//! object      = {"name", ["mediaType"], "state", ["sha256"]}          ; of sigD; hexadecimal
//! time-stamp  = {"kind", "indication", ["subIndication"], ["unverifiedTime"], ["authority": certificate],
//!                ["revocationEvidence": [1*evidence]], "checks": [1*check]}
//! evidence    = {"kind": "CRL" / "OCSP", "about", "issuer", "issued"} ; names as in RFC 4514
//! record      = {"indication", ["subIndication"], ["provenTime"], ["renewBefore"],
//!                "archiveTimeStamps": [*archive], "checks": [1*check]}
//! archive     = {"renewal": "initial" / "time-stamp" / "hash-tree", "indication", ["subIndication"], "unverifiedTime",
//!                "until", ["authority": certificate], "checks": [1*check]}
//! certificate = {"subject", ["sha256"]}                               ; RFC 4514, hexadecimal
//! check       = {"step", "outcome": "passed"} / {"step", "outcome": "not-checked", "code", "reason"}
//!             / {"step", "outcome": "warning" / "information", "code", "reason"}
//!             / {"step", "outcome": "failed", "subIndication", "code", "reason"}
//! ```
//! Times are RFC 3339. Indications, sub-indications, steps, outcomes and codes are stable words, to which others may be
//! added; a reason is a sentence for people and may change. What comes from the file is not verified unless the
//! indication says so, and it cannot write lines of the text form: it is cut short there, with controls escaped.

use std::fmt;

use crate::budget::Limits;
use crate::codes::CodingScheme;
use crate::encoding::remark;
use crate::time::Instant;

mod check;
mod evidence_record;
mod evidence_summary;
mod indication;
mod reason;
mod signature;
mod signed_object;
mod simple;
mod time_stamp;

pub use check::{Check, NotChecked, Outcome, Step};
pub use evidence_record::{ArchiveTimeStampReport, EvidenceRecordReport};
pub use evidence_summary::EvidenceSummary;
pub use indication::{Indication, SubIndication};
pub use reason::{PeriodOfValidity, Reason, ValidationFault};
pub use signature::{CertificateSummary, SignatureReport};
pub(crate) use signature::{SignatureFacts, SignatureParts};
pub use signed_object::{SignedObject, SignedObjectState};
pub use simple::{SimpleReport, SimpleSignature};
pub use time_stamp::{TimeStampKind, TimeStampReport};

/// The verdict on a document, or on a signed payload of any kind.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    indication: Indication,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_indication: Option<SubIndication>,
    validated_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    unverified_document: Option<DocumentSummary>,
    #[serde(skip)]
    reading: Option<Reading>,
    signatures: Vec<SignatureReport>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    evidence_records: Vec<EvidenceRecordReport>,
    checks: Vec<Check>,
    #[serde(skip)]
    payload: Option<Vec<u8>>,
}

impl Report {
    /// A report whose verdict follows from its parts: every signature and every check must have passed.
    pub(crate) fn new(validated_at: Instant, signatures: Vec<SignatureReport>, checks: Vec<Check>) -> Self {
        let mut report = Self {
            indication: Indication::TotalPassed,
            sub_indication: None,
            validated_at,
            unverified_document: None,
            reading: None,
            signatures,
            evidence_records: Vec::new(),
            checks,
            payload: None,
        };
        report.conclude();
        report
    }

    /// Keeps the octets that were signed, for a reader that comes after the verdict.
    pub(crate) fn with_payload(mut self, payload: Option<Vec<u8>>) -> Self {
        self.payload = payload;
        self
    }

    /// Says what was found about the evidence records that were given.
    pub(crate) fn with_evidence_records(mut self, evidence_records: Vec<EvidenceRecordReport>) -> Self {
        self.evidence_records = evidence_records;
        self
    }

    /// Adds what was found about the payload, and concludes again.
    pub(crate) fn with_checks(mut self, checks: impl IntoIterator<Item = Check>) -> Self {
        self.checks.extend(checks);
        self.conclude();
        self
    }

    /// Says which document the payload is, and how it was read, so that it can be read again as the same.
    pub(crate) fn with_document(mut self, document: DocumentSummary, reading: Reading) -> Self {
        self.unverified_document = Some(document);
        self.reading = Some(reading);
        self
    }

    /// How the payload was read; `None` unless it was read as a document.
    pub(crate) fn reading(&self) -> Option<&Reading> {
        self.reading.as_ref()
    }

    fn conclude(&mut self) {
        let verdicts = self.signatures.iter().map(|signature| (signature.indication(), signature.sub_indication()));
        let own = conclusion(&self.checks);
        let (indication, sub_indication) = verdicts.chain([own]).fold((Indication::TotalPassed, None), worse);
        // A report without any signature proves nothing, whatever its checks say.
        let unsigned = self.signatures.is_empty() && indication == Indication::TotalPassed;
        self.indication = if unsigned { Indication::TotalFailed } else { indication };
        self.sub_indication = if unsigned { Some(SubIndication::FormatFailure) } else { sub_indication };
    }

    /// The verdict.
    pub fn indication(&self) -> Indication {
        self.indication
    }

    /// Why it is not [`Indication::TotalPassed`]; `None` exactly when it is.
    #[must_use]
    pub fn sub_indication(&self) -> Option<SubIndication> {
        self.sub_indication
    }

    /// The time for which the verdict was asked.
    #[must_use]
    pub fn validated_at(&self) -> Instant {
        self.validated_at
    }

    /// What the document says of itself; `None` when the payload is not a document or was not read as one.
    ///
    /// This is for showing which document a report is about, also when it failed; the content that may be relied on
    /// comes from `into_verified` alone.
    #[must_use]
    pub fn unverified_document(&self) -> Option<&DocumentSummary> {
        self.unverified_document.as_ref()
    }

    /// One report for each signature, in the order of the file.
    pub fn signatures(&self) -> &[SignatureReport] {
        &self.signatures
    }

    /// One report for each evidence record that was given, in that order. None of them makes the verdict worse.
    pub fn evidence_records(&self) -> &[EvidenceRecordReport] {
        &self.evidence_records
    }

    /// The checks that are not of one signature.
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// The check of `step`, first of the whole, then of the first signature that has one.
    #[must_use]
    pub fn check(&self, step: Step) -> Option<&Check> {
        let of_signatures = self.signatures.iter().flat_map(SignatureReport::checks);
        self.checks.iter().chain(of_signatures).find(|check| check.step() == step)
    }

    /// The reasons of every failed check, the whole first, then signature by signature.
    pub fn failures(&self) -> impl Iterator<Item = &Reason> {
        let of_signatures = self.signatures.iter().flat_map(SignatureReport::checks);
        self.checks.iter().chain(of_signatures).filter_map(Check::failure).map(|(_, reason)| reason)
    }

    /// The reasons of every check that does not hold and that the policy lets pass with a warning.
    pub fn warnings(&self) -> impl Iterator<Item = &Reason> {
        let of_signatures = self.signatures.iter().flat_map(SignatureReport::checks);
        self.checks.iter().chain(of_signatures).filter_map(|check| match check.outcome() {
            Outcome::Warned { reason } => Some(&**reason),
            _ => None,
        })
    }

    /// The one reason that decided the verdict: the first behind its [`sub_indication`](Self::sub_indication); `None` when
    /// the verdict is [`Indication::TotalPassed`].
    #[must_use]
    pub fn deciding_reason(&self) -> Option<&Reason> {
        let of_signatures = self.signatures.iter().flat_map(SignatureReport::checks);
        let mut failures = of_signatures.chain(&self.checks).filter_map(Check::failure);
        failures.find(|(decided, _)| Some(*decided) == self.sub_indication).map(|(_, reason)| reason)
    }

    /// Takes the octets that were signed out of the report.
    pub(crate) fn take_payload(&mut self) -> Option<Vec<u8>> {
        self.payload.take()
    }

    /// The octets that were signed, without any promise that a signature over them holds. Of a batch these are the one
    /// document's, once it is proven to be in the manifest that was signed.
    #[must_use]
    pub fn unverified_payload(&self) -> Option<&[u8]> {
        self.payload.as_deref()
    }

    /// The octets that were signed, when the verdict is [`Indication::TotalPassed`].
    #[must_use]
    pub fn verified_payload(&self) -> Option<&[u8]> {
        match self.indication {
            Indication::TotalPassed => self.payload.as_deref(),
            Indication::Indeterminate | Indication::TotalFailed => None,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.indication)?;
        if let Some(sub_indication) = self.sub_indication {
            write!(f, " / {sub_indication}")?;
        }
        writeln!(f, ", validated at {}", self.validated_at)?;
        if let Some(reason) = self.deciding_reason() {
            writeln!(f, "because {reason}")?;
        }
        if let Some(document) = &self.unverified_document {
            let said = if self.indication == Indication::TotalPassed { "" } else { "said to be " };
            writeln!(f, "{said}document {document}")?;
        }
        for check in &self.checks {
            writeln!(f, "  {check}")?;
        }
        for (position, signature) in self.signatures.iter().enumerate() {
            writeln!(f, "signature {} of {}: {signature}", position + 1, self.signatures.len())?;
        }
        for (position, record) in self.evidence_records.iter().enumerate() {
            writeln!(f, "evidence record {} of {}: {record}", position + 1, self.evidence_records.len())?;
        }
        Ok(())
    }
}

impl std::error::Error for Report {}

/// The scheme and limits that a document was read by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) scheme: CodingScheme,
    pub(crate) limits: Limits,
}

/// What a document says of itself, for the head of a report.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DocumentSummary {
    /// The document's number, canonical.
    pub number: String,
    /// The issuer's entity code, canonical.
    pub issuer: String,
    /// The title, as written.
    pub title: String,
    /// How many characters in its texts change the direction of writing, which can make one text read as another; 1000
    /// stands for more, too.
    pub bidi_controls: usize,
}

impl fmt::Display for DocumentSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of entity {}: {}", self.number, self.issuer, remark(&self.title))?;
        match self.bidi_controls {
            0 => Ok(()),
            1 => f.write_str(" (its texts hold 1 bidi control)"),
            count => write!(f, " (its texts hold {count} bidi controls)"),
        }
    }
}

/// The verdict of checks made one after another: the first failure of the worst kind.
fn conclusion(checks: &[Check]) -> (Indication, Option<SubIndication>) {
    let failures = checks.iter().filter_map(Check::failure);
    let verdicts = failures.map(|(sub_indication, _)| (sub_indication.indication(), Some(sub_indication)));
    verdicts.fold((Indication::TotalPassed, None), worse)
}

fn worse(
    first: (Indication, Option<SubIndication>),
    second: (Indication, Option<SubIndication>),
) -> (Indication, Option<SubIndication>) {
    if second.0 > first.0 { second } else { first }
}
