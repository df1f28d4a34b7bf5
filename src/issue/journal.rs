//! Issuing under numbers of a journal, and the journal's heads.

use serde::Serialize;

use crate::budget::Limits;
use crate::codes::{DocumentKind, DocumentNumber};
use crate::crypto::Signer;
use crate::document::{Document, DocumentError};
use crate::issue::{IssueError, Issuer, IssuerCertificate};
use crate::journal::{self, Journal, JournalStore, KeepingError, TreeHead};
use crate::sign::{PreparedSignature, SignError};
use crate::time::Instant;
use crate::tsp::Transport;

impl IssuerCertificate {
    /// Checks `head` and writes the octets to be signed, with `now` as the signing time.
    ///
    /// # Errors
    /// [`IssueError::WrongEntity`] for a head of another entity; [`IssueError::Journal`] when it could not be read again;
    /// [`IssueError::Sign`] when the certificate is not valid at `now` or not for signing.
    pub fn prepare_tree_head(&self, head: &TreeHead, now: Instant) -> Result<PreparedSignature, IssueError> {
        if head.issuer() != self.entity() {
            return Err(IssueError::WrongEntity { document: head.issuer(), certificate: self.entity() });
        }
        let payload = head.to_vec();
        TreeHead::from_slice_in(&payload, self.scheme(), &Limits::default())?;
        self.prepare_payload(&payload, journal::MEDIA_TYPE, now)
    }
}

impl<S: Signer, T: Transport> Issuer<S, T> {
    /// Signs `head` at `now` and has the signature time-stamped, as [`issue`](Self::issue) does documents.
    ///
    /// # Errors
    /// As [`IssuerCertificate::prepare_tree_head`]; [`IssueError::Sign`] and [`IssueError::TimeStamp`] as
    /// [`issue`](Self::issue).
    pub fn issue_tree_head(&self, head: &TreeHead, now: Instant) -> Result<Vec<u8>, IssueError> {
        let prepared = self.certificate().prepare_tree_head(head, now)?;
        let value = self.signer().sign(prepared.signing_input()).map_err(SignError::from)?;
        self.time_stamp(prepared.complete(&value)?)
    }

    /// Issues the document that `make` makes for the next number of `kind` in the journal, in the year of `now`: the number
    /// is reserved, the document signed, its digest recorded; then, and not before, it is answered. What goes wrong in
    /// between makes the number void.
    ///
    /// # Errors
    /// [`RecordedIssueError::Issue`] when the document is not made or not issued, or has another number;
    /// [`RecordedIssueError::Journal`] when the journal does not give a number or take the record: the document was then
    /// signed and must not be used.
    pub fn issue_recorded<B: Serialize, J: JournalStore>(
        &self,
        journal: &Journal<J>,
        kind: DocumentKind,
        now: Instant,
        make: impl FnOnce(DocumentNumber) -> Result<Document<B>, DocumentError>,
    ) -> Result<Vec<u8>, RecordedIssueError<J::Error>> {
        let number = journal.reserve(kind, now.year()).map_err(RecordedIssueError::Journal)?;
        match self.issue_numbered(number, now, make) {
            Ok((signed, payload)) => {
                journal.record(number, &payload, now).map_err(RecordedIssueError::Journal)?;
                Ok(signed)
            }
            Err(error) => {
                // A number that cannot be made void now is still open, and made so when the service starts again.
                drop(journal.void(number, now));
                Err(RecordedIssueError::Issue(error))
            }
        }
    }

    fn issue_numbered<B: Serialize>(
        &self,
        number: DocumentNumber,
        now: Instant,
        make: impl FnOnce(DocumentNumber) -> Result<Document<B>, DocumentError>,
    ) -> Result<(Vec<u8>, Vec<u8>), IssueError> {
        let document = make(number)?;
        if document.number() != number {
            return Err(IssueError::OtherNumber { found: document.number(), expected: number });
        }
        Ok((self.issue(&document, now)?, document.to_vec()?))
    }
}

/// Why a document was not issued under a number of the journal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordedIssueError<E> {
    /// The document was not issued.
    #[error("{0}")]
    Issue(IssueError),
    /// The journal gave no number, or did not take the record.
    #[error("{0}")]
    Journal(KeepingError<E>),
}
