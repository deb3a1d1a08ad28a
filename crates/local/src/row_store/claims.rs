//! Claims: of all corrections of one refused generation exactly one is accepted, and each
//! `correction_id` hears the same for ever.

use jiff::Timestamp;
use model::{BatchId, CompanyId, CorrectionId, Generation, RowNo, RowState, WorkstationId};
use pipeline::ports::Principal;
use rusqlite::{Connection, OptionalExtension, Result, params};
use wire::{Correction, CorrectionAction, CorrectionOutcome, Decision};

use super::{batches, leases, moves, outbox, workstations};
use crate::columns::{At, Id, Json, State};

pub(super) fn claim(
    c: &Connection,
    principal: &Principal,
    batch_id: BatchId,
    workstation: WorkstationId,
    correction: &Correction,
    at: Timestamp,
) -> Result<CorrectionOutcome> {
    let company = &principal.company;
    if let Some(outcome) = answered(c, company, correction.correction_id)? {
        return Ok(outcome);
    }
    let Some(batch) = batches::number(c, company, batch_id)? else {
        return Ok(no_such_row(correction));
    };
    let Some(outcome) = decide(c, batch, workstation, correction, at)? else {
        return Ok(no_such_row(correction));
    };
    let desk_name = workstations::get(c, company, workstation)?
        .map_or_else(|| principal.user.clone(), |desk| desk.desk_name);
    c.prepare_cached(
        "INSERT INTO claims (company, correction_id, batch, row_no, generation, user, desk_name,
             at, accepted, outcome)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        company.as_str(),
        Id(correction.correction_id.0),
        batch,
        correction.row_no.0,
        correction.generation.0,
        principal.user,
        desk_name,
        At(at),
        accepted(&outcome).map(State),
        Json(&outcome),
    ])?;
    Ok(outcome)
}

/// The state that an accepted correction brought the row to.
fn accepted(outcome: &CorrectionOutcome) -> Option<RowState> {
    match outcome {
        CorrectionOutcome::Accepted { state, .. } => Some(*state),
        _ => None,
    }
}

fn answered(
    c: &Connection,
    company: &CompanyId,
    id: CorrectionId,
) -> Result<Option<CorrectionOutcome>> {
    c.prepare_cached("SELECT outcome FROM claims WHERE company = ?1 AND correction_id = ?2")?
        .query_row(params![company.as_str(), Id(id.0)], |row| {
            Ok(row.get::<_, Json<_>>(0)?.0)
        })
        .optional()
}

fn no_such_row(correction: &Correction) -> CorrectionOutcome {
    CorrectionOutcome::NoSuchRow {
        correction_id: correction.correction_id,
        row_no: correction.row_no,
    }
}

/// `None` where the batch has no such row.
fn decide(
    c: &Connection,
    batch: i64,
    workstation: WorkstationId,
    correction: &Correction,
    at: Timestamp,
) -> Result<Option<CorrectionOutcome>> {
    let &Correction {
        correction_id,
        row_no,
        generation,
        ref action,
    } = correction;
    let Some(before) = moves::row(c, batch, row_no)? else {
        return Ok(None);
    };
    if let Some(by) = decided_by(c, batch, correction)? {
        return Ok(Some(CorrectionOutcome::Held {
            correction_id,
            row_no,
            by,
            until: None,
        }));
    }
    if (before.generation, before.state) != (generation, RowState::Rejected) {
        return Ok(Some(CorrectionOutcome::Stale {
            correction_id,
            row_no,
            generation: before.generation,
            state: before.state,
        }));
    }
    if let Some(lease) = leases::current(c, batch, row_no, at)?
        && lease.workstation_id != workstation
    {
        return Ok(Some(CorrectionOutcome::Held {
            correction_id,
            row_no,
            by: lease.by,
            until: Some(lease.until),
        }));
    }
    let after = moves::moving(c, at, |moves| match action {
        CorrectionAction::Send { record } => {
            let next = generation.next();
            c.prepare_cached("UPDATE payloads SET record = ?3 WHERE batch = ?1 AND row_no = ?2")?
                .execute(params![batch, row_no.0, Json(record)])?;
            outbox::resend(c, batch, row_no, next)?;
            moves.step(batch, &before, next, RowState::Queued, None)
        }
        CorrectionAction::Discard { why } => {
            c.prepare_cached("UPDATE payloads SET why = ?3 WHERE batch = ?1 AND row_no = ?2")?
                .execute(params![batch, row_no.0, why])?;
            // Why it was refused stays beside why it was given up.
            let reason = before.reason.clone();
            moves.step(batch, &before, generation, RowState::Discarded, reason)
        }
    })?;
    Ok(Some(CorrectionOutcome::Accepted {
        correction_id,
        row_no,
        generation: after.generation,
        state: after.state,
    }))
}

/// Who decided about this generation.
fn decided_by(c: &Connection, batch: i64, correction: &Correction) -> Result<Option<String>> {
    c.prepare_cached(
        "SELECT desk_name FROM claims
         WHERE batch = ?1 AND row_no = ?2 AND generation = ?3 AND accepted IS NOT NULL",
    )?
    .query_row(
        params![batch, correction.row_no.0, correction.generation.0],
        |row| row.get(0),
    )
    .optional()
}

pub(super) fn decisions(c: &Connection, batch: i64, row_no: RowNo) -> Result<Vec<Decision>> {
    c.prepare_cached(
        "SELECT correction_id, generation, accepted, desk_name, user, at,
                CASE accepted WHEN 'discarded' THEN why END
         FROM claims LEFT JOIN payloads USING (batch, row_no)
         WHERE batch = ?1 AND row_no = ?2 AND accepted IS NOT NULL
         ORDER BY generation",
    )?
    .query_map(params![batch, row_no.0], |row| {
        Ok(Decision {
            correction_id: CorrectionId(row.get::<_, Id>(0)?.0),
            generation: Generation(row.get(1)?),
            state: row.get::<_, State>(2)?.0,
            by: row.get(3)?,
            user: row.get(4)?,
            at: row.get::<_, At>(5)?.0,
            why: row.get(6)?,
        })
    })?
    .collect()
}
