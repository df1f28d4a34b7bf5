//! Dated changes of one entry, and what they may not be.

use crate::codes::DocumentNumber;
use crate::status::{StatusArray, StatusType};
use crate::time::Instant;

/// From a moment on, an entry was of this status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    since: Instant,
    status: StatusType,
    by: Option<DocumentNumber>,
}

impl Change {
    /// Since `since`, in whole seconds, the document is of `status`; `by` is the document that superseded it.
    pub(super) fn new(since: Instant, status: StatusType, by: Option<DocumentNumber>) -> Self {
        Self { since, status, by }
    }

    /// Since when.
    #[must_use]
    pub fn since(&self) -> Instant {
        self.since
    }

    /// What the document is since then.
    #[must_use]
    pub fn status(&self) -> StatusType {
        self.status
    }

    /// Which document took its place; of a superseded one alone.
    #[must_use]
    pub fn by(&self) -> Option<DocumentNumber> {
        self.by
    }

    /// Whether this may come behind `before`, the changes of the same entry so far.
    pub(super) fn check_behind(&self, before: Option<&Self>) -> Result<(), ChangeFault> {
        let status = before.map_or(StatusType::Valid, Self::status);
        if let StatusType::Other(value) = self.status {
            return Err(ChangeFault::UnknownStatus { value });
        }
        if before.is_some_and(|before| self.since <= before.since) {
            return Err(ChangeFault::NotLater { since: self.since });
        }
        if status == self.status {
            return Err(ChangeFault::NoChange { status });
        }
        if status.is_final() {
            return Err(ChangeFault::Final { status });
        }
        match (self.status, self.by) {
            (StatusType::Superseded, None) => Err(ChangeFault::NoSuccessor),
            (StatusType::Superseded, Some(_)) | (_, None) => Ok(()),
            (status, Some(_)) => Err(ChangeFault::Successor { status }),
        }
    }
}

/// Whether the changes of `index`, each of which is right in itself, fit a list issued at `issued_at`.
pub(super) fn check_end(index: u64, last: &Change, array: &StatusArray, issued_at: Instant) -> Result<(), ChangeFault> {
    if last.since > issued_at {
        return Err(ChangeFault::AfterIssue { since: last.since, issued_at });
    }
    match array.get(index) {
        None => Err(ChangeFault::OutOfRange { size: array.len() }),
        Some(value) if value == last.status.value() => Ok(()),
        Some(value) => Err(ChangeFault::OtherValue { status: last.status, listed: StatusType::from_value(value) }),
    }
}

/// What is wrong with the changes of an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeFault {
    /// The list has no such entry.
    #[error("the list has {size} entries")]
    OutOfRange {
        /// How many it has.
        size: u64,
    },
    /// A change is not after the one before it, or its index not after the index before.
    #[error("the change of {since} does not stand behind an earlier one")]
    NotLater {
        /// When the change was.
        since: Instant,
    },
    /// It was that before.
    #[error("it was {status} before the change, too")]
    NoChange {
        /// What it was and is.
        status: StatusType,
    },
    /// What is revoked or superseded stays so.
    #[error("it is {status}, which is final")]
    Final {
        /// What it is.
        status: StatusType,
    },
    /// A list made elsewhere has no change for what it is; a first one now would say that it was valid before.
    #[error("it is {status}, and the list does not say since when")]
    Undated {
        /// What it is.
        status: StatusType,
    },
    /// A change to a status that this crate does not know.
    #[error("a change to the unknown status {value}")]
    UnknownStatus {
        /// The value.
        value: u8,
    },
    /// A superseded document has a successor.
    #[error("superseded, but not by which document")]
    NoSuccessor,
    /// And no other has one.
    #[error("{status}, yet with a document that took its place")]
    Successor {
        /// What it is.
        status: StatusType,
    },
    /// A list cannot know what comes after it.
    #[error("changed {since}, after the list was issued at {issued_at}")]
    AfterIssue {
        /// When the change was.
        since: Instant,
        /// When the list was issued.
        issued_at: Instant,
    },
    /// The changes end in another status than the array has.
    #[error("the changes end with {status}, the array has {listed}")]
    OtherValue {
        /// The status of the last change.
        status: StatusType,
        /// The status in the array.
        listed: StatusType,
    },
}
