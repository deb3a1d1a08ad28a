//! Refused rows: received from the company's queue, searched and leased at the gateway, decided
//! about with the row's own schema in hand.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use aws::Received;
use aws::sqs::SqsQueue;
use model::{BatchId, CorrectionId, IssueCode};
use wire::{
    Correction, CorrectionAction, CorrectionOutcome, Corrections, ErrorCode, LeaseAnswer,
    LeaseRequest, LeaseRow, RejectedMessage, ReleaseRequest, UnknownVersion, Versioned,
};

use crate::context::{Context, Report};
use crate::crash;
use crate::error::{DeskError, DeskResult};
use crate::gateway::GatewayError;
use crate::ledger::Decision;
use crate::workstation;

const LONG_POLL: Duration = Duration::from_secs(20);
/// The contract's most in one call.
const AT_ONCE: usize = 500;
/// The contract's longest body.
const LARGEST_BODY: usize = 8 * 1024 * 1024;

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
    let mut failed = None;
    for (batch, corrections) in by_batch {
        match submit_to(context, batch, corrections).await {
            Ok(answered) => outcomes.extend(answered.into_iter().map(|one| (batch, one))),
            // Of this batch alone: decisions about the others are sent all the same.
            Err(error @ DeskError::Gateway(_)) if !error.is_transient() => {
                failed.get_or_insert(error);
            }
            Err(error) => return Err(error),
        }
        context.report(Report::Changed(batch));
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(outcomes),
    }
}

/// Sends the decisions about one batch's rows and notes what was answered.
async fn submit_to(
    context: &Context,
    batch: BatchId,
    corrections: Vec<Correction>,
) -> DeskResult<Vec<CorrectionOutcome>> {
    follow_foreign(context, batch).await?;
    let mut outcomes = Vec::with_capacity(corrections.len());
    let mut waiting: Vec<_> = corrections.chunks(AT_ONCE).map(<[_]>::to_vec).collect();
    while let Some(mut some) = waiting.pop() {
        let answered = match correct(context, batch, &some).await? {
            Answered::Outcomes(outcomes) => outcomes,
            Answered::TooLarge if some.len() > 1 => {
                let rest = some.split_off(some.len() / 2);
                waiting.extend([some, rest]);
                continue;
            }
            Answered::TooLarge => some.iter().map(too_long).collect(),
            Answered::NoSuchBatch => some.iter().map(no_such_row).collect(),
        };
        crash::point("desk.correct.after-answer");
        let noted = answered.clone();
        let at = context.gateway.clock().now();
        context
            .ledger
            .off_thread(move |ledger| ledger.set_outcomes(batch, &noted, at))
            .await?;
        crash::point("desk.correct.after-outcome");
        outcomes.extend(answered);
    }
    let elsewhere = |outcome: &CorrectionOutcome| {
        matches!(
            outcome,
            CorrectionOutcome::Stale { .. } | CorrectionOutcome::Held { until: None, .. }
        )
    };
    if outcomes.iter().any(elsewhere)
        && let Err(error) = crate::track::heal(context, batch).await
    {
        // The decisions have their outcomes; what others did is heard another time.
        tracing::info!(%batch, code = error.code(), "what another desk did was not heard yet");
    }
    Ok(outcomes)
}

enum Answered {
    Outcomes(Vec<CorrectionOutcome>),
    TooLarge,
    NoSuchBatch,
}

async fn correct(context: &Context, batch: BatchId, some: &[Correction]) -> DeskResult<Answered> {
    let request = Corrections {
        workstation_id: context.workstation_id,
        corrections: some.to_vec(),
    };
    // A gateway that stops reading may be heard of as a broken connection only.
    if serde_json::to_vec(&request).is_ok_and(|body| body.len() > LARGEST_BODY) {
        return Ok(Answered::TooLarge);
    }
    let gateway = &context.gateway;
    let answer = match gateway.correct(batch, &request).await {
        // The batch, or this desk in a pipeline that was set up anew.
        Err(error) if error.is(ErrorCode::NotFound) => match gateway.batch(batch).await {
            Err(error) if error.is(ErrorCode::NotFound) => return Ok(Answered::NoSuchBatch),
            Err(error) => return Err(error.into()),
            Ok(_) => {
                workstation::open(context).await?;
                gateway.correct(batch, &request).await
            }
        },
        answer => answer,
    };
    match answer {
        Ok(answer) => Ok(Answered::Outcomes(answer.outcomes)),
        // A proxy on the way may take less than the gateway.
        Err(GatewayError::NotOurs { status: 413 }) => Ok(Answered::TooLarge),
        Err(error) if error.is(ErrorCode::TooLarge) => Ok(Answered::TooLarge),
        Err(error) => Err(error.into()),
    }
}

fn no_such_row(correction: &Correction) -> CorrectionOutcome {
    CorrectionOutcome::NoSuchRow {
        correction_id: correction.correction_id,
        row_no: correction.row_no,
    }
}

/// One record that no call can carry: its longest cell is what is wrong.
fn too_long(correction: &Correction) -> CorrectionOutcome {
    let longest = match &correction.action {
        CorrectionAction::Send { record } => record.iter().max_by_key(|(_, cell)| cell.len()),
        CorrectionAction::Discard { .. } => None,
    };
    let field = longest.map(|(field, _)| field.clone()).unwrap_or_default();
    CorrectionOutcome::Invalid {
        correction_id: correction.correction_id,
        row_no: correction.row_no,
        issues: vec![(field, IssueCode::TooLong.to_string())],
    }
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
