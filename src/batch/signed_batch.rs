//! A batch and its signature: the source of the files.

use crate::budget::Limits;

use super::{Batch, BatchError, BatchedDocument};

/// A batch with the signature over its manifest.
#[derive(Debug, Clone)]
pub struct SignedBatch {
    batch: Batch,
    signature: Vec<u8>,
}

impl SignedBatch {
    /// `signature` is over the manifest of `batch`.
    pub(super) fn new(batch: Batch, signature: Vec<u8>) -> Self {
        Self { batch, signature }
    }

    /// The signature alone: JAdES in JSON, UTF-8. It is what more time-stamps and validation data are added to.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The same batch with `signature` in the place of its own, such as the same at a higher level.
    ///
    /// # Errors
    /// As [`Batch::with_signature`].
    pub fn with_signature(self, signature: Vec<u8>, limits: &Limits) -> Result<Self, BatchError> {
        self.batch.with_signature(signature, limits)
    }

    /// The number of documents, at least 1.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "there is no signed batch without a document")]
    pub fn len(&self) -> usize {
        self.batch.len()
    }

    /// The self-contained file of document `index`, counted from 0, UTF-8; `None` behind the last.
    #[must_use]
    pub fn file(&self, index: usize) -> Option<Vec<u8>> {
        let document = self.batch.document(index)?;
        let proof = self.batch.tree().inclusion_proof(u64::try_from(index).ok()?).ok()?;
        Some(BatchedDocument::new(document, &proof).write_behind(&self.signature))
    }

    /// Every file, one after another, in the order of the documents.
    pub fn files(&self) -> impl Iterator<Item = Vec<u8>> {
        (0..self.len()).map_while(|index| self.file(index))
    }
}
