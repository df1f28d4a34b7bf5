//! What is signed for a batch.

use crate::budget::Limits;
use crate::codes::{CodingScheme, EntityCode};
use crate::digest::{Digest, DigestAlgorithm};
use crate::encoding::json::Members;
use crate::encoding::{base64, excerpt, json};

use super::BatchError;

/// The manifest of a batch: who issued it, and the Merkle tree over its documents.
///
/// Read from octets it says nothing of who wrote it; a signature over it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    issuer: EntityCode,
    tree_size: u64,
    root: Digest,
}

impl Manifest {
    pub(super) fn new(issuer: EntityCode, tree_size: u64, root: Digest) -> Self {
        Self { issuer, tree_size, root }
    }

    /// Reads a manifest whose issuer's code is of `scheme`.
    ///
    /// # Errors
    /// [`BatchError`]: `Json` for `[]`, `Missing` for `{}`, `MemberType` for `{"type":1}`, `Type` for
    /// `"wathiqa-batch/2"`, `Unknown` for a member more, `Issuer` for a code whose check digits are wrong,
    /// `HashAlgorithm` for `"SHA-1"`, `Negative` and `Empty` for a size of -1 and 0, `Base64` and `RootLength` for the root.
    pub fn from_slice_in(octets: &[u8], scheme: &CodingScheme, limits: &Limits) -> Result<Self, BatchError> {
        let object = json::parse_object(octets, limits)?;
        let members = Members::new(&object);
        let found = members.string("type")?.ok_or(BatchError::Missing { member: "type" })?;
        if found != TYPE {
            return Err(BatchError::Type { found: excerpt(found), expected: TYPE });
        }
        if let Some(member) = object.keys().find(|member| !MEMBERS.contains(&member.as_str())) {
            return Err(BatchError::unknown(member));
        }
        let issuer = members.string("issuer")?.ok_or(BatchError::Missing { member: "issuer" })?;
        let issuer = scheme.parse_entity(issuer)?;
        let name = members.string("hashAlgorithm")?.ok_or(BatchError::Missing { member: "hashAlgorithm" })?;
        let algorithm = ALGORITHMS.into_iter().find(|algorithm| algorithm.to_string() == name);
        let algorithm = algorithm.ok_or_else(|| BatchError::HashAlgorithm { found: excerpt(name) })?;
        let tree_size = count(members, "treeSize")?;
        if tree_size == 0 {
            return Err(BatchError::Empty);
        }
        let root = members.string("root")?.ok_or(BatchError::Missing { member: "root" })?;
        let root = base64::decode_url(root).map_err(|error| BatchError::Base64 { member: "root", error })?;
        let wrong_length = BatchError::RootLength { found: root.len(), algorithm };
        let root = Digest::new(algorithm, &root).map_err(|_| wrong_length)?;
        Ok(Self { issuer, tree_size, root })
    }

    /// The manifest as JSON, UTF-8: members in the order of [the module](super), no white space.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        let Self { issuer, tree_size, root } = self;
        let (algorithm, root) = (root.algorithm(), base64::encode_url(root.as_octets()));
        format!(
            r#"{{"type":"{TYPE}","issuer":"{issuer}","hashAlgorithm":"{algorithm}","treeSize":{tree_size},"root":"{root}"}}"#
        )
        .into_bytes()
    }

    /// The entity that issued every document of the batch.
    #[must_use]
    pub fn issuer(&self) -> EntityCode {
        self.issuer
    }

    /// The number of documents, at least 1.
    #[must_use]
    pub fn tree_size(&self) -> u64 {
        self.tree_size
    }

    /// The root of the tree, with its hash function.
    #[must_use]
    pub fn root(&self) -> &Digest {
        &self.root
    }
}

/// A member that counts.
pub(super) fn count(members: Members<'_>, member: &'static str) -> Result<u64, BatchError> {
    let found = members.integer(member)?.ok_or(BatchError::Missing { member })?;
    u64::try_from(found).map_err(|_| BatchError::Negative { member, found })
}

/// What a manifest is, and the version of its members.
const TYPE: &str = "wathiqa-batch/1";

const MEMBERS: [&str; 5] = ["type", "issuer", "hashAlgorithm", "treeSize", "root"];

/// The hash functions of trees.
const ALGORITHMS: [DigestAlgorithm; 3] = [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512];
