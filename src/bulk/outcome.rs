//! The verdict on one document of many.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use crate::codes::{DocumentNumber, EntityCode};
use crate::document::Document;
use crate::report::{Indication, Report, SignatureReport, SubIndication};
use crate::time::Instant;
use crate::verify::Verified;

use super::judge::{Task, Verdict};
use super::waiting;

/// The verdict on one document of many, with the document.
///
/// Of a document that passed because it is like another that did, and whose signatures and values hold, the verdict and a
/// few facts are there at once; its report is made when it is asked for, by verifying the document alone.
#[must_use]
#[derive(Debug)]
pub struct BulkOutcome<'a, D> {
    /// What the report is made by.
    task: Task<'a>,
    position: u64,
    document: D,
    verdict: Verdict,
}

impl<'a, D: AsRef<[u8]>> BulkOutcome<'a, D> {
    pub(super) fn new(task: Task<'a>, position: u64, document: D, verdict: Verdict) -> Self {
        Self { task, position, document, verdict }
    }

    /// Judged alone, in the general way.
    pub(super) fn general(task: Task<'a>, position: u64, document: D) -> Self {
        let verdict = Verdict::General(Box::new(task.verify(document.as_ref())));
        Self { task, position, document, verdict }
    }

    /// Whether it passed without having been judged alone.
    pub(super) fn went_straight(&self) -> bool {
        matches!(self.verdict, Verdict::Straight(_))
    }

    /// About how many octets it takes until it is asked for, beside those of the document.
    pub(super) fn waiting_octets(&self) -> usize {
        match &self.verdict {
            Verdict::Straight(_) => 0,
            Verdict::General(report) => waiting::octets(report),
        }
    }

    /// The place of the document among those given, from 0.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The document as it was given.
    #[must_use]
    pub fn document(&self) -> &D {
        &self.document
    }

    /// The document as it was given, without its verdict.
    #[must_use]
    pub fn into_document(self) -> D {
        self.document
    }

    /// The verdict.
    pub fn indication(&self) -> Indication {
        match &self.verdict {
            Verdict::Straight(_) => Indication::TotalPassed,
            Verdict::General(report) => report.indication(),
        }
    }

    /// Why it is not [`Indication::TotalPassed`]; `None` exactly when it is.
    #[must_use]
    pub fn sub_indication(&self) -> Option<SubIndication> {
        match &self.verdict {
            Verdict::Straight(_) => None,
            Verdict::General(report) => report.sub_indication(),
        }
    }

    /// The number of a document that passed.
    #[must_use]
    pub fn number(&self) -> Option<DocumentNumber> {
        match &self.verdict {
            Verdict::Straight(facts) => Some(facts.number),
            Verdict::General(report) => {
                let document = report.unverified_document().filter(|_| report.verified_payload().is_some())?;
                self.task.verifier.policy().coding_scheme().parse_document_number(&document.number).ok()
            }
        }
    }

    /// The entity that issued a document that passed.
    #[must_use]
    pub fn issuer(&self) -> Option<EntityCode> {
        self.number().map(DocumentNumber::entity)
    }

    /// The time at which a document that passed is proven to have been signed; `None` also when it has no time-stamp and
    /// the policy asks for none.
    #[must_use]
    pub fn proven_time(&self) -> Option<Instant> {
        match &self.verdict {
            Verdict::Straight(facts) => facts.proven_time,
            Verdict::General(report) => {
                let proven = report.signatures().iter().filter_map(SignatureReport::proven_time);
                proven.min().filter(|_| report.indication() == Indication::TotalPassed)
            }
        }
    }

    /// The time for which the verdict was asked.
    #[must_use]
    pub fn validated_at(&self) -> Instant {
        self.task.at
    }

    /// The report: what [`Verifier::verify`](crate::verify::Verifier::verify) says of this document.
    #[must_use]
    pub fn report(&self) -> Cow<'_, Report> {
        match &self.verdict {
            Verdict::Straight(_) => Cow::Owned(self.task.verify(self.document.as_ref())),
            Verdict::General(report) => Cow::Borrowed(report),
        }
    }

    /// The report, without the document.
    pub fn into_report(self) -> Report {
        match self.verdict {
            Verdict::Straight(_) => self.task.verify(self.document.as_ref()),
            Verdict::General(report) => *report,
        }
    }

    /// The document, verified, with its body read as `B`.
    ///
    /// # Errors
    /// As [`Report::into_verified`]: the report, when the document did not pass or the body is not a `B`.
    pub fn into_verified<B: DeserializeOwned>(self) -> Result<Verified<Document<B>>, Box<Report>> {
        self.into_report().into_verified()
    }
}
