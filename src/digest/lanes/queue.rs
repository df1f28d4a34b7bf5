//! Short messages that wait for each other.

use std::mem::take;
use std::ops::Range;

use crate::digest::DigestAlgorithm;

use super::avx512::Avx512;
use super::{pad, padded_blocks, sha256_of_padded};

/// Short messages, whose digests are computed together where the processor can.
#[derive(Debug, Default)]
pub(crate) struct Sha256Queue {
    /// With their padding, one behind the other.
    blocks: Vec<[u8; 64]>,
    /// The blocks of each message that waits.
    waiting: Vec<Range<usize>>,
    /// The digests of those that do not wait.
    digests: Vec<[u8; 32]>,
}

impl Sha256Queue {
    /// Adds a message, in pieces; answers its place among the digests.
    pub(crate) fn push(&mut self, pieces: [&[u8]; 2]) -> usize {
        if Avx512::detect().is_none() {
            let mut hasher = DigestAlgorithm::Sha256.hasher();
            pieces.into_iter().for_each(|piece| hasher.update(piece));
            self.digests.push(hasher.finish().as_octets().first_chunk().copied().unwrap_or_default());
            return self.digests.len() - 1;
        }
        let length = pieces.into_iter().map(<[u8]>::len).sum::<usize>();
        let first = self.blocks.len();
        let end = first + padded_blocks(length);
        self.blocks.resize(end, [0; 64]);
        let blocks = self.blocks.get_mut(first..).unwrap_or_default();
        let mut rest = blocks.as_flattened_mut();
        for piece in pieces {
            let (place, behind) = rest.split_at_mut_checked(piece.len()).unwrap_or_default();
            place.copy_from_slice(piece);
            rest = behind;
        }
        pad(blocks, length);
        self.waiting.push(first..end);
        self.waiting.len() - 1
    }

    /// The digests of all, in the order in which they were added. The queue is empty then.
    pub(crate) fn digests(&mut self) -> Vec<[u8; 32]> {
        let waiting = self.waiting.drain(..).map(|waiting| self.blocks.get(waiting).unwrap_or_default());
        let together = sha256_of_padded(waiting);
        self.blocks.clear();
        together.unwrap_or_else(|| take(&mut self.digests))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

        #[test]
        fn the_digests_are_those_of_each_alone(
            messages in proptest::collection::vec((proptest::collection::vec(any::<u8>(), 0..140), proptest::collection::vec(any::<u8>(), 0..140)), 0..40),
        ) {
            let mut queue = Sha256Queue::default();
            for _ in 0..2 {
                let places: Vec<usize> = messages.iter().map(|(one, two)| queue.push([one, two])).collect();
                let digests = queue.digests();
                prop_assert_eq!(digests.len(), messages.len());
                for ((one, two), place) in messages.iter().zip(places) {
                    let expected = DigestAlgorithm::Sha256.digest(&[one.as_slice(), two].concat());
                    prop_assert_eq!(&digests[place][..], expected.as_octets());
                }
            }
        }
    }
}
