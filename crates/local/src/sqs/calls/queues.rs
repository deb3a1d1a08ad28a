//! Making, listing, changing, emptying and deleting queues.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::sqs::attributes::{Attributes, Map};
use crate::sqs::fault::Fault;
use crate::sqs::line::Line;
use crate::sqs::queues::Queue;
use crate::sqs::{Sqs, address, store};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::sqs) struct CreateQueue {
    #[serde(default)]
    attributes: Option<Map>,
    #[serde(default, rename = "tags")]
    tags: Option<Map>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::sqs) struct SetQueueAttributes {
    attributes: Map,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::sqs) struct GetQueueAttributes {
    #[serde(default)]
    attribute_names: Option<Vec<String>>,
}

/// What ListQueues and ListDeadLetterSourceQueues share.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::sqs) struct List {
    #[serde(default)]
    queue_name_prefix: Option<String>,
    #[serde(default)]
    max_results: Option<i64>,
    #[serde(default)]
    next_token: Option<String>,
}

/// Attributes that may be asked for though nothing sets them here.
const UNSET: [&str; 7] = [
    "Policy",
    "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds",
    "FifoQueue",
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "FifoThroughputLimit",
];

impl Sqs {
    pub(in crate::sqs) async fn create_queue(
        &self,
        name: &str,
        call: CreateQueue,
    ) -> Result<Value, Fault> {
        if call.tags.is_some_and(|tags| !tags.is_empty()) {
            return Err(Fault::unsupported("Tags"));
        }
        self.make_queue(name, &call.attributes.unwrap_or_default())
            .await?;
        Ok(json!({ "QueueUrl": self.queue_url(name) }))
    }

    /// Makes a queue, or finds it there with the same attributes.
    pub(in crate::sqs) async fn make_queue(&self, name: &str, wanted: &Map) -> Result<(), Fault> {
        address::check_name(name)?;
        let attributes = Attributes::default().with(wanted)?;
        let (id, write) = {
            let mut queues = self.lock();
            if let Ok(queue) = queues.named(name) {
                return check_same(queue, wanted);
            }
            queues.check_redrive(name, &attributes)?;
            let (id, now, map) = (queues.number(), self.time(), attributes.to_map());
            queues.insert(Queue::new(id, name.to_owned(), attributes, now));
            queues.relink();
            let name = name.to_owned();
            let write = self
                .db
                .write(move |connection| store::put_queue(connection, id, &name, (now, now), &map));
            (id, write)
        };
        if let Err(error) = write.await {
            let mut queues = self.lock();
            if queues.named(name).is_ok_and(|queue| queue.id == id) {
                queues.remove(name)?;
            }
            return Err(error.into());
        }
        Ok(())
    }

    pub(in crate::sqs) async fn delete_queue(&self, name: &str) -> Result<Value, Fault> {
        let write = {
            let mut queues = self.lock();
            let id = queues.remove(name)?.id;
            self.db
                .write(move |connection| store::delete_queue(connection, id))
        };
        write.await?;
        Ok(json!({}))
    }

    pub(in crate::sqs) fn get_queue_url(&self, name: &str) -> Result<Value, Fault> {
        self.lock().named(name)?;
        Ok(json!({ "QueueUrl": self.queue_url(name) }))
    }

    pub(in crate::sqs) fn list_queues(&self, call: &List) -> Result<Value, Fault> {
        let queues = self.lock();
        let after = call.after()?;
        let prefix = call.queue_name_prefix.as_deref().unwrap_or_default();
        self.page(call, "QueueUrls", queues.names(prefix, &after))
    }

    pub(in crate::sqs) fn list_dead_letter_source_queues(
        &self,
        name: &str,
        call: &List,
    ) -> Result<Value, Fault> {
        let queues = self.lock();
        let after = call.after()?;
        let sources = queues.sources(queues.named(name)?);
        let rest = sources.into_iter().filter(|name| *name > after.as_str());
        self.page(call, "queueUrls", rest)
    }

    fn page<'q>(
        &self,
        call: &List,
        key: &str,
        mut names: impl Iterator<Item = &'q str>,
    ) -> Result<Value, Fault> {
        let most = call.most()?;
        let page: Vec<_> = names.by_ref().take(most).collect();
        let urls: Vec<_> = page.iter().map(|name| self.queue_url(name)).collect();
        let mut answer = json!({ key: urls });
        if call.max_results.is_some() && names.next().is_some() {
            answer["NextToken"] = page.last().map(|name| URL_SAFE_NO_PAD.encode(name)).into();
        }
        Ok(answer)
    }

    pub(in crate::sqs) fn get_queue_attributes(
        &self,
        name: &str,
        call: &GetQueueAttributes,
    ) -> Result<Value, Fault> {
        let mut queues = self.lock();
        let id = queues.named(name)?.id;
        self.settle(&mut queues, id, self.time());
        let all = describe(queues.named(name)?);
        let asked = call.attribute_names.as_deref().unwrap_or_default();
        for name in asked {
            if name != "All" && !all.contains_key(name) && !is_attribute(name) {
                return Err(Fault::invalid_attribute_name(name));
            }
        }
        let wanted = |name: &String| asked.iter().any(|asked| asked == "All" || asked == name);
        let chosen: Map = all.into_iter().filter(|(name, _)| wanted(name)).collect();
        Ok(if chosen.is_empty() {
            json!({})
        } else {
            json!({ "Attributes": chosen })
        })
    }

    pub(in crate::sqs) async fn set_queue_attributes(
        &self,
        name: &str,
        call: SetQueueAttributes,
    ) -> Result<Value, Fault> {
        self.change_queue(name, &call.attributes).await?;
        Ok(json!({}))
    }

    pub(in crate::sqs) async fn change_queue(
        &self,
        name: &str,
        changes: &Map,
    ) -> Result<(), Fault> {
        let (id, before, write) = {
            let mut queues = self.lock();
            let queue = queues.named(name)?;
            let attributes = queue.attributes.with(changes)?;
            if attributes.redrive != queue.attributes.redrive {
                queues.check_redrive(name, &attributes)?;
            }
            let now = self.time();
            let queue = queues.named_mut(name)?;
            let before = std::mem::replace(&mut queue.attributes, attributes);
            queue.modified = now;
            let (id, created, map) = (queue.id, queue.created, queue.attributes.to_map());
            // Shorter retention or another redrive policy may change what is there.
            queue.bell.notify_waiters();
            queues.relink();
            let name = name.to_owned();
            let write = self.db.write(move |connection| {
                store::put_queue(connection, id, &name, (created, now), &map)
            });
            (id, before, write)
        };
        if let Err(error) = write.await {
            let mut queues = self.lock();
            if let Some(queue) = queues.by_id_mut(id) {
                queue.attributes = before;
            }
            queues.relink();
            return Err(error.into());
        }
        Ok(())
    }

    pub(in crate::sqs) async fn purge_queue(&self, name: &str) -> Result<Value, Fault> {
        let write = {
            let mut queues = self.lock();
            let queue = queues.named_mut(name)?;
            queue.line = Line::default();
            let id = queue.id;
            self.db
                .write(move |connection| store::purge(connection, id))
        };
        write.await?;
        Ok(json!({}))
    }
}

impl List {
    fn after(&self) -> Result<String, Fault> {
        let Some(token) = &self.next_token else {
            return Ok(String::new());
        };
        let invalid = || Fault::invalid_parameter("Invalid or expired next token.");
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| invalid())?;
        String::from_utf8(bytes).map_err(|_| invalid())
    }

    fn most(&self) -> Result<usize, Fault> {
        let most = usize::try_from(self.max_results.unwrap_or(1_000)).unwrap_or(0);
        (1..=1_000).contains(&most).then_some(most).ok_or_else(|| {
            Fault::invalid_parameter(
                "Value for parameter MaxResults is invalid. Reason: Must be between 1 and 1000.",
            )
        })
    }
}

fn check_same(queue: &Queue, wanted: &Map) -> Result<(), Fault> {
    let there = queue.attributes.to_map();
    let same = queue.attributes.with(wanted)?.to_map();
    match same
        .iter()
        .find(|(name, value)| there.get(*name) != Some(value))
    {
        Some((name, _)) => Err(Fault::queue_name_exists(&queue.name, name)),
        None => Ok(()),
    }
}

fn describe(queue: &Queue) -> Map {
    let mut all = queue.attributes.to_map();
    let tally = queue.line.tally();
    let seconds = |millis: i64| (millis / 1_000).to_string();
    for (name, value) in [
        ("QueueArn", address::arn(&queue.name)),
        ("CreatedTimestamp", seconds(queue.created)),
        ("LastModifiedTimestamp", seconds(queue.modified)),
        ("ApproximateNumberOfMessages", tally.ready.to_string()),
        (
            "ApproximateNumberOfMessagesDelayed",
            tally.delayed.to_string(),
        ),
        (
            "ApproximateNumberOfMessagesNotVisible",
            tally.in_flight.to_string(),
        ),
        ("SqsManagedSseEnabled", "false".to_owned()),
    ] {
        all.insert(name.to_owned(), value);
    }
    all
}

fn is_attribute(name: &str) -> bool {
    UNSET.contains(&name) || matches!(name, "RedrivePolicy" | "RedriveAllowPolicy")
}
