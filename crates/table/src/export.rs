//! CSVs for people: opened in a spreadsheet, a cell must stay a text and never become a formula.
//! What is uploaded is written elsewhere, and nothing is escaped there.

use std::io::{self, Write};

use crate::encoding::Encoding;

/// Puts an apostrophe before a cell that a spreadsheet would take as a formula, or that begins like
/// an escaped one: what is escaped comes back as it was.
pub fn escape_formula(cell: &str) -> std::borrow::Cow<'_, str> {
    if is_dangerous(cell.trim_start_matches('\'')) {
        format!("'{cell}").into()
    } else {
        cell.into()
    }
}

/// Takes back [`escape_formula`].
pub fn unescape_formula(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_dangerous(rest.trim_start_matches('\'')) => rest,
        _ => cell,
    }
}

/// Begins as OWASP's page on CSV injection lists it, the full-width forms included.
fn is_dangerous(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// Writes a CSV with CRLF that a spreadsheet opens as it is, formulas escaped.
pub struct CsvWriter<W> {
    out: W,
    delimiter: u8,
    encoding: Encoding,
    line: String,
}

impl<W: Write> CsvWriter<W> {
    /// UTF-8 with a byte order mark, which Excel wants, in the delimiter that the reader's
    /// spreadsheet expects: a semicolon where the comma is for decimals.
    pub fn new(out: W, delimiter: u8) -> io::Result<Self> {
        Self::with_encoding(out, delimiter, Encoding::UTF_8)
    }

    /// In another encoding; characters that it lacks become `&#…;`. UTF-8 and UTF-16 get a mark.
    pub fn with_encoding(mut out: W, delimiter: u8, encoding: Encoding) -> io::Result<Self> {
        encoding.write(&mut out, encoding.mark())?;
        Ok(Self {
            out,
            delimiter,
            encoding,
            line: String::new(),
        })
    }

    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
        self.line.clear();
        let delimiter = char::from(self.delimiter);
        for (at, cell) in cells.into_iter().enumerate() {
            if at > 0 {
                self.line.push(delimiter);
            }
            let cell = escape_formula(cell);
            let quote = |c: char| c == delimiter || matches!(c, '"' | '\r' | '\n');
            // An empty line would be no row; spaces at the ends are lost by some readers.
            let padded = cell.starts_with(' ') || cell.ends_with(' ');
            if cell.contains(quote) || padded || (at == 0 && cell.starts_with("sep=")) {
                self.line.push('"');
                self.line.push_str(&cell.replace('"', "\"\""));
                self.line.push('"');
            } else {
                self.line.push_str(&cell);
            }
        }
        self.line.push_str("\r\n");
        self.encoding.write(&mut self.out, &self.line)
    }

    /// Flushes, and gives back what was written to.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_escaped_and_come_back() {
        for (cell, escaped) in [
            ("=1+1", "'=1+1"),
            ("+5511999990000", "'+5511999990000"),
            ("-1", "'-1"),
            ("@a", "'@a"),
            ("\tx", "'\tx"),
            ("'=1", "''=1"),
            ("d'Ávila", "d'Ávila"),
            ("'70s", "'70s"),
            ("", ""),
        ] {
            assert_eq!(escape_formula(cell), escaped);
            assert_eq!(unescape_formula(escaped), cell);
        }
    }

    #[test]
    fn a_csv_for_people() {
        let mut writer = CsvWriter::new(Vec::new(), b';').unwrap();
        writer.row(["id", "nome"]).unwrap();
        writer.row(["+1", "Ana; \"Aninha\""]).unwrap();
        let text = String::from_utf8(writer.finish().unwrap()).unwrap();
        assert_eq!(text, "\u{feff}id;nome\r\n'+1;\"Ana; \"\"Aninha\"\"\"\r\n");
    }
}
