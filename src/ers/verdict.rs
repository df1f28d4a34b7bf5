//! What was found about an evidence record.

use crate::budget::Exhausted;
use crate::crypto::AlgorithmConstraints;
use crate::digest::{Digest, DigestAlgorithm};
use crate::oid::Oid;
use crate::time::Instant;
use crate::tsp::{ProofOfExistence, TimeStampError};

/// The verdict on a record: on each of its archive time-stamps, and what they prove together.
#[derive(Debug, Clone)]
#[must_use]
pub struct RecordVerdict {
    archive_time_stamps: Vec<ArchiveTimeStampVerdict>,
    result: Result<ProvenExistence, RecordFault>,
}

impl RecordVerdict {
    /// `algorithms` are those by which the time-stamps were judged.
    pub(super) fn new(archive_time_stamps: Vec<ArchiveTimeStampVerdict>, algorithms: &AlgorithmConstraints) -> Self {
        let faults =
            (1..).zip(&archive_time_stamps).filter_map(|(position, one)| Some((position, one.result.as_ref().err()?)));
        // What was left out or moved comes before what that did to the times.
        let decides = faults.clone().find(|(_, fault)| fault.is_of_the_record()).or_else(|| faults.clone().next());
        let fault = decides.map(|(position, fault)| RecordFault::ArchiveTimeStamp { position, fault: fault.clone() });
        let proofs = archive_time_stamps.iter().map(|one| one.result.as_ref().ok().cloned());
        let proven = proofs.collect::<Option<Vec<_>>>().and_then(|proofs| ProvenExistence::new(proofs, algorithms));
        let result = match (fault, proven) {
            (None, Some(proof)) => Ok(proof),
            (Some(fault), _) => Err(fault),
            (None, None) => Err(RecordFault::NoDataObject),
        };
        Self { archive_time_stamps, result }
    }

    /// A record that is not looked into.
    pub(super) fn refused(fault: RecordFault) -> Self {
        Self { archive_time_stamps: Vec::new(), result: Err(fault) }
    }

    /// The verdict on each archive time-stamp, in the order of the record; empty for a record that was not looked into.
    #[must_use]
    pub fn archive_time_stamps(&self) -> &[ArchiveTimeStampVerdict] {
        &self.archive_time_stamps
    }

    /// The proof that the data objects existed, or why there is none.
    ///
    /// # Errors
    /// [`RecordFault`]: the record is for other data, a renewal is over another time-stamp, the last time-stamp has expired.
    /// The first that is about how the record is put together, or else the first.
    pub fn result(&self) -> Result<&ProvenExistence, &RecordFault> {
        self.result.as_ref()
    }

    /// As [`result`](Self::result), by value.
    ///
    /// # Errors
    /// As [`result`](Self::result).
    pub fn into_result(self) -> Result<ProvenExistence, RecordFault> {
        self.result
    }
}

/// The verdict on one archive time-stamp.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ArchiveTimeStampVerdict {
    /// What it is over.
    pub renewal: Renewal,
    /// The time in its token, which is proven only where [`result`](Self::result) is `Ok`.
    pub time: Instant,
    /// The time until which it had to hold: that of the next one, or that of validation.
    pub until: Instant,
    /// The proof, relative to [`until`](Self::until), or why there is none.
    pub result: Result<ProofOfExistence, ArchiveTimeStampFault>,
}

/// What an archive time-stamp is over, by its place in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Renewal {
    /// The data objects: the first of the record.
    Initial,
    /// The time-stamp before it (RFC 4998 §5.2, Time-Stamp Renewal).
    TimeStamp,
    /// The data objects and all chains before it (RFC 4998 §5.2, Hash-Tree Renewal).
    HashTree,
}

/// Proof that data objects existed at a time, and that it could be proven ever since: an evidence record verified in full.
/// [`RecordVerifier::verify`](super::RecordVerifier::verify) alone makes one.
#[derive(Debug, Clone)]
pub struct ProvenExistence {
    first: ProofOfExistence,
    renewals: Vec<ProofOfExistence>,
    renew_before: Instant,
}

impl ProvenExistence {
    fn new(proofs: Vec<ProofOfExistence>, algorithms: &AlgorithmConstraints) -> Option<Self> {
        let renew_before = proofs.last()?.good_until(algorithms);
        let mut proofs = proofs.into_iter();
        Some(Self { first: proofs.next()?, renewals: proofs.collect(), renew_before })
    }

    /// The time of the first time-stamp.
    #[must_use]
    pub fn time(&self) -> Instant {
        self.first.time()
    }

    /// What is proven: the data objects existed at this instant at the latest, the time with its accuracy.
    #[must_use]
    pub fn latest(&self) -> Instant {
        self.first.latest()
    }

    /// The first time-stamp, over the data objects.
    #[must_use]
    pub fn initial(&self) -> &ProofOfExistence {
        &self.first
    }

    /// The time-stamps after it, in the order of the record.
    #[must_use]
    pub fn renewals(&self) -> &[ProofOfExistence] {
        &self.renewals
    }

    /// When the record has to be renewed at the latest: the first end of the certificates of its last time-stamp, and of
    /// the algorithms that this rests on.
    #[must_use]
    pub fn renew_before(&self) -> Instant {
        self.renew_before
    }
}

/// Why a record proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordFault {
    /// It was asked about no data object.
    #[error("evidence record: no data object to look for")]
    NoDataObject,
    /// The hashes are of encrypted data objects (RFC 4998 §6), which this crate does not make again.
    #[error("evidence record: it is about data encrypted by {method}, which is not supported")]
    Encrypted {
        /// The method, encryptionInfoType.
        method: Oid,
    },
    /// An archive time-stamp does not hold.
    #[error("evidence record: archive time-stamp {position}: {fault}")]
    ArchiveTimeStamp {
        /// Which, counted from 1 through all chains.
        position: usize,
        /// Why.
        fault: ArchiveTimeStampFault,
    },
}

impl RecordFault {
    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoDataObject => "evidence-record-no-data-object",
            Self::Encrypted { .. } => "evidence-record-encrypted",
            Self::ArchiveTimeStamp { fault, .. } => fault.code(),
        }
    }
}

/// Why an archive time-stamp does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveTimeStampFault {
    /// The first list does not hold the hash of a data object: the record is for other data.
    #[error("data object {object} is not covered, no hash is {hash}")]
    DataObjectNotCovered {
        /// Which data object, counted from 1.
        object: usize,
        /// The hash looked for: with that of the older chains, if there are any.
        hash: Digest,
    },
    /// The first list holds more than the data objects of the group.
    #[error("hash {hash} is not of the group")]
    NotOfTheGroup {
        /// The first such hash.
        hash: Digest,
    },
    /// A data object was given by digests, and the one by this algorithm is not among them.
    #[error("the {algorithm} digest of data object {object} was not given")]
    DigestMissing {
        /// Which data object, counted from 1.
        object: usize,
        /// The algorithm of the chain.
        algorithm: DigestAlgorithm,
    },
    /// A renewal is not over the time-stamp before it.
    #[error("the time-stamp before it is not covered, no hash is {hash}")]
    TimeStampNotCovered {
        /// The hash looked for.
        hash: Digest,
    },
    /// It is earlier than the one before it.
    #[error("its time {time} is before {before}, that of the one it renews")]
    Order {
        /// Its time.
        time: Instant,
        /// The time of the one before.
        before: Instant,
    },
    /// The time-stamp is not over the root of the hash tree, or does not hold itself.
    #[error(transparent)]
    TimeStamp(#[from] TimeStampError),
    /// A certificate of its path ended before the next time-stamp, or before the time of validation.
    #[error("time-stamp: its path ends {not_after} and had to hold until {until}")]
    Expired {
        /// The end of the path.
        not_after: Instant,
        /// The time until which it had to hold.
        until: Instant,
    },
    /// There are more time-stamps than are looked at.
    #[error(transparent)]
    Limit(Exhausted),
}

impl ArchiveTimeStampFault {
    /// Whether it is about what an archive time-stamp is over, not about its token.
    fn is_of_the_record(&self) -> bool {
        !matches!(self, Self::TimeStamp(_) | Self::Expired { .. } | Self::Limit(_))
    }

    /// A stable identifier of the reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::DataObjectNotCovered { .. } => "evidence-record-data-object-not-covered",
            Self::NotOfTheGroup { .. } => "evidence-record-not-of-the-group",
            Self::DigestMissing { .. } => "evidence-record-digest-missing",
            Self::TimeStampNotCovered { .. } => "evidence-record-time-stamp-not-covered",
            Self::Order { .. } => "evidence-record-order",
            Self::TimeStamp(error) => error.code(),
            Self::Expired { .. } => "evidence-record-expired",
            Self::Limit(error) => error.code(),
        }
    }
}
