//! A batch in the making.

use crate::budget::Limits;
use crate::codes::EntityCode;
use crate::digest::DigestAlgorithm;
use crate::merkle::MerkleTree;

use super::{BatchError, Manifest, SignedBatch, manifest_octets};

/// Documents of one issuer that are to be signed together.
///
/// [`push`](Self::push) their octets, have the [manifest](Self::manifest) signed, and take the files from the
/// [`SignedBatch`]. An `Issuer` (feature `issue`) does all of it, from typed documents, and refuses what no verifier would pass.
#[derive(Debug, Clone)]
pub struct Batch {
    issuer: EntityCode,
    documents: Vec<Vec<u8>>,
    tree: MerkleTree,
}

impl Batch {
    /// An empty batch of `issuer` whose tree is by `algorithm`.
    ///
    /// # Errors
    /// [`BatchError::Inclusion`] for SHA-1.
    pub fn new(issuer: EntityCode, algorithm: DigestAlgorithm) -> Result<Self, BatchError> {
        Ok(Self { issuer, documents: Vec::new(), tree: MerkleTree::new(algorithm)? })
    }

    /// Adds a document as it was written, and gives its place.
    pub fn push(&mut self, document: Vec<u8>) -> u64 {
        self.tree.push(&document);
        self.documents.push(document);
        self.tree.size() - 1
    }

    /// The number of documents.
    #[must_use]
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// The entity that issues them.
    #[must_use]
    pub fn issuer(&self) -> EntityCode {
        self.issuer
    }

    /// What is to be signed, of the media type [`MEDIA_TYPE`](super::MEDIA_TYPE).
    ///
    /// # Errors
    /// [`BatchError::Empty`] when there is no document.
    pub fn manifest(&self) -> Result<Manifest, BatchError> {
        if self.is_empty() {
            return Err(BatchError::Empty);
        }
        Ok(Manifest::new(self.issuer, self.tree.size(), self.tree.root()))
    }

    /// The batch with its signature, a JWS in JSON over the [manifest](Self::manifest). The signature value is not
    /// verified here: whoever made it did, and whoever reads a file will.
    ///
    /// # Errors
    /// [`BatchError::OtherManifest`] when it is over something else, [`BatchError::CompactSignature`] when it is compact,
    /// [`BatchError::Jws`] when it is no JWS.
    pub fn with_signature(self, signature: Vec<u8>, limits: &Limits) -> Result<SignedBatch, BatchError> {
        if manifest_octets(&signature, limits)? != self.manifest()?.to_vec() {
            return Err(BatchError::OtherManifest);
        }
        Ok(SignedBatch::new(self, signature))
    }

    pub(super) fn document(&self, index: usize) -> Option<&[u8]> {
        self.documents.get(index).map(Vec::as_slice)
    }

    pub(super) fn tree(&self) -> &MerkleTree {
        &self.tree
    }
}
