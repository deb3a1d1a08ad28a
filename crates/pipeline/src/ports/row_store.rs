//! The row store: the truth about batches and rows. Every method is one transaction.

use async_trait::async_trait;
use jiff::Timestamp;
use model::{
    BatchFailure, BatchId, BatchState, CompanyId, Reason, Record, RowKey, RowNo, RowState,
    StatusEvent, WorkstationId,
};
use serde::{Deserialize, Serialize};
use wire::{
    BatchSummary, BatchView, Correction, CorrectionOutcome, CreateBatch, Decision, LeaseAnswer,
    LeaseRequest, RejectedPage, RejectedRow, ReleaseRequest, SearchRejected, StoredUpload,
};

use super::PortResult;

/// Who asks: the company and the user of a token, and what the user's role allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    pub company: CompanyId,
    pub user: String,
    pub role: Role,
}

/// Who may discard, purge and see payloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Sends batches, corrects and discards their rows.
    Hr,
    /// Sees and corrects refused rows of all batches.
    Support,
    /// All of it, and purge.
    Admin,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchCreation {
    Created,
    /// The same batch was there.
    Same,
    /// The id is taken by other contents.
    Differs,
}

/// A batch as the services need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    pub company: CompanyId,
    pub request: CreateBatch,
    pub view: BatchView,
    pub checkpoint: Checkpoint,
}

/// How far extract has come. Everything before it is durable: rows in the row store, messages on
/// the lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Bytes of the stored file that are done with.
    pub offset: u64,
    /// Rows that are done with.
    pub rows: u64,
    /// The last of them.
    pub last: RowNo,
}

/// A row that extract has read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRow {
    pub row_no: RowNo,
    pub record: Record,
}

/// A change of one row that a service asks for. Applied only where the row still has that
/// generation and the state may become the new one; otherwise nothing changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub company: CompanyId,
    pub key: RowKey,
    pub state: RowState,
    pub reason: Option<Reason>,
}

/// What became of a change: the row as it is after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    pub changed: bool,
    /// `None` where there is no such row.
    pub now: Option<StatusEvent>,
}

/// A row whose correction was claimed and which must still be fenced and put on its lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resend {
    pub company: CompanyId,
    pub key: RowKey,
    pub record: Record,
}

/// Changes of one batch that its followers have not been told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untold {
    pub company: CompanyId,
    pub batch_id: BatchId,
    /// Followers have been told up to here.
    pub since: u64,
    /// These changes bring them to here.
    pub version: u64,
    pub batch: BatchState,
    /// The latest of each row that changed, at most as many as were asked for, by version.
    pub events: Vec<StatusEvent>,
    /// Names of the status queues of the workstations that follow the batch.
    pub followers: Vec<String>,
    /// There are more than these.
    pub more: bool,
}

/// A workstation as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkstationRecord {
    pub workstation_id: WorkstationId,
    pub company: CompanyId,
    pub user: String,
    pub desk_name: String,
    /// The name of its status queue.
    pub status_queue: String,
}

#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait RowStore: Send + Sync + 'static {
    // Workstations

    /// Makes or renews one. `false` where the id belongs to another company.
    async fn put_workstation(&self, workstation: &WorkstationRecord) -> PortResult<bool>;

    async fn workstation(
        &self,
        company: &CompanyId,
        id: WorkstationId,
    ) -> PortResult<Option<WorkstationRecord>>;

    // Batches

    async fn create_batch(
        &self,
        principal: &Principal,
        request: &CreateBatch,
        at: Timestamp,
    ) -> PortResult<BatchCreation>;

    async fn batch(&self, company: &CompanyId, id: BatchId) -> PortResult<Option<Batch>>;

    /// Newest first, at most `limit`.
    async fn batches(&self, company: &CompanyId, limit: u32) -> PortResult<Vec<BatchSummary>>;

    /// Adds a follower: the workstation's status queue hears of the batch from the next digest on.
    async fn follow(
        &self,
        company: &CompanyId,
        id: BatchId,
        workstation: WorkstationId,
    ) -> PortResult<()>;

    /// Batches whose file may have arrived unheard (`awaiting-upload` since before `before`) or
    /// whose extraction has stood still since then. For the sweep.
    async fn stale_batches(&self, before: Timestamp) -> PortResult<Vec<(CompanyId, BatchId)>>;

    /// The file is in the store. Changes nothing once the batch has gone further.
    async fn set_received(
        &self,
        company: &CompanyId,
        id: BatchId,
        stored: &StoredUpload,
        at: Timestamp,
    ) -> PortResult<()>;

    async fn set_failed(
        &self,
        company: &CompanyId,
        id: BatchId,
        failure: BatchFailure,
        at: Timestamp,
    ) -> PortResult<()>;

    /// Inserts rows as `queued`, generation 1, where they are not there yet; the batch becomes
    /// `extracting`. Repeating it changes nothing.
    async fn insert_rows(
        &self,
        company: &CompanyId,
        id: BatchId,
        rows: &[NewRow],
        at: Timestamp,
    ) -> PortResult<()>;

    async fn set_checkpoint(
        &self,
        company: &CompanyId,
        id: BatchId,
        checkpoint: Checkpoint,
        at: Timestamp,
    ) -> PortResult<()>;

    /// Every row is there: the batch becomes `running`, or `settled` where none is open.
    async fn set_extracted(
        &self,
        company: &CompanyId,
        id: BatchId,
        at: Timestamp,
    ) -> PortResult<()>;

    // Rows

    /// Applies changes one after the other in one transaction, in the order given. A batch whose
    /// last open row closes becomes `settled`; one whose row opens again becomes `running`.
    async fn apply(&self, changes: &[Change], at: Timestamp) -> PortResult<Vec<Applied>>;

    /// The row's payload and where it is.
    async fn row(
        &self,
        company: &CompanyId,
        batch_id: BatchId,
        row_no: RowNo,
    ) -> PortResult<Option<(StatusEvent, Record)>>;

    /// Rows whose latest change has a version above `since`, by version; and whether there are
    /// more. The version that the page reaches comes first.
    async fn rows_since(
        &self,
        company: &CompanyId,
        id: BatchId,
        since: u64,
        limit: u32,
    ) -> PortResult<(u64, Vec<StatusEvent>, bool)>;

    async fn history(
        &self,
        company: &CompanyId,
        id: BatchId,
        row_no: RowNo,
    ) -> PortResult<Vec<StatusEvent>>;

    // Refused rows

    async fn search_rejected(
        &self,
        company: &CompanyId,
        search: &SearchRejected,
        now: Timestamp,
    ) -> PortResult<RejectedPage>;

    /// One refused row as it stands, for the rejected queue.
    async fn rejected_row(
        &self,
        company: &CompanyId,
        key: RowKey,
    ) -> PortResult<Option<RejectedRow>>;

    async fn lease(
        &self,
        company: &CompanyId,
        request: &LeaseRequest,
        now: Timestamp,
    ) -> PortResult<LeaseAnswer>;

    async fn release(&self, company: &CompanyId, request: &ReleaseRequest) -> PortResult<()>;

    /// Decides one correction, whose record the caller has checked. The claim, the row's next generation, the end of its lease and, for
    /// a row to be sent again, its entry among the resends commit together. The same
    /// `correction_id` gets the outcome that it got before.
    async fn claim(
        &self,
        principal: &Principal,
        batch_id: BatchId,
        workstation: WorkstationId,
        correction: &Correction,
        at: Timestamp,
    ) -> PortResult<CorrectionOutcome>;

    /// What was decided about the row's refused generations, oldest first.
    async fn decisions(
        &self,
        company: &CompanyId,
        id: BatchId,
        row_no: RowNo,
    ) -> PortResult<Vec<Decision>>;

    /// Claimed rows that must still be fenced and put on a lane, oldest first.
    async fn resends(&self, limit: u32) -> PortResult<Vec<Resend>>;

    /// Puts rows that have been on their way since before `before` among the resends: their
    /// messages may have outlived their queue. How many there are.
    async fn revive(&self, before: Timestamp) -> PortResult<u64>;

    /// These are on their lanes. Repeating it changes nothing.
    async fn resent(&self, done: &[(CompanyId, RowKey)]) -> PortResult<()>;

    // Outbox

    /// Batches with changes that their followers have not been told, each with at most `limit`
    /// events.
    async fn untold(&self, limit: u32) -> PortResult<Vec<Untold>>;

    /// Followers have been told up to `version`.
    async fn told(&self, company: &CompanyId, id: BatchId, version: u64) -> PortResult<()>;

    /// Resolves when there may be something untold or a resend that was not there when `seen` was
    /// answered, or after `wait`. Answers what to pass next time; 0 at first. A loop calls it
    /// before it reads, so that a change made while it works is never slept through.
    async fn changed(&self, seen: u64, wait: std::time::Duration) -> u64;

    // E-mail

    /// [`EmailClaim::Send`] to the first key that asks for this person, as often as it asks, until
    /// the e-mail is out. Recorded before it goes out.
    async fn claim_email(
        &self,
        company: &CompanyId,
        person_id: uuid::Uuid,
        key: RowKey,
    ) -> PortResult<EmailClaim>;

    /// The e-mail is out.
    async fn email_sent(&self, company: &CompanyId, person_id: uuid::Uuid) -> PortResult<()>;

    /// Whether the store answers.
    async fn is_well(&self) -> bool;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailClaim {
    /// Not out yet, and this key's to send.
    Send,
    /// Out, or another key's to send.
    AlreadySent,
}
