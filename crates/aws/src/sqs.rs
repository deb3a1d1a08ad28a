//! Queues, by the SQS protocol.
//!
//! Credentials that have ended are asked for again, once, and the request is sent again with the
//! new ones. Everything else is left to the SDK's retries.

mod batches;
mod queue;
mod queues;

pub use queue::SqsQueue;
pub use queues::{QueueTerms, SqsQueues};

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::ProvideErrorMetadata;
use pipeline::ports::{PortError, PortResult};

use crate::Connection;
use crate::faults::{Fault, has_ended, port_error};

pub(crate) const PORT: &str = "queues";

/// A client and the keys that it signs with. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Sqs {
    client: Client,
    keys: crate::connection::Keys,
}

impl Sqs {
    fn new(connection: &Connection) -> Self {
        let settings = connection.settings();
        Self {
            client: Client::new(&settings.sdk),
            keys: settings.keys,
        }
    }

    /// Sends a request, and once more with new credentials where the old ones have ended.
    async fn call<T, E, F>(&self, request: impl Fn(&Client) -> F) -> Result<T, Fault<E>>
    where
        E: ProvideErrorMetadata,
        F: Future<Output = Result<T, Fault<E>>>,
    {
        match request(&self.client).await {
            Err(error) if has_ended(&error) && self.keys.forget().await => {
                request(&self.client).await
            }
            outcome => outcome,
        }
    }

    async fn ask<T, E, F>(&self, request: impl Fn(&Client) -> F) -> PortResult<T>
    where
        E: ProvideErrorMetadata,
        F: Future<Output = Result<T, Fault<E>>>,
    {
        let outcome: Result<T, PortError> = self
            .call(request)
            .await
            .map_err(|error| port_error(PORT, &error));
        outcome
    }
}
