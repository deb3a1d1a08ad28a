//! A desk at its command line.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use crate::{Endpoint, muster};

pub struct Desk {
    pub home: PathBuf,
    connection: String,
    token: String,
    name: String,
}

/// What a command came to.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Desk {
    pub fn new(home: &Path, name: &str, endpoint: &Endpoint) -> Self {
        Self {
            home: home.to_owned(),
            connection: endpoint.gateway.clone(),
            token: endpoint.token.clone(),
            name: name.to_owned(),
        }
    }

    /// The same desk, with the pipeline inside its own process.
    pub fn embedded(&self, data: &Path) -> Self {
        Self {
            home: self.home.clone(),
            connection: format!("embedded:{}", data.display()),
            token: String::new(),
            name: self.name.clone(),
        }
    }

    /// Without a pipeline: whatever answers at `connection`, or nobody.
    pub fn at(home: &Path, connection: &str, token: &str) -> Self {
        Self {
            home: home.to_owned(),
            connection: connection.to_owned(),
            token: token.to_owned(),
            name: "Ana".to_owned(),
        }
    }

    /// `failpoints`: where the process ends as by kill -9.
    pub fn command(&self, args: &[impl AsRef<OsStr>], failpoints: &str) -> Command {
        let mut command = Command::new(muster());
        command
            .args(args)
            .env("MUSTER_HOME", &self.home)
            .env("MUSTER_CONNECTION", &self.connection)
            .env("MUSTER_TOKEN", &self.token)
            .env("MUSTER_DESK", &self.name)
            .env("FAILPOINTS", failpoints)
            .env("LANG", "C")
            .env_remove("LC_ALL")
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, "")
    }

    /// `failpoints`: where the process ends as by kill -9.
    pub fn run_with(&self, args: &[&str], failpoints: &str) -> Run {
        self.command(args, failpoints)
            .output()
            .expect("muster starts")
            .into()
    }

    pub fn start(&self, args: &[&str]) -> Child {
        self.command(args, "")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("muster starts")
    }

    /// The receipt of the newest batch, or of the only one.
    ///
    /// # Panics
    /// Where there is none.
    pub fn receipt(&self, batch: &str) -> model::Receipt {
        let run = self.run(&["receipt", batch]);
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
    }
}

impl Run {
    /// # Panics
    /// Where the program does not start.
    pub fn of(mut command: Command) -> Self {
        command.output().expect("muster starts").into()
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}
