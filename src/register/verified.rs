//! A register whose signatures held.

use std::ops::Deref;
use std::sync::Arc;

use crate::codes::EntityCode;
use crate::digest::{Digest, DigestAlgorithm};
use crate::register::{EntityHistory, Event, RegisterEditor, RegisterIssue};
use crate::time::Instant;

/// An issue of the register that enough root keys signed. Made by `Register::open` and `Register::advance` of
/// [`verify`](crate::verify) only, and cheap to clone.
///
/// Questions are asked of the [`RegisterIssue`] that it is.
#[derive(Debug, Clone)]
pub struct Register(Arc<Verified>);

#[derive(Debug)]
struct Verified {
    issue: RegisterIssue,
    payload: Vec<u8>,
}

impl Register {
    pub(crate) fn new(issue: RegisterIssue, payload: Vec<u8>) -> Self {
        Self(Arc::new(Verified { issue, payload }))
    }

    /// The octets that were signed.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.0.payload
    }

    /// The digest of the octets that were signed, by which the next issue names this one.
    #[must_use]
    pub fn digest(&self, algorithm: DigestAlgorithm) -> Digest {
        algorithm.digest(self.payload())
    }

    /// An editor of the issue that follows this one.
    #[must_use]
    pub fn edit(&self) -> RegisterEditor {
        RegisterEditor::following_payload(self, self.payload())
    }

    /// That `next` is the issue that follows this one: its number is the next, it names this one by digest, was issued
    /// later, and has every history of this one with nothing but new events behind it.
    ///
    /// # Errors
    /// [`SuccessionError`].
    pub(crate) fn check_successor(&self, next: &Self) -> Result<(), SuccessionError> {
        let (known, found) = (self.information(), next.information());
        let (number, next_number) = (known.sequence_number(), found.sequence_number());
        if next_number < number {
            return Err(SuccessionError::Rollback { known: number, found: next_number });
        }
        if next_number == number {
            return Err(self.fork(next_number, self, next));
        }
        if next_number - number > 1 {
            return Err(SuccessionError::Gap { known: number, found: next_number });
        }
        let named = found.previous().map(|named| (named, self.digest(named.algorithm())));
        match named {
            Some((named, expected)) if *named == expected => {}
            Some((named, expected)) => {
                let (known, found) = (expected.to_string(), named.to_string());
                return Err(SuccessionError::Fork { sequence_number: number, known, found });
            }
            None => return Err(SuccessionError::Gap { known: number, found: next_number }),
        }
        if found.issued_at() <= known.issued_at() {
            let (issued_at, previous) = (found.issued_at(), known.issued_at());
            return Err(SuccessionError::IssuedEarlier { sequence_number: next_number, issued_at, previous });
        }
        self.entities().try_for_each(|history| continues(history, next.entity(history.code()), known.issued_at()))?;
        // Entities that are new have new events only.
        let is_new = |history: &&EntityHistory| self.entity(history.code()).is_none();
        next.entities().filter(is_new).try_for_each(|history| recorded_after(history, 0, known.issued_at()))
    }

    fn fork(&self, sequence_number: u64, known: &Self, found: &Self) -> SuccessionError {
        let digest = |register: &Self| register.digest(DigestAlgorithm::Sha256).to_string();
        SuccessionError::Fork { sequence_number, known: digest(known), found: digest(found) }
    }
}

impl Deref for Register {
    type Target = RegisterIssue;

    fn deref(&self) -> &RegisterIssue {
        &self.0.issue
    }
}

/// Every event of `known` stands in `next` in its place, and what is behind them is new.
fn continues(known: &EntityHistory, next: Option<&EntityHistory>, issued_at: Instant) -> Result<(), SuccessionError> {
    let entity = known.code();
    let next = next.ok_or(SuccessionError::EntityMissing { entity })?;
    let (before, after) = (known.events(), next.events());
    let mut pairs = before.iter().zip(after);
    if let Some(position) = pairs.position(|(one, other)| one != other) {
        return Err(SuccessionError::Rewritten { entity, position });
    }
    if after.len() < before.len() {
        return Err(SuccessionError::Rewritten { entity, position: after.len() });
    }
    recorded_after(next, before.len(), issued_at)
}

fn recorded_after(history: &EntityHistory, known: usize, issued_at: Instant) -> Result<(), SuccessionError> {
    let late = |event: &&Event| event.recorded() <= issued_at;
    match history.events().iter().skip(known).find(late).map(Event::recorded) {
        None => Ok(()),
        Some(recorded) => Err(SuccessionError::RecordedEarlier { entity: history.code(), recorded, issued_at }),
    }
}

/// Why an issue does not follow the one that is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SuccessionError {
    /// An older issue than the one that is known.
    #[error("register: issue {found} is older than issue {known}, which is known")]
    Rollback {
        /// The number of the issue known.
        known: u64,
        /// The number of the issue given.
        found: u64,
    },
    /// There are two issues of one number: whoever issues the register told two stories.
    #[error("register: two issues {sequence_number}: the one known has SHA digest {known}, the other {found}")]
    Fork {
        /// Their number.
        sequence_number: u64,
        /// The digest of the payload of the one known, hexadecimal.
        known: String,
        /// The digest of the other, hexadecimal.
        found: String,
    },
    /// Issues between the two are missing.
    #[error("register: issue {found} does not follow issue {known} at once, give the issues between")]
    Gap {
        /// The number of the issue known.
        known: u64,
        /// The number of the issue given.
        found: u64,
    },
    /// Issued no later than the one before.
    #[error("register: issue {sequence_number} was issued {issued_at}, the one before {previous}")]
    IssuedEarlier {
        /// Its number.
        sequence_number: u64,
        /// When it was issued.
        issued_at: Instant,
        /// When the one before was.
        previous: Instant,
    },
    /// An entity is not there any more.
    #[error("register: entity {entity} is known, the next issue does not have it")]
    EntityMissing {
        /// The entity.
        entity: EntityCode,
    },
    /// An event is another than it was, or is not there any more.
    #[error("register: the history of entity {entity} was changed at event {}", .position + 1)]
    Rewritten {
        /// The entity.
        entity: EntityCode,
        /// The position of the event, from 0; the sentence counts from 1.
        position: usize,
    },
    /// A new event says that it was written down before the issue that does not have it.
    #[error(
        "register: an event of entity {entity} says that it was recorded {recorded}, the issue of {issued_at} does not have it"
    )]
    RecordedEarlier {
        /// The entity.
        entity: EntityCode,
        /// When it says it was written down.
        recorded: Instant,
        /// When the issue known was issued.
        issued_at: Instant,
    },
}

impl SuccessionError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Rollback { .. } => "register-rollback",
            Self::Fork { .. } => "register-fork",
            Self::Gap { .. } => "register-gap",
            Self::IssuedEarlier { .. } => "register-issued-earlier",
            Self::EntityMissing { .. } => "register-entity-missing",
            Self::Rewritten { .. } => "register-rewritten",
            Self::RecordedEarlier { .. } => "register-recorded-earlier",
        }
    }
}
