//! The vocabulary of Muster: schema, issues, row states and their transitions.
//!
//! Everything here is a value. Nothing reads a file, a clock or the network, so that the desktop
//! and every service can agree on what a word means by importing it.

mod batch;
mod ids;
mod issue;
mod natural_key;
mod reason;
mod receipt;
mod row_state;
mod schema;
mod status;
mod tally;

pub use batch::{BatchFailure, BatchState};
pub use ids::{
    BatchId, CompanyId, CorrectionId, Generation, LeaseId, RowKey, RowNo, Seq, WorkstationId,
};
pub use issue::{FileFault, Issue, IssueCode, Place, Severity};
pub use natural_key::{NaturalKey, normalise_key_part};
pub use reason::{Reason, ReasonCode};
pub use receipt::{Receipt, SourceFile};
pub use row_state::RowState;
pub use schema::{Constraints, Field, FieldType, MusterFormat, Schema, SchemaError};
pub use status::{RowStatus, StatusEvent};
pub use tally::Tally;

/// One person as sent: the schema's field names and the text of each cell that is not empty.
///
/// Ordered by field name so that two equal records have equal bytes and equal hashes.
pub type Record = std::collections::BTreeMap<String, String>;
