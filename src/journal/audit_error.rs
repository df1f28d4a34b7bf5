//! Why the entries of a journal and its heads do not hold together.

use crate::codes::{DocumentNumber, EntityCode};
use crate::digest::Digest;
use crate::journal::{JournalError, Series};
use crate::merkle::MerkleError;
use crate::time::Instant;

/// Why a journal does not hold. Indices count from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuditError {
    /// An entry is none.
    #[error("journal entry {index}: {error}")]
    Entry {
        /// Its index.
        index: u64,
        /// Why.
        error: JournalError,
    },
    /// An entry is about a number of another entity.
    #[error("journal entry {index}: a number of entity {found}, the journal is entity {expected}'s")]
    OtherEntity {
        /// Its index.
        index: u64,
        /// The entity in the number.
        found: EntityCode,
        /// The entity of the head.
        expected: EntityCode,
    },
    /// A number has two entries.
    #[error("journal entry {index}: number {number} is that of entry {earlier}, too")]
    NumberTwice {
        /// The index of the second.
        index: u64,
        /// The index of the first.
        earlier: u64,
        /// The number.
        number: DocumentNumber,
    },
    /// An entry is older than the one before it.
    #[error("journal entry {index}: made at {time}, the one before it at {before}")]
    TimeBackwards {
        /// Its index.
        index: u64,
        /// Its time.
        time: Instant,
        /// The time of the one before it.
        before: Instant,
    },
    /// An entry is newer than the head that covers it.
    #[error("journal entry {index}: made at {time}, the head at {head}")]
    AfterHead {
        /// Its index.
        index: u64,
        /// Its time.
        time: Instant,
        /// The time of the head.
        head: Instant,
    },
    /// Not as many entries as the head has.
    #[error("journal: {found} entries, the head has {expected}")]
    Size {
        /// How many were given.
        found: u64,
        /// How many the head has.
        expected: u64,
    },
    /// The entries are not those that a head was made of.
    #[error("journal: the first {size} entries have root {found}, the head over them {expected}")]
    Root {
        /// How many the head covers.
        size: u64,
        /// Their root.
        found: Box<Digest>,
        /// The root of the head.
        expected: Box<Digest>,
    },
    /// An earlier head covers more.
    #[error("journal: an earlier head has {earlier} entries, this one {size}")]
    Shrunk {
        /// How many the earlier head covers.
        earlier: u64,
        /// How many the head covers.
        size: u64,
    },
    /// A head that covers less is newer.
    #[error("journal: the smaller head is of {earlier}, the larger of {time}")]
    HeadsBackwards {
        /// The time of the smaller head.
        earlier: Instant,
        /// The time of the larger.
        time: Instant,
    },
    /// An earlier head is of another entity.
    #[error("journal: a head of entity {found}, expected one of {expected}")]
    HeadOfAnotherEntity {
        /// The entity of the earlier head.
        found: EntityCode,
        /// The entity of the head.
        expected: EntityCode,
    },
    /// The head calls a number open that has an entry.
    #[error("journal entry {index}: number {number} has this entry, the head says that it is open")]
    OpenAndEntered {
        /// The index of the entry.
        index: u64,
        /// The number.
        number: DocumentNumber,
    },
    /// A number that was open at an earlier head is neither entered nor open now.
    #[error("journal: number {number} was open at an earlier head, and is now nowhere")]
    OpenVanished {
        /// The number.
        number: DocumentNumber,
    },
    /// Serials begin at 1.
    #[error("journal: number {number} has serial 0")]
    SerialZero {
        /// The number.
        number: DocumentNumber,
    },
    /// A serial has no entry, and a higher one has.
    #[error("journal: serial {serial} of kind {} and year {} is missing, there is {next}", .series.kind, .series.year)]
    Missing {
        /// The kind and year.
        series: Series,
        /// The serial.
        serial: u64,
        /// The next number that there is.
        next: DocumentNumber,
    },
    /// More entries than can be counted.
    #[error("journal: {0}")]
    Tree(#[from] MerkleError),
}

impl AuditError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Entry { error, .. } => error.code(),
            Self::OtherEntity { .. } => "audit-other-entity",
            Self::NumberTwice { .. } => "audit-number-twice",
            Self::TimeBackwards { .. } => "audit-time-backwards",
            Self::AfterHead { .. } => "audit-after-head",
            Self::Size { .. } => "audit-size",
            Self::Root { .. } => "audit-root",
            Self::Shrunk { .. } => "audit-shrunk",
            Self::HeadsBackwards { .. } => "audit-heads-backwards",
            Self::HeadOfAnotherEntity { .. } => "audit-head-of-another-entity",
            Self::OpenAndEntered { .. } => "audit-open-and-entered",
            Self::OpenVanished { .. } => "audit-open-vanished",
            Self::SerialZero { .. } => "audit-serial-zero",
            Self::Missing { .. } => "audit-missing",
            Self::Tree(error) => error.code(),
        }
    }
}
