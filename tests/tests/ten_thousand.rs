//! A generated list of 10,000 people with two percent faults, from the file to a receipt that
//! closes after its refusals are corrected.

#![allow(
    clippy::expect_used,
    reason = "a test that cannot go on says why and ends"
)]

use std::collections::BTreeSet;

use model::{Receipt, RowState};
use tests::{Desk, Pipeline, Run};

const ROWS: u64 = 10_000;

fn done(run: Run) -> String {
    assert_eq!(run.code, Some(0), "{run:?}");
    run.stdout
}

#[tokio::test]
async fn ten_thousand_people_from_a_file_to_a_receipt_that_sums_to_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let pipeline = Pipeline::start(&folder.path().join("pipeline"));
    let desk = Desk::new(&folder.path().join("desk"), "Ana", &pipeline.endpoint);
    let (roster, receipt) = (path("people.csv"), path("receipt.json"));
    done(desk.run(&[
        "generate", "--rows", "10000", "--faults", "2%", "--seed", "7", &roster,
    ]));

    let flags = ["--fix-all", "--exclude-bad", "--receipt", &receipt];
    done(desk.run(&[&["onboard", roster.as_str()], &flags[..]].concat()));
    let text = std::fs::read_to_string(&receipt).expect("the receipt is written");
    let receipt: Receipt = serde_json::from_str(&text).expect("a receipt");
    let sum: u64 = receipt.states.iter().map(|(_, rows)| rows).sum();
    assert_eq!((receipt.file.rows, receipt.total, sum), (ROWS, ROWS, ROWS));
    assert!(receipt.closed, "{receipt:?}");
    let refused = receipt.states.of(RowState::Rejected);
    let left_out = receipt.states.of(RowState::Excluded);
    assert!(refused > 1 && left_out > 0, "{receipt:?}");

    // One of them, and then all the others as a group.
    let batch = receipt.batch_id.to_string();
    let listed = done(desk.run(&["rejected", "list", "--batch", &batch, "--json"]));
    let listed: serde_json::Value = serde_json::from_str(&listed).expect("JSON");
    let one = listed.pointer("/rows/0/row_no").expect("a row").to_string();
    let rule = [
        "--replace",
        "email",
        "mailinator.com",
        "example.com",
        "--yes",
    ];
    let correct = ["rejected", "correct", "--batch", &batch];
    done(desk.run(&[&correct[..], &["--row", &one], &rule[..]].concat()));
    done(desk.run(&[&correct[..], &["--code", "blocked-email-domain"], &rule[..]].concat()));

    let gateway = pipeline.gateway();
    let tally = gateway
        .tally_when(receipt.batch_id, "every welcome e-mail is out", |tally| {
            tally.of(RowState::Notified) == ROWS - left_out
        })
        .await;
    assert_eq!(tally.total(), ROWS - left_out);
    let mails = pipeline.mails();
    assert_eq!(mails.len() as u64, ROWS - left_out, "one e-mail a person");
    let address = |mail: &String| {
        mail.lines()
            .find(|line| line.starts_with("To:"))
            .map(str::to_owned)
    };
    let addresses: BTreeSet<_> = mails.iter().map(address).collect();
    assert_eq!(addresses.len(), mails.len(), "nobody twice");

    done(desk.run(&["resume"]));
    let last = desk.receipt(&batch);
    let there = last.states.of(RowState::Registered) + last.states.of(RowState::Notified);
    assert_eq!(
        (there + left_out, last.total, last.closed),
        (ROWS, ROWS, true),
        "{last:?}"
    );
}
