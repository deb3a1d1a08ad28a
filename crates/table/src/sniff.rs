//! What a file is, by its first bytes and not by its name.

use std::path::Path;

use model::FileFault;

use crate::error::ReadError;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Text, as far as can be seen.
    Text,
    /// A zip archive: xlsx, xlsb, ods, or something else entirely.
    Zip,
    /// A compound file: xls, or a workbook behind a password.
    Compound,
}

/// Kinds of files that people drop by mistake.
const FOREIGN: [(&[u8], &str); 14] = [
    (b"%PDF", "pdf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "rar"),
    (b"{\\rtf", "rtf"),
    (b"SQLite format 3", "sqlite"),
    (b"\x7fELF", "program"),
    (b"MZ\x90", "program"),
    (b"<!doctype html", "html"),
    (b"<html", "html"),
    (b"<?xml", "xml"),
];

/// `head` is the first bytes of the file, as many as there are up to 64 KiB.
pub(crate) fn content(path: &Path, head: &[u8]) -> Result<Content, ReadError> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Content::Zip);
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Ok(Content::Compound);
    }
    let text = head
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(head)
        .trim_ascii_start();
    let begins = |with: &[u8]| {
        let start = text.get(..with.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(with))
    };
    if let Some((_, kind)) = FOREIGN.iter().find(|(magic, _)| begins(magic)) {
        return Err(ReadError::with(FileFault::NotATable, *kind));
    }
    if is_binary(head) {
        let fault = if claims_workbook(path) {
            FileFault::WrongExtension
        } else {
            FileFault::NotATable
        };
        return Err(fault.into());
    }
    Ok(Content::Text)
}

/// More control characters than a damaged text has. UTF-16 is asked about before.
fn is_binary(head: &[u8]) -> bool {
    let utf16 = crate::encoding::Encoding::of_bom(head).is_some()
        || crate::encoding::Encoding::of_zeros(head).is_some();
    let control = |byte: &&u8| **byte < b' ' && !matches!(**byte, b'\t' | b'\n' | b'\r' | 0x0c);
    let controls = head.iter().filter(control).count();
    !utf16 && controls >= 8 && controls > head.len() / 20
}

pub(crate) fn extension(path: &Path) -> String {
    let extension = path.extension().and_then(|text| text.to_str());
    extension.unwrap_or("").to_ascii_lowercase()
}

/// Named like a workbook.
pub(crate) fn claims_workbook(path: &Path) -> bool {
    matches!(
        extension(path).as_str(),
        "xlsx" | "xlsm" | "xltx" | "xltm" | "xlsb" | "xls" | "xlt" | "ods"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_counts_and_the_name_does_not() {
        let of = |name: &str, head: &[u8]| {
            content(Path::new(name), head).map_err(|error| error.to_string())
        };
        assert_eq!(of("a.csv", b"id,name\n"), Ok(Content::Text));
        assert_eq!(of("a.xlsx", b"id,name\n"), Ok(Content::Text));
        assert_eq!(of("a.csv", b"PK\x03\x04.."), Ok(Content::Zip));
        assert_eq!(of("a.csv", b"id,na\0me\n1,A\0na\n"), Ok(Content::Text));
        let refused = |text: &str| Err(text.to_owned());
        assert_eq!(of("a.csv", b"%PDF-1.7"), refused("file-not-a-table: pdf"));
        assert_eq!(of("a.xls", b" <HTML>"), refused("file-not-a-table: html"));
        let noise = (0..=255).collect::<Vec<u8>>();
        assert_eq!(of("a.csv", &noise), refused("file-not-a-table"));
        assert_eq!(of("a.xlsx", &noise), refused("file-wrong-extension"));
    }
}
