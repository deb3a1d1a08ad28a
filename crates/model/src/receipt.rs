//! A batch's closing account: every row of the file in exactly one place.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{BatchId, Tally};

/// The roster as the user had it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// The file's name without its folder.
    pub name: String,
    /// SHA-256 of the file's bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// Data rows in the file, excluded ones included.
    pub rows: u64,
}

/// Names nobody in the list: counts and hashes only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub batch_id: BatchId,
    pub name: String,
    pub file: SourceFile,
    /// SHA-256 of what was uploaded, in lower-case hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload_sha256: Option<String>,
    pub states: Tally,
    /// The sum over `states`; equal to the file's rows.
    pub total: u64,
    /// No row is sent, queued, registering or unknown, and no decision about one is unanswered.
    pub closed: bool,
    pub created_at: Timestamp,
    /// When the last row reached the place it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    pub made_by: String,
}
