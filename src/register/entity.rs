//! One entity: its history, and what follows from it.

use crate::codes::{DocumentKind, EntityCode, ServiceCode};
use crate::crypto::KeyDigest;
use crate::register::timeline::{Granted, Timeline, names_of};
use crate::register::{Event, Fact, HistoryError, HistoryFault, Names};
use crate::time::Instant;

/// An entity with its history, which makes sense: see [the module](super).
#[derive(Debug, Clone)]
pub struct EntityHistory {
    code: EntityCode,
    events: Vec<Event>,
    timeline: Timeline,
}

/// Whether an entity was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Existence {
    /// It was created later.
    NotYet {
        /// When.
        created: Instant,
    },
    /// It was there, and could issue.
    Active,
    /// It was there, and could not issue.
    Suspended {
        /// Since when.
        since: Instant,
    },
    /// It had been abolished.
    Abolished {
        /// When.
        since: Instant,
    },
    /// It had been merged into another.
    Merged {
        /// When.
        since: Instant,
        /// Into which.
        successor: EntityCode,
    },
}

impl EntityHistory {
    pub(super) fn new(code: EntityCode, events: Vec<Event>) -> Result<Self, HistoryError> {
        match Timeline::replay(&events) {
            Ok(timeline) => Ok(Self { code, events, timeline }),
            Err((position, fault)) => Err(error(code, &events, position, fault)),
        }
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> EntityCode {
        self.code
    }

    /// The events, in the order in which they were recorded.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Whether the entity was there at `at`.
    #[must_use]
    pub fn existence(&self, at: Instant) -> Existence {
        let Timeline { created, ended, .. } = self.timeline;
        if at < created {
            return Existence::NotYet { created };
        }
        if let Some((since, position)) = ended.filter(|(ended, _)| *ended <= at) {
            return match self.events.get(position).map(Event::fact) {
                Some(Fact::MergedInto { successor }) => Existence::Merged { since, successor: *successor },
                _ => Existence::Abolished { since },
            };
        }
        match self.timeline.suspension(at) {
            Some(suspension) => Existence::Suspended { since: suspension.from },
            None => Existence::Active,
        }
    }

    /// The names at `at`; `None` before the entity was created. The last names stay when it ends.
    #[must_use]
    pub fn names(&self, at: Instant) -> Option<&Names> {
        self.timeline.names(at).and_then(|position| self.events.get(position)).and_then(names_of)
    }

    /// The entity that it belonged to at `at`.
    #[must_use]
    pub fn parent(&self, at: Instant) -> Option<EntityCode> {
        self.timeline.parent(at)
    }

    /// The keys listed at `at`. Those of an entity that had ended are not.
    pub fn keys(&self, at: Instant) -> impl Iterator<Item = KeyDigest> {
        self.timeline.keys.all_at(at).filter(move |_| self.timeline.exists(at))
    }

    /// The kinds of documents that it could issue at `at`, in order.
    pub fn kinds(&self, at: Instant) -> impl Iterator<Item = DocumentKind> {
        self.timeline.kinds.all_at(at).filter(move |_| self.timeline.exists(at))
    }

    /// The services for which it could issue documents at `at`, in order.
    pub fn services(&self, at: Instant) -> impl Iterator<Item = ServiceCode> {
        self.timeline.services.all_at(at).filter(move |_| self.timeline.exists(at))
    }

    /// Those that carried on when it ended, by its own last event.
    #[must_use]
    pub fn successors(&self) -> &[EntityCode] {
        let end = self.timeline.ended.and_then(|(_, position)| self.events.get(position));
        end.map(|event| event.fact().references()).unwrap_or_default()
    }

    pub(super) fn key(&self, key: &KeyDigest, at: Instant) -> Granted {
        self.timeline.keys.at(key, at)
    }

    pub(super) fn kind(&self, kind: DocumentKind, at: Instant) -> Granted {
        self.timeline.kinds.at(&kind, at)
    }

    pub(super) fn service(&self, service: ServiceCode, at: Instant) -> Granted {
        self.timeline.services.at(&service, at)
    }

    /// Every key that was ever listed.
    pub(super) fn all_keys(&self) -> impl Iterator<Item = KeyDigest> {
        self.timeline.keys.all()
    }

    pub(super) fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// The error that event `position` of this entity cannot be.
    pub(super) fn refuse(&self, position: usize, fault: HistoryFault) -> HistoryError {
        error(self.code, &self.events, position, fault)
    }
}

fn error(entity: EntityCode, events: &[Event], position: usize, fault: HistoryFault) -> HistoryError {
    let event = events.get(position).map_or("none", |event| event.fact().word());
    HistoryError { entity, position, event, fault }
}
