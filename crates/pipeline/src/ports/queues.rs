use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::PortResult;

/// One message to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendEntry {
    pub body: String,
    /// Fair queues: a company's messages are served beside the other companies', not before them.
    pub group: Option<String>,
    pub delay: Option<Duration>,
}

/// One message as received. Delete it by its receipt handle, only after a durable write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub message_id: String,
    pub receipt_handle: String,
    pub body: String,
    /// 1 at the first receive.
    pub receive_count: u32,
    /// The group that it was sent with.
    pub group: Option<String>,
}

/// Entries of a batch call that did not go through, by their place in the call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueFaults(pub Vec<(usize, String)>);

/// One SQS queue, standard kind: at least once, in no order that anyone may rely on.
#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait Queue: Send + Sync + 'static {
    /// Sends any number, in requests of at most ten and 1 MiB. What comes back was not sent.
    async fn send(&self, entries: Vec<SendEntry>) -> PortResult<QueueFaults>;

    /// At most `max` (up to 10), waiting up to `wait` (up to 20 s) for the first.
    async fn receive(&self, max: u32, wait: Duration) -> PortResult<Vec<Received>>;

    /// Deletes any number, in requests of ten. What comes back will be received again.
    async fn delete(&self, receipt_handles: Vec<String>) -> PortResult<QueueFaults>;

    /// Hides a message for `timeout` from now on; zero gives it back at once.
    async fn change_visibility(&self, receipt_handle: &str, timeout: Duration) -> PortResult<()>;
}

/// All queues that the pipeline may use, by name. Names outlive addresses: what is stored is the
/// name.
#[async_trait]
pub trait Queues: Send + Sync + 'static {
    /// Makes the queue where it is not there, and opens it.
    async fn ensure(&self, name: &str) -> PortResult<Arc<dyn Queue>>;

    /// Opens a queue that is there. [`super::PortError::Refused`] where it is not.
    async fn open(&self, name: &str) -> PortResult<Arc<dyn Queue>>;

    /// The address that a client is given.
    async fn url(&self, name: &str) -> PortResult<String>;

    /// Whether the service answers.
    async fn is_well(&self) -> bool;
}
