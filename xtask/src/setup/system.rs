//! Packages of the operating system, by apt where there is one.

use std::sync::Once;

use crate::folders::Folders;
use crate::run::{self, command, quietly, step};

/// A C compiler, a linker and pkg-config: SQLite and the TLS library are built from source.
pub fn compiler(folders: &Folders) -> Result<(), String> {
    let mut missing = Vec::new();
    if cfg!(windows) {
        return Ok(());
    }
    if !run::works("cc", &["--version"]) || !run::works("make", &["--version"]) {
        missing.push("build-essential");
    }
    if !run::works("pkg-config", &["--version"]) {
        missing.push("pkg-config");
    }
    install(folders, &missing)
}

/// Installs packages that were found missing. With an empty list it does nothing.
pub fn install(folders: &Folders, packages: &[&str]) -> Result<(), String> {
    if packages.is_empty() {
        return Ok(());
    }
    let list = packages.join(" ");
    if !run::works("apt-get", &["--version"]) {
        return Err(format!(
            "missing on this machine: {list} (names of Debian packages). Install what your system \
             calls them, then run this again."
        ));
    }
    step(
        &format!("apt-get install {list}"),
        || {
            update_once(folders);
            let mut words = vec!["install", "-y", "--no-install-recommends"];
            words.extend_from_slice(packages);
            apt(folders, &words)
        },
        |()| "done".to_owned(),
    )
}

fn update_once(folders: &Folders) {
    static UPDATED: Once = Once::new();
    // Without fresh lists the installation may still work from what is there, and says so if not.
    UPDATED.call_once(|| drop(apt(folders, &["update"])));
}

fn apt(folders: &Folders, words: &[&str]) -> Result<(), String> {
    let root = run::output("id", &["-u"]).as_deref() == Some("0");
    let mut apt = if root {
        command(folders, "apt-get")
    } else {
        let mut sudo = command(folders, "sudo");
        sudo.args(["--preserve-env=DEBIAN_FRONTEND", "apt-get"]);
        sudo
    };
    let ended = quietly(
        folders,
        "apt-get",
        apt.args(words).env("DEBIAN_FRONTEND", "noninteractive"),
    );
    if ended.well {
        Ok(())
    } else {
        let what = words.join(" ");
        Err(format!(
            "apt-get {what} (as root or by sudo):\n{}",
            ended.said
        ))
    }
}
