//! Workstations: who sits there, and the queue that hears of their batches.

use model::{CompanyId, WorkstationId};
use pipeline::ports::WorkstationRecord;
use rusqlite::{Connection, OptionalExtension, Result, params};

use crate::columns::Id;

pub(super) fn put(c: &Connection, workstation: &WorkstationRecord) -> Result<bool> {
    let written = c
        .prepare_cached(
            "INSERT INTO workstations (workstation_id, company, user, desk_name, status_queue)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (workstation_id) DO UPDATE
             SET user = excluded.user, desk_name = excluded.desk_name,
                 status_queue = excluded.status_queue
             WHERE company = excluded.company",
        )?
        .execute(params![
            Id(workstation.workstation_id.0),
            workstation.company.as_str(),
            workstation.user,
            workstation.desk_name,
            workstation.status_queue,
        ])?;
    Ok(written == 1)
}

pub(super) fn get(
    c: &Connection,
    company: &CompanyId,
    id: WorkstationId,
) -> Result<Option<WorkstationRecord>> {
    c.prepare_cached(
        "SELECT user, desk_name, status_queue FROM workstations
         WHERE workstation_id = ?1 AND company = ?2",
    )?
    .query_row(params![Id(id.0), company.as_str()], |row| {
        Ok(WorkstationRecord {
            workstation_id: id,
            company: company.clone(),
            user: row.get(0)?,
            desk_name: row.get(1)?,
            status_queue: row.get(2)?,
        })
    })
    .optional()
}
