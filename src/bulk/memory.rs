//! What a run has learned, bounded in octets.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher, RandomState};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// Something that was learned of many documents, and is found by what they have in common.
pub(super) trait Lesson: Clone {
    /// What it is found by.
    type Key<'k>: ?Sized;

    /// Whether it is of the documents that have `key` in common; they are compared in full.
    fn is(&self, key: &Self::Key<'_>) -> bool;

    /// The same, with what was learned later.
    fn and(&self, later: Self) -> Self;

    /// About how many octets of memory it takes.
    fn octets(&self) -> usize;
}

/// Lessons by a place that is computed from their keys. Two with one place take turns.
///
/// Half of the octets are for those learned last. When these fill their half they become the other, whose place they take,
/// so what is not learned again goes. What is forgotten is judged in the general way, and learned again.
#[derive(Debug)]
pub(super) struct Memory<L> {
    bound: usize,
    places: RandomState,
    lessons: RwLock<Generations<L>>,
    /// How often something was learned.
    learned: AtomicU64,
}

/// A lesson as one thread has it. That is counted twice, so that what a thread does with it for each document stops no other.
pub(super) type Lent<L> = Rc<Arc<L>>;

/// The lessons that one thread has asked for, as long as nothing new is learned.
#[derive(Debug)]
pub(super) struct Near<L> {
    lessons: HashMap<u64, Lent<L>, BuildHasherDefault<Place>>,
    /// [`Memory::learned`] when they were asked for.
    as_of: u64,
}

/// A place is a hash already.
#[derive(Debug, Default)]
struct Place(u64);

impl Hasher for Place {
    fn write(&mut self, octets: &[u8]) {
        octets.iter().for_each(|octet| self.0 = self.0.rotate_left(8) ^ u64::from(*octet));
    }

    fn write_u64(&mut self, place: u64) {
        self.0 = place;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl<L> Default for Near<L> {
    fn default() -> Self {
        Self { lessons: HashMap::default(), as_of: 0 }
    }
}

#[derive(Debug)]
struct Generations<L> {
    young: HashMap<u64, Arc<L>>,
    young_octets: usize,
    old: HashMap<u64, Arc<L>>,
}

impl<L: Lesson> Memory<L> {
    pub(super) fn new(bound: usize) -> Self {
        let generations = Generations { young: HashMap::new(), young_octets: 0, old: HashMap::new() };
        let (lessons, learned) = (RwLock::new(generations), AtomicU64::new(0));
        Self { bound, places: RandomState::new(), lessons, learned }
    }

    /// The lesson of `key`; `sample` are some of its octets in which keys differ.
    pub(super) fn find(&self, near: &mut Near<L>, key: &L::Key<'_>, sample: impl Hash) -> Option<Lent<L>> {
        let place = self.places.hash_one(sample);
        let learned = self.learned.load(Ordering::Acquire);
        if near.as_of != learned {
            near.lessons.clear();
            near.as_of = learned;
        }
        if !near.lessons.contains_key(&place) {
            let lesson = self.at(place)?;
            if near.lessons.len() >= MOST_NEAR {
                near.lessons.clear();
            }
            near.lessons.insert(place, Rc::new(lesson));
        }
        near.lessons.get(&place).filter(|lesson| lesson.is(key)).cloned()
    }

    fn at(&self, place: u64) -> Option<Arc<L>> {
        let lessons = self.lessons.read().unwrap_or_else(PoisonError::into_inner);
        lessons.young.get(&place).or_else(|| lessons.old.get(&place)).cloned()
    }

    /// Keeps what was learned of `key`.
    pub(super) fn learn(&self, key: &L::Key<'_>, sample: impl Hash, learned: L) {
        let place = self.places.hash_one(sample);
        let mut guard = self.lessons.write().unwrap_or_else(PoisonError::into_inner);
        // Before anything changes: whoever has read the old count asks once more for what is near.
        self.learned.fetch_add(1, Ordering::Release);
        let lessons = &mut *guard;
        let before = lessons.young.remove(&place);
        lessons.young_octets -= before.as_ref().map_or(0, |before| before.octets());
        let before = before.or_else(|| lessons.old.remove(&place)).filter(|before| before.is(key));
        let lesson = before.map_or_else(|| learned.clone(), |before| before.and(learned.clone()));
        let octets = lesson.octets();
        if octets > self.bound / 2 {
            return;
        }
        if lessons.young_octets + octets > self.bound / 2 {
            lessons.old = std::mem::take(&mut lessons.young);
            lessons.young_octets = 0;
        }
        lessons.young_octets += octets;
        lessons.young.insert(place, Arc::new(lesson));
    }
}

/// Lessons that a thread keeps near: as many as a block has documents.
const MOST_NEAR: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq)]
    struct Word(&'static str, u32);

    impl Lesson for Word {
        type Key<'k> = str;

        fn is(&self, key: &str) -> bool {
            self.0 == key
        }

        fn and(&self, later: Self) -> Self {
            Self(later.0, self.1 + later.1)
        }

        fn octets(&self) -> usize {
            10
        }
    }

    #[test]
    fn what_is_learned_last_is_kept_longest() {
        let memory = Memory::new(40);
        let mut near = Near::default();
        let mut find =
            |memory: &Memory<Word>, word: &'static str| memory.find(&mut near, word, word).map(|found| found.1);
        for (count, word) in (1..).zip(["a", "b", "c"]) {
            memory.learn(word, word, Word(word, count));
        }
        // Two fit a half: a and b are the older half now.
        assert_eq!((find(&memory, "a"), find(&memory, "b"), find(&memory, "c")), (Some(1), Some(2), Some(3)));
        memory.learn("a", "a", Word("a", 10));
        memory.learn("d", "d", Word("d", 4));
        assert_eq!((find(&memory, "a"), find(&memory, "b"), find(&memory, "d")), (Some(11), None, Some(4)));
        assert_eq!(find(&memory, "c"), Some(3));
    }

    #[test]
    fn what_is_near_is_what_was_learned_last() {
        let (memory, mut near) = (Memory::new(1 << 20), Near::default());
        for count in 1..=3 {
            // More than are kept near.
            (0..300).for_each(|place: u32| memory.learn("a", place, Word("a", 1)));
            for place in (0..300).chain(0..300) {
                assert_eq!(memory.find(&mut near, "a", place).map(|found| found.1), Some(count));
                assert!((1..=MOST_NEAR).contains(&near.lessons.len()));
            }
        }
    }

    #[test]
    fn two_with_one_place_take_turns_and_are_never_taken_for_each_other() {
        let memory = Memory::new(1000);
        memory.learn("a", 0, Word("a", 1));
        memory.learn("b", 0, Word("b", 2));
        let near = &mut Near::default();
        assert_eq!((memory.find(near, "a", 0), memory.find(near, "b", 0).map(|found| found.1)), (None, Some(2)));
        assert!(Memory::<Word>::new(0).find(&mut Near::default(), "a", 0).is_none());
        let none = Memory::new(19);
        none.learn("a", 0, Word("a", 1));
        assert!(none.find(&mut Near::default(), "a", 0).is_none());
    }
}
