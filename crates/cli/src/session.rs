//! One run of a command: its settings resolved, its ledger or its desk opened.

use std::path::{Path, PathBuf};

use desk::home::Home;
use desk::ledger::{BatchEntry, Ledger};
use desk::{Desk, DeskError, Event, Options};
use model::BatchId;
use tokio::sync::mpsc;

use crate::connection::{Connection, EMBEDDED};
use crate::failure::Failure;
use crate::output::Output;
use crate::settings::{Settings, desk_name};

pub struct Session {
    pub settings: Settings,
    pub out: Output,
    pub home: PathBuf,
}

impl Session {
    pub fn new(settings: Settings) -> Self {
        Self {
            out: Output::new(settings.text()),
            home: settings.home(),
            settings,
        }
    }

    /// The ledger beside whoever owns it.
    pub fn reader(&self) -> Result<Ledger, Failure> {
        Ok(Ledger::open_to_read(&self.home)?)
    }

    /// What the user named, else what the batch was sent by, else what was used last.
    pub fn connection_name(&self, batch: Option<&BatchEntry>) -> Result<String, Failure> {
        if let Some(name) = &self.settings.connection {
            return Ok(name.clone());
        }
        if let Some(batch) = batch {
            return Ok(batch.connection.clone());
        }
        let last = match self.reader() {
            Ok(ledger) => ledger.last_connection()?,
            Err(Failure::Desk(DeskError::Ledger(desk::ledger::LedgerError::Missing))) => None,
            Err(error) => return Err(error),
        };
        Ok(last.unwrap_or_else(|| EMBEDDED.to_owned()))
    }

    /// Takes the desk's folder for this run.
    pub fn own(&self) -> Result<Home, Failure> {
        Ok(Home::own(&self.home).map_err(DeskError::from)?)
    }

    /// Starts the desk: it goes on with everything of the connection that is unfinished.
    pub async fn start(&self, home: Home, connection: &str) -> Result<Working, Failure> {
        self.start_without(home, connection, None).await
    }

    /// The same, but leaves one batch where it is.
    pub async fn start_without(
        &self,
        home: Home,
        connection: &str,
        hold: Option<BatchId>,
    ) -> Result<Working, Failure> {
        let connection = Connection::open(connection, &self.home)?;
        let (show, events) = mpsc::unbounded_channel();
        let options = Options {
            desk_name: desk_name(),
            hold,
        };
        let desk = Desk::start(home, connection.connect(), options, show).await?;
        Ok(Working {
            desk,
            events,
            connection,
        })
    }
}

/// A desk at work.
pub struct Working {
    pub desk: Desk,
    pub events: mpsc::UnboundedReceiver<Event>,
    pub connection: Connection,
}

impl Working {
    pub async fn close(self) {
        // The desk first: it would call a pipeline that ends an outage.
        drop(self.desk);
        self.connection.close().await;
    }
}

/// A batch by its id, by the beginning or the end of it, or by `last`.
pub fn find_batch(ledger: &Ledger, wanted: &str) -> Result<BatchEntry, Failure> {
    let batches = ledger.batches()?;
    let wanted = wanted.trim().to_lowercase();
    let none = || Failure::Desk(DeskError::NoSuchBatch(wanted.clone()));
    if wanted == "last" {
        return batches.into_iter().next().ok_or_else(none);
    }
    if wanted.is_empty() {
        return Err(none());
    }
    let mut found = batches.into_iter().filter(|batch| {
        let id = batch.batch_id.to_string();
        id.starts_with(&wanted) || id.ends_with(&wanted)
    });
    match (found.next(), found.next()) {
        (Some(batch), None) => Ok(batch),
        (None, _) => Err(none()),
        (Some(_), Some(_)) => Err(Failure::BatchAmbiguous(wanted)),
    }
}

/// A file's name without its folder: folders are nobody else's business.
pub fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_else(|| path.display().to_string())
}
