//! Which keys have a table: those that earned one, as long as there is room.

use std::collections::BTreeMap;
use std::sync::Arc;

/// What is known of the keys met, in at most so many octets.
///
/// Time is counted in signatures: that of a key is `now` when it was last asked for.
#[derive(Debug)]
pub(super) struct Cache<T> {
    keys: BTreeMap<Box<[u8]>, Entry<T>>,
    now: u64,
    /// What the tables take, those that are being built included.
    octets: usize,
    bound: usize,
}

#[derive(Debug)]
struct Entry<T> {
    /// Signatures since it is counted here.
    signatures: u64,
    since: u64,
    last: u64,
    octets: usize,
    state: State<T>,
}

#[derive(Debug)]
enum State<T> {
    Counted,
    Building,
    /// No point of the curve.
    Refused,
    Built(Arc<T>),
}

/// What to do with the signatures of a key.
#[derive(Debug)]
pub(super) enum Answer<T> {
    /// There is no table: another way.
    NoTable,
    /// The key has earned a table, and there is room: build it, and tell [`Cache::built`].
    Build,
    Table(Arc<T>),
}

impl<T> Cache<T> {
    pub(super) fn new(bound: usize) -> Self {
        Self { keys: BTreeMap::new(), now: 0, octets: 0, bound }
    }

    /// Counts `signatures` of `key`, whose table takes or would take `octets`.
    pub(super) fn ask(&mut self, key: &[u8], signatures: u64, octets: usize) -> Answer<T> {
        let now = self.now.saturating_add(signatures);
        self.now = now;
        if !self.keys.contains_key(key) {
            self.make_place();
            let entry = Entry { signatures: 0, since: now, last: now, octets, state: State::Counted };
            self.keys.insert(key.into(), entry);
        }
        let Some(entry) = self.keys.get_mut(key) else { return Answer::NoTable };
        entry.signatures = entry.signatures.saturating_add(signatures);
        entry.last = now;
        match &entry.state {
            State::Built(table) => return Answer::Table(Arc::clone(table)),
            State::Building | State::Refused => return Answer::NoTable,
            State::Counted if entry.signatures < SIGNATURES_OF_A_TABLE => return Answer::NoTable,
            State::Counted => {}
        }
        let since = entry.since;
        if self.make_room(octets, since) {
            self.octets += octets;
            self.set(key, State::Building);
            Answer::Build
        } else {
            // It has been in less use than each that has a table; it may try again.
            if let Some(entry) = self.keys.get_mut(key) {
                (entry.signatures, entry.since) = (0, now);
            }
            Answer::NoTable
        }
    }

    /// Keeps the table that [`Answer::Build`] asked for; `None` if there can be none.
    pub(super) fn built(&mut self, key: &[u8], table: Option<Arc<T>>) {
        if table.is_none() {
            self.octets = self.octets.saturating_sub(self.keys.get(key).map_or(0, |entry| entry.octets));
        }
        self.set(key, table.map_or(State::Refused, State::Built));
    }

    /// Takes `octets` from what tables may take.
    pub(super) fn reserve(&mut self, octets: usize) {
        self.bound = self.bound.saturating_sub(octets);
    }

    /// How many tables there are, and the octets they take.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.keys.values().filter(|entry| matches!(entry.state, State::Built(_))).count(), self.octets)
    }

    fn set(&mut self, key: &[u8], state: State<T>) {
        if let Some(entry) = self.keys.get_mut(key) {
            entry.state = state;
        }
    }

    /// Drops the tables longest out of use until `octets` fit, but none that was in use after `since`: keys that come in
    /// turns would otherwise build tables for each other to drop.
    fn make_room(&mut self, octets: usize, since: u64) -> bool {
        while self.octets.saturating_add(octets) > self.bound {
            let built = self.keys.iter().filter(|(_, entry)| matches!(entry.state, State::Built(_)));
            let Some((key, entry)) = built.min_by_key(|(_, entry)| entry.last) else { return false };
            if entry.last >= since {
                return false;
            }
            self.octets = self.octets.saturating_sub(entry.octets);
            let key = key.clone();
            self.keys.remove(&key);
        }
        true
    }

    /// Forgets the counts of keys without a table when there are too many of them.
    fn make_place(&mut self) {
        if self.keys.len() >= MAX_KEYS {
            self.keys.retain(|_, entry| matches!(entry.state, State::Built(_) | State::Building));
        }
    }
}

/// A table costs about as much as ten verifications by `ring`; a key that has had 16 will likely have many more.
const SIGNATURES_OF_A_TABLE: u64 = 16;

/// Keys that are counted; about 1 MiB. A bound of 1 GiB has fewer tables.
const MAX_KEYS: usize = 4096;
