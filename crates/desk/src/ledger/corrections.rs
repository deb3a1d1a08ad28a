//! Decisions about refused rows, written down before they are sent.
//!
//! A decision without an outcome is sent again, with the same id, until it has one: the same id
//! always gets the same answer.

use jiff::Timestamp;
use model::{BatchId, CorrectionId, Generation, Record, RowNo, RowState};
use rusqlite::{OptionalExtension, Row, Transaction, params};
use wire::{Correction, CorrectionAction, CorrectionOutcome};

use super::sql::{blob, get_json_opt, get_time, get_uuid, json, key, micros};
use super::{Ledger, LedgerError, LedgerResult, audit, rows};

const SELECT: &str = "SELECT c.correction_id, c.batch_id, c.row_no, c.generation, c.discard, \
    p.record, c.made_by, c.made_at, c.outcome FROM corrections c LEFT JOIN payloads p ON \
    p.batch_id = c.batch_id AND p.row_no = c.row_no AND p.generation = c.generation + 1";

/// What somebody decided about one refused row.
#[derive(Clone, PartialEq, Eq)]
pub struct Decision {
    pub batch_id: BatchId,
    pub row_no: RowNo,
    /// The refused generation that was looked at.
    pub generation: Generation,
    pub action: CorrectionAction,
}

impl std::fmt::Debug for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decision")
            .field("batch_id", &self.batch_id)
            .field("row_no", &self.row_no)
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}

/// A decision as it was journalled.
#[derive(Clone, Debug)]
pub struct JournalledCorrection {
    pub batch_id: BatchId,
    pub correction: Correction,
    pub made_by: String,
    pub made_at: Timestamp,
    pub outcome: Option<CorrectionOutcome>,
}

impl Ledger {
    /// Journals decisions, all of them or none. Where the same one about the same generation of a
    /// row has no answer yet, that one is given back; where another one has none, it is an error:
    /// a row is never decided twice from here.
    pub fn journal_corrections(
        &self,
        connection: &str,
        decisions: &[Decision],
        who: &str,
        at: Timestamp,
    ) -> LedgerResult<Vec<CorrectionId>> {
        self.write(|t| {
            decisions
                .iter()
                .map(|decision| journal_one(t, connection, decision, who, at))
                .collect()
        })
    }

    /// Decisions of a connection that have no answer yet, oldest first.
    pub fn unanswered(&self, connection: &str) -> LedgerResult<Vec<JournalledCorrection>> {
        self.corrections("c.connection = ?1 AND c.outcome IS NULL", connection)
    }

    /// How many decisions about a batch's rows have no answer yet.
    pub fn unanswered_of(&self, id: BatchId) -> LedgerResult<u64> {
        self.read(|t| unanswered_of(t, id))
    }

    /// One decision, answered or not.
    pub fn correction(&self, id: CorrectionId) -> LedgerResult<Option<JournalledCorrection>> {
        let found = self.corrections("c.correction_id = ?1", blob(id.0))?;
        Ok(found.into_iter().next())
    }

    /// Every decision about a batch's rows, oldest first.
    pub fn corrections_of(&self, id: BatchId) -> LedgerResult<Vec<JournalledCorrection>> {
        self.corrections("c.batch_id = ?1", key(id))
    }

    fn corrections(
        &self,
        condition: &str,
        value: impl rusqlite::ToSql,
    ) -> LedgerResult<Vec<JournalledCorrection>> {
        self.read(|t| {
            let mut query = t.prepare(&format!("{SELECT} WHERE {condition} ORDER BY c.rowid"))?;
            let all = query.query_map([value], journalled)?;
            Ok(all.collect::<Result<_, _>>()?)
        })
    }

    /// Writes outcomes. An accepted row is shown as sent again from here on, or as discarded.
    pub fn set_outcomes(
        &self,
        batch: BatchId,
        outcomes: &[CorrectionOutcome],
        at: Timestamp,
    ) -> LedgerResult<()> {
        self.write(|t| {
            for outcome in outcomes {
                t.execute(
                    "UPDATE corrections SET outcome = ?2, decided_at = ?3 \
                     WHERE correction_id = ?1 AND outcome IS NULL",
                    params![blob(outcome.correction_id().0), json(outcome), micros(at)],
                )?;
                if let CorrectionOutcome::Accepted {
                    row_no,
                    generation,
                    state,
                    ..
                } = outcome
                {
                    accepted(t, batch, *row_no, *generation, *state, at)?;
                }
            }
            Ok(())
        })
    }
}

pub(super) fn unanswered_of(t: &Transaction<'_>, id: BatchId) -> LedgerResult<u64> {
    let sql = "SELECT count(*) FROM corrections WHERE batch_id = ?1 AND outcome IS NULL";
    let waiting: i64 = t.query_row(sql, [key(id)], |row| row.get(0))?;
    Ok(waiting.unsigned_abs())
}

fn journal_one(
    t: &Transaction<'_>,
    connection: &str,
    decision: &Decision,
    who: &str,
    at: Timestamp,
) -> LedgerResult<CorrectionId> {
    let row = params![
        key(decision.batch_id),
        decision.row_no.0,
        decision.generation.0
    ];
    let sql = format!(
        "{SELECT} WHERE c.batch_id = ?1 AND c.row_no = ?2 AND c.generation = ?3 \
         AND c.outcome IS NULL"
    );
    let waiting = t.query_row(&sql, row, journalled).optional()?;
    if let Some(JournalledCorrection { correction, .. }) = waiting {
        return if correction.action == decision.action {
            Ok(correction.correction_id)
        } else {
            Err(LedgerError::DecisionWaits(decision.row_no))
        };
    }
    let id = CorrectionId(uuid::Uuid::now_v7());
    let (what, discard) = match &decision.action {
        CorrectionAction::Send { record } => {
            let next = decision.generation.next();
            rows::put_payload(t, decision.batch_id, decision.row_no, next, record)?;
            ("send-again", None)
        }
        CorrectionAction::Discard { why } => ("discard", Some(why)),
    };
    t.execute(
        "INSERT INTO corrections (correction_id, connection, batch_id, row_no, generation, \
         discard, made_by, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            blob(id.0),
            connection,
            key(decision.batch_id),
            decision.row_no.0,
            decision.generation.0,
            discard,
            who,
            micros(at),
        ],
    )?;
    let (batch, row_no) = (Some(decision.batch_id), Some(decision.row_no));
    audit::note(t, at, who, what, batch, row_no, None)?;
    Ok(id)
}

/// The pipeline may have spoken of the new generation before its answer was noted here: what it
/// said stands.
fn accepted(
    t: &Transaction<'_>,
    batch: BatchId,
    row_no: RowNo,
    generation: Generation,
    state: RowState,
    at: Timestamp,
) -> LedgerResult<()> {
    let shown = if state == RowState::Discarded {
        RowState::Discarded
    } else {
        RowState::Sent
    };
    t.execute(
        "UPDATE rows SET generation = ?3, state = ?4, reason = NULL, at = ?5 \
         WHERE batch_id = ?1 AND row_no = ?2 \
         AND (generation < ?3 OR (generation = ?3 AND state = 'rejected' AND ?4 = 'discarded'))",
        params![
            key(batch),
            row_no.0,
            generation.0,
            shown.as_str(),
            micros(at)
        ],
    )?;
    t.execute(
        "DELETE FROM rejected WHERE batch_id = ?1 AND row_no = ?2 AND generation <= ?3",
        params![key(batch), row_no.0, generation.0],
    )?;
    Ok(())
}

fn journalled(row: &Row<'_>) -> rusqlite::Result<JournalledCorrection> {
    let action = match row.get::<_, Option<String>>(4)? {
        Some(why) => CorrectionAction::Discard { why },
        // Purged since: an empty record is refused by the pipeline's own check.
        None => CorrectionAction::Send {
            record: get_json_opt::<Record>(row, 5)?.unwrap_or_default(),
        },
    };
    Ok(JournalledCorrection {
        batch_id: BatchId(get_uuid(row, 1)?),
        correction: Correction {
            correction_id: CorrectionId(get_uuid(row, 0)?),
            row_no: RowNo(row.get(2)?),
            generation: Generation(row.get(3)?),
            action,
        },
        made_by: row.get(6)?,
        made_at: get_time(row, 7)?,
        outcome: get_json_opt(row, 8)?,
    })
}
