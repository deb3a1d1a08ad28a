//! CSV files as people have them, through the public face.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use model::{FileFault, IssueCode, RowNo};
use table::{
    Chunk, Encoding, Format, Found, Operation, ReadError, ReadOptions, Table, Visitor, Watch, head,
    read,
};

fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn table(bytes: &[u8]) -> Table {
    let (_folder, path) = file("roster.csv", bytes);
    read(&path, &ReadOptions::default(), &mut (), &()).unwrap()
}

fn fault(bytes: &[u8]) -> Option<FileFault> {
    let (_folder, path) = file("roster.csv", bytes);
    let options = ReadOptions::default();
    let read = read(&path, &options, &mut (), &()).err().unwrap().fault();
    assert_eq!(head(&path, &options).err().unwrap().fault(), read);
    read
}

fn cells(table: &Table) -> Vec<Vec<String>> {
    let row = |row_no| {
        let cell = |column| table.cell(RowNo(row_no), column).to_owned();
        (0..table.headers().len()).map(cell).collect()
    };
    (1..=table.rows()).map(row).collect()
}

fn flaws(table: &Table) -> Vec<(u32, Option<u16>, &'static str)> {
    let flaws = table.issues().iter();
    flaws
        .map(|flaw| {
            let row = flaw.row_no.map_or(0, |row_no| row_no.0);
            (row, flaw.column, flaw.code.as_str())
        })
        .collect()
}

#[test]
fn a_plain_file() {
    let table = table(b"id,name\n001,Ana\n002,\"Bia \"\"B\"\" Lima\"\n");
    assert_eq!(table.headers(), ["id", "name"]);
    assert_eq!(cells(&table), [["001", "Ana"], ["002", "Bia \"B\" Lima"]]);
    assert!(table.issues().is_empty());
    assert_eq!(table.sha256().len(), 64);
    assert!(!table.found().misnamed);
}

#[test]
fn encodings_and_delimiters() {
    let text = "matrícula;nome;cargo\n1;João Conceição;Operações\n2;Inês;Jurídico\n";
    let utf16 = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<_>>()
    };
    let western = |text: &str| encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    let cases = [
        (text.as_bytes().to_vec(), Encoding::UTF_8, false, b';'),
        (
            format!("\u{feff}{text}").into_bytes(),
            Encoding::UTF_8,
            true,
            b';',
        ),
        (western(text), Encoding::WINDOWS_1252, false, b';'),
        (
            utf16(&format!("\u{feff}{text}").replace(';', "\t")),
            Encoding::UTF_16LE,
            true,
            b'\t',
        ),
        (
            utf16(&text.replace(';', "|")),
            Encoding::UTF_16LE,
            false,
            b'|',
        ),
        (
            text.replace(';', ",").into_bytes(),
            Encoding::UTF_8,
            false,
            b',',
        ),
        (
            format!("sep=;\r\n{text}").into_bytes(),
            Encoding::UTF_8,
            false,
            b';',
        ),
    ];
    for (bytes, encoding, bom, delimiter) in cases {
        let (_folder, path) = file("roster.csv", &bytes);
        let head = head(&path, &ReadOptions::default()).unwrap();
        let format = Format::Csv {
            encoding,
            bom,
            delimiter,
        };
        assert_eq!(head.found.format, format);
        let table = read(&path, &head.found.options(), &mut (), &()).unwrap();
        assert_eq!(table.headers(), ["matrícula", "nome", "cargo"]);
        assert_eq!(cells(&table), head.sample);
        assert_eq!(table.cell(RowNo(1), 1), "João Conceição");
        assert!(table.issues().is_empty());
    }
}

#[test]
fn ragged_rows_and_other_flaws_are_issues() {
    let table = table(
        b"id,name,name,\n1,Ana,x,\n2,Bia\n3,Caio,x,y,z\n4,D\0a,x,\n5,\"Eva,x,\n6,Fl\xe1via,\xff,\n",
    );
    assert_eq!(
        flaws(&table),
        [
            (0, Some(2), "header-twice"),
            (2, None, "row-short"),
            (3, None, "row-long"),
            (4, Some(1), "control-character"),
            (5, None, "quote-open"),
        ]
    );
    assert_eq!(table.beyond(RowNo(3)), ["y", "z"]);
    assert_eq!(table.cell(RowNo(6), 1), "Flávia");
}

#[test]
fn lines_are_those_of_the_file() {
    let table = table(b"Staff,,\r\n\r\nid,name,city\r\n1,\"A\r\nna\",x\r\n\r\n,,\r\n2,Bia,y\r\n");
    assert_eq!(table.found().header_line, 3);
    assert_eq!([1, 2].map(|row_no| table.line(RowNo(row_no))), [4, 8]);
}

#[test]
fn headers_far_below() {
    let text = "x,y\n".repeat(100_000) + "id,name\n1,Ana\n";
    let (_folder, path) = file("roster.csv", text.as_bytes());
    let options = |line| ReadOptions {
        header_line: Some(line),
        ..ReadOptions::default()
    };
    let table = read(&path, &options(100_001), &mut (), &()).unwrap();
    assert_eq!(
        (table.headers(), table.rows()),
        (&["id".into(), "name".into()][..], 1)
    );
    let beyond = head(&path, &options(100_003)).err().unwrap();
    assert_eq!(beyond.fault(), Some(FileFault::NoRows));
}

#[test]
fn faults() {
    assert_eq!(fault(b""), Some(FileFault::Empty));
    assert_eq!(fault(b"\xef\xbb\xbf\r\n"), Some(FileFault::Empty));
    assert_eq!(fault(b"id,name\r\n"), Some(FileFault::NoRows));
    assert_eq!(fault(b"%PDF-1.7\n"), Some(FileFault::NotATable));
    let wide = format!("{}\n1,2\n", vec!["x"; 1001].join(","));
    assert_eq!(fault(wide.as_bytes()), Some(FileFault::TooManyColumns));
    let missing = read(
        "no such file".as_ref(),
        &ReadOptions::default(),
        &mut (),
        &(),
    );
    assert_eq!(missing.err().unwrap().fault(), Some(FileFault::Unreadable));
}

#[derive(Default)]
struct Seen(Vec<Arc<Chunk>>);

impl Visitor for Seen {
    fn chunks(&mut self, chunks: &[Arc<Chunk>]) {
        self.0.extend_from_slice(chunks);
    }
}

#[test]
fn a_visitor_sees_every_row_once_and_in_order() {
    let rows = 3 * 4096 + 5;
    let text = (1..=rows).fold("id,name\n".to_owned(), |text, n| {
        text + &format!("{n},Ana\n")
    });
    let (_folder, path) = file("roster.csv", text.as_bytes());
    let mut seen = Seen::default();
    let table = read(&path, &ReadOptions::default(), &mut seen, &()).unwrap();
    assert_eq!(table.rows(), rows);
    let first_rows = seen
        .0
        .iter()
        .map(|chunk| chunk.first_row())
        .collect::<Vec<_>>();
    assert_eq!(first_rows, [1, 4097, 8193, 12289]);
    assert!(
        seen.0
            .iter()
            .zip(table.chunks())
            .all(|(a, b)| Arc::ptr_eq(a, b))
    );
    assert_eq!(table.cell(RowNo(rows), 0), rows.to_string());
    assert_eq!(table.line(RowNo(rows)), rows + 1);
}

#[test]
fn edits_lie_over_the_file() {
    let mut table = table(b"id,name\n1,Ana\n2,B\0ia\n3\n");
    assert!(table.issues().iter().all(|flaw| table.stands(flaw)));
    let touched = table.apply(Operation::SetMany(vec![
        (RowNo(2), 1, "Bia".to_owned()),
        (RowNo(3), 1, String::new()),
        (RowNo(4), 1, "nobody".to_owned()),
    ]));
    assert_eq!(touched.cells.len(), 2);
    assert_eq!(
        (table.cell(RowNo(2), 1), table.original(RowNo(2), 1)),
        ("Bia", "B\0ia")
    );
    assert!(!table.issues().iter().any(|flaw| table.stands(flaw)));
    table.apply(Operation::Exclude(vec![RowNo(1)]));
    assert!(table.is_excluded(RowNo(1)) && table.excluded() == 1);
    assert_eq!(table.undo().unwrap().rows, [RowNo(1)]);
    table.undo();
    assert_eq!(table.cell(RowNo(2), 1), "B\0ia");
    assert!(table.undo().is_none() && table.redo().is_some());
    let codes = table
        .issues()
        .iter()
        .map(|flaw| flaw.code)
        .collect::<Vec<_>>();
    assert_eq!(codes, [IssueCode::ControlCharacter, IssueCode::RowShort]);
}

fn fixture(name: &str) -> Table {
    let rosters = "../../fixtures/rosters";
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(rosters)
        .join(name);
    let head = head(&path, &ReadOptions::default()).unwrap();
    let table = read(&path, &head.found.options(), &mut (), &()).unwrap();
    assert_eq!(cells(&table), head.sample);
    table
}

#[test]
fn good_fixtures_are_the_same_table() {
    let expected = cells(&fixture("pipe.csv"));
    assert_eq!(expected[0][1], "Conceição Araújo");
    for name in [
        "semicolon-windows-1252.csv",
        "utf16-tab.txt",
        "sep-line.csv",
        "macintosh.csv",
        "title-above.csv",
    ] {
        let table = fixture(name);
        assert_eq!(cells(&table), expected, "{name}");
        assert!(table.issues().is_empty(), "{name}");
    }
    assert_eq!(fixture("bom.csv").headers()[0], "matrícula");
}

#[test]
fn bad_fixtures_are_tables_with_issues() {
    let of = |name: &str| flaws(&fixture(name));
    assert_eq!(
        of("ragged.csv"),
        [
            (1, None, "row-short"),
            (2, None, "row-long"),
            (3, None, "quote-open")
        ]
    );
    let control = "control-character";
    assert_eq!(
        of("nuls.csv"),
        [(1, Some(1), control), (2, Some(1), control)]
    );
    assert_eq!(of("duplicate-headers.csv"), [(0, Some(2), "header-twice")]);
    let quoted = fixture("quoted-newlines.csv");
    assert_eq!(quoted.cell(RowNo(1), 2), "Rua A, 5\r\nfundos\r\nNatal");
    assert_eq!([1, 2].map(|row_no| quoted.line(RowNo(row_no))), [2, 6]);
}

#[test]
fn wide_files_and_long_cells() {
    let row = |cell: &str| vec![cell; 300].join(",");
    let wide = table(format!("{}\n{}\n", row("h"), row("x")).as_bytes());
    assert_eq!((wide.headers().len(), wide.cell(RowNo(1), 299)), (300, "x"));
    for quote in ["", "\""] {
        let long = "x".repeat(2 << 20);
        let text = format!("id,name\n1,{quote}{long}{quote}\n2,Bia\n");
        let table = table(text.as_bytes());
        assert_eq!(flaws(&table), [(1, Some(1), "too-long")]);
        assert_eq!((table.cell(RowNo(1), 1), table.rows()), (long.as_str(), 2));
    }
}

/// Cancels when it has heard of progress for the first time.
#[derive(Default)]
struct Impatient(AtomicBool);

impl Watch for Impatient {
    fn progress(&self, done: u64, total: u64) {
        assert!(done <= total);
        self.0.store(true, Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

#[test]
fn reading_can_be_cancelled() {
    let text = "id,name\n".to_owned() + &"1,Ana\n".repeat(500_000);
    let (_folder, path) = file("roster.csv", text.as_bytes());
    let read = read(
        &path,
        &ReadOptions::default(),
        &mut (),
        &Impatient::default(),
    );
    assert!(matches!(read, Err(ReadError::Cancelled)));
}

#[test]
fn what_was_found_in_words() {
    let (_folder, path) = file("roster.xlsx", b"id;name\n1;Ana\n");
    let found = head(&path, &ReadOptions::default()).unwrap().found;
    assert_eq!(
        serde_json::to_string(&found).unwrap(),
        r#"{"format":{"kind":"csv","encoding":"UTF-8","bom":false,"delimiter":";"},"header_line":1,"size":14,"misnamed":true}"#
    );
    assert_eq!(
        serde_json::from_str::<Found>(&serde_json::to_string(&found).unwrap()).unwrap(),
        found
    );
}
