//! Issuing the status list of an entity's documents.

use crate::budget::Limits;
use crate::crypto::Signer;
use crate::issue::{IssueError, Issuer, IssuerCertificate};
use crate::sign::{PreparedSignature, SignError};
use crate::status::{self, StatusList};
use crate::time::Instant;
use crate::tsp::Transport;

impl IssuerCertificate {
    /// Checks `list` and writes the octets to be signed, with `now` as the signing time.
    ///
    /// # Errors
    /// [`IssueError::WrongEntity`] for a list of another entity; [`IssueError::StatusList`] when it could not be read
    /// again; [`IssueError::Sign`] when the certificate is not valid at `now` or not for signing.
    pub fn prepare_status_list(&self, list: &StatusList, now: Instant) -> Result<PreparedSignature, IssueError> {
        if list.issuer() != self.entity() {
            return Err(IssueError::WrongEntity { document: list.issuer(), certificate: self.entity() });
        }
        let payload = list.to_vec();
        StatusList::from_slice_in(&payload, self.scheme(), &Limits::default())?;
        self.prepare_payload(&payload, status::MEDIA_TYPE, now)
    }
}

impl<S: Signer, T: Transport> Issuer<S, T> {
    /// Signs `list` at `now` and has the signature time-stamped, as [`issue`](Self::issue) does documents.
    ///
    /// # Errors
    /// As [`IssuerCertificate::prepare_status_list`]; [`IssueError::Sign`] and [`IssueError::TimeStamp`] as
    /// [`issue`](Self::issue).
    pub fn issue_status_list(&self, list: &StatusList, now: Instant) -> Result<Vec<u8>, IssueError> {
        let prepared = self.certificate().prepare_status_list(list, now)?;
        let value = self.signer().sign(prepared.signing_input()).map_err(SignError::from)?;
        self.time_stamp(prepared.complete(&value)?)
    }
}
