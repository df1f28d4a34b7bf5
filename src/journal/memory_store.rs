//! A journal in memory, for tests.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::codes::DocumentNumber;
use crate::journal::{JournalStore, JournalTransaction, Series};

/// A store that forgets everything when it is let go of.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<State>);

#[derive(Debug, Default, Clone)]
struct State {
    serials: HashMap<Series, u64>,
    open: Vec<DocumentNumber>,
    entries: Vec<Vec<u8>>,
}

impl JournalStore for MemoryStore {
    type Error = Infallible;
    type Transaction<'a> = MemoryTransaction<'a>;

    fn begin(&self) -> Result<MemoryTransaction<'_>, Infallible> {
        // What a thread that panicked has written was not committed.
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (serials, open) = (HashMap::new(), kept.open.clone());
        Ok(MemoryTransaction { written: State { serials, open, entries: Vec::new() }, kept })
    }
}

/// A transaction on a [`MemoryStore`].
#[derive(Debug)]
pub struct MemoryTransaction<'a> {
    kept: MutexGuard<'a, State>,
    /// The serials that changed, all open numbers, the entries to append.
    written: State,
}

impl JournalTransaction for MemoryTransaction<'_> {
    type Error = Infallible;

    fn last_serial(&mut self, series: Series) -> Result<u64, Infallible> {
        let serial = self.written.serials.get(&series).or_else(|| self.kept.serials.get(&series));
        Ok(serial.copied().unwrap_or_default())
    }

    fn reserve(&mut self, number: DocumentNumber) -> Result<(), Infallible> {
        self.written.serials.insert(Series::of(number), number.serial());
        self.written.open.push(number);
        Ok(())
    }

    fn open(&mut self) -> Result<Vec<DocumentNumber>, Infallible> {
        Ok(self.written.open.clone())
    }

    fn size(&mut self) -> Result<u64, Infallible> {
        let size = self.kept.entries.len() + self.written.entries.len();
        Ok(u64::try_from(size).unwrap_or(u64::MAX))
    }

    fn entries(&mut self, first: u64) -> Result<Vec<Vec<u8>>, Infallible> {
        let first = usize::try_from(first).unwrap_or(usize::MAX);
        Ok(self.kept.entries.iter().chain(&self.written.entries).skip(first).cloned().collect())
    }

    fn append(&mut self, number: DocumentNumber, entry: &[u8]) -> Result<(), Infallible> {
        self.written.open.retain(|open| *open != number);
        self.written.entries.push(entry.to_vec());
        Ok(())
    }

    fn commit(mut self) -> Result<(), Infallible> {
        let State { serials, open, entries } = std::mem::take(&mut self.written);
        self.kept.serials.extend(serials);
        self.kept.open = open;
        self.kept.entries.extend(entries);
        Ok(())
    }
}
