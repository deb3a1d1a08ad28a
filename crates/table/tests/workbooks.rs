//! Workbooks, read in a child process. The child is this test program itself, so it has a `main`
//! of its own.

#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use libtest_mimic::{Arguments, Trial};
use model::{FileFault, RowNo};
use table::{Format, Head, ReadError, ReadOptions, Table, Watch, WorkbookKind, head, read};

fn main() {
    table::workbook::child_main_if_asked();
    let tests: [(&str, fn()); 10] = [
        ("cells_are_what_a_person_sees", cells_are_what_a_person_sees),
        ("sheets_by_name", sheets_by_name),
        ("both_epochs", both_epochs),
        ("other_kinds", other_kinds),
        ("rows_keep_their_place", rows_keep_their_place),
        ("faults", faults),
        ("a_wrong_name_is_only_told", a_wrong_name_is_only_told),
        ("damaged_bytes", damaged_bytes),
        ("zip_bombs", zip_bombs),
        ("many_rows_and_cancelling", many_rows_and_cancelling),
    ];
    let trial = |(name, test): (&str, fn())| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    };
    let tests = tests.into_iter().map(trial).collect();
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}

fn fixture(name: &str) -> PathBuf {
    let rosters = "../../fixtures/rosters";
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(rosters)
        .join(name)
}

fn both(path: &Path, options: &ReadOptions) -> Result<(Head, Table), ReadError> {
    let table = read(path, options, &mut (), &());
    let head = head(path, options);
    match (head, table) {
        (Ok(head), Ok(table)) => {
            assert_eq!(head.headers, table.headers());
            Ok((head, table))
        }
        (Err(head), Err(table)) => {
            assert_eq!(head.to_string(), table.to_string());
            Err(table)
        }
        (head, table) => panic!("{:?} but {:?}", head.map(drop), table.map(drop)),
    }
}

fn open(name: &str) -> (Head, Table) {
    both(&fixture(name), &ReadOptions::default()).unwrap()
}

fn fault(path: &Path) -> String {
    both(path, &ReadOptions::default())
        .map(drop)
        .unwrap_err()
        .to_string()
}

fn cells_are_what_a_person_sees() {
    let (head, table) = open("roster.xlsx");
    let Format::Workbook {
        workbook,
        sheets,
        sheet,
    } = head.found.format
    else {
        panic!("not a workbook")
    };
    assert_eq!(
        (workbook, sheet.as_str()),
        (WorkbookKind::Xlsx, "Funcionários")
    );
    let sheets = sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.rows));
    let expected = [
        ("Notas", None),
        ("Funcionários", Some(4)),
        ("Outros", Some(2)),
    ];
    assert_eq!(sheets.collect::<Vec<_>>(), expected);
    assert_eq!(
        head.sample,
        [
            [
                "00017",
                "Conceição Araújo",
                "05299822472",
                "12345678901",
                "2026-04-03",
                "08:30:00",
                "2026-04-03 08:30:00",
                "TRUE",
                "#N/A",
                "7250.5"
            ],
            [
                "00018",
                "João Guimarães",
                "012.345.678-90",
                "123456789012345",
                "2026-04-03",
                "",
                "",
                "FALSE",
                "x",
                "6100"
            ],
        ]
    );
    let flaws = table
        .issues()
        .iter()
        .map(|flaw| (flaw.row_no, flaw.column, flaw.code.as_str()));
    assert_eq!(
        flaws.collect::<Vec<_>>(),
        [(Some(RowNo(1)), Some(8), "formula-error")]
    );
    assert_eq!(table.sheet(), Some("Funcionários"));
    assert_eq!(table.sha256().len(), 64);
}

fn sheets_by_name() {
    let path = fixture("roster.xlsx");
    let named = |sheet: &str| ReadOptions {
        sheet: Some(sheet.to_owned()),
        ..ReadOptions::default()
    };
    let (_, table) = both(&path, &named("Outros")).unwrap();
    assert_eq!(
        (table.headers(), table.rows()),
        (&["id".into(), "nome".into()][..], 1)
    );
    let missing = both(&path, &named("Nada")).map(drop).unwrap_err();
    assert_eq!(missing.fault(), Some(FileFault::NoSuchSheet));
    assert!(missing.to_string().contains("Outros"), "{missing}");
}

fn both_epochs() {
    assert_eq!(open("dates-1904.xlsx").0.sample, [["Ana", "2026-04-03"]]);
}

fn other_kinds() {
    let (xls, _) = open("roster.xls");
    assert_eq!(
        xls.sample,
        [
            ["007", "Conceição", "2026-04-03", "7250.5"],
            ["8", "João", "2026-04-04", "6100"]
        ]
    );
    let (ods, _) = open("roster.ods");
    assert_eq!(ods.sample, [["007", "Conceição", "2026-04-03", "7250.5"]]);
    let (xlsb, _) = open("roster.xlsb");
    assert_eq!(
        xlsb.sample,
        [["007", "Conceição", "7250.5"], ["008", "João", "6100"]]
    );
    assert!([xls, ods, xlsb].iter().all(|head| !head.found.misnamed));
}

fn rows_keep_their_place() {
    let (_, table) = open("roster.xlsx");
    assert_eq!([1, 2].map(|row_no| table.line(RowNo(row_no))), [2, 4]);
    let options = ReadOptions {
        header_line: Some(2),
        ..ReadOptions::default()
    };
    let (head, table) = both(&fixture("roster.xlsx"), &options).unwrap();
    assert_eq!((head.found.header_line, table.rows()), (2, 1));
}

fn faults() {
    assert_eq!(fault(&fixture("password.xlsx")), "file-password");
    assert_eq!(fault(&fixture("truncated.xlsx")), "file-damaged");
    assert_eq!(fault(&fixture("document.csv")), "file-not-a-table: docx");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("only-header.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet()
        .write_row(0, 0, ["id", "name"])
        .unwrap();
    book.save(&path).unwrap();
    assert_eq!(fault(&path), "file-no-rows");
    rust_xlsxwriter::Workbook::new().save(&path).unwrap();
    assert_eq!(fault(&path), "file-empty");
    // Neither a workbook nor a document: a compound file with nothing in it.
    std::fs::write(
        &path,
        [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 2000]].concat(),
    )
    .unwrap();
    assert_eq!(fault(&path), "file-damaged");
}

fn a_wrong_name_is_only_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roster.csv");
    std::fs::copy(fixture("roster.xlsx"), &path).unwrap();
    let (head, table) = both(&path, &ReadOptions::default()).unwrap();
    assert!(head.found.misnamed && table.found().misnamed);
    assert_eq!(table.rows(), 2);
}

/// Any byte may be another: there is a table or a fault, and never an end of this process.
fn damaged_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roster");
    // A small generator: the same bytes at every run.
    let mut seed = 7_usize;
    let mut next = |below: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for name in ["roster.xlsx", "roster.xls", "roster.ods", "roster.xlsb"] {
        let whole = std::fs::read(fixture(name)).unwrap();
        for _ in 0..CASES {
            let mut bytes = whole.clone();
            for _ in 0..=next(8) {
                // The first bytes say that it is a workbook.
                let at = 8 + next(bytes.len() - 8);
                bytes[at] = u8::try_from(next(256)).unwrap();
            }
            bytes.truncate(bytes.len() - [0, 0, next(bytes.len() / 2)][next(3)]);
            std::fs::write(&path, bytes).unwrap();
            if let Err(error) = read(&path, &ReadOptions::default(), &mut (), &()) {
                assert!(error.fault().is_some(), "{error}");
            }
        }
    }
}

/// Damaged files of each kind.
const CASES: usize = 12;

/// A package with `unpacked` zeros in its sheet.
fn bomb(path: &Path, unpacked: u64) {
    let mut archive = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("xl/workbook.xml", options).unwrap();
    archive.write_all(b"<workbook/>").unwrap();
    archive
        .start_file("xl/worksheets/sheet1.xml", options)
        .unwrap();
    let zeros = vec![0; 1 << 20];
    for _ in 0..unpacked >> 20 {
        archive.write_all(&zeros).unwrap();
    }
    archive.finish().unwrap();
}

fn zip_bombs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bomb.xlsx");
    bomb(&path, 80 << 20);
    assert_eq!(fault(&path), "file-too-large");
    // The same, with every declared size a lie: found out when it is unpacked.
    let mut bytes = std::fs::read(&path).unwrap();
    let declared = (80_u32 << 20).to_le_bytes();
    let places = (0..bytes.len() - 4).filter(|&at| bytes[at..at + 4] == declared);
    for at in places.collect::<Vec<_>>() {
        bytes[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    std::fs::write(&path, bytes).unwrap();
    assert!(["file-too-large", "file-damaged"].contains(&fault(&path).as_str()));
}

struct Cancel(AtomicBool);

impl Watch for Cancel {
    fn progress(&self, _: u64, _: u64) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

fn many_rows_and_cancelling() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["id", "name"]).unwrap();
    for row in 1..=9_000 {
        sheet.write(row, 0, row).unwrap();
        sheet.write(row, 1, format!("Ana {row}")).unwrap();
    }
    book.save(&path).unwrap();
    let (_, table) = both(&path, &ReadOptions::default()).unwrap();
    assert_eq!(table.rows(), 9_000);
    assert_eq!(table.cell(RowNo(9_000), 1), "Ana 9000");
    assert_eq!(table.line(RowNo(9_000)), 9_001);
    let watch = Cancel(AtomicBool::new(false));
    let cancelled = read(&path, &ReadOptions::default(), &mut (), &watch);
    assert!(matches!(cancelled, Err(ReadError::Cancelled)));
}
