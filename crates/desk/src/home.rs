//! The desk's folder: where the ledger, the files on their way out and the drafts live, and the
//! lock that lets one process write there.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use model::BatchId;

use crate::private;

/// The folder and, while any clone lives, its lock.
#[derive(Clone, Debug)]
pub struct Home {
    folder: PathBuf,
    /// Held, never read: closing it gives the lock back.
    _lock: Arc<File>,
}

/// The folder cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    #[error("another process owns the desk's folder")]
    InUse,
    #[error("the desk's folder cannot be used: {0}")]
    Io(#[from] io::Error),
}

impl Home {
    /// Makes what is missing and takes the lock. The system gives it back when the process ends,
    /// however it ends.
    pub fn own(folder: &Path) -> Result<Self, HomeError> {
        private::folder(folder)?;
        for inner in ["outbox", "drafts"] {
            private::folder(&folder.join(inner))?;
        }
        let path = folder.join("desk.lock");
        let lock = private::create(&path)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                folder: folder.to_owned(),
                _lock: Arc::new(lock),
            }),
            Err(TryLockError::WouldBlock) => Err(HomeError::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn ledger_file(folder: &Path) -> PathBuf {
        folder.join("ledger.db")
    }

    /// The canonical file of a batch, until the pipeline is done with it.
    pub fn outbox_file(&self, batch: BatchId) -> PathBuf {
        self.outbox().join(format!("{batch}.csv"))
    }

    pub fn outbox(&self) -> PathBuf {
        self.folder.join("outbox")
    }

    /// Where the edits of files that are not sent yet are kept.
    pub fn drafts(&self) -> PathBuf {
        self.folder.join("drafts")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_owns_the_folder() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let first = Home::own(folder.path()).expect("the first has it");
        assert!(matches!(Home::own(folder.path()), Err(HomeError::InUse)));
        drop(first);
        assert!(Home::own(folder.path()).is_ok(), "given back");
    }
}
