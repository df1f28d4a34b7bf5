//! Hash trees over data objects, to be stamped by one time-stamp (RFC 4998 §4.2).

use std::collections::HashMap;
use std::fmt;

use crate::budget::Limits;
use crate::cms::digest_oid;
use crate::crypto::{AlgorithmConstraints, ConstraintError};
use crate::digest::{Digest, DigestAlgorithm};
use crate::encoding::der::{Tag, Writer};
use crate::ers::reduced_hash_tree::node;
use crate::ers::{EvidenceRecord, EvidenceRecordError, ReducedHashTree};
use crate::oid::Oid;
use crate::tsp::{
    Nonce, RequestTokenError, StampedData, TimeStampError, TimeStampRequest, TimeStampToken, Transport, request_token,
};

/// The digests of data objects that have one record together: mostly one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataObjectGroup {
    digests: Vec<Digest>,
}

impl DataObjectGroup {
    /// A group of the data objects with these digests, such as a document and its attachments. Their order means nothing.
    #[must_use]
    pub fn new(digests: impl IntoIterator<Item = Digest>) -> Self {
        let mut digests: Vec<Digest> = digests.into_iter().collect();
        digests.sort_unstable_by(|one, other| one.as_octets().cmp(other.as_octets()));
        Self { digests }
    }
}

impl From<Digest> for DataObjectGroup {
    fn from(digest: Digest) -> Self {
        Self { digests: vec![digest] }
    }
}

/// A binary hash tree whose leaves are data objects, or groups of them.
///
/// Every node is the hash of two, in binary ascending order; one that is left over goes up a level.
///
/// ```
/// use wathiqa::digest::DigestAlgorithm;
/// use wathiqa::ers::HashTree;
///
/// let algorithm = DigestAlgorithm::Sha256;
/// let documents: [&[u8]; 3] = [b"first", b"second", b"third"];
/// let tree = HashTree::new(algorithm, documents.iter().map(|document| algorithm.digest(document)))?;
/// assert_eq!(tree.len(), 3);
/// // tree.root() is what an authority stamps; tree.stamp(&source) asks for that.
/// # Ok::<(), wathiqa::ers::HashTreeError>(())
/// ```
#[derive(Debug, Clone)]
pub struct HashTree {
    algorithm: DigestAlgorithm,
    groups: Vec<DataObjectGroup>,
    /// The leaves, then each level up; the last has one node.
    levels: Vec<Vec<Digest>>,
    root: Digest,
}

impl HashTree {
    /// A tree by `algorithm`. The digests come one by one; the tree takes some hundred octets of memory for each.
    ///
    /// # Errors
    /// [`HashTreeError::NoDataObject`] for none; [`HashTreeError::EmptyGroup`]; [`HashTreeError::Algorithm`] for a digest by
    /// another algorithm; [`HashTreeError::Duplicate`] for a data object that stands twice, alone or in one group;
    /// [`HashTreeError::Constraint`] for SHA-1.
    pub fn new<G: Into<DataObjectGroup>>(
        algorithm: DigestAlgorithm,
        groups: impl IntoIterator<Item = G>,
    ) -> Result<Self, HashTreeError> {
        AlgorithmConstraints::for_signing().check_digest(algorithm).map_err(HashTreeError::Constraint)?;
        let groups: Vec<DataObjectGroup> = groups.into_iter().map(Into::into).collect();
        let mut leaves = Vec::with_capacity(groups.len());
        let mut seen = HashMap::with_capacity(groups.len());
        for (position, group) in groups.iter().enumerate() {
            let position = position + 1;
            let leaf = leaf(algorithm, group, position)?;
            if let Some(first) = seen.insert(leaf.clone(), position) {
                return Err(HashTreeError::Duplicate { first, second: position });
            }
            leaves.push(leaf);
        }
        let mut levels = vec![leaves];
        while let Some(above) = levels.last().filter(|level| level.len() > 1).map(|level| parents(algorithm, level)) {
            levels.push(above);
        }
        let root = levels.last().and_then(|level| level.first()).cloned().ok_or(HashTreeError::NoDataObject)?;
        Ok(Self { algorithm, groups, levels, root })
    }

    /// How many groups there are; at least one.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a tree is never empty")]
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// What one time-stamp is to be over.
    #[must_use]
    pub fn root(&self) -> &Digest {
        &self.root
    }

    /// Has the root stamped.
    ///
    /// # Errors
    /// [`HashTreeError::Token`] when the authority does not answer, or not this request.
    pub fn stamp(self, source: &TimeStampSource<'_>) -> Result<StampedTree, HashTreeError> {
        let token = source.token(self.root())?;
        self.stamped_by(token)
    }

    /// The tree with a token that was got otherwise. The token is not verified, but that it is over the root.
    ///
    /// # Errors
    /// [`HashTreeError::Imprint`] when it is over something else.
    pub fn stamped_by(self, token: TimeStampToken) -> Result<StampedTree, HashTreeError> {
        token.check_imprint(StampedData::Digest(self.root()))?;
        Ok(StampedTree { tree: self, token })
    }

    /// The lists that lead from the group at `position` to the root (§4.2, reduction); `None` for a group of one that is the
    /// root itself.
    fn reduced(&self, position: usize) -> Option<ReducedHashTree> {
        let group = self.groups.get(position)?;
        let mut lists: Vec<Vec<Digest>> = Vec::new();
        if group.digests.len() > 1 {
            lists.push(group.digests.clone());
        }
        let mut index = position;
        for level in &self.levels {
            if let Some(sibling) = level.get(index ^ 1) {
                let own = level.get(index).filter(|_| lists.is_empty());
                lists.push(own.into_iter().chain([sibling]).cloned().collect());
            }
            index /= 2;
        }
        (!lists.is_empty()).then(|| ReducedHashTree::new(lists))
    }
}

/// The leaf of a group: its only digest, or the hash of all (§4.2 step 3).
fn leaf(algorithm: DigestAlgorithm, group: &DataObjectGroup, position: usize) -> Result<Digest, HashTreeError> {
    if let Some(other) = group.digests.iter().find(|digest| digest.algorithm() != algorithm) {
        return Err(HashTreeError::Algorithm { position, expected: algorithm, found: other.algorithm() });
    }
    if group.digests.iter().zip(group.digests.iter().skip(1)).any(|(one, next)| one == next) {
        return Err(HashTreeError::Duplicate { first: position, second: position });
    }
    match group.digests.as_slice() {
        [] => Err(HashTreeError::EmptyGroup { position }),
        [only] => Ok(only.clone()),
        all => Ok(node(algorithm, all)),
    }
}

fn parents(algorithm: DigestAlgorithm, level: &[Digest]) -> Vec<Digest> {
    let parent = |nodes: &[Digest]| match nodes {
        [one, other] if one.as_octets() <= other.as_octets() => Some(node(algorithm, [one, other])),
        [one, other] => Some(node(algorithm, [other, one])),
        left_over => left_over.first().cloned(),
    };
    level.chunks(2).filter_map(parent).collect()
}

/// A tree whose root was stamped: a record for each of its groups.
#[derive(Debug, Clone)]
pub struct StampedTree {
    tree: HashTree,
    token: TimeStampToken,
}

impl StampedTree {
    /// The time-stamp that all records share.
    #[must_use]
    pub fn token(&self) -> &TimeStampToken {
        &self.token
    }

    /// The records, one after the other, in the order in which the groups were given.
    ///
    /// # Errors
    /// Each item: [`EvidenceRecordError`] for a tree with hashes that were chosen to collide, whose record could not be read
    /// again.
    pub fn records(&self) -> impl Iterator<Item = Result<EvidenceRecord, EvidenceRecordError>> {
        (0..self.tree.len()).map(|position| {
            let mut chain = Writer::new();
            chain.value(Tag::SEQUENCE, &self.archive_time_stamp(position));
            let mut record = Writer::new();
            record.constructed(Tag::SEQUENCE, |record| {
                record.unsigned(1);
                record.constructed(Tag::SEQUENCE, |algorithms| algorithms.encoded(&self.algorithm()));
                record.value(Tag::SEQUENCE, &chain.into_der());
            });
            EvidenceRecord::from_der(&record.into_der(), &Limits::default())
        })
    }

    /// The AlgorithmIdentifier of the tree.
    pub(super) fn algorithm(&self) -> Vec<u8> {
        let mut identifier = Writer::new();
        identifier.constructed(Tag::SEQUENCE, |algorithm| algorithm.oid(&digest_oid(self.tree.algorithm)));
        identifier.into_der()
    }

    /// The ArchiveTimeStamp of the group at `position`.
    pub(super) fn archive_time_stamp(&self, position: usize) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.constructed(Tag::SEQUENCE, |components| {
            components.constructed(Tag::context_constructed(0), |algorithm| {
                algorithm.oid(&digest_oid(self.tree.algorithm));
            });
            if let Some(tree) = self.tree.reduced(position) {
                components.constructed(Tag::context_constructed(2), |lists| tree.write(lists));
            }
            components.encoded(self.token.as_der());
        });
        writer.into_der()
    }
}

/// Where time-stamps come from.
#[non_exhaustive]
pub struct TimeStampSource<'a> {
    /// The way to the authority.
    pub transport: &'a dyn Transport,
    /// The policy to ask for; the authority's own if `None`.
    pub policy: Option<Oid>,
    /// What the answer must repeat. Without one, an old answer over the same root would do; there is none but for the same
    /// tree.
    pub nonce: Option<Nonce>,
    /// What the answer may cost.
    pub limits: Limits,
}

impl<'a> TimeStampSource<'a> {
    /// Time-stamps by `transport`, under the authority's own policy, without a nonce, within the default limits.
    #[must_use]
    pub fn new(transport: &'a dyn Transport) -> Self {
        Self { transport, policy: None, nonce: None, limits: Limits::default() }
    }

    fn token(&self, root: &Digest) -> Result<TimeStampToken, RequestTokenError> {
        let mut request = TimeStampRequest::new(root);
        if let Some(policy) = &self.policy {
            request = request.with_policy(policy.clone());
        }
        if let Some(nonce) = &self.nonce {
            request = request.with_nonce(nonce.clone());
        }
        request_token(self.transport, &request, &self.limits)
    }
}

impl fmt::Debug for TimeStampSource<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimeStampSource").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// Why there is no tree, or none that is stamped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HashTreeError {
    /// Nothing to stamp.
    #[error("hash tree: no data object")]
    NoDataObject,
    /// A group without data objects.
    #[error("hash tree: group {position} is empty")]
    EmptyGroup {
        /// Which, counted from 1.
        position: usize,
    },
    /// A digest by another algorithm than the tree's.
    #[error("hash tree: group {position} has a digest by {found}, expected {expected}")]
    Algorithm {
        /// Which group, counted from 1.
        position: usize,
        /// The tree's.
        expected: DigestAlgorithm,
        /// The digest's.
        found: DigestAlgorithm,
    },
    /// The same data object or group twice; within one group where both are the same.
    #[error("hash tree: groups {first} and {second} hold the same")]
    Duplicate {
        /// The first, counted from 1.
        first: usize,
        /// The second.
        second: usize,
    },
    /// The algorithm is not one to begin with today.
    #[error("hash tree: {0}")]
    Constraint(ConstraintError),
    /// The authority gave no time-stamp over the root.
    #[error("hash tree: {0}")]
    Token(#[from] RequestTokenError),
    /// The token is over something else than the root.
    #[error("hash tree: {0}")]
    Imprint(#[from] TimeStampError),
}

impl HashTreeError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoDataObject => "hash-tree-no-data-object",
            Self::EmptyGroup { .. } => "hash-tree-empty-group",
            Self::Algorithm { .. } => "hash-tree-algorithm",
            Self::Duplicate { .. } => "hash-tree-duplicate",
            Self::Constraint(error) => error.code(),
            Self::Token(error) => error.code(),
            Self::Imprint(error) => error.code(),
        }
    }
}
