//! The verdict on one document of many.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use crate::document::Document;
use crate::report::{Indication, Report, SubIndication};
use crate::time::Instant;
use crate::verify::Verified;

use super::judge::Task;

/// The verdict on one document of many, with the document.
#[must_use]
#[derive(Debug)]
pub struct BulkOutcome<'a, D> {
    /// The evidence and the policy that the report is made by.
    task: Task<'a>,
    position: u64,
    document: D,
    report: Box<Report>,
}

impl<'a, D: AsRef<[u8]>> BulkOutcome<'a, D> {
    pub(super) fn general(task: Task<'a>, position: u64, document: D) -> Self {
        let report = Box::new(task.verify(document.as_ref()));
        Self { task, position, document, report }
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
        self.report.indication()
    }

    /// Why it is not [`Indication::TotalPassed`]; `None` exactly when it is.
    #[must_use]
    pub fn sub_indication(&self) -> Option<SubIndication> {
        self.report.sub_indication()
    }

    /// The time for which the verdict was asked.
    #[must_use]
    pub fn validated_at(&self) -> Instant {
        self.task.at
    }

    /// The report: what [`Verifier::verify`](crate::verify::Verifier::verify) says of this document.
    #[must_use]
    pub fn report(&self) -> Cow<'_, Report> {
        Cow::Borrowed(&self.report)
    }

    /// The report, without the document.
    pub fn into_report(self) -> Report {
        *self.report
    }

    /// The document, verified, with its body read as `B`.
    ///
    /// # Errors
    /// As [`Report::into_verified`]: the report, when the document did not pass or the body is not a `B`.
    pub fn into_verified<B: DeserializeOwned>(self) -> Result<Verified<Document<B>>, Box<Report>> {
        self.into_report().into_verified()
    }
}
