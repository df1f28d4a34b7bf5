//! The audit of a journal: everything that must hold between its entries and its heads.

use std::collections::HashMap;

use crate::budget::Limits;
use crate::codes::{CodingScheme, DocumentNumber, EntityCode};
use crate::digest::{Digest, DigestAlgorithm};
use crate::journal::{AuditError, Entry, EntryOutcome, Series, VerifiedTreeHead};
use crate::merkle::MerkleTree;
use crate::time::Instant;

/// What to audit: the entries of a journal against a head of it, and against heads seen earlier.
#[derive(Debug, Clone)]
pub struct Audit<'a> {
    head: &'a VerifiedTreeHead,
    earlier: Vec<&'a VerifiedTreeHead>,
    scheme: CodingScheme,
    limits: Limits,
}

impl<'a> Audit<'a> {
    /// The audit of all that `head` covers, with codes of the default scheme.
    #[must_use]
    pub fn new(head: &'a VerifiedTreeHead) -> Self {
        Self { head, earlier: Vec::new(), scheme: CodingScheme::default(), limits: Limits::default() }
    }

    /// Also asks that `head`, seen earlier, is of the beginning of the same journal.
    #[must_use]
    pub fn with_earlier(mut self, head: &'a VerifiedTreeHead) -> Self {
        self.earlier.push(head);
        self
    }

    /// Reads codes by `scheme`.
    #[must_use]
    pub fn with_scheme(mut self, scheme: CodingScheme) -> Self {
        self.scheme = scheme;
        self
    }

    /// Audits `entries`, all of them, in order.
    ///
    /// # Errors
    /// [`AuditError`], the first that is found: an entry that is none, of another entity, of a number that an earlier one
    /// has, older than the one before it or newer than the head; fewer or more entries than the head has, or others; an
    /// earlier head that is not of their beginning; a number that is missing.
    pub fn run<E: AsRef<[u8]>>(&self, entries: impl IntoIterator<Item = E>) -> Result<AuditedJournal, AuditError> {
        let mut tree = MerkleTree::new(DigestAlgorithm::Sha256)?;
        let mut found = Found::default();
        for octets in entries {
            let index = tree.size();
            let entry = Entry::from_slice_in(octets.as_ref(), &self.scheme, &self.limits);
            let entry = entry.map_err(|error| AuditError::Entry { index, error })?;
            self.check_entry(index, &entry, &found)?;
            found.add(index, entry);
            tree.push(octets.as_ref());
        }
        self.check_head(&tree)?;
        for head in &self.earlier {
            check_earlier(head, self.head, &tree)?;
            self.check_open(head, &found)?;
        }
        self.check_serials(&found)?;
        let (issuer, time) = (self.head.issuer(), self.head.time());
        Ok(AuditedJournal { issuer, time, open: self.head.open().to_vec(), entries: found.entries })
    }

    fn check_entry(&self, index: u64, entry: &Entry, found: &Found) -> Result<(), AuditError> {
        let (number, time) = (entry.number(), entry.time());
        let (entity, expected) = (number.entity(), self.head.issuer());
        if entity != expected {
            return Err(AuditError::OtherEntity { index, found: entity, expected });
        }
        if let Some((earlier, _)) = found.entries.get(&number) {
            return Err(AuditError::NumberTwice { index, earlier: *earlier, number });
        }
        if let Some(before) = found.last.filter(|before| time < *before) {
            return Err(AuditError::TimeBackwards { index, time, before });
        }
        if time > self.head.time() {
            return Err(AuditError::AfterHead { index, time, head: self.head.time() });
        }
        Ok(())
    }

    fn check_head(&self, tree: &MerkleTree) -> Result<(), AuditError> {
        let (found, expected) = (tree.size(), self.head.tree_size());
        if found != expected {
            return Err(AuditError::Size { found, expected });
        }
        let found = tree.root();
        if found == *self.head.root() {
            return Ok(());
        }
        Err(AuditError::Root { size: expected, found: Box::new(found), expected: Box::new(self.head.root().clone()) })
    }

    /// What was open has an entry now, or is open still: the highest serials leave no gap when they vanish.
    fn check_open(&self, earlier: &VerifiedTreeHead, found: &Found) -> Result<(), AuditError> {
        let kept = |number: &&DocumentNumber| found.entries.contains_key(number) || self.head.open().contains(number);
        match earlier.open().iter().find(|number| !kept(number)) {
            None => Ok(()),
            Some(number) => Err(AuditError::OpenVanished { number: *number }),
        }
    }

    /// In every series each serial from 1 to the highest has its entry, or is open.
    fn check_serials(&self, found: &Found) -> Result<(), AuditError> {
        let mut series: HashMap<Series, Vec<(u64, DocumentNumber)>> = HashMap::new();
        for number in self.head.open() {
            if let Some((index, _)) = found.entries.get(number) {
                return Err(AuditError::OpenAndEntered { index: *index, number: *number });
            }
        }
        for number in found.entries.keys().chain(self.head.open()) {
            series.entry(Series::of(*number)).or_default().push((number.serial(), *number));
        }
        for (series, mut serials) in series {
            serials.sort_unstable();
            for ((serial, number), expected) in serials.into_iter().zip(1..) {
                if serial == 0 {
                    return Err(AuditError::SerialZero { number });
                }
                if serial != expected {
                    return Err(AuditError::Missing { series, serial: expected, next: number });
                }
            }
        }
        Ok(())
    }
}

/// What the entries so far said.
#[derive(Default)]
struct Found {
    entries: HashMap<DocumentNumber, (u64, Entry)>,
    last: Option<Instant>,
}

impl Found {
    fn add(&mut self, index: u64, entry: Entry) {
        self.last = Some(entry.time());
        self.entries.insert(entry.number(), (index, entry));
    }
}

/// The beginning of the entries is what `earlier` covers.
fn check_earlier(earlier: &VerifiedTreeHead, head: &VerifiedTreeHead, tree: &MerkleTree) -> Result<(), AuditError> {
    if earlier.issuer() != head.issuer() {
        return Err(AuditError::HeadOfAnotherEntity { found: earlier.issuer(), expected: head.issuer() });
    }
    if earlier.tree_size() > head.tree_size() {
        return Err(AuditError::Shrunk { earlier: earlier.tree_size(), size: head.tree_size() });
    }
    if earlier.tree_size() < head.tree_size() && earlier.time() > head.time() {
        return Err(AuditError::HeadsBackwards { earlier: earlier.time(), time: head.time() });
    }
    let (size, expected) = (earlier.tree_size(), earlier.root());
    let found = tree.root_of(size)?;
    if found == *expected {
        return Ok(());
    }
    Err(AuditError::Root { size, found: Box::new(found), expected: Box::new(expected.clone()) })
}

/// A journal of which every entry was looked at. Nothing but [`Audit::run`] makes one.
#[derive(Debug, Clone)]
pub struct AuditedJournal {
    issuer: EntityCode,
    time: Instant,
    open: Vec<DocumentNumber>,
    entries: HashMap<DocumentNumber, (u64, Entry)>,
}

impl AuditedJournal {
    /// The entity whose journal it is.
    #[must_use]
    pub fn issuer(&self) -> EntityCode {
        self.issuer
    }

    /// The time of its head.
    #[must_use]
    pub fn time(&self) -> Instant {
        self.time
    }

    /// The numbers that were neither issued nor void at that time.
    #[must_use]
    pub fn open(&self) -> &[DocumentNumber] {
        &self.open
    }

    /// The entry of `number` and its index.
    #[must_use]
    pub fn entry(&self, number: DocumentNumber) -> Option<(u64, &Entry)> {
        self.entries.get(&number).map(|(index, entry)| (*index, entry))
    }

    /// Checks that `number` was issued to the document whose octets have the SHA-256 digest `document`.
    ///
    /// # Errors
    /// [`JournalFault::Absent`] for a number that the journal does not have, [`JournalFault::Void`], and
    /// [`JournalFault::OtherDocument`] for one that was issued to other octets.
    pub fn check(&self, number: DocumentNumber, document: &Digest) -> Result<(), JournalFault> {
        match self.entry(number).map(|(_, entry)| entry.outcome()) {
            None => Err(JournalFault::Absent { number, time: self.time }),
            Some(EntryOutcome::Void) => Err(JournalFault::Void { number }),
            Some(EntryOutcome::Issued { sha256 }) if sha256 == document => Ok(()),
            Some(EntryOutcome::Issued { sha256 }) => {
                let (found, expected) = (Box::new(document.clone()), Box::new(sha256.clone()));
                Err(JournalFault::OtherDocument { number, found, expected })
            }
        }
    }
}

/// A journal does not bear a document out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JournalFault {
    /// The journal does not have the number.
    #[error("journal: number {number} is not in it, as of {time}")]
    Absent {
        /// The number.
        number: DocumentNumber,
        /// The time of the journal's head.
        time: Instant,
    },
    /// The number is that of no document.
    #[error("journal: number {number} is void")]
    Void {
        /// The number.
        number: DocumentNumber,
    },
    /// The number is that of another document.
    #[error("journal: number {number} is that of the document with digest {expected}, not {found}")]
    OtherDocument {
        /// The number.
        number: DocumentNumber,
        /// The digest of the document.
        found: Box<Digest>,
        /// The digest in the journal.
        expected: Box<Digest>,
    },
}

impl JournalFault {
    /// A stable name for the kind of fault.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Absent { .. } => "journal-absent",
            Self::Void { .. } => "journal-void",
            Self::OtherDocument { .. } => "journal-other-document",
        }
    }
}
