//! One issue of the register: what gets signed.

use crate::digest::{Digest, DigestAlgorithm};
use crate::register::RegisterMemberFault;
use crate::register::entities::Entities;
use crate::time::Instant;

/// What an issue says of itself, after `ListAndSchemeInformation` of ETSI TS 119 602.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListInformation {
    pub(super) sequence_number: u64,
    pub(super) previous: Option<Digest>,
    pub(super) issued_at: Instant,
    pub(super) next_update: Instant,
}

impl ListInformation {
    pub(super) fn new(
        sequence_number: u64,
        previous: Option<Digest>,
        issued_at: Instant,
        next_update: Instant,
    ) -> Result<Self, (&'static str, RegisterMemberFault)> {
        if sequence_number == 0 {
            return Err(("sequenceNumber", RegisterMemberFault::SequenceZero));
        }
        if (sequence_number == 1) != previous.is_none() {
            return Err(("previousIssue", RegisterMemberFault::Previous { sequence_number }));
        }
        if let Some(found) = previous.as_ref().map(Digest::algorithm).filter(|found| *found == DigestAlgorithm::Sha1) {
            return Err(("previousIssue.algorithm", RegisterMemberFault::DigestAlgorithm { found }));
        }
        if next_update <= issued_at {
            return Err(("nextUpdate", RegisterMemberFault::NotAfter { found: next_update, after: issued_at }));
        }
        Ok(Self { sequence_number, previous, issued_at, next_update })
    }

    /// The number of the issue, from 1, one more with every issue.
    #[must_use]
    pub fn sequence_number(&self) -> u64 {
        self.sequence_number
    }

    /// The digest of the payload of the issue before it; `None` for the first.
    #[must_use]
    pub fn previous(&self) -> Option<&Digest> {
        self.previous.as_ref()
    }

    /// When it was issued.
    #[must_use]
    pub fn issued_at(&self) -> Instant {
        self.issued_at
    }

    /// When the next is issued at the latest. From then on this one tells nothing any more.
    #[must_use]
    pub fn next_update(&self) -> Instant {
        self.next_update
    }
}

/// An issue as it gets signed: made by a [`RegisterEditor`](super::RegisterEditor), or read.
///
/// That it was read says nothing of who wrote it: a [`Register`](super::Register) does.
#[derive(Debug, Clone)]
pub struct RegisterIssue {
    pub(super) information: ListInformation,
    pub(super) entities: Entities,
}

impl RegisterIssue {
    /// What the issue says of itself.
    #[must_use]
    pub fn information(&self) -> &ListInformation {
        &self.information
    }
}
