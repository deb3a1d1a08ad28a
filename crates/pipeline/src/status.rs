//! Status: publishes what changed in the row store as digests to each workstation that follows the
//! batch. The row store's outbox is the list of what must still be told.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use wire::StatusDigest;

use crate::outgoing::{entry, send_all};
use crate::ports::{PortError, Queues, RowStore, SendEntry, Untold};

/// Rows in a digest at the most.
pub const ROWS: u32 = 500;

/// How long changes are gathered before they are told: within it a row that changes three times is
/// told once.
const GATHER: Duration = Duration::from_secs(1);

pub struct Status {
    pub store: Arc<dyn RowStore>,
    pub queues: Arc<dyn Queues>,
}

impl Status {
    /// Runs until `stop`, and tells what is untold then.
    pub async fn run(&self, stop: CancellationToken) {
        let mut seen = 0;
        loop {
            seen = self.store.changed(seen, Duration::ZERO).await;
            let more = match self.pass().await {
                Ok(more) => more,
                Err(error) => {
                    tracing::warn!(%error, "digests wait");
                    false
                }
            };
            if stop.is_cancelled() {
                return;
            }
            if more {
                continue;
            }
            tokio::select! {
                () = stop.cancelled() => {}
                _ = self.store.changed(seen, Duration::from_secs(30)) => {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = tokio::time::sleep(GATHER) => {}
                    }
                }
            }
        }
    }

    /// Whether a full digest was told, so that there may be more.
    async fn pass(&self) -> Result<bool, PortError> {
        let mut more = false;
        for untold in self.store.untold(ROWS).await? {
            more |= untold.more;
            self.tell(untold).await?;
        }
        Ok(more)
    }

    async fn tell(&self, untold: Untold) -> Result<(), PortError> {
        let digest = StatusDigest {
            company: untold.company.clone(),
            batch_id: untold.batch_id,
            since: untold.since,
            version: untold.version,
            batch: untold.batch,
            events: untold.events,
        };
        let digest = entry(digest);
        for follower in &untold.followers {
            self.send(follower, digest.clone()).await?;
        }
        fail::fail_point!("status.after-send", |_| std::process::abort());
        self.store
            .told(&untold.company, untold.batch_id, untold.version)
            .await
    }

    async fn send(&self, follower: &str, digest: SendEntry) -> Result<(), PortError> {
        let queue = match self.queues.open(follower).await {
            Ok(queue) => queue,
            // The workstation is gone, and its queue with it. The gateway heals it if it returns.
            Err(PortError::Refused { .. }) => return Ok(()),
            Err(error) => return Err(error),
        };
        match send_all(&*queue, vec![digest], "status queue").await {
            Err(PortError::Refused { .. }) => Ok(()),
            outcome => outcome,
        }
    }
}
