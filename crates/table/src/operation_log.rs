//! Operations on disk, so that edits survive a crash: one line of JSON for each step, on the disk
//! before the step counts.
//!
//! The first line says which file was read and how, because the steps' row numbers and columns mean
//! nothing for another. A last line that was cut off by a crash was never acknowledged, and is
//! dropped. The file holds personal data and is readable by its user alone.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::edits::{Operation, Touched};
use crate::found::{Found, ReadOptions};
use crate::table::Table;

/// What is done to a table, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    Apply(Operation),
    Undo,
    Redo,
}

#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The log belongs to a file with other bytes.
    #[error("the log belongs to another file")]
    OtherFile,
    /// The same file was read otherwise (sheet, delimiter, header row): its rows have other numbers.
    #[error("the log belongs to another reading of the file")]
    OtherReading,
    /// A line before the last is not a step.
    #[error("line {line} of the log is damaged")]
    Damaged { line: usize },
    #[error("the log could not be read or written: {0}")]
    Io(#[from] io::Error),
}

/// The log's first line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Heading {
    operations: u32,
    sha256: String,
    read_as: ReadOptions,
}

impl Heading {
    fn of(found: &Found) -> Self {
        Self {
            operations: 1,
            sha256: found.sha256.clone().unwrap_or_default(),
            read_as: found.options(),
        }
    }
}

/// An open log. Nothing is ever taken out of it: an undo is a step too.
pub struct OperationLog {
    file: File,
    /// Bytes that are whole lines. What stands behind them is cut off before the next step.
    length: u64,
}

impl OperationLog {
    /// Opens the log at `path`, or makes it, for a table that was read just so; and gives the steps
    /// in it. [`Table::replay`] does them.
    pub fn open(path: &Path, found: &Found) -> Result<(Self, Vec<Step>), LogError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let mut file = options.open(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let whole = bytes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let mut log = Self {
            file,
            length: whole as u64,
        };
        let heading = Heading::of(found);
        let mut lines = bytes[..whole].split_inclusive(|byte| *byte == b'\n');
        let Some(first) = lines.next() else {
            log.write_line(&heading)?;
            sync_folder(path)?;
            return Ok((log, Vec::new()));
        };
        let written: Heading =
            serde_json::from_slice(first).map_err(|_| LogError::Damaged { line: 1 })?;
        if written.sha256 != heading.sha256 {
            return Err(LogError::OtherFile);
        }
        if written != heading {
            return Err(LogError::OtherReading);
        }
        let step = |(at, line): (usize, &[u8])| {
            serde_json::from_slice(line).map_err(|_| LogError::Damaged { line: at + 2 })
        };
        let steps = lines.enumerate().map(step).collect::<Result<_, _>>()?;
        Ok((log, steps))
    }

    /// Writes a step. When this returns, it is on the disk; when it fails, it is not in the log.
    pub fn append(&mut self, step: &Step) -> io::Result<()> {
        self.write_line(step)
    }

    fn write_line(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        // What a crash or a full disk left of an earlier line goes first.
        self.file.set_len(self.length)?;
        self.file.seek(SeekFrom::Start(self.length))?;
        self.file.write_all(&text)?;
        self.file.sync_data()?;
        self.length += text.len() as u64;
        Ok(())
    }
}

/// A new file is only there after a crash if its folder was written too.
fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

impl Table {
    /// Does one step. `None` where there was nothing to undo or redo.
    pub fn step(&mut self, step: Step) -> Option<Touched> {
        match step {
            Step::Apply(operation) => Some(self.apply(operation)),
            Step::Undo => self.undo(),
            Step::Redo => self.redo(),
        }
    }

    /// Does the steps of a log on a table that was freshly read.
    pub fn replay(&mut self, steps: impl IntoIterator<Item = Step>) {
        for step in steps {
            self.step(step);
        }
    }
}
