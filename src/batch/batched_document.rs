//! The file of one document of a batch.

use serde_json::Value;

use crate::budget::Limits;
use crate::codes::CodingScheme;
use crate::encoding::json::Members;
use crate::encoding::{base64, json};
use crate::merkle::{InclusionProof, leaf_hash};

use super::manifest::count;
use super::{BATCHED, BatchError, Manifest, manifest_octets};

/// A document of a batch and its place in the tree, as its file has them; nothing of it is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchedDocument {
    document: Vec<u8>,
    leaf_index: u64,
    path: Vec<Vec<u8>>,
}

impl BatchedDocument {
    /// Reads the member `batched` of a file. The signature of the file is read by [`Jws`](crate::jws::Jws).
    ///
    /// # Errors
    /// [`BatchError`]: `Json` for octets that are no JSON object, `Missing` for a JWS without `batched` and for
    /// `"batched":{}`, `Unknown` for a member more in `batched`, `MemberType`, `Negative` and `Base64` for members that are
    /// not what they must be.
    pub fn from_slice(file: &[u8], limits: &Limits) -> Result<Self, BatchError> {
        let object = json::parse_object(file, limits)?;
        let batched = Members::new(&object).object(BATCHED)?.ok_or(BatchError::Missing { member: BATCHED })?;
        if let Some(member) = batched.names().find(|member| !MEMBERS.contains(member)) {
            return Err(BatchError::unknown(member));
        }
        let leaf_index = count(batched, "leafIndex")?;
        let path = batched.strings("path")?.ok_or(BatchError::Missing { member: "path" })?;
        let path = path.into_iter().map(|hash| decode("path", hash)).collect::<Result<_, _>>()?;
        let document = batched.string("document")?.ok_or(BatchError::Missing { member: "document" })?;
        Ok(Self { document: decode("document", document)?, leaf_index, path })
    }

    pub(super) fn new(document: &[u8], proof: &InclusionProof) -> Self {
        let path = proof.path().iter().map(|hash| hash.as_octets().to_vec()).collect();
        Self { document: document.to_vec(), leaf_index: proof.leaf_index(), path }
    }

    /// The document's octets, not verified.
    #[must_use]
    pub fn unverified_document(&self) -> &[u8] {
        &self.document
    }

    /// The document's place in the batch, counted from 0, not verified.
    #[must_use]
    pub fn unverified_leaf_index(&self) -> u64 {
        self.leaf_index
    }

    /// The document's octets, now proven to be an entry of the tree in `manifest`, at the place that the file says.
    ///
    /// # Errors
    /// [`BatchError::Inclusion`]: the place is not in the tree, the path is too long or too short or holds a hash of
    /// another length, or the proof leads to another root than the manifest's.
    pub fn check(&self, manifest: &Manifest) -> Result<&[u8], BatchError> {
        let algorithm = manifest.root().algorithm();
        let proof = InclusionProof::from_octets(self.leaf_index, manifest.tree_size(), algorithm, &self.path)?;
        proof.verify(&leaf_hash(algorithm, &self.document), manifest.root())?;
        Ok(&self.document)
    }

    /// The file of this document under `signature`, a batch signature in JSON: the one it had, or that one with more
    /// time-stamps and validation data.
    ///
    /// # Errors
    /// [`BatchError::HoldsDocument`] when `signature` is itself a file of a batch; [`BatchError::CompactSignature`],
    /// [`BatchError::NoPayload`] and others when it is no batch signature; [`BatchError::Inclusion`] when it is that of
    /// another batch.
    pub fn with_signature(
        &self,
        signature: &[u8],
        scheme: &CodingScheme,
        limits: &Limits,
    ) -> Result<Vec<u8>, BatchError> {
        let manifest = Manifest::from_slice_in(&manifest_octets(signature, limits)?, scheme, limits)?;
        self.check(&manifest)?;
        if json::parse_object(signature, limits)?.contains_key(BATCHED) {
            return Err(BatchError::HoldsDocument);
        }
        Ok(self.write_behind(signature))
    }

    /// Appends the member to `signature`, a JSON object, whose octets stay as they are: what repeats in every file of a
    /// batch comes first.
    pub(super) fn write_behind(&self, signature: &[u8]) -> Vec<u8> {
        let head = signature.trim_ascii_end();
        let head = head.strip_suffix(b"}").unwrap_or(head);
        let path: Vec<Value> = self.path.iter().map(|hash| base64::encode_url(hash).into()).collect();
        let (path, document) = (Value::from(path), base64::encode_url(&self.document));
        let batched =
            format!(r#","{BATCHED}":{{"leafIndex":{},"path":{path},"document":"{document}"}}}}"#, self.leaf_index);
        [head, batched.as_bytes()].concat()
    }
}

fn decode(member: &'static str, text: &str) -> Result<Vec<u8>, BatchError> {
    base64::decode_url(text).map_err(|error| BatchError::Base64 { member, error })
}

const MEMBERS: [&str; 3] = ["leafIndex", "path", "document"];
