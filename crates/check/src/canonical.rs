//! The file that is uploaded: canonical CSV, written from a checked table and read back piece by
//! piece.
//!
//! UTF-8 without a mark, RFC 4180, CRLF, the header `row_no,<field names in the schema's order>`,
//! rows in order, excluded ones left out. Cells stand as they are: nothing is escaped for
//! spreadsheets. Equal tables give equal bytes.

use std::io::{self, Write};

use model::{Record, RowNo, Schema};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use table::Table;

use crate::plan::Plan;

/// Written at once.
const BLOCK: usize = 64 << 10;
/// Bytes of one record; more is not ours.
const MAX_RECORD: usize = 64 << 20;

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Canonical {
    /// Data rows, the header not counted.
    pub rows: u64,
    pub bytes: u64,
    /// In lower-case hexadecimal.
    pub sha256: String,
}

pub fn canonical_csv(plan: &Plan, table: &Table, mut out: impl Write) -> io::Result<Canonical> {
    let mut hash = Sha256::new();
    let mut bytes = 0;
    let mut write = |block: &mut String| {
        hash.update(block.as_bytes());
        bytes += block.len() as u64;
        let written = out.write_all(block.as_bytes());
        block.clear();
        written
    };
    let columns: Vec<_> = (0..plan.schema().fields.len())
        .map(|field| plan.column_of(field))
        .collect();
    let mut block = header(plan.schema());
    let mut rows = 0;
    for row_no in (1..=table.rows()).map(RowNo) {
        if table.is_excluded(row_no) {
            continue;
        }
        block.push_str(&row_no.to_string());
        for column in &columns {
            block.push(',');
            if let Some(column) = column {
                push_cell(&mut block, table.cell(row_no, *column));
            }
        }
        block.push_str("\r\n");
        rows += 1;
        if block.len() >= BLOCK {
            write(&mut block)?;
        }
    }
    write(&mut block)?;
    out.flush()?;
    let sha256 = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
    Ok(Canonical {
        rows,
        bytes,
        sha256,
    })
}

fn header(schema: &Schema) -> String {
    let mut header = "row_no".to_owned();
    for field in &schema.fields {
        header.push(',');
        header.push_str(&field.name);
    }
    header.push_str("\r\n");
    header
}

fn push_cell(line: &mut String, cell: &str) {
    if cell
        .bytes()
        .any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n'))
    {
        line.push('"');
        line.push_str(&cell.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(cell);
    }
}

/// The bytes are not canonical CSV of this schema. Says where, never what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    #[error("the header is not the schema's")]
    Header,
    #[error("the record at byte {0} is not as the header says")]
    Record(u64),
    #[error("the record at byte {0} does not come after the one before it")]
    Order(u64),
    #[error("the record at byte {0} is not UTF-8")]
    Encoding(u64),
    #[error("the record at byte {0} is too long")]
    TooLong(u64),
    #[error("the record at byte {0} is cut off")]
    CutOff(u64),
}

/// One row of canonical CSV.
#[derive(Clone, PartialEq, Eq)]
pub struct CanonicalRow {
    /// Where the next record begins: reading may go on there after a restart.
    pub end: u64,
    pub row_no: RowNo,
    /// Empty cells are left out.
    pub record: Record,
}

impl std::fmt::Debug for CanonicalRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CanonicalRow")
            .field("end", &self.end)
            .field("row_no", &self.row_no)
            .finish_non_exhaustive()
    }
}

/// Reads canonical CSV that comes in pieces of any size.
///
/// ```
/// # use check::CanonicalReader;
/// # let schema = model::Schema::from_json(r#"{"fields":[{"name":"a"}]}"#).unwrap();
/// let mut reader = CanonicalReader::new(&schema);
/// for piece in [b"row_no,a\r\n1,x\r".as_slice(), b"\n"] {
///     reader.feed(piece);
///     while let Some(row) = reader.next_row().unwrap() {
///         assert_eq!(row.record["a"], "x");
///     }
/// }
/// reader.finish().unwrap();
/// ```
pub struct CanonicalReader {
    names: Vec<String>,
    /// The header line that must come first; empty once it has.
    header: String,
    buffer: Vec<u8>,
    /// Where in the file the buffer begins.
    offset: u64,
    /// Bytes of the buffer that were taken.
    taken: usize,
    /// Bytes after `taken` that hold no record's end.
    seen: usize,
    in_quotes: bool,
    last: RowNo,
}

impl CanonicalReader {
    /// From the beginning of the file.
    pub fn new(schema: &Schema) -> Self {
        Self {
            header: header(schema),
            ..Self::resume(schema, 0, RowNo(0))
        }
    }

    /// From where the record after `last` begins: its [`CanonicalRow::end`].
    pub fn resume(schema: &Schema, offset: u64, last: RowNo) -> Self {
        Self {
            names: schema.fields.iter().map(|f| f.name.clone()).collect(),
            header: String::new(),
            buffer: Vec::new(),
            offset,
            taken: 0,
            seen: 0,
            in_quotes: false,
            last,
        }
    }

    /// The next bytes of the file.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.taken > 0 {
            self.buffer.drain(..self.taken);
            self.offset += self.taken as u64;
            self.taken = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next row of what was fed; `None` until more is.
    pub fn next_row(&mut self) -> Result<Option<CanonicalRow>, CanonicalError> {
        if !self.header.is_empty() {
            let fed = &self.buffer[self.taken..];
            let header = self.header.as_bytes();
            let known = fed.len().min(header.len());
            if fed[..known] != header[..known] {
                return Err(CanonicalError::Header);
            }
            if fed.len() < header.len() {
                return Ok(None);
            }
            self.taken += header.len();
            self.header.clear();
        }
        let at = self.offset + self.taken as u64;
        let Some(length) = self.find_end() else {
            let held = self.buffer.len() - self.taken;
            return if held > MAX_RECORD {
                Err(CanonicalError::TooLong(at))
            } else {
                Ok(None)
            };
        };
        let record = &self.buffer[self.taken..self.taken + length];
        let record = std::str::from_utf8(record).map_err(|_| CanonicalError::Encoding(at))?;
        let line = record
            .strip_suffix("\r\n")
            .ok_or(CanonicalError::Record(at))?;
        let (row_no, record) = parse(line, &self.names).ok_or(CanonicalError::Record(at))?;
        if row_no <= self.last {
            return Err(CanonicalError::Order(at));
        }
        self.last = row_no;
        self.taken += length;
        Ok(Some(CanonicalRow {
            end: self.offset + self.taken as u64,
            row_no,
            record,
        }))
    }

    /// Everything was fed and every row was taken: the file ends where a record does.
    pub fn finish(self) -> Result<(), CanonicalError> {
        if self.header.is_empty() && self.taken == self.buffer.len() {
            Ok(())
        } else {
            Err(CanonicalError::CutOff(self.offset + self.taken as u64))
        }
    }

    /// The length of the record at hand, its line end included. What was looked at is not looked
    /// at again when more comes.
    fn find_end(&mut self) -> Option<usize> {
        let rest = &self.buffer[self.taken..];
        for at in memchr::memchr2_iter(b'"', b'\n', &rest[self.seen..]) {
            let at = self.seen + at;
            if rest[at] == b'"' {
                self.in_quotes = !self.in_quotes;
            } else if !self.in_quotes {
                self.seen = 0;
                return Some(at + 1);
            }
        }
        self.seen = rest.len();
        None
    }
}

/// `None` where the line has other cells than `row_no` and one for each name, or loose quotes.
fn parse(line: &str, names: &[String]) -> Option<(RowNo, Record)> {
    let (row_no, mut rest) = match line.split_once(',') {
        Some((row_no, rest)) => (row_no, Some(rest)),
        None => (line, None),
    };
    let plain = row_no.bytes().all(|byte| byte.is_ascii_digit()) && !row_no.starts_with('0');
    let row_no = RowNo(row_no.parse().ok().filter(|_| plain)?);
    let mut record = Record::new();
    for name in names {
        let text = rest?;
        let (cell, after) = if let Some(quoted) = text.strip_prefix('"') {
            let (cell, after) = unquoted(quoted)?;
            match after.strip_prefix(',') {
                None if after.is_empty() => (cell, None),
                after => (cell, Some(after?)),
            }
        } else {
            let (cell, after) = match text.split_once(',') {
                Some((cell, after)) => (cell, Some(after)),
                None => (text, None),
            };
            if cell.contains(['"', '\r', '\n']) {
                return None;
            }
            (cell.to_owned(), after)
        };
        if !cell.is_empty() {
            record.insert(name.clone(), cell);
        }
        rest = after;
    }
    rest.is_none().then_some((row_no, record))
}

/// What stands before the closing quote, and what follows it.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut cell = String::new();
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('"')?;
        cell.push_str(before);
        match after.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                rest = more;
            }
            None => return Some((cell, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn schema() -> Schema {
        Schema::from_json(r#"{"fields":[{"name":"a"},{"name":"b"}]}"#).unwrap()
    }

    fn read(pieces: &[&[u8]]) -> Result<Vec<(u32, Record)>, CanonicalError> {
        let mut reader = CanonicalReader::new(&schema());
        let mut rows = Vec::new();
        for piece in pieces {
            reader.feed(piece);
            while let Some(row) = reader.next_row()? {
                rows.push((row.row_no.0, row.record));
            }
        }
        reader.finish().map(|()| rows)
    }

    #[test]
    fn what_is_not_ours_is_refused_by_its_place() {
        for (text, expected) in [
            ("", CanonicalError::CutOff(0)),
            ("row_no,a", CanonicalError::CutOff(0)),
            ("row_no,b,a\r\n", CanonicalError::Header),
            ("row_no,a,b\n", CanonicalError::Header),
            ("row_no,a,b\r\n1,x,y\n", CanonicalError::Record(12)),
            ("row_no,a,b\r\n1,x\r\n", CanonicalError::Record(12)),
            ("row_no,a,b\r\n1,x,y,z\r\n", CanonicalError::Record(12)),
            ("row_no,a,b\r\nx,x,y\r\n", CanonicalError::Record(12)),
            ("row_no,a,b\r\n01,x,y\r\n", CanonicalError::Record(12)),
            ("row_no,a,b\r\n1,\"x\"y,z\r\n", CanonicalError::Record(12)),
            ("row_no,a,b\r\n1,x\"\"y,z\r\n", CanonicalError::Record(12)),
            (
                "row_no,a,b\r\n2,x,y\r\n2,x,y\r\n",
                CanonicalError::Order(19),
            ),
            ("row_no,a,b\r\n0,x,y\r\n", CanonicalError::Record(12)),
            ("row_no,a,b\r\n1,x,y", CanonicalError::CutOff(12)),
            ("row_no,a,b\r\n1,\"x,y\r\n", CanonicalError::CutOff(12)),
        ] {
            assert_eq!(read(&[text.as_bytes()]), Err(expected), "{text:?}");
        }
        assert_eq!(
            read(&[b"row_no,a,b\r\n1,\xff,y\r\n"]),
            Err(CanonicalError::Encoding(12))
        );
    }

    fn cells() -> impl Strategy<Value = String> {
        "[a,\"\r\né ]{0,6}"
    }

    proptest! {
        #[test]
        fn rows_come_back_whatever_the_pieces(
            rows in proptest::collection::vec((cells(), cells()), 0..6),
            cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..4),
            start in any::<prop::sample::Index>(),
        ) {
            let mut text = header(&schema());
            let mut expected = Vec::new();
            for (at, (a, b)) in rows.iter().enumerate() {
                let row_no = at as u32 * 3 + 1;
                text.push_str(&format!("{row_no},"));
                push_cell(&mut text, a);
                text.push(',');
                push_cell(&mut text, b);
                text.push_str("\r\n");
                let cells = [("a", a), ("b", b)].into_iter().filter(|(_, cell)| !cell.is_empty());
                let record: Record = cells.map(|(n, c)| (n.to_owned(), c.clone())).collect();
                expected.push((row_no, record));
            }
            let bytes = text.as_bytes();
            let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            at.extend([0, bytes.len()]);
            at.sort_unstable();
            let pieces: Vec<&[u8]> = at.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            prop_assert_eq!(read(&pieces), Ok(expected.clone()));

            // From the end of any record the rest is the same.
            let mut whole = CanonicalReader::new(&schema());
            whole.feed(bytes);
            let mut ends = vec![(header(&schema()).len() as u64, RowNo(0))];
            while let Some(row) = whole.next_row().unwrap() {
                ends.push((row.end, row.row_no));
            }
            let from = start.index(ends.len());
            let (offset, last) = ends[from];
            let mut reader = CanonicalReader::resume(&schema(), offset, last);
            reader.feed(&bytes[offset as usize..]);
            for (row_no, record) in &expected[from..] {
                let row = reader.next_row().unwrap().unwrap();
                prop_assert_eq!((row.row_no.0, &row.record), (*row_no, record));
            }
            prop_assert_eq!(reader.next_row(), Ok(None));
            prop_assert_eq!(reader.finish(), Ok(()));
        }

        #[test]
        fn any_bytes_can_be_fed(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = read(&[b"row_no,a,b\r\n", &bytes]);
        }
    }
}
