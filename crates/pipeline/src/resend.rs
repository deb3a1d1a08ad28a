//! Puts corrected rows on their lane again. The claim was committed with an entry in the outbox;
//! the registry is fenced first, so that a late earlier generation cannot land beside its
//! correction.

use std::sync::Arc;
use std::time::Duration;

use model::RowState;
use tokio_util::sync::CancellationToken;
use wire::{Fence, FenceAnswer, LaneMessage};

use crate::backoff::Backoff;
use crate::outgoing::{lane_entry, send_all};
use crate::ports::{
    Change, Clock, PortError, Queue, RegistrationApi, RegistrationFault, Resend, RowStore,
};

pub struct Resender {
    pub store: Arc<dyn RowStore>,
    pub api: Arc<dyn RegistrationApi>,
    pub lane: Arc<dyn Queue>,
    pub clock: Arc<dyn Clock>,
}

const AT_ONCE: u32 = 100;

impl Resender {
    /// Runs until `stop`.
    pub async fn run(&self, stop: CancellationToken) {
        let backoff = Backoff {
            base: Duration::from_millis(500),
            cap: Duration::from_secs(15),
        };
        let mut failures = 0;
        let mut seen = 0;
        while !stop.is_cancelled() {
            seen = self.store.changed(seen, Duration::ZERO).await;
            let wait = match self.pass().await {
                Ok(0) => {
                    failures = 0;
                    None
                }
                Ok(_) => {
                    failures = 0;
                    continue;
                }
                Err(error) => {
                    failures += 1;
                    tracing::warn!(%error, failures, "corrected rows wait");
                    Some(backoff.after(failures))
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = async {
                    match wait {
                        Some(time) => tokio::time::sleep(time).await,
                        None => _ = self.store.changed(seen, Duration::from_secs(30)).await,
                    }
                } => {}
            }
        }
    }

    /// Rows that are done with now.
    async fn pass(&self) -> Result<usize, PortError> {
        let resends = self.store.resends(AT_ONCE).await?;
        if resends.is_empty() {
            return Ok(0);
        }
        let mut entries = Vec::new();
        let mut sent = Vec::new();
        let mut landed = Vec::new();
        for resend in resends {
            match self.fence(&resend).await? {
                FenceAnswer::Fenced => {
                    sent.push((resend.company.clone(), resend.key));
                    entries.push(lane_entry(LaneMessage {
                        company: resend.company,
                        key: resend.key,
                        record: resend.record,
                    }));
                }
                // The refusal was overtaken: the person is there, and nothing is sent.
                FenceAnswer::RegisteredBefore { .. } => landed.push(resend),
            }
        }
        fail::fail_point!("resend.after-fence", |_| std::process::abort());
        let done = sent.len() + landed.len();
        send_all(&*self.lane, entries, "batch lane").await?;
        fail::fail_point!("resend.after-lane", |_| std::process::abort());
        if !landed.is_empty() {
            let changes: Vec<_> = landed.iter().map(registered).collect();
            self.store.apply(&changes, self.clock.now()).await?;
            sent.extend(
                landed
                    .into_iter()
                    .map(|resend| (resend.company, resend.key)),
            );
        }
        if !sent.is_empty() {
            self.store.resent(&sent).await?;
        }
        Ok(done)
    }

    async fn fence(&self, resend: &Resend) -> Result<FenceAnswer, PortError> {
        let fence = Fence {
            company: resend.company.clone(),
            key: resend.key,
        };
        self.api.fence(&fence).await.map_err(|fault| match fault {
            RegistrationFault::Failed(why) => PortError::unavailable("registry", why),
            other => PortError::unavailable("registry", other),
        })
    }
}

fn registered(resend: &Resend) -> Change {
    Change {
        company: resend.company.clone(),
        key: resend.key,
        state: RowState::Registered,
        reason: None,
    }
}
