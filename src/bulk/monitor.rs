//! How far a run is, and its end by request.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::report::Indication;

/// Shows how far a run over many documents is, and ends it; from any thread, also while the run works.
///
/// A run that was cancelled gives no further outcome. What its threads have begun, a few milliseconds of work, they end.
#[derive(Debug, Clone, Default)]
pub struct Monitor(Arc<State>);

#[derive(Debug, Default)]
struct State {
    cancelled: AtomicBool,
    documents: AtomicU64,
    octets: AtomicU64,
    passed: AtomicU64,
    indeterminate: AtomicU64,
    failed: AtomicU64,
    straight: AtomicU64,
}

/// What a run has verified so far. Outcomes are counted when they are found, which is before they are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Counts {
    /// Documents judged.
    pub documents: u64,
    /// Their octets.
    pub octets: u64,
    /// Those that passed.
    pub passed: u64,
    /// Those of which nothing final can be said.
    pub indeterminate: u64,
    /// Those that failed.
    pub failed: u64,
    /// Those of the passed that were judged by what they share with one that passed before, and by their own signatures.
    pub straight: u64,
}

impl Monitor {
    /// Ends the run.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether the run was ended by [`cancel`](Self::cancel).
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::Relaxed)
    }

    /// What was verified so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let State { cancelled: _, documents, octets, passed, indeterminate, failed, straight } = self.0.as_ref();
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            documents: load(documents),
            octets: load(octets),
            passed: load(passed),
            indeterminate: load(indeterminate),
            failed: load(failed),
            straight: load(straight),
        }
    }

    pub(super) fn add(&self, counts: Counts) {
        let add = |counter: &AtomicU64, count| counter.fetch_add(count, Ordering::Relaxed);
        add(&self.0.documents, counts.documents);
        add(&self.0.octets, counts.octets);
        add(&self.0.passed, counts.passed);
        add(&self.0.indeterminate, counts.indeterminate);
        add(&self.0.failed, counts.failed);
        add(&self.0.straight, counts.straight);
    }
}

impl Counts {
    pub(super) fn count(&mut self, octets: usize, indication: Indication, went_straight: bool) {
        self.straight += u64::from(went_straight);
        self.documents += 1;
        self.octets += u64::try_from(octets).unwrap_or(u64::MAX);
        match indication {
            Indication::TotalPassed => self.passed += 1,
            Indication::Indeterminate => self.indeterminate += 1,
            Indication::TotalFailed => self.failed += 1,
        }
    }
}
