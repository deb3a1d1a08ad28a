//! `muster rejected correct`, `retry` and `discard`: decisions about refused rows, with a preview,
//! a lease on each row, a few rows first where that was asked for, and the pipeline's own word at
//! the end.

use clap::Args;
use desk::Request;
use desk::ledger::Decision;
use i18n::args;
use jiff::tz::TimeZone;
use model::{BatchId, RowNo, RowState};
use serde::Serialize;
use wire::{CorrectionAction, CorrectionOutcome, LeaseRow};

use super::change::{Change, Rule, Schemas, preview};
use super::list::title;
use super::{Filter, Wanted};
use crate::connection::Connection;
use crate::failure::{Exit, Failure};
use crate::issues;
use crate::output::Output;
use crate::reading::pair;
use crate::session::{Session, Working};
use crate::watching::{Until, Watching};

/// Rows shown in a preview.
const SHOWN: usize = 50;

/// Correct refused rows and send them again
#[derive(Args)]
pub struct Correct {
    #[command(flatten)]
    filter: Filter,
    /// Set a field of every row that matches; an empty value clears it. May be repeated
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
    /// Replace a text by another in a field of every row that matches
    #[arg(long, num_args = 3, value_names = ["FIELD", "OLD", "NEW"])]
    replace: Option<Vec<String>>,
    #[command(flatten)]
    how: How,
}

/// Send refused rows again as they are
#[derive(Args)]
pub struct Retry {
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    how: How,
}

/// Give refused rows up, with a reason
#[derive(Args)]
pub struct Discard {
    #[command(flatten)]
    filter: Filter,
    /// Why; it is kept with who and when
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    how: How,
}

#[derive(Args)]
struct How {
    /// Show what would be sent, and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Send this many first, and the rest only if none of them is refused again
    #[arg(long, value_name = "N")]
    canary: Option<usize>,
    /// Do not ask before sending
    #[arg(long, short)]
    yes: bool,
    /// Do not wait for what becomes of the rows
    #[arg(long, conflicts_with = "canary")]
    no_wait: bool,
    /// Print what became of each row as JSON
    #[arg(long)]
    json: bool,
}

impl Correct {
    pub async fn run(self, session: &Session) -> Result<(), Failure> {
        let replace = self.replace.and_then(|parts| {
            let [field, old, new] = <[String; 3]>::try_from(parts).ok()?;
            Some((field, old, new))
        });
        let rule = Rule {
            set: self.set,
            replace,
        };
        if rule.is_empty() {
            return Err(Failure::NoChange);
        }
        run(session, self.filter, &Intent::Send(rule), &self.how).await
    }
}

impl Retry {
    pub async fn run(self, session: &Session) -> Result<(), Failure> {
        let intent = Intent::Send(Rule::default());
        run(session, self.filter, &intent, &self.how).await
    }
}

impl Discard {
    pub async fn run(self, session: &Session) -> Result<(), Failure> {
        run(
            session,
            self.filter,
            &Intent::Discard(self.reason),
            &self.how,
        )
        .await
    }
}

enum Intent {
    Send(Rule),
    Discard(String),
}

/// What became of one row.
#[derive(Serialize)]
struct Became {
    batch_id: BatchId,
    #[serde(flatten)]
    outcome: CorrectionOutcome,
    /// Where the row is, once that was waited for.
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<RowState>,
}

async fn run(session: &Session, filter: Filter, intent: &Intent, how: &How) -> Result<(), Failure> {
    let wanted = filter.resolve(session)?;
    let mut working = wanted.start(session).await?;
    let outcome = decide(session, &mut working, &wanted, intent, how).await;
    working.close().await;
    let became = outcome?;
    if how.json {
        session.out.json(&became)?;
    }
    let accepted = |one: &Became| matches!(one.outcome, CorrectionOutcome::Accepted { .. });
    if became.iter().all(accepted) {
        Ok(())
    } else {
        Err(Failure::Told(Exit::Issues))
    }
}

async fn decide(
    session: &Session,
    working: &mut Working,
    wanted: &Wanted,
    intent: &Intent,
    how: &How,
) -> Result<Vec<Became>, Failure> {
    let out = &session.out;
    let rows = wanted.some(working).await?;
    let batches = working.desk.ledger().batches()?.into_iter();
    let schemas = batches.filter_map(|batch| Some((batch.batch_id, batch.origin?.schema)));
    let schemas = Schemas::new(schemas);
    let none = Rule::default();
    let rule = match intent {
        Intent::Send(rule) => rule,
        Intent::Discard(_) => &none,
    };
    let mut changes = preview(rule, rows, &schemas)?;
    if !rule.is_empty() {
        show(out, &changes, &schemas, how)?;
        // What is still wrong would be refused again.
        let before = changes.len();
        changes.retain(|change| change.issues.is_empty());
        if changes.is_empty() && before > 0 {
            return Err(Failure::Told(Exit::Issues));
        }
    }
    let count = changes.len();
    if how.dry_run {
        out.result(&out.say("cli-dry-run", &args! { "count" => count }))?;
        return Ok(Vec::new());
    }
    let question = match intent {
        Intent::Send(_) => "cli-ask-again",
        Intent::Discard(_) => "cli-ask-discard",
    };
    if !how.yes && !out.confirmed(&out.say(question, &args! { "count" => count })) {
        return Err(Failure::NotConfirmed);
    }
    lease(working, &changes).await?;
    let first = how.canary.unwrap_or(0).min(changes.len());
    let rest = changes.split_off(first);
    let mut became = Vec::new();
    if !changes.is_empty() {
        out.tell("cli-canary", &args! { "count" => changes.len() });
        became = send(session, working, changes, intent, true).await?;
        let refused = |one: &&Became| one.now == Some(RowState::Rejected);
        let refused = became.iter().filter(refused).count() as u64;
        if refused > 0 {
            release(working, &rest).await;
            return Err(Failure::CanaryRefused(refused));
        }
    }
    if !rest.is_empty() {
        became.extend(send(session, working, rest, intent, !how.no_wait).await?);
    }
    Ok(became)
}

/// Every change, before it is made.
fn show(out: &Output, changes: &[Change], schemas: &Schemas, how: &How) -> Result<(), Failure> {
    let mut lines = Vec::new();
    for change in changes {
        let row_no = change.row.row_no.to_string();
        let employee = model::Schema::employee();
        let schema = schemas.of(change.row.batch_id).unwrap_or(&employee);
        if change.changed.is_empty() {
            lines.push(out.say("cli-preview-same", &args! { "row_no" => &row_no }));
        }
        for (field, before, after) in &change.changed {
            let field = title(out, schema, Some(field));
            lines.push(out.say(
                "cli-preview-row",
                &args! { "row_no" => &row_no, "field" => field, "before" => before, "after" => after },
            ));
        }
        for issue in &change.issues {
            let value = change.value(schema, issue);
            let issue = issues::sentence(&out.text, schema, issue, &value);
            let args = args! { "row_no" => &row_no, "issue" => issue };
            lines.push(out.say("cli-preview-issue", &args));
        }
    }
    let most = if how.dry_run { usize::MAX } else { SHOWN };
    for line in lines.iter().take(most) {
        if how.dry_run {
            out.result(line)?;
        } else {
            out.note(line);
        }
    }
    Ok(())
}

fn places(changes: &[Change]) -> Vec<LeaseRow> {
    let place = |change: &Change| LeaseRow {
        batch_id: change.row.batch_id,
        row_no: change.row.row_no,
    };
    changes.iter().map(place).collect()
}

/// Others see from here on who has the rows open. Rows that somebody else has are told of when
/// the pipeline refuses the correction.
async fn lease(working: &Working, changes: &[Change]) -> Result<(), Failure> {
    let rows = places(changes);
    let asked = |reply| Request::Lease { rows, reply };
    working.desk.ask(asked).await?;
    Ok(())
}

async fn release(working: &Working, changes: &[Change]) {
    let rows = places(changes);
    let asked = |reply| Request::Release { rows, reply };
    if let Err(error) = working.desk.ask(asked).await {
        // They lapse by themselves.
        tracing::info!(code = error.code(), "leases were not given back");
    }
}

async fn send(
    session: &Session,
    working: &mut Working,
    changes: Vec<Change>,
    intent: &Intent,
    wait: bool,
) -> Result<Vec<Became>, Failure> {
    let decisions: Vec<_> = changes
        .into_iter()
        .map(|change| Decision {
            batch_id: change.row.batch_id,
            row_no: change.row.row_no,
            generation: change.row.generation,
            action: match intent {
                Intent::Send(_) => CorrectionAction::Send {
                    record: change.record,
                },
                Intent::Discard(why) => CorrectionAction::Discard { why: why.clone() },
            },
        })
        .collect();
    let asked = |reply| Request::Decide { decisions, reply };
    let outcomes = working.desk.ask(asked).await?;
    let out = &session.out;
    let mut accepted = Vec::new();
    for (batch, outcome) in &outcomes {
        match outcome {
            CorrectionOutcome::Accepted { row_no, .. } => accepted.push((*batch, *row_no)),
            refused => out.note(&in_words(out, refused)),
        }
    }
    let done = match intent {
        Intent::Send(_) => "cli-decided",
        Intent::Discard(_) => "cli-discarded",
    };
    out.tell(done, &args! { "count" => accepted.len() });
    if wait {
        let until = match &working.connection {
            Connection::Embedded(_) => Until::Notified,
            Connection::Gateway(_) => Until::Closed,
        };
        let mut watching = Watching::new(out, working);
        watching.wait_for_rows(&accepted, until).await?;
    }
    let ledger = working.desk.ledger();
    outcomes
        .into_iter()
        .map(|(batch_id, outcome)| {
            let now = match &outcome {
                CorrectionOutcome::Accepted { row_no, .. } if wait => {
                    state(ledger, batch_id, *row_no)?
                }
                _ => None,
            };
            Ok(Became {
                batch_id,
                outcome,
                now,
            })
        })
        .collect()
}

fn state(
    ledger: &desk::ledger::Ledger,
    batch: BatchId,
    row_no: RowNo,
) -> Result<Option<RowState>, Failure> {
    Ok(ledger.row(batch, row_no)?.map(|row| row.state))
}

/// A decision that did not go through.
fn in_words(out: &Output, outcome: &CorrectionOutcome) -> String {
    match outcome {
        CorrectionOutcome::Held {
            row_no, by, until, ..
        } => {
            let row_no = row_no.to_string();
            match until {
                Some(until) => {
                    let until = until.to_zoned(TimeZone::system()).datetime();
                    let until = out.text.date_time(until);
                    out.say(
                        "cli-held-until",
                        &args! { "row_no" => row_no, "by" => by, "until" => until },
                    )
                }
                None => out.say("cli-held", &args! { "row_no" => row_no, "by" => by }),
            }
        }
        CorrectionOutcome::Stale { row_no, state, .. } => {
            let state = out.say(&format!("state-{state}"), &args! {});
            let row_no = row_no.to_string();
            out.say("cli-stale", &args! { "row_no" => row_no, "state" => state })
        }
        CorrectionOutcome::Invalid { row_no, issues, .. } => {
            let issues = issues
                .iter()
                .map(|(field, code)| format!("{field}: {code}"));
            let issue = issues.collect::<Vec<_>>().join(", ");
            let row_no = row_no.to_string();
            out.say(
                "cli-invalid",
                &args! { "row_no" => row_no, "issue" => issue },
            )
        }
        CorrectionOutcome::NoSuchRow { row_no, .. } => {
            out.say("cli-no-such-row", &args! { "row_no" => row_no.to_string() })
        }
        CorrectionOutcome::Accepted { .. } => String::new(),
    }
}
