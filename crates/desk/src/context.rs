//! What every job of the desk works with.

use std::sync::{Arc, PoisonError, RwLock};

use model::{BatchId, WorkstationId};
use tokio::sync::mpsc;

use crate::error::DeskError;
use crate::gateway::Gateway;
use crate::home::Home;
use crate::ledger::{Ledger, Step};

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Context {
    pub home: Home,
    pub ledger: Ledger,
    pub gateway: Gateway,
    pub workstation_id: WorkstationId,
    /// Who sits here, as others should see it.
    pub desk_name: String,
    user: Arc<RwLock<Option<String>>>,
    reports: mpsc::UnboundedSender<Report>,
}

/// What a job tells the desk's owner.
#[derive(Debug)]
pub(crate) enum Report {
    /// The pipeline knows this desk as a user of a company.
    Connected {
        company: String,
        user: String,
    },
    /// Something that is tried again by itself.
    Waiting(DeskError),
    Step {
        batch: BatchId,
        step: Step,
    },
    Uploaded {
        batch: BatchId,
        bytes: u64,
        of: u64,
    },
    /// Rows of the batch, or the batch itself, changed.
    Changed(BatchId),
    /// New refused rows were delivered to this desk.
    RejectedArrived(u32),
}

impl Context {
    pub fn new(
        home: Home,
        ledger: Ledger,
        gateway: Gateway,
        workstation_id: WorkstationId,
        desk_name: String,
        reports: mpsc::UnboundedSender<Report>,
    ) -> Self {
        Self {
            home,
            ledger,
            gateway,
            workstation_id,
            desk_name,
            user: Arc::default(),
            reports,
        }
    }

    /// Nobody listens any more when the desk is stopping: nothing is lost, the ledger has it.
    pub fn report(&self, report: Report) {
        let _ = self.reports.send(report);
    }

    pub fn connection(&self) -> &str {
        self.gateway.connection()
    }

    /// Who acts: the user of the token once it is known, else the desk's name.
    pub fn who(&self) -> String {
        let user = self.user.read().unwrap_or_else(PoisonError::into_inner);
        user.clone().unwrap_or_else(|| self.desk_name.clone())
    }

    /// The pipeline has been told of this desk in this run.
    pub fn is_known(&self) -> bool {
        let user = self.user.read().unwrap_or_else(PoisonError::into_inner);
        user.is_some()
    }

    pub fn set_user(&self, user: &str) {
        *self.user.write().unwrap_or_else(PoisonError::into_inner) = Some(user.to_owned());
    }
}
