//! Batches and how far each has come on its way out.

use jiff::Timestamp;
use model::{BatchId, BatchState, Schema, SourceFile, WorkstationId};
use rusqlite::{OptionalExtension, Row, params};
use wire::DeclaredUpload;

use super::sql::{blob, get_json_opt, get_time, get_uuid, json, key, micros};
use super::{Ledger, LedgerResult};

/// How far a batch has come on its way out. Each step is written before the next is begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Its canonical file and its rows are on the disk; nobody has been told.
    Journalled,
    /// The gateway knows it.
    Created,
    /// Its file is stored: the pipeline has it.
    Sent,
    /// It was called off before it was sent.
    Cancelled,
}

impl Step {
    const ALL: [Self; 4] = [Self::Journalled, Self::Created, Self::Sent, Self::Cancelled];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Journalled => "journalled",
            Self::Created => "created",
            Self::Sent => "sent",
            Self::Cancelled => "cancelled",
        }
    }

    /// Something of it has still to be sent.
    pub fn is_unsent(self) -> bool {
        matches!(self, Self::Journalled | Self::Created)
    }
}

/// A batch that is about to be sent.
#[derive(Clone, Debug)]
pub struct NewBatch {
    pub batch_id: BatchId,
    pub connection: String,
    pub name: String,
    pub source: SourceFile,
    pub schema: Schema,
    /// BCP 47.
    pub language: String,
    pub upload: DeclaredUpload,
    pub made_by: String,
    pub created_at: Timestamp,
}

/// What only the desk that sent a batch knows of it.
#[derive(Clone, Debug)]
pub struct Origin {
    pub source: SourceFile,
    pub schema: Schema,
    pub upload: DeclaredUpload,
}

/// A batch as the ledger has it.
#[derive(Clone, Debug)]
pub struct BatchEntry {
    pub batch_id: BatchId,
    pub connection: String,
    pub name: String,
    /// `None`: sent by another desk; this one heard of it.
    pub origin: Option<Origin>,
    pub language: String,
    pub step: Step,
    /// The state that the pipeline told last.
    pub pipeline: Option<BatchState>,
    /// The pipeline's version up to which nothing is missing here.
    pub version: u64,
    /// Something between that version and a later one was never heard.
    pub gap: bool,
    pub made_by: String,
    pub created_at: Timestamp,
    /// When the pipeline was last heard of it: the ledger's word is as of then.
    pub heard_at: Option<Timestamp>,
}

const COLUMNS: &str = "batch_id, connection, name, file_name, file_sha256, file_rows, schema, \
    language, upload_sha256, upload_bytes, upload_rows, step, pipeline, version, gap, made_by, \
    created_at, heard_at";

impl Ledger {
    /// Newest first.
    pub fn batches(&self) -> LedgerResult<Vec<BatchEntry>> {
        self.read(|t| {
            let sql = format!("SELECT {COLUMNS} FROM batches ORDER BY created_at DESC, batch_id");
            let mut query = t.prepare(&sql)?;
            let batches = query.query_map([], entry)?;
            Ok(batches.collect::<Result<_, _>>()?)
        })
    }

    pub fn batch(&self, id: BatchId) -> LedgerResult<Option<BatchEntry>> {
        self.read(|t| {
            let sql = format!("SELECT {COLUMNS} FROM batches WHERE batch_id = ?1");
            Ok(t.query_row(&sql, [key(id)], entry).optional()?)
        })
    }

    /// Batches of a connection with something left to send or to hear, oldest first.
    pub fn unfinished(&self, connection: &str) -> LedgerResult<Vec<BatchEntry>> {
        self.read(|t| {
            let sql = format!(
                "SELECT {COLUMNS} FROM batches b WHERE connection = ?1 AND step <> 'cancelled' AND \
                 (step <> 'sent' OR gap OR EXISTS (SELECT 1 FROM rows r WHERE \
                 r.batch_id = b.batch_id AND r.state IN \
                 ('draft', 'sent', 'queued', 'registering', 'unknown'))) \
                 ORDER BY created_at, batch_id"
            );
            let mut query = t.prepare(&sql)?;
            let batches = query.query_map([connection], entry)?;
            Ok(batches.collect::<Result<_, _>>()?)
        })
    }

    /// Batches of a connection with refused rows, of which another desk may decide, oldest first.
    pub fn with_refusals(&self, connection: &str) -> LedgerResult<Vec<BatchId>> {
        self.read(|t| {
            let mut query = t.prepare(
                "SELECT batch_id FROM batches b WHERE connection = ?1 AND EXISTS \
                 (SELECT 1 FROM rows r WHERE r.batch_id = b.batch_id AND r.state = 'rejected') \
                 ORDER BY created_at, batch_id",
            )?;
            let batches = query.query_map([connection], |row| Ok(BatchId(get_uuid(row, 0)?)))?;
            Ok(batches.collect::<Result<_, _>>()?)
        })
    }

    /// The gateway knows it. Changes nothing of a batch that is further or was called off.
    pub fn set_created(&self, id: BatchId) -> LedgerResult<()> {
        self.write(|t| {
            t.execute(
                "UPDATE batches SET step = 'created' WHERE batch_id = ?1 AND step = 'journalled'",
                [key(id)],
            )?;
            Ok(())
        })
    }

    /// The file is stored: every drafted row is sent from this moment on.
    pub fn set_sent(&self, id: BatchId, at: Timestamp) -> LedgerResult<()> {
        self.write(|t| {
            t.execute(
                "UPDATE batches SET step = 'sent' WHERE batch_id = ?1",
                [key(id)],
            )?;
            t.execute(
                "UPDATE rows SET state = 'sent', at = ?2 WHERE batch_id = ?1 AND state = 'draft'",
                params![key(id), micros(at)],
            )?;
            Ok(())
        })
    }

    /// Calls a batch off that nobody has: its rows are withdrawn. `false` where it is sent.
    pub fn cancel_unsent(&self, id: BatchId, who: &str, at: Timestamp) -> LedgerResult<bool> {
        self.write(|t| {
            let cancelled = t.execute(
                "UPDATE batches SET step = 'cancelled' WHERE batch_id = ?1 \
                 AND step IN ('journalled', 'created')",
                [key(id)],
            )?;
            if cancelled == 0 {
                return Ok(false);
            }
            t.execute(
                "UPDATE rows SET state = 'cancelled', at = ?2 \
                 WHERE batch_id = ?1 AND state = 'draft'",
                params![key(id), micros(at)],
            )?;
            super::audit::note(t, at, who, "cancel", Some(id), None, None)?;
            Ok(true)
        })
    }

    /// The batch is not of this desk, but its rows will be followed.
    pub fn adopt(
        &self,
        id: BatchId,
        connection: &str,
        name: &str,
        made_by: &str,
        created_at: Timestamp,
    ) -> LedgerResult<()> {
        self.write(|t| {
            t.execute(
                "INSERT INTO batches (batch_id, connection, name, language, step, made_by, \
                 created_at, gap) VALUES (?1, ?2, ?3, '', 'sent', ?4, ?5, 1) ON CONFLICT DO NOTHING",
                params![key(id), connection, name, made_by, micros(created_at)],
            )?;
            Ok(())
        })
    }

    /// This desk's workstation on a connection, made at the first call.
    pub fn workstation(&self, connection: &str) -> LedgerResult<WorkstationId> {
        self.write(|t| {
            t.execute(
                "INSERT INTO workstations (connection, workstation_id) VALUES (?1, ?2) \
                 ON CONFLICT DO NOTHING",
                params![connection, blob(uuid::Uuid::now_v7())],
            )?;
            let id = t.query_row(
                "SELECT workstation_id FROM workstations WHERE connection = ?1",
                [connection],
                |row| get_uuid(row, 0),
            )?;
            Ok(WorkstationId(id))
        })
    }

    /// Who the pipeline took this desk for.
    pub fn set_identity(&self, connection: &str, company: &str, user: &str) -> LedgerResult<()> {
        self.write(|t| {
            t.execute(
                "UPDATE workstations SET company = ?2, user = ?3 WHERE connection = ?1",
                [connection, company, user],
            )?;
            Ok(())
        })
    }

    /// The connection that was used last, and who the desk was there.
    pub fn last_connection(&self) -> LedgerResult<Option<String>> {
        self.read(|t| {
            let last = t.query_row(
                "SELECT connection FROM batches ORDER BY created_at DESC LIMIT 1",
                [],
                |row| row.get(0),
            );
            Ok(last.optional()?)
        })
    }
}

/// Writes a batch; part of the transaction that writes its rows.
pub(super) fn insert(t: &rusqlite::Transaction<'_>, batch: &NewBatch) -> LedgerResult<()> {
    t.execute(
        "INSERT INTO batches (batch_id, connection, name, file_name, file_sha256, file_rows, \
         schema, language, upload_sha256, upload_bytes, upload_rows, step, made_by, created_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'journalled', ?12, ?13)",
        params![
            key(batch.batch_id),
            batch.connection,
            batch.name,
            batch.source.name,
            batch.source.sha256,
            batch.source.rows as i64,
            json(&batch.schema),
            batch.language,
            batch.upload.sha256,
            batch.upload.bytes as i64,
            batch.upload.rows as i64,
            batch.made_by,
            micros(batch.created_at),
        ],
    )?;
    Ok(())
}

fn entry(row: &Row<'_>) -> rusqlite::Result<BatchEntry> {
    let number = |at: usize| row.get::<_, i64>(at).map(|n| n.unsigned_abs());
    let origin = match row.get::<_, Option<String>>(3)? {
        None => None,
        Some(name) => Some(Origin {
            source: SourceFile {
                name,
                sha256: row.get(4)?,
                rows: number(5)?,
            },
            schema: super::sql::get_json(row, 6)?,
            upload: DeclaredUpload {
                sha256: row.get(8)?,
                bytes: number(9)?,
                rows: number(10)?,
            },
        }),
    };
    let step: String = row.get(11)?;
    Ok(BatchEntry {
        batch_id: BatchId(get_uuid(row, 0)?),
        connection: row.get(1)?,
        name: row.get(2)?,
        origin,
        language: row.get(7)?,
        step: Step::ALL
            .into_iter()
            .find(|known| known.as_str() == step)
            .unwrap_or(Step::Journalled),
        pipeline: get_json_opt(row, 12)?,
        version: number(13)?,
        gap: row.get(14)?,
        made_by: row.get(15)?,
        created_at: get_time(row, 16)?,
        heard_at: match row.get::<_, Option<i64>>(17)? {
            Some(_) => Some(get_time(row, 17)?),
            None => None,
        },
    })
}
