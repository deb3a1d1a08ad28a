//! Files that are no list, or that cannot be read.

use std::fs;
use std::io::Write;
use std::path::Path;

use tests::{Desk, Run, clean_roster};

use crate::{alone, assert_discreet, assert_told, fixture, text};

/// Name, contents, code, message.
type Bad = (&'static str, Vec<u8>, &'static str, &'static str);

fn bad_files() -> Vec<Bad> {
    let noise: Vec<u8> = (0..3_000_u32).map(|n| ((n * n) >> 3) as u8).collect();
    vec![
        ("nothing.csv", vec![], "file-empty", "nothing.csv is empty"),
        (
            "nothing.xlsx",
            vec![],
            "file-empty",
            "nothing.xlsx is empty",
        ),
        (
            "blank.csv",
            b"\r\n\r\n\r\n".to_vec(),
            "file-empty",
            "blank.csv is empty",
        ),
        (
            "header.csv",
            fixture("only-header.csv"),
            "file-no-rows",
            "header.csv has a header and no rows",
        ),
        (
            "noise.csv",
            noise.clone(),
            "file-not-a-table",
            "noise.csv is not a list",
        ),
        (
            "noise.xlsx",
            noise,
            "file-wrong-extension",
            "noise.xlsx is not what its name says",
        ),
        (
            "zeros.csv",
            vec![0; 100_000],
            "file-not-a-table",
            "zeros.csv is not a list",
        ),
        (
            "letter.csv",
            fixture("document.csv"),
            "file-not-a-table",
            "letter.csv is not a list",
        ),
        (
            "scan.csv",
            b"%PDF-1.7\n1 0 obj\n".to_vec(),
            "file-not-a-table",
            "scan.csv is not a list",
        ),
        (
            "cut.xlsx",
            fixture("truncated.xlsx"),
            "file-damaged",
            "cut.xlsx is damaged or cut off",
        ),
        (
            "secret.xlsx",
            fixture("password.xlsx"),
            "file-password",
            "secret.xlsx is protected by a password",
        ),
        (
            "bomb.xlsx",
            bomb(),
            "file-too-large",
            "bomb.xlsx is larger than can be read safely",
        ),
        (
            "wide.csv",
            format!("{}\n1\n", "column,".repeat(1_100)).into_bytes(),
            "file-too-many-columns",
            "wide.csv has too many columns",
        ),
    ]
}

/// A small package with a large sheet of zeros.
fn bomb() -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let zeros = vec![0; 1 << 20];
    archive
        .start_file("xl/workbook.xml", options)
        .expect("a part");
    archive.write_all(b"<workbook/>").expect("written");
    archive
        .start_file("xl/worksheets/sheet1.xml", options)
        .expect("a part");
    for _ in 0..80 {
        archive.write_all(&zeros).expect("written");
    }
    archive.finish().expect("an archive").into_inner()
}

#[test]
fn a_file_that_is_no_list_is_told_of_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = alone(folder.path());
    for (name, contents, code, message) in bad_files() {
        let path = folder.path().join(name);
        fs::write(&path, &contents).expect("a file");
        for command in ["check", "onboard"] {
            assert_told(&desk.run(&[command, &text(&path)]), 2, code, message);
        }
        assert_eq!(fs::read(&path).expect("still there"), contents, "{name}");
    }
    assert_nothing_was_kept(&desk);
}

/// Reading fails before anything is written down.
fn assert_nothing_was_kept(desk: &Desk) {
    let run = desk.run(&["batches"]);
    assert_eq!((run.code, &*run.stdout), (Some(0), "No batches yet\n"));
    assert!(!desk.home.join("ledger.db").exists());
}

#[test]
fn what_people_read_is_in_their_language() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = alone(folder.path());
    let told = |name: &str, contents: &[u8], language: &str| {
        let path = folder.path().join(name);
        fs::write(&path, contents).expect("a file");
        let run = desk.run(&["check", &text(&path), "--language", language]);
        assert_eq!(run.code, Some(2), "{run:#?}");
        assert_discreet(&run);
        run.stderr
    };
    assert_eq!(
        told("lista.xlsx", &fixture("password.xlsx"), "pt-BR"),
        "Lendo lista.xlsx
erro[file-password]: lista.xlsx está protegido por senha
O que fazer: Abra-o no Excel, remova a senha em Arquivo, Informações, e salve.
"
    );
    assert_eq!(
        told("lista.xlsx", &fixture("truncated.xlsx"), "pt-BR"),
        "Lendo lista.xlsx
erro[file-damaged]: lista.xlsx está danificado ou incompleto
O que fazer: Abra-o no Excel, salve com outro nome e tente com esse. Se veio por e-mail, peça de novo.
"
    );
    assert_eq!(
        told("lista.csv", b"", "es"),
        "Leyendo lista.csv
error[file-empty]: lista.csv está vacío
Qué hacer: El archivo no tiene contenido. Guarde la lista de nuevo y abra el archivo nuevo.
"
    );
    let missing = desk.run(&["check", "nenhuma.csv", "--language", "pt-BR"]);
    assert_eq!(
        missing.stderr,
        "Lendo nenhuma.csv
erro[file-unreadable]: Não há nenhuma.csv nesse lugar
O que fazer: Veja se foi movido, renomeado ou excluído.
"
    );
}

#[test]
fn a_file_that_cannot_be_opened_is_told_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = alone(folder.path());
    let code = "file-unreadable";
    let missing = folder.path().join("gone.csv");
    let message = "There is no gone.csv at that place";
    assert_told(&desk.run(&["onboard", &text(&missing)]), 2, code, message);

    let inside = folder.path().join("people.csv");
    fs::create_dir(&inside).expect("a folder");
    let message = "people.csv is a folder or something else that is no file";
    assert_told(&desk.run(&["onboard", &text(&inside)]), 2, code, message);

    let locked = folder.path().join("locked.csv");
    fs::write(&locked, clean_roster(1)).expect("a list");
    if let Some(run) = locked_away(&desk, &locked) {
        assert_told(&run, 2, code, "You may not read locked.csv");
    }
    assert_nothing_was_kept(&desk);
}

/// With the file readable by nobody. `None` where nothing can be kept from this user.
#[cfg(unix)]
fn locked_away(desk: &Desk, file: &Path) -> Option<Run> {
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    fs::set_permissions(file, fs::Permissions::from_mode(0o000)).expect("locked");
    let asked = desk.command(&["check", &text(file)], "");
    if fs::File::open(file).is_err() {
        return Some(Run::of(asked));
    }
    // Root may read everything, unless it gives that right up.
    let mut lowered = Command::new("setpriv");
    lowered.args(["--bounding-set=-all", "--"]);
    lowered.arg(asked.get_program()).args(asked.get_args());
    for (name, value) in asked.get_envs() {
        lowered.env(name, value.unwrap_or_default());
    }
    let run = lowered.output().ok().map(Run::from)?;
    (!run.stderr.starts_with("setpriv")).then_some(run)
}

#[cfg(not(unix))]
fn locked_away(_: &Desk, _: &Path) -> Option<Run> {
    None
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_is_read_all_the_same() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let folder = tempfile::tempdir().expect("a folder");
    let desk = alone(folder.path());
    let path = folder.path().join(OsStr::from_bytes(b"jo\xe3o.csv"));
    fs::write(&path, clean_roster(2)).expect("a list");
    let run = Run::of(desk.command(&[OsStr::new("check"), path.as_os_str()], ""));
    assert_eq!(run.code, Some(0), "{run:#?}");
    assert_discreet(&run);
}

#[test]
fn a_sheet_or_a_schema_that_is_not_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = alone(folder.path());
    let file = |name: &str, contents: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, contents).expect("a file");
        text(&path)
    };
    let (book, list) = (
        file("book.xlsx", &fixture("roster.xlsx")),
        file("list.csv", clean_roster(1).as_bytes()),
    );
    let run = desk.run(&["check", &book, "--sheet", "Folha"]);
    let message = "book.xlsx has no sheet of that name";
    assert_told(&run, 2, "file-no-such-sheet", message);
    assert!(run.stderr.contains("Choose one that it has: "), "{run:#?}");
    assert!(run.stderr.contains("Outros"), "{run:#?}");

    let broken = file("broken.json", b"{\"fields\": [");
    let wrong = file("wrong.json", b"{\"fields\": [{\"type\": \"string\"}]}");
    for (path, name) in [(&broken, "broken.json"), (&wrong, "wrong.json")] {
        for command in ["check", "onboard"] {
            let run = desk.run(&[command, &list, "--schema", path]);
            let message = format!("{name} cannot be used as a schema");
            assert_told(&run, 2, "schema", &message);
        }
    }
    let run = desk.run(&["check", &list, "--schema", "nowhere.json"]);
    assert_told(&run, 2, "read-failed", "nowhere.json could not be read");
    assert_nothing_was_kept(&desk);
}
