//! `muster check`: what is wrong with a list, without sending anything.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use desk::Import;
use i18n::args;
use model::{Issue, Place, RowNo};
use serde::{Serialize, Serializer};

use crate::failure::{Exit, Failure};
use crate::issues;
use crate::reading::Reading;
use crate::session::Session;

/// Issues shown without --json.
const SHOWN: usize = 50;

/// Check a list against a schema: exit code 0 where it is clean, 1 where it has issues, 2 where it
/// cannot be read
#[derive(Args)]
pub struct Check {
    /// A CSV file or an Excel workbook
    file: PathBuf,
    #[command(flatten)]
    reading: Reading,
    /// Print everything as JSON
    #[arg(long)]
    json: bool,
}

impl Check {
    pub async fn run(self, session: &Session) -> Result<(), Failure> {
        let out = &session.out;
        let import = self.reading.read(&self.file, out).await?;
        if self.json {
            out.json(&Report::new(&import, out))?;
        } else {
            summary(session, &import)?;
        }
        if import.verdict().is_clean() {
            Ok(())
        } else {
            Err(Failure::Told(Exit::Issues))
        }
    }
}

fn summary(session: &Session, import: &Import) -> Result<(), Failure> {
    let out = &session.out;
    let (table, plan, verdict) = (import.table(), import.plan(), import.verdict());
    let issues = out.text.count(verdict.len());
    out.result(&out.say(
        "cli-read",
        &args! { "count" => table.rows(), "issues" => issues },
    ))?;
    for (cause, count) in verdict.causes() {
        let line = issues::group(&out.text, plan.schema(), cause, count.issues);
        out.result(&format!("  {line}"))?;
    }
    let mut shown = 0;
    for issue in verdict.issues(plan, table).take(SHOWN) {
        shown += 1;
        let value = value_of(import, &issue);
        let what = issues::sentence(&out.text, plan.schema(), &issue, value);
        let mut line = what;
        if let Some(row_no) = issue.place.row_no() {
            let place = out.say(
                "cli-line",
                &args! {
                    "row" => row_no.to_string(),
                    "line" => table.line(row_no).to_string(),
                },
            );
            line = format!("{place}: {line}");
        }
        if let Some(fix) = &issue.fix {
            let fix = out.say("cli-fix", &args! { "fix" => issues::shown(fix) });
            line = format!("{line} [{fix}]");
        }
        out.result(&line)?;
    }
    let more = verdict.len().saturating_sub(shown);
    if more > 0 {
        out.result(&out.say("cli-more-issues", &args! { "count" => more }))?;
    }
    Ok(())
}

/// The cell, or the header, that an issue is about.
fn value_of<'a>(import: &'a Import, issue: &Issue) -> &'a str {
    let table = import.table();
    match issue.place {
        Place::Cell { row_no, field } => import
            .plan()
            .column_of(usize::from(field))
            .map_or("", |column| table.cell(row_no, column)),
        Place::Column { column } => table
            .headers()
            .get(usize::from(column))
            .map_or("", String::as_str),
        Place::Row { .. } | Place::Field { .. } => "",
    }
}

#[derive(Serialize)]
struct Report<'a> {
    file: &'a str,
    sha256: &'a str,
    found: &'a table::Found,
    rows: u32,
    columns: &'a [String],
    /// The header of the column that holds each field; null where none does.
    mapping: BTreeMap<&'a str, Option<&'a str>>,
    counts: BTreeMap<&'static str, u64>,
    rows_with_errors: u32,
    issues: Issues<'a>,
}

impl<'a> Report<'a> {
    fn new(import: &'a Import, out: &'a crate::output::Output) -> Self {
        let (table, plan, verdict) = (import.table(), import.plan(), import.verdict());
        let header = |field| {
            let column = plan.column_of(field)?;
            table.headers().get(column).map(String::as_str)
        };
        let fields = plan.schema().fields.iter().enumerate();
        let counts = verdict.counts().into_iter();
        Self {
            file: import.name(),
            sha256: table.sha256(),
            found: table.found(),
            rows: table.rows(),
            columns: table.headers(),
            mapping: fields
                .map(|(at, field)| (field.name.as_str(), header(at)))
                .collect(),
            counts: counts.map(|(code, n)| (code.as_str(), n)).collect(),
            rows_with_errors: verdict.rows_with_errors_count(),
            issues: Issues { import, out },
        }
    }
}

/// Written one by one: there may be millions.
struct Issues<'a> {
    import: &'a Import,
    out: &'a crate::output::Output,
}

#[derive(Serialize)]
struct IssueLine<'a> {
    row_no: Option<RowNo>,
    /// The file's line, or the sheet's row.
    line: Option<u32>,
    field: Option<&'a str>,
    code: &'static str,
    severity: model::Severity,
    value: &'a str,
    expected: String,
    fix: Option<String>,
}

impl Serialize for Issues<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (table, plan) = (self.import.table(), self.import.plan());
        let issues = self.import.verdict().issues(plan, table);
        serializer.collect_seq(issues.map(|issue| {
            let value = value_of(self.import, &issue);
            let subject = issues::Subject::of(&issue, plan.schema(), value);
            IssueLine {
                row_no: subject.row_no,
                line: subject.row_no.map(|row_no| table.line(row_no)),
                field: subject.field.map(|field| field.name.as_str()),
                code: issue.code.as_str(),
                severity: issue.code.severity(),
                value,
                expected: issues::expected(&self.out.text, plan.schema(), &issue, value),
                fix: issue.fix,
            }
        }))
    }
}
