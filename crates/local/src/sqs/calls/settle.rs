//! What a receiver does with a message that it has: delete it, or hide it for another time.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::sqs::address::Receipt;
use crate::sqs::attributes::LONGEST_HIDDEN;
use crate::sqs::batch::{self, Outcomes};
use crate::sqs::fault::Fault;
use crate::sqs::line::{Millis, NotHidden, Seq};
use crate::sqs::{Sqs, store};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::sqs) struct DeleteMessage {
    #[serde(default)]
    receipt_handle: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::sqs) struct ChangeMessageVisibility {
    #[serde(default)]
    receipt_handle: Option<String>,
    #[serde(default)]
    visibility_timeout: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::sqs) struct DeleteMessageBatch {
    #[serde(default)]
    entries: Vec<Entry<DeleteMessage>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::sqs) struct ChangeMessageVisibilityBatch {
    #[serde(default)]
    entries: Vec<Entry<ChangeMessageVisibility>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry<T> {
    id: String,
    #[serde(flatten)]
    call: T,
}

impl Sqs {
    pub(in crate::sqs) async fn delete_message(
        &self,
        queue: &str,
        call: DeleteMessage,
    ) -> Result<Value, Fault> {
        let receipt = parse(call.receipt_handle.as_deref())?;
        self.delete(queue, &[receipt]).await?;
        Ok(json!({}))
    }

    pub(in crate::sqs) async fn delete_message_batch(
        &self,
        queue: &str,
        call: DeleteMessageBatch,
    ) -> Result<Value, Fault> {
        batch::check(call.entries.iter().map(|entry| entry.id.as_str()))?;
        let mut outcomes = Outcomes::default();
        let mut receipts = Vec::with_capacity(call.entries.len());
        for Entry { id, call } in &call.entries {
            match parse(call.receipt_handle.as_deref()) {
                Ok(receipt) => {
                    receipts.push(receipt);
                    outcomes.succeeded(json!({ "Id": id }));
                }
                Err(fault) => outcomes.failed(id, &fault),
            }
        }
        self.delete(queue, &receipts).await?;
        Ok(outcomes.answer())
    }

    /// Deletes for good. What is not there any more, or was received again since, is left alone:
    /// deleting twice is no error.
    async fn delete(&self, name: &str, receipts: &[Receipt]) -> Result<(), Fault> {
        let write = {
            let mut queues = self.lock();
            let queue = queues.named_mut(name)?;
            let id = queue.id;
            // A receipt of another queue, say one that the message died in, deletes nothing here.
            let ours: Vec<(Seq, u32)> = receipts
                .iter()
                .filter(|receipt| receipt.queue == id)
                .map(|receipt| (receipt.seq, receipt.received))
                .collect();
            for (seq, received) in &ours {
                queue.line.delete(*seq, *received);
            }
            self.db
                .write(move |connection| store::delete(connection, id, &ours))
        };
        Ok(write.await?)
    }

    pub(in crate::sqs) async fn change_message_visibility(
        &self,
        queue: &str,
        call: ChangeMessageVisibility,
    ) -> Result<Value, Fault> {
        let change = call.parse()?;
        match self.hide(queue, vec![change]).await?.pop() {
            Some(Err(fault)) => Err(fault),
            _ => Ok(json!({})),
        }
    }

    pub(in crate::sqs) async fn change_message_visibility_batch(
        &self,
        queue: &str,
        call: ChangeMessageVisibilityBatch,
    ) -> Result<Value, Fault> {
        batch::check(call.entries.iter().map(|entry| entry.id.as_str()))?;
        let mut outcomes = Outcomes::default();
        let (mut ids, mut changes) = (Vec::new(), Vec::new());
        for Entry { id, call } in &call.entries {
            match call.parse() {
                Ok(change) => {
                    ids.push(id);
                    changes.push(change);
                }
                Err(fault) => outcomes.failed(id, &fault),
            }
        }
        for (id, outcome) in ids.into_iter().zip(self.hide(queue, changes).await?) {
            match outcome {
                Ok(()) => outcomes.succeeded(json!({ "Id": id })),
                Err(fault) => outcomes.failed(id, &fault),
            }
        }
        Ok(outcomes.answer())
    }

    /// Hides messages in flight for other times, counted from now. Outcomes in the order of the
    /// changes.
    async fn hide(
        &self,
        name: &str,
        changes: Vec<(Receipt, Millis)>,
    ) -> Result<Vec<Result<(), Fault>>, Fault> {
        let (outcomes, write) = {
            let mut queues = self.lock();
            let now = self.time();
            let id = queues.named(name)?.id;
            self.settle(&mut queues, id, now);
            let queue = queues.named_mut(name)?;
            let mut hidden: Vec<(Seq, u32, Millis)> = Vec::with_capacity(changes.len());
            let mut outcomes = Vec::with_capacity(changes.len());
            for (
                Receipt {
                    queue: of,
                    seq,
                    received,
                },
                timeout,
            ) in changes
            {
                let until = now + timeout;
                let longest = Millis::from(LONGEST_HIDDEN) * 1_000;
                let outcome = match of == id {
                    true => queue.line.hide(seq, received, until, longest),
                    false => Err(NotHidden::Gone),
                };
                if outcome.is_ok() {
                    hidden.push((seq, received, until));
                }
                outcomes.push(outcome.map_err(fault));
            }
            queue.bell.notify_waiters();
            queues.ring_dead_letters(id);
            let write = self
                .db
                .write(move |connection| store::hide(connection, &hidden));
            // What is hidden for no time is back at once, or dead.
            self.settle(&mut queues, id, now);
            (outcomes, write)
        };
        write.await?;
        Ok(outcomes)
    }
}

impl ChangeMessageVisibility {
    fn parse(&self) -> Result<(Receipt, Millis), Fault> {
        let receipt = parse(self.receipt_handle.as_deref())?;
        let timeout = self
            .visibility_timeout
            .ok_or_else(|| Fault::missing_parameter("VisibilityTimeout"))?;
        if !(0..=i64::from(LONGEST_HIDDEN)).contains(&timeout) {
            return Err(Fault::invalid_parameter(format!(
                "Value {timeout} for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and {LONGEST_HIDDEN}."
            )));
        }
        Ok((receipt, timeout * 1_000))
    }
}

fn parse(handle: Option<&str>) -> Result<Receipt, Fault> {
    Receipt::parse(handle.ok_or_else(|| Fault::missing_parameter("ReceiptHandle"))?)
}

fn fault(reason: NotHidden) -> Fault {
    match reason {
        NotHidden::Gone => Fault::invalid_parameter(
            "Value for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.",
        ),
        NotHidden::NotInFlight => Fault::message_not_inflight(),
        NotHidden::TooLong => Fault::invalid_parameter(format!(
            "Total VisibilityTimeout for the message is beyond the limit [{LONGEST_HIDDEN} seconds]."
        )),
    }
}
