//! Rows: their coming, their changes, and what is known of them.

use jiff::Timestamp;
use model::{BatchId, CompanyId, Record, RowNo, StatusEvent};
use pipeline::ports::{Applied, Change};
use rusqlite::{Connection, OptionalExtension, Result, params};

use super::batches;
use super::moves::{event, moving, row};
use crate::columns::{At, Count, Json};

/// `records` are JSON. `false` where the batch has failed: it takes no rows.
pub(super) fn insert(
    c: &Connection,
    batch: i64,
    records: &[(RowNo, String)],
    at: Timestamp,
) -> Result<bool> {
    let taken = c
        .prepare_cached(
            "UPDATE batches SET touched_at = ?2,
                 version = version + (state IN ('awaiting-upload', 'received')),
                 state = CASE WHEN state IN ('awaiting-upload', 'received')
                     THEN 'extracting' ELSE state END
             WHERE batch = ?1 AND state <> 'failed'",
        )?
        .execute(params![batch, At(at)])?;
    if taken == 0 {
        return Ok(false);
    }
    moving(c, at, |moves| {
        for (row_no, record) in records {
            moves.enter(batch, *row_no, record)?;
        }
        Ok(true)
    })
}

pub(super) fn apply(c: &Connection, changes: &[Change], at: Timestamp) -> Result<Vec<Applied>> {
    moving(c, at, |moves| {
        let mut applied = Vec::with_capacity(changes.len());
        for change in changes {
            let key = change.key;
            let before = match moves.batch(&change.company, key.batch_id)? {
                Some(batch) => moves.row(batch, key.row_no)?.map(|row| (batch, row)),
                None => None,
            };
            applied.push(match before {
                Some((batch, before))
                    if before.generation == key.generation
                        && before.state.may_become(change.state) =>
                {
                    let reason = change.reason.clone();
                    let after = moves.step(batch, &before, key.generation, change.state, reason)?;
                    Applied {
                        changed: true,
                        now: Some(after),
                    }
                }
                unchanged => Applied {
                    changed: false,
                    now: unchanged.map(|(_, row)| row),
                },
            });
        }
        Ok(applied)
    })
}

pub(super) fn get(
    c: &Connection,
    company: &CompanyId,
    id: BatchId,
    row_no: RowNo,
) -> Result<Option<(StatusEvent, Record)>> {
    let Some(batch) = batches::number(c, company, id)? else {
        return Ok(None);
    };
    let Some(status) = row(c, batch, row_no)? else {
        return Ok(None);
    };
    Ok(record(c, batch, row_no)?.map(|record| (status, record)))
}

pub(super) fn record(c: &Connection, batch: i64, row_no: RowNo) -> Result<Option<Record>> {
    c.prepare_cached("SELECT record FROM payloads WHERE batch = ?1 AND row_no = ?2")?
        .query_row(params![batch, row_no.0], |row| {
            Ok(row.get::<_, Json<Record>>(0)?.0)
        })
        .optional()
}

/// The latest event of each row that changed after `since`, by version, and what version they
/// reach; whether there are more.
pub(super) fn since(
    c: &Connection,
    batch: i64,
    since: u64,
    limit: u32,
) -> Result<(u64, Vec<StatusEvent>, bool)> {
    let mut found = c
        .prepare_cached(
            "SELECT row_no, generation, seq, state, reason, at, version FROM row_states
             WHERE batch = ?1 AND version > ?2 ORDER BY version LIMIT ?3",
        )?
        .query_map(params![batch, Count(since), i64::from(limit) + 1], |row| {
            Ok((event(row)?, row.get::<_, Count>(6)?.0))
        })?
        .collect::<Result<Vec<(StatusEvent, u64)>>>()?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let version = match found.last() {
        _ if !more => {
            c.prepare_cached("SELECT version FROM batches WHERE batch = ?1")?
                .query_row([batch], |row| row.get::<_, Count>(0))?
                .0
        }
        Some((_, version)) => *version,
        None => since,
    };
    let events = found.into_iter().map(|(event, _)| event).collect();
    Ok((version, events, more))
}

pub(super) fn history(c: &Connection, batch: i64, row_no: RowNo) -> Result<Vec<StatusEvent>> {
    c.prepare_cached(
        "SELECT row_no, generation, seq, state, reason, at FROM events
         WHERE batch = ?1 AND row_no = ?2 ORDER BY seq",
    )?
    .query_map(params![batch, row_no.0], event)?
    .collect()
}
