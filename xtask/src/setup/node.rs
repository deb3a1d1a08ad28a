//! Biome, from npm: `package-lock.json` says which.

use std::fs;
use std::path::PathBuf;

use crate::folders::Folders;
use crate::run::{self, command, quietly, step, when_changed};

/// The oldest Node whose npm reads our lock file.
const OLDEST_NODE: u32 = 18;

pub fn biome(folders: &Folders) -> Result<(), String> {
    let lock = fs::read_to_string(folders.root.join("package-lock.json"))
        .map_err(|error| format!("package-lock.json: {error}"))?;
    let stamp = folders.root.join("node_modules").join(".muster-stamp");
    if !biome_path(folders).exists() {
        let _ = fs::remove_file(&stamp);
    }
    when_changed(&stamp, &lock, || {
        node()?;
        step(
            "npm ci",
            || {
                let mut npm = command(folders, npm_name());
                let ended = quietly(
                    folders,
                    "npm",
                    npm.args(["ci", "--no-audit", "--no-fund", "--prefer-offline"]),
                );
                ended
                    .well
                    .then_some(())
                    .ok_or_else(|| format!("npm ci:\n{}", ended.said))
            },
            |()| "done".to_owned(),
        )
    })
}

pub fn biome_path(folders: &Folders) -> PathBuf {
    let name = if cfg!(windows) { "biome.cmd" } else { "biome" };
    folders.root.join("node_modules").join(".bin").join(name)
}

fn npm_name() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}

fn node() -> Result<(), String> {
    let wanted = format!("Node {OLDEST_NODE} or later with npm is needed (https://nodejs.org)");
    let Some(version) = run::output("node", &["--version"]) else {
        return Err(format!("node was not found. {wanted}."));
    };
    let major = version.trim_start_matches('v').split('.').next();
    if major.and_then(|major| major.parse().ok()).unwrap_or(0) < OLDEST_NODE {
        return Err(format!("node is {version}. {wanted}."));
    }
    if !run::works(npm_name(), &["--version"]) {
        return Err(format!("npm was not found. {wanted}."));
    }
    Ok(())
}
