//! Who did what and when.

use jiff::Timestamp;
use model::{BatchId, RowNo};
use rusqlite::{Transaction, params};

use super::sql::{get_time, get_uuid, key, micros};
use super::{Ledger, LedgerResult};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audited {
    pub at: Timestamp,
    pub who: String,
    /// `send`, `cancel`, `correct`, `retry`, `discard`, `purge`.
    pub what: String,
    pub batch_id: Option<BatchId>,
    pub row_no: Option<RowNo>,
    pub detail: Option<String>,
}

impl Ledger {
    /// All that was done to a batch, oldest first.
    pub fn audit(&self, id: BatchId) -> LedgerResult<Vec<Audited>> {
        self.read(|t| {
            let mut query = t.prepare(
                "SELECT at, who, what, batch_id, row_no, detail FROM audit \
                 WHERE batch_id = ?1 ORDER BY rowid",
            )?;
            let all = query.query_map([key(id)], |row| {
                Ok(Audited {
                    at: get_time(row, 0)?,
                    who: row.get(1)?,
                    what: row.get(2)?,
                    batch_id: Some(BatchId(get_uuid(row, 3)?)),
                    row_no: row.get::<_, Option<u32>>(4)?.map(RowNo),
                    detail: row.get(5)?,
                })
            })?;
            Ok(all.collect::<Result<_, _>>()?)
        })
    }
}

/// Part of the transaction that does what is noted.
pub(super) fn note(
    t: &Transaction<'_>,
    at: Timestamp,
    who: &str,
    what: &str,
    batch: Option<BatchId>,
    row_no: Option<RowNo>,
    detail: Option<&str>,
) -> LedgerResult<()> {
    t.execute(
        "INSERT INTO audit (at, who, what, batch_id, row_no, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            micros(at),
            who,
            what,
            batch.map(key),
            row_no.map(|row_no| row_no.0),
            detail
        ],
    )?;
    Ok(())
}
