//! Refused rows: received from the company's queue, searched and leased at the gateway, decided
//! about with the row's own schema in hand.

use std::collections::BTreeMap;
use std::time::Duration;

use aws::Received;
use aws::sqs::SqsQueue;
use model::{BatchId, CorrectionId};
use wire::{
    Correction, CorrectionOutcome, Corrections, LeaseAnswer, LeaseRequest, LeaseRow,
    RejectedMessage, ReleaseRequest, UnknownVersion, Versioned,
};

use crate::context::{Context, Report};
use crate::crash;
use crate::error::{DeskError, DeskResult};
use crate::ledger::Decision;
use crate::workstation;

const LONG_POLL: Duration = Duration::from_secs(20);
/// The contract's most in one call.
const AT_ONCE: usize = 500;

/// Takes refused rows from the company's queue for as long as the desk runs: into the ledger,
/// then off the queue.
pub(crate) async fn receive(context: Context, queue: SqsQueue) -> DeskError {
    loop {
        let received = match queue.receive(10, LONG_POLL).await {
            Ok(received) => received,
            Err(error) => return DeskError::Queues(error.to_string()),
        };
        let done = match take(&context, received).await {
            Ok(done) => done,
            Err(error) => return error,
        };
        if done.is_empty() {
            continue;
        }
        if let Err(error) = queue.delete(done).await {
            return DeskError::Queues(error.to_string());
        }
    }
}

/// Writes delivered rows down and says which messages may be deleted.
pub(crate) async fn take(context: &Context, received: Vec<Received>) -> DeskResult<Vec<String>> {
    let mut messages = Vec::with_capacity(received.len());
    let mut done = Vec::with_capacity(received.len());
    for message in received {
        match Versioned::<RejectedMessage>::from_json(&message.body) {
            Ok(rejected) => messages.push(rejected),
            Err(error @ UnknownVersion::Newer(_)) => {
                tracing::warn!(%error, "a refused row is left for a later version of Muster");
                continue;
            }
            Err(error) => tracing::warn!(%error, "a message that is no refused row is dropped"),
        }
        done.push(message.receipt_handle);
    }
    if messages.is_empty() {
        return Ok(done);
    }
    crash::point("desk.rejected.before-write");
    let news = context
        .ledger
        .off_thread(move |ledger| ledger.put_rejected(&messages))
        .await?;
    crash::point("desk.rejected.after-write");
    if news > 0 {
        context.report(Report::RejectedArrived(news));
    }
    Ok(done)
}

/// Takes or renews leases.
pub(crate) async fn lease(context: &Context, rows: Vec<LeaseRow>) -> DeskResult<LeaseAnswer> {
    workstation::ensure(context).await?;
    let request = LeaseRequest {
        workstation_id: context.workstation_id,
        rows,
        seconds: 0,
    };
    Ok(context.gateway.lease(&request).await?)
}

pub(crate) async fn release(context: &Context, rows: Vec<LeaseRow>) -> DeskResult<()> {
    let request = ReleaseRequest {
        workstation_id: context.workstation_id,
        rows,
    };
    Ok(context.gateway.release(&request).await?)
}

/// Decides about refused rows: journalled, sent, and noted as the pipeline answered. One outcome
/// for each, in no order that matters.
pub(crate) async fn decide(
    context: &Context,
    decisions: Vec<Decision>,
) -> DeskResult<Vec<(BatchId, CorrectionOutcome)>> {
    let connection = context.connection().to_owned();
    let (who, at) = (context.who(), context.gateway.clock().now());
    let ids = context
        .ledger
        .off_thread(move |ledger| ledger.journal_corrections(&connection, &decisions, &who, at))
        .await?;
    crash::point("desk.correct.after-journal");
    submit(context, Some(&ids)).await
}

/// Sends decisions that were journalled and never answered: all of them, or these.
pub(crate) async fn submit(
    context: &Context,
    only: Option<&[CorrectionId]>,
) -> DeskResult<Vec<(BatchId, CorrectionOutcome)>> {
    let connection = context.connection().to_owned();
    let only = only.map(<[CorrectionId]>::to_vec);
    let journalled = context
        .ledger
        .off_thread(move |ledger| match only {
            None => ledger.unanswered(&connection),
            Some(ids) => {
                let found = ids.into_iter().map(|id| ledger.correction(id));
                Ok(found
                    .collect::<Result<Vec<_>, _>>()?
                    .into_iter()
                    .flatten()
                    .collect())
            }
        })
        .await?;
    workstation::ensure(context).await?;
    let mut outcomes = Vec::new();
    let mut by_batch: BTreeMap<BatchId, Vec<Correction>> = BTreeMap::new();
    for one in journalled {
        match one.outcome {
            // Answered already: what an earlier run left is sent at the start, too.
            Some(outcome) => outcomes.push((one.batch_id, outcome)),
            None => by_batch
                .entry(one.batch_id)
                .or_default()
                .push(one.correction),
        }
    }
    for (batch, corrections) in by_batch {
        follow_foreign(context, batch).await?;
        for some in corrections.chunks(AT_ONCE) {
            let request = Corrections {
                workstation_id: context.workstation_id,
                corrections: some.to_vec(),
            };
            let answer = context.gateway.correct(batch, &request).await?;
            crash::point("desk.correct.after-answer");
            let noted = answer.outcomes.clone();
            let at = context.gateway.clock().now();
            context
                .ledger
                .off_thread(move |ledger| ledger.set_outcomes(batch, &noted, at))
                .await?;
            crash::point("desk.correct.after-outcome");
            outcomes.extend(answer.outcomes.into_iter().map(|outcome| (batch, outcome)));
        }
        context.report(Report::Changed(batch));
    }
    Ok(outcomes)
}

/// The ledger keeps the rows of a batch that another desk sent from the first decision on.
async fn follow_foreign(context: &Context, batch: BatchId) -> DeskResult<()> {
    let known = context.ledger.off_thread(move |l| l.batch(batch)).await?;
    if known.is_some() {
        return Ok(());
    }
    crate::track::adopt(context, batch).await?;
    crate::track::heal(context, batch).await
}
