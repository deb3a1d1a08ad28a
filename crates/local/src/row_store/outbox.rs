//! What others must still be told: changes for the followers of a batch, and claimed rows for
//! their lane. Both are written with the change itself.

use jiff::Timestamp;
use model::{BatchId, BatchState, CompanyId, Generation, RowKey, RowNo};
use pipeline::ports::{Resend, Untold};
use rusqlite::{Connection, Result, params};

use super::{batches, rows};
use crate::columns::{At, Count, Id, Json, company};

/// Batches that nobody follows have nothing to tell.
pub(super) fn untold(c: &Connection, limit: u32) -> Result<Vec<Untold>> {
    let behind: Vec<(i64, CompanyId, BatchId, u64, BatchState)> = c
        .prepare_cached(
            "SELECT state, failure, batch, company, batch_id, told FROM batches AS b
             WHERE told < version AND EXISTS (
                 SELECT 1 FROM followers JOIN workstations AS w USING (workstation_id)
                 WHERE batch = b.batch AND w.company = b.company)
             ORDER BY batch",
        )?
        .query_map([], |row| {
            Ok((
                row.get(2)?,
                company(row, 3)?,
                BatchId(row.get::<_, Id>(4)?.0),
                row.get::<_, Count>(5)?.0,
                batches::state(row, 0)?,
            ))
        })?
        .collect::<Result<_>>()?;
    behind
        .into_iter()
        .map(|(batch, company, batch_id, since, state)| {
            let (version, events, more) = rows::since(c, batch, since, limit)?;
            Ok(Untold {
                followers: followers(c, batch, &company)?,
                company,
                batch_id,
                since,
                version,
                batch: state,
                events,
                more,
            })
        })
        .collect()
}

fn followers(c: &Connection, batch: i64, company: &CompanyId) -> Result<Vec<String>> {
    c.prepare_cached(
        "SELECT status_queue FROM followers JOIN workstations USING (workstation_id)
         WHERE batch = ?1 AND company = ?2",
    )?
    .query_map(params![batch, company.as_str()], |row| row.get(0))?
    .collect()
}

pub(super) fn told(c: &Connection, batch: i64, version: u64) -> Result<()> {
    c.prepare_cached("UPDATE batches SET told = min(max(told, ?2), version) WHERE batch = ?1")?
        .execute(params![batch, Count(version)])?;
    Ok(())
}

/// The latest generation of a row is the one to send: an earlier one is superseded by it.
pub(super) fn resend(
    c: &Connection,
    batch: i64,
    row_no: RowNo,
    generation: Generation,
) -> Result<()> {
    c.prepare_cached(
        "INSERT OR REPLACE INTO resends (batch, row_no, generation) VALUES (?1, ?2, ?3)",
    )?
    .execute(params![batch, row_no.0, generation.0])?;
    Ok(())
}

pub(super) fn resends(c: &Connection, limit: u32) -> Result<Vec<Resend>> {
    c.prepare_cached(
        "SELECT company, batch_id, row_no, generation, record
         FROM resends JOIN batches USING (batch) JOIN payloads USING (batch, row_no)
         ORDER BY n LIMIT ?1",
    )?
    .query_map([limit], |row| {
        Ok(Resend {
            company: company(row, 0)?,
            key: RowKey {
                batch_id: BatchId(row.get::<_, Id>(1)?.0),
                row_no: RowNo(row.get(2)?),
                generation: Generation(row.get(3)?),
            },
            record: row.get::<_, Json<_>>(4)?.0,
        })
    })?
    .collect()
}

/// A row that is being registered just then is sent once more, and its key makes that harmless.
pub(super) fn revive(c: &Connection, before: Timestamp) -> Result<u64> {
    let revived = c
        .prepare_cached(
            "INSERT OR IGNORE INTO resends (batch, row_no, generation)
             SELECT batch, row_no, generation FROM row_states JOIN batches USING (batch)
             WHERE at < ?1 AND extracted AND row_states.state IN ('queued', 'registering', 'unknown')
             AND batches.state = 'running'",
        )?
        .execute([At(before)])?;
    Ok(revived as u64)
}

pub(super) fn resent(c: &Connection, done: &[(CompanyId, RowKey)]) -> Result<()> {
    for (company, key) in done {
        c.prepare_cached(
            "DELETE FROM resends WHERE row_no = ?3 AND generation = ?4
             AND batch = (SELECT batch FROM batches WHERE company = ?1 AND batch_id = ?2)",
        )?
        .execute(params![
            company.as_str(),
            Id(key.batch_id.0),
            key.row_no.0,
            key.generation.0,
        ])?;
    }
    Ok(())
}
