//! Judging an evidence record (RFC 4998 §4.3 and §5.3).

use std::collections::BTreeSet;

use crate::budget::{Budget, Resource};
use crate::digest::Digest;
use crate::ers::data_object::Digests;
use crate::ers::reduced_hash_tree::node;
use crate::ers::tokens::Tokens;
use crate::ers::{
    ArchiveTimeStamp, ArchiveTimeStampFault, ArchiveTimeStampVerdict, DataObjects, EvidenceRecord, RecordFault,
    RecordVerdict, Renewal,
};
use crate::oid::Oid;
use crate::time::Instant;
use crate::x509::path::PathSettings;
use crate::x509::revocation::RevocationEvidence;
use crate::x509::{Certificate, TrustStore};

/// What the time-stamps of records are judged with.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct VerificationInputs<'a> {
    /// Whom to trust for time-stamps.
    pub trust_store: &'a TrustStore,
    /// What is asked of the authorities' paths, and which algorithms and keys to rely on. The ends of algorithms are judged
    /// at the time of the next time-stamp, the last one's at the time of validation, whatever is set there.
    pub settings: &'a PathSettings,
    /// Certificates beside those in the tokens.
    pub pool: &'a [Certificate],
    /// CRLs and OCSP responses beside those in the tokens, for settings that ask about revocation.
    pub evidence: Option<&'a RevocationEvidence>,
    /// The policies one of which every time-stamp must be under; `None` for any.
    pub policies: Option<&'a [Oid]>,
    /// The time of validation, at which the last time-stamp must be valid.
    pub at: Instant,
}

impl<'a> VerificationInputs<'a> {
    /// Inputs without certificates or evidence beside those in the tokens, for any policy.
    #[must_use]
    pub fn new(trust_store: &'a TrustStore, settings: &'a PathSettings, at: Instant) -> Self {
        Self { trust_store, settings, pool: &[], evidence: None, policies: None, at }
    }
}

/// Judges one record. For records that share time-stamps, keep a [`RecordVerifier`].
///
/// # Errors
/// None: what does not hold is in the [`RecordVerdict`], see [`RecordVerifier::verify`].
pub fn verify(
    record: &EvidenceRecord,
    objects: DataObjects<'_>,
    inputs: VerificationInputs<'_>,
    budget: &mut Budget,
) -> RecordVerdict {
    RecordVerifier::new(inputs).verify(record, objects, budget)
}

/// Judges records by the same inputs, and every time-stamp that many of them share once.
///
/// What it remembers are tokens that hold, by their content and by the time up to which they were judged; a token that is
/// remembered costs a record no signature check, and its imprint is compared anew for every record. It is for one thread:
/// each thread of a bulk verification has its own.
#[derive(Debug)]
pub struct RecordVerifier<'a> {
    tokens: Tokens<'a>,
}

impl<'a> RecordVerifier<'a> {
    /// A verifier that remembers nothing yet.
    #[must_use]
    pub fn new(inputs: VerificationInputs<'a>) -> Self {
        Self { tokens: Tokens::new(inputs) }
    }

    /// What the time-stamps are judged with.
    #[must_use]
    pub fn inputs(&self) -> &VerificationInputs<'a> {
        self.tokens.inputs()
    }

    /// Judges whether `record` proves that `objects` existed, since when, and still does at the time of validation.
    ///
    /// 1. The first archive time-stamp of every chain is over the data objects: over their hashes in the first chain, over
    ///    the hash of each hash with that of all chains before in the others (§5.3 steps 1 and 3). The hashes are in the
    ///    first list; for a [`DataObjects::Group`] nothing else is.
    /// 2. Every other one is over the time-stamp before it (§5.3 step 2).
    /// 3. No time-stamp is earlier than the one before it.
    /// 4. Every token is over the root of its hash tree and holds as [`tsp::verify`](crate::tsp::verify) says.
    /// 5. Every path is valid, and every algorithm relied on, at the time of the next time-stamp too, the last one's at the
    ///    time of validation; a revocation counts up to that time. The hash algorithm of a chain so holds until the first
    ///    time-stamp of the next chain (§5.3 step 2).
    ///    The algorithms of CRLs and OCSP responses that are not in the record must be relied on at the time of validation.
    ///
    /// All archive time-stamps are judged, also after one that does not hold.
    pub fn verify(&mut self, record: &EvidenceRecord, objects: DataObjects<'_>, budget: &mut Budget) -> RecordVerdict {
        if objects.all().is_empty() {
            return RecordVerdict::refused(RecordFault::NoDataObject);
        }
        self.judge(record, Some(objects), budget)
    }

    /// As [`verify`](Self::verify); without data objects, whether the time-stamps hold by themselves.
    pub(super) fn judge(
        &mut self,
        record: &EvidenceRecord,
        objects: Option<DataObjects<'_>>,
        budget: &mut Budget,
    ) -> RecordVerdict {
        if let Some(method) = record.encryption_method() {
            return RecordVerdict::refused(RecordFault::Encrypted { method: method.clone() });
        }
        let at = self.inputs().at;
        let times = record.archive_time_stamps().map(time).skip(1).chain([at]);
        let mut digests = objects.map(|objects| (objects, Digests::of(objects.all())));
        let mut verdicts = Vec::new();
        let mut before: Option<&ArchiveTimeStamp> = None;
        for ((chain, position, one), until) in numbered(record).zip(times) {
            let renewal = match (chain, position) {
                (0, 0) => Renewal::Initial,
                (_, 0) => Renewal::HashTree,
                _ => Renewal::TimeStamp,
            };
            let covers = match (renewal, before, &mut digests) {
                (Renewal::TimeStamp, Some(before), _) => covers_time_stamp(one, before),
                (_, _, Some((objects, digests))) => covers_data(record, chain, one, *objects, digests),
                (_, _, None) => Ok(()),
            };
            let result = covers
                .and_then(|()| follows(one, before))
                .and_then(|()| budget.draw(Resource::TimeStamps).map_err(ArchiveTimeStampFault::Limit))
                .and_then(|()| self.tokens.verify(one, until, budget));
            verdicts.push(ArchiveTimeStampVerdict { renewal, time: time(one), until, result });
            before = Some(one);
        }
        RecordVerdict::new(verdicts, &self.inputs().settings.algorithms)
    }
}

/// The archive time-stamps with the numbers of their chains and their own in it, from 0.
fn numbered(record: &EvidenceRecord) -> impl Iterator<Item = (usize, usize, &ArchiveTimeStamp)> {
    record.chains().iter().enumerate().flat_map(|(chain, stamps)| {
        stamps.archive_time_stamps().iter().enumerate().map(move |(position, one)| (chain, position, one))
    })
}

fn time(one: &ArchiveTimeStamp) -> Instant {
    one.token().unverified_tst_info().gen_time()
}

/// §5.1: chronological order.
fn follows(one: &ArchiveTimeStamp, before: Option<&ArchiveTimeStamp>) -> Result<(), ArchiveTimeStampFault> {
    match before.map(time) {
        Some(before) if time(one) < before => Err(ArchiveTimeStampFault::Order { time: time(one), before }),
        _ => Ok(()),
    }
}

/// §5.3 step 2: the first list holds the hash of the time-stamp before.
fn covers_time_stamp(one: &ArchiveTimeStamp, before: &ArchiveTimeStamp) -> Result<(), ArchiveTimeStampFault> {
    let hash = one.digest_algorithm().digest(before.token().as_der());
    if one.first_hashes().contains(&hash) { Ok(()) } else { Err(ArchiveTimeStampFault::TimeStampNotCovered { hash }) }
}

/// §4.3 steps 1 and 2, §5.3 steps 1 and 3: the first list holds the hashes of the data objects.
fn covers_data(
    record: &EvidenceRecord,
    chain: usize,
    one: &ArchiveTimeStamp,
    objects: DataObjects<'_>,
    digests: &mut Digests<'_>,
) -> Result<(), ArchiveTimeStampFault> {
    let algorithm = one.digest_algorithm();
    let older = (chain > 0).then(|| record.sequence_hash(chain, algorithm));
    let listed: BTreeSet<&[u8]> = one.first_hashes().iter().map(Digest::as_octets).collect();
    let mut expected = BTreeSet::new();
    for (position, digest) in digests.by(algorithm).into_iter().enumerate() {
        let object = position + 1;
        let Some(digest) = digest else { return Err(ArchiveTimeStampFault::DigestMissing { object, algorithm }) };
        let hash = older.as_ref().map_or_else(|| digest.clone(), |older| node(algorithm, [&digest, older]));
        if !listed.contains(hash.as_octets()) {
            return Err(ArchiveTimeStampFault::DataObjectNotCovered { object, hash });
        }
        expected.insert(hash.as_octets().to_vec());
    }
    let other = one.first_hashes().iter().find(|hash| !expected.contains(hash.as_octets()));
    match (objects, other) {
        (DataObjects::Group(_), Some(hash)) => Err(ArchiveTimeStampFault::NotOfTheGroup { hash: hash.clone() }),
        _ => Ok(()),
    }
}
