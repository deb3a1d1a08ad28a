//! Batches: their making, their way from upload to settled, and who follows them.

use jiff::Timestamp;
use model::{BatchFailure, BatchId, BatchState, CompanyId, RowNo, Tally, WorkstationId};
use pipeline::ports::{Batch, BatchCreation, Checkpoint, Principal};
use rusqlite::types::{FromSqlError, Type};
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use wire::{BatchSummary, BatchView, CreateBatch, StoredUpload};

use super::moves;
use crate::columns::{At, Count, Id, Json, State, company};

/// The number that stands for a batch of the company inside the file.
pub(super) fn number(c: &Connection, company: &CompanyId, id: BatchId) -> Result<Option<i64>> {
    c.prepare_cached("SELECT batch FROM batches WHERE company = ?1 AND batch_id = ?2")?
        .query_row(params![company.as_str(), Id(id.0)], |row| row.get(0))
        .optional()
}

pub(super) fn create(
    c: &Connection,
    principal: &Principal,
    request: &CreateBatch,
    at: Timestamp,
) -> Result<BatchCreation> {
    let company = &principal.company;
    if let Some((batch, stored)) = request_of(c, company, request.batch_id)? {
        // The same list from another desk of the same user is the same batch.
        let stored = CreateBatch {
            workstation_id: request.workstation_id,
            ..stored
        };
        if stored != *request {
            return Ok(BatchCreation::Differs);
        }
        add_follower(c, batch, request.workstation_id)?;
        return Ok(BatchCreation::Same);
    }
    let batch = c
        .prepare_cached(
            "INSERT INTO batches
                 (company, batch_id, name, request, created_by, created_at, state, touched_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6)",
        )?
        .insert(params![
            company.as_str(),
            Id(request.batch_id.0),
            request.name,
            Json(request),
            principal.user,
            At(at),
            BatchState::AwaitingUpload.as_str(),
        ])?;
    add_follower(c, batch, request.workstation_id)?;
    Ok(BatchCreation::Created)
}

fn request_of(
    c: &Connection,
    company: &CompanyId,
    id: BatchId,
) -> Result<Option<(i64, CreateBatch)>> {
    c.prepare_cached("SELECT batch, request FROM batches WHERE company = ?1 AND batch_id = ?2")?
        .query_row(params![company.as_str(), Id(id.0)], |row| {
            Ok((row.get(0)?, row.get::<_, Json<_>>(1)?.0))
        })
        .optional()
}

pub(super) fn get(c: &Connection, company: &CompanyId, id: BatchId) -> Result<Option<Batch>> {
    let found = c
        .prepare_cached(
            "SELECT state, failure, request, stored_sha256, stored_bytes, version, created_by,
                    created_at, settled_at, done_offset, done_rows, done_last, batch
             FROM batches WHERE company = ?1 AND batch_id = ?2",
        )?
        .query_row(params![company.as_str(), Id(id.0)], |row| {
            let request: CreateBatch = row.get::<_, Json<_>>(2)?.0;
            let stored = match (row.get(3)?, row.get(4)?) {
                (Some(sha256), Some(Count(bytes))) => Some(StoredUpload { sha256, bytes }),
                _ => None,
            };
            let view = BatchView {
                batch_id: id,
                name: request.name.clone(),
                state: state(row, 0)?,
                declared: request.upload.clone(),
                stored,
                version: row.get::<_, Count>(5)?.0,
                tally: Tally::default(),
                created_by: row.get(6)?,
                created_at: row.get::<_, At>(7)?.0,
                settled_at: row.get::<_, Option<At>>(8)?.map(|at| at.0),
            };
            let checkpoint = Checkpoint {
                offset: row.get::<_, Count>(9)?.0,
                rows: row.get::<_, Count>(10)?.0,
                last: RowNo(row.get(11)?),
            };
            let batch = Batch {
                company: company.clone(),
                request,
                view,
                checkpoint,
            };
            Ok((row.get(12)?, batch))
        })
        .optional()?;
    let Some((number, mut batch)) = found else {
        return Ok(None);
    };
    batch.view.tally = tally(c, number)?;
    Ok(Some(batch))
}

pub(super) fn newest(c: &Connection, company: &CompanyId, limit: u32) -> Result<Vec<BatchSummary>> {
    c.prepare_cached(
        "SELECT state, failure, batch, batch_id, name, created_by, created_at FROM batches
         WHERE company = ?1 ORDER BY created_at DESC, batch DESC LIMIT ?2",
    )?
    .query_map(params![company.as_str(), limit], |row| {
        let state = state(row, 0)?;
        Ok(BatchSummary {
            batch_id: BatchId(row.get::<_, Id>(3)?.0),
            name: row.get(4)?,
            state: state.as_str().to_owned(),
            failure: match state {
                BatchState::Failed(failure) => Some(failure),
                _ => None,
            },
            tally: tally(c, row.get(2)?)?,
            created_by: row.get(5)?,
            created_at: row.get::<_, At>(6)?.0,
        })
    })?
    .collect()
}

pub(super) fn tally(c: &Connection, batch: i64) -> Result<Tally> {
    c.prepare_cached("SELECT state, rows FROM tallies WHERE batch = ?1")?
        .query_map([batch], |row| {
            Ok((row.get::<_, State>(0)?.0, row.get::<_, Count>(1)?.0))
        })?
        .collect()
}

/// The state in two columns from `column` on: its word, and why it failed.
pub(super) fn state(row: &Row<'_>, column: usize) -> Result<BatchState> {
    let word = row.get_ref(column)?.as_str()?;
    Ok(match word {
        "awaiting-upload" => BatchState::AwaitingUpload,
        "received" => BatchState::Received,
        "extracting" => BatchState::Extracting,
        "running" => BatchState::Running,
        "settled" => BatchState::Settled,
        "failed" => BatchState::Failed(row.get::<_, Json<BatchFailure>>(column + 1)?.0),
        _ => {
            let error = FromSqlError::other(NotABatchState);
            return Err(rusqlite::Error::FromSqlConversionFailure(
                column,
                Type::Text,
                error.into(),
            ));
        }
    })
}

#[derive(Debug, thiserror::Error)]
#[error("not the state of a batch")]
struct NotABatchState;

pub(super) fn follow(c: &Connection, batch: i64, workstation: WorkstationId) -> Result<()> {
    // With nobody to tell, everything so far counts as told: the first to follow reads it from
    // the gateway and hears what comes after.
    c.prepare_cached(
        "UPDATE batches SET told = version
         WHERE batch = ?1 AND NOT EXISTS (SELECT 1 FROM followers WHERE batch = ?1)",
    )?
    .execute([batch])?;
    add_follower(c, batch, workstation)
}

fn add_follower(c: &Connection, batch: i64, workstation: WorkstationId) -> Result<()> {
    c.prepare_cached("INSERT OR IGNORE INTO followers (batch, workstation_id) VALUES (?1, ?2)")?
        .execute(params![batch, Id(workstation.0)])?;
    Ok(())
}

pub(super) fn stale(c: &Connection, before: Timestamp) -> Result<Vec<(CompanyId, BatchId)>> {
    c.prepare_cached(
        "SELECT company, batch_id FROM batches
         WHERE state IN ('awaiting-upload', 'received', 'extracting') AND touched_at < ?1
         ORDER BY touched_at",
    )?
    .query_map([At(before)], |row| {
        Ok((company(row, 0)?, BatchId(row.get::<_, Id>(1)?.0)))
    })?
    .collect()
}

pub(super) fn set_received(
    c: &Connection,
    batch: i64,
    stored: &StoredUpload,
    at: Timestamp,
) -> Result<()> {
    c.prepare_cached(
        "UPDATE batches SET state = 'received', stored_sha256 = ?2, stored_bytes = ?3,
             touched_at = ?4, version = version + 1
         WHERE batch = ?1 AND state = 'awaiting-upload'",
    )?
    .execute(params![batch, stored.sha256, Count(stored.bytes), At(at)])?;
    Ok(())
}

/// Changes nothing once every row is known, nor where it failed before.
pub(super) fn set_failed(
    c: &Connection,
    batch: i64,
    failure: BatchFailure,
    at: Timestamp,
) -> Result<()> {
    c.prepare_cached(
        "UPDATE batches SET state = 'failed', failure = ?2, touched_at = ?3,
             version = version + 1
         WHERE batch = ?1 AND state IN ('awaiting-upload', 'received', 'extracting')",
    )?
    .execute(params![batch, Json(failure), At(at)])?;
    Ok(())
}

/// A checkpoint never goes back: of two readers of one file the one that is ahead counts.
pub(super) fn set_checkpoint(
    c: &Connection,
    batch: i64,
    checkpoint: Checkpoint,
    at: Timestamp,
) -> Result<()> {
    c.prepare_cached(
        "UPDATE batches SET touched_at = ?4, done_offset = max(done_offset, ?2),
             done_rows = max(done_rows, ?3), done_last = max(done_last, ?5)
         WHERE batch = ?1",
    )?
    .execute(params![
        batch,
        Count(checkpoint.offset),
        Count(checkpoint.rows),
        At(at),
        checkpoint.last.0
    ])?;
    Ok(())
}

pub(super) fn set_extracted(c: &Connection, batch: i64, at: Timestamp) -> Result<()> {
    let marked = c
        .prepare_cached(
            "UPDATE batches SET extracted = 1, state = 'running', touched_at = ?2,
                 version = version + 1
             WHERE batch = ?1 AND state IN ('awaiting-upload', 'received', 'extracting')",
        )?
        .execute(params![batch, At(at)])?;
    if marked == 1 {
        moves::settle(c, batch, at)?;
    }
    Ok(())
}
