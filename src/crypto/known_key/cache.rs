//! Which keys have a table: those that earned one, as long as there is room.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What is known of the keys met, in at most so many octets.
///
/// Time is counted in signatures.
#[derive(Debug)]
pub(super) struct Cache<T> {
    keys: BTreeMap<Box<[u8]>, Entry<T>>,
    now: u64,
    /// What the tables take, those that are being built included.
    octets: usize,
    bound: usize,
    /// Tables that were dropped so far.
    dropped: u64,
}

#[derive(Debug)]
struct Entry<T> {
    /// Signatures since it is counted here.
    signatures: u64,
    since: u64,
    octets: usize,
    state: State<T>,
}

#[derive(Debug)]
enum State<T> {
    Counted,
    Building,
    /// No point of the curve.
    Refused,
    Built(Arc<Kept<T>>),
}

/// A table in use.
#[derive(Debug)]
pub(super) struct Kept<T> {
    pub(super) table: T,
    /// When it was last asked for; up to [`SLACK`] before, while it is at hand elsewhere.
    last: AtomicU64,
}

impl<T> Kept<T> {
    /// Notes that it is asked for where it is at hand. Most often that is to read alone, what another thread may be reading
    /// too.
    pub(super) fn touch(&self, now: u64) {
        if now.saturating_sub(self.last()) > SLACK {
            self.last.store(now, Ordering::Relaxed);
        }
    }

    fn last(&self) -> u64 {
        self.last.load(Ordering::Relaxed)
    }

    /// Whether it may have been asked for after `since`.
    fn is_in_use(self: &Arc<Self>, since: u64) -> bool {
        let slack = if Arc::strong_count(self) == 1 { 0 } else { SLACK };
        self.last().saturating_add(slack) >= since
    }
}

/// What to do with the signatures of a key.
#[derive(Debug)]
pub(super) enum Answer<T> {
    /// There is no table: another way.
    NoTable,
    /// The key has earned a table, and there is room: build it, and tell [`Cache::built`].
    Build,
    Table(Arc<Kept<T>>),
}

impl<T> Cache<T> {
    pub(super) fn new(bound: usize) -> Self {
        Self { keys: BTreeMap::new(), now: 0, octets: 0, bound, dropped: 0 }
    }

    /// The time now, and how many tables were dropped so far.
    pub(super) fn now(&self) -> (u64, u64) {
        (self.now, self.dropped)
    }

    /// Counts `signatures` of keys whose tables are at hand elsewhere.
    pub(super) fn pass(&mut self, signatures: u64) {
        self.now = self.now.saturating_add(signatures);
    }

    /// Counts `signatures` of `key`, whose table takes or would take `octets`.
    pub(super) fn ask(&mut self, key: &[u8], signatures: u64, octets: usize) -> Answer<T> {
        self.pass(signatures);
        let now = self.now;
        if let Some(Entry { state: State::Built(table), .. }) = self.keys.get(key) {
            table.last.store(now, Ordering::Relaxed);
            return Answer::Table(Arc::clone(table));
        }
        if !self.keys.contains_key(key) {
            self.make_place();
            let entry = Entry { signatures: 0, since: now, octets, state: State::Counted };
            self.keys.insert(key.into(), entry);
        }
        let Some(entry) = self.keys.get_mut(key) else { return Answer::NoTable };
        entry.signatures = entry.signatures.saturating_add(signatures);
        match &entry.state {
            State::Building | State::Refused | State::Built(_) => return Answer::NoTable,
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
    pub(super) fn built(&mut self, key: &[u8], table: Option<T>) -> Option<Arc<Kept<T>>> {
        let Some(table) = table else {
            self.octets = self.octets.saturating_sub(self.keys.get(key).map_or(0, |entry| entry.octets));
            self.set(key, State::Refused);
            return None;
        };
        let kept = Arc::new(Kept { table, last: AtomicU64::new(self.now) });
        self.set(key, State::Built(Arc::clone(&kept)));
        Some(kept)
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
            let built = self.keys.iter().filter_map(|(key, entry)| match &entry.state {
                State::Built(kept) => Some((key, entry.octets, kept)),
                _ => None,
            });
            let oldest = built.min_by_key(|(_, _, kept)| kept.last());
            let Some((key, octets, _)) = oldest.filter(|(_, _, kept)| !kept.is_in_use(since)) else { return false };
            self.octets = self.octets.saturating_sub(octets);
            self.dropped += 1;
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

/// How much later than noted a table may have been asked for. 4,096: some milliseconds, in which no thread writes what another
/// reads.
const SLACK: u64 = 4096;

/// Keys that are counted; about 1 MiB. A bound of 1 GiB has fewer tables.
const MAX_KEYS: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    fn build(cache: &mut Cache<u8>, key: u8) -> bool {
        let answer = cache.ask(&[key], SIGNATURES_OF_A_TABLE, 10);
        if matches!(answer, Answer::Build) {
            cache.built(&[key], Some(key));
            return true;
        }
        matches!(answer, Answer::Table(_))
    }

    #[test]
    fn what_is_reserved_is_no_room_for_tables() {
        let mut cache = Cache::<u8>::new(25);
        cache.reserve(10);
        assert!(build(&mut cache, 1) && build(&mut cache, 2));
        assert_eq!(cache.size(), (1, 10));
    }

    #[test]
    fn counts_are_kept_until_there_are_too_many() {
        let mut cache = Cache::<u8>::new(100);
        let others = |count: usize| (1..=count).map(|other| other.to_be_bytes());
        let mut nearly = |others: &mut dyn Iterator<Item = [u8; 8]>| {
            cache = Cache::new(100);
            assert!(matches!(cache.ask(b"key", SIGNATURES_OF_A_TABLE - 1, 10), Answer::NoTable));
            others.for_each(|other| assert!(matches!(cache.ask(&other, 1, 10), Answer::NoTable)));
            matches!(cache.ask(b"key", 1, 10), Answer::Build)
        };
        assert!(nearly(&mut others(1)) && nearly(&mut others(MAX_KEYS - 1)));
        assert!(!nearly(&mut others(MAX_KEYS)));
    }

    #[test]
    fn a_key_earns_its_table() {
        let mut cache = Cache::<u8>::new(100);
        for _ in 1..SIGNATURES_OF_A_TABLE {
            assert!(matches!(cache.ask(b"key", 1, 10), Answer::NoTable));
        }
        assert!(matches!(cache.ask(b"key", 1, 10), Answer::Build));
        assert!(matches!(cache.ask(b"key", 1, 10), Answer::NoTable), "another thread builds it");
        cache.built(b"key", Some(1));
        assert!(matches!(cache.ask(b"key", 1, 10), Answer::Table(kept) if kept.table == 1));
        assert_eq!(cache.size(), (1, 10));
    }

    #[test]
    fn a_key_that_is_no_point_is_not_tried_again() {
        let mut cache = Cache::<u8>::new(100);
        assert!(matches!(cache.ask(b"key", 99, 10), Answer::Build));
        cache.built(b"key", None);
        assert!(matches!(cache.ask(b"key", 99, 10), Answer::NoTable));
        assert_eq!(cache.size(), (0, 0));
    }

    #[test]
    fn tables_stay_within_the_bound_and_the_longest_unused_goes_first() {
        let mut cache = Cache::new(29);
        assert!(build(&mut cache, 1) && build(&mut cache, 2));
        assert_eq!(cache.size(), (2, 20));
        assert!(matches!(cache.ask(&[1], 1, 10), Answer::Table(_)));
        let dropped = cache.now().1;
        assert!(build(&mut cache, 3), "in the place of 2");
        assert_eq!((cache.size(), cache.now().1), ((2, 20), dropped + 1));
        assert!(matches!(cache.ask(&[2], 1, 10), Answer::NoTable));
        assert!(matches!(cache.ask(&[1], 1, 10), Answer::Table(_)));
        cache.reserve(20);
        assert!(!build(&mut Cache::new(9), 1), "does not fit at all");
    }

    #[test]
    fn a_table_that_may_be_in_use_is_not_dropped() {
        let mut cache = Cache::new(10);
        assert!(build(&mut cache, 1));
        let Answer::Table(kept) = cache.ask(&[1], 1, 10) else { panic!("it is there") };
        for _ in 0..3 * SLACK {
            cache.pass(1);
            kept.touch(cache.now().0);
            assert!(matches!(cache.ask(&[2], 1, 10), Answer::NoTable));
        }
        // Asked for once more, and then no longer, of which nobody knows until it is let go.
        assert!(matches!(cache.ask(&[1], 1, 10), Answer::Table(_)));
        let mut asked = |most: u64| (0..most).any(|_| matches!(cache.ask(&[2], 1, 10), Answer::Build));
        assert!(!asked(SLACK / 2));
        drop(kept);
        assert!(asked(SIGNATURES_OF_A_TABLE) && cache.now().1 == 1);
    }

    #[test]
    fn keys_in_turns_do_not_drop_the_tables_of_each_other() {
        let mut cache = Cache::new(20);
        assert!(build(&mut cache, 1) && build(&mut cache, 2));
        for _ in 0..10 * SIGNATURES_OF_A_TABLE {
            assert!(matches!(cache.ask(&[1], 1, 10), Answer::Table(_)));
            assert!(matches!(cache.ask(&[2], 1, 10), Answer::Table(_)));
            assert!(matches!(cache.ask(&[3], 1, 10), Answer::NoTable));
        }
    }

    #[test]
    fn counts_of_many_keys_are_forgotten_and_tables_are_not() {
        let mut cache = Cache::new(100);
        assert!(build(&mut cache, 0));
        for key in 0..3 * MAX_KEYS {
            assert!(matches!(cache.ask(&key.to_be_bytes(), 1, 10), Answer::NoTable));
            assert!(cache.keys.len() <= MAX_KEYS);
        }
        assert!(matches!(cache.ask(&[0], 1, 10), Answer::Table(_)));
    }
}
