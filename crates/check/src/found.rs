//! An issue as a verdict keeps it: eight bytes, ordered by row, field and code. Its value is the
//! table's, its fix is worked out again when somebody asks.

use std::ops::Range;

use model::{IssueCode, RowNo, Severity};
use table::chunk::CHUNK_ROWS;

/// Stands for the row as a whole, after all of its cells.
pub const WHOLE_ROW: u16 = u16::MAX;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    pub row: u32,
    pub field: u16,
    code: u8,
    pub has_fix: bool,
}

impl Found {
    pub fn new(row: u32, field: usize, code: IssueCode, has_fix: bool) -> Self {
        Self {
            row,
            field: u16::try_from(field).unwrap_or(WHOLE_ROW),
            code: code as u8,
            has_fix,
        }
    }

    pub fn code(self) -> IssueCode {
        IssueCode::ALL[usize::from(self.code)]
    }

    pub fn row_no(self) -> RowNo {
        RowNo(self.row)
    }

    pub fn is_error(self) -> bool {
        self.code().severity() == Severity::Error
    }
}

/// The run of rows that the row is in, as the table's chunks have them.
pub fn run_of(row: u32) -> usize {
    row.saturating_sub(1) as usize / CHUNK_ROWS
}

/// Where the row's issues are in its run.
pub fn range_of(run: &[Found], row: u32) -> Range<usize> {
    let start = run.partition_point(|found| found.row < row);
    let length = run[start..].partition_point(|found| found.row == row);
    start..start + length
}

/// How many rows have an error among these, which are in order.
pub fn rows_in_error(found: &[Found]) -> u32 {
    let rows = found
        .chunk_by(|a, b| a.row == b.row)
        .filter(|row| row.iter().any(|found| found.is_error()));
    u32::try_from(rows.count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_back() {
        for code in IssueCode::ALL {
            assert_eq!(Found::new(1, 2, *code, false).code(), *code);
        }
        assert_eq!(size_of::<Found>(), 8);
    }
}
