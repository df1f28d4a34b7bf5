//! Keeping a journal: a number is reserved, then issued or void.

use crate::budget::Limits;
use crate::codes::{CodingScheme, DocumentKind, DocumentNumber, EntityCode, FieldRangeError};
use crate::crypto::PublicKey;
use crate::digest::{Digest, DigestAlgorithm};
use crate::journal::{Entry, EntryOutcome, JournalError, JournalStore, JournalTransaction, Series, TreeHead};
use crate::merkle::{MerkleError, MerkleTree};
use crate::time::Instant;

/// The journal of an entity, over a store of the caller's. Any number of them, in any number of processes, may keep one
/// journal together.
///
/// A document must not be handed out before [`record`](Self::record) has answered: a number that was reserved and never
/// came back, for the process was killed, is made void by [`void_open`](Self::void_open) some time, and can then no longer
/// be issued.
///
/// ```
/// use wathiqa::codes::DocumentKind;
/// use wathiqa::crypto::{JwsAlgorithm, Signer, SoftwareKey};
/// use wathiqa::journal::{Journal, MemoryStore};
///
/// let key = SoftwareKey::generate(JwsAlgorithm::Es256)?.key;
/// let journal = Journal::new(MemoryStore::default(), "1234567889".parse()?, key.public_key());
/// let now = "2025-03-01T09:30:00Z".parse()?;
///
/// let number = journal.reserve(DocumentKind::DECISION, 2025)?;
/// assert_eq!(number.serial(), 1);
/// journal.record(number, b"the octets of the document", now)?;
/// assert_eq!(
///     journal.record(number, b"those of another", now).unwrap_err().to_string(),
///     "journal: number 1234567889-004-2025-00000001-45 is not open"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Journal<S> {
    store: S,
    entity: EntityCode,
    key: Digest,
}

impl<S: JournalStore> Journal<S> {
    /// The journal of `entity` in `store`, whose documents are signed with `key`.
    pub fn new(store: S, entity: EntityCode, key: &PublicKey) -> Self {
        Self { store, entity, key: DigestAlgorithm::Sha256.digest(key.spki_der()) }
    }

    /// The entity.
    #[must_use]
    pub fn entity(&self) -> EntityCode {
        self.entity
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.store
    }

    /// The next number of `kind` and `year`, which is nobody else's from now on.
    ///
    /// # Errors
    /// [`KeepingError::Number`] when the serials are used up, [`KeepingError::Store`].
    pub fn reserve(&self, kind: DocumentKind, year: u16) -> Result<DocumentNumber, KeepingError<S::Error>> {
        let mut transaction = self.store.begin()?;
        let serial = transaction.last_serial(Series { kind, year })?.saturating_add(1);
        let number = DocumentNumber::new(self.entity, kind, year, serial).map_err(KeepingError::Number)?;
        transaction.reserve(number)?;
        transaction.commit()?;
        Ok(number)
    }

    /// Enters that `number`, which must be open, is that of the document with these octets: the payload that is signed.
    /// Answers the index of the entry.
    ///
    /// # Errors
    /// [`KeepingError::NotOpen`] for a number that was not reserved, or is issued or void; [`KeepingError::Store`].
    pub fn record(&self, number: DocumentNumber, document: &[u8], now: Instant) -> Result<u64, KeepingError<S::Error>> {
        self.close(number, EntryOutcome::Issued { sha256: DigestAlgorithm::Sha256.digest(document) }, now)
    }

    /// Enters that `number`, which must be open, is that of no document.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    pub fn void(&self, number: DocumentNumber, now: Instant) -> Result<u64, KeepingError<S::Error>> {
        self.close(number, EntryOutcome::Void, now)
    }

    /// Makes every open number void: for a service that starts again, and for numbers that have been open too long.
    ///
    /// Where others keep the same journal, numbers that they are issuing become void too, and their
    /// [`record`](Self::record) fails.
    ///
    /// # Errors
    /// [`KeepingError::Store`].
    pub fn void_open(&self, now: Instant) -> Result<Vec<DocumentNumber>, KeepingError<S::Error>> {
        let mut transaction = self.store.begin()?;
        let open = transaction.open()?;
        for number in &open {
            self.append(&mut transaction, *number, EntryOutcome::Void, now)?;
        }
        transaction.commit()?;
        Ok(open)
    }

    /// Every entry, in order.
    ///
    /// # Errors
    /// [`KeepingError::Store`].
    pub fn entries(&self) -> Result<Vec<Vec<u8>>, KeepingError<S::Error>> {
        Ok(self.store.begin()?.entries(0)?)
    }

    /// The tree over every entry, which gives proofs; to go on with it, push the entries that come later.
    ///
    /// # Errors
    /// [`KeepingError::Store`].
    pub fn tree(&self) -> Result<MerkleTree, KeepingError<S::Error>> {
        tree_over(&self.entries()?).map_err(KeepingError::Tree)
    }

    /// The head of the journal as it is, to be signed. It is of the time of the last entry when `now` is before that.
    ///
    /// # Errors
    /// [`KeepingError::Store`], [`KeepingError::Entry`] when the last entry cannot be read.
    pub fn tree_head(&self, now: Instant) -> Result<TreeHead, KeepingError<S::Error>> {
        let mut transaction = self.store.begin()?;
        let (entries, open) = (transaction.entries(0)?, transaction.open()?);
        let tree = tree_over(&entries).map_err(KeepingError::Tree)?;
        let time = not_before(now, entries.last()).map_err(KeepingError::Entry)?;
        let head = TreeHead::new(self.entity, time, tree.size(), tree.root()).map_err(KeepingError::Entry)?;
        Ok(head.with_open(open))
    }

    fn close(
        &self,
        number: DocumentNumber,
        outcome: EntryOutcome,
        now: Instant,
    ) -> Result<u64, KeepingError<S::Error>> {
        let mut transaction = self.store.begin()?;
        if !transaction.open()?.contains(&number) {
            return Err(KeepingError::NotOpen { number });
        }
        let index = self.append(&mut transaction, number, outcome, now)?;
        transaction.commit()?;
        Ok(index)
    }

    /// Clocks of several services differ; the journal's time does not go back with them.
    fn append(
        &self,
        transaction: &mut S::Transaction<'_>,
        number: DocumentNumber,
        outcome: EntryOutcome,
        now: Instant,
    ) -> Result<u64, KeepingError<S::Error>> {
        let index = transaction.size()?;
        let last = transaction.entries(index.saturating_sub(1))?;
        let time = not_before(now, last.last()).map_err(KeepingError::Entry)?;
        let entry = Entry::new(number, time, self.key.clone(), outcome).map_err(KeepingError::Entry)?;
        transaction.append(number, &entry.to_vec())?;
        Ok(index)
    }
}

fn tree_over(entries: &[Vec<u8>]) -> Result<MerkleTree, MerkleError> {
    let mut tree = MerkleTree::new(DigestAlgorithm::Sha256)?;
    entries.iter().for_each(|entry| tree.push(entry));
    Ok(tree)
}

fn not_before(now: Instant, last: Option<&Vec<u8>>) -> Result<Instant, JournalError> {
    let Some(last) = last else { return Ok(now.whole_seconds()) };
    let last = Entry::from_slice_in(last, &CodingScheme::default(), &Limits::default())?;
    Ok(now.whole_seconds().max(last.time()))
}

/// Why a journal was not kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeepingError<E> {
    /// The storage did not do it.
    #[error("journal: {0}")]
    Store(#[from] E),
    /// The number was not reserved, or is issued or void.
    #[error("journal: number {number} is not open")]
    NotOpen {
        /// The number.
        number: DocumentNumber,
    },
    /// There is no further number.
    #[error("journal: {0}")]
    Number(FieldRangeError),
    /// An entry in the storage cannot be read.
    #[error("{0}")]
    Entry(JournalError),
    /// There are more entries than can be counted.
    #[error("journal: {0}")]
    Tree(MerkleError),
}

impl<E> KeepingError<E> {
    /// A stable name for the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(_) => "journal-store",
            Self::NotOpen { .. } => "journal-not-open",
            Self::Number(_) => "journal-no-number",
            Self::Entry(error) => error.code(),
            Self::Tree(error) => error.code(),
        }
    }
}
