//! `muster serve` in a process of its own.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use model::WorkstationId;
use serde::Deserialize;
use uuid::Uuid;
use wire::OpenWorkstation;

use crate::{Gateway, free_port, muster};

/// The one line that `muster serve` prints.
#[derive(Clone, Debug, Deserialize)]
pub struct Endpoint {
    pub gateway: String,
    pub s3: String,
    pub sqs: String,
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    pub token: String,
    pub bucket: String,
    pub queues: BTreeMap<String, String>,
}

pub struct Pipeline {
    child: Child,
    pub data: PathBuf,
    port: u16,
    pub endpoint: Endpoint,
}

impl Pipeline {
    pub fn start(data: &Path) -> Self {
        Self::start_with(data, "")
    }

    /// `failpoints`: where the process ends as by kill -9, such as `register.after-call=return`.
    pub fn start_with(data: &Path, failpoints: &str) -> Self {
        Self::spawn(data, free_port(), failpoints)
    }

    fn spawn(data: &Path, port: u16, failpoints: &str) -> Self {
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(data.with_extension("log"))
            .expect("a log file");
        let mut child = Command::new(muster())
            .args(["serve", "--data"])
            .arg(data)
            .args(["--port", &port.to_string()])
            .env("FAILPOINTS", failpoints)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("muster serve starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("its output is piped");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let endpoint = serde_json::from_str(&line).unwrap_or_else(|error| {
            let log = std::fs::read_to_string(data.with_extension("log")).unwrap_or_default();
            panic!("muster serve printed {line:?}: {error}\n{log}")
        });
        Self {
            child,
            data: data.to_owned(),
            port,
            endpoint,
        }
    }

    pub fn gateway(&self) -> Gateway {
        Gateway::new(&self.endpoint)
    }

    /// kill -9, then a start on the same folder and port.
    pub fn kill_and_restart(mut self) -> Self {
        self.kill();
        Self::spawn(&self.data, self.port, "")
    }

    /// Waits until the process has ended by itself, and starts it again without failpoints.
    pub fn restart_when_dead(mut self) -> Self {
        let _ = self.child.wait();
        Self::spawn(&self.data, self.port, "")
    }

    /// Messages on a queue, hidden ones included.
    pub async fn waiting(&self, queue: &str) -> u64 {
        let connection = aws::Connection {
            endpoint: Some(self.endpoint.sqs.clone()),
            region: self.endpoint.region.clone(),
            credentials: aws::Credentials::Static {
                access_key_id: self.endpoint.access_key_id.clone(),
                secret_access_key: self.endpoint.secret_access_key.clone(),
                session_token: None,
            },
        };
        let queues = aws::sqs::SqsQueues::new(&connection, aws::sqs::QueueTerms::of);
        let queue = queues.open(queue).await.expect("the queue is there");
        queue.lying().await.expect("its attributes")
    }

    /// A workstation opened beside the desks.
    pub async fn workstation(&self, desk_name: &str) -> WorkstationId {
        let id = WorkstationId(Uuid::now_v7());
        let request = OpenWorkstation {
            workstation_id: id,
            desk_name: desk_name.to_owned(),
        };
        let answer = self.gateway().post("/v1/workstations", &request).await;
        assert!(answer.status().is_success(), "{answer:?}");
        id
    }

    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    pub fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }

    /// The welcome e-mails, whole.
    pub fn mails(&self) -> Vec<String> {
        let mut mails = Vec::new();
        let mut folders = vec![self.data.join("mailbox")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ending| ending == "eml") {
                    mails.push(std::fs::read_to_string(path).expect("a mail reads"));
                }
            }
        }
        mails
    }
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        self.kill();
    }
}
