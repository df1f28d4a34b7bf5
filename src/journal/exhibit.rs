//! Evidence that one number was given twice, as a file for a third party.

use serde_json::{Value, json};

use crate::budget::Limits;
use crate::digest::DigestAlgorithm;
use crate::encoding::base64;
use crate::encoding::json::{self, Members};
use crate::journal::JournalError;
use crate::journal::TreeHead;
use crate::journal::entry::{read_count, read_type, text, texts, written};
use crate::merkle::{InclusionProof, MerkleError, leaf_hash};

/// What shows that a number was given to a document. Nothing of it is verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exhibit {
    /// The signed document itself, in any form that a verifier reads.
    SignedDocument(
        /// Its octets.
        Vec<u8>,
    ),
    /// An entry of the journal, under a signed head.
    RecordedEntry(RecordedEntry),
}

/// An entry of a journal, the proof that it is in the tree, and the signed head of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedEntry {
    entry: Vec<u8>,
    proof: InclusionProof,
    signed_head: Vec<u8>,
}

impl RecordedEntry {
    /// The entry `entry`, which `proof` leads from to the root in `signed_head`, a JWS.
    #[must_use]
    pub fn new(entry: Vec<u8>, proof: InclusionProof, signed_head: Vec<u8>) -> Self {
        Self { entry, proof, signed_head }
    }

    /// The octets of the entry.
    #[must_use]
    pub fn unverified_entry(&self) -> &[u8] {
        &self.entry
    }

    /// The signed head, a JWS.
    #[must_use]
    pub fn signed_head(&self) -> &[u8] {
        &self.signed_head
    }

    /// Checks that the entry is in the tree of `head`.
    ///
    /// # Errors
    /// [`MerkleError`] when the proof is of a tree of another size, or leads to another root.
    pub fn check(&self, head: &TreeHead) -> Result<(), MerkleError> {
        let (found, expected) = (self.proof.tree_size(), head.tree_size());
        if found != expected {
            return Err(MerkleError::SizeOutOfRange { old: found, new: expected });
        }
        self.proof.verify(&leaf_hash(DigestAlgorithm::Sha256, &self.entry), head.root())
    }
}

/// Two exhibits which, if they hold, show that one number was given to two documents. As a file:
///
/// ```text
/// exhibits = { "type": "wathiqa-exhibits/1", "exhibits": [ exhibit, exhibit ] }
/// exhibit  = { "signedDocument": base64url }
///          / { "entry": base64url, "leafIndex": integer, "treeSize": integer, "path": [ *base64url ],
///              "treeHead": base64url }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "two exhibits, and nothing else")]
pub struct Exhibits {
    /// One.
    pub first: Exhibit,
    /// The other.
    pub second: Exhibit,
}

impl Exhibits {
    /// Reads the file.
    ///
    /// # Errors
    /// [`JournalError`]: `Json` for what is no JSON, `Type` for another type, `Missing`, `MemberType` and `Value` for members
    /// that are not those of an exhibit, or one or three exhibits.
    pub fn from_slice(octets: &[u8], limits: &Limits) -> Result<Self, JournalError> {
        let object = json::parse_object(octets, limits)?;
        let members = Members::new(&object);
        read_type(members, TYPE)?;
        let exhibits = members.array("exhibits")?.ok_or(JournalError::Missing { member: "exhibits" })?;
        match exhibits {
            [first, second] if object.len() == 2 => Ok(Self { first: read(first)?, second: read(second)? }),
            _ => Err(JournalError::Value { member: "exhibits", found: format!("{} exhibits", exhibits.len()) }),
        }
    }

    /// The file.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        let exhibits = [written_exhibit(&self.first), written_exhibit(&self.second)];
        json!({ "type": TYPE, "exhibits": exhibits }).to_string().into_bytes()
    }
}

const TYPE: &str = "wathiqa-exhibits/1";

fn read(exhibit: &Value) -> Result<Exhibit, JournalError> {
    let wrong = || JournalError::Value { member: "exhibits", found: json::kind_of(exhibit).to_owned() };
    let object = exhibit.as_object().ok_or_else(wrong)?;
    let members = Members::new(object);
    if members.contains("signedDocument") && object.len() == 1 {
        return Ok(Exhibit::SignedDocument(octets(members, "signedDocument")?));
    }
    let (entry, signed_head) = (octets(members, "entry")?, octets(members, "treeHead")?);
    let path = texts(members, "path")?.into_iter().map(|hash| decoded("path", hash));
    let path = path.collect::<Result<Vec<_>, _>>()?;
    let (index, size) = (read_count(members, "leafIndex")?, read_count(members, "treeSize")?);
    let proof = InclusionProof::from_octets(index, size, DigestAlgorithm::Sha256, path);
    let proof = proof.map_err(|error| JournalError::Value { member: "path", found: error.to_string() })?;
    if object.len() != 5 {
        return Err(JournalError::Value {
            member: "exhibits",
            found: format!("an exhibit of {} members", object.len()),
        });
    }
    Ok(Exhibit::RecordedEntry(RecordedEntry { entry, proof, signed_head }))
}

fn octets(members: Members<'_>, member: &'static str) -> Result<Vec<u8>, JournalError> {
    decoded(member, text(members, member)?)
}

fn decoded(member: &'static str, text: &str) -> Result<Vec<u8>, JournalError> {
    base64::decode_url(text).map_err(|error| JournalError::Value { member, found: error.to_string() })
}

fn written_exhibit(exhibit: &Exhibit) -> Value {
    match exhibit {
        Exhibit::SignedDocument(octets) => json!({ "signedDocument": base64::encode_url(octets) }),
        Exhibit::RecordedEntry(RecordedEntry { entry, proof, signed_head }) => json!({
            "entry": base64::encode_url(entry),
            "leafIndex": proof.leaf_index(),
            "treeSize": proof.tree_size(),
            "path": proof.path().iter().map(written).collect::<Vec<_>>(),
            "treeHead": base64::encode_url(signed_head),
        }),
    }
}
