//! Triage tells a refusal from a fault.
//!
//! A refusal somebody must correct: it goes to the company's rejected queue with its reason. A
//! fault that outlasted three receives is nobody's mistake: its message is sent again when the
//! dependency is well. An outage never shows HR a rejected row.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use model::RowState;
use wire::{LaneMessage, RefusalMessage, RejectedMessage, Versioned};

use crate::backoff::Backoff;
use crate::consume::{Done, Handler};
use crate::names;
use crate::outgoing::{entry, send_all};
use crate::ports::{
    Change, Clock, PortError, Queue, Queues, Received, RegistrationApi, RowStore, SendEntry,
};

const RETRY: Backoff = Backoff {
    base: Duration::from_secs(1),
    cap: Duration::from_secs(30),
};

/// Works on the refusals queue.
pub struct Refusals {
    pub store: Arc<dyn RowStore>,
    pub queues: Arc<dyn Queues>,
    pub clock: Arc<dyn Clock>,
}

impl Refusals {
    async fn reject(&self, refusal: RefusalMessage) -> Result<(), PortError> {
        let change = Change {
            company: refusal.company.clone(),
            key: refusal.key,
            state: RowState::Rejected,
            reason: Some(refusal.reason),
        };
        self.store.apply(&[change], self.clock.now()).await?;
        fail::fail_point!("triage.after-apply", |_| std::process::abort());

        // Gone where the row has been corrected or given up since: then there is nothing to tell.
        let row = self
            .store
            .rejected_row(&refusal.company, refusal.key)
            .await?;
        let Some(row) = row else { return Ok(()) };
        let queue = self
            .queues
            .ensure(&names::rejected_queue(&refusal.company))
            .await?;
        let message = RejectedMessage {
            company: refusal.company,
            key: refusal.key,
            seq: row.seq,
            reason: row.reason,
            record: row.record,
            at: row.at,
        };
        send_all(&*queue, vec![entry(message)], "rejected queue").await?;
        fail::fail_point!("triage.after-send", |_| std::process::abort());
        Ok(())
    }
}

#[async_trait]
impl Handler for Refusals {
    async fn handle(&self, messages: &[Received]) -> Vec<Done> {
        let mut verdicts = Vec::with_capacity(messages.len());
        for received in messages {
            let again = Done::Retry(RETRY.after(received.receive_count));
            let verdict = match Versioned::<RefusalMessage>::from_json(&received.body) {
                Ok(refusal) => {
                    let key = refusal.key;
                    match self.reject(refusal).await {
                        Ok(()) => Done::Delete,
                        Err(error) => {
                            tracing::warn!(row = %key, %error, "a refusal waits");
                            again
                        }
                    }
                }
                Err(error) => {
                    tracing::error!(message_id = received.message_id, %error, "not a refusal");
                    again
                }
            };
            verdicts.push(verdict);
        }
        verdicts
    }
}

/// Works on the lane's dead-letter queue, and only while the registry is well.
pub struct Faults {
    pub lane: Arc<dyn Queue>,
    pub api: Arc<dyn RegistrationApi>,
}

/// A row whose fault returns at once would circle for ever at full speed.
const PAUSE: Duration = Duration::from_secs(2);

#[async_trait]
impl Handler for Faults {
    async fn handle(&self, messages: &[Received]) -> Vec<Done> {
        let mut verdicts = Vec::with_capacity(messages.len());
        for received in messages {
            let Ok(message) = Versioned::<LaneMessage>::from_json(&received.body) else {
                // Kept for somebody to look at: a dead-letter queue has no receives to run out of.
                tracing::error!(
                    message_id = received.message_id,
                    "a dead letter of no known kind"
                );
                verdicts.push(Done::Retry(UNREADABLE));
                continue;
            };
            tracing::info!(row = %message.key, "a fault outlasted its receives: sent again");
            let entry = SendEntry {
                body: received.body.clone(),
                group: Some(message.company.to_string()),
                delay: Some(PAUSE),
            };
            verdicts.push(match self.lane.send(vec![entry]).await {
                Ok(faults) if faults.0.is_empty() => Done::Delete,
                _ => Done::Retry(PAUSE),
            });
        }
        verdicts
    }

    async fn ready(&self) {
        for attempt in 1.. {
            if self.api.is_well().await {
                return;
            }
            tokio::time::sleep(RETRY.after(attempt)).await;
        }
    }
}

/// How long an unreadable dead letter is left alone before it is looked at again.
const UNREADABLE: Duration = Duration::from_secs(3600);
