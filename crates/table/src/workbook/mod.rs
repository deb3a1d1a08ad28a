//! Excel and OpenDocument workbooks, read in a child process: a damaged workbook can make a reader
//! allocate until its process dies, and that must not be the window's process.
//!
//! The child is the same program again, told by its first argument. It gets the open file as its
//! standard input and neither a path nor anything else. It is killed when the reading ends early.

mod cells;
mod child;
mod frames;
mod package;

use std::ffi::OsString;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, PoisonError, RwLock};

use model::FileFault;

use crate::Head;
use crate::assemble::{Assembler, Leftovers};
use crate::chunk::Chunk;
use crate::error::ReadError;
use crate::found::{Format, Found, ReadOptions, WorkbookKind};
use crate::header::{HEAD_ROWS, Header, Rows, pick};
use crate::show::{Progress, WAITING, show, stopped};
use crate::sniff::extension;
use crate::source::Source;
use crate::table::Table;
use crate::visit::{Visitor, Watch};
use frames::{Frame, Opened, each_row, next_frame};

const ASKED: &str = "__read-workbook";

static PROGRAM: RwLock<Option<PathBuf>> = RwLock::new(None);

/// Reads the workbook and ends the process, where this process was started to do so. A program
/// that reads workbooks calls this first thing in `main`.
pub fn child_main_if_asked() {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_none_or(|argument| argument != ASKED) {
        return;
    }
    let sheet = arguments.next().and_then(|sheet| sheet.into_string().ok());
    child::run(sheet.as_deref());
    std::process::exit(0);
}

/// The program that is started to read a workbook, where it is not the one that is running: a
/// library's tests have no `main` of their own.
pub fn set_child_program(path: impl Into<PathBuf>) {
    *PROGRAM.write().unwrap_or_else(PoisonError::into_inner) = Some(path.into());
}

/// A child that does not outlive its reader.
struct Reader(Child);

impl Reader {
    fn start(file: File, sheet: Option<&str>) -> Result<(Self, ChildStdout), ReadError> {
        let set = PROGRAM.read().unwrap_or_else(PoisonError::into_inner);
        let program = match &*set {
            Some(program) => program.clone(),
            None => std::env::current_exe()?,
        };
        let mut command = Command::new(program);
        command
            .arg(ASKED)
            .args(sheet.map(OsString::from))
            .stdin(Stdio::from(file))
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        #[cfg(windows)]
        {
            use std::os::windows::process::CommandExt;
            const CREATE_NO_WINDOW: u32 = 0x0800_0000;
            command.creation_flags(CREATE_NO_WINDOW);
        }
        let mut child = command.spawn()?;
        let out = child.stdout.take().ok_or_else(stopped)?;
        Ok((Self(child), out))
    }

    /// Why the child said no more.
    fn end(mut self) -> ReadError {
        match self.0.wait() {
            Ok(status) if died_of_memory(status) => FileFault::TooLarge.into(),
            Ok(_) => FileFault::Damaged.into(),
            Err(error) => error.into(),
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An allocation that is refused aborts; the system's own guard kills.
fn died_of_memory(status: ExitStatus) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        const ABORTED: i32 = 6;
        const KILLED: i32 = 9;
        matches!(status.signal(), Some(ABORTED | KILLED))
    }
    #[cfg(not(unix))]
    {
        let _ = status;
        false
    }
}

pub(crate) fn head(path: &Path, source: &Source, options: &ReadOptions) -> Result<Head, ReadError> {
    let (child, out) = Reader::start(File::open(path)?, options.sheet.as_deref())?;
    // The pipe is closed before the child is waited for.
    let outcome = Frames::new(out).start(options);
    let Start {
        opened,
        header,
        sample,
        ..
    } = outcome.map_err(|stop| stop.into_error(child))?;
    if sample.is_empty() {
        return Err(FileFault::NoRows.into());
    }
    Ok(Head {
        sample: crate::sample(sample, header.names.len()),
        found: found(opened, header.line, path, source.size()),
        headers: header.names,
    })
}

pub(crate) fn read(
    path: &Path,
    source: Source,
    options: &ReadOptions,
    visitor: &mut dyn Visitor,
    watch: &dyn Watch,
) -> Result<Table, ReadError> {
    let size = source.size();
    let (mut child, out) = Reader::start(File::open(path)?, options.sheet.as_deref())?;
    let (chunks, to_show) = sync_channel::<Progress>(WAITING);
    let (shown, sent, sha256) = std::thread::scope(|scope| {
        let hashing = scope.spawn(move || source.sha256());
        let sending = scope.spawn(move || Frames::new(out).send(options, &chunks));
        let shown = show(to_show, visitor, watch);
        if shown.is_err() {
            // The sending thread hears of it as the end of the child's output.
            let _ = child.0.kill();
        }
        let sent = sending.join().map_err(|_| stopped());
        (shown, sent, hashing.join().map_err(|_| stopped()))
    });
    let chunks: Vec<Arc<Chunk>> = shown?;
    let Sent {
        opened,
        header,
        leftovers,
    } = sent?.map_err(|stop| stop.into_error(child))?;
    if chunks.is_empty() {
        return Err(FileFault::NoRows.into());
    }
    let mut found = found(opened, header.line, path, size);
    found.sha256 = Some(sha256??);
    Ok(Table::new(found, header.names, chunks, leftovers))
}

fn found(opened: Opened, header_line: u32, path: &Path, size: u64) -> Found {
    let expected: &[&str] = match opened.workbook {
        WorkbookKind::Xlsx => &["xlsx", "xlsm", "xltx", "xltm"],
        WorkbookKind::Xlsb => &["xlsb"],
        WorkbookKind::Xls => &["xls", "xlt"],
        WorkbookKind::Ods => &["ods", "ots"],
    };
    Found {
        misnamed: !expected.contains(&extension(path).as_str()),
        format: Format::Workbook {
            workbook: opened.workbook,
            sheets: opened.sheets,
            sheet: opened.sheet,
        },
        header_line,
        size,
        sha256: None,
    }
}

/// What ends the frames early.
enum Stop {
    /// The child said it, or what it sent shows it.
    Error(ReadError),
    /// The child said nothing more.
    Silence,
}

impl Stop {
    fn into_error(self, child: Reader) -> ReadError {
        match self {
            Self::Error(error) => error,
            Self::Silence => child.end(),
        }
    }
}

impl From<ReadError> for Stop {
    fn from(error: ReadError) -> Self {
        Self::Error(error)
    }
}

/// A sheet's headers, and the rows that were needed to find them.
struct Start {
    opened: Opened,
    header: Header,
    sample: Rows,
    done: bool,
}

struct Sent {
    opened: Opened,
    header: Header,
    leftovers: Leftovers,
}

struct Frames(BufReader<ChildStdout>);

impl Frames {
    fn new(out: ChildStdout) -> Self {
        Self(BufReader::new(out))
    }

    fn next(&mut self) -> Result<Frame, Stop> {
        match next_frame(&mut self.0) {
            Some(Frame::Fault(frames::Fault { fault, detail })) => {
                Err(Stop::Error(ReadError::Fault { fault, detail }))
            }
            Some(frame) => Ok(frame),
            None => Err(Stop::Silence),
        }
    }

    fn start(&mut self, options: &ReadOptions) -> Result<Start, Stop> {
        let Frame::Opened(opened) = self.next()? else {
            return Err(Stop::Silence);
        };
        let mut rows = Rows::new();
        let wanted = options.header_line.unwrap_or(0);
        let done = loop {
            if rows.len() >= HEAD_ROWS {
                break false;
            }
            match self.next()? {
                Frame::Rows(frame) => each_row(&frame, |line, cells| {
                    if line >= wanted {
                        let cells = cells.iter().map(|cell| (*cell).to_owned());
                        rows.push((line, cells.collect()));
                    }
                    Ok(())
                })?,
                Frame::Done => break true,
                Frame::Opened(_) | Frame::Fault(_) => return Err(Stop::Silence),
            }
        };
        let (header, sample) = pick(rows, options.header_line)?;
        Ok(Start {
            opened,
            header,
            sample,
            done,
        })
    }

    /// Sends the sheet's rows in chunks.
    fn send(mut self, options: &ReadOptions, chunks: &SyncSender<Progress>) -> Result<Sent, Stop> {
        let Start {
            opened,
            header,
            sample,
            mut done,
        } = self.start(options)?;
        let sheet = opened
            .sheets
            .iter()
            .find(|sheet| sheet.name == opened.sheet);
        let total = u64::from(sheet.and_then(|sheet| sheet.rows).unwrap_or(0));
        let mut assembler = Assembler::new(header.names.len());
        let mut take = |line: u32, cells: &[&str]| {
            if let Some(chunk) = assembler.row(line, cells)? {
                // Nobody waits for it: the child is being killed, and the frames end with it.
                let _ = chunks.send(Progress {
                    chunk: Some(chunk),
                    done: u64::from(line),
                    total,
                });
            }
            Ok(())
        };
        for (line, cells) in &sample {
            let cells = cells.iter().map(String::as_str).collect::<Vec<_>>();
            take(*line, &cells)?;
        }
        drop(sample);
        while !done {
            match self.next()? {
                Frame::Rows(frame) => each_row(&frame, &mut take)?,
                Frame::Done => done = true,
                Frame::Opened(_) | Frame::Fault(_) => return Err(Stop::Silence),
            }
        }
        let (chunk, leftovers) = assembler.finish();
        let _ = chunks.send(Progress {
            chunk,
            done: total,
            total,
        });
        Ok(Sent {
            opened,
            header,
            leftovers,
        })
    }
}
