//! A data folder and the one process that owns it.
//!
//! The lock is the operating system's, so it is free again the moment its holder dies. The
//! endpoint file is only a hint: one that a killed process left behind is known by the free lock.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::endpoint::Endpoint;
use crate::private;

const ENDPOINT: &str = "endpoint.json";
const LOCK: &str = "lock";
/// A starting owner answers within this.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks at what another process does.
const GLANCE: Duration = Duration::from_millis(50);
/// Somebody who asks whether the lock is free holds it for a moment.
const TRIES: u32 = 5;

/// The folder, owned until this is dropped.
pub struct DataDir {
    path: PathBuf,
    /// Closing it gives the lock back.
    _lock: File,
    /// Removed with everything in it when dropped.
    _temporary: Option<tempfile::TempDir>,
}

#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    #[error("another process owns the data folder")]
    Owned,
    #[error("the data folder cannot be used: {0}")]
    Io(#[from] io::Error),
}

#[derive(Debug, thiserror::Error)]
pub enum FindError {
    #[error("nobody owns the data folder")]
    Nobody,
    #[error("the process that owns the data folder does not answer")]
    Silent,
    #[error("the data folder cannot be used: {0}")]
    Io(#[from] io::Error),
}

impl DataDir {
    /// Takes the folder, making it where it is not there.
    pub fn claim(path: &Path) -> Result<Self, ClaimError> {
        private::folder(path)?;
        let path = path.canonicalize()?;
        let lock = lock_file(&path)?;
        take(&lock)?;
        let owned = Self {
            path,
            _lock: lock,
            _temporary: None,
        };
        owned.withdraw();
        Ok(owned)
    }

    /// A folder of its own that ends with this.
    pub fn temporary() -> Result<Self, ClaimError> {
        let temporary = tempfile::Builder::new().prefix("muster-").tempdir()?;
        let mut owned = Self::claim(temporary.path())?;
        owned._temporary = Some(temporary);
        Ok(owned)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Tells other processes of this user where the pipeline is.
    pub fn publish(&self, endpoint: &Endpoint) -> io::Result<()> {
        let text = serde_json::to_vec(endpoint)?;
        private::write(&self.path.join(ENDPOINT), &text)
    }

    fn withdraw(&self) {
        if let Err(error) = fs::remove_file(self.path.join(ENDPOINT))
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "the endpoint file could not be removed");
        }
    }
}

impl Drop for DataDir {
    fn drop(&mut self) {
        self.withdraw();
    }
}

/// The pipeline that owns the folder, when it answers. One that is starting is waited for.
pub async fn find(path: &Path) -> Result<Endpoint, FindError> {
    let answers = async {
        loop {
            // Asked first, because looking at the lock can come in the way of somebody's claim.
            if let Some(endpoint) = read(path)
                && answers(&endpoint).await
            {
                return Ok(endpoint);
            }
            if is_free(path)? {
                return Err(FindError::Nobody);
            }
            tokio::time::sleep(GLANCE).await;
        }
    };
    tokio::time::timeout(PATIENCE, answers)
        .await
        .unwrap_or(Err(FindError::Silent))
}

fn lock_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    let lock = options.open(path.join(LOCK))?;
    private::restrict(&path.join(LOCK))?;
    Ok(lock)
}

fn take(lock: &File) -> Result<(), ClaimError> {
    for _ in 0..TRIES {
        match lock.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => std::thread::sleep(GLANCE),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
    }
    Err(ClaimError::Owned)
}

/// A shared lock, held for no longer than the question.
fn is_free(path: &Path) -> io::Result<bool> {
    let lock = match File::options().read(true).write(true).open(path.join(LOCK)) {
        Ok(lock) => lock,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
    };
    match lock.try_lock_shared() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// `None` where there is none, or not yet a whole one.
fn read(path: &Path) -> Option<Endpoint> {
    serde_json::from_slice(&fs::read(path.join(ENDPOINT)).ok()?).ok()
}

async fn answers(endpoint: &Endpoint) -> bool {
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(2))
        .build();
    let Ok(client) = client else { return false };
    let asked = client
        .get(format!("{}/health", endpoint.gateway))
        .bearer_auth(&endpoint.token)
        .send()
        .await;
    let Ok(answer) = asked else { return false };
    answer.json::<wire::Health>().await.is_ok()
}
