//! Register: calls the Registration API within its capacity, one row at a time, and writes down
//! what it answered.
//!
//! A redelivered message is simply processed again, since its key gets the same answer. A call
//! without an answer leaves the row `unknown`, and it is looked up before anything else. While the
//! API is down nothing is received.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::join_all;
use model::{NaturalKey, Reason, ReasonCode, RowState};
use tokio::sync::Semaphore;
use wire::{
    LaneMessage, RefusalMessage, RegisterAnswer, RegisterRequest, RegisteredEvent, Registration,
    Versioned,
};

use crate::backoff::Backoff;
use crate::consume::{Done, Handler};
use crate::facts::FactsOfBatches;
use crate::outgoing::{refusal_entry, send_all};
use crate::ports::{
    Applied, Change, Clock, EventBus, PortError, Queue, Received, RegistrationApi,
    RegistrationFault, RowStore,
};
use crate::register::breaker::Breaker;

mod breaker;
#[cfg(test)]
mod tests;

/// Between receives of one message.
const RETRY: Backoff = Backoff {
    base: Duration::from_secs(1),
    cap: Duration::from_secs(30),
};
/// Between calls that were turned away because the API was at its capacity.
const BUSY: Backoff = Backoff {
    base: Duration::from_millis(50),
    cap: Duration::from_secs(2),
};
/// Calls turned away before the message is given back.
const BUSY_TRIES: u32 = 8;

pub struct Register {
    store: Arc<dyn RowStore>,
    api: Arc<dyn RegistrationApi>,
    refusals: Arc<dyn Queue>,
    events: Arc<dyn EventBus>,
    clock: Arc<dyn Clock>,
    facts: FactsOfBatches,
    /// Calls under way, over all loops that share this handler.
    slots: Semaphore,
    breaker: Breaker,
}

/// What a call came to, once it came to anything.
enum Outcome {
    Registered(Registration),
    Refused(Reason),
    /// Nothing was registered by this call.
    Failed,
    /// Nobody knows.
    Unknown,
}

/// A message that is worth a call.
struct Task {
    at: usize,
    message: LaneMessage,
    receive_count: u32,
    language: String,
    request: RegisterRequest,
}

impl Register {
    /// `capacity`: calls that the API carries at once.
    pub fn new(
        store: Arc<dyn RowStore>,
        api: Arc<dyn RegistrationApi>,
        refusals: Arc<dyn Queue>,
        events: Arc<dyn EventBus>,
        clock: Arc<dyn Clock>,
        capacity: usize,
    ) -> Self {
        Self {
            facts: FactsOfBatches::new(Arc::clone(&store)),
            breaker: Breaker::new(Arc::clone(&api)),
            slots: Semaphore::new(capacity),
            store,
            api,
            refusals,
            events,
            clock,
        }
    }

    async fn call(&self, task: &Task) -> Outcome {
        // The semaphore is never closed.
        let _slot = self.slots.acquire().await;
        // A message that was here before may have been registered without our hearing of it.
        if task.receive_count > 1 {
            match self
                .api
                .look_up(&task.request.company, task.request.key)
                .await
            {
                Ok(Some(registration)) => return Outcome::Registered(registration),
                Ok(None) => {}
                Err(fault) => return self.failed(&fault),
            }
        }
        for attempt in 1.. {
            match self.api.register(&task.request).await {
                Ok(answer) => {
                    self.breaker.success();
                    return match answer {
                        RegisterAnswer::Registered(registration) => {
                            Outcome::Registered(registration)
                        }
                        RegisterAnswer::Refused(reason) => Outcome::Refused(reason),
                    };
                }
                Err(RegistrationFault::Busy { retry_after }) if attempt < BUSY_TRIES => {
                    let least = retry_after.unwrap_or_default().min(Duration::from_secs(5));
                    tokio::time::sleep(least + BUSY.after(attempt)).await;
                }
                Err(RegistrationFault::TimedOut) => {
                    self.breaker.failure();
                    let found = self
                        .api
                        .look_up(&task.request.company, task.request.key)
                        .await;
                    return match found {
                        Ok(Some(registration)) => Outcome::Registered(registration),
                        // The call may still be on its way.
                        Ok(None) | Err(_) => Outcome::Unknown,
                    };
                }
                Err(fault) => return self.failed(&fault),
            }
        }
        Outcome::Failed
    }

    fn failed(&self, fault: &RegistrationFault) -> Outcome {
        if !matches!(fault, RegistrationFault::Busy { .. }) {
            self.breaker.failure();
        }
        Outcome::Failed
    }

    /// Messages that are worth a call, their rows marked `registering`; the verdict of the others
    /// is written into `verdicts`.
    async fn tasks(
        &self,
        messages: &[Received],
        verdicts: &mut [Done],
    ) -> Result<Vec<Task>, PortError> {
        let mut readable = Vec::with_capacity(messages.len());
        for (at, received) in messages.iter().enumerate() {
            match Versioned::<LaneMessage>::from_json(&received.body) {
                Ok(message) => readable.push((at, message, received.receive_count)),
                // Left to its receives: the dead-letter queue keeps it for somebody to look at.
                Err(error) => {
                    tracing::error!(message_id = received.message_id, %error, "not a lane message");
                }
            }
        }
        let marks: Vec<_> = readable
            .iter()
            .map(|(_, message, _)| change(message, RowState::Registering, None))
            .collect();
        let marked = self.store.apply(&marks, self.clock.now()).await?;

        let mut tasks = Vec::with_capacity(readable.len());
        for ((at, message, receive_count), applied) in readable.into_iter().zip(marked) {
            match standing(&message, &applied) {
                Standing::Over => verdicts[at] = Done::Delete,
                Standing::Missing => {
                    tracing::error!(row = %message.key, "a lane message without a row");
                }
                Standing::Open => {
                    let facts = self
                        .facts
                        .of(&message.company, message.key.batch_id)
                        .await?;
                    let Some(facts) = facts else { continue };
                    let natural_key = NaturalKey::of(&facts.schema, &message.record);
                    let Some(natural_key) = natural_key else {
                        let reason = Reason::new(ReasonCode::InvalidCell);
                        verdicts[at] = self.refuse(&message, reason).await?;
                        continue;
                    };
                    tasks.push(Task {
                        at,
                        receive_count,
                        language: facts.language.clone(),
                        request: RegisterRequest {
                            company: message.company.clone(),
                            key: message.key,
                            natural_key,
                            record: message.record.clone(),
                        },
                        message,
                    });
                }
            }
        }
        Ok(tasks)
    }

    async fn refuse(&self, message: &LaneMessage, reason: Reason) -> Result<Done, PortError> {
        let refusal = RefusalMessage {
            company: message.company.clone(),
            key: message.key,
            reason,
        };
        send_all(
            &*self.refusals,
            vec![refusal_entry(refusal)],
            "refusals queue",
        )
        .await?;
        Ok(Done::Delete)
    }

    async fn conclude(
        &self,
        tasks: Vec<Task>,
        outcomes: Vec<Outcome>,
        verdicts: &mut [Done],
    ) -> Result<(), PortError> {
        let mut changes = Vec::new();
        let mut registered = Vec::new();
        let mut refused = Vec::new();
        for (task, outcome) in tasks.into_iter().zip(outcomes) {
            match outcome {
                Outcome::Registered(registration) => {
                    changes.push(change(&task.message, RowState::Registered, None));
                    registered.push((task, registration));
                }
                Outcome::Refused(reason) => refused.push((task, reason)),
                Outcome::Failed => {
                    changes.push(change(&task.message, RowState::Queued, None));
                    verdicts[task.at] = Done::Retry(RETRY.after(task.receive_count));
                }
                Outcome::Unknown => {
                    changes.push(change(&task.message, RowState::Unknown, None));
                    verdicts[task.at] = Done::Retry(RETRY.after(task.receive_count));
                }
            }
        }
        self.store.apply(&changes, self.clock.now()).await?;
        fail::fail_point!("register.after-apply", |_| std::process::abort());

        let done: Vec<_> = registered.iter().map(|(task, _)| task.at).collect();
        let events = registered
            .into_iter()
            .map(|(task, registration)| RegisteredEvent {
                company: task.message.company,
                key: task.message.key,
                person_id: registration.person_id,
                record: task.message.record,
                language: task.language,
                at: registration.registered_at,
            })
            .collect();
        self.events.registered(events).await?;
        fail::fail_point!("register.after-event", |_| std::process::abort());
        for at in done {
            verdicts[at] = Done::Delete;
        }

        let (places, entries): (Vec<_>, Vec<_>) = refused
            .into_iter()
            .map(|(task, reason)| {
                let refusal = RefusalMessage {
                    company: task.message.company,
                    key: task.message.key,
                    reason,
                };
                (task.at, refusal_entry(refusal))
            })
            .unzip();
        send_all(&*self.refusals, entries, "refusals queue").await?;
        for at in places {
            verdicts[at] = Done::Delete;
        }
        Ok(())
    }

    async fn work(&self, messages: &[Received], verdicts: &mut [Done]) -> Result<(), PortError> {
        let tasks = self.tasks(messages, verdicts).await?;
        fail::fail_point!("register.before-call", |_| std::process::abort());
        let outcomes = join_all(tasks.iter().map(|task| self.call(task))).await;
        fail::fail_point!("register.after-call", |_| std::process::abort());
        self.conclude(tasks, outcomes, verdicts).await
    }
}

#[async_trait]
impl Handler for Register {
    async fn handle(&self, messages: &[Received]) -> Vec<Done> {
        let mut verdicts: Vec<_> = messages
            .iter()
            .map(|message| Done::Retry(RETRY.after(message.receive_count)))
            .collect();
        if let Err(error) = self.work(messages, &mut verdicts).await {
            tracing::warn!(%error, "rows are left on the lane");
        }
        verdicts
    }

    async fn ready(&self) {
        self.breaker.closed().await;
    }
}

enum Standing {
    /// To be registered, or registered without everybody having heard of it.
    Open,
    /// Nothing is left to do under this key.
    Over,
    Missing,
}

fn standing(message: &LaneMessage, applied: &Applied) -> Standing {
    let Some(now) = &applied.now else {
        return Standing::Missing;
    };
    if now.generation != message.key.generation {
        return Standing::Over;
    }
    match now.state {
        // Registered, but the message came again: its event may not have gone out.
        RowState::Registering | RowState::Registered => Standing::Open,
        _ => Standing::Over,
    }
}

fn change(message: &LaneMessage, state: RowState, reason: Option<Reason>) -> Change {
    Change {
        company: message.company.clone(),
        key: message.key,
        state,
        reason,
    }
}
