//! A run of rows, packed: the text of all cells in one buffer and where each ends.

/// At most this many rows in a chunk: a row is found by division.
pub const CHUNK_ROWS: usize = 4096;

/// Rows of equal width. Cells are the text that the file holds, decoded and not otherwise touched.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    /// The row number of the first row, counted from 1.
    first_row: u32,
    columns: usize,
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
            self.ends
                .push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
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

    /// Bytes of text held. A chunk is closed before this passes 1 GiB.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// The cell's text; empty where there is no such cell. `row` counts from 0 in this chunk.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        if column >= self.columns {
            return "";
        }
        let at = row * self.columns + column;
        let Some(end) = self.ends.get(at) else {
            return "";
        };
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        self.text.get(start as usize..*end as usize).unwrap_or("")
    }

    /// Where the row begins in its file.
    pub fn line(&self, row: usize) -> u32 {
        self.lines.get(row).copied().unwrap_or(0)
    }
}
