//! Proof that one entry is in a tree, at one place.

use crate::digest::{Digest, DigestAlgorithm};

use super::{MAX_SIZE, MerkleError, check_algorithm, check_path_length, check_strength, digest_of, hash_node};

/// A Merkle inclusion proof (RFC 9162 §2.1.3): which entry of how many, and the hashes from its leaf to the root.
///
/// Its path has the length that index and size give; what it proves, [`verify`](Self::verify) says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    leaf_index: u64,
    tree_size: u64,
    path: Vec<Digest>,
}

impl InclusionProof {
    /// The proof for entry `leaf_index`, counted from 0, of `tree_size`, with the hashes of `path`, lowest first.
    ///
    /// # Errors
    /// [`MerkleError::IndexOutOfRange`] for an index that is not below the size, [`MerkleError::TooLarge`] for a size over
    /// 2^63, [`MerkleError::PathLength`] for two hashes where index and size give three.
    pub fn new(leaf_index: u64, tree_size: u64, path: Vec<Digest>) -> Result<Self, MerkleError> {
        check_shape(leaf_index, tree_size, path.len())?;
        Ok(Self { leaf_index, tree_size, path })
    }

    /// The proof whose path is given as octets, each hash by `algorithm`.
    ///
    /// # Errors
    /// As [`new`](Self::new); [`MerkleError::HashLength`] for a hash of another length.
    pub fn from_octets<H: AsRef<[u8]>>(
        leaf_index: u64,
        tree_size: u64,
        algorithm: DigestAlgorithm,
        path: impl IntoIterator<Item = H>,
    ) -> Result<Self, MerkleError> {
        let path = path.into_iter().map(|hash| digest_of(algorithm, hash.as_ref())).collect::<Result<_, _>>()?;
        Self::new(leaf_index, tree_size, path)
    }

    /// Which entry, counted from 0.
    #[must_use]
    pub fn leaf_index(&self) -> u64 {
        self.leaf_index
    }

    /// Of how many.
    #[must_use]
    pub fn tree_size(&self) -> u64 {
        self.tree_size
    }

    /// The hashes beside the way from the leaf to the root, lowest first.
    #[must_use]
    pub fn path(&self) -> &[Digest] {
        &self.path
    }

    /// The root of the tree in which the entry with hash `leaf` stands where the proof says (§2.1.3.2).
    ///
    /// # Errors
    /// [`MerkleError::Algorithm`] when `leaf` and the path are not by one hash function,
    /// [`MerkleError::WeakAlgorithm`] when that is SHA-1.
    pub fn root(&self, leaf: &Digest) -> Result<Digest, MerkleError> {
        let algorithm = leaf.algorithm();
        check_strength(algorithm)?;
        let mut hash = leaf.as_octets().to_vec();
        let mut node = Vec::with_capacity(hash.len());
        let mut way = Way::new(self.leaf_index, self.tree_size);
        for beside in &self.path {
            check_algorithm(algorithm, &[beside])?;
            if way.rises_from_the_right() {
                hash_node(algorithm, beside.as_octets(), &hash, &mut node);
            } else {
                hash_node(algorithm, &hash, beside.as_octets(), &mut node);
            }
            std::mem::swap(&mut hash, &mut node);
        }
        digest_of(algorithm, &hash)
    }

    /// Checks that the entry with hash `leaf` is in the tree whose root is `root`, where the proof says.
    ///
    /// # Errors
    /// [`MerkleError::Root`] when it is not; as [`root`](Self::root).
    pub fn verify(&self, leaf: &Digest, root: &Digest) -> Result<(), MerkleError> {
        check_algorithm(leaf.algorithm(), &[root])?;
        let found = self.root(leaf)?;
        if found == *root {
            return Ok(());
        }
        Err(MerkleError::Root { found: Box::new(found), expected: Box::new(root.clone()) })
    }
}

/// Refuses an index outside the tree, and a path of another length than index and size give.
pub(super) fn check_shape(leaf_index: u64, tree_size: u64, path: usize) -> Result<(), MerkleError> {
    if tree_size > MAX_SIZE {
        return Err(MerkleError::TooLarge { size: tree_size });
    }
    if leaf_index >= tree_size {
        return Err(MerkleError::IndexOutOfRange { index: leaf_index, size: tree_size });
    }
    check_path_length(path, path_length(leaf_index, tree_size))
}

/// The way from a leaf to the root (§2.1.3.2): `fn` and `sn`, the place of the node on its level and of the last node there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Way {
    place: u64,
    last: u64,
}

impl Way {
    /// From a leaf of a tree, which is not empty.
    pub(super) fn new(leaf_index: u64, tree_size: u64) -> Self {
        Self { place: leaf_index, last: tree_size.saturating_sub(1) }
    }

    /// Goes on to the next node that has two children; whether it is reached from that on the right.
    pub(super) fn rises_from_the_right(&mut self) -> bool {
        // A node that is the last and has an even place has nothing to its right: it rises as it is.
        while self.place & 1 == 0 && self.place == self.last && self.last != 0 {
            (self.place, self.last) = (self.place >> 1, self.last >> 1);
        }
        let right = self.place & 1 == 1;
        (self.place, self.last) = (self.place >> 1, self.last >> 1);
        right
    }
}

/// The number of hashes from leaf `index` to the root of a tree of `size`: one for each level where the way to this leaf
/// and the way to the last one have parted, and above that one for each left neighbour.
fn path_length(index: u64, size: u64) -> usize {
    let parted = u64::BITS - (index ^ (size - 1)).leading_zeros();
    let beside = index.checked_shr(parted).unwrap_or_default().count_ones();
    usize::try_from(parted + beside).unwrap_or(usize::MAX)
}
