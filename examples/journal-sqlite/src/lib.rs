//! A journal in an SQLite file: a store for [`wathiqa::journal::Journal`] that survives being killed between any two writes
//! and takes turns with other processes.
//!
//! A transaction is `BEGIN IMMEDIATE`, so that only one at a time may write, with `synchronous = FULL`, so that what was
//! committed is on the disk. Every document's entry, and the number that it closes, are committed together or not at all.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};
use wathiqa::codes::DocumentNumber;
use wathiqa::journal::{JournalStore, JournalTransaction, Series};

/// The journal of one entity in one file.
#[derive(Debug)]
pub struct SqliteStore(Mutex<Connection>);

impl SqliteStore {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// What SQLite says, such as that the file is no database.
    pub fn open(file: impl AsRef<Path>) -> rusqlite::Result<Self> {
        let connection = Connection::open(file)?;
        connection.busy_timeout(Duration::from_secs(60))?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             CREATE TABLE IF NOT EXISTS serials (
                 kind INTEGER NOT NULL, year INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (kind, year)
             ) STRICT;
             CREATE TABLE IF NOT EXISTS open (number TEXT PRIMARY KEY) STRICT;
             CREATE TABLE IF NOT EXISTS entries (place INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, entry BLOB NOT NULL) STRICT;
             CREATE TRIGGER IF NOT EXISTS no_update BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'append only'); END;
             CREATE TRIGGER IF NOT EXISTS no_delete BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'append only'); END;",
        )?;
        Ok(Self(Mutex::new(connection)))
    }
}

impl JournalStore for SqliteStore {
    type Error = rusqlite::Error;
    type Transaction<'a> = SqliteTransaction<'a>;

    fn begin(&self) -> rusqlite::Result<SqliteTransaction<'_>> {
        let connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        connection.execute_batch("BEGIN IMMEDIATE")?;
        Ok(SqliteTransaction { connection, committed: false })
    }
}

/// One transaction; rolled back unless committed.
#[derive(Debug)]
pub struct SqliteTransaction<'a> {
    connection: MutexGuard<'a, Connection>,
    committed: bool,
}

impl JournalTransaction for SqliteTransaction<'_> {
    type Error = rusqlite::Error;

    fn last_serial(&mut self, series: Series) -> rusqlite::Result<u64> {
        let mut last = self.connection.prepare_cached("SELECT last FROM serials WHERE kind = ?1 AND year = ?2")?;
        let last = last.query_row(params![series.kind.value(), series.year], |row| row.get(0)).optional()?;
        Ok(last.unwrap_or(0))
    }

    fn reserve(&mut self, number: DocumentNumber) -> rusqlite::Result<()> {
        let (kind, year, serial) = (number.kind().value(), number.year(), number.serial());
        self.connection.execute(
            "INSERT INTO serials VALUES (?1, ?2, ?3) ON CONFLICT (kind, year) DO UPDATE SET last = excluded.last",
            params![kind, year, serial],
        )?;
        self.connection.execute("INSERT INTO open VALUES (?1)", [number.to_string()])?;
        Ok(())
    }

    fn open(&mut self) -> rusqlite::Result<Vec<DocumentNumber>> {
        let mut open = self.connection.prepare_cached("SELECT number FROM open ORDER BY number")?;
        let open = open.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
        open.iter()
            .map(|number| {
                number.parse().map_err(|error| {
                    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
                })
            })
            .collect()
    }

    fn size(&mut self) -> rusqlite::Result<u64> {
        self.connection.prepare_cached("SELECT count(*) FROM entries")?.query_row([], |row| row.get(0))
    }

    fn entries(&mut self, first: u64) -> rusqlite::Result<Vec<Vec<u8>>> {
        let mut entries =
            self.connection.prepare_cached("SELECT entry FROM entries WHERE place >= ?1 ORDER BY place")?;
        entries.query_map([first], |row| row.get(0))?.collect()
    }

    fn append(&mut self, number: DocumentNumber, entry: &[u8]) -> rusqlite::Result<()> {
        let (place, number) = (self.size()?, number.to_string());
        self.connection.execute("INSERT INTO entries VALUES (?1, ?2, ?3)", params![place, number, entry])?;
        self.connection.execute("DELETE FROM open WHERE number = ?1", [number])?;
        Ok(())
    }

    fn commit(mut self) -> rusqlite::Result<()> {
        self.connection.execute_batch("COMMIT")?;
        self.committed = true;
        Ok(())
    }
}

impl Drop for SqliteTransaction<'_> {
    fn drop(&mut self) {
        if !self.committed {
            drop(self.connection.execute_batch("ROLLBACK"));
        }
    }
}
