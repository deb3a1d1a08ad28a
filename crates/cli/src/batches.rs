//! `muster batches` and `muster status`: what this desk sent, and where each row is. Both work
//! beside a running desk.

use clap::Args;
use desk::ledger::{BatchEntry, Ledger};
use i18n::args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::{BatchState, Reason, RowNo, RowState, Tally};
use serde::Serialize;

use crate::failure::Failure;
use crate::output::Output;
use crate::receipt::as_of;
use crate::session::{Session, find_batch};

/// Rows asked for at once.
const PAGE: u32 = 1000;

/// List the batches of this desk, newest first
#[derive(Args)]
pub struct Batches {
    /// Print them as JSON
    #[arg(long)]
    json: bool,
}

/// Show where a batch and its rows are
#[derive(Args)]
pub struct Status {
    /// The batch's id, the beginning or the end of it, or `last`
    batch: String,
    /// List its rows
    #[arg(long)]
    rows: bool,
    /// List only rows in this state
    #[arg(long, value_name = "STATE")]
    state: Option<RowState>,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct BatchLine {
    batch_id: String,
    name: String,
    connection: String,
    /// How far it came on its way out: journalled, created, sent, cancelled.
    step: &'static str,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pipeline: Option<BatchState>,
    states: Tally,
    total: u64,
    closed: bool,
    version: u64,
    made_by: String,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<Vec<RowLine>>,
}

#[derive(Serialize)]
struct RowLine {
    row_no: RowNo,
    line: u32,
    generation: u32,
    state: RowState,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
    at: Timestamp,
}

impl BatchLine {
    fn new(ledger: &Ledger, batch: BatchEntry) -> Result<Self, Failure> {
        let states = ledger.tally(batch.batch_id)?;
        let unanswered = ledger.unanswered_of(batch.batch_id)?;
        Ok(Self {
            batch_id: batch.batch_id.to_string(),
            name: batch.name,
            connection: batch.connection,
            step: batch.step.as_str(),
            pipeline: batch.pipeline,
            total: states.total(),
            closed: !batch.step.is_unsent() && states.open() == 0 && unanswered == 0,
            states,
            version: batch.version,
            made_by: batch.made_by,
            created_at: batch.created_at,
            rows: None,
        })
    }
}

impl Batches {
    pub fn run(self, session: &Session) -> Result<(), Failure> {
        let out = &session.out;
        let ledger = match session.reader() {
            Ok(ledger) => ledger,
            Err(error) if error.exit() == crate::failure::Exit::NotThere => {
                return if self.json {
                    out.json(&[(); 0])
                } else {
                    out.result(&out.say("cli-no-batches", &args! {}))
                };
            }
            Err(error) => return Err(error),
        };
        let mut lines = Vec::new();
        for batch in ledger.batches()? {
            lines.push(BatchLine::new(&ledger, batch)?);
        }
        if self.json {
            return out.json(&lines);
        }
        if lines.is_empty() {
            out.result(&out.say("cli-no-batches", &args! {}))?;
        }
        for line in lines {
            let when = line.created_at.to_zoned(TimeZone::system()).datetime();
            let (id, name, when) = (&line.batch_id, &line.name, out.text.date_time(when));
            out.result(&format!("{id}  {when}  {name}"))?;
            out.result(&format!("    {}", in_words(out, &line.states)))?;
        }
        Ok(())
    }
}

impl Status {
    pub fn run(self, session: &Session) -> Result<(), Failure> {
        let out = &session.out;
        let ledger = session.reader()?;
        let batch = find_batch(&ledger, &self.batch)?;
        let id = batch.batch_id;
        let as_of = as_of(out, &batch);
        let mut line = BatchLine::new(&ledger, batch)?;
        if self.rows || self.state.is_some() {
            let mut rows = Vec::new();
            let mut from = RowNo(1);
            loop {
                let page = ledger.rows(id, self.state, from, PAGE)?;
                let Some(last) = page.last() else { break };
                from = RowNo(last.row_no.0.saturating_add(1));
                rows.extend(page.into_iter().map(|row| RowLine {
                    row_no: row.row_no,
                    line: row.line,
                    generation: row.generation.0,
                    state: row.state,
                    reason: row.reason,
                    at: row.at,
                }));
            }
            line.rows = Some(rows);
        }
        if self.json {
            return out.json(&line);
        }
        let batch = line.batch_id.as_str();
        out.result(&format!(
            "{}  {}",
            out.say("cli-batch", &args! { "batch" => batch }),
            line.name
        ))?;
        match line.pipeline {
            Some(state) => {
                let word = format!("batch-{}", state.as_str());
                out.result(&out.say(&word, &args! {}))?;
            }
            None => out.result(&out.say(&format!("cli-step-{}", line.step), &args! {}))?,
        }
        out.result(&in_words(out, &line.states))?;
        if let Some(as_of) = as_of {
            out.result(&as_of)?;
        }
        for row in line.rows.into_iter().flatten() {
            let state = out.say(&format!("state-{}", row.state), &args! {});
            let reason = row.reason.map(|reason| {
                let field = reason.field.as_deref().unwrap_or_default();
                let key = format!("reason-{}", reason.code.as_str());
                format!(
                    ": {}",
                    out.say(&key, &args! { "field" => field, "count" => 1 })
                )
            });
            let reason = reason.unwrap_or_default();
            out.result(&format!("{:>8}  {state}{reason}", row.row_no))?;
        }
        Ok(())
    }
}

/// Rows by state, in one line.
fn in_words(out: &Output, states: &Tally) -> String {
    let states = states.iter().map(|(state, rows)| {
        let name = out.say(&format!("state-{state}"), &args! {});
        format!("{name} {}", out.text.count(rows))
    });
    states.collect::<Vec<_>>().join(" · ")
}
