//! The rows of a batch: where each is, and what was sent of it.

use jiff::Timestamp;
use model::{BatchId, Generation, Reason, Record, RowNo, RowState, Seq, Tally};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::batches::{self, NewBatch};
use super::sql::{get_json, get_json_opt, get_state, get_time, json, key, micros};
use super::{Ledger, LedgerError, LedgerResult, audit};

/// A row of the file, as it is journalled before anything is sent.
#[derive(Clone, Debug)]
pub struct NewRow {
    pub row_no: RowNo,
    /// Where it stands in the file: line, or row of the sheet.
    pub line: u32,
    /// `None`: the user has left it out.
    pub record: Option<Record>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRow {
    pub row_no: RowNo,
    pub line: u32,
    pub generation: Generation,
    pub seq: Seq,
    pub state: RowState,
    pub reason: Option<Reason>,
    pub at: Timestamp,
}

impl Ledger {
    /// Writes a batch and every row of its file, excluded ones included, in one transaction.
    /// From here on it is sent, whatever stops the program.
    pub fn journal(
        &self,
        batch: &NewBatch,
        rows: impl Iterator<Item = NewRow>,
    ) -> LedgerResult<()> {
        self.write(|t| {
            batches::insert(t, batch)?;
            let (mut all, mut sent) = (0_u64, 0_u64);
            let mut insert = t.prepare(
                "INSERT INTO rows (batch_id, row_no, line, generation, seq, state, at) \
                 VALUES (?1, ?2, ?3, 1, 0, ?4, ?5)",
            )?;
            let mut payload = t.prepare(
                "INSERT INTO payloads (batch_id, row_no, generation, record) \
                 VALUES (?1, ?2, 1, ?3)",
            )?;
            let id = key(batch.batch_id);
            let at = micros(batch.created_at);
            for row in rows {
                all += 1;
                let state = match &row.record {
                    Some(record) => {
                        sent += 1;
                        payload.execute(params![id, row.row_no.0, json(record)])?;
                        RowState::Draft
                    }
                    None => RowState::Excluded,
                };
                insert.execute(params![id, row.row_no.0, row.line, state.as_str(), at])?;
            }
            if (all, sent) != (batch.source.rows, batch.upload.rows) {
                return Err(LedgerError::NotConserved(format!(
                    "{all} rows with {sent} to send, not {} with {}",
                    batch.source.rows, batch.upload.rows
                )));
            }
            let detail = format!("{sent} of {all} rows");
            let (who, id) = (&batch.made_by, batch.batch_id);
            audit::note(
                t,
                batch.created_at,
                who,
                "send",
                Some(id),
                None,
                Some(&detail),
            )
        })
    }

    /// Rows by state. Sums to the rows of the file.
    pub fn tally(&self, id: BatchId) -> LedgerResult<Tally> {
        self.read(|t| tally(t, id))
    }

    /// Rows from `from` on, at most `limit`, in one state or in any.
    pub fn rows(
        &self,
        id: BatchId,
        state: Option<RowState>,
        from: RowNo,
        limit: u32,
    ) -> LedgerResult<Vec<LedgerRow>> {
        self.read(|t| {
            let mut query = t.prepare(
                "SELECT row_no, line, generation, seq, state, reason, at FROM rows \
                 WHERE batch_id = ?1 AND row_no >= ?2 AND (?3 IS NULL OR state = ?3) \
                 ORDER BY row_no LIMIT ?4",
            )?;
            let word = state.map(RowState::as_str);
            let rows = query.query_map(params![key(id), from.0, word, limit], ledger_row)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    pub fn row(&self, id: BatchId, row_no: RowNo) -> LedgerResult<Option<LedgerRow>> {
        let found = self.rows(id, None, row_no, 1)?;
        Ok(found.into_iter().find(|row| row.row_no == row_no))
    }

    /// What was sent as that generation of the row, where the ledger still has it.
    pub fn payload(
        &self,
        id: BatchId,
        row_no: RowNo,
        generation: Generation,
    ) -> LedgerResult<Option<Record>> {
        self.read(|t| {
            let record = t.query_row(
                "SELECT record FROM payloads \
                 WHERE batch_id = ?1 AND row_no = ?2 AND generation = ?3",
                params![key(id), row_no.0, generation.0],
                |row| get_json(row, 0),
            );
            Ok(record.optional()?)
        })
    }

    /// Removes the personal data of a batch. States, counts and hashes stay.
    pub fn purge(&self, id: BatchId, who: &str, at: Timestamp) -> LedgerResult<()> {
        self.write(|t| {
            t.execute("DELETE FROM payloads WHERE batch_id = ?1", [key(id)])?;
            audit::note(t, at, who, "purge", Some(id), None, None)
        })
    }
}

pub(super) fn put_payload(
    t: &Transaction<'_>,
    id: BatchId,
    row_no: RowNo,
    generation: Generation,
    record: &Record,
) -> LedgerResult<()> {
    t.execute(
        "INSERT INTO payloads (batch_id, row_no, generation, record) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT DO UPDATE SET record = excluded.record",
        params![key(id), row_no.0, generation.0, json(record)],
    )?;
    Ok(())
}

pub(super) fn tally(t: &Transaction<'_>, id: BatchId) -> LedgerResult<Tally> {
    let mut query =
        t.prepare("SELECT state, count(*) FROM rows WHERE batch_id = ?1 GROUP BY state")?;
    let counts = query.query_map([key(id)], |row| {
        Ok((get_state(row, 0)?, row.get::<_, i64>(1)?.unsigned_abs()))
    })?;
    Ok(counts.collect::<Result<_, _>>()?)
}

fn ledger_row(row: &Row<'_>) -> rusqlite::Result<LedgerRow> {
    Ok(LedgerRow {
        row_no: RowNo(row.get(0)?),
        line: row.get(1)?,
        generation: Generation(row.get(2)?),
        seq: Seq(row.get::<_, i64>(3)?.unsigned_abs()),
        state: get_state(row, 4)?,
        reason: get_json_opt(row, 5)?,
        at: get_time(row, 6)?,
    })
}
