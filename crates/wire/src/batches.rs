//! Creating a batch, looking at it and at its rows.

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::{
    BatchFailure, BatchId, BatchState, RowNo, Schema, SourceFile, StatusEvent, Tally, WorkstationId,
};
use serde::{Deserialize, Serialize};

use crate::Decision;

/// `POST /v1/batches`. The same body again is the same batch, with a new URL while its file has
/// not arrived; another body under the same id is 409 `batch-differs`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateBatch {
    pub batch_id: BatchId,
    /// Whose status queue will hear of it.
    pub workstation_id: WorkstationId,
    pub name: String,
    pub source: SourceFile,
    pub upload: DeclaredUpload,
    pub schema: Schema,
    /// BCP 47 language of e-mails to people whose row says nothing of theirs.
    pub language: String,
}

/// What the desktop is about to upload: canonical CSV.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclaredUpload {
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
    pub bytes: u64,
    /// Data rows, the header not counted.
    pub rows: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateBatchAnswer {
    pub batch: BatchView,
    /// Absent once the file has arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<PresignedPut>,
}

/// A presigned PUT. The URL is a secret until it expires: `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresignedPut {
    pub url: String,
    /// Signed headers, to be sent exactly as they are.
    pub headers: BTreeMap<String, String>,
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for PresignedPut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PresignedPut")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// `GET /v1/batches/{id}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchView {
    pub batch_id: BatchId,
    pub name: String,
    #[serde(flatten)]
    pub state: BatchState,
    pub declared: DeclaredUpload,
    /// What lies in the object store, where anything does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored: Option<StoredUpload>,
    /// One more at every change of any of its rows, and of its own state.
    pub version: u64,
    pub tally: Tally,
    pub created_by: String,
    pub created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredUpload {
    pub sha256: String,
    pub bytes: u64,
}

/// `GET /v1/batches`, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchList {
    pub batches: Vec<BatchSummary>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchSummary {
    pub batch_id: BatchId,
    pub name: String,
    pub state: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<BatchFailure>,
    pub tally: Tally,
    pub created_by: String,
    pub created_at: Timestamp,
}

/// `GET /v1/batches/{id}/rows?since=V&limit=N`: every row whose latest change has a version above
/// `since`, in order of that version. At most 1,000 a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsPage {
    /// Ask again with this as `since`. Equal to the batch's version when nothing is left.
    pub version: u64,
    pub more: bool,
    pub rows: Vec<StatusEvent>,
}

/// `GET /v1/batches/{id}/rows/{row_no}`: all that happened to one row, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowHistory {
    pub row_no: RowNo,
    pub events: Vec<StatusEvent>,
    /// Who sent it again or gave it up, and why; oldest first.
    #[serde(default)]
    pub decisions: Vec<Decision>,
}
