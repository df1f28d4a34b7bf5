//! The tree itself: append, root, proofs.

use crate::digest::{Digest, DigestAlgorithm};

use super::{ConsistencyProof, InclusionProof, LEAF, MerkleError, check_algorithm, check_strength, hash_node};

/// An append-only Merkle tree over the hashes of its entries; the entries themselves are not kept.
///
/// An entry takes twice the length of a hash in memory: 64 octets with SHA-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerkleTree {
    algorithm: DigestAlgorithm,
    /// Level k holds, one behind the other, the hashes of the complete subtrees of 2^k entries.
    levels: Vec<Vec<u8>>,
    size: usize,
}

impl MerkleTree {
    /// An empty tree whose hash function is `algorithm`.
    ///
    /// # Errors
    /// [`MerkleError::WeakAlgorithm`] for SHA-1.
    pub fn new(algorithm: DigestAlgorithm) -> Result<Self, MerkleError> {
        check_strength(algorithm)?;
        Ok(Self { algorithm, levels: Vec::new(), size: 0 })
    }

    /// The hash function.
    #[must_use]
    pub fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm
    }

    /// The number of entries.
    #[must_use]
    pub fn size(&self) -> u64 {
        u64::try_from(self.size).unwrap_or(u64::MAX)
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.size == 0
    }

    /// Appends an entry, any octets.
    pub fn push(&mut self, entry: &[u8]) {
        let mut hasher = self.algorithm.hasher();
        hasher.update(&LEAF);
        hasher.update(entry);
        let mut hash = Vec::with_capacity(self.algorithm.output_len());
        hasher.finish_into(&mut hash);
        self.append(hash);
    }

    /// Appends the entry whose [`leaf_hash`](super::leaf_hash) is `hash`.
    ///
    /// # Errors
    /// [`MerkleError::Algorithm`] when it is by another hash function than the tree.
    pub fn push_leaf_hash(&mut self, hash: &Digest) -> Result<(), MerkleError> {
        check_algorithm(self.algorithm, &[hash])?;
        self.append(hash.as_octets().to_vec());
        Ok(())
    }

    /// Appends a leaf, and every subtree that it completes: one for each trailing one bit of the index before.
    fn append(&mut self, mut hash: Vec<u8>) {
        let len = self.algorithm.output_len();
        let mut completed = self.size;
        self.size += 1;
        let mut level = 0;
        loop {
            if level == self.levels.len() {
                self.levels.push(Vec::new());
            }
            let Some(hashes) = self.levels.get_mut(level) else { return };
            hashes.extend_from_slice(&hash);
            if completed & 1 == 0 {
                return;
            }
            let left = hashes.len().checked_sub(2 * len).and_then(|start| hashes.get(start..start + len));
            let right = hash.clone();
            hash_node(self.algorithm, left.unwrap_or_default(), &right, &mut hash);
            completed >>= 1;
            level += 1;
        }
    }

    /// The root of the whole tree (§2.1.1); of an empty one the hash of nothing.
    #[must_use]
    pub fn root(&self) -> Digest {
        if self.is_empty() {
            return self.algorithm.digest(&[]);
        }
        self.digest_of_range(0, self.size)
    }

    /// The root when the tree had `size` entries.
    ///
    /// # Errors
    /// [`MerkleError::SizeOutOfRange`] when it never had so many.
    pub fn root_of(&self, size: u64) -> Result<Digest, MerkleError> {
        match usize::try_from(size) {
            Ok(0) => Ok(self.algorithm.digest(&[])),
            Ok(old) if old <= self.size => Ok(self.digest_of_range(0, old)),
            _ => Err(MerkleError::SizeOutOfRange { old: size, new: self.size() }),
        }
    }

    /// The proof that entry `index`, counted from 0, is in the tree as it is now (§2.1.3.1).
    ///
    /// # Errors
    /// [`MerkleError::IndexOutOfRange`] for an index of [`size`](Self::size) or more.
    pub fn inclusion_proof(&self, index: u64) -> Result<InclusionProof, MerkleError> {
        let out_of_range = MerkleError::IndexOutOfRange { index, size: self.size() };
        let wanted = usize::try_from(index).ok().filter(|index| *index < self.size).ok_or(out_of_range)?;
        let mut path = Vec::new();
        let (mut start, mut end) = (0, self.size);
        while end - start > 1 {
            let middle = start + split(end - start);
            if wanted < middle {
                path.push(self.digest_of_range(middle, end));
                end = middle;
            } else {
                path.push(self.digest_of_range(start, middle));
                start = middle;
            }
        }
        path.reverse();
        InclusionProof::new(index, self.size(), path)
    }

    /// The proof that the tree of the first `old` entries is the beginning of this one (§2.1.4.1).
    ///
    /// # Errors
    /// [`MerkleError::SizeOutOfRange`] for 0, or more than [`size`](Self::size).
    pub fn consistency_proof(&self, old: u64) -> Result<ConsistencyProof, MerkleError> {
        let out_of_range = MerkleError::SizeOutOfRange { old, new: self.size() };
        let wanted = usize::try_from(old).ok().filter(|old| (1..=self.size).contains(old)).ok_or(out_of_range)?;
        let mut path = Vec::new();
        let (mut start, mut end) = (0, self.size);
        while wanted != end {
            let middle = start + split(end - start);
            if wanted <= middle {
                path.push(self.digest_of_range(middle, end));
                end = middle;
            } else {
                path.push(self.digest_of_range(start, middle));
                start = middle;
            }
        }
        // The old root itself is known to whoever asks; only a part of it is not.
        if start != 0 {
            path.push(self.digest_of_range(start, end));
        }
        path.reverse();
        ConsistencyProof::new(old, self.size(), path)
    }

    /// MTH(D[start:end]) of a range that some split of the tree gives: a complete subtree is kept; the ragged right edge
    /// is made of the complete subtrees in it, the smallest first.
    fn digest_of_range(&self, start: usize, end: usize) -> Digest {
        let mut hash: Vec<u8> = Vec::new();
        let mut end = end;
        while end > start {
            let size = 1 << (end - start).trailing_zeros();
            let left = self.subtree(end - size, size);
            if hash.is_empty() {
                hash.extend_from_slice(left);
            } else {
                let right = hash.clone();
                hash_node(self.algorithm, left, &right, &mut hash);
            }
            end -= size;
        }
        // Every level holds whole hashes of the tree's own function.
        Digest::new(self.algorithm, &hash).unwrap_or_else(|_| self.algorithm.digest(&[]))
    }

    /// The complete subtree of `size` entries, a power of two, that starts at `start`, a multiple of it.
    fn subtree(&self, start: usize, size: usize) -> &[u8] {
        let len = self.algorithm.output_len();
        let level = usize::try_from(size.trailing_zeros()).ok().and_then(|level| self.levels.get(level));
        let position = start / size * len;
        level.and_then(|hashes| hashes.get(position..position + len)).unwrap_or_default()
    }
}

/// The largest power of two smaller than `size`, which is at least 2.
fn split(size: usize) -> usize {
    1 << (size - 1).ilog2()
}
