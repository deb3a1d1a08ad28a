//! Bad input, through the command line as a person has it: every case ends in a plain message that
//! says what happened and what to do, with nothing lost, no panic, and nobody's data told.

#![allow(
    clippy::expect_used,
    reason = "a test that cannot go on says why and ends"
)]

#[cfg(target_os = "linux")]
mod computers;
mod files;
mod lists;
mod networks;

use std::fs;
use std::path::{Path, PathBuf};

use model::RowState;
use tests::{Desk, Pipeline, Run, clean_roster, free_port};

const TOKEN: &str = "a-token-that-nobody-may-see";

/// A desk whose pipeline does not answer.
fn alone(folder: &Path) -> Desk {
    let nobody = format!("http://127.0.0.1:{}", free_port());
    Desk::at(&folder.join("desk"), &nobody, TOKEN)
}

/// A pipeline, and a list of so many people that nothing is wrong with.
struct Scene {
    folder: tempfile::TempDir,
    pipeline: Pipeline,
    list: String,
}

impl Scene {
    fn new(rows: u32) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let pipeline = Pipeline::start(&folder.path().join("pipeline"));
        let list = folder.path().join("people.csv");
        fs::write(&list, clean_roster(rows)).expect("a list");
        Self {
            list: text(&list),
            folder,
            pipeline,
        }
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("desk")
    }

    fn desk(&self) -> Desk {
        Desk::new(&self.home(), "Ana", &self.pipeline.endpoint)
    }

    /// One batch, every person registered once and written to once.
    async fn assert_registered_once(&self, rows: u32) {
        let gateway = self.pipeline.gateway();
        let batch = gateway.only_batch().await;
        let done = |tally: &model::Tally| tally.of(RowState::Notified) == u64::from(rows);
        let tally = gateway.tally_when(batch, "everybody is registered", done);
        assert_eq!(tally.await.total(), u64::from(rows));
        assert_eq!(self.pipeline.mails().len(), rows as usize);
    }
}

fn text(path: &Path) -> String {
    path.to_str().expect("a plain path").to_owned()
}

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/rosters");
    fs::read(folder.join(name)).expect("a fixture")
}

/// What failed is said by code, in words, and with what to do; and nothing is told that should not
/// be.
#[track_caller]
fn assert_told(run: &Run, exit: i32, code: &str, message: &str) {
    assert_eq!(run.code, Some(exit), "{run:#?}");
    let line = format!("error[{code}]: {message}\n");
    assert!(run.stderr.contains(&line), "{line}{run:#?}");
    let hint = run.stderr.split("What to do: ").nth(1);
    assert!(hint.is_some_and(|hint| hint.trim().len() > 10), "{run:#?}");
    assert_discreet(run);
}

/// No panic, no URL, no secret, no path, nobody's data.
#[track_caller]
fn assert_discreet(run: &Run) {
    let temporary = std::env::temp_dir();
    let temporary = temporary.to_string_lossy();
    for secret in [
        "panicked",
        "://127",
        "X-Amz",
        TOKEN,
        "@example.com",
        "Pessoa Exemplo",
        "Conceição",
        &*temporary,
    ] {
        assert!(!run.stderr.contains(secret), "{secret}: {run:#?}");
    }
}
