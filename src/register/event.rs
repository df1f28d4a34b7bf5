//! The events that make the history of an entity.

use std::collections::BTreeMap;

use crate::codes::{DocumentKind, EntityCode, ServiceCode};
use crate::crypto::KeyDigest;
use crate::document::{LanguageTag, MemberFault, line};
use crate::time::Instant;

/// One fact about an entity, with the time from which it holds and the time at which the register learned of it.
///
/// Both in whole seconds. A fact may be recorded after it took effect, and before it will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    effective: Instant,
    recorded: Instant,
    fact: Fact,
}

impl Event {
    /// The event that `fact` holds from `effective` on, written down at `recorded`. Fractions of seconds are dropped.
    #[must_use]
    pub fn new(effective: Instant, recorded: Instant, fact: Fact) -> Self {
        Self { effective: effective.whole_seconds(), recorded: recorded.whole_seconds(), fact }
    }

    /// From when the fact holds.
    #[must_use]
    pub fn effective(&self) -> Instant {
        self.effective
    }

    /// When it was written down.
    #[must_use]
    pub fn recorded(&self) -> Instant {
        self.recorded
    }

    /// The fact.
    #[must_use]
    pub fn fact(&self) -> &Fact {
        &self.fact
    }
}

/// What can happen to an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fact {
    /// The entity begins. The first event of every entity, and of none the second: a code is never used again.
    Created {
        /// Its names.
        names: Names,
        /// The entity it belongs to, if any.
        parent: Option<EntityCode>,
    },
    /// It has other names, which replace all it had.
    Renamed {
        /// The names.
        names: Names,
    },
    /// It belongs to another entity, or to none.
    Reparented {
        /// The entity, if any.
        parent: Option<EntityCode>,
    },
    /// It ends, and another entity carries on.
    MergedInto {
        /// The other.
        successor: EntityCode,
    },
    /// It came out of another entity, which may go on.
    SplitFrom {
        /// The other.
        origin: EntityCode,
    },
    /// It ends.
    Abolished {
        /// The entities that carry on, if any do.
        successors: Vec<EntityCode>,
    },
    /// It may not issue until it is resumed.
    Suspended,
    /// It may issue again.
    Resumed,
    /// A key is its key.
    KeyAdded {
        /// The key.
        key: KeyDigest,
    },
    /// A key is its key no longer, and never again.
    KeyRevoked {
        /// The key.
        key: KeyDigest,
    },
    /// It may issue documents of a kind.
    KindGranted {
        /// The kind.
        kind: DocumentKind,
    },
    /// It may no longer.
    KindWithdrawn {
        /// The kind.
        kind: DocumentKind,
    },
    /// It may issue documents for a service.
    ServiceGranted {
        /// The service.
        service: ServiceCode,
    },
    /// It may no longer.
    ServiceWithdrawn {
        /// The service.
        service: ServiceCode,
    },
}

impl Fact {
    /// The word for it in the register.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Created { .. } => "created",
            Self::Renamed { .. } => "renamed",
            Self::Reparented { .. } => "reparented",
            Self::MergedInto { .. } => "merged-into",
            Self::SplitFrom { .. } => "split-from",
            Self::Abolished { .. } => "abolished",
            Self::Suspended => "suspended",
            Self::Resumed => "resumed",
            Self::KeyAdded { .. } => "key-added",
            Self::KeyRevoked { .. } => "key-revoked",
            Self::KindGranted { .. } => "kind-granted",
            Self::KindWithdrawn { .. } => "kind-withdrawn",
            Self::ServiceGranted { .. } => "service-granted",
            Self::ServiceWithdrawn { .. } => "service-withdrawn",
        }
    }

    /// The other entities that it names.
    pub(super) fn references(&self) -> &[EntityCode] {
        match self {
            Self::Created { parent, .. } | Self::Reparented { parent } => parent.as_slice(),
            Self::MergedInto { successor } => std::slice::from_ref(successor),
            Self::SplitFrom { origin } => std::slice::from_ref(origin),
            Self::Abolished { successors } => successors,
            _ => &[],
        }
    }

    /// Whether the entity ends by it.
    pub(super) fn is_end(&self) -> bool {
        matches!(self, Self::MergedInto { .. } | Self::Abolished { .. })
    }
}

/// The names of an entity, at most one in a language, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names(BTreeMap<LanguageTag, String>);

impl Names {
    /// One name, in the language with this tag.
    ///
    /// # Errors
    /// [`MemberFault`] for a tag that is none (`arabic_`), and a name that is blank or has control characters.
    pub fn new(tag: &str, name: &str) -> Result<Self, MemberFault> {
        Self(BTreeMap::new()).with(tag, name)
    }

    /// The same and a name in another language; a second name in one language replaces the first.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with(mut self, tag: &str, name: &str) -> Result<Self, MemberFault> {
        self.0.insert(tag.parse().map_err(MemberFault::Language)?, line(name.to_owned())?);
        Ok(self)
    }

    /// The name in the language with exactly this tag.
    #[must_use]
    pub fn in_language(&self, tag: &str) -> Option<&str> {
        self.iter().find(|(language, _)| language.as_str() == tag).map(|(_, name)| name)
    }

    /// Every language with its name, in the order of the tags.
    pub fn iter(&self) -> impl Iterator<Item = (&LanguageTag, &str)> {
        self.0.iter().map(|(language, name)| (language, name.as_str()))
    }
}
