//! `muster rejected`: refused rows, listed, corrected, sent again or given up.

mod change;
mod decide;
mod list;

use clap::{Args, Subcommand};
use desk::Request;
use desk::ledger::BatchEntry;
use model::{BatchId, ReasonCode, RowNo};
use wire::{CauseGroup, RejectedPage, RejectedRow, SearchRejected};

use crate::failure::Failure;
use crate::session::{Session, Working, find_batch};

/// Rows asked for at once: the contract's most.
const PAGE: u32 = 500;

/// See the rows that were refused, correct them, send them again or give them up
#[derive(Args)]
pub struct Rejected {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    List(list::List),
    Correct(decide::Correct),
    Retry(decide::Retry),
    Discard(decide::Discard),
}

impl Rejected {
    pub async fn run(self, session: &Session) -> Result<(), Failure> {
        match self.command {
            Command::List(list) => list.run(session).await,
            Command::Correct(correct) => correct.run(session).await,
            Command::Retry(retry) => retry.run(session).await,
            Command::Discard(discard) => discard.run(session).await,
        }
    }
}

/// Which refused rows
#[derive(Args, Clone, Debug)]
struct Filter {
    /// Of this batch: its id, the beginning or the end of it, or `last`
    #[arg(long, value_name = "BATCH")]
    batch: Option<String>,
    /// This row. May be repeated; wants --batch
    #[arg(long = "row", value_name = "N", requires = "batch")]
    rows: Vec<u32>,
    /// Refused for this reason, such as `unknown-department`
    #[arg(long, value_name = "REASON", value_parser = reason)]
    code: Option<ReasonCode>,
    /// Refused because of this field
    #[arg(long, value_name = "FIELD")]
    field: Option<String>,
    /// With this text in any cell
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
}

fn reason(text: &str) -> Result<ReasonCode, String> {
    let known = || ReasonCode::ALL.map(ReasonCode::as_str).join(", ");
    text.parse().map_err(|()| format!("one of {}", known()))
}

/// A filter with its batch found.
struct Wanted {
    batch_id: Option<BatchId>,
    /// As the ledger has it, where it has it.
    entry: Option<BatchEntry>,
    filter: Filter,
}

impl Filter {
    /// A batch that this desk did not send is named by its whole id.
    fn resolve(self, session: &Session) -> Result<Wanted, Failure> {
        let Some(name) = &self.batch else {
            return Ok(Wanted {
                batch_id: None,
                entry: None,
                filter: self,
            });
        };
        let found = session
            .reader()
            .and_then(|ledger| find_batch(&ledger, name));
        let (batch_id, entry) = match (found, name.parse::<BatchId>()) {
            (Ok(entry), _) => (entry.batch_id, Some(entry)),
            (Err(_), Ok(id)) => (id, None),
            (Err(error), Err(_)) => return Err(error),
        };
        Ok(Wanted {
            batch_id: Some(batch_id),
            entry,
            filter: self,
        })
    }
}

impl Wanted {
    /// Starts the desk on the connection that these rows are on.
    async fn start(&self, session: &Session) -> Result<Working, Failure> {
        let home = session.own()?;
        let name = session.connection_name(self.entry.as_ref())?;
        session.start(home, &name).await
    }

    fn search(&self, after: Option<String>) -> SearchRejected {
        SearchRejected {
            text: self.filter.text.clone(),
            batch_id: self.batch_id,
            code: self.filter.code,
            limit: PAGE,
            after,
        }
    }

    fn takes(&self, row: &RejectedRow) -> bool {
        let rows = &self.filter.rows;
        let field = self.filter.field.as_ref();
        (rows.is_empty() || rows.contains(&row.row_no.0))
            && field.is_none_or(|field| row.reason.field.as_ref() == Some(field))
    }

    /// Everything that matches, newest first, and how it groups.
    async fn all(&self, working: &Working) -> Result<RejectedPage, Failure> {
        let mut found = RejectedPage::default();
        let mut after = None;
        loop {
            let search = self.search(after);
            let asked = |reply| Request::SearchRejected { search, reply };
            let page = working.desk.ask(asked).await?;
            let rows = page.rows.into_iter().filter(|row| self.takes(row));
            found.rows.extend(rows);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        found.total = found.rows.len() as u64;
        found.groups = groups(&found.rows);
        Ok(found)
    }

    /// At least one, and each of those that were named.
    async fn some(&self, working: &Working) -> Result<Vec<RejectedRow>, Failure> {
        let found = self.all(working).await?.rows;
        let named = self.filter.rows.iter();
        if let Some(missing) = named
            .copied()
            .find(|n| !found.iter().any(|row| row.row_no == RowNo(*n)))
        {
            return Err(Failure::NoSuchRow(missing));
        }
        if found.is_empty() {
            return Err(Failure::NothingMatches);
        }
        Ok(found)
    }
}

/// By reason and field, the largest first.
fn groups(rows: &[RejectedRow]) -> Vec<CauseGroup> {
    let mut counts = std::collections::BTreeMap::<_, u64>::new();
    for row in rows {
        let cause = (row.reason.code, row.reason.field.clone());
        *counts.entry(cause).or_default() += 1;
    }
    let mut groups: Vec<_> = counts
        .into_iter()
        .map(|((code, field), rows)| CauseGroup { code, field, rows })
        .collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.rows));
    groups
}
