//! Developer commands: `cargo xtask setup|test|demo|bench|fmt`.
//!
//! Each command first installs what it needs and the machine lacks, says so in one line a step, and
//! can be run again at once. Few dependencies, so that it builds in seconds.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command for a terminal"
)]

mod bench;
mod demo;
mod folders;
mod run;
mod setup;
mod test;

use std::process::ExitCode;

use folders::Folders;

const USAGE: &str = "\
cargo xtask COMMAND

  setup              install what building and testing need
  test [--long]      formatting, lints, unit, whole-path and emulator tests; --long adds the slow ones
  demo [--headless]  the main job on the embedded pipeline, step by step, ending in the receipt
  bench              build a release and print the three measurements
  fmt                format everything that has a formatter
";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let flags: Vec<String> = words.collect();
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let folders = Folders::find();
    // Whether all went well; an error is what kept the command from being carried out.
    let done = match (command.as_str(), flags.as_slice()) {
        ("setup", []) => setup::everything(&folders).map(|()| true),
        ("test", []) => test::all(&folders, false),
        ("test", ["--long"]) => test::all(&folders, true),
        // Without a window there is one way to show it.
        ("demo", [] | ["--headless"]) => demo::run(&folders).map(|()| true),
        ("bench", []) => bench::all(&folders).map(|()| true),
        ("fmt", []) => test::format(&folders).map(|()| true),
        ("help" | "--help" | "-h", _) => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(what) => {
            eprintln!("{what}");
            ExitCode::FAILURE
        }
    }
}
