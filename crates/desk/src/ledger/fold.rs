//! What the pipeline told of rows, folded into the ledger.
//!
//! The highest `(generation, seq)` wins, so a digest may come twice, late or out of order. A
//! version is only moved when nothing between is missing; what is missing is marked as a gap and
//! healed from the gateway's pages.

use jiff::Timestamp;
use model::{BatchId, BatchState, StatusEvent};
use rusqlite::{OptionalExtension, Transaction, params};
use wire::{RowsPage, StatusDigest};

use super::sql::{get_json_opt, json, key, micros};
use super::{Ledger, LedgerResult};

/// What a fold did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// Rows whose place changed.
    pub changed: u32,
    /// Something was never heard: heal it.
    pub gap: bool,
    /// The ledger has no such batch.
    pub foreign: bool,
}

struct Known {
    ours: bool,
    version: u64,
    gap: bool,
    pipeline: Option<BatchState>,
}

impl Ledger {
    /// Takes one digest, in one transaction.
    pub fn fold_digest(&self, digest: &StatusDigest, at: Timestamp) -> LedgerResult<Folded> {
        self.write(|t| {
            let Some(known) = known(t, digest.batch_id)? else {
                return Ok(Folded {
                    foreign: true,
                    ..Folded::default()
                });
            };
            let changed = fold_events(t, digest.batch_id, known.ours, &digest.events)?;
            let whole = digest.since <= known.version;
            let newest = digest.version >= known.version;
            let version = if whole {
                known.version.max(digest.version)
            } else {
                known.version
            };
            let gap = known.gap || !whole;
            t.execute(
                "UPDATE batches SET version = ?2, gap = ?3, heard_at = ?4 WHERE batch_id = ?1",
                params![key(digest.batch_id), version as i64, gap, micros(at)],
            )?;
            if newest {
                set_state(t, digest.batch_id, known.pipeline, digest.batch, at)?;
            }
            Ok(Folded {
                changed,
                gap,
                foreign: false,
            })
        })
    }

    /// Takes one page of rows asked for with `since`. With the last page the gap is closed.
    pub fn fold_page(
        &self,
        id: BatchId,
        since: u64,
        page: &RowsPage,
        at: Timestamp,
        state: Option<BatchState>,
    ) -> LedgerResult<Folded> {
        self.write(|t| {
            let Some(known) = known(t, id)? else {
                return Ok(Folded {
                    foreign: true,
                    ..Folded::default()
                });
            };
            let changed = fold_events(t, id, known.ours, &page.rows)?;
            let whole = since <= known.version;
            let version = if whole {
                known.version.max(page.version)
            } else {
                known.version
            };
            let gap = !whole || (page.more && known.gap);
            t.execute(
                "UPDATE batches SET version = ?2, gap = ?3, heard_at = ?4 WHERE batch_id = ?1",
                params![key(id), version as i64, gap, micros(at)],
            )?;
            if let Some(state) = state.filter(|_| !page.more) {
                set_state(t, id, known.pipeline, state, at)?;
            }
            Ok(Folded {
                changed,
                gap,
                foreign: false,
            })
        })
    }

    /// The pipeline told where the batch itself is.
    pub fn set_pipeline_state(
        &self,
        id: BatchId,
        state: BatchState,
        at: Timestamp,
    ) -> LedgerResult<()> {
        self.write(|t| match known(t, id)? {
            Some(known) => set_state(t, id, known.pipeline, state, at),
            None => Ok(()),
        })
    }
}

fn known(t: &Transaction<'_>, id: BatchId) -> LedgerResult<Option<Known>> {
    let found = t.query_row(
        "SELECT file_name IS NOT NULL, version, gap, pipeline FROM batches WHERE batch_id = ?1",
        [key(id)],
        |row| {
            Ok(Known {
                ours: row.get(0)?,
                version: row.get::<_, i64>(1)?.unsigned_abs(),
                gap: row.get(2)?,
                pipeline: get_json_opt(row, 3)?,
            })
        },
    );
    Ok(found.optional()?)
}

fn fold_events(
    t: &Transaction<'_>,
    id: BatchId,
    ours: bool,
    events: &[StatusEvent],
) -> LedgerResult<u32> {
    // A row of a batch of ours is in the ledger since before it was sent. What it has never had
    // is not made up: the receipt would no longer sum to the file.
    let sql = if ours {
        "UPDATE rows SET generation = ?3, seq = ?4, state = ?5, reason = ?6, at = ?7 \
         WHERE batch_id = ?1 AND row_no = ?2 AND state <> 'excluded' \
         AND (generation, seq) < (?3, ?4)"
    } else {
        "INSERT INTO rows (batch_id, row_no, line, generation, seq, state, reason, at) \
         VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET \
         generation = excluded.generation, seq = excluded.seq, state = excluded.state, \
         reason = excluded.reason, at = excluded.at \
         WHERE (generation, seq) < (excluded.generation, excluded.seq)"
    };
    let mut fold = t.prepare_cached(sql)?;
    let mut settle = t.prepare_cached(
        "DELETE FROM rejected WHERE batch_id = ?1 AND row_no = ?2 AND \
         (generation < ?3 OR (generation = ?3 AND ?4 <> 'rejected'))",
    )?;
    let batch = key(id);
    if !events.is_empty() {
        // Called off here while its file was arriving there: what the pipeline says counts.
        let sql = "UPDATE batches SET step = 'sent' WHERE batch_id = ?1 AND step = 'cancelled'";
        t.execute(sql, [&batch])?;
    }
    let mut changed = 0;
    for event in events {
        let row_no = event.row_no.0;
        let word = event.state.as_str();
        let moved = fold.execute(params![
            batch,
            row_no,
            event.generation.0,
            event.seq.0 as i64,
            word,
            event.reason.as_ref().map(json),
            micros(event.at),
        ])?;
        if moved > 0 {
            changed += 1;
            settle.execute(params![batch, row_no, event.generation.0, word])?;
        }
    }
    Ok(changed)
}

/// A batch that failed had none of its rows taken: they are withdrawn.
fn set_state(
    t: &Transaction<'_>,
    id: BatchId,
    before: Option<BatchState>,
    state: BatchState,
    at: Timestamp,
) -> LedgerResult<()> {
    if before == Some(state) {
        return Ok(());
    }
    t.execute(
        "UPDATE batches SET pipeline = ?2 WHERE batch_id = ?1",
        params![key(id), json(&state)],
    )?;
    if matches!(state, BatchState::Failed(_)) {
        t.execute(
            "UPDATE batches SET step = 'sent' WHERE batch_id = ?1",
            [key(id)],
        )?;
        t.execute(
            "UPDATE rows SET state = 'cancelled', at = ?2 \
             WHERE batch_id = ?1 AND state IN ('draft', 'sent')",
            params![key(id), micros(at)],
        )?;
    }
    Ok(())
}
