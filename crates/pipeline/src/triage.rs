//! Triage tells a refusal from a fault.
//!
//! A refusal somebody must correct: it goes to the company's rejected queue with its reason. A
//! fault that outlasted three receives is nobody's mistake: its message is sent again when the
//! dependency is well. An outage never shows HR a rejected row.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use model::{CompanyId, RowState};
use serde::de::DeserializeOwned;
use wire::{RefusalMessage, RejectedMessage, Versioned};

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
    /// One company's refusals: written down together, then told.
    async fn reject(
        &self,
        company: &CompanyId,
        refusals: Vec<RefusalMessage>,
    ) -> Result<(), PortError> {
        let keys: Vec<_> = refusals.iter().map(|refusal| refusal.key).collect();
        let changes: Vec<_> = refusals.into_iter().map(rejected).collect();
        self.store.apply(&changes, self.clock.now()).await?;
        fail::fail_point!("triage.after-apply", |_| std::process::abort());

        let mut entries = Vec::with_capacity(keys.len());
        for key in keys {
            // Gone where the row has been corrected or given up since: nothing is left to tell.
            if let Some(row) = self.store.rejected_row(company, key).await? {
                entries.push(entry(RejectedMessage {
                    company: company.clone(),
                    key,
                    seq: row.seq,
                    reason: row.reason,
                    record: row.record,
                    at: row.at,
                }));
            }
        }
        let queue = self.queues.ensure(&names::rejected_queue(company)).await?;
        send_all(&*queue, entries, "rejected queue").await?;
        fail::fail_point!("triage.after-send", |_| std::process::abort());
        Ok(())
    }
}

fn rejected(refusal: RefusalMessage) -> Change {
    Change {
        company: refusal.company,
        key: refusal.key,
        state: RowState::Rejected,
        reason: Some(refusal.reason),
    }
}

#[async_trait]
impl Handler for Refusals {
    async fn handle(&self, messages: &[Received]) -> Vec<Done> {
        let mut verdicts: Vec<_> = messages
            .iter()
            .map(|received| Done::Retry(RETRY.after(received.receive_count)))
            .collect();
        let mut companies: BTreeMap<CompanyId, Vec<(usize, RefusalMessage)>> = BTreeMap::new();
        for (at, received) in messages.iter().enumerate() {
            match Versioned::<RefusalMessage>::from_json(&received.body) {
                Ok(refusal) => {
                    let company = companies.entry(refusal.company.clone()).or_default();
                    company.push((at, refusal));
                }
                Err(error) => {
                    tracing::error!(message_id = received.message_id, %error, "not a refusal");
                }
            }
        }
        for (company, refusals) in companies {
            let (places, refusals): (Vec<_>, Vec<_>) = refusals.into_iter().unzip();
            match self.reject(&company, refusals).await {
                Ok(()) => places
                    .into_iter()
                    .for_each(|at| verdicts[at] = Done::Delete),
                Err(error) => tracing::warn!(%company, %error, "refusals wait"),
            }
        }
        verdicts
    }
}

/// Works on a working queue's dead-letter queue, and only while what failed is well.
pub struct Faults {
    /// Where the messages came from, and go again.
    pub source: Arc<dyn Queue>,
    /// What its messages need.
    pub needs: Dependency,
    /// Whether a body is of the source's kind. What is not stays where it is, for somebody to look
    /// at: sent again, it would come back for ever.
    pub reads: Reads,
}

pub type Reads = fn(&str) -> bool;

/// Whose fault it was that a message outlasted its receives.
pub enum Dependency {
    Registry(Arc<dyn RegistrationApi>),
    RowStore(Arc<dyn RowStore>),
}

impl Dependency {
    async fn is_well(&self) -> bool {
        match self {
            Self::Registry(api) => api.is_well().await,
            Self::RowStore(store) => store.is_well().await,
        }
    }
}

/// Whether a body is a message of this kind, in a version that we read.
pub fn reads<T: DeserializeOwned>(body: &str) -> bool {
    Versioned::<T>::from_json(body).is_ok()
}

/// A message whose fault returns at once would circle at full speed: longer each time.
const PAUSE: Duration = Duration::from_secs(2);
/// The longest delay that SQS takes.
const LONGEST_PAUSE: Duration = Duration::from_secs(900);

/// Times that a message is sent again, three receives each, before it stays where it is for
/// somebody to look at. A row whose message is left so is put on its lane anew by the sweep.
const MOST_TIMES: u32 = 20;

/// How long such a dead letter is left alone before it is looked at again.
const LEFT_ALONE: Duration = Duration::from_secs(3600);

/// The body with how often it was sent again, this time included; `None` where that is too often.
/// The count travels in the body, under a key that readers ignore: a message that is sent again is
/// new to SQS.
fn sent_again(body: &str) -> Option<(u32, String)> {
    const KEY: &str = "sent_again";
    let mut message: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(body).ok()?;
    let before = message
        .get(KEY)
        .and_then(serde_json::Value::as_u64)
        .unwrap_or(0);
    let times = u32::try_from(before).ok()?.checked_add(1)?;
    if times > MOST_TIMES {
        return None;
    }
    message.insert(KEY.to_owned(), times.into());
    Some((times, serde_json::Value::Object(message).to_string()))
}

#[async_trait]
impl Handler for Faults {
    async fn handle(&self, messages: &[Received]) -> Vec<Done> {
        // It may have fallen ill while the queue was waited on.
        if !self.needs.is_well().await {
            return vec![Done::Retry(Duration::ZERO); messages.len()];
        }
        let mut verdicts = Vec::with_capacity(messages.len());
        for received in messages {
            let readable = (self.reads)(&received.body);
            let Some((times, body)) = sent_again(&received.body).filter(|_| readable) else {
                tracing::error!(
                    message_id = received.message_id,
                    readable,
                    "a dead letter that sending again does not help"
                );
                verdicts.push(Done::Retry(LEFT_ALONE));
                continue;
            };
            tracing::info!(
                message_id = received.message_id,
                times,
                "a fault outlasted its receives: sent again"
            );
            let entry = SendEntry {
                body,
                group: received.group.clone(),
                delay: Some(PAUSE.saturating_mul(times).min(LONGEST_PAUSE)),
            };
            verdicts.push(match self.source.send(vec![entry]).await {
                Ok(faults) if faults.0.is_empty() => Done::Delete,
                _ => Done::Retry(PAUSE),
            });
        }
        verdicts
    }

    async fn ready(&self) {
        for attempt in 1.. {
            if self.needs.is_well().await {
                return;
            }
            tokio::time::sleep(RETRY.after(attempt)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_sent_again_so_often_and_no_more() {
        let mut body = r#"{"v":1,"company":"embedded"}"#.to_owned();
        for expected in 1..=MOST_TIMES {
            let (times, next) = sent_again(&body).expect("goes again");
            assert_eq!(times, expected);
            body = next;
        }
        assert_eq!(sent_again(&body), None);
        assert!(body.contains(r#""company":"embedded""#));
        assert_eq!(sent_again("no message"), None);
    }
}
