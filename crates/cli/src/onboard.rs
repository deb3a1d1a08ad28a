//! `muster onboard`: a list from a file to a closed receipt.

use std::path::PathBuf;

use clap::Args;
use desk::ledger::BatchEntry;
use desk::{DeskError, Import, Request, Terms};
use i18n::{Language, args};
use model::{BatchId, IssueCode, Place, Receipt, RowState, Severity};

use crate::connection::Connection;
use crate::failure::Failure;
use crate::reading::Reading;
use crate::receipt;
use crate::session::{Session, Working};
use crate::watching::{Until, Watching};

/// Check a list, fix it, send it, and follow every row to a closed receipt
#[derive(Args)]
pub struct Onboard {
    /// A CSV file or an Excel workbook
    file: PathBuf,
    #[command(flatten)]
    reading: Reading,
    /// Take every suggested fix
    #[arg(long)]
    fix_all: bool,
    /// Leave out the rows that still have errors
    #[arg(long)]
    exclude_bad: bool,
    /// Write the receipt into this file, as JSON
    #[arg(long, value_name = "OUT.json")]
    receipt: Option<PathBuf>,
    /// The batch's name for people; without it, the file's
    #[arg(long)]
    name: Option<String>,
    /// Language of e-mails to people whose row names none
    #[arg(long, value_name = "TAG")]
    mail_language: Option<Language>,
    /// Do not ask before sending
    #[arg(long, short)]
    yes: bool,
    /// Print the receipt as JSON
    #[arg(long)]
    json: bool,
}

impl Onboard {
    pub async fn run(self, session: &Session) -> Result<(), Failure> {
        // Both before the work of reading: neither should be found out after it.
        let home = session.own()?;
        let connection = session.connection_name(None)?;
        Connection::open(&connection, &session.home)?;
        let import = self.reading.read(&self.file, &session.out).await?;
        let mut working = session.start(home, &connection).await?;
        let outcome = self.send_and_follow(session, &mut working, import).await;
        working.close().await;
        let made = outcome?;
        if let Some(path) = &self.receipt {
            receipt::write(&made, path)?;
        }
        receipt::show(&session.out, &made, self.json)?;
        let refused = made.states.of(RowState::Rejected);
        if refused > 0 {
            session
                .out
                .tell("cli-rejected-arrived", &args! { "count" => refused });
        }
        Ok(())
    }

    async fn send_and_follow(
        &self,
        session: &Session,
        working: &mut Working,
        mut import: Import,
    ) -> Result<Receipt, Failure> {
        let batch = match self.sent_before(session, working, &import)? {
            Some(unfinished) => unfinished,
            None => {
                self.ready(session, &mut import)?;
                self.send(session, working, import).await?
            }
        };
        let until = match &working.connection {
            Connection::Embedded(_) => Until::Notified,
            Connection::Gateway(_) => Until::Closed,
        };
        let mut all = Watching::new(&session.out, working)
            .wait(&[batch], until)
            .await?;
        let made = all.pop().and_then(|progress| progress.receipt);
        made.ok_or_else(|| Failure::NotOurBatch(batch.to_string()))
    }

    /// The same bytes on the same connection: an unfinished batch is gone on with, a finished one
    /// is told of.
    fn sent_before(
        &self,
        session: &Session,
        working: &Working,
        import: &Import,
    ) -> Result<Option<BatchId>, Failure> {
        let ledger = working.desk.ledger();
        let connection = working.connection.connect();
        let same = |batch: &BatchEntry| {
            batch.connection == connection.name()
                && batch
                    .origin
                    .as_ref()
                    .is_some_and(|origin| origin.source.sha256 == import.table().sha256())
        };
        let unfinished = ledger.unfinished(connection.name())?;
        if let Some(batch) = unfinished.iter().find(|batch| same(batch)) {
            let id = batch.batch_id.to_string();
            let args = args! { "batch" => id };
            session.out.tell("cli-going-on", &args);
            return Ok(Some(batch.batch_id));
        }
        if let Some(batch) = ledger.batches()?.iter().find(|batch| same(batch)) {
            let id = batch.batch_id.to_string();
            let args = args! { "batch" => id };
            session.out.tell("cli-sent-before", &args);
        }
        Ok(None)
    }

    /// Fixes and leaves out what was asked for, anew in every run: what one run left out may be
    /// fixed by the next. What is left must be without errors.
    fn ready(&self, session: &Session, import: &mut Import) -> Result<(), Failure> {
        let out = &session.out;
        let name = import.name().to_owned();
        let failed = |error| Failure::Import {
            name: name.clone(),
            error,
        };
        self.table_as_a_whole(import, out.text.language())?;
        let issues = out.text.count(import.verdict().len());
        let rows = import.table().rows();
        out.tell("cli-read", &args! { "count" => rows, "issues" => issues });
        if self.fix_all {
            let cells = import.fix_all().map_err(failed)?;
            out.tell("cli-fixed", &args! { "count" => cells });
        }
        if self.exclude_bad {
            let rows = import.exclude_bad().map_err(failed)?;
            out.tell("cli-excluded", &args! { "count" => rows });
        }
        let bad = import.verdict().rows_with_errors_count();
        if bad > 0 {
            return Err(DeskError::RowsWithErrors(bad.into()).into());
        }
        if import.rows_to_send() == 0 {
            return Err(DeskError::NothingToSend.into());
        }
        Ok(())
    }

    async fn send(
        &self,
        session: &Session,
        working: &Working,
        import: Import,
    ) -> Result<BatchId, Failure> {
        let out = &session.out;
        let connection = working.connection.connect();
        let args = args! { "count" => import.rows_to_send(), "connection" => connection.name() };
        if !self.yes && !out.confirmed(&out.say("cli-ask-send", &args)) {
            return Err(Failure::NotConfirmed);
        }
        let language = self.mail_language.unwrap_or(session.settings.language());
        let terms = Terms {
            name: self
                .name
                .clone()
                .unwrap_or_else(|| import.name().to_owned()),
            language: language.tag().to_owned(),
        };
        let outgoing = Box::new(import);
        let asked = |reply| Request::Send {
            outgoing,
            terms,
            reply,
        };
        Ok(working.desk.ask(asked).await?)
    }

    /// Required fields need a column, and ambiguous dates somebody who decides, unless their rows
    /// may be left out.
    fn table_as_a_whole(&self, import: &Import, language: Language) -> Result<(), Failure> {
        let fields = &import.plan().schema().fields;
        let title = |at: u16| {
            let field = fields.get(usize::from(at));
            field.map_or(String::new(), |field| {
                field.title_in(language.tag()).to_owned()
            })
        };
        let verdict = import.verdict();
        let missing: Vec<_> = verdict
            .table_issues()
            .iter()
            .filter(|issue| issue.code.severity() == Severity::Error)
            .filter_map(|issue| match (issue.code, issue.place) {
                (IssueCode::FieldMissing, Place::Field { field }) => Some(title(field)),
                _ => None,
            })
            .collect();
        if !missing.is_empty() {
            return Err(Failure::ColumnsMissing(missing));
        }
        let undecided: Vec<_> = verdict
            .undecided_dates()
            .iter()
            .map(|at| title(*at))
            .collect();
        if !undecided.is_empty() && !self.exclude_bad {
            return Err(Failure::DatesUndecided(undecided));
        }
        Ok(())
    }
}
