//! One queue.

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sqs::types::{
    BatchResultErrorEntry, DeleteMessageBatchRequestEntry, MessageSystemAttributeName,
    QueueAttributeName, SendMessageBatchRequestEntry,
};
use pipeline::ports::{PortError, PortResult, Queue, QueueFaults, Received, SendEntry};

use super::batches::{ENTRIES, cut};
use super::{PORT, Sqs};
use crate::Connection;

/// One SQS queue by its URL. The methods are those of [`Queue`], for callers that know no port.
#[derive(Clone, Debug)]
pub struct SqsQueue {
    sqs: Sqs,
    url: String,
}

impl SqsQueue {
    /// Opens nothing yet: the first request does.
    pub fn new(connection: &Connection, url: impl Into<String>) -> Self {
        Self::of(Sqs::new(connection), url.into())
    }

    pub(crate) fn of(sqs: Sqs, url: String) -> Self {
        Self { sqs, url }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Sends any number, in requests of at most ten and 1 MiB. What comes back was not sent, by
    /// its place in `entries`; an error means that nothing was.
    pub async fn send(&self, entries: Vec<SendEntry>) -> PortResult<QueueFaults> {
        let sizes: Vec<_> = entries.iter().map(|entry| entry.body.len()).collect();
        let mut account = Account::new(entries.len());
        for range in cut(&sizes) {
            let start = range.start;
            let batch = entries[range.clone()]
                .iter()
                .enumerate()
                .map(|(at, entry)| {
                    SendMessageBatchRequestEntry::builder()
                        .id((start + at).to_string())
                        .message_body(&entry.body)
                        .set_message_group_id(entry.group.clone())
                        .set_delay_seconds(entry.delay.map(seconds))
                        .build()
                        .map_err(|error| PortError::refused(PORT, error))
                })
                .collect::<PortResult<Vec<_>>>()?;
            let answer = self
                .sqs
                .ask(|client| {
                    client
                        .send_message_batch()
                        .queue_url(&self.url)
                        .set_entries(Some(batch.clone()))
                        .send()
                })
                .await;
            match answer {
                Ok(answer) => account.sent(range.len(), &answer.failed),
                Err(error) => return account.broke_off(start, error),
            }
        }
        Ok(account.faults)
    }

    /// At most `max` (up to 10), waiting up to `wait` (up to 20 s) for the first.
    pub async fn receive(&self, max: u32, wait: Duration) -> PortResult<Vec<Received>> {
        let max = i32::try_from(max.clamp(1, 10)).unwrap_or(10);
        let answer = self
            .sqs
            .ask(|client| {
                client
                    .receive_message()
                    .queue_url(&self.url)
                    .max_number_of_messages(max)
                    .wait_time_seconds(seconds(wait))
                    .message_system_attribute_names(
                        MessageSystemAttributeName::ApproximateReceiveCount,
                    )
                    .message_system_attribute_names(MessageSystemAttributeName::MessageGroupId)
                    .send()
            })
            .await?;
        let messages = answer.messages.unwrap_or_default().into_iter();
        Ok(messages
            .filter_map(|message| {
                let mut attributes = message.attributes.unwrap_or_default();
                let count = attributes
                    .get(&MessageSystemAttributeName::ApproximateReceiveCount)
                    .and_then(|count| count.parse().ok());
                Some(Received {
                    message_id: message.message_id?,
                    receipt_handle: message.receipt_handle?,
                    body: message.body.unwrap_or_default(),
                    receive_count: count.unwrap_or(1),
                    group: attributes.remove(&MessageSystemAttributeName::MessageGroupId),
                })
            })
            .collect())
    }

    /// Deletes any number, in requests of ten. What comes back will be received again; an error
    /// means that nothing was deleted.
    pub async fn delete(&self, receipt_handles: Vec<String>) -> PortResult<QueueFaults> {
        let mut account = Account::new(receipt_handles.len());
        for (nth, handles) in receipt_handles.chunks(ENTRIES).enumerate() {
            let start = nth * ENTRIES;
            let batch = handles
                .iter()
                .enumerate()
                .map(|(at, handle)| {
                    DeleteMessageBatchRequestEntry::builder()
                        .id((start + at).to_string())
                        .receipt_handle(handle)
                        .build()
                        .map_err(|error| PortError::refused(PORT, error))
                })
                .collect::<PortResult<Vec<_>>>()?;
            let answer = self
                .sqs
                .ask(|client| {
                    client
                        .delete_message_batch()
                        .queue_url(&self.url)
                        .set_entries(Some(batch.clone()))
                        .send()
                })
                .await;
            match answer {
                Ok(answer) => account.sent(handles.len(), &answer.failed),
                Err(error) => return account.broke_off(start, error),
            }
        }
        Ok(account.faults)
    }

    /// Hides a message for `timeout` from now on; zero gives it back at once.
    pub async fn change_visibility(
        &self,
        receipt_handle: &str,
        timeout: Duration,
    ) -> PortResult<()> {
        self.sqs
            .ask(|client| {
                client
                    .change_message_visibility()
                    .queue_url(&self.url)
                    .receipt_handle(receipt_handle)
                    .visibility_timeout(seconds(timeout))
                    .send()
            })
            .await?;
        Ok(())
    }

    /// Messages that lie here, hidden and delayed ones included. SQS tells it about right.
    pub async fn lying(&self) -> PortResult<u64> {
        let counts = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
            QueueAttributeName::ApproximateNumberOfMessagesDelayed,
        ];
        let answer = self
            .sqs
            .ask(|client| {
                client
                    .get_queue_attributes()
                    .queue_url(&self.url)
                    .set_attribute_names(Some(counts.to_vec()))
                    .send()
            })
            .await?;
        let told = answer.attributes.unwrap_or_default();
        let count = |name| told.get(name)?.parse::<u64>().ok();
        Ok(counts.iter().filter_map(count).sum())
    }
}

#[async_trait]
impl Queue for SqsQueue {
    async fn send(&self, entries: Vec<SendEntry>) -> PortResult<QueueFaults> {
        SqsQueue::send(self, entries).await
    }

    async fn receive(&self, max: u32, wait: Duration) -> PortResult<Vec<Received>> {
        SqsQueue::receive(self, max, wait).await
    }

    async fn delete(&self, receipt_handles: Vec<String>) -> PortResult<QueueFaults> {
        SqsQueue::delete(self, receipt_handles).await
    }

    async fn change_visibility(&self, receipt_handle: &str, timeout: Duration) -> PortResult<()> {
        SqsQueue::change_visibility(self, receipt_handle, timeout).await
    }
}

/// What became of the entries of a call that took several requests.
struct Account {
    total: usize,
    /// Some request went through.
    some: bool,
    faults: QueueFaults,
}

impl Account {
    fn new(total: usize) -> Self {
        Self {
            total,
            some: false,
            faults: QueueFaults::default(),
        }
    }

    fn sent(&mut self, entries: usize, failed: &[BatchResultErrorEntry]) {
        self.some |= failed.len() < entries;
        for fault in failed {
            if let Ok(place) = fault.id().parse() {
                self.faults.0.push((place, fault.code().to_owned()));
            }
        }
    }

    /// A request failed as a whole: it and those after it were not made. That is an error where
    /// nothing went through, and faults by place where something did.
    fn broke_off(mut self, start: usize, error: PortError) -> PortResult<QueueFaults> {
        if !self.some {
            return Err(error);
        }
        let why = error.to_string();
        let rest = (start..self.total).map(|place| (place, why.clone()));
        self.faults.0.extend(rest);
        Ok(self.faults)
    }
}

fn seconds(duration: Duration) -> i32 {
    i32::try_from(duration.as_secs()).unwrap_or(i32::MAX)
}
