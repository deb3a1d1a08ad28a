//! The contract between the desktop and the pipeline: HTTP bodies and queue messages.
//!
//! Every message carries `v`, the version of its shape. A reader takes the versions it knows and
//! leaves a message of a later one to be received again by a newer reader; unknown keys within a
//! known version are ignored, so a shape may grow.

mod batches;
mod corrections;
pub mod demo;
mod error;
mod health;
mod messages;
mod registry;
mod rejected;
pub mod s3_event;
mod workstations;

pub use batches::{
    BatchList, BatchSummary, BatchView, CreateBatch, CreateBatchAnswer, DeclaredUpload,
    PresignedPut, RowHistory, RowsPage, StoredUpload,
};
pub use corrections::{
    Correction, CorrectionAction, CorrectionAnswer, CorrectionOutcome, Corrections, Decision,
};
pub use error::{ErrorBody, ErrorCode};
pub use health::{Check, Health};
pub use messages::{
    EmailMessage, LaneMessage, RefusalMessage, RegisteredEvent, RejectedMessage, StatusDigest,
    UnknownVersion, VERSION, Versioned,
};
pub use registry::{
    Fence, FenceAnswer, RegisterAnswer, RegisterRequest, Registration, RegistryRefusal,
};
pub use rejected::{
    CauseGroup, Lease, LeaseAnswer, LeaseHeld, LeaseRequest, LeaseRow, RejectedPage, RejectedRow,
    ReleaseRequest, SearchRejected,
};
pub use workstations::{Credentials, OpenWorkstation, Workstation};

/// The version of the HTTP contract, as it stands in every path.
pub const API: &str = "/v1";
