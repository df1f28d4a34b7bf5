//! Why a document was not issued.

use crate::batch::BatchError;
use crate::codes::{DocumentNumber, EntityCode};
use crate::document::{DocumentError, Inconsistency, MandateError};
use crate::journal::JournalError;
use crate::sign::SignError;
use crate::sign::augment::AugmentError;
use crate::status::StatusListError;
use crate::tsp::RequestTokenError;
use crate::x509::entity::EntityError;

/// Why a document was not issued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssueError {
    /// The certificate names no entity.
    #[error("issuing: {0}")]
    Entity(#[from] EntityError),
    /// The document is of another entity than the certificate.
    #[error("issuing: the document is entity {document}'s, the certificate is entity {certificate}'s")]
    WrongEntity {
        /// The issuer of the document.
        document: EntityCode,
        /// The entity in the certificate.
        certificate: EntityCode,
    },
    /// No mandate lets the entity sign the document of another.
    #[error("issuing: {0}")]
    Mandate(#[from] MandateError),
    /// The document contradicts itself.
    #[error("issuing: {0}")]
    Inconsistent(Inconsistency),
    /// The document cannot be written, or could not be read again.
    #[error("issuing: {0}")]
    Document(#[from] DocumentError),
    /// One document of a batch could not be issued.
    #[error("document {} of a batch: {error}", .place + 1)]
    InBatch {
        /// Its place, counted from 0.
        place: usize,
        /// Why.
        error: Box<IssueError>,
    },
    /// Two documents of a batch have one number.
    #[error("document {} of a batch has the number {number} of an earlier one", .place + 1)]
    SameNumber {
        /// The place of the second, counted from 0.
        place: usize,
        /// The number.
        number: DocumentNumber,
    },
    /// There is no batch to sign.
    #[error("issuing: {0}")]
    Batch(#[from] BatchError),
    /// The status list could not be read again.
    #[error("issuing: {0}")]
    StatusList(#[from] StatusListError),
    /// The tree head could not be read again.
    #[error("issuing: {0}")]
    Journal(#[from] JournalError),
    /// The document does not have the number that was reserved for it.
    #[error("issuing: the document has number {found}, reserved was {expected}")]
    OtherNumber {
        /// The number of the document.
        found: DocumentNumber,
        /// The number reserved.
        expected: DocumentNumber,
    },
    /// It was not signed.
    #[error("issuing: {0}")]
    Sign(#[from] SignError),
    /// It was signed, and could not be brought to the level asked for.
    #[error("issuing: {0}")]
    Augment(#[from] AugmentError),
    /// No time-stamp was given.
    #[error("issuing: {0}")]
    TimeStamp(#[from] RequestTokenError),
}

impl IssueError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Entity(error) => error.code(),
            Self::Mandate(error) => error.code(),
            Self::WrongEntity { .. } => "issue-wrong-entity",
            Self::Inconsistent(error) => error.code(),
            Self::Document(error) => error.code(),
            Self::InBatch { error, .. } => error.code(),
            Self::SameNumber { .. } => "issue-same-number",
            Self::Batch(error) => error.code(),
            Self::StatusList(error) => error.code(),
            Self::Journal(error) => error.code(),
            Self::OtherNumber { .. } => "issue-other-number",
            Self::Sign(error) => error.code(),
            Self::Augment(error) => error.code(),
            Self::TimeStamp(error) => error.code(),
        }
    }
}
