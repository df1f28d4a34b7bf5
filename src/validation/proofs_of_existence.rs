//! Proofs of existence: what is known to have existed when (EN 319 102-1 §5.6.2.3).
//!
//! At first everything exists at validation time and no earlier. Each time-stamp that is found valid, the latest first,
//! proves what its imprint covers: so an object is judged when it is proven to have existed, which decides whether an
//! algorithm was good then, a certificate valid, a key in the right hands.

use std::sync::Arc;

use crate::crypto::Existence;
use crate::digest::DigestAlgorithm;
use crate::time::Instant;

/// The proofs of one signature. Objects are known by their octets: a signature value as in the file, certificates, CRLs,
/// OCSP responses and tokens in DER.
#[derive(Debug, Clone)]
pub(super) struct ProofsOfExistence {
    existence: Arc<Existence>,
    is_empty: bool,
}

impl ProofsOfExistence {
    /// Everything exists at `at`.
    pub(super) fn new(at: Instant) -> Self {
        Self { existence: Arc::new(Existence::new(at)), is_empty: true }
    }

    /// `object` existed at `time`.
    pub(super) fn prove(&mut self, object: &[u8], time: Instant) {
        self.is_empty = false;
        Arc::make_mut(&mut self.existence).prove(DigestAlgorithm::Sha256.digest(object), time);
    }

    /// The earliest time at which `object` is proven to have existed: validation time, if nothing else proves it.
    pub(super) fn earliest(&self, object: &[u8]) -> Instant {
        self.existence.proven(object)
    }

    /// The time before validation time at which `object` is proven to have existed.
    pub(super) fn before_validation(&self, object: &[u8]) -> Option<Instant> {
        Some(self.earliest(object)).filter(|time| *time < self.existence.at())
    }

    /// Whether nothing is proven beyond validation time.
    pub(super) fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// Validation time.
    pub(super) fn at(&self) -> Instant {
        self.existence.at()
    }

    /// The same, for judging algorithms.
    pub(super) fn existence(&self) -> Arc<Existence> {
        Arc::clone(&self.existence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_proof_an_object_exists_at_validation_time() {
        let second = |second| Instant::from_unix_seconds(second).unwrap();
        let mut proofs = ProofsOfExistence::new(second(9));
        assert!(proofs.is_empty());
        assert_eq!((proofs.earliest(b"a"), proofs.before_validation(b"a")), (second(9), None));
        let earlier = proofs.existence();
        proofs.prove(b"a", second(5));
        assert_eq!((proofs.earliest(b"a"), proofs.before_validation(b"a")), (second(5), Some(second(5))));
        // What was handed out before stays as it was.
        assert_eq!(earlier.proven(b"a"), second(9));
        assert!(!proofs.is_empty());
    }
}
