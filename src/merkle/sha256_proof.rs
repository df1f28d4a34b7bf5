//! Inclusion proofs by SHA-256, many at a time.

use std::iter::repeat_n;

use crate::digest::{DigestAlgorithm, TwoBlocks, pad, sha256_of_two_blocks};

use super::inclusion::{Way, check_shape};
use super::{MerkleError, NODE};

/// What an [`InclusionProof`](super::InclusionProof) by SHA-256 says, borrowed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sha256Proof<'a> {
    leaf_index: u64,
    tree_size: u64,
    path: &'a [[u8; 32]],
}

impl<'a> Sha256Proof<'a> {
    /// As [`InclusionProof::new`](super::InclusionProof::new).
    pub(crate) fn new(leaf_index: u64, tree_size: u64, path: &'a [[u8; 32]]) -> Result<Self, MerkleError> {
        check_shape(leaf_index, tree_size, path.len())?;
        Ok(Self { leaf_index, tree_size, path })
    }

    /// The root that each proof gives for the hash of its leaf.
    ///
    /// The nodes of all proofs are hashed level by level. Entries that stand side by side in one tree share their nodes
    /// from some level on: from there they have one ascent.
    pub(crate) fn roots(proofs: &[(Self, [u8; 32])]) -> Vec<[u8; 32]> {
        let mut ascents: Vec<_> = proofs.iter().map(|(proof, leaf)| Ascent::new(proof, *leaf)).collect();
        let mut nodes = Vec::with_capacity(ascents.len());
        loop {
            ascents.dedup_by(|next, before| before.takes(next));
            nodes.extend(ascents.iter().filter_map(Ascent::children).map(padded));
            if nodes.is_empty() {
                return ascents.iter().flat_map(|ascent| repeat_n(ascent.hash, ascent.proofs)).collect();
            }
            let mut hashes = hashes(&nodes).into_iter();
            ascents.iter_mut().for_each(|ascent| ascent.rise(&mut hashes));
            nodes.clear();
        }
    }
}

/// The place to which proofs have risen that stand side by side and go on alike.
#[derive(Debug)]
struct Ascent<'a> {
    hash: [u8; 32],
    /// What is beside it, and beside the places that come.
    path: &'a [[u8; 32]],
    is_right: bool,
    /// From the parent.
    way: Way,
    /// How many proofs.
    proofs: usize,
}

impl<'a> Ascent<'a> {
    fn new(proof: &Sha256Proof<'a>, leaf: [u8; 32]) -> Self {
        let mut way = Way::new(proof.leaf_index, proof.tree_size);
        let is_right = way.rises_from_the_right();
        Self { hash: leaf, path: proof.path, is_right, way, proofs: 1 }
    }

    /// Of the parent; a root has none.
    fn children(&self) -> Option<[&[u8; 32]; 2]> {
        let beside = self.path.first()?;
        Some(if self.is_right { [beside, &self.hash] } else { [&self.hash, beside] })
    }

    /// Takes the proofs of `next` too, if its parent is the same, and all that comes behind.
    fn takes(&mut self, next: &Self) -> bool {
        let same = self.way == next.way
            && self.children().is_some_and(|children| Some(children) == next.children())
            && self.path.get(1..) == next.path.get(1..);
        if same {
            self.proofs += next.proofs;
        }
        same
    }

    /// Goes on to the parent, if there is one, whose hash is the next.
    fn rise(&mut self, hashes: &mut impl Iterator<Item = [u8; 32]>) {
        if self.path.split_off_first().is_some()
            && let Some(hash) = hashes.next()
        {
            self.hash = hash;
            self.is_right = self.way.rises_from_the_right();
        }
    }
}

/// `0x01 || left || right` with its padding.
fn padded([left, right]: [&[u8; 32]; 2]) -> TwoBlocks {
    let mut blocks = [[0; 64]; 2];
    let mut put = |position: usize, piece: &[u8]| {
        if let Some(place) = blocks.as_flattened_mut().get_mut(position..position + piece.len()) {
            place.copy_from_slice(piece);
        }
    };
    put(0, &NODE);
    put(1, left);
    put(33, right);
    pad(&mut blocks, MESSAGE);
    blocks
}

/// The hashes of nodes with their padding, together where the processor can and there are enough of them.
fn hashes(nodes: &[TwoBlocks]) -> Vec<[u8; 32]> {
    let one = |blocks: &TwoBlocks| {
        let digest = DigestAlgorithm::Sha256.digest(blocks.as_flattened().get(..MESSAGE).unwrap_or_default());
        digest.as_octets().first_chunk().copied().unwrap_or_default()
    };
    let together = if nodes.len() < FEW { None } else { sha256_of_two_blocks(nodes) };
    together.unwrap_or_else(|| nodes.iter().map(one).collect())
}

/// Fewer are hashed sooner one after the other.
const FEW: usize = 4;

/// The octets of a node: the prefix and two hashes.
const MESSAGE: usize = 65;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::digest::Digest;
    use crate::merkle::{InclusionProof, MerkleTree, leaf_hash};

    #[test]
    fn together_they_have_the_roots_that_each_has_alone() {
        for size in [1_u64, 2, 3, 7, 8, 13, 64, 65] {
            let mut tree = MerkleTree::new(DigestAlgorithm::Sha256).unwrap();
            (0..size).for_each(|entry| tree.push(&entry.to_be_bytes()));
            let proofs: Vec<InclusionProof> = (0..size).map(|leaf| tree.inclusion_proof(leaf).unwrap()).collect();
            let leaf = |entry: u64| {
                *leaf_hash(DigestAlgorithm::Sha256, &entry.to_be_bytes()).as_octets().first_chunk().unwrap()
            };
            let path = |proof: &InclusionProof| -> Vec<[u8; 32]> {
                proof.path().iter().map(|hash| *hash.as_octets().first_chunk().unwrap()).collect()
            };
            let paths: Vec<_> = proofs.iter().map(|proof| (proof.leaf_index(), path(proof))).collect();
            let of_many = |(leaf, path)| Sha256Proof::new(leaf, size, path).unwrap();
            let together: Vec<Sha256Proof<'_>> = paths.iter().map(|(leaf, path)| of_many((*leaf, path))).collect();
            // In order, from the end, and each beside one with another leaf: what is shared differs.
            let in_order: Vec<_> = together.iter().copied().zip((0..).map(leaf)).collect();
            let from_the_end: Vec<_> = in_order.iter().rev().copied().collect();
            let wrong: Vec<_> =
                together.iter().flat_map(|proof| [(*proof, leaf(proof.leaf_index)), (*proof, [7; 32])]).collect();
            for proofs in [in_order, from_the_end, wrong] {
                for ((proof, leaf), root) in proofs.iter().zip(Sha256Proof::roots(&proofs)) {
                    let alone = tree.inclusion_proof(proof.leaf_index).unwrap();
                    let leaf = Digest::new(DigestAlgorithm::Sha256, leaf).unwrap();
                    assert_eq!(alone.root(&leaf).unwrap().as_octets(), root, "{size} {}", proof.leaf_index);
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

        /// Of two hashes each: often the next proof meets the one before, and sometimes goes on otherwise from there.
        #[test]
        fn neighbours_go_on_as_each_says(
            chosen in proptest::collection::vec((1_u64..9, any::<u64>(), any::<bool>(), any::<[bool; 4]>()), 0..60),
        ) {
            let hash = |second: bool| [u8::from(second); 32];
            let paths: Vec<_> = chosen.iter().map(|(.., path)| path.map(hash)).collect();
            let (mut together, mut alone) = (Vec::new(), Vec::new());
            for ((size, index, leaf, _), path) in chosen.iter().zip(&paths) {
                let (index, leaf) = (index % size, hash(*leaf));
                let path = (0..5).map(|length| &path[..length]).find(|path| check_shape(index, *size, path.len()).is_ok()).unwrap();
                together.push((Sha256Proof::new(index, *size, path).unwrap(), leaf));
                let proof = InclusionProof::from_octets(index, *size, DigestAlgorithm::Sha256, path).unwrap();
                alone.push(proof.root(&Digest::new(DigestAlgorithm::Sha256, &leaf).unwrap()).unwrap());
            }
            let roots = Sha256Proof::roots(&together);
            prop_assert_eq!(roots.len(), alone.len());
            prop_assert!(roots.iter().zip(&alone).all(|(root, alone)| root == alone.as_octets()));
        }
    }

    #[test]
    fn trees_of_several_sizes_go_together() {
        assert!(Sha256Proof::roots(&[]).is_empty());
        let one = Sha256Proof::new(0, 1, &[]).unwrap();
        let three = Sha256Proof::new(2, 3, &[[5; 32]]).unwrap();
        let root = DigestAlgorithm::Sha256.digest(&[&[1_u8][..], &[5; 32], &[9; 32]].concat());
        let roots = Sha256Proof::roots(&[(one, [3; 32]), (three, [9; 32])]);
        assert_eq!((roots[0], &roots[1][..]), ([3; 32], root.as_octets()));
        let error = Sha256Proof::new(2, 3, &[]).unwrap_err();
        assert_eq!(error, MerkleError::PathLength { found: 0, expected: 1 });
    }
}
