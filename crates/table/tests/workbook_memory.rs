//! A workbook that takes more memory than its reader may have ends the child and nothing else.
//! Alone in its program, because it says which program the child is.

#![allow(clippy::unwrap_used)]

use libtest_mimic::{Arguments, Trial};

fn main() {
    table::workbook::child_main_if_asked();
    let tests = vec![
        #[cfg(unix)]
        Trial::test("a_child_without_memory_is_a_file_too_large", || {
            a_child_without_memory_is_a_file_too_large();
            Ok(())
        }),
    ];
    let tests: Vec<Trial> = tests;
    libtest_mimic::run(&Arguments::from_args(), tests).exit();
}

#[cfg(unix)]
fn a_child_without_memory_is_a_file_too_large() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wide.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["id", "name"]).unwrap();
    let long = "x".repeat(32_000);
    for row in 1..1_000 {
        sheet.write(row, 0, format!("{row}{long}")).unwrap();
    }
    book.save(&path).unwrap();
    let options = table::ReadOptions::default();
    assert_eq!(
        table::read(&path, &options, &mut (), &()).unwrap().rows(),
        999
    );

    // The same program with an address space of 30 MB.
    let script = folder.path().join("small");
    let program = std::env::current_exe().unwrap();
    let text = format!("#!/bin/sh\nulimit -v 30000\nexec {program:?} \"$@\"\n");
    std::fs::write(&script, text).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
    table::workbook::set_child_program(&script);
    let error = table::read(&path, &options, &mut (), &()).err().unwrap();
    assert_eq!(error.fault(), Some(model::FileFault::TooLarge));
}
