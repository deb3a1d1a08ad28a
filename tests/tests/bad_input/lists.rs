//! Files that are lists, and not as one would wish.

use std::fs;

use serde_json::Value;
use tests::{Desk, clean_roster, cpf};

use crate::{Scene, alone, assert_discreet, assert_told, text};

/// The first line of a clean list, without its end.
fn header() -> String {
    clean_roster(0).trim_end().to_owned()
}

fn person(n: u32) -> String {
    let list = clean_roster(n);
    list.lines().last().unwrap_or_default().to_owned()
}

fn check(desk: &Desk, path: &str) -> Value {
    let run = desk.run(&["check", path, "--json"]);
    assert!(matches!(run.code, Some(0 | 1)), "{run:#?}");
    assert_discreet(&run);
    serde_json::from_str(&run.stdout).expect("a report")
}

#[test]
fn a_list_with_faults_is_read_whole_and_not_sent() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = alone(folder.path());
    let (head, ana) = (header(), person(1));
    let short = ana.rsplit_once(",Analista").expect("a cell").0;
    // Name, contents, rows, the code that must be there.
    let lists = [
        (
            "ragged.csv",
            format!("{head}\n{short}\n{},x,y\n", person(2)),
            2,
            ["row-short", "row-long"],
        ),
        (
            "nuls.csv",
            format!("{head}\n{}\n", ana.replace("Exemplo", "Exem\0plo")),
            1,
            ["control-character"; 2],
        ),
        (
            "quote.csv",
            format!("{head}\n{}\n", ana.replace("Analista", "\"Analista")),
            1,
            ["quote-open"; 2],
        ),
    ];
    for (name, contents, rows, codes) in lists {
        let path = folder.path().join(name);
        fs::write(&path, &contents).expect("a list");
        let report = check(&desk, &text(&path));
        assert_eq!(report["rows"], rows, "{name}");
        for code in codes {
            assert_eq!(report["counts"][code], 1, "{name}: {}", report["counts"]);
        }
        let bad = &report["rows_with_errors"];
        let message = match bad.as_u64() {
            Some(1) => "1 row has errors: nothing was sent".to_owned(),
            _ => format!("{bad} rows have errors: nothing was sent"),
        };
        let run = desk.run(&["onboard", &text(&path)]);
        assert_told(&run, 1, "rows-with-errors", &message);
        let after = fs::read(&path).expect("still there");
        assert!(after == contents.as_bytes(), "{name} is as it was");
    }
}

/// It is checked like any other, and shown no further than a line goes.
#[test]
fn a_cell_of_two_megabytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = alone(folder.path());
    let path = folder.path().join("large.csv");
    let large = "7".repeat(2 << 20);
    let list = clean_roster(1).replace(&cpf(1), &large);
    fs::write(&path, &list).expect("a list");
    let told = desk.run(&["check", &text(&path)]);
    assert_eq!(told.code, Some(1), "{told:#?}");
    let line = "line 2: CPF has other characters or another length than it should: “7777";
    assert!(told.stdout.contains(line), "{}", told.stdout.len());
    assert!(told.stdout.len() < 2_000, "{}", told.stdout.len());
    assert_discreet(&told);
    let run = desk.run(&["onboard", &text(&path)]);
    let message = "1 row has errors: nothing was sent";
    assert_told(&run, 1, "rows-with-errors", message);
    assert!(fs::read(&path).expect("still there") == list.as_bytes());
}

#[test]
fn columns_that_nobody_asked_for_and_headers_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = alone(folder.path());
    let path = folder.path().join("wide.csv");
    let more: String = (1..=300).map(|n| format!(",extra {n}")).collect();
    let cells = ",x".repeat(300);
    fs::write(&path, format!("{}{more}\n{}{cells}\n", header(), person(1))).expect("a list");
    let report = check(&desk, &text(&path));
    assert_eq!(report["rows_with_errors"], 0, "{}", report["counts"]);
    assert_eq!(report["mapping"]["email"], "email");

    fs::write(&path, format!("{},email\n{},x@y\n", header(), person(1))).expect("a list");
    let report = check(&desk, &text(&path));
    assert_eq!(report["counts"]["header-twice"], 1);
    let told = desk.run(&["check", &text(&path)]);
    assert!(
        told.stdout.contains("Two columns are headed “email”"),
        "{told:#?}"
    );

    let columns = "nome;email\nAna;a@b.com\n";
    fs::write(&path, columns).expect("a list");
    let run = desk.run(&["onboard", &text(&path), "--fix-all", "--exclude-bad"]);
    let message =
        "The list has no column for: Employee number, CPF, Birth date, Hire date, Department";
    assert_told(&run, 1, "columns-missing", message);
}

/// What Excel saves in Brazil, and as "Unicode text".
#[test]
fn names_with_accents_survive_whatever_they_were_saved_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = alone(folder.path());
    let list = format!(
        "Matrícula;Nome completo;E-mail;CPF;Data de nascimento;Data de admissão;Departamento\r\n\
         000001;Conceição Ávila Müller;conceicao@example.com;{};23/04/1990;01/12/2026;Jurídico\r\n",
        cpf(1)
    );
    let (windows, ..) = encode_windows_1252(&list);
    let tabs = list.replace(';', "\t");
    let utf16: Vec<u8> = [0xfeff_u16]
        .into_iter()
        .chain(tabs.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    for (name, contents) in [("excel.csv", windows), ("unicode.txt", utf16)] {
        let path = folder.path().join(name);
        fs::write(&path, &contents).expect("a list");
        let report = check(&desk, &text(&path));
        assert_eq!(report["rows"], 1, "{name}");
        assert_eq!(report["mapping"]["full_name"], "Nome completo", "{name}");
        assert_eq!(report["mapping"]["hire_date"], "Data de admissão", "{name}");
        assert!(report["counts"]["not-in-list"].is_null(), "{report}");
        // Dates can be read one way only, and the fix is taken.
        let run = desk.run(&["check", &text(&path), "--language", "pt-BR"]);
        assert_discreet(&run);
        assert!(run.stdout.contains("[correção: 1990-04-23]"), "{run:#?}");
        assert_eq!(fs::read(&path).expect("still there"), contents);
    }
}

/// Every letter of these texts is in Latin-1, which Windows-1252 agrees with.
fn encode_windows_1252(text: &str) -> (Vec<u8>,) {
    let byte = |letter: char| u8::try_from(u32::from(letter)).expect("a Western letter");
    (text.chars().map(byte).collect(),)
}

/// What a file holds counts, and not what it is called.
#[test]
fn lists_by_another_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = alone(folder.path());
    let (book, list) = (
        folder.path().join("people.xlsx"),
        folder.path().join("people.csv"),
    );
    for path in [&book, &list] {
        let made = desk.run(&["generate", "--rows", "5", "--faults", "0", &text(path)]);
        assert_eq!(made.code, Some(0), "{made:#?}");
    }
    let aside = folder.path().join("aside");
    fs::rename(&book, &aside).expect("renamed");
    fs::rename(&list, &book).expect("renamed");
    fs::rename(&aside, &list).expect("renamed");
    for path in [&book, &list] {
        let report = check(&desk, &text(path));
        assert_eq!(
            (&report["rows"], &report["rows_with_errors"]),
            (&5.into(), &0.into())
        );
    }
}

#[test]
fn a_list_of_which_nobody_is_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = alone(folder.path());
    let path = folder.path().join("people.csv");
    let list = clean_roster(3).replace("@example.com", "-example.com");
    fs::write(&path, &list).expect("a list");
    let run = desk.run(&["onboard", &text(&path), "--exclude-bad"]);
    assert_told(&run, 1, "nothing-to-send", "There is no row to send");
    assert_eq!(fs::read_to_string(&path).expect("still there"), list);
}

/// What one run left out, the next one may fix: the command line edits anew every time.
#[tokio::test]
async fn rows_that_were_left_out_are_fixed_by_the_next_run() {
    let scene = Scene::new(3);
    let (desk, file) = (scene.desk(), scene.list.as_str());
    let list = clean_roster(3).replace("1990-04-23", "23/04/1990");
    fs::write(file, list).expect("a list");
    let run = desk.run(&["onboard", file, "--exclude-bad"]);
    assert_told(&run, 1, "nothing-to-send", "There is no row to send");
    let run = desk.run(&["onboard", file, "--fix-all", "--exclude-bad"]);
    assert_eq!(run.code, Some(0), "{run:#?}");
    scene.assert_registered_once(3).await;
}

#[tokio::test]
async fn the_same_list_twice_registers_nobody_twice() {
    let scene = Scene::new(3);
    let (desk, file) = (scene.desk(), scene.list.as_str());
    let first = desk.run(&["onboard", file]);
    assert_eq!(first.code, Some(0), "{first:#?}");
    assert_discreet(&first);
    scene.assert_registered_once(3).await;

    let second = desk.run(&["onboard", file]);
    assert_eq!(second.code, Some(0), "{second:#?}");
    for told in [
        "This file was sent before, as batch ",
        "3 rows were refused",
    ] {
        assert!(second.stderr.contains(told), "{told}: {second:#?}");
    }
    assert_discreet(&second);
    let receipt = desk.receipt("last");
    assert_eq!(receipt.states.of(model::RowState::Rejected), 3);
    assert_eq!(receipt.total, 3);
    let refused = desk.run(&["rejected", "list"]);
    let reason = "This person is registered already";
    assert_eq!(refused.stdout.matches(reason).count(), 3, "{refused:#?}");
    assert_eq!(scene.pipeline.mails().len(), 3);
}

/// Edits and sending go by what was read; a file that changes afterwards is another file.
#[tokio::test]
async fn a_file_that_goes_or_changes_after_it_was_sent() {
    let scene = Scene::new(3);
    let (desk, file) = (scene.desk(), scene.list.as_str());
    let died = desk.run_with(&["onboard", file], "desk.send.after-journal=return");
    assert_eq!(died.code, None, "{died:#?}");
    fs::remove_file(file).expect("deleted");
    let gone = desk.run(&["onboard", file]);
    let message = "There is no people.csv at that place";
    assert_told(&gone, 2, "file-unreadable", message);
    let resumed = desk.run(&["resume"]);
    assert_eq!(resumed.code, Some(0), "{resumed:#?}");
    scene.assert_registered_once(3).await;

    // One more line: a new batch, of which only the new person is registered.
    fs::write(file, clean_roster(4)).expect("a longer list");
    let longer = desk.run(&["onboard", file]);
    assert_eq!(longer.code, Some(0), "{longer:#?}");
    assert!(!longer.stderr.contains("sent before"), "{longer:#?}");
    let receipt = desk.receipt("last");
    assert_eq!(receipt.states.of(model::RowState::Rejected), 3);
    assert_eq!(receipt.total, 4);
}
