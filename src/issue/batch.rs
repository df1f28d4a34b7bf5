//! Issuing many documents under one signature and one time-stamp.

use std::collections::HashSet;

use serde::Serialize;

use crate::batch::{self, Batch, SignedBatch};
use crate::budget::Limits;
use crate::crypto::Signer;
use crate::digest::DigestAlgorithm;
use crate::document::Document;
use crate::issue::{IssueError, Issuer, IssuerCertificate};
use crate::sign::{PreparedSignature, SignError};
use crate::time::Instant;
use crate::tsp::Transport;

impl IssuerCertificate {
    /// Checks `documents` and puts them into a batch, in their order, with a tree by SHA-256.
    ///
    /// # Errors
    /// [`IssueError::InBatch`] with the place of the first document that could not be issued by itself, and why;
    /// [`IssueError::SameNumber`] when two have one number.
    pub fn batch<'a, B: Serialize + 'a>(
        &self,
        documents: impl IntoIterator<Item = &'a Document<B>>,
    ) -> Result<Batch, IssueError> {
        let mut batch = Batch::new(self.entity(), DigestAlgorithm::Sha256)?;
        let mut numbers = HashSet::new();
        for (place, document) in documents.into_iter().enumerate() {
            let octets = self.octets_of(document);
            batch.push(octets.map_err(|error| IssueError::InBatch { place, error: Box::new(error) })?);
            if !numbers.insert(document.number()) {
                return Err(IssueError::SameNumber { place, number: document.number() });
            }
        }
        Ok(batch)
    }

    /// Writes the octets to be signed for `batch`, with `now` as the signing time.
    ///
    /// # Errors
    /// [`IssueError::WrongEntity`] for a batch of another entity; [`IssueError::Batch`] for one without a document;
    /// [`IssueError::Sign`] when the certificate is not valid at `now` or not for signing.
    pub fn prepare_batch(&self, batch: &Batch, now: Instant) -> Result<PreparedSignature, IssueError> {
        if batch.issuer() != self.entity() {
            return Err(IssueError::WrongEntity { document: batch.issuer(), certificate: self.entity() });
        }
        self.prepare_payload(&batch.manifest()?.to_vec(), batch::MEDIA_TYPE, now)
    }
}

impl<S: Signer, T: Transport> Issuer<S, T> {
    /// Signs `documents` at `now`, all of them with one JAdES B-T signature; each gets a file of its own from
    /// [`SignedBatch::files`].
    ///
    /// # Errors
    /// As [`IssuerCertificate::batch`] and [`IssuerCertificate::prepare_batch`]; [`IssueError::Sign`] and
    /// [`IssueError::TimeStamp`] as [`issue`](Self::issue).
    pub fn issue_batch<'a, B: Serialize + 'a>(
        &self,
        documents: impl IntoIterator<Item = &'a Document<B>>,
        now: Instant,
    ) -> Result<SignedBatch, IssueError> {
        let batch = self.certificate().batch(documents)?;
        let prepared = self.certificate().prepare_batch(&batch, now)?;
        let value = self.signer().sign(prepared.signing_input()).map_err(SignError::from)?;
        let signature = self.time_stamp(prepared.complete(&value)?)?;
        Ok(batch.with_signature(signature, &Limits::default())?)
    }
}
