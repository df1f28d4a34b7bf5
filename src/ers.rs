//! Evidence records: RFC 4998, in DER.
//!
//! A record proves that data existed at a time, for as long as someone renews it. One time-stamp is over the root of a hash
//! tree; each data object, or group of them, has a record with the few hashes that lead from it to the root. Thousands of
//! documents share one time-stamp that way.
//!
//! ```text
//! EvidenceRecord ::= SEQUENCE {
//!     version                   INTEGER { v1(1) },
//!     digestAlgorithms          SEQUENCE OF AlgorithmIdentifier,
//!     cryptoInfos               [0] SEQUENCE SIZE (1..MAX) OF Attribute OPTIONAL,
//!     encryptionInfo            [1] EncryptionInfo OPTIONAL,
//!     archiveTimeStampSequence  SEQUENCE OF ArchiveTimeStampChain }      -- one or more
//! ```
//!
//! Before its certificate ends, or an algorithm falls, the last time-stamp is renewed:
//!
//! * **time-stamp renewal**, over the time-stamp before it, by the same hash algorithm, without the data;
//! * **hash-tree renewal**, over the data and all of the record, by a stronger hash algorithm: a new chain.
//!
//! CRLs and OCSP responses about an authority can be put into its token before it is renewed; those in a token count as
//! evidence for it.
//!
//! [`EvidenceRecord::from_der`] reads a record, [`verify`] or a [`RecordVerifier`] judges it and answers with a verdict on every
//! archive time-stamp and, if all hold, a [`ProvenExistence`], which nothing else can make. With the feature `issue`, a
//! `HashTree` is made of data objects and stamped, and `renew_time_stamps` and `renew_hash_trees` renew.
//!
//! **Accepted**: records in DER with RFC 3161 tokens as [`tsp`](crate::tsp) reads them, with SHA-1 (judged by the
//! constraints), SHA-256, SHA-384 and SHA-512; data objects among others, or groups. **Kept, not used**: cryptoInfos and the
//! attributes of archive time-stamps, which nothing protects. **Refused**: BER; lists of hashes that are empty, not in
//! ascending order, with a hash twice, or with a hash of another length; different algorithms in one chain; an algorithm that
//! is not listed; other time-stamps than tokens. **Not supported**: records about encrypted data (§6), which are read and
//! never hold.
//!
//! Two places of RFC 4998 are read in more than one way. H(i)' of a hash-tree renewal is H(h(i) || ha(i)), in this order, as the
//! text of §5.2 has it and as DSS does; figure 4 says sorted. A first list of one hash
//! goes on as it is, as in RFC 6283 §3.1.1 and in DSS; records made here have none.

mod archive_time_stamp;
mod data_object;
mod evidence_record;
#[cfg(feature = "issue")]
mod hash_tree;
mod reduced_hash_tree;
#[cfg(feature = "issue")]
mod renewal;
mod tokens;
mod verdict;
mod verification;

pub use self::archive_time_stamp::{ArchiveTimeStamp, ArchiveTimeStampChain};
pub use self::data_object::{DataObject, DataObjects};
pub use self::evidence_record::{EvidenceRecord, EvidenceRecordError};
#[cfg(feature = "issue")]
pub use self::hash_tree::{DataObjectGroup, HashTree, HashTreeError, StampedTree, TimeStampSource};
pub use self::reduced_hash_tree::{PartialHashTree, ReducedHashTree};
#[cfg(feature = "issue")]
pub use self::renewal::{RenewalError, renew_hash_trees, renew_time_stamps};
pub use self::verdict::{
    ArchiveTimeStampFault, ArchiveTimeStampVerdict, ProvenExistence, RecordFault, RecordVerdict, Renewal,
};
pub use self::verification::{RecordVerifier, VerificationInputs, verify};

use self::evidence_record::read_attributes;

#[cfg(test)]
mod tests;
