//! One SQLite file with one writer. Writes that wait together are committed together, so that each
//! is on the disk before it is acknowledged and tens of thousands a second are still possible.

use std::path::Path;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

/// Writes committed together at the most.
const GROUP: usize = 512;

/// Statements that a connection keeps prepared (`prepare_cached`).
const PREPARED: usize = 128;

#[derive(Debug, thiserror::Error)]
pub enum DbError {
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The group that this write was part of could not be committed: the disk is full, or gone.
    #[error("not committed: {0}")]
    NotCommitted(String),
    #[error("the store is closed")]
    Closed,
}

impl DbError {
    pub fn is_disk_full(&self) -> bool {
        let Self::Sqlite(error) = self else {
            return false;
        };
        // An index of the log that cannot grow: SQLite does not say which error of the disk it was.
        error.sqlite_error().is_some_and(|error| {
            error.code == rusqlite::ErrorCode::DiskFull
                || error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE
        })
    }
}

pub type DbResult<T> = Result<T, DbError>;

type Work = Box<dyn FnOnce(&Transaction<'_>) -> Reply + Send>;
/// Called with the outcome of the commit.
type Reply = Box<dyn FnOnce(Result<(), String>) + Send>;

/// Cheap to clone; the file is closed when the last clone goes.
#[derive(Clone)]
pub struct Db {
    writer: mpsc::Sender<Work>,
    readers: Arc<Readers>,
}

struct Readers {
    path: std::path::PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Db {
    /// Opens or makes the file, readable by its user alone, and runs `schema` on it
    /// (`CREATE TABLE IF NOT EXISTS …`).
    pub fn open(path: &Path, schema: &str) -> DbResult<Self> {
        let connection = Connection::open(path)?;
        crate::private::restrict(path).map_err(|error| DbError::NotCommitted(error.to_string()))?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        connection.execute_batch(schema)?;
        let (writer, work) = mpsc::channel();
        std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || write_in_groups(connection, &work))
            .map_err(|error| DbError::NotCommitted(error.to_string()))?;
        Ok(Self {
            writer,
            readers: Arc::new(Readers {
                path: path.to_owned(),
                idle: Mutex::default(),
            }),
        })
    }

    /// Runs `work` in a transaction and resolves when it is on the disk. An error undoes what this
    /// work did and nothing else.
    ///
    /// The work is in line when this returns, before the future is awaited: works run in the order
    /// of their calls, and one whose future is dropped is done all the same.
    pub fn write<T, F>(&self, work: F) -> impl Future<Output = DbResult<T>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let job: Work = Box::new(move |transaction| {
            let outcome = in_savepoint(transaction, work);
            Box::new(move |commit| {
                let outcome = match (outcome, commit) {
                    (Ok(value), Ok(())) => Ok(value),
                    (Ok(_), Err(why)) => Err(DbError::NotCommitted(why)),
                    (Err(error), _) => Err(error.into()),
                };
                // Nobody waits any more: the write stands all the same.
                let _ = tell.send(outcome);
            })
        });
        let in_line = self.writer.send(job).map_err(|_| DbError::Closed);
        async move {
            in_line?;
            told.await.map_err(|_| DbError::Closed)?
        }
    }

    /// Runs `work` on a connection that sees everything committed so far, as it was at one moment,
    /// and can change nothing.
    pub async fn read<T, F>(&self, work: F) -> DbResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let readers = Arc::clone(&self.readers);
        tokio::task::spawn_blocking(move || {
            let connection = readers.take()?;
            let outcome = at_one_moment(&connection, work);
            readers.give_back(connection);
            Ok(outcome?)
        })
        .await
        .map_err(|_| DbError::Closed)?
    }
}

impl Readers {
    fn take(&self) -> DbResult<Connection> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        if let Some(connection) = idle {
            return Ok(connection);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        Ok(connection)
    }

    fn give_back(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < 8 {
            idle.push(connection);
        }
    }
}

fn at_one_moment<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let snapshot = connection.unchecked_transaction()?;
    work(&snapshot)
}

fn in_savepoint<T>(
    transaction: &Transaction<'_>,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    transaction.execute_batch("SAVEPOINT work")?;
    let outcome = work(transaction);
    if outcome.is_err() {
        transaction.execute_batch("ROLLBACK TO work")?;
    }
    transaction.execute_batch("RELEASE work")?;
    outcome
}

fn write_in_groups(mut connection: Connection, work: &mpsc::Receiver<Work>) {
    while let Ok(first) = work.recv() {
        let transaction = match connection.transaction_with_behavior(TransactionBehavior::Immediate)
        {
            Ok(transaction) => transaction,
            Err(error) => {
                tracing::error!(%error, "the store cannot begin a transaction");
                // Dropping the job tells its caller that the store is closed to it.
                drop(first);
                continue;
            }
        };
        let mut replies = vec![first(&transaction)];
        // A full disk can make SQLite roll the whole group back: what follows must not be committed
        // by itself and then reported as lost with the rest.
        while replies.len() < GROUP && !transaction.is_autocommit() {
            let Ok(next) = work.try_recv() else { break };
            replies.push(next(&transaction));
        }
        let outcome = transaction.commit().map_err(|error| error.to_string());
        for reply in replies {
            reply(outcome.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_failed_write_undoes_itself_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let db = Db::open(
            &folder.path().join("t.db"),
            "CREATE TABLE t (n INTEGER PRIMARY KEY)",
        )
        .expect("opens");
        let insert = |n: i64| db.write(move |c| c.execute("INSERT INTO t VALUES (?1)", [n]));
        let one = insert(1);
        let bad = db.write(|c| {
            c.execute("INSERT INTO t VALUES (3)", [])?;
            c.execute("INSERT INTO t VALUES (1)", [])
        });
        let (one, bad, two) = tokio::join!(one, bad, insert(2));
        assert!(one.is_ok() && two.is_ok() && bad.is_err());
        let rows = db.read(|c| c.query_row("SELECT sum(n) FROM t", [], |r| r.get::<_, i64>(0)));
        assert_eq!(rows.await.ok(), Some(3));
    }
}
