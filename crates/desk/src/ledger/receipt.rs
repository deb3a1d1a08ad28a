//! A batch's closing account, made of what the ledger has.

use jiff::Timestamp;
use model::{BatchId, Receipt};
use rusqlite::OptionalExtension;

use super::sql::{get_time, key};
use super::{BatchEntry, Ledger, LedgerError, LedgerResult, corrections, rows};

impl Ledger {
    /// `None` where the batch is not of this desk: only the desk that read the file can account
    /// for all of it. The states always sum to the rows of the file.
    pub fn receipt(&self, batch: &BatchEntry) -> LedgerResult<Option<Receipt>> {
        let Some(origin) = &batch.origin else {
            return Ok(None);
        };
        let (states, last, unanswered) = self.read(|t| {
            let states = rows::tally(t, batch.batch_id)?;
            let last = last_change(t, batch.batch_id)?;
            let unanswered = corrections::unanswered_of(t, batch.batch_id)?;
            Ok((states, last, unanswered))
        })?;
        let total = states.total();
        if total != origin.source.rows {
            return Err(LedgerError::NotConserved(format!(
                "{total} rows, the file has {}",
                origin.source.rows
            )));
        }
        // A row that was decided about here may be on its way again.
        let closed = states.open() == 0 && unanswered == 0;
        Ok(Some(Receipt {
            batch_id: batch.batch_id,
            name: batch.name.clone(),
            file: origin.source.clone(),
            upload_sha256: Some(origin.upload.sha256.clone()),
            states,
            total,
            closed,
            created_at: batch.created_at,
            closed_at: last.filter(|_| closed),
            made_by: batch.made_by.clone(),
        }))
    }
}

fn last_change(t: &rusqlite::Transaction<'_>, id: BatchId) -> LedgerResult<Option<Timestamp>> {
    let sql = "SELECT max(at) FROM rows WHERE batch_id = ?1 HAVING max(at) IS NOT NULL";
    let last = t.query_row(sql, [key(id)], |row| get_time(row, 0));
    Ok(last.optional()?)
}
