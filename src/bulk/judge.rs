//! Judging the documents of a block.

use crate::report::Report;
use crate::time::Instant;
use crate::validation::Evidence;
use crate::verify::Verifier;

use super::{BulkOutcome, BulkVerifier, Counts, Monitor};

/// What all documents of a run are judged by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task<'a> {
    pub(super) verifier: &'a Verifier,
    pub(super) evidence: &'a Evidence<'a>,
    pub(super) at: Instant,
}

impl Task<'_> {
    /// The verdict on one document, in the general way.
    pub(super) fn verify(&self, document: &[u8]) -> Report {
        self.verifier.verify(document, self.evidence, self.at)
    }
}

/// Judges the documents of a run; shared by its threads.
#[derive(Debug)]
pub(super) struct Judge<'a> {
    task: Task<'a>,
    monitor: Monitor,
}

impl<'a> Judge<'a> {
    pub(super) fn new(bulk: &'a BulkVerifier, evidence: &'a Evidence<'a>, at: Instant) -> Self {
        Self { task: Task { verifier: &bulk.verifier, evidence, at }, monitor: Monitor::default() }
    }

    pub(super) fn monitor(&self) -> &Monitor {
        &self.monitor
    }

    /// The outcomes for consecutive documents, the first of which has `position`.
    pub(super) fn block<D: AsRef<[u8]>, E>(
        &self,
        position: u64,
        documents: Vec<Result<D, E>>,
    ) -> Vec<Result<BulkOutcome<'a, D>, E>> {
        let mut counts = Counts::default();
        let mut outcomes = Vec::with_capacity(documents.len());
        for (position, document) in (position..).zip(documents) {
            let outcome = document.map(|document| BulkOutcome::general(self.task, position, document));
            if let Ok(outcome) = &outcome {
                counts.count(outcome.document().as_ref().len(), outcome.indication());
            }
            outcomes.push(outcome);
        }
        self.monitor.add(counts);
        outcomes
    }
}
