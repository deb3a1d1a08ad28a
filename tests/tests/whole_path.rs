//! From a file on disk to a receipt that sums up, through the real program and the real protocols.

#![allow(
    clippy::expect_used,
    reason = "a test that cannot go on says why and ends"
)]

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use model::{Receipt, RowState};
use serde_json::Value;
use tests::{Desk, Pipeline, clean_roster, muster};

/// A pipeline in a process of its own, and desks of one company beside it.
struct World {
    folder: tempfile::TempDir,
    pipeline: Pipeline,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let pipeline = Pipeline::start(&folder.path().join("data"));
        Self { folder, pipeline }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn desk(&self, name: &str) -> Desk {
        Desk::new(&self.path().join(name), name, &self.pipeline.endpoint)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.path().join(name);
        fs::write(&path, text).expect("written");
        path.display().to_string()
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn read_receipt(path: &Path) -> Receipt {
    let text = fs::read_to_string(path).expect("a receipt was written");
    serde_json::from_str(&text).expect("a receipt")
}

/// Rows of the clean roster whose e-mails are of a domain that the company has blocked.
fn with_blocked(rows: u32, blocked: &[u32]) -> String {
    let mut csv = clean_roster(rows);
    for n in blocked {
        let (mail, other) = (
            format!("pessoa{n}@example.com"),
            format!("pessoa{n}@mailinator.com"),
        );
        csv = csv.replace(&mail, &other);
    }
    csv
}

#[test]
fn ten_rows_from_a_file_to_a_closed_receipt() {
    let world = World::new();
    let desk = world.desk("ana");
    let file = world.file("ten.csv", &clean_roster(10));
    let out = world.path().join("receipt.json");
    let run = desk.run(&["onboard", &file, "--receipt", &out.display().to_string()]);
    assert_eq!(run.code, Some(0), "{run:?}");

    let receipt = read_receipt(&out);
    assert!(receipt.closed, "{receipt:?}");
    assert_eq!((receipt.total, receipt.file.rows), (10, 10));
    let there = receipt.states.of(RowState::Registered) + receipt.states.of(RowState::Notified);
    assert_eq!(there, 10, "{receipt:?}");
    assert_eq!(desk.receipt("last").batch_id, receipt.batch_id);

    // What was uploaded is personal data with no use any more.
    let outbox = fs::read_dir(desk.home.join("outbox")).expect("a folder");
    assert_eq!(outbox.count(), 0);
    let status = desk.run(&["status", "last", "--rows", "--json"]);
    let rows = json(&status.stdout);
    assert_eq!(
        rows["rows"].as_array().map(Vec::len),
        Some(10),
        "{status:?}"
    );
    assert_eq!(rows["rows"][0]["line"], 2);
}

#[test]
fn faults_are_fixed_or_left_out_and_the_receipt_still_sums_to_the_file() {
    let world = World::new();
    let desk = world.desk("ana");
    let mut csv = clean_roster(20);
    // Two that can be mended, and two that cannot.
    csv = csv.replace("pessoa3@example.com", "Pessoa3@Example.com");
    csv = csv.replace("pessoa4@example.com,", "pessoa4@example.com ,");
    csv = csv.replace("pessoa5@example.com", "pessoa5.example.com");
    csv = csv.replace("pessoa6@example.com", "");
    let file = world.file("faults.csv", &csv);

    let stopped = desk.run(&["onboard", &file]);
    assert_eq!(stopped.code, Some(1), "{stopped:?}");
    assert!(stopped.stderr.contains("rows-with-errors"), "{stopped:?}");
    assert!(desk.run(&["batches", "--json"]).stdout.contains("[]"));

    let run = desk.run(&["onboard", &file, "--fix-all", "--exclude-bad", "--json"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let receipt: Receipt = serde_json::from_str(&run.stdout).expect("a receipt");
    assert_eq!(receipt.total, 20);
    assert_eq!(receipt.states.of(RowState::Excluded), 2);
    assert!(receipt.closed);
    let same = fs::read_to_string(&file).expect("the file");
    assert_eq!(same, csv, "the user's file is never changed");
}

#[test]
fn refused_rows_are_corrected_one_by_one_and_as_a_group() {
    let world = World::new();
    let desk = world.desk("ana");
    let file = world.file("refused.csv", &with_blocked(12, &[2, 5, 7, 9]));
    let run = desk.run(&["onboard", &file, "--json"]);
    let receipt: Receipt = serde_json::from_str(&run.stdout).expect("a receipt");
    assert_eq!(receipt.states.of(RowState::Rejected), 4, "{run:?}");
    assert!(receipt.closed, "a refusal keeps no receipt open");

    let listed = json(&desk.run(&["rejected", "list", "--json"]).stdout);
    assert_eq!(listed["total"], 4);
    assert_eq!(listed["groups"][0]["code"], "blocked-email-domain");
    let found = json(
        &desk
            .run(&["rejected", "list", "--text", "pessoa7@", "--json"])
            .stdout,
    );
    assert_eq!(found["rows"][0]["row_no"], 7);

    let wrong = ["rejected", "correct", "--batch", "last", "--row", "2"];
    let wrong = desk.run(&[&wrong[..], &["--set", "email=nobody"]].concat());
    assert_eq!(wrong.code, Some(1), "still wrong: {wrong:?}");

    let one = ["rejected", "correct", "--batch", "last", "--row", "2"];
    let one = desk.run(&[&one[..], &["--set", "email=p2@example.com", "--json"]].concat());
    assert_eq!(one.code, Some(0), "{one:?}");
    assert_eq!(json(&one.stdout)[0]["outcome"], "accepted");

    let group = ["rejected", "correct", "--code", "blocked-email-domain"];
    let change = ["--replace", "email", "mailinator.com", "example.com"];
    let group = [&group[..], &change[..]].concat();
    let preview = desk.run(&[&group[..], &["--dry-run"]].concat());
    assert!(
        preview.stdout.contains("pessoa9@example.com"),
        "{preview:?}"
    );
    let listed = json(&desk.run(&["rejected", "list", "--json"]).stdout);
    assert_eq!(listed["total"], 3, "a preview sends nothing");

    let sent = desk.run(&[&group[..], &["--canary", "1"]].concat());
    assert_eq!(sent.code, Some(0), "{sent:?}");
    let receipt = desk.receipt("last");
    assert_eq!(receipt.states.of(RowState::Rejected), 0, "{receipt:?}");
    assert!(receipt.closed);
    let history = desk.run(&["status", "last", "--rows", "--json"]);
    let row = &json(&history.stdout)["rows"][6];
    assert_eq!((&row["row_no"], &row["generation"]), (&7.into(), &2.into()));

    // Once for each person, however many generations it took.
    let mails = world.pipeline.mails();
    let to: HashSet<_> = mails
        .iter()
        .filter_map(|mail| mail.lines().find(|line| line.starts_with("To:")))
        .collect();
    assert_eq!(to.len(), mails.len());
}

#[test]
fn two_desks_see_the_same_refusals_and_one_correction_exists() {
    let world = World::new();
    let (ana, bia) = (world.desk("ana"), world.desk("bia"));
    let file = world.file("refused.csv", &with_blocked(6, &[3, 4]));
    let run = ana.run(&["onboard", &file, "--json"]);
    let receipt: Receipt = serde_json::from_str(&run.stdout).expect("a receipt");
    let batch = receipt.batch_id.to_string();

    let seen = json(&bia.run(&["rejected", "list", "--json"]).stdout);
    assert_eq!(seen["total"], 2, "a desk that sent nothing sees them too");

    let correct = |desk: &Desk, to: &str| {
        let set = format!("email={to}");
        let args = ["rejected", "correct", "--batch", &batch, "--row", "3"];
        desk.start(&[&args[..], &["--set", &set, "--json"]].concat())
    };
    let both = [
        correct(&ana, "first@example.com"),
        correct(&bia, "second@example.com"),
    ];
    let both = both.map(|child| child.wait_with_output().expect("it ends"));
    let accepted = both
        .iter()
        .filter(|out| String::from_utf8_lossy(&out.stdout).contains(r#""accepted""#))
        .count();
    assert_eq!(accepted, 1, "{both:?}");
    // The other is told who was faster, or sees that the row is refused no more.
    let mut codes = both.map(|out| out.status.code());
    codes.sort();
    assert!(matches!(codes, [Some(0), Some(1 | 4)]), "{codes:?}");

    let receipt = ana.run(&["resume"]);
    assert_eq!(receipt.code, Some(0), "{receipt:?}");
    let status = json(&ana.run(&["status", "last", "--rows", "--json"]).stdout);
    assert_eq!(status["rows"][2]["generation"], 2);

    let discard = ["rejected", "discard", "--batch", &batch, "--row", "4"];
    let discard = bia.run(&[&discard[..], &["--reason", "has left"]].concat());
    assert_eq!(discard.code, Some(0), "{discard:?}");
}

#[test]
fn the_embedded_pipeline_of_the_desk_sends_its_e_mails_before_the_command_ends() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = folder.path().join("home");
    let file = folder.path().join("ten.xlsx");
    let run = |args: &[&str]| {
        Command::new(muster())
            .args(args)
            .env("MUSTER_HOME", &home)
            .env("LANG", "C")
            .output()
            .expect("muster starts")
    };
    let file = file.display().to_string();
    let made = run(&["generate", "--rows", "25", "--faults", "0", &file]);
    assert!(made.status.success(), "{made:?}");
    let done = run(&["onboard", &file, "--fix-all", "--exclude-bad", "--json"]);
    assert!(done.status.success(), "{done:?}");
    let receipt: Receipt = serde_json::from_slice(&done.stdout).expect("a receipt");
    assert_eq!(receipt.states.of(RowState::Notified), 25, "{receipt:?}");
    let again = run(&["resume"]);
    assert!(again.status.success(), "{again:?}");
}

#[test]
fn what_cannot_be_done_is_said_and_loses_nothing() {
    let world = World::new();
    let desk = world.desk("ana");
    let file = world.file("ten.csv", &clean_roster(3));
    let said = |args: &[&str], code: i32, word: &str| {
        let run = desk.run(args);
        assert_eq!(run.code, Some(code), "{args:?}: {run:?}");
        assert!(run.stderr.contains(word), "{args:?}: {run:?}");
        assert!(!run.stderr.contains("panicked"), "{run:?}");
    };
    said(&["receipt", "last"], 4, "no-ledger");
    said(&["onboard", "nowhere.csv"], 2, "file-unreadable");
    said(&["check", &world.file("empty.csv", "")], 2, "file-empty");
    said(
        &["check", &world.file("header.csv", "name,email\r\n")],
        2,
        "file-no-rows",
    );
    let nobody = ["onboard", &file, "--connection", "http://127.0.0.1:1"];
    said(&nobody, 3, "unreachable");
    said(&["frobnicate"], 64, "unrecognized");

    // The list was kept, and can be called off.
    let batches = json(&desk.run(&["batches", "--json"]).stdout);
    assert_eq!(batches[0]["step"], "journalled");
    assert_eq!(batches[0]["states"]["draft"], 3);
    let off = desk.run(&["cancel", "last"]);
    assert_eq!(off.code, Some(0), "{off:?}");
    assert_eq!(desk.receipt("last").states.of(RowState::Cancelled), 3);
    said(&["cancel", "last"], 4, "already-sent");

    let stranger = Command::new(muster())
        .args(["onboard", &file])
        .env("MUSTER_HOME", world.path().join("stranger"))
        .env("MUSTER_CONNECTION", &world.pipeline.endpoint.gateway)
        .env("MUSTER_TOKEN", "no-such-token")
        .output()
        .expect("muster starts");
    assert_eq!(stranger.status.code(), Some(3), "{stranger:?}");
    let said = String::from_utf8_lossy(&stranger.stderr);
    assert!(said.contains("token-refused"), "{said}");
}
