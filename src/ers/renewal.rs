//! Renewing evidence records (RFC 4998 §5.2).

use std::collections::HashMap;

use crate::budget::{Budget, Limits};
use crate::digest::{Digest, DigestAlgorithm};
use crate::encoding::der::{DerError, Reader, Tag, Writer};
use crate::ers::reduced_hash_tree::node;
use crate::ers::{
    ArchiveTimeStamp, DataObjectGroup, DataObjects, EvidenceRecord, EvidenceRecordError, HashTree, HashTreeError,
    RecordFault, RecordVerifier, StampedTree, TimeStampSource, VerificationInputs,
};
use crate::time::Instant;
use crate::tsp::TimeStampToken;
use crate::x509::revocation::RevocationEvidence;

/// Renews the last time-stamps of `records`, all by one new one, without their data: before the certificates of their
/// authorities end (§5.2, Time-Stamp Renewal). The records come back in their order.
///
/// Records that share their last time-stamp share all that is added: the tree is over time-stamps, not over records. Their
/// time-stamps must hold by themselves, before at [`VerificationInputs::at`] and after until the new one; that they are about
/// their data is not asked, for the data is not there.
///
/// # Errors
/// [`RenewalError`]: no record, records by different hash algorithms, a record that is broken or whose last time-stamp has
/// expired, no answer from the authority, a new time-stamp that is not trusted.
pub fn renew_time_stamps(
    records: &[EvidenceRecord],
    verifier: &mut RecordVerifier<'_>,
    source: &TimeStampSource<'_>,
) -> Result<Vec<EvidenceRecord>, RenewalError> {
    let last = records.first().and_then(EvidenceRecord::last).ok_or(RenewalError::NoRecord)?;
    let algorithm = last.digest_algorithm();
    let (mut leaves, mut positions, mut leaf_of) = (Vec::new(), HashMap::new(), Vec::new());
    for (position, record) in numbered(records) {
        check(verifier, record, None, position)?;
        let last = record.last().filter(|last| last.digest_algorithm() == algorithm).ok_or_else(|| {
            let found = record.last().map_or(algorithm, ArchiveTimeStamp::digest_algorithm);
            RenewalError::MixedAlgorithms { position, expected: algorithm, found }
        })?;
        let hash = algorithm.digest(last.token().as_der());
        leaf_of.push(*positions.entry(hash.clone()).or_insert_with(|| {
            leaves.push(hash);
            leaves.len() - 1
        }));
    }
    let tree = HashTree::new(algorithm, leaves)?.stamp(source)?;
    let mut after = verifier_after(verifier, &tree);
    let renew = |((position, record), leaf): ((usize, &EvidenceRecord), usize)| {
        let renewed = with_last_chain_longer(record, &tree.archive_time_stamp(leaf))?;
        check(&mut after, &renewed, None, position)?;
        Ok(renewed)
    };
    numbered(records).zip(leaf_of).map(renew).collect()
}

/// Renews the hash trees of records, all by one new time-stamp, by `algorithm`: before theirs falls (§5.2, Hash-Tree
/// Renewal). Each record comes with all its data objects, by octets or by digests of every algorithm of its chains and of
/// `algorithm`; the records come back in their order.
///
/// # Errors
/// [`RenewalError`]: no record, an algorithm that is not stronger, a record that is broken, is for other data or whose last
/// time-stamp has expired, a missing digest, no answer from the authority, a new time-stamp that is not trusted.
pub fn renew_hash_trees(
    records: &[(EvidenceRecord, DataObjects<'_>)],
    algorithm: DigestAlgorithm,
    verifier: &mut RecordVerifier<'_>,
    source: &TimeStampSource<'_>,
) -> Result<Vec<EvidenceRecord>, RenewalError> {
    if records.is_empty() {
        return Err(RenewalError::NoRecord);
    }
    let mut groups = Vec::new();
    for (position, (record, objects)) in numbered(records) {
        if let Some(found) = record.last().map(ArchiveTimeStamp::digest_algorithm).filter(|old| *old >= algorithm) {
            return Err(RenewalError::NotStronger { position, found, asked: algorithm });
        }
        check(verifier, record, Some(*objects), position)?;
        groups.push(renewed_group(record, *objects, algorithm, position)?);
    }
    let tree = HashTree::new(algorithm, groups)?.stamp(source)?;
    let mut after = verifier_after(verifier, &tree);
    let renew = |(position, (record, objects)): (usize, &(EvidenceRecord, DataObjects<'_>))| {
        let renewed = with_new_chain(record, &tree.archive_time_stamp(position - 1), &tree.algorithm())?;
        check(&mut after, &renewed, Some(*objects), position)?;
        Ok(renewed)
    };
    numbered(records).map(renew).collect()
}

impl EvidenceRecord {
    /// The same record with CRLs and OCSP responses in its last token, so that it can be judged in later years by what is in
    /// it. The next renewal covers them.
    ///
    /// # Errors
    /// [`EvidenceRecordError`] when the record gets larger than the default limits.
    pub fn with_revocation(&self, evidence: &RevocationEvidence) -> Result<Self, EvidenceRecordError> {
        let mut chains: Vec<Vec<u8>> = self.chains().iter().map(|chain| chain.as_der().to_vec()).collect();
        let (Some(chain), Some(last)) = (chains.last_mut(), self.last()) else { return Ok(self.clone()) };
        let token = last.token().with_revocation(evidence, &Limits::default());
        let token = token.map_err(|error| EvidenceRecordError::TimeStamp { error: Box::new(error), offset: 0 })?;
        let mut replaced = Writer::new();
        let mut left = Reader::new(chain).read(Tag::SEQUENCE)?.reader();
        while !left.is_empty() {
            let one = left.read(Tag::SEQUENCE)?;
            if left.is_empty() {
                replaced.value(Tag::SEQUENCE, &with_token(one.contents(), last.token(), &token));
            } else {
                replaced.encoded(one.as_der());
            }
        }
        let mut longer = Writer::new();
        longer.value(Tag::SEQUENCE, &replaced.into_der());
        *chain = longer.into_der();
        rewritten(self, &[], &chains)
    }
}

/// The components of an ArchiveTimeStamp, which ends with its token, with another token.
fn with_token(components: &[u8], old: &TimeStampToken, new: &TimeStampToken) -> Vec<u8> {
    let before = components.strip_suffix(old.as_der()).unwrap_or(components);
    [before, new.as_der()].concat()
}

/// The items with their numbers, from 1.
fn numbered<T>(items: &[T]) -> impl Iterator<Item = (usize, &T)> {
    (1..).zip(items)
}

/// H(h(i) || ha(i)) for every data object of a record (§5.2, steps 2 to 4).
fn renewed_group(
    record: &EvidenceRecord,
    objects: DataObjects<'_>,
    algorithm: DigestAlgorithm,
    position: usize,
) -> Result<DataObjectGroup, RenewalError> {
    let older = record.sequence_hash(record.chains().len(), algorithm);
    let hash = |(object, digest): (usize, Option<Digest>)| match digest {
        Some(digest) => Ok(node(algorithm, [&digest, &older])),
        None => Err(RenewalError::DigestMissing { position, object, algorithm }),
    };
    let digests = (1..).zip(objects.all().iter().map(|object| object.digest(algorithm)));
    digests.map(hash).collect::<Result<Vec<_>, _>>().map(DataObjectGroup::new)
}

fn check(
    verifier: &mut RecordVerifier<'_>,
    record: &EvidenceRecord,
    objects: Option<DataObjects<'_>>,
    position: usize,
) -> Result<(), RenewalError> {
    let mut budget = Budget::new(&Limits::default());
    let verdict = match objects {
        Some(objects) => verifier.verify(record, objects, &mut budget),
        None => verifier.judge(record, None, &mut budget),
    };
    verdict.into_result().map(drop).map_err(|fault| RenewalError::Record { position, fault })
}

/// Judges at the time of the new time-stamp, unless the time of validation is later: the request took time.
fn verifier_after<'a>(verifier: &RecordVerifier<'a>, tree: &StampedTree) -> RecordVerifier<'a> {
    let stamped: Instant = tree.token().unverified_tst_info().gen_time();
    let inputs = *verifier.inputs();
    RecordVerifier::new(VerificationInputs { at: inputs.at.max(stamped), ..inputs })
}

/// The record with an archive time-stamp more in its last chain.
fn with_last_chain_longer(record: &EvidenceRecord, added: &[u8]) -> Result<EvidenceRecord, EvidenceRecordError> {
    let mut chains: Vec<Vec<u8>> = record.chains().iter().map(|chain| chain.as_der().to_vec()).collect();
    if let Some(last) = chains.last_mut() {
        let contents = Reader::new(last).read(Tag::SEQUENCE).map(|chain| chain.contents().to_vec());
        let mut longer = Writer::new();
        longer.value(Tag::SEQUENCE, &[&contents?, added].concat());
        *last = longer.into_der();
    }
    rewritten(record, &[], &chains)
}

/// The record with a chain more, of one archive time-stamp, and its algorithm listed.
fn with_new_chain(
    record: &EvidenceRecord,
    added: &[u8],
    algorithm: &[u8],
) -> Result<EvidenceRecord, EvidenceRecordError> {
    let mut chain = Writer::new();
    chain.value(Tag::SEQUENCE, added);
    let older = record.chains().iter().map(|chain| chain.as_der().to_vec());
    rewritten(record, algorithm, &older.chain([chain.into_der()]).collect::<Vec<_>>())
}

/// The record with other chains and an algorithm more, everything else as received.
fn rewritten(
    record: &EvidenceRecord,
    algorithm: &[u8],
    chains: &[Vec<u8>],
) -> Result<EvidenceRecord, EvidenceRecordError> {
    let (listed, infos) = parts(record.as_der())?;
    let mut writer = Writer::new();
    writer.constructed(Tag::SEQUENCE, |components| {
        components.unsigned(1);
        components.value(Tag::SEQUENCE, &[listed, algorithm].concat());
        components.encoded(&infos);
        components.value(Tag::SEQUENCE, &chains.concat());
    });
    EvidenceRecord::from_der(&writer.into_der(), &Limits::default())
}

/// The contents of digestAlgorithms, and cryptoInfos with encryptionInfo.
fn parts(record: &[u8]) -> Result<(&[u8], Vec<u8>), DerError> {
    let mut components = Reader::new(record).read(Tag::SEQUENCE)?.reader();
    components.read(Tag::INTEGER)?;
    let listed = components.read(Tag::SEQUENCE)?.contents();
    let mut infos = Vec::new();
    for tag in [0, 1].map(Tag::context_constructed) {
        infos.extend_from_slice(components.optional(tag)?.map(|info| info.as_der()).unwrap_or_default());
    }
    Ok((listed, infos))
}

/// Why records were not renewed. Positions are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RenewalError {
    /// Nothing to renew.
    #[error("renewal: no record")]
    NoRecord,
    /// A time-stamp renewal keeps the hash algorithm, so the records of one tree must have the same.
    #[error("renewal: record {position} is by {found}, the first is by {expected}")]
    MixedAlgorithms {
        /// Which record.
        position: usize,
        /// The algorithm of the first.
        expected: DigestAlgorithm,
        /// The algorithm of this one.
        found: DigestAlgorithm,
    },
    /// A hash-tree renewal by the same algorithm, or a weaker one.
    #[error("renewal: record {position} is by {found}, {asked} is not stronger")]
    NotStronger {
        /// Which record.
        position: usize,
        /// The algorithm of its last chain.
        found: DigestAlgorithm,
        /// The algorithm asked for.
        asked: DigestAlgorithm,
    },
    /// A data object was given by digests, and the one by the new algorithm is not among them.
    #[error("renewal: the {algorithm} digest of data object {object} of record {position} was not given")]
    DigestMissing {
        /// Which record.
        position: usize,
        /// Which data object.
        object: usize,
        /// The new algorithm.
        algorithm: DigestAlgorithm,
    },
    /// A record does not hold, before or after: broken, for other data, expired, or by an authority that is not trusted.
    #[error("renewal: record {position}: {fault}")]
    Record {
        /// Which record.
        position: usize,
        /// Why.
        fault: RecordFault,
    },
    /// There is no tree over the records, or no time-stamp over the tree.
    #[error("renewal: {0}")]
    HashTree(#[from] HashTreeError),
    /// The renewed record could not be read again: it is larger than the default limits.
    #[error("renewal: {0}")]
    Renewed(#[from] EvidenceRecordError),
}

impl RenewalError {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoRecord => "renewal-no-record",
            Self::MixedAlgorithms { .. } => "renewal-mixed-algorithms",
            Self::NotStronger { .. } => "renewal-not-stronger",
            Self::DigestMissing { .. } => "renewal-digest-missing",
            Self::Record { fault, .. } => fault.code(),
            Self::HashTree(error) => error.code(),
            Self::Renewed(error) => error.code(),
        }
    }
}
