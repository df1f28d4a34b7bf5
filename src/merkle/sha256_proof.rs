//! Inclusion proofs by SHA-256, many at a time.

use crate::digest::{DigestAlgorithm, TwoBlocks, sha256_of_two_blocks};

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
    /// from some level on: a node that is that of the proof before it is not hashed again.
    pub(crate) fn roots(proofs: &[(Self, [u8; 32])]) -> Vec<[u8; 32]> {
        let mut hashes: Vec<_> = proofs.iter().map(|(_, leaf)| *leaf).collect();
        let mut ways: Vec<_> = proofs.iter().map(|(proof, _)| Way::new(proof.leaf_index, proof.tree_size)).collect();
        let levels = proofs.iter().map(|(proof, _)| proof.path.len()).max().unwrap_or_default();
        let (mut nodes, mut places) = (Vec::with_capacity(proofs.len()), Vec::with_capacity(proofs.len()));
        for level in 0..levels {
            nodes.clear();
            places.clear();
            for (((proof, _), hash), way) in proofs.iter().zip(&hashes).zip(&mut ways) {
                let place = proof.path.get(level).map(|beside| {
                    let node = if way.rises_from_the_right() { [*beside, *hash] } else { [*hash, *beside] };
                    if nodes.last() != Some(&node) {
                        nodes.push(node);
                    }
                    nodes.len() - 1
                });
                places.push(place);
            }
            let parents = parents(&nodes);
            for (hash, place) in hashes.iter_mut().zip(&places) {
                if let Some(found) = place.and_then(|place| parents.get(place)) {
                    *hash = *found;
                }
            }
        }
        hashes
    }
}

/// The hashes of nodes with these children, together where the processor can.
fn parents(nodes: &[[[u8; 32]; 2]]) -> Vec<[u8; 32]> {
    let blocks: Vec<TwoBlocks> = nodes.iter().map(padded).collect();
    let one = |blocks: &TwoBlocks| {
        let digest = DigestAlgorithm::Sha256.digest(blocks.as_flattened().get(..MESSAGE).unwrap_or_default());
        digest.as_octets().first_chunk().copied().unwrap_or_default()
    };
    sha256_of_two_blocks(&blocks).unwrap_or_else(|| blocks.iter().map(one).collect())
}

/// `0x01 || left || right` with its padding.
fn padded(children: &[[u8; 32]; 2]) -> TwoBlocks {
    let mut blocks = [[0; 64]; 2];
    let octets = blocks.as_flattened_mut();
    let mut put = |position: usize, piece: &[u8]| {
        if let Some(place) = octets.get_mut(position..position + piece.len()) {
            place.copy_from_slice(piece);
        }
    };
    put(0, &NODE);
    put(1, children.as_flattened());
    put(MESSAGE, &[0x80]);
    put(126, &LENGTH);
    blocks
}

/// The octets of a node: the prefix and two hashes.
const MESSAGE: usize = 65;

/// The same in bits, as the end of the padding has it.
const LENGTH: [u8; 2] = [0x02, 0x08];

#[cfg(test)]
mod tests {
    use super::*;
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
                    let leaf = crate::digest::Digest::new(DigestAlgorithm::Sha256, leaf).unwrap();
                    assert_eq!(alone.root(&leaf).unwrap().as_octets(), root, "{size} {}", proof.leaf_index);
                }
            }
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
