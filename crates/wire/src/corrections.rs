//! `POST /v1/batches/{id}/corrections`: what a desk decided about refused rows.
//!
//! Each decision is a conditional claim on `(row, generation)`. The same `correction_id` always
//! gets the same answer; another one for the same generation is a conflict that says who decided.

use jiff::Timestamp;
use model::{CorrectionId, Generation, Record, RowNo, RowState, WorkstationId};
use serde::{Deserialize, Serialize};

/// At most 500 at a time; each is decided by itself. A lone correction that is in conflict answers
/// with HTTP 409 and the same body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrections {
    pub workstation_id: WorkstationId,
    pub corrections: Vec<Correction>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    pub correction_id: CorrectionId,
    pub row_no: RowNo,
    /// The refused generation that was looked at.
    pub generation: Generation,
    pub action: CorrectionAction,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CorrectionAction {
    /// Send the row again, corrected or as it was.
    Send { record: Record },
    /// Give the row up.
    Discard { why: String },
}

impl std::fmt::Debug for Correction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Correction")
            .field("correction_id", &self.correction_id)
            .field("row_no", &self.row_no)
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}

/// What was decided about one refused generation of a row, and by whom.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub correction_id: CorrectionId,
    /// The refused generation.
    pub generation: Generation,
    /// `queued` where it was sent again, `discarded` where it was given up.
    pub state: RowState,
    /// Why it was given up, until a purge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The desk, as others should see it.
    pub by: String,
    pub user: String,
    pub at: Timestamp,
}

impl std::fmt::Debug for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decision")
            .field("correction_id", &self.correction_id)
            .field("generation", &self.generation)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionAnswer {
    pub outcomes: Vec<CorrectionOutcome>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum CorrectionOutcome {
    /// Claimed: the row is on its way again, or discarded.
    Accepted {
        correction_id: CorrectionId,
        row_no: RowNo,
        generation: Generation,
        state: RowState,
    },
    /// Somebody else decided first, or has the row open.
    Held {
        correction_id: CorrectionId,
        row_no: RowNo,
        /// Who, as others should see it.
        by: String,
        /// When their lease ends; absent where they decided already.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// The row is not refused in that generation.
    Stale {
        correction_id: CorrectionId,
        row_no: RowNo,
        generation: Generation,
        state: RowState,
    },
    /// The corrected record still has issues: field and issue code.
    Invalid {
        correction_id: CorrectionId,
        row_no: RowNo,
        issues: Vec<(String, String)>,
    },
    /// The batch has no such row.
    NoSuchRow {
        correction_id: CorrectionId,
        row_no: RowNo,
    },
}

impl CorrectionOutcome {
    pub fn correction_id(&self) -> CorrectionId {
        match self {
            Self::Accepted { correction_id, .. }
            | Self::Held { correction_id, .. }
            | Self::Stale { correction_id, .. }
            | Self::Invalid { correction_id, .. }
            | Self::NoSuchRow { correction_id, .. } => *correction_id,
        }
    }
}
