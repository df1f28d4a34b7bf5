//! The proof that one number was given to two documents.

use serde_json::Value;

use crate::codes::DocumentNumber;
use crate::digest::{Digest, DigestAlgorithm};
use crate::document::Document;
use crate::journal::{Entry, EntryOutcome, Exhibit, Exhibits, JournalError, RecordedEntry};
use crate::merkle::MerkleError;
use crate::report::{Indication, Report, Step};
use crate::time::Instant;
use crate::validation::Evidence;
use crate::verify::Verifier;

/// One number was given to two documents by the entity whose number it is: both are shown by its own signatures. Nothing
/// but [`Verifier::verify_conflict`] makes one.
///
/// ```compile_fail,E0451
/// let forged = wathiqa::verify::Conflict { number: unimplemented!(), first: unimplemented!(), second: unimplemented!() };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    number: DocumentNumber,
    first: Digest,
    second: Digest,
}

impl Conflict {
    /// The number.
    #[must_use]
    pub fn number(&self) -> DocumentNumber {
        self.number
    }

    /// The SHA-256 digest of the octets of the first document.
    #[must_use]
    pub fn first(&self) -> &Digest {
        &self.first
    }

    /// The SHA-256 digest of the octets of the second document.
    #[must_use]
    pub fn second(&self) -> &Digest {
        &self.second
    }
}

impl Verifier {
    /// Checks, offline, that `exhibits` show one number given to two documents, as of `at`.
    ///
    /// A document counts when it is rightly signed, whatever became of it since, and without its attachments.
    ///
    /// # Errors
    /// [`ConflictError`]: an exhibit that does not hold, by its place; two of different numbers, or of one document.
    pub fn verify_conflict(
        &self,
        exhibits: &Exhibits,
        evidence: &Evidence<'_>,
        at: Instant,
    ) -> Result<Conflict, ConflictError> {
        let shown = |exhibit: &Exhibit, place| {
            match exhibit {
                Exhibit::RecordedEntry(entry) => self.shown_by_entry(entry, evidence, at),
                Exhibit::SignedDocument(octets) => self.shown_by_document(octets, evidence, at),
            }
            .map_err(|fault| ConflictError::Exhibit { place, fault })
        };
        let (number, first) = shown(&exhibits.first, 1)?;
        let (other, second) = shown(&exhibits.second, 2)?;
        if number != other {
            return Err(ConflictError::OtherNumber { first: number, second: other });
        }
        if first == second {
            return Err(ConflictError::SameDocument { number });
        }
        Ok(Conflict { number, first, second })
    }

    fn shown_by_document(
        &self,
        octets: &[u8],
        evidence: &Evidence<'_>,
        at: Instant,
    ) -> Result<(DocumentNumber, Digest), ExhibitFault> {
        let report = self.verify(octets, evidence, at);
        let signed = report.signatures().iter().all(|one| one.indication() == Indication::TotalPassed);
        let later = [Step::Status, Step::Attachments, Step::InForce, Step::Journal];
        let bound = report.checks().iter().all(|check| check.failure().is_none() || later.contains(&check.step()));
        let policy = self.policy();
        let read = |payload| Document::<Value>::from_slice_in(payload, policy.coding_scheme(), policy.limits()).ok();
        match report.unverified_payload().and_then(|payload| Some((read(payload)?.number(), payload))) {
            Some((number, payload)) if signed && bound && !report.signatures().is_empty() => {
                Ok((number, DigestAlgorithm::Sha256.digest(payload)))
            }
            _ => Err(ExhibitFault::Report(Box::new(report))),
        }
    }

    fn shown_by_entry(
        &self,
        recorded: &RecordedEntry,
        evidence: &Evidence<'_>,
        at: Instant,
    ) -> Result<(DocumentNumber, Digest), ExhibitFault> {
        let head = self.open_tree_head(recorded.signed_head(), evidence, at).map_err(ExhibitFault::Report)?;
        recorded.check(&head)?;
        let (scheme, limits) = (self.policy().coding_scheme(), self.policy().limits());
        let entry = Entry::from_slice_in(recorded.unverified_entry(), scheme, limits)?;
        if entry.number().entity() != head.issuer() {
            return Err(ExhibitFault::NumberOfAnotherEntity { number: entry.number() });
        }
        match entry.outcome() {
            EntryOutcome::Issued { sha256 } => Ok((entry.number(), sha256.clone())),
            EntryOutcome::Void => Err(ExhibitFault::Void),
        }
    }
}

/// Why two exhibits do not show that a number was given twice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConflictError {
    /// An exhibit does not hold.
    #[error("exhibit {place}: {fault}")]
    Exhibit {
        /// Which, counted from 1.
        place: usize,
        /// Why.
        fault: ExhibitFault,
    },
    /// They are about different numbers.
    #[error("the exhibits are of numbers {first} and {second}")]
    OtherNumber {
        /// The number of the first.
        first: DocumentNumber,
        /// The number of the second.
        second: DocumentNumber,
    },
    /// They are about one document.
    #[error("both exhibits are of one document with number {number}")]
    SameDocument {
        /// Its number.
        number: DocumentNumber,
    },
}

impl ConflictError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Exhibit { fault, .. } => fault.code(),
            Self::OtherNumber { .. } => "conflict-other-number",
            Self::SameDocument { .. } => "conflict-same-document",
        }
    }
}

/// Why an exhibit shows nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExhibitFault {
    /// The signed document, or the signed head, does not hold.
    #[error("{}", .0.deciding_reason().map_or_else(|| .0.indication().to_string(), ToString::to_string))]
    Report(
        /// The report on it.
        Box<Report>,
    ),
    /// The entry is not in the tree of the head.
    #[error("{0}")]
    Inclusion(#[from] MerkleError),
    /// The entry is none.
    #[error("{0}")]
    Entry(#[from] JournalError),
    /// The entry is about a number that the journal's entity cannot give.
    #[error("journal: number {number} is not of the journal's entity")]
    NumberOfAnotherEntity {
        /// The number.
        number: DocumentNumber,
    },
    /// The entry says that the number is void.
    #[error("journal: the entry gives the number to no document")]
    Void,
}

impl ExhibitFault {
    /// A stable name for the kind of fault.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Report(report) => report.deciding_reason().map_or("exhibit-report", |reason| reason.code()),
            Self::Inclusion(error) => error.code(),
            Self::Entry(error) => error.code(),
            Self::NumberOfAnotherEntity { .. } => "exhibit-number-of-another-entity",
            Self::Void => "exhibit-void",
        }
    }
}
