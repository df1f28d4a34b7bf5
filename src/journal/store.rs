//! Where a journal is kept.

use crate::codes::{DocumentKind, DocumentNumber};

/// What serials are counted within: the documents of one kind and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "the two fields of a number before its serial")]
pub struct Series {
    /// The kind.
    pub kind: DocumentKind,
    /// The Gregorian year.
    pub year: u16,
}

impl Series {
    /// The series of `number`.
    #[must_use]
    pub fn of(number: DocumentNumber) -> Self {
        Self { kind: number.kind(), year: number.year() }
    }
}

/// The storage of the journal of one entity: transactions, one after another, that are wholly kept or not at all.
pub trait JournalStore {
    /// What can go wrong with it.
    type Error: std::error::Error;
    /// A transaction; let go of without [`commit`](JournalTransaction::commit), it never was.
    type Transaction<'a>: JournalTransaction<Error = Self::Error>
    where
        Self: 'a;

    /// Begins a transaction, after every other that has begun has ended, those of other processes too.
    ///
    /// # Errors
    /// What the storage says.
    fn begin(&self) -> Result<Self::Transaction<'_>, Self::Error>;
}

/// One transaction on the storage of a journal. It sees what it wrote.
///
/// Every method fails with what the storage says.
#[expect(clippy::missing_errors_doc, reason = "said above for all")]
pub trait JournalTransaction {
    /// What can go wrong with it.
    type Error;

    /// The highest serial ever reserved in `series`; 0 when there is none.
    fn last_serial(&mut self, series: Series) -> Result<u64, Self::Error>;

    /// Notes that `number` is open, and that its serial is the highest of its series.
    fn reserve(&mut self, number: DocumentNumber) -> Result<(), Self::Error>;

    /// Every number that is open.
    fn open(&mut self) -> Result<Vec<DocumentNumber>, Self::Error>;

    /// How many entries there are.
    fn size(&mut self) -> Result<u64, Self::Error>;

    /// The entries from `first` on, counted from 0, in order.
    fn entries(&mut self, first: u64) -> Result<Vec<Vec<u8>>, Self::Error>;

    /// Appends `entry`, which is about `number`; that is not open any more.
    fn append(&mut self, number: DocumentNumber, entry: &[u8]) -> Result<(), Self::Error>;

    /// Makes what was written last.
    fn commit(self) -> Result<(), Self::Error>;
}
