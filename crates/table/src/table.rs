//! A roster in memory: the rows as the file has them, and over them what the user changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{IssueCode, RowNo};

use crate::assemble::{Leftovers, flaws_of};
use crate::chunk::{CHUNK_ROWS, Chunk};
use crate::edits::{Edits, Operation, Touched};
use crate::found::{Format, Found};

/// Something wrong with how the file was written, before any rule of a schema. Columns are the
/// table's, counted from 0; a row's flaw has no column, a header's no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flaw {
    pub row_no: Option<RowNo>,
    pub column: Option<u16>,
    pub code: IssueCode,
}

pub struct Table {
    found: Found,
    headers: Vec<String>,
    chunks: Vec<Arc<Chunk>>,
    rows: u32,
    flaws: Vec<Flaw>,
    beyond: BTreeMap<RowNo, Vec<String>>,
    edits: Edits,
}

impl Table {
    pub(crate) fn new(
        found: Found,
        headers: Vec<String>,
        chunks: Vec<Arc<Chunk>>,
        leftovers: Leftovers,
    ) -> Self {
        let rows = chunks.iter().map(|chunk| chunk.rows()).sum::<usize>();
        let mut flaws = crate::header::twice(&headers).collect::<Vec<_>>();
        flaws.extend(leftovers.flaws);
        Self {
            found,
            headers,
            chunks,
            rows: u32::try_from(rows).unwrap_or(u32::MAX),
            flaws,
            beyond: leftovers.beyond,
            edits: Edits::default(),
        }
    }

    pub fn found(&self) -> &Found {
        &self.found
    }

    /// The file's SHA-256 in hex, taken from the bytes that were read.
    pub fn sha256(&self) -> &str {
        self.found.sha256.as_deref().unwrap_or("")
    }

    /// The sheet that was read, of a workbook.
    pub fn sheet(&self) -> Option<&str> {
        match &self.found.format {
            Format::Csv { .. } => None,
            Format::Workbook { sheet, .. } => Some(sheet),
        }
    }

    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// Data rows, excluded ones too: rows 1 to this number.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// The rows as the file has them; without edits.
    pub fn chunks(&self) -> &[Arc<Chunk>] {
        &self.chunks
    }

    /// The cell with the user's edits; empty where there is no such cell.
    pub fn cell(&self, row_no: RowNo, column: usize) -> &str {
        match self.edits.cell(row_no, column) {
            Some(edited) => edited,
            None => self.original(row_no, column),
        }
    }

    /// The cell as the file has it.
    pub fn original(&self, row_no: RowNo, column: usize) -> &str {
        self.place(row_no)
            .map_or("", |(chunk, row)| chunk.cell(row, column))
    }

    /// Whether the cell was set, to another value or to the same.
    pub fn is_edited(&self, row_no: RowNo, column: usize) -> bool {
        self.edits.cell(row_no, column).is_some()
    }

    /// Where the row begins: the file's line or the sheet's row, from 1. 0 where there is no such
    /// row.
    pub fn line(&self, row_no: RowNo) -> u32 {
        self.place(row_no).map_or(0, |(chunk, row)| chunk.line(row))
    }

    pub fn is_excluded(&self, row_no: RowNo) -> bool {
        self.edits.is_excluded(row_no)
    }

    /// How many rows are excluded.
    pub fn excluded(&self) -> u32 {
        self.edits.excluded()
    }

    /// What is wrong with how the file was written: the headers first, then in row order.
    pub fn issues(&self) -> &[Flaw] {
        &self.flaws
    }

    /// Whether a flaw is still there: a cell's until its text is mended, a row's until a cell of it
    /// was set (to the same value, if it is right as it is).
    pub fn stands(&self, flaw: &Flaw) -> bool {
        match (flaw.row_no, flaw.column) {
            (None, _) => true,
            (Some(row_no), Some(column)) => {
                let mut codes = flaws_of(self.cell(row_no, usize::from(column)));
                codes.any(|code| code == flaw.code)
            }
            (Some(row_no), None) => {
                (0..self.headers.len()).all(|column| !self.is_edited(row_no, column))
            }
        }
    }

    /// Cells of a long row beyond the headers.
    pub fn beyond(&self, row_no: RowNo) -> &[String] {
        self.beyond.get(&row_no).map_or(&[], Vec::as_slice)
    }

    /// Does what the user asked for. Cells and rows that do not exist are left out of it.
    pub fn apply(&mut self, operation: Operation) -> Touched {
        let Self {
            chunks,
            headers,
            rows,
            edits,
            ..
        } = self;
        edits.apply(operation, &Extent::of(chunks, headers.len(), *rows))
    }

    /// Takes back the last operation that stands. `None` where there is none.
    pub fn undo(&mut self) -> Option<Touched> {
        self.edits.undo()
    }

    /// Does again what was taken back last. `None` where nothing was, or something was done since.
    pub fn redo(&mut self) -> Option<Touched> {
        let Self {
            chunks,
            headers,
            rows,
            edits,
            ..
        } = self;
        edits.redo(&Extent::of(chunks, headers.len(), *rows))
    }

    /// The operations that stand, in the order in which they were done.
    pub fn log(&self) -> impl ExactSizeIterator<Item = &Operation> {
        self.edits.log()
    }

    /// Whether there is something to undo, and something to redo.
    pub fn can_undo_redo(&self) -> (bool, bool) {
        self.edits.can_undo_redo()
    }

    fn place(&self, row_no: RowNo) -> Option<(&Chunk, usize)> {
        place(&self.chunks, row_no)
    }
}

/// What edits are made over: the original cells.
pub(crate) struct Extent<'a> {
    chunks: &'a [Arc<Chunk>],
    pub columns: usize,
    rows: u32,
}

impl<'a> Extent<'a> {
    fn of(chunks: &'a [Arc<Chunk>], columns: usize, rows: u32) -> Self {
        Self {
            chunks,
            columns,
            rows,
        }
    }

    pub(crate) fn has_row(&self, row_no: RowNo) -> bool {
        (1..=self.rows).contains(&row_no.0)
    }

    pub(crate) fn original(&self, row_no: RowNo, column: usize) -> &'a str {
        place(self.chunks, row_no).map_or("", |(chunk, row)| chunk.cell(row, column))
    }
}

fn place(chunks: &[Arc<Chunk>], row_no: RowNo) -> Option<(&Chunk, usize)> {
    let at = usize::try_from(row_no.0.checked_sub(1)?).ok()?;
    let chunk = chunks.get(at / CHUNK_ROWS)?;
    let row = at % CHUNK_ROWS;
    (row < chunk.rows()).then_some((chunk, row))
}
