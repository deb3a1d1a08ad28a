//! What becomes of sent rows: digests from this workstation's status queue, folded into the
//! ledger and deleted only afterwards; and whatever was missed, read from the gateway.

use std::time::Duration;

use aws::Received;
use aws::sqs::SqsQueue;
use jiff::Timestamp;
use model::BatchId;
use wire::{ErrorCode, StatusDigest, UnknownVersion, Versioned};

use crate::context::{Context, Report};
use crate::crash;
use crate::error::{DeskError, DeskResult};
use crate::gateway::Backoff;
use crate::workstation;

/// SQS's longest.
const LONG_POLL: Duration = Duration::from_secs(20);

/// Follows the workstation's status queue for as long as the desk runs.
pub(crate) async fn follow_status(context: Context, queue: SqsQueue) -> DeskError {
    loop {
        let received = match queue.receive(10, LONG_POLL).await {
            Ok(received) => received,
            Err(error) => return DeskError::Queues(error.to_string()),
        };
        let done = match take_digests(&context, received).await {
            Ok(done) => done,
            Err(error) => return error,
        };
        if done.is_empty() {
            continue;
        }
        // What could not be deleted comes again, and changes nothing.
        if let Err(error) = queue.delete(done).await {
            return DeskError::Queues(error.to_string());
        }
        crash::point("desk.track.after-delete");
    }
}

/// Folds digests and says which messages may be deleted.
pub(crate) async fn take_digests(
    context: &Context,
    received: Vec<Received>,
) -> DeskResult<Vec<String>> {
    let mut done = Vec::with_capacity(received.len());
    for message in received {
        let digest = match Versioned::<StatusDigest>::from_json(&message.body) {
            Ok(digest) => digest,
            Err(error @ UnknownVersion::Newer(_)) => {
                tracing::warn!(%error, "a status message is left for a later version of Muster");
                continue;
            }
            Err(error) => {
                tracing::warn!(%error, "a message that is no status digest is dropped");
                done.push(message.receipt_handle);
                continue;
            }
        };
        crash::point("desk.track.before-fold");
        let batch = digest.batch_id;
        let now = context.gateway.clock().now();
        let folded = context
            .ledger
            .off_thread(move |ledger| ledger.fold_digest(&digest, now))
            .await?;
        crash::point("desk.track.after-fold");
        if folded.foreign {
            adopt(context, batch).await?;
        }
        if folded.gap || folded.foreign {
            heal(context, batch).await?;
        }
        context.report(Report::Changed(batch));
        done.push(message.receipt_handle);
    }
    Ok(done)
}

/// Reads from the gateway all that the ledger has not heard of a batch. The batch's own state is
/// asked for first, so that it is never newer than its rows.
pub(crate) async fn heal(context: &Context, batch: BatchId) -> DeskResult<()> {
    let state = match context.gateway.batch(batch).await {
        Ok(view) => view.state,
        // Purged, or of a pipeline that was set up anew: there is nothing to hear.
        Err(error) if error.is(ErrorCode::NotFound) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    loop {
        let Some(known) = context.ledger.off_thread(move |l| l.batch(batch)).await? else {
            return Ok(());
        };
        // A gap may be older than the version: what came after it is asked for again.
        let since = known.version;
        let page = context.gateway.rows(batch, since).await?;
        let more = page.more && page.version > since;
        let now = context.gateway.clock().now();
        context
            .ledger
            .off_thread(move |ledger| ledger.fold_page(batch, since, &page, now, Some(state)))
            .await?;
        crash::point("desk.track.after-page");
        context.report(Report::Changed(batch));
        if !more {
            return Ok(());
        }
    }
}

/// A batch that another desk sent and of which this one corrects a row: it is told of its rows
/// from here on.
pub(crate) async fn adopt(context: &Context, batch: BatchId) -> DeskResult<()> {
    let view = match context.gateway.batch(batch).await {
        Ok(view) => view,
        Err(error) if error.is(ErrorCode::NotFound) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    // Before it is noted: a batch that is known here is not asked for again.
    context
        .gateway
        .follow(batch, context.workstation_id)
        .await?;
    let connection = context.connection().to_owned();
    context
        .ledger
        .off_thread(move |ledger| {
            let (name, by, at) = (&view.name, &view.created_by, view.created_at);
            ledger.adopt(batch, &connection, name, by, at)
        })
        .await?;
    Ok(())
}

/// The safety net: asks the gateway about every batch with open rows, now and then.
pub(crate) async fn sweep(context: Context, every: Duration) -> DeskError {
    let mut backoff = Backoff::patient();
    loop {
        tokio::time::sleep(every).await;
        match catch_up(&context).await {
            Ok(()) => backoff.reset(),
            Err(error) if error.is_transient() => {
                context.report(Report::Waiting(error));
                backoff.pause().await;
            }
            Err(error) => return error,
        }
    }
}

/// Brings every batch with open rows to the pipeline's version.
async fn catch_up(context: &Context) -> DeskResult<()> {
    for batch in sent_and_open(context).await? {
        heal(context, batch).await?;
    }
    Ok(())
}

/// The same, and every batch with refused rows too: another desk may have decided of them while
/// this one was away.
pub(crate) async fn catch_up_with_all(context: &Context) -> DeskResult<()> {
    let connection = context.connection().to_owned();
    let refused = context
        .ledger
        .off_thread(move |ledger| ledger.with_refusals(&connection))
        .await?;
    let open = sent_and_open(context).await?;
    for batch in open
        .iter()
        .chain(refused.iter().filter(|b| !open.contains(b)))
    {
        heal(context, *batch).await?;
    }
    Ok(())
}

async fn sent_and_open(context: &Context) -> DeskResult<Vec<BatchId>> {
    let connection = context.connection().to_owned();
    let unfinished = context
        .ledger
        .off_thread(move |ledger| ledger.unfinished(&connection))
        .await?;
    let sent = unfinished.into_iter().filter(|b| !b.step.is_unsent());
    Ok(sent.map(|batch| batch.batch_id).collect())
}

/// Opens the workstation and follows its queues; opens it again, later each time, whenever that
/// breaks off. Ends only with what trying again cannot mend.
pub(crate) async fn follow(context: Context) -> DeskError {
    let mut backoff = Backoff::patient();
    loop {
        let begun = Timestamp::now();
        let error = follow_once(&context).await;
        if !error.is_transient() {
            return error;
        }
        if Timestamp::now().duration_since(begun).as_secs() > 60 {
            backoff.reset();
        }
        context.report(Report::Waiting(error));
        backoff.pause().await;
    }
}

async fn follow_once(context: &Context) -> DeskError {
    let opened = match workstation::open(context).await {
        Ok(opened) => opened,
        Err(error) => return error,
    };
    // Away for longer than the queue keeps messages, or never heard: the gateway knows.
    if let Err(error) = catch_up_with_all(context).await {
        return error;
    }
    let queues = workstation::queues(context, &opened);
    let status = SqsQueue::new(&queues, &opened.status_queue_url);
    let rejected = SqsQueue::new(&queues, &opened.rejected_queue_url);
    tokio::select! {
        error = follow_status(context.clone(), status) => error,
        error = crate::rejected::receive(context.clone(), rejected) => error,
        error = sweep(context.clone(), Duration::from_secs(15)) => error,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;
    use model::{BatchState, CompanyId, Generation, RowNo, RowState, Seq, SourceFile, StatusEvent};
    use tokio::sync::mpsc;
    use wire::DeclaredUpload;

    use super::*;
    use crate::connect::{Endpoint, Fixed};
    use crate::gateway::Gateway;
    use crate::home::Home;
    use crate::ledger::{Ledger, NewBatch, NewRow};

    fn message(handle: &str, body: String) -> Received {
        Received {
            message_id: handle.to_owned(),
            receipt_handle: handle.to_owned(),
            body,
            receive_count: 1,
            group: None,
        }
    }

    fn digest(batch_id: BatchId) -> String {
        let event = StatusEvent {
            row_no: RowNo(1),
            generation: Generation::FIRST,
            seq: Seq(1),
            state: RowState::Queued,
            reason: None,
            at: Timestamp::UNIX_EPOCH,
        };
        let digest = StatusDigest {
            company: CompanyId::new("acme").expect("a company"),
            batch_id,
            since: 0,
            version: 1,
            batch: BatchState::Running,
            events: vec![event],
        };
        Versioned::new(digest).to_json()
    }

    #[tokio::test]
    async fn only_what_is_folded_or_means_nothing_is_deleted() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let home = Home::own(folder.path()).expect("owned");
        let ledger = Ledger::open(&home).expect("opens");
        let batch_id = BatchId(uuid::Uuid::now_v7());
        let batch = NewBatch {
            batch_id,
            connection: "test".into(),
            name: "list".into(),
            source: SourceFile {
                name: "list.csv".into(),
                sha256: String::new(),
                rows: 1,
            },
            schema: model::Schema::employee(),
            language: "en".into(),
            upload: DeclaredUpload {
                sha256: String::new(),
                bytes: 0,
                rows: 1,
            },
            made_by: "ana".into(),
            created_at: Timestamp::UNIX_EPOCH,
        };
        let row = NewRow {
            row_no: RowNo(1),
            line: 2,
            record: Some(Default::default()),
        };
        ledger
            .journal(&batch, std::iter::once(row))
            .expect("journalled");
        // Nobody is there: nothing of this may need the gateway.
        let connect = Arc::new(Fixed::new(Endpoint {
            gateway: "http://127.0.0.1:1".into(),
            token: String::new(),
        }));
        let gateway = Gateway::new(connect).expect("a client");
        let workstation = ledger.workstation("test").expect("an id");
        let (reports, _told) = mpsc::unbounded_channel();
        let context = Context::new(home, ledger, gateway, workstation, "desk".into(), reports);

        let received = vec![
            message("known", digest(batch_id)),
            message("twice", digest(batch_id)),
            message("newer", r#"{"v":99,"anything":1}"#.into()),
            message("garbage", "no digest".into()),
        ];
        let done = take_digests(&context, received).await.expect("folded");
        assert_eq!(done, ["known", "twice", "garbage"]);
        let row = context.ledger.row(batch_id, RowNo(1)).expect("reads");
        assert_eq!(row.expect("there").state, RowState::Queued);
    }
}
