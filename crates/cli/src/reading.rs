//! Reading and checking a file, as `check` and `onboard` are told to.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use check::DateOrder;
use clap::{Args, ValueEnum};
use desk::{Found, Import, ImportOptions};
use i18n::args;
use indicatif::{ProgressBar, ProgressStyle};
use model::Schema;
use table::{Encoding, ReadOptions, Watch};

use crate::failure::Failure;
use crate::output::Output;
use crate::session::file_name;

#[derive(Args, Debug)]
pub struct Reading {
    /// A Table Schema file; without it, the one for employees
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
    /// The sheet of a workbook; without it, the first
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// utf-8, utf-16le, windows-1252 and the like; without it, found out
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    encoding: Option<Encoding>,
    /// One character, or `tab`; without it, found out
    #[arg(long, value_name = "CHARACTER", value_parser = delimiter)]
    delimiter: Option<u8>,
    /// The line, or the sheet's row, of the headers; without it, found out
    #[arg(long, value_name = "N")]
    header_line: Option<u32>,
    /// The column of a field, as FIELD=HEADER; without it, guessed. May be repeated
    #[arg(long = "column", value_name = "FIELD=HEADER", value_parser = pair)]
    columns: Vec<(String, String)>,
    /// How to read dates such as 03/04/2026 in columns that do not say it themselves
    #[arg(long, value_name = "ORDER")]
    dates: Option<Order>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Order {
    /// Day, month, year
    Dmy,
    /// Month, day, year
    Mdy,
}

/// `FIELD=VALUE`; the value may be empty and may hold `=`.
pub fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.to_owned()))
        }
        _ => Err("write NAME=VALUE".to_owned()),
    }
}

fn encoding(label: &str) -> Result<Encoding, String> {
    Encoding::named(label).ok_or_else(|| "no such encoding".to_owned())
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() => Ok(*byte),
        b"tab" | b"\\t" => Ok(b'\t'),
        _ => Err("write one ASCII character, or `tab`".to_owned()),
    }
}

impl Reading {
    /// Reads and checks the whole file off the async threads, with progress.
    pub async fn read(&self, path: &Path, out: &Output) -> Result<Import, Failure> {
        let name = file_name(path);
        let options = self.options()?;
        let columns = self.columns.clone();
        let watching = Arc::new(Watching::new(out, &name));
        let (path, watch) = (path.to_owned(), Arc::clone(&watching));
        // Dropped with this future when the command is interrupted: the reading ends too.
        let ended = Ended(watching);
        let task = tokio::task::spawn_blocking(move || {
            let failed = |error| Failure::Import {
                name: file_name(&path),
                error,
            };
            let mut found = Found::look(&path, options).map_err(failed)?;
            for (field, header) in columns {
                choose(&mut found, &field, &header)?;
            }
            found.read(watch.as_ref()).map_err(failed)
        });
        let outcome = task.await;
        drop(ended);
        match outcome {
            Ok(outcome) => outcome,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => Err(desk::DeskError::Stopping.into()),
        }
    }

    fn options(&self) -> Result<ImportOptions, Failure> {
        Ok(ImportOptions {
            read: ReadOptions {
                encoding: self.encoding,
                delimiter: self.delimiter,
                sheet: self.sheet.clone(),
                header_line: self.header_line,
            },
            schema: self.schema()?,
            date_order: self.dates.map(|order| match order {
                Order::Dmy => DateOrder::Dmy,
                Order::Mdy => DateOrder::Mdy,
            }),
            today: jiff::Zoned::now().date(),
        })
    }

    fn schema(&self) -> Result<Schema, Failure> {
        let Some(path) = &self.schema else {
            return Ok(Schema::employee());
        };
        let name = file_name(path);
        let text = std::fs::read_to_string(path).map_err(|error| Failure::ReadFile {
            name: name.clone(),
            error,
        })?;
        Schema::from_json(&text).map_err(|error| Failure::Schema { name, error })
    }
}

fn choose(found: &mut Found, field: &str, header: &str) -> Result<(), Failure> {
    let schema = found.schema();
    let Some(at) = schema.index_of(field) else {
        return Err(Failure::NoSuchField {
            name: field.to_owned(),
            fields: schema.fields.iter().map(|f| f.name.clone()).collect(),
        });
    };
    let mut headers = found.head.headers.iter();
    let column = headers.position(|known| known.trim() == header.trim());
    if column.is_none() {
        return Err(Failure::NoSuchColumn(header.to_owned()));
    }
    found.mapping.set(at, column);
    Ok(())
}

/// Shows how far the reading is, and ends it when the command is interrupted.
struct Watching {
    bar: Option<ProgressBar>,
    told: AtomicU64,
    cancelled: AtomicBool,
}

struct Ended(Arc<Watching>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.cancelled.store(true, Ordering::Relaxed);
        if let Some(bar) = &self.0.bar {
            bar.finish_and_clear();
        }
    }
}

impl Watching {
    fn new(out: &Output, name: &str) -> Self {
        let reading = out.say("cli-reading", &args! { "name" => name });
        let bar = out.live.then(|| {
            let bar = ProgressBar::new(0).with_message(reading.clone());
            let style = ProgressStyle::with_template("{msg} {wide_bar} {percent} %");
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        if bar.is_none() {
            out.note(&reading);
        }
        Self {
            bar,
            told: AtomicU64::new(0),
            cancelled: AtomicBool::new(false),
        }
    }
}

impl Watch for Watching {
    fn progress(&self, done: u64, total: u64) {
        if let Some(bar) = &self.bar
            && self.told.swap(done, Ordering::Relaxed) != done
        {
            bar.set_length(total);
            bar.set_position(done);
        }
    }

    fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}
