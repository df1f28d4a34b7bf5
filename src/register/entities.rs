//! All entities, and what their histories say of each other.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::codes::EntityCode;
use crate::crypto::KeyDigest;
use crate::register::{EntityHistory, Event, Fact, HistoryError, HistoryFault};
use crate::time::Instant;

/// The entities by their codes; every history makes sense by itself and beside the others.
#[derive(Debug, Clone, Default)]
pub(super) struct Entities {
    entities: BTreeMap<EntityCode, EntityHistory>,
    /// Whose a key is, or was.
    keys: HashMap<KeyDigest, EntityCode>,
    /// Which entities came out of one.
    splits: BTreeMap<EntityCode, Vec<(Instant, EntityCode)>>,
    /// The entities whose events of that moment name others.
    referring: BTreeMap<Instant, Vec<EntityCode>>,
}

impl Entities {
    /// Takes histories that each make sense, in ascending order of codes, each code once.
    pub(super) fn new(histories: Vec<EntityHistory>) -> Result<Self, HistoryError> {
        let mut all = Self::default();
        for history in &histories {
            all.index_keys(history)?;
            history.events().iter().for_each(|event| all.index_references(history.code(), event));
        }
        all.entities = histories.into_iter().map(|history| (history.code(), history)).collect();
        for history in all.entities.values() {
            all.check_references(history, None)?;
        }
        Ok(all)
    }

    pub(super) fn get(&self, code: EntityCode) -> Option<&EntityHistory> {
        self.entities.get(&code)
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &EntityHistory> {
        self.entities.values()
    }

    /// The entity for which a key is listed, or was.
    pub(super) fn of_key(&self, key: &KeyDigest) -> Option<EntityCode> {
        self.keys.get(key).copied()
    }

    /// The entities that came out of `code` up to `at`, in order.
    pub(super) fn split_from(&self, code: EntityCode, at: Instant) -> impl Iterator<Item = EntityCode> {
        let splits = self.splits.get(&code).map(Vec::as_slice).unwrap_or_default();
        splits.iter().filter(move |(since, _)| *since <= at).map(|(_, entity)| *entity)
    }

    /// Appends `event` to the history of `code`, if no history forbids it; else nothing changes.
    pub(super) fn record(&mut self, code: EntityCode, event: Event) -> Result<(), HistoryError> {
        let before = self.entities.get(&code).cloned();
        let mut events = before.as_ref().map(|history| history.events().to_vec()).unwrap_or_default();
        let (effective, is_end) = (event.effective(), event.fact().is_end());
        let changes_parent = matches!(event.fact(), Fact::Reparented { .. } | Fact::Created { .. });
        events.push(event);
        let history = EntityHistory::new(code, events)?;
        self.index_keys(&history)?;
        self.entities.insert(code, history);
        let affected = if is_end || changes_parent { self.referring_since(effective) } else { Vec::new() };
        let own = self.entities.get(&code).into_iter();
        let others = affected.iter().filter_map(|code| self.entities.get(code));
        let checked = own.chain(others).try_for_each(|history| self.check_references(history, Some(effective)));
        if let Err(error) = checked {
            // The keys of the event were not indexed: only events without a key name others.
            match before {
                Some(before) => self.entities.insert(code, before),
                None => self.entities.remove(&code),
            };
            return Err(error);
        }
        if let Some(event) = self.entities.get(&code).and_then(|history| history.events().last()).cloned() {
            self.index_references(code, &event);
        }
        Ok(())
    }

    fn referring_since(&self, effective: Instant) -> Vec<EntityCode> {
        let mut codes: Vec<EntityCode> =
            self.referring.range(effective..).flat_map(|(_, codes)| codes.iter().copied()).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// A key belongs to one entity for ever.
    fn index_keys(&mut self, history: &EntityHistory) -> Result<(), HistoryError> {
        for key in history.all_keys() {
            match self.keys.insert(key, history.code()) {
                Some(entity) if entity != history.code() => {
                    self.keys.insert(key, entity);
                    let adds = |event: &Event| matches!(event.fact(), Fact::KeyAdded { key: added } if *added == key);
                    let position = history.events().iter().position(adds).unwrap_or_default();
                    return Err(history.refuse(position, HistoryFault::KeyOfAnotherEntity { key, entity }));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn index_references(&mut self, code: EntityCode, event: &Event) {
        if let Fact::SplitFrom { origin } = event.fact() {
            self.splits.entry(*origin).or_default().push((event.effective(), code));
        }
        if !event.fact().references().is_empty() {
            self.referring.entry(event.effective()).or_default().push(code);
        }
    }

    /// The entities that the events of `history` name, from `since` on, are there when they take effect.
    fn check_references(&self, history: &EntityHistory, since: Option<Instant>) -> Result<(), HistoryError> {
        for (position, event) in history.events().iter().enumerate() {
            if since.is_none_or(|since| since <= event.effective()) {
                self.check_event(history.code(), event).map_err(|fault| history.refuse(position, fault))?;
            }
        }
        Ok(())
    }

    fn check_event(&self, code: EntityCode, event: &Event) -> Result<(), HistoryFault> {
        let at = event.effective();
        let mut named = BTreeSet::new();
        for &entity in event.fact().references() {
            if entity == code {
                return Err(HistoryFault::Itself);
            }
            if !named.insert(entity) {
                return Err(HistoryFault::NamedTwice { entity });
            }
            let other = self.entities.get(&entity).ok_or(HistoryFault::UnknownEntity { entity })?.timeline();
            let is_there = match event.fact() {
                // What an entity ends with may begin at that moment.
                Fact::SplitFrom { .. } => other.created <= at && other.ended.is_none_or(|(ended, _)| at <= ended),
                _ => other.exists(at),
            };
            if !is_there {
                return Err(HistoryFault::NoSuchEntityThen { entity, at });
            }
            if matches!(event.fact(), Fact::Created { .. } | Fact::Reparented { .. }) {
                self.check_ancestors(code, entity, at)?;
            }
        }
        Ok(())
    }

    /// The way up from `parent` ends, soon enough, and does not come by `code`.
    fn check_ancestors(&self, code: EntityCode, parent: EntityCode, at: Instant) -> Result<(), HistoryFault> {
        let mut above = Some(parent);
        for _ in 0..=MOST_ABOVE {
            match above {
                None => return Ok(()),
                Some(ancestor) if ancestor == code => return Err(HistoryFault::ParentCycle { parent, at }),
                Some(ancestor) => {
                    above = self.entities.get(&ancestor).and_then(|history| history.timeline().parent(at));
                }
            }
        }
        Err(HistoryFault::TooDeep { parent, limit: MOST_ABOVE })
    }
}

/// Entities above one. 32: the administrations known to us have below ten levels.
const MOST_ABOVE: usize = 32;
