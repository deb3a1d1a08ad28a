//! The desk's durable record: what was sent, what came back, and who did what and when.
//!
//! One process writes it, others may read it beside that. What was written is on the disk when
//! the call returns; a call that fails has changed nothing. Personal data stand in one table,
//! `payloads`, so that a purge is one statement.

mod audit;
mod batches;
mod corrections;
mod fold;
mod receipt;
mod rejected;
mod rows;
mod schema;
mod sql;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use crate::home::Home;
use crate::private;

pub use audit::Audited;
pub use batches::{BatchEntry, NewBatch, Origin, Step};
pub use corrections::{Decision, JournalledCorrection};
pub use fold::Folded;
pub use rejected::InboxRow;
pub use rows::{LedgerRow, NewRow};

#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("the disk is full: nothing of this step was written")]
    DiskFull,
    #[error("there is no ledger in this folder")]
    Missing,
    #[error("the ledger was written by a later version of Muster ({0})")]
    Newer(i64),
    #[error("the ledger's file is damaged")]
    Damaged,
    #[error("the ledger cannot be used: {0}")]
    Sqlite(rusqlite::Error),
    #[error("the ledger's folder cannot be used: {0}")]
    Io(std::io::Error),
    /// A row of the file stands in no state, or in two.
    #[error("the rows do not sum up: {0}")]
    NotConserved(String),
    /// Another decision about the same refusal was made before and has no answer yet.
    #[error("an earlier decision about row {0} is still unanswered")]
    DecisionWaits(model::RowNo),
}

pub type LedgerResult<T> = Result<T, LedgerError>;

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        // The index of the log could not grow: SQLite does not say which error of the disk it was.
        let no_room = error
            .sqlite_error()
            .is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE);
        match error.sqlite_error_code() {
            _ if no_room => Self::DiskFull,
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            _ => Self::Sqlite(error),
        }
    }
}

impl From<std::io::Error> for LedgerError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Io(error),
        }
    }
}

/// Cheap to clone. All clones share one connection, so writes come one after the other.
#[derive(Clone)]
pub struct Ledger {
    connection: Arc<Mutex<Connection>>,
}

impl Ledger {
    /// Opens or makes the ledger for the process that owns the folder.
    pub fn open(home: &Home) -> LedgerResult<Self> {
        let path = Home::ledger_file(home.folder());
        if !path.exists() {
            private::create(&path)?;
        }
        let mut connection = Connection::open(&path)?;
        private::file(&path)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "secure_delete", "on")?;
        schema::migrate(&mut connection)?;
        Ok(Self::of(connection))
    }

    /// Opens the ledger beside its owner: sees all that was written, changes nothing that was.
    pub fn open_to_read(folder: &Path) -> LedgerResult<Self> {
        let path = Home::ledger_file(folder);
        if !path.exists() {
            return Err(LedgerError::Missing);
        }
        let connection = Connection::open_with_flags(
            &path,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        connection.busy_timeout(Duration::from_secs(5))?;
        if schema::is_older(&connection)? {
            // Brought to this version first, as its owner would.
            let mut owner = Connection::open(&path)?;
            owner.busy_timeout(Duration::from_secs(5))?;
            schema::migrate(&mut owner)?;
        }
        Ok(Self::of(connection))
    }

    fn of(connection: Connection) -> Self {
        Self {
            connection: Arc::new(Mutex::new(connection)),
        }
    }

    /// Runs `work` in one transaction; an error undoes all of it.
    pub fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> LedgerResult<T>,
    ) -> LedgerResult<T> {
        let mut connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = work(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }

    /// Runs `work` on one state of the ledger.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> LedgerResult<T>,
    ) -> LedgerResult<T> {
        let mut connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction()?;
        work(&transaction)
    }

    /// The same off the async threads, for work that touches the disk.
    pub async fn off_thread<T, F>(&self, work: F) -> LedgerResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&Ledger) -> LedgerResult<T> + Send + 'static,
    {
        let ledger = self.clone();
        match tokio::task::spawn_blocking(move || work(&ledger)).await {
            Ok(outcome) => outcome,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => Err(LedgerError::Io(std::io::Error::other(
                "the program is stopping",
            ))),
        }
    }
}
