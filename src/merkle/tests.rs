#![expect(clippy::as_conversions, reason = "small sizes, both as counts and as places")]

use proptest::prelude::*;

use super::*;

const ALGORITHM: DigestAlgorithm = DigestAlgorithm::Sha256;

/// The entries of the reference tree that implementations of RFC 6962 and RFC 9162 test with.
const ENTRIES: [&[u8]; 8] = [
    &[],
    &[0x00],
    &[0x10],
    &[0x20, 0x21],
    &[0x30, 0x31],
    &[0x40, 0x41, 0x42, 0x43],
    &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
    &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
];

/// The roots of its first 0 to 8 entries, as those implementations have them.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn tree(size: usize) -> MerkleTree {
    let mut tree = MerkleTree::new(ALGORITHM).unwrap();
    (0..size).for_each(|index| tree.push(&entry(index)));
    tree
}

fn entry(index: usize) -> Vec<u8> {
    ENTRIES.get(index).map_or_else(|| index.to_be_bytes().to_vec(), |entry| entry.to_vec())
}

/// MTH(D[n]) letter by letter (RFC 9162 §2.1.1): the oracle of the tests.
fn root_by_definition(entries: &[Vec<u8>]) -> Digest {
    match entries {
        [] => ALGORITHM.digest(&[]),
        [entry] => ALGORITHM.digest(&[&[0], entry.as_slice()].concat()),
        _ => {
            let k = (1..entries.len()).rev().find(|size| size.is_power_of_two()).unwrap();
            let halves = (root_by_definition(&entries[..k]), root_by_definition(&entries[k..]));
            ALGORITHM.digest(&[&[1], halves.0.as_octets(), halves.1.as_octets()].concat())
        }
    }
}

#[test]
fn roots_are_those_of_the_reference_tree() {
    let whole = tree(8);
    for (size, root) in ROOTS.iter().enumerate() {
        assert_eq!(tree(size).root().to_string(), *root, "{size} entries");
        assert_eq!(whole.root_of(size as u64).unwrap().to_string(), *root, "{size} entries of 8");
    }
    let error = whole.root_of(9).unwrap_err();
    assert_eq!(error.to_string(), "Merkle tree: a tree of 9 entries is not the beginning of one of 8");
}

#[test]
fn every_entry_of_every_small_tree_is_proven_and_at_no_other_place() {
    for size in 1..=40 {
        let tree = tree(size);
        let entries: Vec<_> = (0..size).map(entry).collect();
        assert_eq!(tree.root(), root_by_definition(&entries));
        for index in 0..size {
            let proof = tree.inclusion_proof(index as u64).unwrap();
            let leaf = leaf_hash(ALGORITHM, &entry(index));
            assert_eq!(proof.verify(&leaf, &tree.root()), Ok(()), "{index} of {size}");
            for other in (0..size as u64).filter(|other| *other != index as u64) {
                let moved = InclusionProof::new(other, size as u64, proof.path().to_vec());
                assert!(moved.and_then(|proof| proof.verify(&leaf, &tree.root())).is_err(), "{other} for {index}");
            }
        }
    }
}

#[test]
fn every_beginning_of_every_small_tree_is_proven_and_no_other_tree() {
    for new in 1..=40 {
        let tree = tree(new);
        for old in 1..=new as u64 {
            let (proof, old_root) = (tree.consistency_proof(old).unwrap(), tree.root_of(old).unwrap());
            assert_eq!(proof.verify(&old_root, &tree.root()), Ok(()), "{old} to {new}");
            let other = ALGORITHM.digest(b"another root");
            assert_eq!(proof.verify(&other, &tree.root()).unwrap_err().code(), "merkle-root");
            assert_eq!(proof.verify(&old_root, &other).unwrap_err().code(), "merkle-root");
        }
    }
}

#[test]
fn a_node_is_not_a_leaf_and_the_root_is_no_entry() {
    let (whole, four) = (tree(8), tree(4));
    // The left half of the tree, shown as the first of two entries.
    let forged = InclusionProof::new(0, 2, vec![whole.inclusion_proof(0).unwrap().path()[2].clone()]).unwrap();
    let inner = [tree(2).root().as_octets(), whole.inclusion_proof(0).unwrap().path()[1].as_octets()].concat();
    let leaf = leaf_hash(ALGORITHM, &inner);
    assert_eq!(forged.verify(&leaf, &whole.root()).unwrap_err().code(), "merkle-root");
    // A root with an empty proof.
    let empty = InclusionProof::new(0, 1, Vec::new()).unwrap();
    let leaf = leaf_hash(ALGORITHM, four.root().as_octets());
    assert_eq!(empty.verify(&leaf, &four.root()).unwrap_err().code(), "merkle-root");
}

#[test]
fn arguments_outside_the_tree_are_refused() {
    let path = |count| vec![ALGORITHM.digest(b"x"); count];
    let text = |error: MerkleError| error.to_string();
    let tree = tree(3);
    assert_eq!(text(tree.inclusion_proof(3).unwrap_err()), "Merkle tree: no entry 3, counted from 0, in a tree of 3");
    for old in [0, 4] {
        let expected = format!("Merkle tree: a tree of {old} entries is not the beginning of one of 3");
        assert_eq!(text(tree.consistency_proof(old).unwrap_err()), expected);
        assert_eq!(text(ConsistencyProof::new(old, 3, path(0)).unwrap_err()), expected);
    }
    assert_eq!(
        text(InclusionProof::new(0, 0, path(0)).unwrap_err()),
        "Merkle tree: no entry 0, counted from 0, in a tree of 0"
    );
    for (found, index, size, expected) in [(1, 0, 3, 2), (3, 0, 3, 2), (2, 2, 3, 1), (0, 2, 3, 1), (1, 0, 1, 0)] {
        let message = format!("Merkle proof: a path of {found} hashes, index and size give {expected}");
        assert_eq!(text(InclusionProof::new(index, size, path(found)).unwrap_err()), message);
    }
    assert!(InclusionProof::new(0, 1 << 63, path(63)).is_ok());
    let error = InclusionProof::new(0, (1 << 63) + 1, path(64)).unwrap_err();
    assert_eq!(text(error), "Merkle tree: 9223372036854775809 entries, at most 2^63 are counted");
    assert_eq!(ConsistencyProof::new(1, (1 << 63) + 1, path(63)).unwrap_err().code(), "merkle-too-large");
    assert_eq!(ConsistencyProof::new(3, 3, path(1)).unwrap_err().code(), "merkle-path-length");
    let error = InclusionProof::from_octets(0, 2, ALGORITHM, [[0; 31]]).unwrap_err();
    assert_eq!(text(error), "Merkle proof: a hash of 31 octets, SHA-256 has 32");
}

#[test]
fn one_tree_has_one_hash_function() {
    let sha_384 = |octets: &[u8]| DigestAlgorithm::Sha384.digest(octets);
    let mut tree = tree(2);
    let expected = "Merkle proof: a digest by SHA-384, the tree is of SHA-256";
    assert_eq!(tree.push_leaf_hash(&sha_384(b"x")).unwrap_err().to_string(), expected);
    let leaf = leaf_hash(ALGORITHM, &entry(0));
    assert_eq!(tree.inclusion_proof(0).unwrap().verify(&leaf, &sha_384(b"x")).unwrap_err().to_string(), expected);
    let mixed = InclusionProof::new(0, 2, vec![sha_384(b"x")]).unwrap();
    assert_eq!(mixed.verify(&leaf, &tree.root()).unwrap_err().to_string(), expected);
    assert_eq!(
        MerkleTree::new(DigestAlgorithm::Sha1).unwrap_err().to_string(),
        "Merkle tree: SHA-1 is broken for collisions"
    );
    let sha_1 = DigestAlgorithm::Sha1.digest(b"x");
    let weak = InclusionProof::new(0, 1, Vec::new()).unwrap();
    assert_eq!(weak.verify(&sha_1, &sha_1).unwrap_err().code(), "merkle-weak-algorithm");
    for algorithm in [DigestAlgorithm::Sha384, DigestAlgorithm::Sha512] {
        let mut tree = MerkleTree::new(algorithm).unwrap();
        (0..5_u8).for_each(|index| tree.push(&[index]));
        let proof = tree.inclusion_proof(4).unwrap();
        assert_eq!(proof.verify(&leaf_hash(algorithm, &[4]), &tree.root()), Ok(()));
    }
}

proptest! {
    #[test]
    fn any_change_of_a_proof_breaks_it(size in 1_usize..300, index: prop::sample::Index, at: prop::sample::Index, bit in 0..8) {
        let (tree, index) = (tree(size), index.index(size));
        let proof = tree.inclusion_proof(index as u64).unwrap();
        let leaf = leaf_hash(ALGORITHM, &entry(index));
        prop_assert_eq!(proof.verify(&leaf, &tree.root()), Ok(()));
        let mut octets: Vec<u8> = proof.path().iter().flat_map(|hash| hash.as_octets().to_vec()).collect();
        if !octets.is_empty() {
            let at = at.index(octets.len());
            octets[at] ^= 1_u8 << bit;
            let changed = InclusionProof::from_octets(index as u64, size as u64, ALGORITHM, octets.chunks(32)).unwrap();
            prop_assert_eq!(changed.verify(&leaf, &tree.root()).unwrap_err().code(), "merkle-root");
        }
    }

    #[test]
    fn a_consistency_proof_is_of_its_two_trees_alone(new in 1_usize..300, old: prop::sample::Index, at: prop::sample::Index, bit in 0..8) {
        let tree = tree(new);
        let old = old.index(new) as u64 + 1;
        let (proof, old_root) = (tree.consistency_proof(old).unwrap(), tree.root_of(old).unwrap());
        prop_assert_eq!(proof.verify(&old_root, &tree.root()), Ok(()));
        let mut octets: Vec<u8> = proof.path().iter().flat_map(|hash| hash.as_octets().to_vec()).collect();
        if !octets.is_empty() {
            let at = at.index(octets.len());
            octets[at] ^= 1_u8 << bit;
            let changed = ConsistencyProof::from_octets(old, new as u64, ALGORITHM, octets.chunks(32)).unwrap();
            prop_assert_eq!(changed.verify(&old_root, &tree.root()).unwrap_err().code(), "merkle-root");
        }
    }
}
