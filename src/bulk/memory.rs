//! The signers that a run knows, bounded in octets.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use super::header::SplitHeader;
use super::precedent::KnownSigner;

/// The signers known, found by the text of their headers.
///
/// Half of the octets are for those learned last. When these fill their half they become the other, whose place they take,
/// so what is not learned again goes. What is forgotten is judged in the general way, and learned again.
#[derive(Debug)]
pub(super) struct Memory {
    bound: usize,
    places: RandomState,
    signers: RwLock<Generations>,
}

/// Signers by their place. Two with one place take turns.
#[derive(Debug, Default)]
pub(super) struct Generations {
    young: HashMap<u64, Arc<KnownSigner>>,
    young_octets: usize,
    old: HashMap<u64, Arc<KnownSigner>>,
}

impl Memory {
    pub(super) fn new(bound: usize) -> Self {
        Self { bound, places: RandomState::new(), signers: RwLock::default() }
    }

    /// The signers as they are now; nobody learns while this is held.
    pub(super) fn read(&self) -> RwLockReadGuard<'_, Generations> {
        self.signers.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The signer whose header `split` is.
    pub(super) fn find(&self, signers: &Generations, split: &SplitHeader<'_>) -> Option<Arc<KnownSigner>> {
        let place = self.place(split);
        let signer = signers.young.get(&place).or_else(|| signers.old.get(&place))?;
        signer.header.is(split).then(|| signer.clone())
    }

    /// Keeps what was learned of the signer whose header `split` is.
    pub(super) fn learn(&self, split: &SplitHeader<'_>, learned: KnownSigner) {
        let place = self.place(split);
        let mut guard = self.signers.write().unwrap_or_else(PoisonError::into_inner);
        let signers = &mut *guard;
        let before = signers.young.remove(&place);
        signers.young_octets -= before.as_ref().map_or(0, |before| before.octets());
        let before = before.or_else(|| signers.old.remove(&place)).filter(|before| before.header.is(split));
        let signer = before.map_or_else(|| learned.clone(), |before| before.and(learned.clone()));
        let octets = signer.octets();
        if octets > self.bound / 2 {
            return;
        }
        if signers.young_octets + octets > self.bound / 2 {
            signers.old = std::mem::take(&mut signers.young);
            signers.young_octets = 0;
        }
        signers.young_octets += octets;
        signers.young.insert(place, Arc::new(signer));
    }

    /// Some of the octets in which headers of different signers differ: the digest of the certificate, and the middle of it.
    fn place(&self, split: &SplitHeader<'_>) -> u64 {
        let text = split.text;
        let piece = |start: usize| text.get(start..).and_then(|rest| rest.first_chunk::<48>());
        self.places.hash_one((text.len(), piece(96), piece(text.len() / 3)))
    }
}
