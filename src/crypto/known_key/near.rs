//! The tables that one thread has asked for.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use super::KeyTable;
use super::cache::Kept;

/// A table as one thread has it. That is counted twice, so that what a thread does with it for each block stops no other.
pub(super) type Lent = Rc<Arc<Kept<KeyTable>>>;

/// Tables that a thread keeps at hand from one block to the next, as long as none is dropped. They take no other memory than
/// those of the [`KnownKeys`](super::KnownKeys) that they are of, but for the time from one block to the next.
#[derive(Default)]
pub(crate) struct NearTables {
    tables: BTreeMap<Box<[u8]>, Lent>,
    /// How many were dropped when they were asked for.
    dropped: u64,
}

impl NearTables {
    /// Forgets all tables if one was dropped since.
    pub(super) fn look_after(&mut self, dropped: u64) {
        if self.dropped != dropped {
            self.tables.clear();
            self.dropped = dropped;
        }
    }

    /// The table of a key, which is asked for `now`.
    pub(super) fn find(&self, key: &[u8], now: u64) -> Option<Lent> {
        let table = self.tables.get(key)?;
        table.touch(now);
        Some(Rc::clone(table))
    }

    /// Keeps the table of a key.
    pub(super) fn keep(&mut self, key: &[u8], table: Arc<Kept<KeyTable>>) -> Lent {
        let lent = Rc::new(table);
        self.tables.insert(key.into(), Rc::clone(&lent));
        lent
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.tables.len()
    }
}

impl fmt::Debug for NearTables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NearTables").field("tables", &self.tables.len()).finish_non_exhaustive()
    }
}
