//! What a run has learned, bounded in octets.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
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
        Self { bound, places: RandomState::new(), lessons: RwLock::new(generations) }
    }

    /// The lesson of `key`; `sample` are some of its octets in which keys differ.
    pub(super) fn find(&self, key: &L::Key<'_>, sample: impl Hash) -> Option<Arc<L>> {
        let place = self.places.hash_one(sample);
        let lessons = self.lessons.read().unwrap_or_else(PoisonError::into_inner);
        let lesson = lessons.young.get(&place).or_else(|| lessons.old.get(&place))?;
        lesson.is(key).then(|| lesson.clone())
    }

    /// Keeps what was learned of `key`.
    pub(super) fn learn(&self, key: &L::Key<'_>, sample: impl Hash, learned: L) {
        let place = self.places.hash_one(sample);
        let mut guard = self.lessons.write().unwrap_or_else(PoisonError::into_inner);
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
        let find = |memory: &Memory<Word>, word: &'static str| memory.find(word, word).map(|found| found.1);
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
    fn two_with_one_place_take_turns_and_are_never_taken_for_each_other() {
        let memory = Memory::new(1000);
        memory.learn("a", 0, Word("a", 1));
        memory.learn("b", 0, Word("b", 2));
        assert_eq!((memory.find("a", 0), memory.find("b", 0).map(|found| found.1)), (None, Some(2)));
        assert!(Memory::<Word>::new(0).find("a", 0).is_none());
        let none = Memory::new(19);
        none.learn("a", 0, Word("a", 1));
        assert!(none.find("a", 0).is_none());
    }
}
