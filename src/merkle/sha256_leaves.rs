//! Hashes of leaves by SHA-256, many at a time.

use std::ops::Range;

use crate::digest::{DigestAlgorithm, pad, padded_blocks, sha256_of_padded};

use super::{LEAF, leaf_hash};

/// Entries that are read, and then hashed together where the processor can. Each is kept as it is hashed: behind the prefix
/// of a leaf, before the padding.
#[derive(Debug, Default)]
pub(crate) struct Sha256Leaves {
    /// What is there already is at the front.
    memory: Vec<[u8; 64]>,
    used: usize,
}

impl Sha256Leaves {
    /// Keeps the entry that `write` puts at the front of so many octets, and whose length it answers; answers its place.
    pub(crate) fn keep(&mut self, most: usize, write: impl FnOnce(&mut [u8]) -> Option<usize>) -> Option<Range<usize>> {
        let end = self.used + padded_blocks(LEAF.len() + most);
        if self.memory.len() < end {
            self.memory.resize(end, [0; 64]);
        }
        let blocks = self.memory.get_mut(self.used..)?;
        let (prefix, rest) = blocks.as_flattened_mut().split_first_chunk_mut()?;
        *prefix = LEAF;
        let length = write(rest.get_mut(..most)?)?;
        let start = self.used * 64 + LEAF.len();
        self.used += pad(blocks, LEAF.len() + length);
        Some(start..start + length)
    }

    /// What is kept at `place`: nothing, if that is forgotten.
    pub(crate) fn at(&self, place: &Range<usize>) -> &[u8] {
        self.kept().as_flattened().get(place.clone()).unwrap_or_default()
    }

    /// The hashes of the entries at `places`.
    pub(crate) fn hashes(&self, places: &[&Range<usize>]) -> Vec<[u8; 32]> {
        let blocks = |place: &&Range<usize>| {
            let start = place.start / 64;
            self.kept().get(start..start + padded_blocks(LEAF.len() + place.len())).unwrap_or_default()
        };
        let one = |place: &&Range<usize>| {
            let hash = leaf_hash(DigestAlgorithm::Sha256, self.at(place));
            hash.as_octets().first_chunk().copied().unwrap_or_default()
        };
        let together = sha256_of_padded(places.iter().map(blocks));
        together.unwrap_or_else(|| places.iter().map(one).collect())
    }

    /// Forgets everything.
    pub(crate) fn forget(&mut self) {
        self.used = 0;
    }

    /// How many octets of memory it takes.
    pub(crate) fn octets(&self) -> usize {
        self.memory.capacity() * 64
    }

    fn kept(&self) -> &[[u8; 64]] {
        self.memory.get(..self.used).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hashes_are_those_of_each_alone() {
        let mut leaves = Sha256Leaves::default();
        for round in 0..2_u8 {
            let entries: Vec<Vec<u8>> = (0..200).map(|length| vec![round ^ 0xa5; length]).collect();
            let keep = |entry: &Vec<u8>| {
                // Less is written than there is room for, and some of it beyond the end.
                leaves.keep(entry.len() + 70, |place| {
                    place.fill(0xff);
                    place[..entry.len()].copy_from_slice(entry);
                    Some(entry.len())
                })
            };
            let places: Vec<_> = entries.iter().filter_map(keep).collect();
            assert!(entries.iter().zip(&places).all(|(entry, place)| leaves.at(place) == entry));
            let hashes = leaves.hashes(&places.iter().collect::<Vec<_>>());
            assert_eq!(hashes.len(), entries.len());
            for (entry, hash) in entries.iter().zip(hashes) {
                assert_eq!(leaf_hash(DigestAlgorithm::Sha256, entry).as_octets(), hash);
            }
            leaves.forget();
            assert!(places.iter().all(|place| leaves.at(place).is_empty()));
        }
    }

    #[test]
    fn what_is_not_written_is_not_kept() {
        let mut leaves = Sha256Leaves::default();
        assert_eq!(leaves.keep(100, |_| None), None);
        let place = leaves.keep(100, |place| place.first_chunk_mut().map(|chunk| (*chunk = *b"entry", chunk.len()).1));
        assert_eq!(leaves.at(&place.unwrap()), b"entry");
        let hash = leaf_hash(DigestAlgorithm::Sha256, b"entry");
        assert_eq!(leaves.hashes(&[&(1..6)]), [hash.as_octets()]);
    }
}
