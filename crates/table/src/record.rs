//! Bytes into records and cells: RFC 4180 with the liberties that real files take.
//!
//! It tells the physical line on which each record begins, also after quoted line ends, and a
//! quote that is never closed costs its own row only and not the rest of the file. The `csv`
//! crate offers neither.

use memchr::{memchr, memchr_iter, memchr2};

use crate::limits::MAX_RECORD_BYTES;

/// How the file separates cells and records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub delimiter: u8,
    pub line_end: LineEnd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineEnd {
    /// LF or CRLF. A CR alone is text.
    Lf,
    /// CR alone, as old Macintosh programs write.
    Cr,
}

impl LineEnd {
    fn byte(self) -> u8 {
        match self {
            Self::Lf => b'\n',
            Self::Cr => b'\r',
        }
    }
}

/// One cell in the buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub start: usize,
    pub end: usize,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    /// What stands between the quotes, to be taken as it is.
    Quoted,
    /// What follows the opening quote, the closing one included: [`unquote`] makes it text.
    Escaped,
}

/// What was found at the start of the buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Record {
        /// The line on which it begins, from 1.
        line: u32,
        /// Bytes that it takes, its line end included.
        length: usize,
        /// No cell was quoted.
        plain: bool,
        /// A quote was opened and never closed; it was taken as text.
        quote_open: bool,
    },
    /// A line with nothing but delimiters and spaces.
    Blank { length: usize },
    /// The record goes on beyond the buffer.
    Incomplete,
    /// There is no more.
    End,
}

pub(crate) struct Records {
    dialect: Dialect,
    /// The line of the next byte.
    line: u32,
    pub(crate) spans: Vec<Span>,
}

enum Quoted {
    Closed {
        span: Span,
        next: usize,
        lines: u32,
    },
    /// Not closed, or closed in a way that shows that it was not meant.
    Stray,
    Incomplete,
}

impl Records {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            line: 1,
            spans: Vec::new(),
        }
    }

    /// The record at the start of `buffer`; its cells are left in `spans`. `last` says that the
    /// file ends with the buffer.
    pub(crate) fn next(&mut self, buffer: &[u8], last: bool) -> Step {
        self.spans.clear();
        if buffer.is_empty() {
            return if last { Step::End } else { Step::Incomplete };
        }
        let Dialect {
            delimiter,
            line_end,
        } = self.dialect;
        let (mut at, mut plain, mut quote_open, mut lines) = (0, true, false, 1);
        loop {
            if buffer.get(at) == Some(&b'"') {
                match self.quoted(buffer, at, last) {
                    Quoted::Closed {
                        span,
                        next,
                        lines: inside,
                    } => {
                        plain = false;
                        lines += inside;
                        self.spans.push(span);
                        if buffer.get(next) == Some(&delimiter) {
                            at = next + 1;
                            continue;
                        }
                        return self.record(buffer, next, last, lines, plain, quote_open);
                    }
                    Quoted::Stray => quote_open = true,
                    Quoted::Incomplete => return Step::Incomplete,
                }
            }
            let found = memchr2(delimiter, line_end.byte(), &buffer[at..]).map(|n| at + n);
            let end = match found {
                Some(end) => end,
                None if last => buffer.len(),
                None => return Step::Incomplete,
            };
            let is_delimiter = found.is_some() && buffer[end] == delimiter;
            self.spans.push(Span {
                start: at,
                end: if is_delimiter {
                    end
                } else {
                    self.without_cr(buffer, at, end)
                },
                kind: Kind::Plain,
            });
            if !is_delimiter {
                return self.record(buffer, end, last, lines, plain, quote_open);
            }
            at = end + 1;
        }
    }

    /// The record that ends before `end`, where a line end or the end of the file is.
    fn record(
        &mut self,
        buffer: &[u8],
        end: usize,
        last: bool,
        lines: u32,
        plain: bool,
        quote_open: bool,
    ) -> Step {
        let Some(length) = self.after_line_end(buffer, end, last) else {
            return Step::Incomplete;
        };
        let line = self.line;
        self.line = self.line.saturating_add(lines);
        let blank = |span: &Span| {
            let mut bytes = buffer[span.start..span.end].iter();
            span.kind != Kind::Escaped && bytes.all(|byte| *byte == b' ' || *byte == b'\t')
        };
        if self.spans.iter().all(blank) {
            return Step::Blank { length };
        }
        Step::Record {
            line,
            length,
            plain,
            quote_open,
        }
    }

    /// The quoted cell whose opening quote is at `open`.
    fn quoted(&self, buffer: &[u8], open: usize, last: bool) -> Quoted {
        let start = open + 1;
        let mut doubled = false;
        let mut at = start;
        let close = loop {
            let Some(quote) = memchr(b'"', &buffer[at..]).map(|n| at + n) else {
                let hopeless = last || buffer.len() - open > MAX_RECORD_BYTES;
                return if hopeless {
                    Quoted::Stray
                } else {
                    Quoted::Incomplete
                };
            };
            match buffer.get(quote + 1) {
                Some(b'"') => {
                    doubled = true;
                    at = quote + 2;
                }
                None if !last => return Quoted::Incomplete,
                _ => break quote,
            }
        };
        let lines = self.line_ends(&buffer[start..close]);
        let Some(ends) = self.ends_cell(buffer, close + 1, last) else {
            return Quoted::Incomplete;
        };
        if ends {
            let (end, kind) = if doubled {
                (close + 1, Kind::Escaped)
            } else {
                (close, Kind::Quoted)
            };
            let next = self.skip_cr(buffer, close + 1);
            return Quoted::Closed {
                span: Span { start, end, kind },
                next,
                lines,
            };
        }
        // Text follows the closing quote. Over several lines that is the opening quote of a later
        // cell, and this one was never closed; on one line it is `"Ana" Souza`, read as Excel does.
        if lines > 0 {
            return Quoted::Stray;
        }
        let rest = memchr2(
            self.dialect.delimiter,
            self.dialect.line_end.byte(),
            &buffer[close..],
        );
        let next = match rest {
            Some(n) => close + n,
            None if last => buffer.len(),
            None => return Quoted::Incomplete,
        };
        let is_delimiter = buffer.get(next) == Some(&self.dialect.delimiter);
        let end = if is_delimiter {
            next
        } else {
            self.without_cr(buffer, close, next)
        };
        Quoted::Closed {
            span: Span {
                start,
                end,
                kind: Kind::Escaped,
            },
            next,
            lines,
        }
    }

    /// Whether the cell ends at `at`; `None` where that cannot be seen yet.
    fn ends_cell(&self, buffer: &[u8], at: usize, last: bool) -> Option<bool> {
        let Some(&byte) = buffer.get(at) else {
            return last.then_some(true);
        };
        if byte == self.dialect.delimiter || byte == self.dialect.line_end.byte() {
            return Some(true);
        }
        if byte != b'\r' {
            return Some(false);
        }
        match buffer.get(at + 1) {
            Some(&next) => Some(next == b'\n'),
            None => last.then_some(true),
        }
    }

    /// `at`, or past the CR there that belongs to a CRLF or ends the file.
    fn skip_cr(&self, buffer: &[u8], at: usize) -> usize {
        let is_cr = self.dialect.line_end == LineEnd::Lf && buffer.get(at) == Some(&b'\r');
        if is_cr && matches!(buffer.get(at + 1), None | Some(b'\n')) {
            at + 1
        } else {
            at
        }
    }

    /// `end`, without the CR before it that belongs to a CRLF.
    fn without_cr(&self, buffer: &[u8], start: usize, end: usize) -> usize {
        let is_cr = end > start && buffer[end - 1] == b'\r';
        if is_cr && self.dialect.line_end == LineEnd::Lf {
            end - 1
        } else {
            end
        }
    }

    /// Past the line end at `end`; `None` where that cannot be seen yet.
    fn after_line_end(&self, buffer: &[u8], end: usize, last: bool) -> Option<usize> {
        if end >= buffer.len() {
            return Some(buffer.len());
        }
        if self.dialect.line_end == LineEnd::Lf {
            return Some(end + 1);
        }
        match buffer.get(end + 1) {
            Some(b'\n') => Some(end + 2),
            Some(_) => Some(end + 1),
            None => last.then_some(end + 1),
        }
    }

    fn line_ends(&self, text: &[u8]) -> u32 {
        let count = match self.dialect.line_end {
            LineEnd::Lf => memchr_iter(b'\n', text).count(),
            LineEnd::Cr => {
                let lone_lf = memchr_iter(b'\n', text)
                    .filter(|&at| at == 0 || text[at - 1] != b'\r')
                    .count();
                memchr_iter(b'\r', text).count() + lone_lf
            }
        };
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}

/// The text of a cell from what follows its opening quote: `""` is a quote, a quote alone ends the
/// quoted part, and what stands behind it is taken as it is.
pub(crate) fn unquote(raw: &[u8], text: &mut Vec<u8>) {
    let mut at = 0;
    while let Some(quote) = memchr(b'"', &raw[at..]).map(|n| at + n) {
        text.extend_from_slice(&raw[at..quote]);
        if raw.get(quote + 1) != Some(&b'"') {
            text.extend_from_slice(&raw[quote + 1..]);
            return;
        }
        text.push(b'"');
        at = quote + 2;
    }
    text.extend_from_slice(&raw[at..]);
}

impl Span {
    /// The cell as text, for heads and samples; bytes that are not UTF-8 become U+FFFD.
    pub(crate) fn to_text(self, buffer: &[u8]) -> String {
        let raw = &buffer[self.start..self.end];
        match self.kind {
            Kind::Plain | Kind::Quoted => String::from_utf8_lossy(raw).into_owned(),
            Kind::Escaped => {
                let mut text = Vec::with_capacity(raw.len());
                unquote(raw, &mut text);
                String::from_utf8_lossy(&text).into_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &str, line_end: LineEnd) -> Vec<(u32, Vec<String>, bool)> {
        let dialect = Dialect {
            delimiter: b',',
            line_end,
        };
        let whole = feed(text.as_bytes(), dialect, text.len());
        // Arriving byte by byte must change nothing.
        assert_eq!(whole, feed(text.as_bytes(), dialect, 1), "{text:?}");
        whole
    }

    fn feed(bytes: &[u8], dialect: Dialect, block: usize) -> Vec<(u32, Vec<String>, bool)> {
        let mut records = Records::new(dialect);
        let mut found = Vec::new();
        let (mut from, mut to) = (0, 0);
        loop {
            let buffer = &bytes[from..to];
            match records.next(buffer, to == bytes.len()) {
                Step::Record {
                    line,
                    length,
                    quote_open,
                    ..
                } => {
                    let cells = records.spans.iter().map(|span| span.to_text(buffer));
                    found.push((line, cells.collect(), quote_open));
                    from += length;
                }
                Step::Blank { length } => from += length,
                Step::Incomplete => to = (to + block).min(bytes.len()),
                Step::End => return found,
            }
        }
    }

    #[test]
    fn records_and_their_lines() {
        let read = |text: &str| {
            let found = records(text, LineEnd::Lf);
            let shown = found.iter().map(|(line, cells, open)| {
                format!(
                    "{line}:{}{}",
                    cells.join("|"),
                    if *open { " !" } else { "" }
                )
            });
            shown.collect::<Vec<_>>().join("\n")
        };
        for (text, expected) in [
            ("a,b\r\n1,2\r\n", "1:a|b\n2:1|2"),
            ("a,b\n\n\n1,2", "1:a|b\n4:1|2"),
            ("a,b\n , \n,\n1,", "1:a|b\n4:1|"),
            ("a,\"b\nc\"\n1,2\n", "1:a|b\nc\n3:1|2"),
            ("\"a\"\"b\",\"\"\n\"\"\"\",c", "1:a\"b|\n2:\"|c"),
            ("\"Ana\" Souza,b\n", "1:Ana Souza|b"),
            ("5\" pipe,b\n", "1:5\" pipe|b"),
            ("a,\"b\n1,\"2\"\n", "1:a|\"b !\n2:1|2"),
            ("a,\"b\n1,2\n", "1:a|\"b !\n2:1|2"),
            ("a,\"b\"\r", "1:a|b"),
            ("a\rb,c\n", "1:a\rb|c"),
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn pieces_of_any_size_give_the_same_records(
            text in "[ab,\"\r\n ]{0,60}",
            block in 1..20_usize,
            cr in proptest::bool::ANY,
        ) {
            let dialect = Dialect {
                delimiter: b',',
                line_end: if cr { LineEnd::Cr } else { LineEnd::Lf },
            };
            let whole = feed(text.as_bytes(), dialect, text.len().max(1));
            proptest::prop_assert_eq!(feed(text.as_bytes(), dialect, block), whole);
        }
    }

    #[test]
    fn old_macintosh_lines() {
        let found = records("a,b\r1,\"x\ny\"\r\r2,3", LineEnd::Cr);
        let lines = found.iter().map(|(line, ..)| *line).collect::<Vec<_>>();
        assert_eq!(lines, [1, 2, 5]);
        assert_eq!(found[1].1, ["1", "x\ny"]);
    }
}
