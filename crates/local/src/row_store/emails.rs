//! Welcome e-mails: one for each person, whoever asks to send it.

use model::{CompanyId, RowKey};
use pipeline::ports::EmailClaim;
use rusqlite::{Connection, Result, params};
use uuid::Uuid;

use crate::columns::Id;

pub(super) fn claim(
    c: &Connection,
    company: &CompanyId,
    person_id: Uuid,
    key: RowKey,
) -> Result<EmailClaim> {
    let key = key.to_string();
    c.prepare_cached("INSERT OR IGNORE INTO emails (company, person_id, key) VALUES (?1, ?2, ?3)")?
        .execute(params![company.as_str(), Id(person_id), key])?;
    let ours = c
        .prepare_cached(
            "SELECT key = ?3 AND NOT sent FROM emails WHERE company = ?1 AND person_id = ?2",
        )?
        .query_row(params![company.as_str(), Id(person_id), key], |row| {
            row.get(0)
        })?;
    Ok(if ours {
        EmailClaim::Send
    } else {
        EmailClaim::AlreadySent
    })
}

pub(super) fn sent(c: &Connection, company: &CompanyId, person_id: Uuid) -> Result<()> {
    c.prepare_cached("UPDATE emails SET sent = 1 WHERE company = ?1 AND person_id = ?2")?
        .execute(params![company.as_str(), Id(person_id)])?;
    Ok(())
}
