//! Sending messages.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::sqs::attributes::{Attributes, LONGEST_DELAY, MOST_BYTES};
use crate::sqs::batch::{self, Outcomes};
use crate::sqs::content::{Content, Extra, Values, attributes_md5, too_long};
use crate::sqs::fault::Fault;
use crate::sqs::line::{Millis, Place, Standing};
use crate::sqs::store::Sent;
use crate::sqs::{Sqs, store};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::sqs) struct SendMessage {
    #[serde(default)]
    message_body: Option<String>,
    #[serde(default)]
    delay_seconds: Option<i64>,
    #[serde(default)]
    message_attributes: Option<Values>,
    #[serde(default)]
    message_system_attributes: Option<Values>,
    #[serde(default)]
    message_group_id: Option<String>,
    #[serde(default)]
    message_deduplication_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::sqs) struct SendMessageBatch {
    #[serde(default)]
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    id: String,
    #[serde(flatten)]
    message: SendMessage,
}

/// A message that was found fit to be sent.
struct Ready {
    id: Uuid,
    content: Content,
    group: Option<Arc<str>>,
    delay: Millis,
}

impl Sqs {
    pub(in crate::sqs) async fn send_message(
        &self,
        queue: &str,
        sender: &str,
        call: SendMessage,
    ) -> Result<Value, Fault> {
        let attributes = self.lock().named(queue)?.attributes.clone();
        let ready = call.prepare(sender, &attributes)?;
        let receipt = ready.receipt();
        self.put(queue, vec![ready]).await?;
        Ok(receipt)
    }

    pub(in crate::sqs) async fn send_message_batch(
        &self,
        queue: &str,
        sender: &str,
        call: SendMessageBatch,
    ) -> Result<Value, Fault> {
        batch::check(call.entries.iter().map(|entry| entry.id.as_str()))?;
        let attributes = self.lock().named(queue)?.attributes.clone();
        let mut outcomes = Outcomes::default();
        let mut size = 0;
        let mut ready = Vec::with_capacity(call.entries.len());
        for Entry { id, message } in call.entries {
            size += message.message_body.as_ref().map_or(0, String::len);
            match message.prepare(sender, &attributes) {
                Ok(message) => {
                    size += message.content.size() - message.content.body.len();
                    let mut receipt = message.receipt();
                    receipt["Id"] = id.into();
                    outcomes.succeeded(receipt);
                    ready.push(message);
                }
                Err(fault) => outcomes.failed(&id, &fault),
            }
        }
        if size > MOST_BYTES as usize {
            return Err(Fault::batch_request_too_long(size));
        }
        self.put(queue, ready).await?;
        Ok(outcomes.answer())
    }

    /// Puts messages into a queue; on the disk when this returns.
    async fn put(&self, name: &str, messages: Vec<Ready>) -> Result<(), Fault> {
        if messages.is_empty() {
            return Ok(());
        }
        let (id, seqs, write) = {
            let mut queues = self.lock();
            let id = queues.named(name)?.id;
            let now = self.time();
            let sent: Vec<_> = messages
                .into_iter()
                .map(|message| message.sent(queues.number(), now))
                .collect();
            let queue = queues.named_mut(name)?;
            for message in &sent {
                queue.line.add(message.standing.clone());
            }
            queue.bell.notify_waiters();
            let seqs: Vec<_> = sent.iter().map(|message| message.standing.seq).collect();
            let write = self
                .db
                .write(move |connection| store::insert(connection, id, &sent));
            (id, seqs, write)
        };
        if let Err(error) = write.await {
            if let Some(queue) = self.lock().by_id_mut(id) {
                seqs.iter().for_each(|seq| drop(queue.line.remove(*seq)));
            }
            return Err(error.into());
        }
        Ok(())
    }
}

impl SendMessage {
    fn prepare(self, sender: &str, queue: &Attributes) -> Result<Ready, Fault> {
        if self.message_deduplication_id.is_some() {
            return Err(Fault::invalid_parameter(
                "The request includes a parameter that is not valid for this queue type: MessageDeduplicationId.",
            ));
        }
        let group = self.message_group_id;
        if group.as_deref().is_some_and(|group| !is_group(group)) {
            return Err(Fault::invalid_parameter(
                "MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.",
            ));
        }
        let delay = self.delay_seconds.unwrap_or(i64::from(queue.delay));
        if !(0..=i64::from(LONGEST_DELAY)).contains(&delay) {
            return Err(Fault::invalid_parameter(format!(
                "Value {delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= {LONGEST_DELAY}."
            )));
        }
        let content = Content {
            body: self.message_body.unwrap_or_default(),
            extra: Extra {
                attributes: self.message_attributes.unwrap_or_default(),
                system: self.message_system_attributes.unwrap_or_default(),
                sender: sender.to_owned(),
            },
        };
        if content.size() > queue.most_bytes as usize {
            return Err(too_long(queue.most_bytes));
        }
        content.check()?;
        Ok(Ready {
            id: Uuid::now_v7(),
            content,
            group: group.map(Arc::from),
            delay: delay * 1_000,
        })
    }
}

impl Ready {
    fn receipt(&self) -> Value {
        let mut receipt =
            json!({ "MessageId": self.id, "MD5OfMessageBody": self.content.body_md5() });
        if let Some(digest) = attributes_md5(&self.content.extra.attributes) {
            receipt["MD5OfMessageAttributes"] = digest.into();
        }
        if let Some(digest) = attributes_md5(&self.content.extra.system) {
            receipt["MD5OfMessageSystemAttributes"] = digest.into();
        }
        receipt
    }

    fn sent(self, seq: i64, now: Millis) -> Sent {
        Sent {
            id: self.id,
            standing: Standing {
                seq,
                place: match self.delay {
                    0 => Place::Ready,
                    delay => Place::Delayed { until: now + delay },
                },
                group: self.group,
                sent_at: now,
                first_received: None,
                received: 0,
                received_here: 0,
                source: None,
            },
            content: self.content,
        }
    }
}

fn is_group(group: &str) -> bool {
    (1..=128).contains(&group.len())
        && group
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b.is_ascii_punctuation())
}
