//! A tree head: how far the journal has come, and its root.

use crate::budget::Limits;
use crate::codes::{CodingScheme, DocumentNumber, EntityCode};
use crate::digest::Digest;
use crate::encoding::json::{self, Members};
use crate::journal::JournalError;
use crate::journal::entry::{
    check_sha256, check_spelling, read_count, read_number, read_sha256, read_time, read_type, text, texts, written,
};
use crate::time::Instant;

/// The claims of a tree head; [the module](super) has their form.
///
/// That one was read says nothing of who wrote it: [`VerifiedTreeHead`] is one whose signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeHead {
    issuer: EntityCode,
    time: Instant,
    tree_size: u64,
    root: Digest,
    /// Ascending.
    open: Vec<DocumentNumber>,
}

impl TreeHead {
    /// The head of the journal of `issuer` at `time`, whose fraction of a second is dropped: a tree of `tree_size`
    /// entries, by SHA-256, with `root`.
    ///
    /// # Errors
    /// [`JournalError::Value`] for a root by another algorithm.
    pub fn new(issuer: EntityCode, time: Instant, tree_size: u64, root: Digest) -> Result<Self, JournalError> {
        check_sha256("root", &root)?;
        Ok(Self { issuer, time: time.whole_seconds(), tree_size, root, open: Vec::new() })
    }

    /// Says which numbers are reserved and neither issued nor void.
    #[must_use]
    pub fn with_open(mut self, open: impl IntoIterator<Item = DocumentNumber>) -> Self {
        self.open = open.into_iter().collect();
        self.open.sort();
        self.open.dedup();
        self
    }

    /// Reads a tree head whose codes are of `scheme`.
    ///
    /// # Errors
    /// [`JournalError`], as [`Entry::from_slice_in`](crate::journal::Entry::from_slice_in).
    pub fn from_slice_in(octets: &[u8], scheme: &CodingScheme, limits: &Limits) -> Result<Self, JournalError> {
        let object = json::parse_object(octets, limits)?;
        let members = Members::new(&object);
        read_type(members, TYPE)?;
        let issuer = scheme.parse_entity(text(members, "issuer")?);
        let issuer = issuer.map_err(|error| JournalError::Code { member: "issuer", error })?;
        let (time, tree_size) = (read_time(members)?, read_count(members, "treeSize")?);
        let open = texts(members, "open")?.into_iter().map(|number| read_number(number, "open", scheme));
        let open: Vec<_> = open.collect::<Result<_, _>>()?;
        let head = Self { issuer, time, tree_size, root: read_sha256(members, "root")?, open: Vec::new() };
        let head = head.with_open(open);
        check_spelling(octets, &head.to_vec())?;
        Ok(head)
    }

    /// The head as octets, to be signed.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        let Self { issuer, time, tree_size, root, open } = self;
        let root = written(root);
        let open: Vec<String> = open.iter().map(|number| format!("\"{number}\"")).collect();
        let open = if open.is_empty() { String::new() } else { format!(r#","open":[{}]"#, open.join(",")) };
        format!(
            r#"{{"type":"{TYPE}","issuer":"{issuer}","time":"{time}","treeSize":{tree_size},"root":"{root}"{open}}}"#
        )
        .into()
    }

    /// The entity whose journal it is.
    #[must_use]
    pub fn issuer(&self) -> EntityCode {
        self.issuer
    }

    /// When the journal was so far.
    #[must_use]
    pub fn time(&self) -> Instant {
        self.time
    }

    /// How many entries there were.
    #[must_use]
    pub fn tree_size(&self) -> u64 {
        self.tree_size
    }

    /// The root of the tree over them.
    #[must_use]
    pub fn root(&self) -> &Digest {
        &self.root
    }

    /// The numbers that were reserved and neither issued nor void, ascending.
    #[must_use]
    pub fn open(&self) -> &[DocumentNumber] {
        &self.open
    }
}

/// The `type` of a tree head that this crate reads and writes.
const TYPE: &str = "wathiqa-tree-head/1";

/// A tree head whose signature holds and is its issuer's. Nothing but
/// [`Verifier::open_tree_head`](crate::verify::Verifier::open_tree_head) makes one.
///
/// ```compile_fail,E0451
/// let head: wathiqa::journal::TreeHead = unimplemented!();
/// let forged = wathiqa::journal::VerifiedTreeHead { head };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedTreeHead {
    head: TreeHead,
}

impl VerifiedTreeHead {
    /// Only for a head read from octets whose signature, path and issuer were verified.
    pub(crate) fn new(head: TreeHead) -> Self {
        Self { head }
    }
}

impl std::ops::Deref for VerifiedTreeHead {
    type Target = TreeHead;

    fn deref(&self) -> &TreeHead {
        &self.head
    }
}
