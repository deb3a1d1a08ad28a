//! Every change of a row goes through [`Moves`]: the row and its history at once, the sums of its
//! batch when all is done, so that many changes of one batch cost one update of its tally and
//! version. One transaction holds them all; the sum of a batch's tally is the number of its rows.

use std::collections::BTreeMap;
use std::collections::hash_map::{Entry, HashMap};

use jiff::Timestamp;
use model::{
    BatchId, BatchState, CompanyId, Generation, Reason, ReasonCode, RowNo, RowState, Seq,
    StatusEvent,
};
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::{batches, rejected};
use crate::columns::{At, Count, Json, State, json};

pub(super) struct Moves<'c> {
    c: &'c Connection,
    at: Timestamp,
    numbers: HashMap<(CompanyId, BatchId), Option<i64>>,
    touched: HashMap<i64, Touched>,
}

struct Touched {
    company: String,
    version: u64,
    /// Rows that came into a state, less those that left it.
    gains: BTreeMap<RowState, i64>,
}

/// Runs `work` and brings the sums of every batch that it touched up to date.
pub(super) fn moving<T>(
    c: &Connection,
    at: Timestamp,
    work: impl FnOnce(&mut Moves<'_>) -> Result<T>,
) -> Result<T> {
    let mut moves = Moves {
        c,
        at,
        numbers: HashMap::new(),
        touched: HashMap::new(),
    };
    let outcome = work(&mut moves)?;
    for (batch, touched) in moves.touched {
        touched.write(c, batch)?;
        settle(c, batch, at)?;
    }
    Ok(outcome)
}

impl Moves<'_> {
    pub fn batch(&mut self, company: &CompanyId, id: BatchId) -> Result<Option<i64>> {
        match self.numbers.entry((company.clone(), id)) {
            Entry::Occupied(known) => Ok(*known.get()),
            Entry::Vacant(unknown) => Ok(*unknown.insert(batches::number(self.c, company, id)?)),
        }
    }

    pub fn row(&self, batch: i64, row_no: RowNo) -> Result<Option<StatusEvent>> {
        row(self.c, batch, row_no)
    }

    /// A row that was not there: `queued`, generation 1. Says whether it is new.
    pub fn enter(&mut self, batch: i64, row_no: RowNo, record: &str) -> Result<bool> {
        let (c, at) = (self.c, self.at);
        let touched = self.touched(batch)?;
        let version = touched.version + 1;
        let inserted = c
            .prepare_cached(
                "INSERT OR IGNORE INTO row_states
                     (batch, row_no, generation, seq, state, at, version)
                 VALUES (?1, ?2, 1, 1, ?3, ?4, ?5)",
            )?
            .execute(params![
                batch,
                row_no.0,
                State(RowState::Queued),
                At(at),
                Count(version)
            ])?;
        if inserted == 0 {
            return Ok(false);
        }
        touched.version = version;
        *touched.gains.entry(RowState::Queued).or_default() += 1;
        c.prepare_cached("INSERT INTO payloads (batch, row_no, record) VALUES (?1, ?2, ?3)")?
            .execute(params![batch, row_no.0, record])?;
        let event = StatusEvent {
            row_no,
            generation: Generation::FIRST,
            seq: Seq(1),
            state: RowState::Queued,
            reason: None,
            at,
        };
        remember(c, batch, &event, None)?;
        Ok(true)
    }

    /// Moves the row from `before` on. Whether it may is for the caller to know.
    pub fn step(
        &mut self,
        batch: i64,
        before: &StatusEvent,
        generation: Generation,
        state: RowState,
        reason: Option<Reason>,
    ) -> Result<StatusEvent> {
        let (c, at) = (self.c, self.at);
        let reason = match state {
            RowState::Rejected => {
                reason.or_else(|| Some(Reason::new(ReasonCode::RefusedByRegistry)))
            }
            _ => reason,
        };
        let after = StatusEvent {
            row_no: before.row_no,
            generation,
            seq: before.seq.next(),
            state,
            reason,
            at,
        };
        let reason = after.reason.as_ref().map(json).transpose()?;
        let touched = self.touched(batch)?;
        touched.version += 1;
        *touched.gains.entry(before.state).or_default() -= 1;
        *touched.gains.entry(after.state).or_default() += 1;
        c.prepare_cached(
            "UPDATE row_states
             SET generation = ?3, seq = ?4, state = ?5, reason = ?6, at = ?7, version = ?8
             WHERE batch = ?1 AND row_no = ?2",
        )?
        .execute(params![
            batch,
            after.row_no.0,
            after.generation.0,
            Count(after.seq.0),
            State(after.state),
            reason,
            At(at),
            Count(touched.version),
        ])?;
        remember(c, batch, &after, reason.as_deref())?;
        if before.state == RowState::Rejected {
            rejected::leave(c, batch, after.row_no)?;
        }
        if let (RowState::Rejected, Some(reason)) = (after.state, &after.reason) {
            rejected::enter(c, &touched.company, batch, after.row_no, reason)?;
        }
        Ok(after)
    }

    fn touched(&mut self, batch: i64) -> Result<&mut Touched> {
        match self.touched.entry(batch) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(unknown) => {
                let touched = self
                    .c
                    .prepare_cached("SELECT company, version FROM batches WHERE batch = ?1")?
                    .query_row([batch], |row| {
                        Ok(Touched {
                            company: row.get(0)?,
                            version: row.get::<_, Count>(1)?.0,
                            gains: BTreeMap::new(),
                        })
                    })?;
                Ok(unknown.insert(touched))
            }
        }
    }
}

impl Touched {
    fn write(self, c: &Connection, batch: i64) -> Result<()> {
        for (state, gain) in self.gains {
            if gain > 0 {
                c.prepare_cached(
                    "INSERT INTO tallies (batch, state, rows) VALUES (?1, ?2, ?3)
                     ON CONFLICT (batch, state) DO UPDATE SET rows = rows + excluded.rows",
                )?
                .execute(params![batch, State(state), gain])?;
            } else if gain < 0 {
                c.prepare_cached(
                    "UPDATE tallies SET rows = rows + ?3 WHERE batch = ?1 AND state = ?2",
                )?
                .execute(params![batch, State(state), gain])?;
            }
        }
        c.prepare_cached("UPDATE batches SET version = ?2 WHERE batch = ?1")?
            .execute(params![batch, Count(self.version)])?;
        Ok(())
    }
}

/// A batch whose rows are all known is `settled` when none is open and `running` when one is.
pub(super) fn settle(c: &Connection, batch: i64, at: Timestamp) -> Result<()> {
    let state = c
        .prepare_cached("SELECT state, failure FROM batches WHERE batch = ?1")?
        .query_row([batch], |row| batches::state(row, 0))?;
    if !matches!(state, BatchState::Running | BatchState::Settled) {
        return Ok(());
    }
    let open = batches::tally(c, batch)?.open() > 0;
    let (next, settled_at) = match state {
        BatchState::Running if !open => (BatchState::Settled, Some(At(at))),
        BatchState::Settled if open => (BatchState::Running, None),
        _ => return Ok(()),
    };
    c.prepare_cached(
        "UPDATE batches SET state = ?2, settled_at = ?3, version = version + 1 WHERE batch = ?1",
    )?
    .execute(params![batch, next.as_str(), settled_at])?;
    Ok(())
}

pub(super) fn row(c: &Connection, batch: i64, row_no: RowNo) -> Result<Option<StatusEvent>> {
    c.prepare_cached(
        "SELECT row_no, generation, seq, state, reason, at FROM row_states
         WHERE batch = ?1 AND row_no = ?2",
    )?
    .query_row(params![batch, row_no.0], event)
    .optional()
}

/// The columns `row_no, generation, seq, state, reason, at`, in this order, first.
pub(super) fn event(row: &Row<'_>) -> Result<StatusEvent> {
    Ok(StatusEvent {
        row_no: RowNo(row.get(0)?),
        generation: Generation(row.get(1)?),
        seq: Seq(row.get::<_, Count>(2)?.0),
        state: row.get::<_, State>(3)?.0,
        reason: row.get::<_, Option<Json<_>>>(4)?.map(|json| json.0),
        at: row.get::<_, At>(5)?.0,
    })
}

fn remember(c: &Connection, batch: i64, event: &StatusEvent, reason: Option<&str>) -> Result<()> {
    c.prepare_cached(
        "INSERT INTO events (batch, row_no, seq, generation, state, reason, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        batch,
        event.row_no.0,
        Count(event.seq.0),
        event.generation.0,
        State(event.state),
        reason,
        At(event.at),
    ])?;
    Ok(())
}
