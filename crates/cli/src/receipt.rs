//! `muster receipt`: a batch's closing account.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use desk::ledger::BatchEntry;
use i18n::args;
use jiff::tz::TimeZone;
use model::Receipt;

use crate::failure::Failure;
use crate::output::Output;
use crate::session::{Session, file_name, find_batch};

/// Print the receipt of a batch as JSON: every row of its file in exactly one place
#[derive(Args)]
pub struct ShowReceipt {
    /// The batch's id, the beginning or the end of it, or `last`
    batch: String,
    /// Write it into this file instead
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print it for people
    #[arg(long, conflicts_with = "out")]
    text: bool,
}

impl ShowReceipt {
    pub fn run(self, session: &Session) -> Result<(), Failure> {
        let ledger = session.reader()?;
        let batch = find_batch(&ledger, &self.batch)?;
        let Some(receipt) = ledger.receipt(&batch)? else {
            return Err(Failure::NotOurBatch(batch.batch_id.to_string()));
        };
        match &self.out {
            Some(path) => write(&receipt, path),
            None => {
                show(&session.out, &receipt, !self.text)?;
                match as_of(&session.out, &batch).filter(|_| self.text) {
                    Some(line) => session.out.result(&line),
                    None => Ok(()),
                }
            }
        }
    }
}

/// Whole or not at all: written beside its place and moved there.
pub fn write(receipt: &Receipt, path: &Path) -> Result<(), Failure> {
    let failed = |error| Failure::WriteFile {
        name: file_name(path),
        error,
    };
    let mut text = serde_json::to_vec_pretty(receipt)
        .map_err(std::io::Error::from)
        .map_err(failed)?;
    text.push(b'\n');
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let beside = tempfile::Builder::new()
        .prefix(".muster-receipt-")
        .tempfile_in(folder)
        .map_err(failed)?;
    fs::write(beside.path(), text).map_err(failed)?;
    beside
        .persist(path)
        .map(drop)
        .map_err(|error| failed(error.error))
}

pub fn show(out: &Output, receipt: &Receipt, json: bool) -> Result<(), Failure> {
    if json {
        return out.json(receipt);
    }
    for line in lines(out, receipt, &TimeZone::system()) {
        out.result(&line)?;
    }
    Ok(())
}

/// How old what the ledger says of a batch may be, where the pipeline was heard of it.
pub fn as_of(out: &Output, batch: &BatchEntry) -> Option<String> {
    let when = batch.heard_at?.to_zoned(TimeZone::system()).datetime();
    let when = out.text.date_time(when);
    Some(out.say("cli-as-of", &args! { "when" => when }))
}

fn lines(out: &Output, receipt: &Receipt, zone: &TimeZone) -> Vec<String> {
    let name = receipt.name.as_str();
    let id = receipt.batch_id.to_string();
    let file = &receipt.file;
    let mut lines = vec![
        out.say("receipt-title", &args! { "name" => name }),
        out.say("cli-batch", &args! { "batch" => id }),
        out.say(
            "receipt-file",
            &args! { "name" => &file.name, "count" => file.rows, "sha256" => &file.sha256 },
        ),
    ];
    let named: Vec<_> = receipt
        .states
        .iter()
        .map(|(state, rows)| (out.say(&format!("state-{state}"), &args! {}), rows))
        .chain([(out.say("receipt-total", &args! {}), receipt.total)])
        .map(|(name, rows)| (name, out.text.count(rows)))
        .collect();
    let width = |of: fn(&(String, String)) -> &str| {
        named
            .iter()
            .map(|row| of(row).chars().count())
            .max()
            .unwrap_or(0)
    };
    let (names, counts) = (width(|row| &row.0), width(|row| &row.1));
    for (name, rows) in &named {
        lines.push(format!("  {name:names$}  {rows:>counts$}"));
    }
    lines.push(match receipt.closed_at {
        Some(at) if receipt.closed => {
            let when = out.text.date_time(at.to_zoned(zone.clone()).datetime());
            out.say("receipt-closed", &args! { "when" => when })
        }
        _ => match receipt.states.open() {
            0 => out.say("receipt-unanswered", &args! {}),
            open => out.say("receipt-open", &args! { "count" => open }),
        },
    });
    lines
}

#[cfg(test)]
mod tests {
    use i18n::{Language, Text};
    use jiff::Timestamp;
    use model::{BatchId, RowState, SourceFile};

    use super::*;

    #[test]
    fn a_receipt_for_people_in_each_language() {
        let receipt = Receipt {
            batch_id: BatchId(uuid::Uuid::nil()),
            name: "Março".into(),
            file: SourceFile {
                name: "março.csv".into(),
                sha256: "ab12".into(),
                rows: 10_000,
            },
            upload_sha256: None,
            states: [
                (RowState::Notified, 9_950),
                (RowState::Rejected, 30),
                (RowState::Excluded, 20),
            ]
            .into_iter()
            .collect(),
            total: 10_000,
            closed: true,
            created_at: Timestamp::UNIX_EPOCH,
            closed_at: Some(Timestamp::UNIX_EPOCH),
            made_by: "ana".into(),
        };
        let said = Language::ALL.map(|language| {
            lines(&Output::new(Text::new(language)), &receipt, &TimeZone::UTC).join("\n")
        });
        insta::assert_snapshot!(said.join("\n\n"));
    }
}
