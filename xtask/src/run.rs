//! Running other programs: with their words kept aside until something goes wrong.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::folders::Folders;

/// A program that ended.
pub struct Ended {
    pub well: bool,
    /// What it wrote, both streams in order.
    pub said: String,
}

/// A command in the checkout. Cargo's output goes where [`Folders`] says.
pub fn command(folders: &Folders, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(&folders.root)
        .env("CARGO_TARGET_DIR", &folders.target)
        .stdin(Stdio::null());
    command
}

/// `cargo` with these words, split at spaces.
pub fn cargo(folders: &Folders, words: &str) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = command(folders, cargo);
    command.args(words.split_whitespace());
    command
}

/// Runs to the end; what the program writes goes to the log of that name and comes back as text.
pub fn quietly(folders: &Folders, name: &str, command: &mut Command) -> Ended {
    let outcome = (|| -> io::Result<Ended> {
        let path = log_path(folders, name)?;
        let log = File::create(&path)?;
        let status = command.stdout(log.try_clone()?).stderr(log).status()?;
        let said = String::from_utf8_lossy(&fs::read(&path)?).into_owned();
        Ok(Ended {
            well: status.success(),
            said,
        })
    })();
    outcome.unwrap_or_else(|error| Ended {
        well: false,
        said: format!("{}: {error}", command.get_program().to_string_lossy()),
    })
}

fn log_path(folders: &Folders, name: &str) -> io::Result<PathBuf> {
    let logs = folders.logs();
    fs::create_dir_all(&logs)?;
    let name: String = name
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '-' })
        .collect();
    Ok(logs.join(format!("{name}.log")))
}

/// One line for one step: its name while it runs, how it ended and how long it took afterwards.
pub fn step<T>(
    what: &str,
    work: impl FnOnce() -> Result<T, String>,
    outcome: impl FnOnce(&T) -> String,
) -> Result<T, String> {
    print!("{what} … ");
    let _ = io::stdout().flush();
    let start = Instant::now();
    let done = work();
    let seconds = start.elapsed().as_secs_f32();
    match &done {
        Ok(value) => println!("{} ({seconds:.1} s)", outcome(value)),
        Err(_) => println!("did not work ({seconds:.1} s)"),
    }
    done
}

/// Whether the program can be started and ends well with these words.
pub fn works(program: impl AsRef<OsStr>, words: &[&str]) -> bool {
    Command::new(program)
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What it prints with these words, where it ends well.
pub fn output(program: impl AsRef<OsStr>, words: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(words)
        .stdin(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Remembers what was installed from: done again only when `contents` differ from the last time.
pub fn when_changed(
    stamp: &Path,
    contents: &str,
    work: impl FnOnce() -> Result<(), String>,
) -> Result<(), String> {
    if fs::read_to_string(stamp).is_ok_and(|last| last == contents) {
        return Ok(());
    }
    work()?;
    let _ = stamp.parent().map(fs::create_dir_all);
    fs::write(stamp, contents).map_err(|error| format!("{}: {error}", stamp.display()))
}
