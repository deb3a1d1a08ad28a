//! The loop of a queue consumer: receive, hand over, then delete what is done with and give back
//! what is not. Knows nothing of what the messages mean.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::backoff::Backoff;
use crate::ports::{Queue, Received};

/// What is to become of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// Its effect is durable, or it can have none.
    Delete,
    /// It may be received again after this time. Three receives, then the dead-letter queue.
    Retry(Duration),
}

#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// For each message, in order, what is to become of it. A message without an answer stays
    /// hidden until its visibility runs out.
    async fn handle(&self, messages: &[Received]) -> Vec<Done>;

    /// Resolves when it makes sense to receive: nothing is received before.
    async fn ready(&self) {}
}

/// How a loop runs.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Messages in a receive, up to 10.
    pub at_once: u32,
    /// The queue's visibility timeout: extended by this while a message is being worked on.
    pub visibility: Duration,
}

/// 20 s: the longest that SQS waits, and the fewest idle requests.
const LONG_POLL: Duration = Duration::from_secs(20);

/// Runs until `stop`. What was received before that is handled to its end.
pub async fn run(
    name: &'static str,
    queue: Arc<dyn Queue>,
    handler: Arc<dyn Handler>,
    pace: Pace,
    stop: CancellationToken,
) {
    let backoff = Backoff {
        base: Duration::from_millis(100),
        cap: Duration::from_secs(10),
    };
    let mut failures = 0;
    loop {
        let received = tokio::select! {
            () = stop.cancelled() => return,
            received = async {
                handler.ready().await;
                queue.receive(pace.at_once, LONG_POLL).await
            } => received,
        };
        match received {
            Ok(messages) if messages.is_empty() => failures = 0,
            Ok(messages) => {
                failures = 0;
                work(name, &*queue, &*handler, pace, &messages).await;
            }
            Err(error) => {
                failures += 1;
                tracing::warn!(consumer = name, %error, failures, "cannot receive");
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(backoff.after(failures)) => {}
                }
            }
        }
    }
}

async fn work(
    name: &'static str,
    queue: &dyn Queue,
    handler: &dyn Handler,
    pace: Pace,
    messages: &[Received],
) {
    let verdicts = tokio::select! {
        verdicts = handler.handle(messages) => verdicts,
        () = keep_hidden(queue, pace.visibility, messages) => return,
    };
    let mut done = Vec::with_capacity(messages.len());
    for (message, verdict) in messages.iter().zip(verdicts) {
        match verdict {
            Done::Delete => done.push(message.receipt_handle.clone()),
            Done::Retry(after) => {
                if let Err(error) = queue
                    .change_visibility(&message.receipt_handle, after)
                    .await
                {
                    // It comes back all the same, when its visibility runs out.
                    tracing::debug!(consumer = name, %error, "cannot give a message back");
                }
            }
        }
    }
    if done.is_empty() {
        return;
    }
    match queue.delete(done).await {
        Ok(faults) if faults.0.is_empty() => {}
        // They will be received again, and the key makes that harmless.
        Ok(faults) => tracing::warn!(consumer = name, left = faults.0.len(), "not deleted"),
        Err(error) => tracing::warn!(consumer = name, %error, "not deleted"),
    }
}

/// Never resolves: extends the visibility of messages for as long as they are worked on.
async fn keep_hidden(queue: &dyn Queue, visibility: Duration, messages: &[Received]) {
    loop {
        tokio::time::sleep(visibility / 2).await;
        for message in messages {
            if let Err(error) = queue
                .change_visibility(&message.receipt_handle, visibility)
                .await
            {
                tracing::debug!(%error, "cannot extend a message's visibility");
            }
        }
    }
}
