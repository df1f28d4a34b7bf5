//! Many documents under one signature: the batch, its manifest, and the self-contained file of one of its documents.
//!
//! A signature and a time-stamp for each of a million receipts cost a million of each. A batch costs one: its *manifest*
//! holds the root of a Merkle tree (RFC 9162) over the documents, and is signed and time-stamped as any payload is. Each
//! document's file then holds the document, its inclusion proof and that signature, and proves itself alone:
//!
//! ```text
//! manifest = {"type": "wathiqa-batch/1", "issuer": entity code, "hashAlgorithm": "SHA-256" / "SHA-384" / "SHA-512",
//!             "treeSize": 1*, "root": base64url}                 ; cty vnd.wathiqa.batch+json
//! file     = {"payload": base64url(manifest), "protected": .., ["header": ..], "signature": ..,
//!             "batched": {"leafIndex": 0*, "path": [*base64url], "document": base64url(document)}}
//! ```
//!
//! The file is the batch signature itself with one more member, which a reader of JWS ignores (RFC 7515 §7.2.1): any
//! JAdES validator validates it as it stands. An entry of the tree is a document's octets as they were written. What is
//! added to the batch signature later, up to B-LTA, is put into every file by [`BatchedDocument::with_signature`].
//!
//! **Accepted**: any JSON serialization of the batch signature. **Ignored**: other members beside `batched`, as in any JWS.
//! **Refused**: members of the manifest or of `batched` that are not of the form above; a compact signature, which cannot
//! hold a time-stamp; a path that index and size do not give.
//!
//! That a document is [included](BatchedDocument::check) says nothing of the signature over the manifest: a
//! [`Verifier`](crate::verify::Verifier) checks both, and that the batch is of the document's issuer.

mod batched_document;
mod manifest;
mod signed_batch;
mod unsigned_batch;

use crate::budget::Limits;
use crate::codes::CodeError;
use crate::digest::DigestAlgorithm;
use crate::encoding::base64::Base64Error;
use crate::encoding::excerpt;
use crate::encoding::json::{JsonError, MemberTypeError};
use crate::jws::{Jws, JwsError};
use crate::merkle::MerkleError;

pub use batched_document::BatchedDocument;
pub use manifest::Manifest;
pub use signed_batch::SignedBatch;
pub use unsigned_batch::Batch;

/// The media type of a manifest, without `application/`, as the header member `cty` has it (RFC 7515 §4.1.10).
pub const MEDIA_TYPE: &str = "vnd.wathiqa.batch+json";

/// The member of a file that holds its document.
const BATCHED: &str = "batched";

/// The payload of a batch signature: any JWS in JSON that carries one and no document yet.
fn manifest_octets(signature: &[u8], limits: &Limits) -> Result<Vec<u8>, BatchError> {
    let jws = Jws::parse(signature, limits)?;
    if signature.trim_ascii_start().first() != Some(&b'{') {
        return Err(BatchError::CompactSignature);
    }
    jws.unverified_payload().map(<[u8]>::to_vec).ok_or(BatchError::NoPayload)
}

/// Why octets are no batch, no manifest or no file of a batch, or why a document is not of a batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// Not JSON that this crate accepts.
    #[error("batch: {0}")]
    Json(#[from] JsonError),
    /// The signature is no JWS.
    #[error("batch: {0}")]
    Jws(#[from] JwsError),
    /// A member has another type: `{"treeSize":"8"}`.
    #[error("batch: {0}")]
    MemberType(#[from] MemberTypeError),
    /// A member is missing.
    #[error("batch: member \"{member}\" is missing")]
    Missing {
        /// Its name.
        member: &'static str,
    },
    /// A member that the form does not have.
    #[error("batch: member \"{member}\" is not known")]
    Unknown {
        /// Its name, cut short.
        member: String,
    },
    /// The manifest is of another type, or of another version.
    #[error("batch: type is \"{found}\", expected \"{expected}\"")]
    Type {
        /// The type found, cut short.
        found: String,
        /// The type that this crate reads.
        expected: &'static str,
    },
    /// The issuer is no entity code.
    #[error("batch: issuer: {0}")]
    Issuer(#[from] CodeError),
    /// The hash function has another name than the three.
    #[error("batch: hash function \"{found}\", known are SHA-256, SHA-384, SHA-512")]
    HashAlgorithm {
        /// The name found, cut short.
        found: String,
    },
    /// A number of entries or a place that is negative.
    #[error("batch: member \"{member}\" is {found}")]
    Negative {
        /// The member.
        member: &'static str,
        /// The number found.
        found: i64,
    },
    /// A member is not base64url.
    #[error("batch: member \"{member}\": {error}")]
    Base64 {
        /// The member.
        member: &'static str,
        /// Where and why.
        error: Base64Error,
    },
    /// The root has not as many octets as the hash function makes.
    #[error("batch: a root of {found} octets, {algorithm} has {}", .algorithm.output_len())]
    RootLength {
        /// How many it has.
        found: usize,
        /// The hash function.
        algorithm: DigestAlgorithm,
    },
    /// The document is not in the batch, or not at that place.
    #[error("batch: {0}")]
    Inclusion(#[from] MerkleError),
    /// There is no document to sign.
    #[error("batch: no document")]
    Empty,
    /// The signature is compact and has no place for a document.
    #[error("batch: a compact signature has no place for a document, use JSON")]
    CompactSignature,
    /// The signature does not carry its payload.
    #[error("batch: the signature carries no manifest")]
    NoPayload,
    /// The signature is over something else than the manifest of this batch.
    #[error("batch: the signature is not over the manifest of this batch")]
    OtherManifest,
    /// The signature to be added to holds a document already.
    #[error("batch: the signature holds a document already")]
    HoldsDocument,
}

impl BatchError {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Json(error) => error.code(),
            Self::Jws(error) => error.code(),
            Self::MemberType(_) => "batch-member-type",
            Self::Missing { .. } => "batch-member-missing",
            Self::Unknown { .. } => "batch-member-unknown",
            Self::Type { .. } => "batch-type",
            Self::Issuer(error) => error.code(),
            Self::HashAlgorithm { .. } => "batch-hash-algorithm",
            Self::Negative { .. } => "batch-negative",
            Self::Base64 { error, .. } => error.code(),
            Self::RootLength { .. } => "batch-root-length",
            Self::Inclusion(error) => error.code(),
            Self::Empty => "batch-empty",
            Self::CompactSignature => "batch-compact-signature",
            Self::NoPayload => "batch-no-payload",
            Self::OtherManifest => "batch-other-manifest",
            Self::HoldsDocument => "batch-holds-document",
        }
    }

    fn unknown(member: &str) -> Self {
        Self::Unknown { member: excerpt(member) }
    }
}
