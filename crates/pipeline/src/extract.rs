//! Extract: streams the stored file, checks every row again against the batch's schema (the
//! desktop is not trusted), and puts one message for each row on the batch lane.
//!
//! It goes on from its checkpoint after a crash. What it repeats is harmless: rows that are there
//! stay as they are, and a second message for a row has the same key.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use check::{CanonicalError, CanonicalReader, CanonicalRow, RecordPlan};
use futures::StreamExt;
use model::{BatchFailure, BatchId, BatchState, CompanyId, Generation, Reason, ReasonCode, RowKey};
use wire::s3_event::S3Event;
use wire::{LaneMessage, RefusalMessage, StoredUpload};

use crate::backoff::Backoff;
use crate::consume::{Done, Handler};
use crate::facts::{check_plan, first_error};
use crate::names;
use crate::outgoing::{lane_entry, refusal_entry, send_all};
use crate::ports::{
    Batch, Checkpoint, Clock, NewRow, ObjectHead, ObjectStore, PortError, Queue, Received, RowStore,
};

/// Rows between two checkpoints.
const STEP: usize = 500;

const RETRY: Backoff = Backoff {
    base: Duration::from_secs(1),
    cap: Duration::from_secs(60),
};

pub struct Extract {
    pub store: Arc<dyn RowStore>,
    pub objects: Arc<dyn ObjectStore>,
    pub lane: Arc<dyn Queue>,
    pub refusals: Arc<dyn Queue>,
    pub clock: Arc<dyn Clock>,
}

/// Why the extraction of a batch stopped.
enum Stop {
    /// A dependency failed: the message is received again.
    Port(PortError),
    /// The file is not what was announced: no row of it is taken.
    Failed(BatchFailure),
}

impl From<PortError> for Stop {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

impl From<CanonicalError> for Stop {
    fn from(error: CanonicalError) -> Self {
        tracing::warn!(%error, "the stored file is not canonical CSV");
        Self::Failed(BatchFailure::NotReadable)
    }
}

#[async_trait]
impl Handler for Extract {
    async fn handle(&self, messages: &[Received]) -> Vec<Done> {
        let mut verdicts = Vec::with_capacity(messages.len());
        for received in messages {
            verdicts.push(match self.read_event(&received.body).await {
                Ok(()) => Done::Delete,
                Err(error) => {
                    tracing::warn!(%error, "a batch waits to be read");
                    Done::Retry(RETRY.after(received.receive_count))
                }
            });
        }
        verdicts
    }
}

impl Extract {
    async fn read_event(&self, body: &str) -> Result<(), PortError> {
        let event: S3Event = serde_json::from_str(body).map_err(|error| {
            PortError::refused(
                "intake queue",
                format!("no S3 event: line {}", error.line()),
            )
        })?;
        for record in event.records {
            let key = record.s3.object.plain_key();
            let Some((company, id)) = key.as_deref().and_then(names::parse_roster_key) else {
                tracing::warn!("an event about an object that is no roster");
                continue;
            };
            match self.extract(&company, id).await {
                Ok(()) => {}
                Err(Stop::Port(error)) => return Err(error),
                Err(Stop::Failed(failure)) => {
                    tracing::warn!(batch = %id, ?failure, "no row of the batch is taken");
                    self.store
                        .set_failed(&company, id, failure, self.clock.now())
                        .await?;
                }
            }
        }
        Ok(())
    }

    async fn extract(&self, company: &CompanyId, id: BatchId) -> Result<(), Stop> {
        let Some(batch) = self.store.batch(company, id).await? else {
            tracing::warn!(batch = %id, "a file without a batch");
            return Ok(());
        };
        if !matches!(
            batch.view.state,
            BatchState::AwaitingUpload | BatchState::Received | BatchState::Extracting
        ) {
            return Ok(());
        }
        let key = names::roster_key(company, id);
        let head = self.objects.head(&key).await?;
        let head = head.ok_or_else(|| PortError::refused("object store", "no such object"))?;
        let stored = as_declared(&batch, &head).ok_or(Stop::Failed(BatchFailure::NotAsDeclared))?;
        self.store
            .set_received(company, id, &stored, self.clock.now())
            .await?;
        fail::fail_point!("extract.after-received", |_| std::process::abort());

        let plan = check_plan(&batch.request.schema, self.clock.now())
            .map_err(|_| Stop::Failed(BatchFailure::NotReadable))?;
        if batch.checkpoint.rows == 0 {
            self.count(&batch, &key, &plan).await?;
        }
        self.read_rows(&batch, &key, &plan).await?;
        Ok(self
            .store
            .set_extracted(company, id, self.clock.now())
            .await?)
    }

    /// Reads the file once to its end before any of its rows is taken, so that a file that is not
    /// as declared is refused whole.
    async fn count(&self, batch: &Batch, key: &str, plan: &RecordPlan) -> Result<(), Stop> {
        let mut reader = CanonicalReader::new(plan.schema());
        let mut body = self.objects.get(key, 0).await?;
        let mut rows = 0;
        while let Some(bytes) = body.next().await {
            reader.feed(&bytes?);
            while reader.next_row()?.is_some() {
                rows += 1;
            }
        }
        reader.finish()?;
        if rows == batch.view.declared.rows {
            Ok(())
        } else {
            Err(Stop::Failed(BatchFailure::NotAsDeclared))
        }
    }

    async fn read_rows(&self, batch: &Batch, key: &str, plan: &RecordPlan) -> Result<(), Stop> {
        let mut checkpoint = batch.checkpoint;
        let mut reader = match checkpoint.offset {
            0 => CanonicalReader::new(plan.schema()),
            offset => CanonicalReader::resume(plan.schema(), offset, checkpoint.last),
        };
        let mut body = self.objects.get(key, checkpoint.offset).await?;
        let mut step = Vec::with_capacity(STEP);
        while let Some(bytes) = body.next().await {
            reader.feed(&bytes?);
            while let Some(row) = reader.next_row()? {
                step.push(row);
                if step.len() == STEP {
                    self.take(batch, plan, &mut step, &mut checkpoint).await?;
                }
            }
        }
        reader.finish()?;
        self.take(batch, plan, &mut step, &mut checkpoint).await?;
        Ok(())
    }

    /// Rows become durable first, then their messages, then the checkpoint.
    async fn take(
        &self,
        batch: &Batch,
        plan: &RecordPlan,
        step: &mut Vec<CanonicalRow>,
        checkpoint: &mut Checkpoint,
    ) -> Result<(), PortError> {
        let Some(last) = step.last() else {
            return Ok(());
        };
        checkpoint.offset = last.end;
        checkpoint.last = last.row_no;
        checkpoint.rows += step.len() as u64;
        let id = batch.view.batch_id;
        let rows: Vec<_> = step
            .drain(..)
            .map(|row| NewRow {
                row_no: row.row_no,
                record: row.record,
            })
            .collect();
        let company = &batch.company;
        self.store
            .insert_rows(company, id, &rows, self.clock.now())
            .await?;
        fail::fail_point!("extract.after-insert", |_| std::process::abort());

        let mut to_lane = Vec::with_capacity(rows.len());
        let mut refused = Vec::new();
        for row in rows {
            let key = RowKey {
                batch_id: id,
                row_no: row.row_no,
                generation: Generation::FIRST,
            };
            match first_error(plan, &row.record) {
                None => to_lane.push(lane_entry(LaneMessage {
                    company: company.clone(),
                    key,
                    record: row.record,
                })),
                Some(error) => refused.push(refusal_entry(RefusalMessage {
                    company: company.clone(),
                    key,
                    reason: reason(error),
                })),
            }
        }
        send_all(&*self.lane, to_lane, "batch lane").await?;
        send_all(&*self.refusals, refused, "refusals queue").await?;
        fail::fail_point!("extract.after-lane", |_| std::process::abort());
        self.store
            .set_checkpoint(company, id, *checkpoint, self.clock.now())
            .await?;
        fail::fail_point!("extract.after-checkpoint", |_| std::process::abort());
        Ok(())
    }
}

/// What lies in the store, where it is what was declared.
fn as_declared(batch: &Batch, head: &ObjectHead) -> Option<StoredUpload> {
    let declared = &batch.view.declared;
    let same_hash = head
        .sha256
        .as_ref()
        .is_some_and(|hash| *hash == declared.sha256);
    (same_hash && head.bytes == declared.bytes).then(|| StoredUpload {
        sha256: declared.sha256.clone(),
        bytes: declared.bytes,
    })
}

fn reason((field, issue): (String, String)) -> Reason {
    Reason {
        field: Some(field),
        issue: Some(issue),
        ..Reason::new(ReasonCode::InvalidCell)
    }
}
