//! What the desk tells whoever watches it.

use jiff::SignedDuration;
use model::{BatchId, BatchState, Receipt, Tally};
use tokio::sync::mpsc;

use crate::error::DeskError;
use crate::ledger::Step;

/// Shows what the desk does: a window, a terminal, a test.
pub trait Show: Send + 'static {
    fn event(&self, event: Event);
}

impl Show for mpsc::UnboundedSender<Event> {
    fn event(&self, event: Event) {
        // Nobody looks any more.
        let _ = self.send(event);
    }
}

/// What somebody who watches should know.
#[derive(Debug)]
pub enum Event {
    /// The pipeline knows this desk as a user of a company.
    Connected {
        company: String,
        user: String,
    },
    /// No answer; work is kept and it is tried again by itself.
    Offline(DeskError),
    /// This machine's clock is off. Positive: it is behind the server's.
    ClockOff(SignedDuration),
    /// A batch came a step further on its way out.
    Step {
        batch: BatchId,
        step: Step,
    },
    Uploading {
        batch: BatchId,
        bytes: u64,
        of: u64,
    },
    /// It could not be sent yet and is tried again by itself.
    SendWaits {
        batch: BatchId,
        error: DeskError,
    },
    /// It cannot be sent unless somebody does something.
    SendFailed {
        batch: BatchId,
        error: DeskError,
    },
    /// Rows of a batch moved, or the batch itself.
    Batch(Box<BatchProgress>),
    /// Refused rows were delivered to this desk.
    RejectedArrived(u32),
    /// Following ended with something that trying again cannot mend.
    FollowFailed(DeskError),
}

/// Where a batch is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchProgress {
    pub batch: BatchId,
    pub name: String,
    pub step: Step,
    /// As the pipeline told it last.
    pub pipeline: Option<BatchState>,
    pub tally: Tally,
    /// Decisions about its rows that the pipeline has not answered.
    pub unanswered: u64,
    /// `None` for a batch of another desk.
    pub receipt: Option<Receipt>,
}

impl BatchProgress {
    /// No row is on its way any more.
    pub fn is_closed(&self) -> bool {
        !self.step.is_unsent() && self.tally.open() == 0 && self.unanswered == 0
    }
}
