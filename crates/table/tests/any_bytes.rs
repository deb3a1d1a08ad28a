//! Any bytes at all, and whatever a writer wrote: nothing panics, and cells come back.

#![allow(clippy::unwrap_used)]

use model::RowNo;
use proptest::prelude::*;
use table::export::{CsvWriter, unescape_formula};
use table::{Encoding, Format, ReadOptions, Table, head, read};

fn file(bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roster.csv");
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// Bytes with more of what matters to a CSV than chance gives.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        4 => prop::sample::select(&b"\"\"\",;\t|\r\n\n a1=\0\xef\xbb\xbf\xff\xfe\xe3"[..]),
        1 => any::<u8>(),
    ];
    prop::collection::vec(byte, 0..400)
}

fn rows(table: &Table) -> Vec<Vec<String>> {
    let cell = |row, column| table.cell(RowNo(row), column).to_owned();
    let row = |row| {
        (0..table.headers().len())
            .map(|column| cell(row, column))
            .collect()
    };
    (1..=table.rows()).map(row).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in bytes(), delimiter in prop::option::of(prop::sample::select(&b",;\"\n"[..])), line in prop::option::of(0..9_u32)) {
        let (_folder, path) = file(&bytes);
        let options = ReadOptions { delimiter, header_line: line, ..ReadOptions::default() };
        let head = head(&path, &options);
        let table = read(&path, &options, &mut (), &());
        prop_assert_eq!(head.as_ref().map_err(ToString::to_string).err(), table.as_ref().map_err(ToString::to_string).err());
        if let (Ok(head), Ok(table)) = (head, table) {
            prop_assert_eq!(&head.headers[..], table.headers());
            let rows = rows(&table);
            prop_assert_eq!(&head.sample[..], &rows[..rows.len().min(200)]);
            let lines = (1..=table.rows()).map(|row| table.line(RowNo(row))).collect::<Vec<_>>();
            prop_assert!(lines.is_sorted() && lines.first().is_some_and(|line| *line > head.found.header_line));
            let again = read(&path, &head.found.options(), &mut (), &()).unwrap();
            prop_assert_eq!(self::rows(&again), rows);
        }
    }

    #[test]
    fn what_was_written_comes_back(
        rows in prop::collection::vec(prop::array::uniform3("[a-zA-Z0-9ãéçñ'\",;|\t\n =+@-]{0,12}"), 1..12),
        delimiter in prop::sample::select(&b",;\t|"[..]),
        encoding in prop::sample::select(vec![Encoding::UTF_8, Encoding::WINDOWS_1252, Encoding::UTF_16LE, Encoding::UTF_16BE]),
        told in any::<bool>(),
    ) {
        // The first cell is never empty, so that no row is blank.
        let rows = rows.into_iter().enumerate().map(|(n, [a, b, c])| [format!("{n}{a}"), b, c]);
        let rows = rows.collect::<Vec<_>>();
        let mut writer = CsvWriter::with_encoding(Vec::new(), delimiter, encoding).unwrap();
        writer.row(["matrícula", "nome", "observação"]).unwrap();
        for row in &rows {
            writer.row(row.iter().map(String::as_str)).unwrap();
        }
        let (_folder, path) = file(&writer.finish().unwrap());
        // The delimiter is told: cells of nothing but delimiters can look like any dialect.
        let options = ReadOptions {
            delimiter: Some(delimiter),
            encoding: told.then_some(encoding),
            header_line: Some(1),
            sheet: None,
        };
        let table = read(&path, &options, &mut (), &()).unwrap();
        prop_assert_eq!(table.headers(), ["matrícula", "nome", "observação"]);
        let read = self::rows(&table).into_iter().map(|row| row.iter().map(|cell| unescape_formula(cell).to_owned()).collect::<Vec<_>>());
        prop_assert_eq!(read.collect::<Vec<_>>(), rows);
        let Format::Csv { encoding: found, .. } = table.found().format else { panic!("a csv") };
        prop_assert_eq!(found, encoding);
    }
}
