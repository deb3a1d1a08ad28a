//! The Python packages of `tests/peers`, in an environment of their own.

use std::fs;
use std::path::PathBuf;

use super::system;
use crate::folders::Folders;
use crate::run::{self, command, quietly, step, when_changed};

pub fn venv(folders: &Folders) -> Result<(), String> {
    let path = folders.root.join("tests/peers/requirements.txt");
    let wanted =
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let venv = folders.venv();
    let stamp = venv.join("muster-stamp");
    if !run::works(python_in(folders), &["--version"]) {
        let _ = fs::remove_file(&stamp);
    }
    when_changed(&stamp, &wanted, || {
        create(folders)?;
        step(
            "pip install -r tests/peers/requirements.txt",
            || {
                let mut pip = command(folders, python_in(folders));
                pip.args(["-m", "pip", "install", "--quiet", "-r"])
                    .arg(&path);
                let ended = quietly(folders, "pip", &mut pip);
                ended
                    .well
                    .then_some(())
                    .ok_or_else(|| format!("pip install:\n{}", ended.said))
            },
            |()| "done".to_owned(),
        )
    })
}

/// The environment's interpreter.
pub fn python_in(folders: &Folders) -> PathBuf {
    let python = if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    };
    folders.venv().join(python)
}

fn create(folders: &Folders) -> Result<(), String> {
    let python = if cfg!(windows) { "python" } else { "python3" };
    if !run::works(python, &["--version"]) {
        system::install(folders, &["python3", "python3-venv"])?;
    }
    // Debian's python3 comes without ensurepip, and then makes an environment that has no pip.
    if !run::works(python, &["-c", "import ensurepip, venv"]) {
        // An interpreter that is not the system's is not mended by the system's package.
        if let Err(why) = system::install(folders, &["python3-venv"]) {
            println!("{why}");
        }
    }
    let venv = folders.venv();
    step(
        "python environment for tests",
        || {
            let _ = fs::remove_dir_all(&venv);
            let mut words = vec!["-m", "venv"];
            if !run::works(python, &["-c", "import ensurepip, venv"]) {
                words = vec!["-m", "virtualenv"];
            }
            let ended = quietly(
                folders,
                "venv",
                command(folders, python).args(&words).arg(&venv),
            );
            ended.well.then_some(()).ok_or_else(|| {
                format!(
                    "{python} {} (install python3-venv or virtualenv):\n{}",
                    words.join(" "),
                    ended.said
                )
            })
        },
        |()| "done".to_owned(),
    )
}
