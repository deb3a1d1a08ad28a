//! A roster as a file.

use std::collections::BTreeMap;
use std::io::{self, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};
use serde::{Deserialize, Serialize};

use super::{Fault, Roster, at};

/// Rows of a sheet below its header.
const SHEET_ROWS: u32 = 1_048_575;
/// Written at once.
const BLOCK: usize = 64 << 10;

/// What was made, so that what is found can be held against it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    pub rows: u32,
    /// Rows with a fault or two.
    pub faulty: u32,
    pub faults: BTreeMap<Fault, u32>,
}

#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("a sheet holds {SHEET_ROWS} rows at the most")]
    TooManyRows,
    #[error(transparent)]
    Workbook(#[from] XlsxError),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CsvOptions {
    pub delimiter: u8,
    pub encoding: Encoding,
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self {
            delimiter: b',',
            encoding: Encoding::Utf8,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    #[default]
    Utf8,
    /// With a byte order mark, as Excel saves it.
    Utf8Bom,
    Windows1252,
    /// Little-endian with a byte order mark.
    Utf16,
}

impl Encoding {
    fn start(self) -> &'static [u8] {
        match self {
            Self::Utf8 | Self::Windows1252 => b"",
            Self::Utf8Bom => b"\xef\xbb\xbf",
            Self::Utf16 => b"\xff\xfe",
        }
    }

    fn bytes(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 | Self::Utf8Bom => text.as_bytes().to_vec(),
            // The names have no letters beyond Latin-1, but the euro sign has a place of its own.
            Self::Windows1252 => text
                .chars()
                .map(|c| match c {
                    '€' => 0x80,
                    c => u8::try_from(u32::from(c)).unwrap_or(b'?'),
                })
                .collect(),
            Self::Utf16 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        }
    }
}

pub fn csv(
    roster: &Roster,
    options: CsvOptions,
    mut out: impl Write,
) -> Result<Made, GenerateError> {
    out.write_all(options.encoding.start())?;
    let mut made = Made::default();
    let mut block = String::new();
    push_line(&mut block, options.delimiter, &roster.headers());
    for row in roster.rows() {
        made.count(&row.faults);
        push_line(&mut block, options.delimiter, &row.cells);
        if block.len() >= BLOCK {
            out.write_all(&options.encoding.bytes(&block))?;
            block.clear();
        }
    }
    out.write_all(&options.encoding.bytes(&block))?;
    out.flush()?;
    Ok(made)
}

fn push_line(block: &mut String, delimiter: u8, cells: &[String]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            block.push(char::from(delimiter));
        }
        let special = |byte: u8| byte == delimiter || matches!(byte, b'"' | b'\r' | b'\n');
        if cell.bytes().any(special) {
            block.push('"');
            block.push_str(&cell.replace('"', "\"\""));
            block.push('"');
        } else {
            block.push_str(cell);
        }
    }
    block.push_str("\r\n");
}

/// One sheet. Identifiers are text, dates and amounts are Excel's own, and what is written
/// otherwise is the text that somebody typed; a document that lost its zero is a number.
pub fn xlsx(roster: &Roster, out: impl Write + Send) -> Result<Made, GenerateError> {
    if roster.rows > SHEET_ROWS {
        return Err(GenerateError::TooManyRows);
    }
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let text = Format::new().set_num_format("@");
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let amount = Format::new().set_num_format("0.00");
    let bold = Format::new().set_bold();
    for (column, header) in (0..).zip(roster.headers()) {
        sheet.write_with_format(0, column, header, &bold)?;
        sheet.set_column_width(column, 18)?;
    }
    for column in [at::NUMBER, at::DOCUMENT, at::PHONE] {
        sheet.set_column_format(u16::try_from(column).unwrap_or(0), &text)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let mut made = Made::default();
    for (line, row) in (1..).zip(roster.rows()) {
        made.count(&row.faults);
        for (column, cell) in (0..).zip(&row.cells) {
            let number = cell.parse::<f64>().ok();
            match usize::from(column) {
                _ if cell.is_empty() => {}
                at::BIRTH | at::HIRE => match ExcelDateTime::parse_from_str(cell) {
                    Ok(day) if !cell.contains('/') => {
                        sheet.write_with_format(line, column, &day, &date)?;
                    }
                    _ => {
                        sheet.write(line, column, cell)?;
                    }
                },
                at::SALARY if let Some(number) = number => {
                    sheet.write_with_format(line, column, number, &amount)?;
                }
                at::DOCUMENT if row.faults.contains(&Fault::DocumentWithoutZero) => {
                    sheet.write(line, column, number.unwrap_or_default())?;
                }
                at::NUMBER | at::DOCUMENT | at::PHONE => {
                    sheet.write_with_format(line, column, cell, &text)?;
                }
                _ => {
                    sheet.write(line, column, cell)?;
                }
            }
        }
    }
    workbook.save_to_writer(out)?;
    Ok(made)
}

impl Made {
    fn count(&mut self, faults: &[Fault]) {
        self.rows += 1;
        self.faulty += u32::from(!faults.is_empty());
        for fault in faults {
            *self.faults.entry(*fault).or_default() += 1;
        }
    }
}
