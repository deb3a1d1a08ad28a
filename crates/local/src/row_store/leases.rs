//! Leases: "open on Ana's desk". A lease that has lapsed is nobody's.

use jiff::{SignedDuration, Timestamp};
use model::{CompanyId, LeaseId, RowNo, WorkstationId};
use rusqlite::{Connection, OptionalExtension, Result, params};
use uuid::Uuid;
use wire::{Lease, LeaseAnswer, LeaseHeld, LeaseRequest, ReleaseRequest};

use super::{batches, rejected, workstations};
use crate::columns::{At, Id};

/// `None` where the company has no such workstation. A row that is not refused is neither granted
/// nor held.
pub(super) fn lease(
    c: &Connection,
    company: &CompanyId,
    request: &LeaseRequest,
    now: Timestamp,
) -> Result<Option<LeaseAnswer>> {
    let Some(desk) = workstations::get(c, company, request.workstation_id)? else {
        return Ok(None);
    };
    let seconds = match request.seconds {
        0 => 300,
        seconds => seconds.clamp(30, 900),
    };
    let until = now
        .checked_add(SignedDuration::from_secs(seconds.into()))
        .unwrap_or(now);
    let mut answer = LeaseAnswer {
        granted: Vec::new(),
        held: Vec::new(),
    };
    for row in &request.rows {
        let Some(batch) = batches::number(c, company, row.batch_id)? else {
            continue;
        };
        if !is_refused(c, batch, row.row_no)? {
            continue;
        }
        let current = current(c, batch, row.row_no, now)?;
        if let Some(lease) = &current
            && lease.workstation_id != desk.workstation_id
        {
            answer.held.push(LeaseHeld {
                row: *row,
                lease: lease.clone(),
            });
            continue;
        }
        let lease = Lease {
            lease_id: current.map_or_else(|| LeaseId(Uuid::now_v7()), |lease| lease.lease_id),
            workstation_id: desk.workstation_id,
            by: desk.desk_name.clone(),
            until,
        };
        put(c, batch, row.row_no, &lease)?;
        answer.granted.push(LeaseHeld { row: *row, lease });
    }
    Ok(Some(answer))
}

fn is_refused(c: &Connection, batch: i64, row_no: RowNo) -> Result<bool> {
    c.prepare_cached("SELECT 1 FROM rejected WHERE batch = ?1 AND row_no = ?2")?
        .exists(params![batch, row_no.0])
}

/// The lease that holds the row at `now`.
pub(super) fn current(
    c: &Connection,
    batch: i64,
    row_no: RowNo,
    now: Timestamp,
) -> Result<Option<Lease>> {
    c.prepare_cached(
        "SELECT lease_id, workstation_id, desk_name, until FROM leases
         WHERE batch = ?1 AND row_no = ?2 AND until > ?3",
    )?
    .query_row(params![batch, row_no.0, At(now)], |row| {
        rejected::lease(row, 0)
    })
    .optional()
}

fn put(c: &Connection, batch: i64, row_no: RowNo, lease: &Lease) -> Result<()> {
    c.prepare_cached(
        "INSERT OR REPLACE INTO leases
             (batch, row_no, lease_id, workstation_id, desk_name, until)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        batch,
        row_no.0,
        Id(lease.lease_id.0),
        Id(lease.workstation_id.0),
        lease.by,
        At(lease.until),
    ])?;
    Ok(())
}

pub(super) fn release(c: &Connection, company: &CompanyId, request: &ReleaseRequest) -> Result<()> {
    for row in &request.rows {
        if let Some(batch) = batches::number(c, company, row.batch_id)? {
            drop_held(c, batch, row.row_no, request.workstation_id)?;
        }
    }
    Ok(())
}

fn drop_held(c: &Connection, batch: i64, row_no: RowNo, by: WorkstationId) -> Result<()> {
    c.prepare_cached(
        "DELETE FROM leases WHERE batch = ?1 AND row_no = ?2 AND workstation_id = ?3",
    )?
    .execute(params![batch, row_no.0, Id(by.0)])?;
    Ok(())
}
