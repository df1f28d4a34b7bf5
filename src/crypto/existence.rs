//! When objects are proven to have existed, for judging the algorithms they were made with.

use std::collections::HashMap;

use crate::digest::{Digest, DigestAlgorithm};
use crate::time::Instant;

/// For objects known by their SHA-256 digest, the earliest proven time; for all others, the time of judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Existence {
    at: Instant,
    proven: HashMap<Digest, Instant>,
}

impl Existence {
    /// Nothing is proven but that everything exists at `at`.
    pub(crate) fn new(at: Instant) -> Self {
        Self { at, proven: HashMap::new() }
    }

    /// The object with this SHA-256 digest existed at `time`; of several times the earliest counts.
    pub(crate) fn prove(&mut self, object: Digest, time: Instant) {
        let time = time.min(self.at);
        self.proven.entry(object).and_modify(|known| *known = time.min(*known)).or_insert(time);
    }

    /// The earliest time at which `object` is proven to have existed.
    pub(crate) fn proven(&self, object: &[u8]) -> Instant {
        if self.proven.is_empty() {
            return self.at;
        }
        self.proven.get(&DigestAlgorithm::Sha256.digest(object)).copied().unwrap_or(self.at)
    }

    /// The time of judgement.
    pub(crate) fn at(&self) -> Instant {
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_proof_counts_and_without_one_the_time_of_judgement() {
        let second = |second| Instant::from_unix_seconds(second).unwrap();
        let digest = |object: &[u8]| DigestAlgorithm::Sha256.digest(object);
        let mut existence = Existence::new(second(100));
        assert_eq!(existence.proven(b"a"), second(100));
        existence.prove(digest(b"a"), second(50));
        existence.prove(digest(b"a"), second(60));
        existence.prove(digest(b"b"), second(200));
        assert_eq!([b"a", b"b", b"c"].map(|object| existence.proven(object)), [second(50), second(100), second(100)]);
        existence.prove(digest(b"a"), second(40));
        assert_eq!((existence.proven(b"a"), existence.at()), (second(40), second(100)));
    }
}
