//! What stopped a use case. Every one has a code, which is the key of its texts.

use crate::gateway::GatewayError;
use crate::home::HomeError;
use crate::ledger::LedgerError;

#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    #[error(transparent)]
    Home(#[from] HomeError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// The object store has another file under the batch's key than this desk made.
    #[error("the pipeline has another file under this batch")]
    StoredDiffers,
    /// What arrived has not the declared hash, or the file here has changed since.
    #[error("the file changed on its way to the pipeline")]
    UploadCorrupt,
    /// The object store's code, such as `SignatureDoesNotMatch`.
    #[error("the object store refused the file: HTTP {status} {code}")]
    UploadRefused { status: u16, code: String },
    #[error("the object store does not answer: {0}")]
    UploadUnreachable(String),
    /// A queue service that does not answer or lets nobody in.
    #[error("the queues do not answer: {0}")]
    Queues(String),
    /// The batch's canonical file is gone from the desk's folder, and not stored either.
    #[error("the file to send is missing from the desk's folder")]
    OutboxGone,
    /// The pipeline took none of its rows.
    #[error("the pipeline did not take the batch: {0:?}")]
    BatchFailed(model::BatchFailure),
    #[error("no such batch: {0}")]
    NoSuchBatch(String),
    /// Every row is excluded.
    #[error("there is no row to send")]
    NothingToSend,
    /// Rows with errors are neither fixed nor left out.
    #[error("{0} rows have errors")]
    RowsWithErrors(u64),
    #[error("the schema has no field {0:?}")]
    NoSuchField(String),
    #[error("the disk is full")]
    DiskFull,
    #[error("a file of the desk's folder cannot be used: {0}")]
    Io(std::io::Error),
    #[error("the program is stopping")]
    Stopping,
}

pub type DeskResult<T> = Result<T, DeskError>;

impl From<std::io::Error> for DeskError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Io(error),
        }
    }
}

impl DeskError {
    /// The key of its texts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Home(HomeError::InUse) => "desk-in-use",
            Self::Home(HomeError::Io(error)) => io_code(error),
            Self::Ledger(error) => match error {
                LedgerError::DiskFull => "disk-full",
                LedgerError::Missing => "no-ledger",
                LedgerError::Newer(_) => "ledger-newer",
                LedgerError::Damaged => "ledger-damaged",
                LedgerError::Sqlite(_) | LedgerError::Io(_) => "desk-folder",
                LedgerError::NotConserved(_) => "not-conserved",
                LedgerError::DecisionWaits(_) => "decision-waits",
            },
            Self::Gateway(error) => error.code(),
            Self::StoredDiffers => "stored-differs",
            Self::UploadCorrupt => "upload-corrupt",
            Self::UploadRefused { .. } => "upload-refused",
            Self::UploadUnreachable(_) => "upload-unreachable",
            Self::Queues(_) => "queues-unreachable",
            Self::OutboxGone => "outbox-gone",
            Self::BatchFailed(_) => "batch-failed",
            Self::NoSuchBatch(_) => "no-such-batch",
            Self::NothingToSend => "nothing-to-send",
            Self::RowsWithErrors(_) => "rows-with-errors",
            Self::NoSuchField(_) => "no-such-field",
            Self::DiskFull => "disk-full",
            Self::Io(error) => io_code(error),
            Self::Stopping => "stopping",
        }
    }

    /// Trying again later may help, with nothing changed by anybody here.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Gateway(error) => error.is_transient(),
            Self::UploadUnreachable(_) | Self::Queues(_) => true,
            Self::UploadRefused { status, .. } => *status >= 500,
            _ => false,
        }
    }
}

fn io_code(error: &std::io::Error) -> &'static str {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => "disk-full",
        _ => "desk-folder",
    }
}
