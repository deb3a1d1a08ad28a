//! What stops the reading of a file.

use std::io;

use model::FileFault;

#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file is at fault. `detail` names what was found instead (a kind of file, a sheet, a
    /// number), never what a cell holds.
    #[error("{fault}{}", .detail.as_ref().map(|text| format!(": {text}")).unwrap_or_default())]
    Fault {
        fault: FileFault,
        detail: Option<String>,
    },
    /// The disk or the system is.
    #[error("the file could not be read: {0}")]
    Io(#[from] io::Error),
    #[error("cancelled")]
    Cancelled,
}

impl ReadError {
    pub(crate) fn with(fault: FileFault, detail: impl Into<String>) -> Self {
        Self::Fault {
            fault,
            detail: Some(detail.into()),
        }
    }

    /// The fault's code, where the file is at fault.
    pub fn fault(&self) -> Option<FileFault> {
        match self {
            Self::Fault { fault, .. } => Some(*fault),
            Self::Io(_) | Self::Cancelled => None,
        }
    }
}

impl From<FileFault> for ReadError {
    fn from(fault: FileFault) -> Self {
        Self::Fault {
            fault,
            detail: None,
        }
    }
}
