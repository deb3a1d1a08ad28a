//! A journalled batch on its way to the pipeline: created at the gateway, put into the object
//! store, noted as sent. Every step may be repeated after the program was stopped anywhere.

mod put;
#[cfg(test)]
mod tests;

use model::{BatchId, BatchState};
use wire::{CreateBatch, CreateBatchAnswer, ErrorCode};

use crate::context::{Context, Report};
use crate::crash;
use crate::error::{DeskError, DeskResult};
use crate::gateway::{Backoff, GatewayError};
use crate::ledger::{BatchEntry, Origin, Step};
use put::Put;

/// Uploads in a row that may end without an answer.
const ATTEMPTS: u32 = 6;
/// URLs in a row that may be refused as expired.
const RENEWALS: u32 = 3;

/// Brings one batch to the pipeline, from whatever step it is at.
pub(crate) async fn send(context: &Context, batch: BatchId) -> DeskResult<()> {
    let entry = context
        .ledger
        .off_thread(move |ledger| ledger.batch(batch))
        .await?
        .ok_or_else(|| DeskError::NoSuchBatch(batch.to_string()))?;
    if !entry.step.is_unsent() {
        return Ok(());
    }
    let Some(origin) = entry.origin.clone() else {
        return Ok(());
    };
    let request = request(context, &entry, &origin);
    let mut backoff = Backoff::short();
    let mut renewals = 0;
    loop {
        let answer = create(context, &request).await?;
        crash::point("desk.send.after-create");
        let ledger = &context.ledger;
        ledger.off_thread(move |l| l.set_created(batch)).await?;
        let step = Step::Created;
        context.report(Report::Step { batch, step });
        let Some(upload) = answer.upload else {
            arrived(context, &entry, &origin, answer.batch.state).await?;
            break;
        };
        match put::put(context, batch, &upload, &origin.upload).await? {
            Put::Stored => break,
            Put::Exists => {
                let view = context.gateway.batch(batch).await?;
                arrived(context, &entry, &origin, view.state).await?;
                break;
            }
            Put::Expired { status, code } => {
                renewals += 1;
                if renewals > RENEWALS {
                    return Err(DeskError::UploadRefused { status, code });
                }
                tracing::info!(%batch, code, "a new URL for the same key");
            }
            Put::Lost(why) => {
                let pause = backoff.next_pause();
                if backoff.failures() >= ATTEMPTS {
                    return Err(why);
                }
                tracing::info!(%batch, code = why.code(), ?pause, "the upload is begun again");
                tokio::time::sleep(pause).await;
            }
        }
    }
    crash::point("desk.send.after-put");
    let at = context.gateway.clock().now();
    let ledger = &context.ledger;
    ledger.off_thread(move |l| l.set_sent(batch, at)).await?;
    crash::point("desk.send.after-sent");
    let step = Step::Sent;
    context.report(Report::Step { batch, step });
    context.report(Report::Changed(batch));
    Ok(())
}

/// Calls a batch off. `false` where the pipeline has its file; an error where it cannot be asked,
/// since a file whose answer was lost may have arrived.
pub(crate) async fn cancel(context: &Context, batch: BatchId) -> DeskResult<bool> {
    let entry = context.ledger.off_thread(move |l| l.batch(batch)).await?;
    // A file is only sent after the batch was noted as created.
    if entry.is_none_or(|entry| entry.step != Step::Journalled) {
        match context.gateway.batch(batch).await {
            Err(error) if error.is(ErrorCode::NotFound) => {}
            Err(error) => return Err(error.into()),
            Ok(view) => match view.state {
                BatchState::AwaitingUpload if view.stored.is_none() => {}
                BatchState::Failed(_) => {}
                _ => return Ok(false),
            },
        }
    }
    let (who, at) = (context.who(), context.gateway.clock().now());
    let cancelled = context
        .ledger
        .off_thread(move |ledger| ledger.cancel_unsent(batch, &who, at))
        .await?;
    if cancelled {
        let path = context.home.outbox_file(batch);
        if let Err(error) = tokio::fs::remove_file(path).await
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(error.into());
        }
    }
    context.report(Report::Changed(batch));
    Ok(cancelled)
}

fn request(context: &Context, entry: &BatchEntry, origin: &Origin) -> CreateBatch {
    CreateBatch {
        batch_id: entry.batch_id,
        workstation_id: context.workstation_id,
        name: entry.name.clone(),
        source: origin.source.clone(),
        upload: origin.upload.clone(),
        schema: origin.schema.clone(),
        language: entry.language.clone(),
    }
}

/// The workstation may be unknown to a pipeline that was set up anew: it is opened and the batch
/// created again.
async fn create(context: &Context, request: &CreateBatch) -> DeskResult<CreateBatchAnswer> {
    match context.gateway.create_batch(request).await {
        Err(GatewayError::Refused {
            code: ErrorCode::NotFound | ErrorCode::BadRequest,
            ..
        }) => {
            crate::workstation::open(context).await?;
            Ok(context.gateway.create_batch(request).await?)
        }
        outcome => Ok(outcome?),
    }
}

/// A file is there already: ours, put by an attempt whose answer was lost, or somebody else's.
async fn arrived(
    context: &Context,
    entry: &BatchEntry,
    origin: &Origin,
    state: BatchState,
) -> DeskResult<()> {
    let batch = entry.batch_id;
    if let BatchState::Failed(failure) = state {
        let at = context.gateway.clock().now();
        let ledger = &context.ledger;
        ledger
            .off_thread(move |l| l.set_pipeline_state(batch, state, at))
            .await?;
        context.report(Report::Changed(batch));
        return Err(DeskError::BatchFailed(failure));
    }
    let view = context.gateway.batch(batch).await?;
    match view.stored {
        Some(stored) if stored.sha256 == origin.upload.sha256 => Ok(()),
        // Past the upload, whatever it was that it came from: its hash was declared.
        None if !matches!(view.state, BatchState::AwaitingUpload) => Ok(()),
        Some(_) | None => Err(DeskError::StoredDiffers),
    }
}
