//! Refused rows as the company's rejected queue delivered them to this desk.

use jiff::Timestamp;
use model::{BatchId, Generation, Reason, Record, RowKey, RowNo, Seq};
use rusqlite::{OptionalExtension, params};
use wire::RejectedMessage;

use super::sql::{get_json, get_json_opt, get_time, get_uuid, json, key, micros};
use super::{Ledger, LedgerResult, rows};

/// One refused row. `Debug` shows no payload.
#[derive(Clone)]
pub struct InboxRow {
    pub key: RowKey,
    pub seq: Seq,
    pub reason: Reason,
    pub record: Option<Record>,
    pub at: Timestamp,
}

impl std::fmt::Debug for InboxRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InboxRow")
            .field("key", &self.key)
            .field("seq", &self.seq)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

impl Ledger {
    /// Writes delivered rows, in one transaction. A message older than what is known of its row
    /// is dropped. Says how many were news.
    pub fn put_rejected(&self, messages: &[RejectedMessage]) -> LedgerResult<u32> {
        self.write(|t| {
            let mut news = 0;
            for message in messages {
                let (id, row_no) = (key(message.key.batch_id), message.key.row_no.0);
                let (generation, seq) = (message.key.generation.0, message.seq.0 as i64);
                let later: Option<bool> = t
                    .query_row(
                        "SELECT (generation, seq) > (?3, ?4) AND state <> 'rejected' FROM rows \
                         WHERE batch_id = ?1 AND row_no = ?2",
                        params![id, row_no, generation, seq],
                        |row| row.get(0),
                    )
                    .optional()?;
                if later == Some(true) {
                    continue;
                }
                let put = t.execute(
                    "INSERT INTO rejected (batch_id, row_no, generation, seq, reason, at) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET \
                     generation = excluded.generation, seq = excluded.seq, \
                     reason = excluded.reason, at = excluded.at \
                     WHERE (generation, seq) < (excluded.generation, excluded.seq)",
                    params![
                        id,
                        row_no,
                        generation,
                        seq,
                        json(&message.reason),
                        micros(message.at)
                    ],
                )?;
                if put > 0 {
                    news += 1;
                    let k = message.key;
                    rows::put_payload(t, k.batch_id, k.row_no, k.generation, &message.record)?;
                }
            }
            Ok(news)
        })
    }

    /// Refused rows that this desk was delivered and that nobody has decided about as far as it
    /// knows, newest first.
    pub fn inbox(&self, batch: Option<BatchId>, limit: u32) -> LedgerResult<Vec<InboxRow>> {
        self.read(|t| {
            let mut query = t.prepare(
                "SELECT i.batch_id, i.row_no, i.generation, i.seq, i.reason, p.record, i.at \
                 FROM rejected i LEFT JOIN payloads p ON p.batch_id = i.batch_id \
                 AND p.row_no = i.row_no AND p.generation = i.generation \
                 WHERE ?1 IS NULL OR i.batch_id = ?1 ORDER BY i.at DESC, i.row_no LIMIT ?2",
            )?;
            let rows = query.query_map(params![batch.map(key), limit], |row| {
                Ok(InboxRow {
                    key: RowKey {
                        batch_id: BatchId(get_uuid(row, 0)?),
                        row_no: RowNo(row.get(1)?),
                        generation: Generation(row.get(2)?),
                    },
                    seq: Seq(row.get::<_, i64>(3)?.unsigned_abs()),
                    reason: get_json(row, 4)?,
                    record: get_json_opt(row, 5)?,
                    at: get_time(row, 6)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}
