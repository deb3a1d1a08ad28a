//! From a checked list to a journalled batch: the canonical file first, then the ledger. After
//! that the batch is sent, whatever stops the program; before it, nothing has happened.

use std::io::{self, Write};

use jiff::Timestamp;
use model::{BatchId, Schema, SourceFile};
use wire::DeclaredUpload;

use crate::crash;
use crate::error::{DeskError, DeskResult};
use crate::home::Home;
use crate::ledger::{Ledger, NewBatch, NewRow};
use crate::private;

/// A list that is ready to be sent.
pub trait Outgoing: Send {
    fn source(&self) -> SourceFile;

    fn schema(&self) -> &Schema;

    /// Writes the canonical CSV and says what it wrote.
    fn write_canonical(&self, out: &mut dyn Write) -> io::Result<DeclaredUpload>;

    /// Every row of the file, excluded ones without a record.
    fn rows(&self) -> Box<dyn Iterator<Item = NewRow> + '_>;

    /// The batch is in the ledger: what was kept for the list alone may go.
    fn journalled(&self) {}
}

/// What the user decides about a sending.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The batch's name for people.
    pub name: String,
    /// BCP 47 language of e-mails to people whose row says nothing of theirs.
    pub language: String,
}

/// Touches the disk and takes as long as the list is long: not for an async thread.
pub(crate) fn journal(
    home: &Home,
    ledger: &Ledger,
    connection: &str,
    outgoing: &dyn Outgoing,
    terms: Terms,
    made_by: String,
    created_at: Timestamp,
) -> DeskResult<BatchId> {
    let batch_id = BatchId(uuid::Uuid::now_v7());
    let path = home.outbox_file(batch_id);
    let upload = write_file(&path, outgoing).inspect_err(|_| {
        // Half a file on a full disk helps nobody.
        let _ = std::fs::remove_file(&path);
    })?;
    crash::point("desk.send.after-file");
    let batch = NewBatch {
        batch_id,
        connection: connection.to_owned(),
        name: terms.name,
        source: outgoing.source(),
        schema: outgoing.schema().clone(),
        language: terms.language,
        upload,
        made_by,
        created_at,
    };
    let journalled = ledger.journal(&batch, outgoing.rows());
    if let Err(error) = journalled {
        let _ = std::fs::remove_file(&path);
        return Err(error.into());
    }
    crash::point("desk.send.after-journal");
    outgoing.journalled();
    Ok(batch_id)
}

fn write_file(path: &std::path::Path, outgoing: &dyn Outgoing) -> DeskResult<DeclaredUpload> {
    let mut out = io::BufWriter::with_capacity(256 * 1024, private::create(path)?);
    let upload = outgoing.write_canonical(&mut out)?;
    out.flush()?;
    out.get_ref().sync_all()?;
    if let Some(folder) = path.parent() {
        private::sync_folder(folder)?;
    }
    if upload.rows == 0 {
        return Err(DeskError::NothingToSend);
    }
    Ok(upload)
}

/// Removes the files of batches that the pipeline is done with, or that were never journalled.
pub(crate) fn tidy(home: &Home, ledger: &Ledger) -> DeskResult<()> {
    for file in std::fs::read_dir(home.outbox())? {
        let file = file?;
        let name = file.file_name();
        let id = name.to_str().and_then(|name| name.strip_suffix(".csv"));
        let batch = match id.and_then(|id| id.parse::<BatchId>().ok()) {
            Some(id) => ledger.batch(id)?,
            None => None,
        };
        let needed = match &batch {
            Some(batch) if batch.step.is_unsent() => true,
            Some(batch) => ledger.tally(batch.batch_id)?.open() > 0,
            None => false,
        };
        if !needed {
            std::fs::remove_file(file.path())?;
        }
    }
    Ok(())
}
