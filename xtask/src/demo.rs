//! `cargo xtask demo`: the main job on the embedded pipeline, from a generated list to a receipt
//! whose sum is checked. Each command is shown, so that one can go on by hand.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::folders::Folders;
use crate::run::{cargo, command, quietly, step};
use crate::setup::{self, Need};

const ROWS: &str = "10000";
/// A domain of some generated people that the registry refuses, and what it is corrected to.
const BLOCKED: &str = "mailinator.com";
const ACCEPTED: &str = "example.com";

pub fn run(folders: &Folders) -> Result<(), String> {
    setup::ready(folders, Need::Compiler)?;
    step(
        "cargo build -p muster (the first time takes some minutes)",
        || {
            let ended = quietly(
                folders,
                "build-demo",
                &mut cargo(folders, "build --locked -p muster"),
            );
            ended.well.then_some(()).ok_or(ended.said)
        },
        |()| "done".to_owned(),
    )?;
    let demo = Demo::start(folders)?;

    say("A list of 10,000 people, 2 in 100 of them with a fault");
    let rows = format!("generate --rows {ROWS} --faults 2% --seed 2026");
    demo.muster(&rows, &["people.csv"], &[0])?;

    say("What is wrong with it?");
    demo.muster("check people.csv", &[], &[0, 1])?;

    say("Fix what can be fixed, leave out the rest, send it, and follow every row");
    let words = "onboard people.csv --fix-all --exclude-bad --yes --receipt receipt.json";
    demo.muster(words, &[], &[0, 1])?;

    say("Which rows were refused, and why?");
    demo.muster("rejected list --batch last", &[], &[0])?;

    say("Correct one of them");
    let refused = demo.json("rejected list --batch last --code blocked-email-domain --json")?;
    let row = &refused["rows"][0];
    let (row_no, email) = (&row["row_no"], row["record"]["email"].as_str());
    let email = email.ok_or("no row was refused for its e-mail")?;
    let mended = format!("email={}", email.replace(BLOCKED, ACCEPTED));
    let words = format!("rejected correct --batch last --row {row_no} --yes --set");
    demo.muster(&words, &[&mended], &[0])?;

    say("Correct all others with one rule, five first, the rest only if these pass");
    let words = "rejected correct --batch last --code blocked-email-domain --canary 5 --yes --replace email";
    demo.muster(words, &[BLOCKED, ACCEPTED], &[0])?;

    say("Every row in exactly one place");
    demo.muster("receipt last --text", &[], &[0])?;
    let sum = checked_sum(&demo.json("receipt last")?)?;
    println!("\nThe receipt is closed and its states sum to the {sum} rows of the file.");
    println!("Everything is in {}.", demo.folder.display());
    println!("Go on by hand: export MUSTER_HOME={}", demo.home.display());
    Ok(())
}

struct Demo<'f> {
    folders: &'f Folders,
    folder: PathBuf,
    home: PathBuf,
}

impl<'f> Demo<'f> {
    /// In a folder of its own, empty at the start and kept at the end.
    fn start(folders: &'f Folders) -> Result<Self, String> {
        let folder = folders.target.join("demo");
        let told = |error| format!("{}: {error}", folder.display());
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(told)?;
        }
        fs::create_dir_all(&folder).map_err(told)?;
        let home = folder.join("desk");
        Ok(Self {
            folders,
            folder,
            home,
        })
    }

    fn command(&self, words: &str) -> Command {
        let mut muster = command(self.folders, self.folders.built("debug", "muster"));
        muster
            .current_dir(&self.folder)
            .env("MUSTER_HOME", &self.home)
            .env("MUSTER_CONNECTION", "embedded")
            .args(words.split_whitespace());
        muster
    }

    /// Shows the command and lets it speak. `more` are words that stay whole.
    fn muster(&self, words: &str, more: &[&str], expected: &[i32]) -> Result<(), String> {
        let line = [words, &more.join(" ")].join(" ");
        println!("$ muster {}", line.trim_end());
        let status = self.command(words).args(more).status();
        let status = status.map_err(|error| format!("muster: {error}"))?;
        match status.code() {
            Some(code) if expected.contains(&code) => Ok(()),
            _ => Err(format!("muster {words}: {status}")),
        }
    }

    /// What the command prints for programs.
    fn json(&self, words: &str) -> Result<Value, String> {
        let output = self.command(words).output();
        let output = output.map_err(|error| format!("muster: {error}"))?;
        serde_json::from_slice(&output.stdout).map_err(|error| {
            let said = String::from_utf8_lossy(&output.stderr);
            format!("muster {words}: {error}\n{said}")
        })
    }
}

fn say(what: &str) {
    println!("\n== {what}");
}

/// The rows of the file, where the receipt is closed and adds up to them.
fn checked_sum(receipt: &Value) -> Result<u64, String> {
    let states = receipt["states"]
        .as_object()
        .ok_or("a receipt without states")?;
    let sum: u64 = states.values().filter_map(Value::as_u64).sum();
    let rows = receipt["file"]["rows"].as_u64();
    if receipt["closed"] != true {
        return Err(format!("the receipt is not closed: {receipt}"));
    }
    if rows != Some(sum) || receipt["total"].as_u64() != Some(sum) {
        return Err(format!("the receipt does not add up: {receipt}"));
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::checked_sum;

    #[test]
    fn a_receipt_that_does_not_add_up_is_told() {
        let mut receipt = json!({
            "states": {"notified": 7, "excluded": 2}, "total": 9, "closed": true,
            "file": {"rows": 9},
        });
        assert_eq!(checked_sum(&receipt), Ok(9));
        receipt["file"]["rows"] = json!(10);
        assert!(checked_sum(&receipt).is_err());
        receipt["file"]["rows"] = json!(9);
        receipt["closed"] = json!(false);
        assert!(checked_sum(&receipt).is_err());
    }
}
