//! The rows that are refused now: the list that every desk of a company sees.

use jiff::Timestamp;
use model::{BatchId, CompanyId, Generation, LeaseId, Reason, Record, RowKey, RowNo, Seq};
use model::{RowState, WorkstationId};
use rusqlite::{Connection, OptionalExtension, Result, Row, ToSql, params};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use wire::{CauseGroup, Lease, RejectedPage, RejectedRow, SearchRejected};

use super::rows::record;
use super::{batches, moves};
use crate::columns::{At, Count, Id, Json};

/// Between the cells of a folded record. No search can hold it, so none matches across two cells.
const CELL_END: char = '\u{1f}';

pub(super) fn enter(
    c: &Connection,
    company: &str,
    batch: i64,
    row_no: RowNo,
    reason: &Reason,
) -> Result<()> {
    c.prepare_cached(
        "INSERT INTO rejected (company, batch, row_no, code, field) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        company,
        batch,
        row_no.0,
        reason.code.as_str(),
        reason.field
    ])?;
    let cells = record(c, batch, row_no)?.unwrap_or_default();
    let mut folded = String::new();
    for cell in cells.values() {
        folded.extend(fold(cell));
        folded.push(CELL_END);
    }
    c.prepare_cached("UPDATE payloads SET folded = ?3 WHERE batch = ?1 AND row_no = ?2")?
        .execute(params![batch, row_no.0, folded])?;
    Ok(())
}

/// The row is refused no more: nobody has it open, nobody searches it.
pub(super) fn leave(c: &Connection, batch: i64, row_no: RowNo) -> Result<()> {
    for statement in [
        "DELETE FROM rejected WHERE batch = ?1 AND row_no = ?2",
        "DELETE FROM leases WHERE batch = ?1 AND row_no = ?2",
        "UPDATE payloads SET folded = NULL WHERE batch = ?1 AND row_no = ?2",
    ] {
        c.prepare_cached(statement)?
            .execute(params![batch, row_no.0])?;
    }
    Ok(())
}

/// Without case, accents and control characters.
fn fold(text: &str) -> impl Iterator<Item = char> {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c) && !c.is_control())
        .flat_map(char::to_lowercase)
}

/// `None` where `search.after` is not a cursor of ours.
pub(super) fn search(
    c: &Connection,
    company: &CompanyId,
    search: &SearchRejected,
    now: Timestamp,
) -> Result<Option<RejectedPage>> {
    let after: i64 = match &search.after {
        None => i64::MAX,
        Some(cursor) => match cursor.parse() {
            Ok(n) => n,
            Err(_) => return Ok(None),
        },
    };
    let batch = match search.batch_id {
        None => None,
        Some(id) => match batches::number(c, company, id)? {
            None => return Ok(Some(RejectedPage::default())),
            found => found,
        },
    };
    let matching = Matching {
        company: company.as_str(),
        batch,
        code: search.code.map(|code| code.as_str()),
        text: search
            .text
            .as_deref()
            .map(|text| fold(text.trim()).collect())
            .filter(|text: &String| !text.is_empty()),
    };
    let groups = matching.groups(c)?;
    let limit = match search.limit {
        0 => 100,
        limit => limit.min(500),
    };
    let (rows, next) = matching.page(c, after, limit, now)?;
    Ok(Some(RejectedPage {
        rows,
        total: groups.iter().map(|group| group.rows).sum(),
        groups,
        next: next.map(|n| n.to_string()),
    }))
}

/// What is asked for; each part that is there narrows it.
struct Matching<'a> {
    company: &'a str,
    batch: Option<i64>,
    code: Option<&'a str>,
    text: Option<String>,
}

impl Matching<'_> {
    /// What stands after `FROM`.
    fn source(&self) -> String {
        let mut sql = String::from("rejected AS r");
        if self.text.is_some() {
            sql.push_str(" JOIN payloads AS p ON p.batch = r.batch AND p.row_no = r.row_no");
        }
        sql.push_str(" WHERE r.company = :company");
        for (given, condition) in [
            (self.batch.is_some(), " AND r.batch = :batch"),
            (self.code.is_some(), " AND r.code = :code"),
            (self.text.is_some(), " AND instr(p.folded, :text) > 0"),
        ] {
            if given {
                sql.push_str(condition);
            }
        }
        sql
    }

    fn parameters(&self) -> Vec<(&'static str, &dyn ToSql)> {
        let mut given: Vec<(&str, &dyn ToSql)> = vec![(":company", &self.company)];
        if let Some(batch) = &self.batch {
            given.push((":batch", batch));
        }
        if let Some(code) = &self.code {
            given.push((":code", code));
        }
        if let Some(text) = &self.text {
            given.push((":text", text));
        }
        given
    }

    fn groups(&self, c: &Connection) -> Result<Vec<CauseGroup>> {
        let sql = format!(
            "SELECT json_quote(r.code), r.field, count(*) AS rows FROM {}
             GROUP BY r.code, r.field ORDER BY rows DESC, r.code, r.field",
            self.source()
        );
        c.prepare_cached(&sql)?
            .query_map(self.parameters().as_slice(), |row| {
                Ok(CauseGroup {
                    code: row.get::<_, Json<_>>(0)?.0,
                    field: row.get(1)?,
                    rows: row.get::<_, Count>(2)?.0,
                })
            })?
            .collect()
    }

    fn page(
        &self,
        c: &Connection,
        after: i64,
        limit: u32,
        now: Timestamp,
    ) -> Result<(Vec<RejectedRow>, Option<i64>)> {
        let sql = format!(
            "SELECT r.n, r.batch, r.row_no FROM {} AND r.n < :after ORDER BY r.n DESC LIMIT :limit",
            self.source()
        );
        let one_more = limit + 1;
        let mut parameters = self.parameters();
        parameters.push((":after", &after));
        parameters.push((":limit", &one_more));
        let mut found: Vec<(i64, i64, RowNo)> = c
            .prepare_cached(&sql)?
            .query_map(parameters.as_slice(), |row| {
                Ok((row.get(0)?, row.get(1)?, RowNo(row.get(2)?)))
            })?
            .collect::<Result<_>>()?;
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let next = found.last().filter(|_| more).map(|(n, _, _)| *n);
        let rows = found
            .into_iter()
            .filter_map(|(_, batch, row_no)| get(c, batch, row_no, Some(now)).transpose())
            .collect::<Result<_>>()?;
        Ok((rows, next))
    }
}

/// `None` where the row is not refused. Without a time there are no leases.
fn get(
    c: &Connection,
    batch: i64,
    row_no: RowNo,
    leases_at: Option<Timestamp>,
) -> Result<Option<RejectedRow>> {
    c.prepare_cached(
        "SELECT b.batch_id, s.row_no, s.generation, s.seq, s.reason, p.record, s.at,
                l.lease_id, l.workstation_id, l.desk_name, l.until
         FROM row_states AS s
         JOIN batches AS b USING (batch)
         JOIN payloads AS p USING (batch, row_no)
         LEFT JOIN leases AS l
             ON l.batch = s.batch AND l.row_no = s.row_no AND l.until > ?3
         WHERE s.batch = ?1 AND s.row_no = ?2 AND s.state = 'rejected'",
    )?
    .query_row(params![batch, row_no.0, leases_at.map(At)], |row| {
        Ok(RejectedRow {
            batch_id: BatchId(row.get::<_, Id>(0)?.0),
            row_no: RowNo(row.get(1)?),
            generation: Generation(row.get(2)?),
            seq: Seq(row.get::<_, Count>(3)?.0),
            reason: row.get::<_, Json<Reason>>(4)?.0,
            record: row.get::<_, Json<Record>>(5)?.0,
            at: row.get::<_, At>(6)?.0,
            lease: match row.get::<_, Option<Id>>(7)? {
                Some(_) => Some(lease(row, 7)?),
                None => None,
            },
        })
    })
    .optional()
}

/// The columns `lease_id, workstation_id, desk_name, until` from `column` on.
pub(super) fn lease(row: &Row<'_>, column: usize) -> Result<Lease> {
    Ok(Lease {
        lease_id: LeaseId(row.get::<_, Id>(column)?.0),
        workstation_id: WorkstationId(row.get::<_, Id>(column + 1)?.0),
        by: row.get(column + 2)?,
        until: row.get::<_, At>(column + 3)?.0,
    })
}

/// `None` unless the row is refused in this very generation. Says nothing of leases: the message
/// made of it outlives them.
pub(super) fn of_key(
    c: &Connection,
    company: &CompanyId,
    key: RowKey,
) -> Result<Option<RejectedRow>> {
    let Some(batch) = batches::number(c, company, key.batch_id)? else {
        return Ok(None);
    };
    let current = moves::row(c, batch, key.row_no)?;
    if !current
        .is_some_and(|row| row.generation == key.generation && row.state == RowState::Rejected)
    {
        return Ok(None);
    }
    get(c, batch, key.row_no, None)
}
