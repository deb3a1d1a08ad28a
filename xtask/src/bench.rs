//! `cargo xtask bench`: a release build, and the three measurements, each a ratio or a count.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::folders::Folders;
use crate::run::{cargo, command, quietly, step};
use crate::setup::{self, Need};

const ROWS: &str = "1000000";

pub fn all(folders: &Folders) -> Result<(), String> {
    setup::ready(folders, Need::Compiler)?;
    step(
        "cargo build --release",
        || build(folders),
        |()| "done".to_owned(),
    )?;
    let folder = folders.target.join("bench");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    check_ratio(folders, &folder.join("people.csv"))?;
    requests(folders)?;
    rate(folders)
}

fn build(folders: &Folders) -> Result<(), String> {
    let words = "build --release --locked -p muster -p muster-tests --bins";
    let ended = quietly(folders, "build-release", &mut cargo(folders, words));
    ended.well.then_some(()).ok_or(ended.said)
}

/// Checking a million rows ÷ parsing the same file with the `csv` crate.
fn check_ratio(folders: &Folders, list: &Path) -> Result<(), String> {
    if !list.exists() {
        let mut generate = command(folders, folders.built("release", "muster"));
        generate
            .args(["generate", "--rows", ROWS, "--faults", "2%", "--seed", "1"])
            .arg(list);
        run(&mut generate)?;
    }
    run(measure(folders).arg("check").arg(list))
}

/// SQS requests for a thousand rows, counted by the server.
fn requests(folders: &Folders) -> Result<(), String> {
    run(measure(folders).arg("requests"))
}

/// Rows registered in a second ÷ what the registry can carry.
fn rate(folders: &Folders) -> Result<(), String> {
    run(measure(folders).arg("rate"))
}

fn measure(folders: &Folders) -> Command {
    let mut measure = command(folders, folders.built("release", "measure"));
    measure.env("MUSTER_BIN", folders.built("release", "muster"));
    measure
}

/// Its words are the result, and go straight to the terminal.
fn run(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{name}: {status}")),
        Err(error) => Err(format!("{name}: {error}")),
    }
}
