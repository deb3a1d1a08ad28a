//! Refused rows: the list that every desk of a company sees, and the leases that say who has one
//! open. A lease keeps others from changing a row; it does not hide it.

use jiff::Timestamp;
use model::{BatchId, Generation, LeaseId, Reason, ReasonCode, Record, RowNo, Seq, WorkstationId};
use serde::{Deserialize, Serialize};

/// `POST /v1/rejected/search`. What is searched for travels in the body, never in a URL.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SearchRejected {
    /// Matches any cell, without regard to case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<BatchId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<ReasonCode>,
    /// At most 500; 100 where it is 0.
    pub limit: u32,
    /// The `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl std::fmt::Debug for SearchRejected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SearchRejected")
            .field("batch_id", &self.batch_id)
            .field("code", &self.code)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedPage {
    /// Newest refusal first.
    pub rows: Vec<RejectedRow>,
    /// Over everything that matched, not this page alone; largest first.
    pub groups: Vec<CauseGroup>,
    pub total: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRow {
    pub batch_id: BatchId,
    pub row_no: RowNo,
    pub generation: Generation,
    pub seq: Seq,
    pub reason: Reason,
    pub record: Record,
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<Lease>,
}

impl std::fmt::Debug for RejectedRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RejectedRow")
            .field("batch_id", &self.batch_id)
            .field("row_no", &self.row_no)
            .field("generation", &self.generation)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

/// Rows with one cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CauseGroup {
    pub code: ReasonCode,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    pub rows: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    pub lease_id: LeaseId,
    pub workstation_id: WorkstationId,
    /// Who, as others should see it.
    pub by: String,
    pub until: Timestamp,
}

/// `POST /v1/leases`: takes or renews. All rows that nobody else has open are granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseRequest {
    pub workstation_id: WorkstationId,
    pub rows: Vec<LeaseRow>,
    /// 30 to 900; 300 where it is 0.
    #[serde(default)]
    pub seconds: u32,
}

/// `POST /v1/leases/release`: gives back what this workstation holds; the rest is left alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseRequest {
    pub workstation_id: WorkstationId,
    pub rows: Vec<LeaseRow>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LeaseRow {
    pub batch_id: BatchId,
    pub row_no: RowNo,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseAnswer {
    pub granted: Vec<LeaseHeld>,
    /// Open on another desk.
    pub held: Vec<LeaseHeld>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseHeld {
    #[serde(flatten)]
    pub row: LeaseRow,
    #[serde(flatten)]
    pub lease: Lease,
}
