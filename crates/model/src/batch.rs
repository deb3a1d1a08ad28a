//! Where one batch is.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state", content = "reason")]
pub enum BatchState {
    /// Created; its file has not arrived.
    AwaitingUpload,
    /// Its file is in the object store.
    Received,
    /// Its rows are being read.
    Extracting,
    /// Every row is known; some are still on their way.
    Running,
    /// No row is sent, queued, registering or unknown.
    Settled,
    /// None of its rows was taken.
    Failed(BatchFailure),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BatchFailure {
    /// The upload never came.
    UploadNeverCame,
    /// The stored file has other rows, another size or another hash than was declared.
    NotAsDeclared,
    /// The stored file is not the canonical CSV that was announced.
    NotReadable,
}

impl BatchState {
    /// Nothing more will happen to the batch by itself.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Settled | Self::Failed(_))
    }

    /// The word without its reason.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingUpload => "awaiting-upload",
            Self::Received => "received",
            Self::Extracting => "extracting",
            Self::Running => "running",
            Self::Settled => "settled",
            Self::Failed(_) => "failed",
        }
    }
}
