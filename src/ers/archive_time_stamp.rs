//! ArchiveTimeStamp, and the chains they make.
//!
//! ```text
//! ArchiveTimeStamp ::= SEQUENCE {
//!     digestAlgorithm  [0] AlgorithmIdentifier OPTIONAL,        -- that of the imprint in timeStamp, if there
//!     attributes       [1] SET SIZE (1..MAX) OF Attribute OPTIONAL,
//!     reducedHashtree  [2] SEQUENCE OF PartialHashtree OPTIONAL,
//!     timeStamp        ContentInfo }                            -- an RFC 3161 token
//! ArchiveTimeStampChain ::= SEQUENCE OF ArchiveTimeStamp        -- one or more, of one hash algorithm
//! ```

use crate::budget::Limits;
use crate::cms::AlgorithmIdentifier;
use crate::digest::{Digest, DigestAlgorithm};
use crate::encoding::der::{Tag, Value};
use crate::ers::{EvidenceRecordError, ReducedHashTree, read_attributes};
use crate::oid::Oid;
use crate::tsp::TimeStampToken;

/// A time-stamp over data objects, or over an earlier time-stamp, by way of a hash tree (RFC 4998 §4.1).
#[derive(Debug, Clone)]
pub struct ArchiveTimeStamp {
    attributes: Vec<Oid>,
    reduced_hash_tree: Option<ReducedHashTree>,
    token: TimeStampToken,
}

impl ArchiveTimeStamp {
    fn read(value: &Value<'_>, limits: &Limits) -> Result<Self, EvidenceRecordError> {
        let mut components = value.reader();
        let named = components.optional(Tag::context_constructed(0))?;
        let attributes = match components.optional(Tag::context_constructed(1))? {
            Some(set) => read_attributes(&set)?,
            None => Vec::new(),
        };
        let tree = components.optional(Tag::context_constructed(2))?;
        let offset = components.offset();
        let token = TimeStampToken::from_der(components.read(Tag::SEQUENCE)?.as_der(), limits)
            .map_err(|error| EvidenceRecordError::TimeStamp { error: Box::new(error), offset })?;
        components.finish()?;
        let algorithm = token.unverified_tst_info().message_imprint().algorithm();
        if let Some(named) = named {
            let offset = named.offset();
            let found = AlgorithmIdentifier::from_value(&named)?
                .digest_algorithm()
                .map_err(|error| EvidenceRecordError::DigestAlgorithm { error, offset })?;
            if found != algorithm {
                return Err(EvidenceRecordError::ImprintAlgorithm { expected: found, found: algorithm, offset });
            }
        }
        let reduced_hash_tree = tree.map(|tree| ReducedHashTree::read(&tree, algorithm, limits)).transpose()?;
        Ok(Self { attributes, reduced_hash_tree, token })
    }

    /// The hash algorithm of the tree, which is that of the time-stamp's imprint.
    #[must_use]
    pub fn digest_algorithm(&self) -> DigestAlgorithm {
        self.token.unverified_tst_info().message_imprint().algorithm()
    }

    /// The types of the attributes, which nothing protects and nothing here reads.
    #[must_use]
    pub fn attributes(&self) -> &[Oid] {
        &self.attributes
    }

    /// The lists of hashes; `None` where the time-stamp is over the hash of one data object itself.
    #[must_use]
    pub fn reduced_hash_tree(&self) -> Option<&ReducedHashTree> {
        self.reduced_hash_tree.as_ref()
    }

    /// The time-stamp, not verified.
    #[must_use]
    pub fn token(&self) -> &TimeStampToken {
        &self.token
    }

    /// The hashes among which that of what is stamped must be; without a tree that is the imprint.
    pub(super) fn first_hashes(&self) -> &[Digest] {
        match &self.reduced_hash_tree {
            Some(tree) => tree.first(),
            None => std::slice::from_ref(self.token.unverified_tst_info().message_imprint()),
        }
    }

    /// What must have been stamped.
    pub(super) fn root(&self) -> Digest {
        let root = self.reduced_hash_tree.as_ref().and_then(|tree| tree.root(self.digest_algorithm()));
        root.unwrap_or_else(|| self.token.unverified_tst_info().message_imprint().clone())
    }
}

/// Archive time-stamps each of which renews the one before it, all by one hash algorithm (RFC 4998 §5.1).
#[derive(Debug, Clone)]
pub struct ArchiveTimeStampChain {
    der: Box<[u8]>,
    digest_algorithm: DigestAlgorithm,
    archive_time_stamps: Vec<ArchiveTimeStamp>,
}

impl ArchiveTimeStampChain {
    /// Reads one chain; the archive time-stamps of it come out of `left`, of the limit of the record.
    pub(super) fn read(value: &Value<'_>, left: &mut usize, limits: &Limits) -> Result<Self, EvidenceRecordError> {
        let mut rest = value.reader();
        let mut archive_time_stamps: Vec<ArchiveTimeStamp> = Vec::new();
        while !rest.is_empty() {
            let offset = rest.offset();
            let limit = limits.archive_time_stamps;
            *left = left.checked_sub(1).ok_or(EvidenceRecordError::TooManyArchiveTimeStamps { limit, offset })?;
            let next = ArchiveTimeStamp::read(&rest.read(Tag::SEQUENCE)?, limits)?;
            let found = next.digest_algorithm();
            match archive_time_stamps.first().map(ArchiveTimeStamp::digest_algorithm) {
                Some(expected) if expected != found => {
                    return Err(EvidenceRecordError::ChainAlgorithm { expected, found, offset });
                }
                _ => archive_time_stamps.push(next),
            }
        }
        let Some(digest_algorithm) = archive_time_stamps.first().map(ArchiveTimeStamp::digest_algorithm) else {
            return Err(EvidenceRecordError::EmptyChain { offset: value.offset() });
        };
        Ok(Self { der: value.as_der().into(), digest_algorithm, archive_time_stamps })
    }

    /// The chain as received.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The hash algorithm of all its archive time-stamps.
    #[must_use]
    pub fn digest_algorithm(&self) -> DigestAlgorithm {
        self.digest_algorithm
    }

    /// The archive time-stamps, in the order of the record. There is at least one.
    #[must_use]
    pub fn archive_time_stamps(&self) -> &[ArchiveTimeStamp] {
        &self.archive_time_stamps
    }
}
