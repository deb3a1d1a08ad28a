//! `cargo xtask test`: every check of the house, cheap ones first, all of them even after one
//! fails, and one line of totals at the end.

mod tally;

use std::process::Command;
use std::time::Instant;

use crate::folders::Folders;
use crate::run::{Ended, cargo, command, quietly};
use crate::setup::{self, DENY, NEXTEST, Need};
use tally::Tally;

/// One check: what it needs, what it runs, and how its outcome is counted.
struct Step {
    name: &'static str,
    needs: &'static [Need],
    command: fn(&Folders) -> Command,
    /// `None` counts the step itself as one.
    count: Option<fn(&str) -> Tally>,
}

/// Test builds of the command line carry crash points, so that tests can kill it where it hurts.
const SEAMS: &str = "muster/failpoints";

const STEPS: [Step; 9] = [
    Step {
        name: "format",
        needs: &[Need::RustComponents],
        command: |folders| cargo(folders, "fmt --all --check"),
        count: None,
    },
    Step {
        name: "biome",
        needs: &[Need::Biome],
        command: |folders| {
            let mut biome = command(folders, setup::biome_path(folders));
            biome.args(["ci", "--colors=off", "--error-on-warnings"]);
            biome
        },
        count: None,
    },
    Step {
        name: "deny",
        needs: &[Need::Deny],
        command: |folders| {
            let mut deny = command(folders, setup::tool_path(folders, &DENY));
            deny.args(["--color=never", "check", "bans", "licenses", "sources"]);
            deny
        },
        count: None,
    },
    Step {
        name: "clippy",
        needs: &[Need::Compiler, Need::RustComponents],
        command: |folders| {
            let words = "clippy --workspace --all-targets --locked -- -D warnings";
            cargo(folders, words)
        },
        count: None,
    },
    Step {
        name: "clippy with crash points",
        needs: &[Need::Compiler, Need::RustComponents],
        command: |folders| {
            let mut clippy = cargo(folders, "clippy --workspace --all-targets --locked");
            clippy.args(["--features", SEAMS, "--", "-D", "warnings"]);
            clippy
        },
        count: None,
    },
    Step {
        name: "build",
        needs: &[Need::Compiler],
        command: |folders| {
            // All targets: the program is then made from the same dependencies as the tests.
            let words = "build --workspace --exclude xtask --all-targets --locked --features";
            let mut build = cargo(folders, words);
            build.arg(SEAMS);
            build
        },
        count: None,
    },
    Step {
        name: "tests",
        needs: &[Need::Compiler, Need::Nextest],
        command: |folders| {
            let mut nextest = command(folders, setup::tool_path(folders, &NEXTEST));
            nextest
                .args([
                    "nextest",
                    "run",
                    "--workspace",
                    "--locked",
                    "--no-fail-fast",
                ])
                .args(["--features", SEAMS, "--color=never"])
                .args(["--status-level=fail", "--final-status-level=slow"])
                .args(["--show-progress=none", "--no-tests=warn"]);
            nextest
        },
        count: Some(tally::nextest),
    },
    Step {
        name: "examples in the documentation",
        needs: &[Need::Compiler],
        command: |folders| {
            let mut doc = cargo(folders, "test --doc --workspace --locked --features");
            doc.arg(SEAMS);
            doc
        },
        count: Some(tally::libtest),
    },
    Step {
        name: "clients of other makers",
        needs: &[Need::Compiler, Need::Python],
        command: |folders| {
            let mut pytest = command(folders, setup::python_in(folders));
            pytest.args(["-m", "pytest", "-q", "--color=no", "-p", "no:cacheprovider"]);
            pytest.arg("tests/peers");
            pytest
        },
        count: Some(tally::pytest),
    },
];

/// Whether everything passed. The totals are the last line.
pub fn all(folders: &Folders, long: bool) -> Result<bool, String> {
    let mut total = Tally::default();
    for step in &STEPS {
        total += take(folders, step, long);
    }
    if total.failed > 0 {
        println!("logs: {}", folders.logs().display());
    }
    println!("{total}");
    Ok(total.failed == 0)
}

fn take(folders: &Folders, step: &Step, long: bool) -> Tally {
    println!("-- {}", step.name);
    for need in step.needs {
        if let Err(why) = setup::ready(folders, *need) {
            println!("{why}");
            println!("   not run");
            return Tally::FAILED;
        }
    }
    let mut command = (step.command)(folders);
    command.env("MUSTER_BIN", folders.built("debug", "muster"));
    if long {
        command.env("MUSTER_LONG", "1");
        if step.name == "tests" {
            command.args(["--run-ignored", "all", "--profile", "long"]);
        }
    }
    let start = Instant::now();
    let Ended { well, said } = quietly(folders, step.name, &mut command);
    let tally = match step.count {
        // A step that ends badly without a failed test did not get as far as its tests.
        Some(count) => match count(&said) {
            tally if !well && tally.failed == 0 => tally + Tally::FAILED,
            tally => tally,
        },
        None if well => Tally::PASSED,
        None => Tally::FAILED,
    };
    if tally.failed > 0 {
        println!("{}", said.trim_end());
    }
    let seconds = start.elapsed().as_secs_f32();
    let outcome = if tally.failed == 0 { "ok" } else { "FAILED" };
    match step.count {
        Some(_) => println!(
            "   {outcome}: {} of {} ({seconds:.1} s)",
            tally.passed,
            tally.ran()
        ),
        None => println!("   {outcome} ({seconds:.1} s)"),
    }
    tally
}

/// `cargo xtask fmt`: every formatter, on everything.
pub fn format(folders: &Folders) -> Result<(), String> {
    setup::ready(folders, Need::RustComponents)?;
    setup::ready(folders, Need::Biome)?;
    let mut biome = command(folders, setup::biome_path(folders));
    biome.args(["check", "--write"]);
    for (name, mut command) in [("cargo fmt", cargo(folders, "fmt --all")), ("biome", biome)] {
        let ended = quietly(folders, name, &mut command);
        if !ended.well {
            return Err(format!("{name}:\n{}", ended.said));
        }
    }
    Ok(())
}
