//! A history in the order in which its facts hold, and the periods that follow from it.
//!
//! Events stand in the order in which they were recorded. What they say is ordered by when it took effect, and by their
//! place where that is the same; replayed in that order they must make sense, one after another.

use std::collections::BTreeMap;

use crate::codes::{DocumentKind, EntityCode, ServiceCode};
use crate::crypto::KeyDigest;
use crate::register::{Event, Fact, HistoryFault, Names};
use crate::time::Instant;

/// The periods of one history. Positions are of events, from 0.
#[derive(Debug, Clone)]
pub(super) struct Timeline {
    pub(super) created: Instant,
    pub(super) ended: Option<(Instant, usize)>,
    pub(super) suspensions: Vec<Period>,
    /// Since when, and the event that says the names.
    pub(super) names: Vec<(Instant, usize)>,
    pub(super) parents: Vec<(Instant, Option<EntityCode>)>,
    pub(super) keys: Grants<KeyDigest>,
    pub(super) kinds: Grants<DocumentKind>,
    pub(super) services: Grants<ServiceCode>,
}

/// From an instant on, up to and without another, if there is an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) from: Instant,
    pub(super) until: Option<Instant>,
}

impl Period {
    fn contains(&self, at: Instant) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

/// What was granted when, by what; the periods of one thing in their order.
#[derive(Debug, Clone)]
pub(super) struct Grants<K>(BTreeMap<K, Vec<Period>>);

/// What is known about a grant at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Granted {
    /// It holds.
    Holds,
    /// It held until then.
    Ended(Instant),
    /// It holds from then on only.
    Later(Instant),
    /// Never.
    Never,
}

impl<K: Ord + Copy> Grants<K> {
    pub(super) fn at(&self, what: &K, at: Instant) -> Granted {
        let periods = self.0.get(what).map(Vec::as_slice).unwrap_or_default();
        let (before, after) = periods.split_at(periods.partition_point(|period| period.from <= at));
        match (before.last(), after.first()) {
            (Some(last), _) if last.contains(at) => Granted::Holds,
            (Some(Period { until: Some(until), .. }), _) => Granted::Ended(*until),
            (_, Some(next)) => Granted::Later(next.from),
            _ => Granted::Never,
        }
    }

    /// Everything that holds at a time, in order.
    pub(super) fn all_at(&self, at: Instant) -> impl Iterator<Item = K> {
        self.0
            .iter()
            .filter(move |(_, periods)| periods.iter().any(|period| period.contains(at)))
            .map(|(what, _)| *what)
    }

    /// Everything that ever was granted.
    pub(super) fn all(&self) -> impl Iterator<Item = K> {
        self.0.keys().copied()
    }

    fn grant(&mut self, what: K, from: Instant) -> Result<(), HistoryFault> {
        let periods = self.0.entry(what).or_default();
        match periods.last() {
            Some(Period { from, until: None }) => Err(HistoryFault::AlreadySo { since: *from }),
            _ => {
                periods.push(Period { from, until: None });
                Ok(())
            }
        }
    }

    fn withdraw(&mut self, what: &K, at: Instant) -> Result<(), HistoryFault> {
        let last = self.0.get_mut(what).and_then(|periods| periods.last_mut());
        let open = last.filter(|period| period.until.is_none()).ok_or(HistoryFault::NotSo)?;
        open.until = Some(at);
        Ok(())
    }
}

impl Timeline {
    /// Replays `events`; an error comes with the position of the event that cannot be.
    pub(super) fn replay(events: &[Event]) -> Result<Self, (usize, HistoryFault)> {
        let mut order: Vec<(usize, &Event)> = events.iter().enumerate().collect();
        order.sort_by_key(|(_, event)| event.effective());
        recorded_forwards(events)?;
        let (&(position, first), rest) = order.split_first().ok_or((0, HistoryFault::NotCreated))?;
        let Fact::Created { parent, .. } = first.fact() else { return Err((position, not_created(events))) };
        let from = first.effective();
        let mut timeline = Self {
            created: from,
            ended: None,
            suspensions: Vec::new(),
            names: vec![(from, position)],
            parents: vec![(from, *parent)],
            keys: Grants(BTreeMap::new()),
            kinds: Grants(BTreeMap::new()),
            services: Grants(BTreeMap::new()),
        };
        for (position, event) in rest {
            timeline.apply(*position, event, events).map_err(|fault| (*position, fault))?;
        }
        Ok(timeline)
    }

    fn apply(&mut self, position: usize, event: &Event, events: &[Event]) -> Result<(), HistoryFault> {
        let at = event.effective();
        if let Some((ended, _)) = self.ended {
            return Err(HistoryFault::AfterEnd { ended, effective: at });
        }
        match event.fact() {
            Fact::Created { .. } => return Err(HistoryFault::CreatedTwice { created: self.created }),
            Fact::Renamed { names } => {
                let current = self.names.last().and_then(|(since, position)| Some((*since, events.get(*position)?)));
                match current {
                    Some((since, event)) if names_of(event) == Some(names) => {
                        return Err(HistoryFault::AlreadySo { since });
                    }
                    _ => self.names.push((at, position)),
                }
            }
            Fact::Reparented { parent } => match self.parents.last() {
                Some((since, current)) if current == parent => return Err(HistoryFault::AlreadySo { since: *since }),
                _ => self.parents.push((at, *parent)),
            },
            Fact::SplitFrom { .. } => {}
            Fact::MergedInto { .. } | Fact::Abolished { .. } => self.ended = Some((at, position)),
            Fact::Suspended => match self.suspensions.last() {
                Some(Period { from, until: None }) => return Err(HistoryFault::AlreadySo { since: *from }),
                _ => self.suspensions.push(Period { from: at, until: None }),
            },
            Fact::Resumed => match self.suspensions.last_mut() {
                Some(Period { until: until @ None, .. }) => *until = Some(at),
                _ => return Err(HistoryFault::NotSo),
            },
            Fact::KeyAdded { key } => match self.keys.at(key, at) {
                Granted::Ended(revoked) => return Err(HistoryFault::KeyWasRevoked { revoked }),
                _ => self.keys.grant(*key, at)?,
            },
            Fact::KeyRevoked { key } => self.keys.withdraw(key, at)?,
            Fact::KindGranted { kind } => self.kinds.grant(*kind, at)?,
            Fact::KindWithdrawn { kind } => self.kinds.withdraw(kind, at)?,
            Fact::ServiceGranted { service } => self.services.grant(*service, at)?,
            Fact::ServiceWithdrawn { service } => self.services.withdraw(service, at)?,
        }
        Ok(())
    }

    /// Whether the entity was there at a time, suspended or not.
    pub(super) fn exists(&self, at: Instant) -> bool {
        self.created <= at && self.ended.is_none_or(|(ended, _)| at < ended)
    }

    pub(super) fn suspension(&self, at: Instant) -> Option<&Period> {
        latest(&self.suspensions, at, |period| period.from).filter(|period| period.contains(at))
    }

    pub(super) fn parent(&self, at: Instant) -> Option<EntityCode> {
        latest(&self.parents, at, |(since, _)| *since).and_then(|(_, parent)| *parent)
    }

    /// The event that says the names that hold at a time.
    pub(super) fn names(&self, at: Instant) -> Option<usize> {
        latest(&self.names, at, |(since, _)| *since).map(|(_, position)| *position)
    }
}

/// The last of `entries`, which are in order, that began at `at` or before.
fn latest<T>(entries: &[T], at: Instant, since: impl Fn(&T) -> Instant) -> Option<&T> {
    entries.get(..entries.partition_point(|entry| since(entry) <= at)).and_then(<[T]>::last)
}

/// The names that an event says.
pub(super) fn names_of(event: &Event) -> Option<&Names> {
    match event.fact() {
        Fact::Created { names, .. } | Fact::Renamed { names } => Some(names),
        _ => None,
    }
}

/// No event was written down before the one that stands before it.
fn recorded_forwards(events: &[Event]) -> Result<(), (usize, HistoryFault)> {
    for (position, pair) in events.windows(2).enumerate() {
        if let [earlier, later] = pair
            && later.recorded() < earlier.recorded()
        {
            let (recorded, previous) = (later.recorded(), earlier.recorded());
            return Err((position + 1, HistoryFault::RecordedBackwards { recorded, previous }));
        }
    }
    Ok(())
}

/// The first to take effect is no creation: there is one later, or there is none.
fn not_created(events: &[Event]) -> HistoryFault {
    let mut creations = events.iter().filter(|event| matches!(event.fact(), Fact::Created { .. }));
    creations
        .next()
        .map_or(HistoryFault::NotCreated, |event| HistoryFault::BeforeCreation { created: event.effective() })
}
