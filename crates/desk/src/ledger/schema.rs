//! The ledger's tables. A change of them is a new entry in `STEPS`, never an edit of an old one.

use rusqlite::{Connection, TransactionBehavior};

use super::{LedgerError, LedgerResult};

pub(super) const STEPS: &[&str] = &[
    "
CREATE TABLE workstations (
    connection     TEXT PRIMARY KEY,
    workstation_id BLOB NOT NULL,
    company        TEXT,
    user           TEXT
);
-- One sending of a roster. Without a file: a batch of another desk that this one heard of.
CREATE TABLE batches (
    batch_id      BLOB PRIMARY KEY,
    connection    TEXT NOT NULL,
    name          TEXT NOT NULL,
    file_name     TEXT,
    file_sha256   TEXT,
    file_rows     INTEGER,
    schema        TEXT,
    language      TEXT NOT NULL,
    upload_sha256 TEXT,
    upload_bytes  INTEGER,
    upload_rows   INTEGER,
    step          TEXT NOT NULL,
    pipeline      TEXT,
    version       INTEGER NOT NULL DEFAULT 0,
    gap           INTEGER NOT NULL DEFAULT 0,
    made_by       TEXT NOT NULL,
    created_at    INTEGER NOT NULL
);
CREATE TABLE rows (
    batch_id   BLOB NOT NULL,
    row_no     INTEGER NOT NULL,
    line       INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    state      TEXT NOT NULL,
    reason     TEXT,
    at         INTEGER NOT NULL,
    PRIMARY KEY (batch_id, row_no)
) WITHOUT ROWID;
CREATE INDEX rows_by_state ON rows (batch_id, state);
-- The one place of the ledger with personal data.
CREATE TABLE payloads (
    batch_id   BLOB NOT NULL,
    row_no     INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    record     TEXT NOT NULL,
    PRIMARY KEY (batch_id, row_no, generation)
) WITHOUT ROWID;
-- Refused rows as the rejected queue delivered them.
CREATE TABLE rejected (
    batch_id   BLOB NOT NULL,
    row_no     INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    reason     TEXT NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (batch_id, row_no)
) WITHOUT ROWID;
-- Decisions about refused rows, written before they are sent. No outcome: not answered yet.
CREATE TABLE corrections (
    correction_id BLOB PRIMARY KEY,
    connection    TEXT NOT NULL,
    batch_id      BLOB NOT NULL,
    row_no        INTEGER NOT NULL,
    generation    INTEGER NOT NULL,
    -- Why the row is given up; NULL: it is sent again with the payload of the next generation.
    discard       TEXT,
    made_by       TEXT NOT NULL,
    made_at       INTEGER NOT NULL,
    outcome       TEXT,
    decided_at    INTEGER
);
CREATE INDEX corrections_waiting ON corrections (connection) WHERE outcome IS NULL;
-- Who did what and when. Names no person of any list.
CREATE TABLE audit (
    at       INTEGER NOT NULL,
    who      TEXT NOT NULL,
    what     TEXT NOT NULL,
    batch_id BLOB,
    row_no   INTEGER,
    detail   TEXT
);
",
    "
-- When the pipeline was last heard of it, whether or not anything had changed.
ALTER TABLE batches ADD COLUMN heard_at INTEGER;
",
];

/// The ledger was written by an earlier version of Muster.
pub fn is_older(connection: &Connection) -> LedgerResult<bool> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(version < STEPS.len() as i64)
}

/// Brings a ledger of any earlier version to this one, or refuses one that is newer.
pub fn migrate(connection: &mut Connection) -> LedgerResult<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = STEPS.len() as i64;
    if version > known {
        return Err(LedgerError::Newer(version));
    }
    for step in STEPS.iter().skip(usize::try_from(version).unwrap_or(0)) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}
