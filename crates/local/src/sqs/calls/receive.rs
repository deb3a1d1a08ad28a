//! Receiving messages, with long polling.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use crate::db::{Db, DbResult};
use crate::sqs::attributes::{LONGEST_HIDDEN, LONGEST_WAIT};
use crate::sqs::content::{Content, asked_for, attributes_md5};
use crate::sqs::fault::Fault;
use crate::sqs::line::{Millis, Standing};
use crate::sqs::queues::{Moves, QueueId, Queues};
use crate::sqs::store::Received;
use crate::sqs::{Sqs, store};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::sqs) struct ReceiveMessage {
    #[serde(default)]
    max_number_of_messages: Option<i64>,
    #[serde(default)]
    visibility_timeout: Option<i64>,
    #[serde(default)]
    wait_time_seconds: Option<i64>,
    /// The older name of the next one.
    #[serde(default)]
    attribute_names: Option<Vec<String>>,
    #[serde(default)]
    message_system_attribute_names: Option<Vec<String>>,
    #[serde(default)]
    message_attribute_names: Option<Vec<String>>,
    #[serde(default)]
    receive_request_attempt_id: Option<String>,
}

/// Messages that were taken for a receiver who does not have them yet. When the receiver goes away
/// before, they go back: no message stays hidden for somebody who is gone.
struct InHand {
    queues: Arc<Mutex<Queues>>,
    db: Db,
    queue: QueueId,
    taken: Vec<Standing>,
}

/// One look at a queue.
enum Attempt<W> {
    /// `W` writes the receive down and reads what the messages say.
    Taken(InHand, W),
    /// Something may be there by then without anybody sending.
    Nothing { look_again: Option<Instant> },
}

impl Sqs {
    pub(in crate::sqs) async fn receive_message(
        &self,
        queue: &str,
        call: ReceiveMessage,
    ) -> Result<Value, Fault> {
        if call.receive_request_attempt_id.is_some() {
            return Err(Fault::invalid_parameter(
                "The request includes a parameter that is not valid for this queue type: ReceiveRequestAttemptId.",
            ));
        }
        let most = within(
            "MaxNumberOfMessages",
            call.max_number_of_messages,
            1,
            1..=10,
        )?;
        let (visibility, wait) = {
            let queues = self.lock();
            let set = &queues.named(queue)?.attributes;
            let (hidden, wait) = (i64::from(set.visibility), i64::from(set.wait));
            let longest = i64::from(LONGEST_HIDDEN);
            (
                within(
                    "VisibilityTimeout",
                    call.visibility_timeout,
                    hidden,
                    0..=longest,
                )?,
                within(
                    "WaitTimeSeconds",
                    call.wait_time_seconds,
                    wait,
                    0..=i64::from(LONGEST_WAIT),
                )?,
            )
        };
        let most = usize::try_from(most).unwrap_or(1);
        let deadline = Instant::now() + Duration::from_secs(wait.unsigned_abs());
        let received = self
            .wait_for(queue, most, visibility * 1_000, deadline)
            .await?;
        let messages: Vec<_> = received
            .iter()
            .map(|received| call.show(received))
            .collect();
        Ok(if messages.is_empty() {
            json!({})
        } else {
            json!({ "Messages": messages })
        })
    }

    /// Up to `most` messages, as soon as there are any, or none at the deadline.
    async fn wait_for(
        &self,
        name: &str,
        most: usize,
        hidden: Millis,
        deadline: Instant,
    ) -> Result<Vec<Received>, Fault> {
        loop {
            let bell = Arc::clone(&self.lock().named(name)?.bell);
            let rung = bell.notified();
            tokio::pin!(rung);
            // From here on no ring is missed.
            rung.as_mut().enable();
            let look_again = match self.attempt(name, most, hidden)? {
                Attempt::Taken(mut in_hand, write) => {
                    let received = write.await?;
                    in_hand.taken.clear();
                    return Ok(received);
                }
                Attempt::Nothing { look_again } => look_again,
            };
            if self.closing.load(Ordering::SeqCst) || Instant::now() >= deadline {
                return Ok(Vec::new());
            }
            let until = look_again.map_or(deadline, |due| due.min(deadline));
            tokio::select! {
                () = &mut rung => {}
                () = tokio::time::sleep_until(until) => {}
            }
        }
    }

    fn attempt(
        &self,
        name: &str,
        most: usize,
        hidden: Millis,
    ) -> Result<Attempt<impl Future<Output = DbResult<Vec<Received>>> + use<>>, Fault> {
        let mut queues = self.lock();
        let queue = queues.named(name)?.id;
        let now = self.time();
        self.settle(&mut queues, queue, now);
        let mut moves = Moves::default();
        let taken = queues.take(queue, most, now, now + hidden, &mut moves);
        self.follow(moves);
        if taken.is_empty() {
            let look_again = queues.next_due(queue).map(|due| {
                // Never at once: a clock that is held would make this a busy loop.
                let millis = (due - now).max(1).unsigned_abs();
                Instant::now() + Duration::from_millis(millis)
            });
            return Ok(Attempt::Nothing { look_again });
        }
        let standings = taken.clone();
        let write = self
            .db
            .write(move |connection| store::receive(connection, queue, &standings));
        let in_hand = InHand {
            queues: Arc::clone(&self.queues),
            db: self.db.clone(),
            queue,
            taken,
        };
        Ok(Attempt::Taken(in_hand, write))
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        if self.taken.is_empty() {
            return;
        }
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(queue) = queues.by_id_mut(self.queue) else {
            return;
        };
        // Backwards, since each goes before the others of its group.
        let taken = self.taken.iter().rev();
        let back: Vec<_> = taken
            .filter_map(|taken| queue.line.give_back(taken))
            .collect();
        queue.bell.notify_waiters();
        drop(
            self.db
                .write(move |connection| store::restand(connection, &back)),
        );
    }
}

impl ReceiveMessage {
    fn show(&self, received: &Received) -> Value {
        let Received {
            receipt,
            standing,
            id,
            content,
        } = received;
        let mut message = json!({
            "MessageId": id,
            "ReceiptHandle": receipt.handle(),
            "MD5OfBody": content.body_md5(),
            "Body": content.body,
        });
        let system = self.system_attributes(standing, content);
        if !system.is_empty() {
            message["Attributes"] = system.into();
        }
        let names = self.message_attribute_names.as_deref().unwrap_or_default();
        let chosen = asked_for(&content.extra.attributes, names);
        if let Some(digest) = attributes_md5(&chosen) {
            message["MD5OfMessageAttributes"] = digest.into();
            message["MessageAttributes"] = json!(chosen);
        }
        message
    }

    fn system_attributes(&self, standing: &Standing, content: &Content) -> Map<String, Value> {
        let older = self.attribute_names.iter().flatten();
        let asked: Vec<_> = self
            .message_system_attribute_names
            .iter()
            .flatten()
            .chain(older)
            .collect();
        let all = [
            (
                "ApproximateReceiveCount",
                Some(standing.received.to_string()),
            ),
            (
                "ApproximateFirstReceiveTimestamp",
                standing.first_received.map(|at| at.to_string()),
            ),
            ("SentTimestamp", Some(standing.sent_at.to_string())),
            ("SenderId", Some(content.extra.sender.clone())),
            (
                "MessageGroupId",
                standing.group.as_deref().map(str::to_owned),
            ),
            (
                "DeadLetterQueueSourceArn",
                standing.source.as_deref().map(str::to_owned),
            ),
            ("AWSTraceHeader", content.trace().map(str::to_owned)),
        ];
        let wanted = |name: &str| asked.iter().any(|asked| *asked == "All" || *asked == name);
        all.into_iter()
            .filter(|(name, _)| wanted(name))
            .filter_map(|(name, value)| Some((name.to_owned(), value?.into())))
            .collect()
    }
}

fn within(
    name: &str,
    asked: Option<i64>,
    default: i64,
    limits: std::ops::RangeInclusive<i64>,
) -> Result<i64, Fault> {
    let value = asked.unwrap_or(default);
    limits.contains(&value).then_some(value).ok_or_else(|| {
        let (low, high) = (limits.start(), limits.end());
        Fault::invalid_parameter(format!(
            "Value {value} for parameter {name} is invalid. Reason: Must be between {low} and {high}, if provided."
        ))
    })
}
