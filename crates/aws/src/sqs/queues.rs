//! All queues of a pipeline, by name.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sqs::types::QueueAttributeName;
use pipeline::ports::{PortError, PortResult, Queue, Queues};

use super::{PORT, Sqs, SqsQueue};
use crate::Connection;
use crate::faults::port_error;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What a queue is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueTerms {
    /// How long a received message is hidden.
    pub visibility: Duration,
    pub retention: Duration,
    /// After so many receives a message goes to `<name>-dlq`, which keeps it for 14 days, longer
    /// than any source, because its age counts from its first sending.
    pub max_receives: Option<u32>,
}

impl QueueTerms {
    /// Working queues have a DLQ. Status and rejected queues have none: the row store holds what
    /// they say, and whoever was away too long reads it there.
    pub fn of(name: &str) -> Self {
        let delivers = name.starts_with("muster-status-") || name.starts_with("muster-rejected-");
        Self {
            visibility: Duration::from_secs(30),
            retention: 4 * DAY,
            max_receives: (!delivers).then_some(3),
        }
    }

    fn dlq() -> Self {
        Self {
            visibility: Duration::from_secs(30),
            retention: 14 * DAY,
            max_receives: None,
        }
    }
}

/// Opens queues, and makes them where they are not there.
pub struct SqsQueues {
    sqs: Sqs,
    terms: fn(&str) -> QueueTerms,
    known: RwLock<HashMap<String, Arc<SqsQueue>>>,
}

impl SqsQueues {
    /// `terms` says what a queue of a name is made with; [`QueueTerms::of`] is the usual table.
    pub fn new(connection: &Connection, terms: fn(&str) -> QueueTerms) -> Self {
        Self {
            sqs: Sqs::new(connection),
            terms,
            known: RwLock::default(),
        }
    }

    /// [`Queues::ensure`], as what it is.
    pub async fn ensure(&self, name: &str) -> PortResult<Arc<SqsQueue>> {
        if let Some(queue) = self.known(name) {
            return Ok(queue);
        }
        let terms = (self.terms)(name);
        let mut attributes = attributes(terms);
        if let Some(max_receives) = terms.max_receives {
            let dlq = format!("{name}-dlq");
            let url = self.make(&dlq, self::attributes(QueueTerms::dlq())).await?;
            let policy = serde_json::json!({
                "deadLetterTargetArn": self.arn(&url).await?,
                "maxReceiveCount": max_receives.to_string(),
            });
            attributes.insert(QueueAttributeName::RedrivePolicy, policy.to_string());
            self.keep(&dlq, url);
        }
        let url = self.make(name, attributes).await?;
        Ok(self.keep(name, url))
    }

    /// [`Queues::open`], as what it is.
    pub async fn open(&self, name: &str) -> PortResult<Arc<SqsQueue>> {
        if let Some(queue) = self.known(name) {
            return Ok(queue);
        }
        let url = self.find(name).await?;
        Ok(self.keep(name, url))
    }

    /// Lets S3 send what it tells of a bucket to a queue that is there. The queue's ARN.
    pub async fn admit_bucket(&self, name: &str, bucket: &str) -> PortResult<String> {
        let queue = self.open(name).await?;
        let arn = self.arn(queue.url()).await?;
        let policy = serde_json::json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Principal": { "Service": "s3.amazonaws.com" },
                "Action": "sqs:SendMessage",
                "Resource": arn,
                "Condition": { "ArnEquals": { "aws:SourceArn": format!("arn:aws:s3:::{bucket}") } },
            }],
        });
        self.sqs
            .ask(|client| {
                client
                    .set_queue_attributes()
                    .queue_url(queue.url())
                    .attributes(QueueAttributeName::Policy, policy.to_string())
                    .send()
            })
            .await?;
        Ok(arn)
    }

    fn known(&self, name: &str) -> Option<Arc<SqsQueue>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.get(name).cloned()
    }

    fn keep(&self, name: &str, url: String) -> Arc<SqsQueue> {
        let queue = Arc::new(SqsQueue::of(self.sqs.clone(), url));
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(name.to_owned(), Arc::clone(&queue));
        queue
    }

    /// Makes the queue; one that is there with other terms gets these.
    async fn make(
        &self,
        name: &str,
        attributes: HashMap<QueueAttributeName, String>,
    ) -> PortResult<String> {
        let made = self
            .sqs
            .call(|client| {
                client
                    .create_queue()
                    .queue_name(name)
                    .set_attributes(Some(attributes.clone()))
                    .send()
            })
            .await;
        match made {
            Ok(made) => made.queue_url.ok_or_else(no_address),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_queue_name_exists()) =>
            {
                let url = self.find(name).await?;
                self.sqs
                    .ask(|client| {
                        client
                            .set_queue_attributes()
                            .queue_url(&url)
                            .set_attributes(Some(attributes.clone()))
                            .send()
                    })
                    .await?;
                Ok(url)
            }
            Err(error) => Err(port_error(PORT, &error)),
        }
    }

    async fn find(&self, name: &str) -> PortResult<String> {
        let found = self
            .sqs
            .ask(|client| client.get_queue_url().queue_name(name).send())
            .await?;
        found.queue_url.ok_or_else(no_address)
    }

    async fn arn(&self, url: &str) -> PortResult<String> {
        let asked = self
            .sqs
            .ask(|client| {
                client
                    .get_queue_attributes()
                    .queue_url(url)
                    .attribute_names(QueueAttributeName::QueueArn)
                    .send()
            })
            .await?;
        asked
            .attributes
            .and_then(|mut attributes| attributes.remove(&QueueAttributeName::QueueArn))
            .ok_or_else(|| PortError::refused(PORT, "a queue without an ARN"))
    }
}

#[async_trait]
impl Queues for SqsQueues {
    async fn ensure(&self, name: &str) -> PortResult<Arc<dyn Queue>> {
        Ok(SqsQueues::ensure(self, name).await?)
    }

    async fn open(&self, name: &str) -> PortResult<Arc<dyn Queue>> {
        Ok(SqsQueues::open(self, name).await?)
    }

    async fn url(&self, name: &str) -> PortResult<String> {
        Ok(SqsQueues::open(self, name).await?.url().to_owned())
    }

    async fn is_well(&self) -> bool {
        let asked = self
            .sqs
            .ask(|client| client.list_queues().max_results(1).send());
        asked.await.is_ok()
    }
}

fn attributes(terms: QueueTerms) -> HashMap<QueueAttributeName, String> {
    HashMap::from([
        (
            QueueAttributeName::VisibilityTimeout,
            terms.visibility.as_secs().to_string(),
        ),
        (
            QueueAttributeName::MessageRetentionPeriod,
            terms.retention.as_secs().to_string(),
        ),
    ])
}

fn no_address() -> PortError {
    PortError::refused(PORT, "a queue without an address")
}
