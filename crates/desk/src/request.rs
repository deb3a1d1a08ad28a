//! What can be asked of the desk.

use model::BatchId;
use tokio::sync::oneshot;
use wire::{CorrectionOutcome, LeaseAnswer, LeaseRow, RejectedPage, SearchRejected};

use crate::error::DeskResult;
use crate::event::BatchProgress;
use crate::ledger::Decision;
use crate::outgoing::{Outgoing, Terms};

/// Where an answer goes.
pub type Reply<T> = oneshot::Sender<DeskResult<T>>;

pub enum Request {
    /// Journals a checked list and sends it.
    Send {
        outgoing: Box<dyn Outgoing>,
        terms: Terms,
        reply: Reply<BatchId>,
    },
    /// Calls a batch off. `false` where the pipeline has it already.
    CancelSend { batch: BatchId, reply: Reply<bool> },
    /// Listens to the pipeline from now on, whether or not anything is on its way.
    Follow,
    /// Brings every batch that may have changed to the pipeline's version.
    CatchUp { reply: Reply<()> },
    SearchRejected {
        search: SearchRejected,
        reply: Reply<RejectedPage>,
    },
    Lease {
        rows: Vec<LeaseRow>,
        reply: Reply<LeaseAnswer>,
    },
    Release {
        rows: Vec<LeaseRow>,
        reply: Reply<()>,
    },
    /// Corrects, sends again or discards refused rows.
    Decide {
        decisions: Vec<Decision>,
        reply: Reply<Vec<(BatchId, CorrectionOutcome)>>,
    },
    /// Where a batch is, from the ledger.
    Progress {
        batch: BatchId,
        reply: Reply<BatchProgress>,
    },
}
