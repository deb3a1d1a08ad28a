//! Files into tables and back: decoding, detection, edits with undo, exports.
//!
//! A [`Table`] is a roster read into memory. Bad input is not an error: what is wrong with how a
//! file was written is in [`Table::issues`], and a [`ReadError`] is for what stops the reading. The
//! user's file is read and never written.

mod assemble;
pub mod chunk;
mod csv_file;
mod dialect;
mod edits;
mod encoding;
mod error;
pub mod export;
mod found;
mod header;
pub mod limits;
mod operation_log;
mod record;
mod show;
mod sniff;
mod source;
mod table;
mod visit;
pub mod workbook;

use std::path::Path;

pub use chunk::Chunk;
pub use edits::{Operation, Touched};
pub use encoding::Encoding;
pub use error::ReadError;
pub use found::{Format, Found, ReadOptions, SheetInfo, WorkbookKind};
pub use operation_log::{LogError, OperationLog, Step};
pub use table::{Flaw, Table};
pub use visit::{Visitor, Watch};

use sniff::Content;
use source::Source;

/// What a file is, and its first rows.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Head {
    pub found: Found,
    /// As the file has them; empty for a column without a name.
    pub headers: Vec<String>,
    /// The first data rows, at most [`limits::SAMPLE_ROWS`], each as wide as the headers.
    pub sample: Vec<Vec<String>>,
}

/// Looks at a file: its first rows, and all its bytes where its encoding is to be found out.
pub fn head(path: &Path, options: &ReadOptions) -> Result<Head, ReadError> {
    let source = Source::open(path)?;
    let start = source.head()?;
    match sniff::content(path, &start)? {
        Content::Text => {
            let plan = csv_file::Plan::new(path, &source, &start, options, &())?;
            if plan.sample.is_empty() {
                return Err(model::FileFault::NoRows.into());
            }
            let headers = plan.headers().to_vec();
            Ok(Head {
                sample: sample(plan.sample, headers.len()),
                found: plan.found,
                headers,
            })
        }
        Content::Zip | Content::Compound => workbook::head(path, &source, options),
    }
}

/// Reads a whole file in one pass. The visitor sees every row while reading goes on, and what it
/// saw is the table's when this succeeds.
pub fn read(
    path: &Path,
    options: &ReadOptions,
    visitor: &mut dyn Visitor,
    watch: &dyn Watch,
) -> Result<Table, ReadError> {
    let source = Source::open(path)?;
    let start = source.head()?;
    match sniff::content(path, &start)? {
        Content::Text => {
            let plan = csv_file::Plan::new(path, &source, &start, options, watch)?;
            csv_file::read(source, plan, visitor, watch)
        }
        Content::Zip | Content::Compound => workbook::read(path, source, options, visitor, watch),
    }
}

fn sample(rows: header::Rows, columns: usize) -> Vec<Vec<String>> {
    let fit = |(_, mut cells): (u32, Vec<String>)| {
        cells.resize(columns, String::new());
        cells
    };
    rows.into_iter()
        .take(limits::SAMPLE_ROWS)
        .map(fit)
        .collect()
}
