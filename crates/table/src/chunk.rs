//! A run of rows, packed: the text of all cells in one buffer and where each ends.

use crate::record::{Kind, Span, unquote};

/// Rows in every chunk but the last: a row is found by division.
pub const CHUNK_ROWS: usize = 4096;

/// Rows of equal width. Cells are the text that the file holds, decoded and not otherwise touched.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    /// The row number of the first row, counted from 1.
    first_row: u32,
    columns: usize,
    /// The cells row by row, each followed by one separating byte that belongs to none.
    text: String,
    /// The end of each cell in `text`, row by row.
    ends: Vec<u32>,
    /// Where each row begins in the file: its line, or its row in the sheet. From 1.
    lines: Vec<u32>,
}

impl Chunk {
    pub fn new(first_row: u32, columns: usize) -> Self {
        Self {
            first_row,
            columns,
            ..Self::default()
        }
    }

    /// Adds a row. Cells that are missing become empty; cells beyond the width are left out.
    pub fn push<'a>(&mut self, line: u32, cells: impl IntoIterator<Item = &'a str>) {
        let mut cells = cells.into_iter();
        for _ in 0..self.columns {
            self.text.push_str(cells.next().unwrap_or(""));
            self.ends.push(offset(self.text.len()));
            self.text.push('\n');
        }
        self.lines.push(line);
    }

    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    pub fn first_row(&self) -> u32 {
        self.first_row
    }

    /// Bytes of text held, one for each cell included. A chunk never passes 1 GiB.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// The cell's text; empty where there is no such cell. `row` counts from 0 in this chunk.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        if column >= self.columns {
            return "";
        }
        let at = row * self.columns + column;
        let Some(&end) = self.ends.get(at) else {
            return "";
        };
        let start = if at == 0 { 0 } else { self.ends[at - 1] + 1 };
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// Where the row begins in its file.
    pub fn line(&self, row: usize) -> u32 {
        self.lines.get(row).copied().unwrap_or(0)
    }

    /// Bytes of the longest cell, the one between cells included.
    pub(crate) fn longest(&self) -> usize {
        let first = self.ends.first().map_or(0, |end| end + 1);
        let rest = self.ends.windows(2).map(|pair| pair[1] - pair[0]);
        rest.fold(first, u32::max) as usize
    }

    /// All cells' text with the bytes between them, to look for something in one sweep.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// A chunk under construction, from bytes that are not yet known to be UTF-8.
pub(crate) struct ChunkBuilder {
    first_row: u32,
    columns: usize,
    text: Vec<u8>,
    ends: Vec<u32>,
    lines: Vec<u32>,
}

impl ChunkBuilder {
    /// `like` is a chunk of the same table: the next will be about as long.
    pub(crate) fn new(first_row: u32, columns: usize, like: Option<&Chunk>) -> Self {
        let text = like.map_or(0, |chunk| chunk.text.len() + chunk.text.len() / 16);
        let rows = like.map_or(64, Chunk::rows);
        Self {
            first_row,
            columns,
            text: Vec::with_capacity(text),
            ends: Vec::with_capacity(rows * columns),
            lines: Vec::with_capacity(rows),
        }
    }

    pub(crate) fn rows(&self) -> usize {
        self.lines.len()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Adds a row whose cells are `spans` of `buffer`; what is beyond the width is left out.
    /// `plain` says that no cell was quoted, so that the row can be taken over in one piece.
    pub(crate) fn push(&mut self, line: u32, buffer: &[u8], spans: &[Span], plain: bool) {
        let kept = &spans[..spans.len().min(self.columns)];
        if plain {
            if let (Some(first), Some(last)) = (kept.first(), kept.last()) {
                let base = self.text.len();
                self.text.extend_from_slice(&buffer[first.start..last.end]);
                let from = first.start;
                self.ends
                    .extend(kept.iter().map(|span| offset(base + span.end - from)));
                self.text.push(b'\n');
            }
        } else {
            for span in kept {
                match span.kind {
                    Kind::Plain | Kind::Quoted => {
                        self.text.extend_from_slice(&buffer[span.start..span.end]);
                    }
                    Kind::Escaped => unquote(&buffer[span.start..span.end], &mut self.text),
                }
                self.end_cell();
            }
        }
        for _ in kept.len()..self.columns {
            self.end_cell();
        }
        self.lines.push(line);
    }

    pub(crate) fn push_text<'a>(&mut self, line: u32, cells: impl IntoIterator<Item = &'a str>) {
        let mut cells = cells.into_iter();
        for _ in 0..self.columns {
            self.text
                .extend_from_slice(cells.next().unwrap_or("").as_bytes());
            self.end_cell();
        }
        self.lines.push(line);
    }

    fn end_cell(&mut self) {
        self.ends.push(offset(self.text.len()));
        self.text.push(b'\n');
    }

    /// The chunk. Bytes that are not UTF-8 become U+FFFD.
    pub(crate) fn finish(self) -> Chunk {
        let Self {
            first_row,
            columns,
            text,
            mut ends,
            mut lines,
        } = self;
        let mut text = match String::from_utf8(text) {
            Ok(text) => text,
            Err(error) => return lossy(first_row, columns, error.as_bytes(), &ends, lines),
        };
        if text.capacity() > text.len() + text.len() / 4 {
            text.shrink_to_fit();
        }
        ends.shrink_to_fit();
        lines.shrink_to_fit();
        Chunk {
            first_row,
            columns,
            text,
            ends,
            lines,
        }
    }
}

fn lossy(first_row: u32, columns: usize, text: &[u8], ends: &[u32], lines: Vec<u32>) -> Chunk {
    let mut mended = String::with_capacity(text.len() + 64);
    let mut new_ends = Vec::with_capacity(ends.len());
    let mut start = 0;
    for &end in ends {
        mended.push_str(&String::from_utf8_lossy(&text[start..end as usize]));
        new_ends.push(offset(mended.len()));
        mended.push('\n');
        start = end as usize + 1;
    }
    Chunk {
        first_row,
        columns,
        text: mended,
        ends: new_ends,
        lines,
    }
}

/// Chunks are closed long before this saturates: see [`crate::limits::MAX_CHUNK_BYTES`].
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_rows_are_brought_to_the_width() {
        let mut chunk = Chunk::new(1, 2);
        chunk.push(2, ["a"]);
        chunk.push(3, ["b", "c", "d"]);
        let cells = |row| [chunk.cell(row, 0), chunk.cell(row, 1), chunk.cell(row, 2)];
        assert_eq!(cells(0), ["a", "", ""]);
        assert_eq!(cells(1), ["b", "c", ""]);
        assert_eq!(cells(2), ["", "", ""]);
        assert_eq!((chunk.line(1), chunk.line(2)), (3, 0));
    }

    #[test]
    fn bytes_that_are_not_utf8_stay_in_their_cell() {
        let mut builder = ChunkBuilder::new(1, 2, None);
        let span = |start, end| Span {
            start,
            end,
            kind: Kind::Plain,
        };
        builder.push(2, b"Jo\xe3o,1", &[span(0, 4), span(5, 6)], true);
        let chunk = builder.finish();
        assert_eq!([chunk.cell(0, 0), chunk.cell(0, 1)], ["Jo\u{fffd}o", "1"]);
    }
}
