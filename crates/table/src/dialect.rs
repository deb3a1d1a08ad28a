//! How a text separates its cells and records, judged on its first part.

use crate::record::{Dialect, LineEnd, Records, Step};

pub(crate) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A text's dialect. `last` says that `head`, which is decoded, is the whole text.
pub(crate) fn detect(head: &[u8], last: bool, delimiter: Option<u8>) -> Dialect {
    let line_end = line_end(head);
    let with = |delimiter| Dialect {
        delimiter,
        line_end,
    };
    if let Some(delimiter) = delimiter.or_else(|| announced(head)) {
        return with(delimiter);
    }
    let mut best = (0.0, with(b','));
    for dialect in DELIMITERS.map(with) {
        let score = score(head, last, dialect);
        if score > best.0 {
            best = (score, dialect);
        }
    }
    best.1
}

/// The delimiter in a first line `sep=;`, as Excel writes and reads.
pub(crate) fn announced(head: &[u8]) -> Option<u8> {
    let rest = head
        .get(..4)?
        .eq_ignore_ascii_case(b"sep=")
        .then(|| &head[4..])?;
    match rest {
        [delimiter, b'\r' | b'\n', ..] if delimiter.is_ascii() => Some(*delimiter),
        _ => None,
    }
}

/// CR alone only where no record ends with LF: a LF within quotes says nothing.
fn line_end(head: &[u8]) -> LineEnd {
    let (mut quoted, mut cr, mut lf) = (false, 0, 0);
    for byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\r' if !quoted => cr += 1,
            b'\n' if !quoted => lf += 1,
            _ => {}
        }
    }
    if lf == 0 && cr > 0 {
        LineEnd::Cr
    } else {
        LineEnd::Lf
    }
}

/// How much the text looks like a table in this dialect: how many records have the most common
/// number of cells, whether the first does, and how many cells that is.
fn score(head: &[u8], last: bool, dialect: Dialect) -> f64 {
    let mut records = Records::new(dialect);
    let (mut at, mut counts) = (0, Vec::new());
    while counts.len() < 500 {
        match records.next(&head[at..], last) {
            Step::Record { length, .. } => {
                counts.push(records.spans.len());
                at += length;
            }
            Step::Blank { length } => at += length,
            Step::Incomplete | Step::End => break,
        }
    }
    // Titles above the table have another number of cells.
    let mut sorted = counts.clone();
    sorted.sort_unstable();
    let (mut most, mut times) = (0, 0);
    for run in sorted.chunk_by(|a, b| a == b) {
        if run.len() >= times && run[0] > 1 {
            (most, times) = (run[0], run.len());
        }
    }
    if most < 2 {
        return 0.0;
    }
    let share = times as f64 / counts.len() as f64;
    let first = if counts.first() == Some(&most) {
        1.0
    } else {
        0.6
    };
    share * share * first * (1.0 + (most as f64).log2())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters() {
        let of = |text: &str| char::from(detect(text.as_bytes(), true, None).delimiter);
        assert_eq!(of("id,name\n1,Ana\n"), ',');
        assert_eq!(of("id;name\n1;Ana\n"), ';');
        assert_eq!(of("id\tname\n1\tAna\n"), '\t');
        assert_eq!(of("id|name\n1|Ana\n"), '|');
        // Decimal commas in every row, and none in the header.
        assert_eq!(of("id;salary\n1;1.234,56\n2;2.345,67\n"), ';');
        // Delimiters of another kind within quotes, and lists within cells.
        assert_eq!(
            of("id,place\n1,\"Rio; RJ; BR\"\n2,\"Natal; RN; BR\"\n"),
            ','
        );
        assert_eq!(of("id,name,tags\n1,Ana,a;b;c\n2,Bia,d;e;f\n"), ',');
        assert_eq!(
            of("id;address\n1;Rua A, 5, casa\n2;Rua B\n3;Rua C, 7\n"),
            ';'
        );
        assert_eq!(of("Staff\n\nid;name;mail\n1;Ana;a@b\n2;Bia;b@b\n"), ';');
        assert_eq!(of("name\nAna\nBia\n"), ',');
        assert_eq!(of("sep=|\na;b|c;d\n"), '|');
        assert_eq!(of(""), ',');
    }

    #[test]
    fn line_ends() {
        let of = |text: &str| detect(text.as_bytes(), true, None).line_end;
        assert_eq!(of("a,b\r1,2\r"), LineEnd::Cr);
        assert_eq!(of("a,b\r1,\"x\ny\"\r"), LineEnd::Cr);
        assert_eq!(of("a,b\r\n1,2\r\n"), LineEnd::Lf);
        assert_eq!(of("a,b"), LineEnd::Lf);
    }
}
