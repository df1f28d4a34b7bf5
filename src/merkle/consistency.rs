//! Proof that a tree grew by appending only.

use crate::digest::{Digest, DigestAlgorithm};

use super::{MAX_SIZE, MerkleError, check_algorithm, check_path_length, check_strength, digest_of, hash_node};

/// A Merkle consistency proof (RFC 9162 §2.1.4): that a tree of [`old_size`](Self::old_size) entries is the beginning of
/// one of [`new_size`](Self::new_size).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyProof {
    old_size: u64,
    new_size: u64,
    path: Vec<Digest>,
}

impl ConsistencyProof {
    /// The proof from `old_size` to `new_size` entries with the hashes of `path`, lowest first.
    ///
    /// # Errors
    /// [`MerkleError::SizeOutOfRange`] for an old size of 0, or over the new one; [`MerkleError::TooLarge`] for a new
    /// size over 2^63; [`MerkleError::PathLength`] for more or fewer hashes than the sizes give.
    pub fn new(old_size: u64, new_size: u64, path: Vec<Digest>) -> Result<Self, MerkleError> {
        if new_size > MAX_SIZE {
            return Err(MerkleError::TooLarge { size: new_size });
        }
        if old_size == 0 || old_size > new_size {
            return Err(MerkleError::SizeOutOfRange { old: old_size, new: new_size });
        }
        check_path_length(path.len(), path_length(old_size, new_size))?;
        Ok(Self { old_size, new_size, path })
    }

    /// The proof whose path is given as octets, each hash by `algorithm`.
    ///
    /// # Errors
    /// As [`new`](Self::new); [`MerkleError::HashLength`] for a hash of another length.
    pub fn from_octets<H: AsRef<[u8]>>(
        old_size: u64,
        new_size: u64,
        algorithm: DigestAlgorithm,
        path: impl IntoIterator<Item = H>,
    ) -> Result<Self, MerkleError> {
        let path = path.into_iter().map(|hash| digest_of(algorithm, hash.as_ref())).collect::<Result<_, _>>()?;
        Self::new(old_size, new_size, path)
    }

    /// The number of entries of the smaller tree.
    #[must_use]
    pub fn old_size(&self) -> u64 {
        self.old_size
    }

    /// The number of entries of the larger tree.
    #[must_use]
    pub fn new_size(&self) -> u64 {
        self.new_size
    }

    /// The hashes, lowest first.
    #[must_use]
    pub fn path(&self) -> &[Digest] {
        &self.path
    }

    /// Checks that the tree with `old_root` is the beginning of the one with `new_root` (§2.1.4.2).
    ///
    /// # Errors
    /// [`MerkleError::Root`] when it is not, with the root that the proof gives; [`MerkleError::Algorithm`] when roots and
    /// path are not by one hash function, [`MerkleError::WeakAlgorithm`] when that is SHA-1.
    pub fn verify(&self, old_root: &Digest, new_root: &Digest) -> Result<(), MerkleError> {
        let algorithm = new_root.algorithm();
        check_strength(algorithm)?;
        check_algorithm(algorithm, &[old_root])?;
        // Where the old tree is a subtree of the new one, its root is the lowest hash and is left out.
        let is_subtree = self.old_size.is_power_of_two() || self.old_size == self.new_size;
        let whole = is_subtree.then_some(old_root);
        let mut hashes = whole.into_iter().chain(&self.path);
        let lowest = hashes.next().map(|hash| hash.as_octets().to_vec()).unwrap_or_default();
        let (mut old, mut new, mut node) = (lowest.clone(), lowest, Vec::with_capacity(algorithm.output_len()));
        // `fn` and `sn` of the RFC: the place of the old tree's last node on its level, and of the new tree's.
        let (mut place, mut last) = (self.old_size - 1, self.new_size - 1);
        let shared = place.trailing_ones();
        (place, last) = (place >> shared, last >> shared);
        for beside in hashes {
            check_algorithm(algorithm, &[beside])?;
            while place & 1 == 0 && place == last && last != 0 {
                (place, last) = (place >> 1, last >> 1);
            }
            if place & 1 == 1 {
                hash_node(algorithm, beside.as_octets(), &old, &mut node);
                std::mem::swap(&mut old, &mut node);
                hash_node(algorithm, beside.as_octets(), &new, &mut node);
            } else {
                hash_node(algorithm, &new, beside.as_octets(), &mut node);
            }
            std::mem::swap(&mut new, &mut node);
            (place, last) = (place >> 1, last >> 1);
        }
        same_root(algorithm, &old, old_root)?;
        same_root(algorithm, &new, new_root)
    }
}

fn same_root(algorithm: DigestAlgorithm, found: &[u8], expected: &Digest) -> Result<(), MerkleError> {
    if found == expected.as_octets() {
        return Ok(());
    }
    Err(MerkleError::Root { found: Box::new(digest_of(algorithm, found)?), expected: Box::new(expected.clone()) })
}

/// The number of hashes from `old` to `new` entries: those of the way from the last node that both trees share.
fn path_length(old: u64, new: u64) -> usize {
    if old == new {
        return 0;
    }
    let shared = (old - 1).trailing_ones();
    let (place, last) = ((old - 1) >> shared, (new - 1) >> shared);
    let parted = u64::BITS - (place ^ last).leading_zeros();
    let beside = place.checked_shr(parted).unwrap_or_default().count_ones();
    let lowest = u32::from(!old.is_power_of_two());
    usize::try_from(parted + beside + lowest).unwrap_or(usize::MAX)
}
