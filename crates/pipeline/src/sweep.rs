//! The sweep: finds batches whose event was lost or whose upload never came, and rows whose
//! messages outlived their queue while nobody worked on it.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use model::{BatchFailure, BatchState};
use tokio_util::sync::CancellationToken;

use crate::names;
use crate::outgoing::send_all;
use crate::ports::{Clock, ObjectStore, PortError, Queue, RowStore, SendEntry};

/// A batch without a file is given up after this long.
const UPLOAD_MUST_COME_WITHIN: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A row that has been on its way for so long is put on its lane again. Shorter than any queue
/// keeps messages, longer than any lane is.
const REVIVED_AFTER: SignedDuration = SignedDuration::from_hours(24);

pub struct Sweep {
    pub store: Arc<dyn RowStore>,
    pub objects: Arc<dyn ObjectStore>,
    pub intake: Arc<dyn Queue>,
    pub clock: Arc<dyn Clock>,
    pub bucket: String,
    pub every: Duration,
}

impl Sweep {
    /// Once at the start, for what was lost while nobody was here; then every so often.
    pub async fn run(&self, stop: CancellationToken) {
        let mut stood_still = SignedDuration::ZERO;
        let mut revive_at = self.clock.now();
        loop {
            // Not at every pass: what was revived has the time to move first.
            if revive_at <= self.clock.now() {
                revive_at = self.clock.now() + REVIVED_AFTER / 4;
                match self.store.revive(self.clock.now() - REVIVED_AFTER).await {
                    Ok(0) => {}
                    Ok(rows) => tracing::warn!(rows, "rows stood still: sent again"),
                    Err(error) => tracing::warn!(%error, "rows that stood still wait"),
                }
            }
            if let Err(error) = self.pass(stood_still).await {
                tracing::warn!(%error, "the sweep could not finish");
            }
            stood_still = SignedDuration::from_secs(60);
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(self.every) => {}
            }
        }
    }

    async fn pass(&self, stood_still: SignedDuration) -> Result<(), PortError> {
        let now = self.clock.now();
        for (company, id) in self.store.stale_batches(now - stood_still).await? {
            let key = names::roster_key(&company, id);
            if let Some(head) = self.objects.head(&key).await? {
                tracing::info!(batch = %id, "a file without an event: read now");
                self.announce(&key, head.bytes).await?;
                continue;
            }
            let Some(batch) = self.store.batch(&company, id).await? else {
                continue;
            };
            let waiting = batch.view.state == BatchState::AwaitingUpload;
            if waiting && batch.view.created_at + UPLOAD_MUST_COME_WITHIN < now {
                let failure = BatchFailure::UploadNeverCame;
                self.store.set_failed(&company, id, failure, now).await?;
            }
        }
        Ok(())
    }

    /// The event that was lost, made again.
    async fn announce(&self, key: &str, size: u64) -> Result<(), PortError> {
        let event =
            wire::s3_event::S3Event::object_created(&self.bucket, key, size, self.clock.now());
        let entry = SendEntry {
            body: serde_json::to_string(&event).unwrap_or_default(),
            group: None,
            delay: None,
        };
        send_all(&*self.intake, vec![entry], "intake queue").await
    }
}
