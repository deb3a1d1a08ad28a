//! Records into chunks, and what is wrong with how they were written.

use std::collections::BTreeMap;
use std::sync::Arc;

use memchr::{memchr_iter, memmem};
use model::{FileFault, IssueCode, RowNo};

use crate::chunk::{CHUNK_ROWS, Chunk, ChunkBuilder};
use crate::error::ReadError;
use crate::limits::{MAX_CELL_CHARS, MAX_CHUNK_BYTES, MAX_ROWS};
use crate::record::{Kind, Span};
use crate::table::Flaw;

/// Takes the data rows of one table in order.
pub(crate) struct Assembler {
    builder: ChunkBuilder,
    columns: usize,
    rows: u32,
    leftovers: Leftovers,
}

/// What remains of a table's rows beside the chunks.
#[derive(Default)]
pub(crate) struct Leftovers {
    pub flaws: Vec<Flaw>,
    /// Cells of long rows beyond the table's width.
    pub beyond: BTreeMap<RowNo, Vec<String>>,
}

impl Assembler {
    pub(crate) fn new(columns: usize) -> Self {
        Self {
            builder: ChunkBuilder::new(1, columns, None),
            columns,
            rows: 0,
            leftovers: Leftovers::default(),
        }
    }

    /// A record of a CSV. Gives a chunk when it is full.
    pub(crate) fn record(
        &mut self,
        line: u32,
        buffer: &[u8],
        spans: &[Span],
        plain: bool,
        quote_open: bool,
    ) -> Result<Option<Arc<Chunk>>, ReadError> {
        let row_no = self.next_row()?;
        if quote_open {
            self.row_flaw(row_no, IssueCode::QuoteOpen);
        }
        if spans.len() < self.columns {
            self.row_flaw(row_no, IssueCode::RowShort);
        } else if spans.len() > self.columns {
            let beyond = &spans[self.columns..];
            if beyond
                .iter()
                .any(|span| span.end > span.start || span.kind == Kind::Escaped)
            {
                self.row_flaw(row_no, IssueCode::RowLong);
                let cells = beyond.iter().map(|span| span.to_text(buffer)).collect();
                self.leftovers.beyond.insert(row_no, cells);
            }
        }
        self.builder.push(line, buffer, spans, plain);
        self.full_chunk()
    }

    /// A row of a sheet: rows there end where nothing more stands, so a short one is no issue.
    pub(crate) fn row(
        &mut self,
        line: u32,
        cells: &[&str],
    ) -> Result<Option<Arc<Chunk>>, ReadError> {
        let row_no = self.next_row()?;
        let beyond = cells.get(self.columns..).unwrap_or_default();
        if beyond.iter().any(|cell| !cell.is_empty()) {
            self.row_flaw(row_no, IssueCode::RowLong);
            let cells = beyond.iter().map(|cell| (*cell).to_owned()).collect();
            self.leftovers.beyond.insert(row_no, cells);
        }
        self.builder.push_text(line, cells.iter().copied());
        self.full_chunk()
    }

    /// The last chunk, where rows are left, and what is wrong with all rows, in row order.
    pub(crate) fn finish(mut self) -> (Option<Arc<Chunk>>, Leftovers) {
        let rest = (self.builder.rows() > 0).then(|| self.close());
        self.leftovers
            .flaws
            .sort_by_key(|flaw| (flaw.row_no, flaw.column));
        (rest, self.leftovers)
    }

    fn next_row(&mut self) -> Result<RowNo, ReadError> {
        if self.rows == MAX_ROWS {
            return Err(ReadError::with(
                FileFault::TooManyRows,
                MAX_ROWS.to_string(),
            ));
        }
        self.rows += 1;
        Ok(RowNo(self.rows))
    }

    fn row_flaw(&mut self, row_no: RowNo, code: IssueCode) {
        self.leftovers.flaws.push(Flaw {
            row_no: Some(row_no),
            column: None,
            code,
        });
    }

    fn full_chunk(&mut self) -> Result<Option<Arc<Chunk>>, ReadError> {
        if self.builder.bytes() > MAX_CHUNK_BYTES {
            return Err(FileFault::TooLarge.into());
        }
        Ok((self.builder.rows() == CHUNK_ROWS).then(|| self.close()))
    }

    fn close(&mut self) -> Arc<Chunk> {
        let empty = ChunkBuilder::new(self.rows + 1, self.columns, None);
        let chunk = std::mem::replace(&mut self.builder, empty).finish();
        self.builder = ChunkBuilder::new(self.rows + 1, self.columns, Some(&chunk));
        cell_flaws(&chunk, &mut self.leftovers.flaws);
        Arc::new(chunk)
    }
}

/// Looks at the cells one by one only where the chunk's text holds something to find.
fn cell_flaws(chunk: &Chunk, flaws: &mut Vec<Flaw>) {
    let text = chunk.text();
    let suspicious = holds_control(text.as_bytes())
        || memmem::find(text.as_bytes(), "\u{fffd}".as_bytes()).is_some()
        || memchr_iter(b'#', text.as_bytes()).any(|at| is_formula_error_at(&text[at..]))
        || chunk.longest() > MAX_CELL_CHARS;
    if !suspicious {
        return;
    }
    for row in 0..chunk.rows() {
        for column in 0..chunk.columns() {
            for code in flaws_of(chunk.cell(row, column)) {
                flaws.push(Flaw {
                    row_no: Some(RowNo(chunk.first_row() + u32::try_from(row).unwrap_or(0))),
                    column: u16::try_from(column).ok(),
                    code,
                });
            }
        }
    }
}

/// What is wrong with how a cell was written.
pub(crate) fn flaws_of(cell: &str) -> impl Iterator<Item = IssueCode> {
    let control = holds_control(cell.as_bytes());
    let undecoded = cell.contains('\u{fffd}');
    let long = cell.len() > MAX_CELL_CHARS && cell.chars().count() > MAX_CELL_CHARS;
    let error = FORMULA_ERRORS.contains(&cell.trim());
    [
        (control, IssueCode::ControlCharacter),
        (undecoded, IssueCode::BadEncoding),
        (error, IssueCode::FormulaError),
        (long, IssueCode::TooLong),
    ]
    .into_iter()
    .filter_map(|(is, code)| is.then_some(code))
}

/// What Excel and LibreOffice show for a formula without a value, also in a CSV that they saved.
const FORMULA_ERRORS: [&str; 10] = [
    "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#DATA!", "#SPILL!",
    "#CALC!",
];

fn is_formula_error_at(text: &str) -> bool {
    FORMULA_ERRORS.iter().any(|error| text.starts_with(error))
}

/// Whether the UTF-8 text holds a control character other than tab and line ends.
fn holds_control(text: &[u8]) -> bool {
    let plain = |byte: u8| (byte >= b' ' && byte != 0x7f) || matches!(byte, b'\t' | b'\n' | b'\r');
    // Without a way out in the middle, so that it becomes vector code.
    let any = |part: &[u8]| part.iter().fold(false, |found, byte| found | !plain(*byte));
    let c1 = |at: usize| matches!(text.get(at + 1), Some(0x80..=0x9f));
    text.chunks(1024).any(any) || memchr_iter(0xc2, text).any(c1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_an_end() {
        let mut assembler = Assembler::new(1);
        assembler.rows = MAX_ROWS - 1;
        assert!(assembler.row(2, &["a"]).is_ok());
        let fault = assembler
            .row(3, &["b"])
            .err()
            .and_then(|error| error.fault());
        assert_eq!(fault, Some(FileFault::TooManyRows));
    }

    #[test]
    fn flaws_of_cells() {
        let codes = |cell: &str| flaws_of(cell).map(IssueCode::as_str).collect::<Vec<_>>();
        assert!(codes("Rua São João, n.º 5\r\n2.º andar\t").is_empty());
        assert_eq!(codes("A\0na"), ["control-character"]);
        assert_eq!(
            codes("A\u{7f}\u{fffd}"),
            ["control-character", "bad-encoding"]
        );
        assert_eq!(codes("\u{85}"), ["control-character"]);
        assert_eq!(codes(" #N/A"), ["formula-error"]);
        assert!(codes("Apto #N/Ab").is_empty());
        assert_eq!(codes(&"ç".repeat(MAX_CELL_CHARS)), [""; 0]);
        assert_eq!(codes(&"ç".repeat(MAX_CELL_CHARS + 1)), ["too-long"]);
    }
}
