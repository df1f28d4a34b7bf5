//! What is wrong with a register.

use crate::codes::{CodeError, EntityCode};
use crate::crypto::KeyDigest;
use crate::digest::{DigestAlgorithm, DigestLengthError};
use crate::document::{LanguageTagError, MemberFault};
use crate::encoding::base64::Base64Error;
use crate::encoding::json::JsonError;
use crate::time::Instant;

/// Why octets are not the contents of a register. Positions count from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterFormatError {
    /// Not the JSON of a register: not JSON, a member that is not known, that stands twice, or is of another type.
    #[error("register: {0}")]
    Json(JsonError),
    /// Another type of data.
    #[error("register: type is \"{found}\", expected {}", crate::register::TYPE)]
    Type {
        /// The type found, at most 48 characters of it, controls escaped.
        found: String,
    },
    /// A register of a version that this crate does not read.
    #[error("register: version {found}, supported is {supported}")]
    Version {
        /// The version found, at most 48 characters of it, controls escaped.
        found: String,
        /// The version this crate reads and writes.
        supported: &'static str,
    },
    /// A member is not what it must be.
    #[error("register member {member}: {fault}")]
    Member {
        /// Where: `listInformation.issuedAt`, `entities[3].history[0].parent`.
        member: String,
        /// What is wrong.
        fault: RegisterMemberFault,
    },
    /// Members that are right in themselves tell a history that cannot be.
    #[error(transparent)]
    History(#[from] HistoryError),
}

impl RegisterFormatError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Json(error) => error.code(),
            Self::Type { .. } => "register-type",
            Self::Version { .. } => "register-version",
            Self::Member { fault, .. } => fault.code(),
            Self::History(error) => error.code(),
        }
    }
}

/// What is wrong with a member of a register. Texts are kept to 48 characters, controls escaped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterMemberFault {
    /// It must be there and is not.
    #[error("missing")]
    Missing,
    /// It stands twice.
    #[error("stands twice")]
    Twice,
    /// It is there, and does not belong to this event.
    #[error("does not belong to the event \"{event}\"")]
    OfAnotherEvent {
        /// The event.
        event: &'static str,
    },
    /// No event of that name is known.
    #[error("\"{found}\" is not an event")]
    Event {
        /// The word.
        found: String,
    },
    /// Not a code of the scheme.
    #[error("{0}")]
    Code(CodeError),
    /// Not a time in its one spelling.
    #[error("\"{found}\", expected a time such as 2025-03-01T06:30:00Z")]
    Time {
        /// The text.
        found: String,
    },
    /// Not a language tag.
    #[error("{0}")]
    Language(LanguageTagError),
    /// Not a name.
    #[error("{0}")]
    Name(MemberFault),
    /// Not base64url.
    #[error("{0}")]
    Base64(Base64Error),
    /// Not as many octets as a digest has.
    #[error("{0}")]
    DigestLength(DigestLengthError),
    /// A digest that proves nothing.
    #[error("a digest by {found}, expected SHA-256, SHA-384 or SHA-512")]
    DigestAlgorithm {
        /// The algorithm.
        found: DigestAlgorithm,
    },
    /// The code does not stand behind the one before it.
    #[error("{found} stands after {previous}, expected ascending codes, each once")]
    Order {
        /// The code.
        found: EntityCode,
        /// The code before it.
        previous: EntityCode,
    },
    /// A sequence number begins with 1.
    #[error("0, expected at least 1")]
    SequenceZero,
    /// Every issue but the first names the one before it, and the first none.
    #[error("{}", if *.sequence_number == 1 { "issue 1 has none before it".to_owned() } else { format!("missing from issue {sequence_number}") })]
    Previous {
        /// The sequence number of the issue.
        sequence_number: u64,
    },
    /// Two times in the wrong order.
    #[error("{found}, expected a time after {after}")]
    NotAfter {
        /// The time found.
        found: Instant,
        /// The time it must be after.
        after: Instant,
    },
}

impl RegisterMemberFault {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing => "register-member-missing",
            Self::Twice => "register-member-twice",
            Self::OfAnotherEvent { .. } => "register-member-of-another-event",
            Self::Event { .. } => "register-event",
            Self::Code(error) => error.code(),
            Self::Time { .. } => "register-time",
            Self::Language(error) => error.code(),
            Self::Name(_) => "register-name",
            Self::Base64(error) => error.code(),
            Self::DigestLength(_) => "register-digest-length",
            Self::DigestAlgorithm { .. } => "register-digest-algorithm",
            Self::Order { .. } => "register-order",
            Self::SequenceZero => "register-sequence-zero",
            Self::Previous { .. } => "register-previous",
            Self::NotAfter { .. } => "register-not-after",
        }
    }
}

/// An event that history forbids.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("register: entity {entity}, event {} ({event}): {fault}", .position + 1)]
#[non_exhaustive]
pub struct HistoryError {
    /// The entity.
    pub entity: EntityCode,
    /// The position of the event in the history of the entity, from 0; the sentence counts from 1.
    pub position: usize,
    /// The word for the event.
    pub event: &'static str,
    /// Why it cannot be.
    pub fault: HistoryFault,
}

impl HistoryError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.fault.code()
    }
}

/// Why history forbids an event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryFault {
    /// The entity was never created.
    #[error("the entity was never created")]
    NotCreated,
    /// It takes effect before the entity is created.
    #[error("takes effect before the entity is created, {created}")]
    BeforeCreation {
        /// When it is created.
        created: Instant,
    },
    /// The code has been used: it is never given again.
    #[error("the code was given {created} and is never given again")]
    CreatedTwice {
        /// When it was given.
        created: Instant,
    },
    /// It takes effect after the entity ended.
    #[error("takes effect {effective}, the entity ended {ended}")]
    AfterEnd {
        /// When the entity ended.
        ended: Instant,
        /// When the event takes effect.
        effective: Instant,
    },
    /// It was written down before the event that stands before it.
    #[error("recorded {recorded}, before the event that stands before it, {previous}")]
    RecordedBackwards {
        /// When it was written down.
        recorded: Instant,
        /// When the other was.
        previous: Instant,
    },
    /// It was written down at a time that belongs to an earlier issue.
    #[error("recorded {recorded}, not after the previous issue of {issued_at}")]
    RecordedBeforePrevious {
        /// When it was written down.
        recorded: Instant,
        /// The time of the previous issue.
        issued_at: Instant,
    },
    /// It was written down after the register was issued.
    #[error("recorded {recorded}, the register is issued {issued_at}")]
    RecordedAfterIssue {
        /// When it was written down.
        recorded: Instant,
        /// The time of the issue.
        issued_at: Instant,
    },
    /// It says what holds already.
    #[error("is so already since {since}")]
    AlreadySo {
        /// Since when.
        since: Instant,
    },
    /// It ends what does not hold.
    #[error("ends what is not so")]
    NotSo,
    /// A key that was revoked is never listed again.
    #[error("the key was revoked {revoked} and is never listed again")]
    KeyWasRevoked {
        /// When.
        revoked: Instant,
    },
    /// A key belongs to one entity, for ever.
    #[error("the key {key} is listed for entity {entity}")]
    KeyOfAnotherEntity {
        /// The key.
        key: KeyDigest,
        /// Whose it is.
        entity: EntityCode,
    },
    /// It names an entity that is not in the register.
    #[error("entity {entity} is not in the register")]
    UnknownEntity {
        /// The entity named.
        entity: EntityCode,
    },
    /// It names an entity that is not there at that time.
    #[error("entity {entity} does not exist at {at}")]
    NoSuchEntityThen {
        /// The entity named.
        entity: EntityCode,
        /// When the event takes effect.
        at: Instant,
    },
    /// It names the entity itself.
    #[error("names the entity itself")]
    Itself,
    /// It names one entity twice.
    #[error("names entity {entity} twice")]
    NamedTwice {
        /// The entity named.
        entity: EntityCode,
    },
    /// Too many entities are above it.
    #[error("more than {limit} entities are above entity {parent} and this one")]
    TooDeep {
        /// The parent named.
        parent: EntityCode,
        /// The limit.
        limit: usize,
    },
    /// The entity would belong to itself by way of others.
    #[error("entity {parent} itself belongs to this entity at {at}")]
    ParentCycle {
        /// The parent named.
        parent: EntityCode,
        /// When.
        at: Instant,
    },
}

impl HistoryFault {
    /// A stable name for the kind of fault.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotCreated => "history-not-created",
            Self::BeforeCreation { .. } => "history-before-creation",
            Self::CreatedTwice { .. } => "history-created-twice",
            Self::AfterEnd { .. } => "history-after-end",
            Self::RecordedBackwards { .. } => "history-recorded-backwards",
            Self::RecordedBeforePrevious { .. } => "history-recorded-before-previous",
            Self::RecordedAfterIssue { .. } => "history-recorded-after-issue",
            Self::AlreadySo { .. } => "history-already-so",
            Self::NotSo => "history-not-so",
            Self::KeyWasRevoked { .. } => "history-key-was-revoked",
            Self::KeyOfAnotherEntity { .. } => "history-key-of-another-entity",
            Self::UnknownEntity { .. } => "history-unknown-entity",
            Self::NoSuchEntityThen { .. } => "history-no-such-entity-then",
            Self::Itself => "history-itself",
            Self::NamedTwice { .. } => "history-named-twice",
            Self::TooDeep { .. } => "history-too-deep",
            Self::ParentCycle { .. } => "history-parent-cycle",
        }
    }
}
