//! What the child writes to its standard output: frames of a length, a kind and a payload.

use std::io::{self, Read, Write};

use model::FileFault;
use serde::{Deserialize, Serialize};

use crate::error::ReadError;
use crate::found::{SheetInfo, WorkbookKind};
use crate::limits::MAX_RECORD_BYTES;

/// The first frame: what the workbook is and which sheet follows.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Opened {
    pub workbook: WorkbookKind,
    pub sheets: Vec<SheetInfo>,
    pub sheet: String,
}

/// The last frame, where the sheet could not be read to its end.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Fault {
    pub fault: FileFault,
    pub detail: Option<String>,
}

#[derive(Debug, PartialEq)]
pub(super) enum Frame {
    Opened(Opened),
    Rows(Vec<u8>),
    Fault(Fault),
    /// All rows were sent.
    Done,
}

/// A frame of rows is sent when it is this long.
const FULL: usize = 256 << 10;

/// Gathers rows into frames and writes them.
pub(super) struct FrameWriter<W> {
    out: W,
    rows: Vec<u8>,
}

impl<W: Write> FrameWriter<W> {
    pub(super) fn new(out: W) -> Self {
        Self {
            out,
            rows: Vec::with_capacity(FULL),
        }
    }

    pub(super) fn opened(&mut self, opened: &Opened) -> io::Result<()> {
        self.frame(b'O', &serde_json::to_vec(opened)?)
    }

    pub(super) fn row(&mut self, line: u32, cells: &[String]) -> io::Result<()> {
        self.rows.extend_from_slice(&line.to_le_bytes());
        self.rows.extend_from_slice(&length(cells.len())?);
        for cell in cells {
            self.rows.extend_from_slice(&length(cell.len())?);
            self.rows.extend_from_slice(cell.as_bytes());
        }
        if self.rows.len() < FULL {
            return Ok(());
        }
        self.flush_rows()
    }

    pub(super) fn done(&mut self) -> io::Result<()> {
        self.flush_rows()?;
        self.frame(b'D', &[])
    }

    pub(super) fn fault(&mut self, fault: &Fault) -> io::Result<()> {
        self.frame(b'F', &serde_json::to_vec(fault)?)
    }

    fn flush_rows(&mut self) -> io::Result<()> {
        let rows = std::mem::take(&mut self.rows);
        self.frame(b'R', &rows)?;
        self.rows = rows;
        self.rows.clear();
        Ok(())
    }

    fn frame(&mut self, kind: u8, payload: &[u8]) -> io::Result<()> {
        self.out.write_all(&length(payload.len())?)?;
        self.out.write_all(&[kind])?;
        self.out.write_all(payload)?;
        self.out.flush()
    }
}

fn length(of: usize) -> io::Result<[u8; 4]> {
    let of = u32::try_from(of).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
    Ok(of.to_le_bytes())
}

/// The next frame; `None` where the child wrote something else or ended.
pub(super) fn next_frame(child: &mut dyn Read) -> Option<Frame> {
    let mut start = [0; 5];
    child.read_exact(&mut start).ok()?;
    let [a, b, c, d, kind] = start;
    let length = u32::from_le_bytes([a, b, c, d]) as usize;
    if length > MAX_RECORD_BYTES * 2 {
        return None;
    }
    let mut payload = Vec::new();
    child.take(length as u64).read_to_end(&mut payload).ok()?;
    if payload.len() != length {
        return None;
    }
    match kind {
        b'O' => serde_json::from_slice(&payload).ok().map(Frame::Opened),
        b'F' => serde_json::from_slice(&payload).ok().map(Frame::Fault),
        b'R' => Some(Frame::Rows(payload)),
        b'D' => Some(Frame::Done),
        _ => None,
    }
}

/// Gives each row of a frame to `take`: its line and its cells.
pub(super) fn each_row(
    mut rows: &[u8],
    mut take: impl FnMut(u32, &[&str]) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let mut cells = Vec::new();
    while !rows.is_empty() {
        let line = number(&mut rows)?;
        let count = number(&mut rows)?;
        cells.clear();
        for _ in 0..count {
            let length = number(&mut rows)? as usize;
            let (cell, rest) = rows.split_at_checked(length).ok_or(FileFault::Damaged)?;
            cells.push(std::str::from_utf8(cell).map_err(|_| FileFault::Damaged)?);
            rows = rest;
        }
        take(line, &cells)?;
    }
    Ok(())
}

fn number(rows: &mut &[u8]) -> Result<u32, FileFault> {
    let (number, rest) = rows.split_first_chunk::<4>().ok_or(FileFault::Damaged)?;
    *rows = rest;
    Ok(u32::from_le_bytes(*number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_over_as_they_are() {
        let mut written = Vec::new();
        let mut writer = FrameWriter::new(&mut written);
        let cells = ["007".to_owned(), String::new(), "João\n".to_owned()];
        writer.row(5, &cells).unwrap();
        writer.row(9, &[]).unwrap();
        writer.done().unwrap();
        let mut from = &written[..];
        let Some(Frame::Rows(rows)) = next_frame(&mut from) else {
            panic!("a frame of rows")
        };
        let mut seen = Vec::new();
        let keep = |line, cells: &[&str]| {
            seen.push((line, cells.join("|")));
            Ok(())
        };
        each_row(&rows, keep).unwrap();
        assert_eq!(seen, [(5, "007||João\n".to_owned()), (9, String::new())]);
        assert_eq!(next_frame(&mut from), Some(Frame::Done));
        assert_eq!(next_frame(&mut from), None);
        assert_eq!(next_frame(&mut &written[..7]), None);
        assert!(each_row(&rows[..rows.len() - 1], |_, _| Ok(())).is_err());
    }
}
