//! reducedHashtree: what takes the hash of a data object to the hash that was stamped.
//!
//! ```text
//! reducedHashtree  SEQUENCE OF PartialHashtree
//! PartialHashtree ::= SEQUENCE OF OCTET STRING
//! ```

use crate::budget::Limits;
use crate::digest::{Digest, DigestAlgorithm};
#[cfg(feature = "issue")]
use crate::encoding::der::Writer;
use crate::encoding::der::{Tag, Value};
use crate::ers::EvidenceRecordError;

/// The lists of hashes from one data object, or one group of them, up to the root of a hash tree (RFC 4998 §4.1).
///
/// Every list is in binary ascending order, without a hash twice, and every hash as long as the algorithm makes it: so one
/// concatenation comes from one list only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReducedHashTree {
    lists: Vec<PartialHashTree>,
}

impl ReducedHashTree {
    /// Reads the contents of `value`, whatever its tag.
    pub(super) fn read(
        value: &Value<'_>,
        algorithm: DigestAlgorithm,
        limits: &Limits,
    ) -> Result<Self, EvidenceRecordError> {
        let mut rest = value.reader();
        let mut lists = Vec::new();
        while !rest.is_empty() {
            if lists.len() >= limits.reduced_hash_tree_lists {
                let limit = limits.reduced_hash_tree_lists;
                return Err(EvidenceRecordError::TooManyLists { limit, offset: rest.offset() });
            }
            lists.push(PartialHashTree::read(&rest.read(Tag::SEQUENCE)?, algorithm, limits)?);
        }
        if lists.is_empty() {
            return Err(EvidenceRecordError::EmptyHashTree { offset: value.offset() });
        }
        Ok(Self { lists })
    }

    /// The lists, that of the data objects first. There is at least one.
    #[must_use]
    pub fn lists(&self) -> &[PartialHashTree] {
        &self.lists
    }

    /// The hashes of the first list, among which those of the data objects must be.
    pub(super) fn first(&self) -> &[Digest] {
        self.lists.first().map(PartialHashTree::hashes).unwrap_or_default()
    }

    /// The root of the tree (§4.3 step 3): the hash of each list goes to the next one, there is one at the end.
    ///
    /// A list is put in ascending order, with what comes from the list before, concatenated, and hashed. A first list of one
    /// hash stands for a group of one data object: only groups of more are hashed (§4.2 step 3), as RFC 6283 §3.1.1 spells
    /// out and DSS does.
    pub(super) fn root(&self, algorithm: DigestAlgorithm) -> Option<Digest> {
        self.lists.iter().fold(None, |below: Option<Digest>, list| {
            let mut hashes: Vec<&Digest> = list.hashes.iter().chain(&below).collect();
            match hashes.as_slice() {
                [only] => Some(Digest::clone(only)),
                _ => {
                    hashes.sort_unstable_by_key(|hash| hash.as_octets());
                    Some(node(algorithm, hashes))
                }
            }
        })
    }
}

#[cfg(feature = "issue")]
impl ReducedHashTree {
    /// A tree of lists that are not empty; each is put in order.
    pub(super) fn new(lists: Vec<Vec<Digest>>) -> Self {
        let ordered = |mut hashes: Vec<Digest>| {
            hashes.sort_unstable_by(|one, other| one.as_octets().cmp(other.as_octets()));
            PartialHashTree { hashes }
        };
        Self { lists: lists.into_iter().map(ordered).collect() }
    }

    /// Appends the lists, as the contents of a SEQUENCE OF.
    pub(super) fn write(&self, lists: &mut Writer) {
        for list in &self.lists {
            lists.constructed(Tag::SEQUENCE, |hashes| {
                list.hashes.iter().for_each(|hash| hashes.octet_string(hash.as_octets()));
            });
        }
    }
}

/// The hashes under one node of a hash tree, without the one that is computed (RFC 4998 §4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartialHashTree {
    hashes: Vec<Digest>,
}

impl PartialHashTree {
    fn read(value: &Value<'_>, algorithm: DigestAlgorithm, limits: &Limits) -> Result<Self, EvidenceRecordError> {
        let mut rest = value.reader();
        let mut hashes: Vec<Digest> = Vec::new();
        while !rest.is_empty() {
            let offset = rest.offset();
            if hashes.len() >= limits.reduced_hash_tree_hashes {
                let limit = limits.reduced_hash_tree_hashes;
                return Err(EvidenceRecordError::TooManyHashes { limit, offset });
            }
            let hash = Digest::new(algorithm, rest.read(Tag::OCTET_STRING)?.contents())
                .map_err(|error| EvidenceRecordError::HashLength { error, offset })?;
            if hashes.last().is_some_and(|before| before.as_octets() >= hash.as_octets()) {
                return Err(EvidenceRecordError::HashOrder { offset });
            }
            hashes.push(hash);
        }
        if hashes.is_empty() {
            return Err(EvidenceRecordError::EmptyList { offset: value.offset() });
        }
        Ok(Self { hashes })
    }

    /// The hashes, in ascending order. There is at least one.
    #[must_use]
    pub fn hashes(&self) -> &[Digest] {
        &self.hashes
    }
}

/// The hash of `hashes`, one after the other.
pub(super) fn node<'a>(algorithm: DigestAlgorithm, hashes: impl IntoIterator<Item = &'a Digest>) -> Digest {
    let mut hasher = algorithm.hasher();
    hashes.into_iter().for_each(|hash| hasher.update(hash.as_octets()));
    hasher.finish()
}
