//! Puts corrected rows on their lane again. The claim was committed with an entry in the outbox;
//! the registry is fenced first, so that a late earlier generation cannot land beside its
//! correction.

use std::sync::Arc;
use std::time::Duration;

use model::{CompanyId, RowKey, RowState};
use tokio_util::sync::CancellationToken;
use wire::{Fence, FenceAnswer, LaneMessage, RegisteredEvent, Registration};

use crate::backoff::Backoff;
use crate::facts::FactsOfBatches;
use crate::outgoing::{lane_entry, send_all};
use crate::ports::{
    Change, Clock, EventBus, PortError, Queue, RegistrationApi, RegistrationFault, Resend, RowStore,
};

pub struct Resender {
    store: Arc<dyn RowStore>,
    api: Arc<dyn RegistrationApi>,
    lane: Arc<dyn Queue>,
    events: Arc<dyn EventBus>,
    clock: Arc<dyn Clock>,
    facts: FactsOfBatches,
}

const AT_ONCE: u32 = 100;

impl Resender {
    pub fn new(
        store: Arc<dyn RowStore>,
        api: Arc<dyn RegistrationApi>,
        lane: Arc<dyn Queue>,
        events: Arc<dyn EventBus>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            facts: FactsOfBatches::new(Arc::clone(&store)),
            store,
            api,
            lane,
            events,
            clock,
        }
    }

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
                FenceAnswer::RegisteredBefore { registration, .. } => {
                    landed.push((resend, registration));
                }
            }
        }
        fail::fail_point!("resend.after-fence", |_| std::process::abort());
        let done = sent.len() + landed.len();
        send_all(&*self.lane, entries, "batch lane").await?;
        fail::fail_point!("resend.after-lane", |_| std::process::abort());
        sent.extend(self.landed(landed).await?);
        if !sent.is_empty() {
            self.store.resent(&sent).await?;
        }
        Ok(done)
    }

    /// An earlier generation is registered: the row says so, and others hear of it.
    async fn landed(
        &self,
        landed: Vec<(Resend, Registration)>,
    ) -> Result<Vec<(CompanyId, RowKey)>, PortError> {
        let changes: Vec<_> = landed
            .iter()
            .map(|(resend, _)| registered(resend))
            .collect();
        self.store.apply(&changes, self.clock.now()).await?;
        let mut events = Vec::with_capacity(landed.len());
        let mut done = Vec::with_capacity(landed.len());
        for (resend, registration) in landed {
            done.push((resend.company.clone(), resend.key));
            let facts = self.facts.of(&resend.company, resend.key.batch_id).await?;
            events.push(RegisteredEvent {
                company: resend.company,
                key: resend.key,
                person_id: registration.person_id,
                record: resend.record,
                language: facts.map_or_else(String::new, |facts| facts.language.clone()),
                at: registration.registered_at,
            });
        }
        self.events.registered(events).await?;
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
