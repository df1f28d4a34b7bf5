//! EvidenceRecord, and why octets are none.

use crate::budget::Limits;
use crate::cms::{AlgorithmIdentifier, UnsupportedDigest};
use crate::digest::{Digest, DigestAlgorithm, DigestLengthError};
use crate::encoding::der::{self, DerError, Reader, Tag, Value, Writer};
use crate::ers::{ArchiveTimeStamp, ArchiveTimeStampChain};
use crate::oid::Oid;
use crate::tsp::TimeStampError;

/// An evidence record (RFC 4998 §3.1), read and not verified.
#[derive(Debug, Clone)]
pub struct EvidenceRecord {
    der: Box<[u8]>,
    crypto_infos: Vec<Oid>,
    encryption_method: Option<Oid>,
    chains: Vec<ArchiveTimeStampChain>,
}

impl EvidenceRecord {
    /// Reads an EvidenceRecord, all of `octets`.
    ///
    /// # Errors
    /// [`EvidenceRecordError`]; each variant shows an example.
    pub fn from_der(octets: &[u8], limits: &Limits) -> Result<Self, EvidenceRecordError> {
        der::check(octets, limits)?;
        let mut input = Reader::new(octets);
        let mut components = input.read(Tag::SEQUENCE)?.reader();
        let version = components.read(Tag::INTEGER)?;
        match version.unsigned(u64::MAX)? {
            1 => {}
            found => return Err(EvidenceRecordError::Version { found }),
        }
        let listed = components.read(Tag::SEQUENCE)?;
        let crypto_infos = match components.optional(Tag::context_constructed(0))? {
            Some(infos) => read_attributes(&infos)?,
            None => Vec::new(),
        };
        let encryption_info = components.optional(Tag::context_constructed(1))?;
        let encryption_method = encryption_info.map(|info| read_encryption_info(&info)).transpose()?;
        let chains = read_chains(&components.read(Tag::SEQUENCE)?, limits)?;
        components.finish()?;
        check_listed(&listed, &chains)?;
        Ok(Self { der: octets.into(), crypto_infos, encryption_method, chains })
    }

    /// The record as received, or as made.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The types of what cryptoInfos hold: material that may help to judge the time-stamps, which nothing protects. It is
    /// kept and not used; certificates and revocation evidence are taken from the tokens and from the caller.
    #[must_use]
    pub fn crypto_infos(&self) -> &[Oid] {
        &self.crypto_infos
    }

    /// How the data objects were encrypted before they were hashed (RFC 4998 §6), if they were. Such a record is read and
    /// not verified: its hashes are of octets that only that method makes again.
    #[must_use]
    pub fn encryption_method(&self) -> Option<&Oid> {
        self.encryption_method.as_ref()
    }

    /// The archiveTimeStampSequence. There is at least one chain.
    #[must_use]
    pub fn chains(&self) -> &[ArchiveTimeStampChain] {
        &self.chains
    }

    /// The archive time-stamps of all chains, in the order of the record.
    pub fn archive_time_stamps(&self) -> impl Iterator<Item = &ArchiveTimeStamp> {
        self.chains.iter().flat_map(ArchiveTimeStampChain::archive_time_stamps)
    }

    /// The hash of the ArchiveTimeStampSequence of the first `count` chains, ha(i) of RFC 4998 §5.2.
    pub(super) fn sequence_hash(&self, count: usize, algorithm: DigestAlgorithm) -> Digest {
        let mut sequence = Writer::new();
        sequence.constructed(Tag::SEQUENCE, |chains| {
            self.chains.iter().take(count).for_each(|chain| chains.encoded(chain.as_der()));
        });
        algorithm.digest(&sequence.into_der())
    }

    /// The last archive time-stamp, which a renewal is over.
    #[cfg(feature = "issue")]
    pub(super) fn last(&self) -> Option<&ArchiveTimeStamp> {
        self.chains.last().and_then(|chain| chain.archive_time_stamps().last())
    }
}

fn read_chains(value: &Value<'_>, limits: &Limits) -> Result<Vec<ArchiveTimeStampChain>, EvidenceRecordError> {
    let mut rest = value.reader();
    let mut chains = Vec::new();
    let mut left = limits.archive_time_stamps;
    while !rest.is_empty() {
        if chains.len() >= limits.archive_time_stamp_chains {
            let limit = limits.archive_time_stamp_chains;
            return Err(EvidenceRecordError::TooManyChains { limit, offset: rest.offset() });
        }
        chains.push(ArchiveTimeStampChain::read(&rest.read(Tag::SEQUENCE)?, &mut left, limits)?);
    }
    if chains.is_empty() {
        return Err(EvidenceRecordError::NoChain { offset: value.offset() });
    }
    Ok(chains)
}

/// The types of attributes, one at least, in a SET or SEQUENCE under any tag.
pub(super) fn read_attributes(value: &Value<'_>) -> Result<Vec<Oid>, DerError> {
    let mut rest = value.reader();
    let mut types = Vec::new();
    loop {
        let mut attribute = rest.read(Tag::SEQUENCE)?.reader();
        types.push(attribute.read(Tag::OBJECT_IDENTIFIER)?.oid()?);
        attribute.read(Tag::SET)?;
        attribute.finish()?;
        if rest.is_empty() {
            return Ok(types);
        }
    }
}

fn read_encryption_info(value: &Value<'_>) -> Result<Oid, DerError> {
    let mut components = value.reader();
    let method = components.read(Tag::OBJECT_IDENTIFIER)?.oid()?;
    components.read_any()?;
    components.finish()?;
    Ok(method)
}

/// Every algorithm of a chain is listed (§3.1). Others may be, of any kind: nothing protects the list.
fn check_listed(listed: &Value<'_>, chains: &[ArchiveTimeStampChain]) -> Result<(), EvidenceRecordError> {
    let mut algorithms = Vec::new();
    let mut rest = listed.reader();
    while !rest.is_empty() {
        let identifier = AlgorithmIdentifier::from_value(&rest.read(Tag::SEQUENCE)?)?;
        algorithms.extend(identifier.digest_algorithm());
    }
    let missing = chains.iter().map(ArchiveTimeStampChain::digest_algorithm).find(|used| !algorithms.contains(used));
    let offset = listed.offset();
    missing.map_or(Ok(()), |used| Err(EvidenceRecordError::NotListed { used, offset }))
}

/// Why octets are not an evidence record. Offsets are of the octets of the record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EvidenceRecordError {
    /// Not DER, or not of the ASN.1 type: a record that is cut short.
    #[error("evidence record: {0}")]
    Der(#[from] DerError),
    /// Another version than 1: `30 .. 02 01 02 ..`.
    #[error("evidence record: version {found}, expected 1")]
    Version {
        /// The version.
        found: u64,
    },
    /// A hash function that is not known, such as RIPEMD-160.
    #[error("evidence record at octet {offset}: {error}")]
    DigestAlgorithm {
        /// What is wrong with it.
        error: UnsupportedDigest,
        /// Where.
        offset: usize,
    },
    /// An archive time-stamp names a hash algorithm and its time-stamp is by another (§4.3 step 4).
    #[error("evidence record at octet {offset}: an archive time-stamp by {expected} holds a time-stamp by {found}")]
    ImprintAlgorithm {
        /// The algorithm that digestAlgorithm names.
        expected: DigestAlgorithm,
        /// The algorithm of the imprint.
        found: DigestAlgorithm,
        /// Where.
        offset: usize,
    },
    /// The archive time-stamps of one chain are by different algorithms (§5.3 step 2).
    #[error("evidence record at octet {offset}: an archive time-stamp by {found} in a chain by {expected}")]
    ChainAlgorithm {
        /// The algorithm of the first of the chain.
        expected: DigestAlgorithm,
        /// The algorithm of this one.
        found: DigestAlgorithm,
        /// Where.
        offset: usize,
    },
    /// The algorithm of a chain is not in digestAlgorithms (§3.1).
    #[error("evidence record at octet {offset}: {used} is used and not listed")]
    NotListed {
        /// The algorithm.
        used: DigestAlgorithm,
        /// Where the list is.
        offset: usize,
    },
    /// No chain: an archiveTimeStampSequence `30 00`.
    #[error("evidence record at octet {offset}: no chain of archive time-stamps")]
    NoChain {
        /// Where.
        offset: usize,
    },
    /// A chain without an archive time-stamp: `30 00`.
    #[error("evidence record at octet {offset}: a chain without archive time-stamps")]
    EmptyChain {
        /// Where.
        offset: usize,
    },
    /// A reducedHashtree without lists: `a2 00`.
    #[error("evidence record at octet {offset}: a hash tree without lists")]
    EmptyHashTree {
        /// Where.
        offset: usize,
    },
    /// A list without hashes: `30 00`.
    #[error("evidence record at octet {offset}: a list without hashes")]
    EmptyList {
        /// Where.
        offset: usize,
    },
    /// A hash is not as long as the algorithm makes it: two hashes in one OCTET STRING.
    #[error("evidence record at octet {offset}: {error}")]
    HashLength {
        /// Both lengths.
        error: DigestLengthError,
        /// Where.
        offset: usize,
    },
    /// A hash is not greater than the one before it in its list (§4.2): unsorted, or twice.
    #[error("evidence record at octet {offset}: a hash that is not greater than the one before it")]
    HashOrder {
        /// Where.
        offset: usize,
    },
    /// A timeStamp is no RFC 3161 token.
    #[error("evidence record at octet {offset}: {error}")]
    TimeStamp {
        /// What is wrong with it, with offsets of its own.
        error: Box<TimeStampError>,
        /// Where.
        offset: usize,
    },
    /// More chains than [`Limits::archive_time_stamp_chains`].
    #[error("evidence record at octet {offset}: more than {limit} chains")]
    TooManyChains {
        /// The limit.
        limit: usize,
        /// Where.
        offset: usize,
    },
    /// More archive time-stamps than [`Limits::archive_time_stamps`].
    #[error("evidence record at octet {offset}: more than {limit} archive time-stamps")]
    TooManyArchiveTimeStamps {
        /// The limit.
        limit: usize,
        /// Where.
        offset: usize,
    },
    /// More lists in one hash tree than [`Limits::reduced_hash_tree_lists`].
    #[error("evidence record at octet {offset}: more than {limit} lists in a hash tree")]
    TooManyLists {
        /// The limit.
        limit: usize,
        /// Where.
        offset: usize,
    },
    /// More hashes in one list than [`Limits::reduced_hash_tree_hashes`].
    #[error("evidence record at octet {offset}: more than {limit} hashes in a list")]
    TooManyHashes {
        /// The limit.
        limit: usize,
        /// Where.
        offset: usize,
    },
}

impl EvidenceRecordError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Der(error) => error.code(),
            Self::Version { .. } => "evidence-record-version",
            Self::DigestAlgorithm { error, .. } => error.code(),
            Self::ImprintAlgorithm { .. } => "evidence-record-imprint-algorithm",
            Self::ChainAlgorithm { .. } => "evidence-record-chain-algorithm",
            Self::NotListed { .. } => "evidence-record-algorithm-not-listed",
            Self::NoChain { .. } => "evidence-record-no-chain",
            Self::EmptyChain { .. } => "evidence-record-empty-chain",
            Self::EmptyHashTree { .. } => "evidence-record-empty-hash-tree",
            Self::EmptyList { .. } => "evidence-record-empty-list",
            Self::HashLength { .. } => "evidence-record-hash-length",
            Self::HashOrder { .. } => "evidence-record-hash-order",
            Self::TimeStamp { error, .. } => error.code(),
            Self::TooManyChains { .. } => "evidence-record-too-many-chains",
            Self::TooManyArchiveTimeStamps { .. } => "evidence-record-too-many-archive-time-stamps",
            Self::TooManyLists { .. } => "evidence-record-too-many-lists",
            Self::TooManyHashes { .. } => "evidence-record-too-many-hashes",
        }
    }
}
