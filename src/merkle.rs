//! Merkle trees after RFC 9162 §2.1: a root for many entries, and proofs that take a logarithm of them.
//!
//! A [`MerkleTree`] is append-only. From it come its [root](MerkleTree::root), an [`InclusionProof`] that one entry is in
//! it at one place, and a [`ConsistencyProof`] that a smaller tree is its beginning. The verifying half needs no tree: a
//! proof, the entry's [`leaf_hash`] and a root suffice.
//!
//! ```text
//! MTH({})     = HASH()
//! MTH({d0})   = HASH(0x00 || d0)
//! MTH(D[0:n]) = HASH(0x01 || MTH(D[0:k]) || MTH(D[k:n]))   ; k the largest power of two smaller than n
//! ```
//!
//! The prefixes keep a leaf from being shown as a node and a node as a leaf. A proof carries index and size, and its path
//! has exactly the length that these two give.
//!
//! **Accepted**: the hash functions of [`DigestAlgorithm`], except SHA-1; sizes up to 2^63. **Refused**: a proof whose path
//! is longer or shorter than index and size say, an index outside the tree, digests by another hash function.
//!
//! ```
//! use wathiqa::digest::DigestAlgorithm;
//! use wathiqa::merkle::{MerkleTree, leaf_hash};
//!
//! let mut tree = MerkleTree::new(DigestAlgorithm::Sha256)?;
//! for entry in ["كتاب", "قرار", "تعميم"] {
//!     tree.push(entry.as_bytes());
//! }
//! let (root, proof) = (tree.root(), tree.inclusion_proof(1)?);
//!
//! let leaf = leaf_hash(DigestAlgorithm::Sha256, "قرار".as_bytes());
//! proof.verify(&leaf, &root)?;
//!
//! let other = leaf_hash(DigestAlgorithm::Sha256, "مذكرة".as_bytes());
//! let error = proof.verify(&other, &root).unwrap_err();
//! assert_eq!(error.code(), "merkle-root");
//! # Ok::<(), wathiqa::merkle::MerkleError>(())
//! ```

mod consistency;
mod inclusion;
mod sha256_leaves;
mod sha256_proof;
mod tree;

use crate::digest::{Digest, DigestAlgorithm};

pub use consistency::ConsistencyProof;
pub use inclusion::InclusionProof;
pub(crate) use sha256_leaves::Sha256Leaves;
pub(crate) use sha256_proof::Sha256Proof;
pub use tree::MerkleTree;

/// The hash of one entry, HASH(0x00 || entry) (RFC 9162 §2.1.1).
#[must_use]
pub fn leaf_hash(algorithm: DigestAlgorithm, entry: &[u8]) -> Digest {
    let mut hasher = algorithm.hasher();
    hasher.update(&LEAF);
    hasher.update(entry);
    hasher.finish()
}

/// Puts HASH(0x01 || left || right) in the place of what `node` holds.
fn hash_node(algorithm: DigestAlgorithm, left: &[u8], right: &[u8], node: &mut Vec<u8>) {
    let mut hasher = algorithm.hasher();
    hasher.update(&NODE);
    hasher.update(left);
    hasher.update(right);
    node.clear();
    hasher.finish_into(node);
}

const LEAF: [u8; 1] = [0];
const NODE: [u8; 1] = [1];

/// A hash that a proof gave, as a digest.
fn digest_of(algorithm: DigestAlgorithm, octets: &[u8]) -> Result<Digest, MerkleError> {
    Digest::new(algorithm, octets).map_err(|_| MerkleError::HashLength { found: octets.len(), algorithm })
}

/// Every hash of a proof is by the one hash function.
fn check_algorithm(expected: DigestAlgorithm, digests: &[&Digest]) -> Result<(), MerkleError> {
    match digests.iter().map(|digest| digest.algorithm()).find(|found| *found != expected) {
        None => Ok(()),
        Some(found) => Err(MerkleError::Algorithm { found, expected }),
    }
}

/// Refuses what is broken for collisions, on which every proof rests.
fn check_strength(algorithm: DigestAlgorithm) -> Result<(), MerkleError> {
    match algorithm {
        DigestAlgorithm::Sha1 => Err(MerkleError::WeakAlgorithm { algorithm }),
        DigestAlgorithm::Sha256 | DigestAlgorithm::Sha384 | DigestAlgorithm::Sha512 => Ok(()),
    }
}

/// Refuses a path of another length than index and size give.
fn check_path_length(found: usize, expected: usize) -> Result<(), MerkleError> {
    if found == expected { Ok(()) } else { Err(MerkleError::PathLength { found, expected }) }
}

/// Why a tree was not made, or a proof does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MerkleError {
    /// The hash function is broken for collisions: SHA-1.
    #[error("Merkle tree: {algorithm} is broken for collisions")]
    WeakAlgorithm {
        /// The hash function.
        algorithm: DigestAlgorithm,
    },
    /// A digest is by another hash function than the tree.
    #[error("Merkle proof: a digest by {found}, the tree is of {expected}")]
    Algorithm {
        /// The digest's.
        found: DigestAlgorithm,
        /// The tree's.
        expected: DigestAlgorithm,
    },
    /// A hash of a path has not as many octets as the hash function makes: 31 for SHA-256.
    #[error("Merkle proof: a hash of {found} octets, {algorithm} has {}", .algorithm.output_len())]
    HashLength {
        /// How many it has.
        found: usize,
        /// The hash function.
        algorithm: DigestAlgorithm,
    },
    /// The entry is behind the end of the tree: index 3 of 3.
    #[error("Merkle tree: no entry {index}, counted from 0, in a tree of {size}")]
    IndexOutOfRange {
        /// The index, counted from 0.
        index: u64,
        /// The number of entries.
        size: u64,
    },
    /// A smaller tree that is not smaller, or has no entry: from 4 to 3, from 0 to 3.
    #[error("Merkle tree: a tree of {old} entries is not the beginning of one of {new}")]
    SizeOutOfRange {
        /// The smaller tree's number of entries.
        old: u64,
        /// The larger tree's number of entries.
        new: u64,
    },
    /// More entries than can be counted.
    #[error("Merkle tree: {size} entries, at most 2^63 are counted")]
    TooLarge {
        /// The number of entries.
        size: u64,
    },
    /// The path is longer or shorter than index and size say.
    #[error("Merkle proof: a path of {found} hashes, index and size give {expected}")]
    PathLength {
        /// How many hashes it has.
        found: usize,
        /// How many it must have.
        expected: usize,
    },
    /// The proof leads to another root: the entry is not in the tree at that place.
    #[error("Merkle proof: leads to root {found}, expected {expected}")]
    Root {
        /// The root that the proof gives.
        found: Box<Digest>,
        /// The root that it was to give.
        expected: Box<Digest>,
    },
}

impl MerkleError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::WeakAlgorithm { .. } => "merkle-weak-algorithm",
            Self::Algorithm { .. } => "merkle-algorithm",
            Self::HashLength { .. } => "merkle-hash-length",
            Self::IndexOutOfRange { .. } => "merkle-index-out-of-range",
            Self::SizeOutOfRange { .. } => "merkle-size-out-of-range",
            Self::TooLarge { .. } => "merkle-too-large",
            Self::PathLength { .. } => "merkle-path-length",
            Self::Root { .. } => "merkle-root",
        }
    }
}

/// The largest tree whose index arithmetic cannot overflow.
const MAX_SIZE: u64 = 1 << 63;

#[cfg(test)]
mod tests;
