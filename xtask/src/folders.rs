//! Where things are: the checkout, the build's output, and what is installed once for a machine.

use std::env;
use std::path::{Path, PathBuf};

pub struct Folders {
    /// The checkout.
    pub root: PathBuf,
    /// Cargo's output. With `CI=true` it lies outside the checkout, so that it is still there for
    /// the next run on a fresh clone.
    pub target: PathBuf,
    /// Programs that we install for ourselves, by version.
    pub tools: PathBuf,
}

impl Folders {
    pub fn find() -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here.parent().unwrap_or(here).to_path_buf();
        let cache = cache().unwrap_or_else(|| root.join("target"));
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None if env::var("CI").is_ok_and(|ci| ci == "true") => cache.join("target"),
            None => root.join("target"),
        };
        Self {
            root,
            target,
            tools: cache.join("tools"),
        }
    }

    /// Python packages of the tests.
    pub fn venv(&self) -> PathBuf {
        self.target.join("venv")
    }

    /// What each step wrote, kept until its next run.
    pub fn logs(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// A program of this build, such as `debug/muster`.
    pub fn built(&self, profile: &str, name: &str) -> PathBuf {
        self.target
            .join(profile)
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }
}

fn cache() -> Option<PathBuf> {
    let home = || {
        Some(match env::var_os("LOCALAPPDATA") {
            Some(local) => PathBuf::from(local),
            None => PathBuf::from(env::var_os("HOME")?).join(".cache"),
        })
    };
    let base = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|folder| folder.is_absolute())
        .or_else(home)?;
    Some(base.join("muster"))
}
