//! One batch of good rows through a pipeline of its own.

use model::{BatchId, RowState};
use tempfile::TempDir;
use tests::{Desk, Gateway, Pipeline, clean_roster, until};
use wire::demo::RequestCount;
use wire::{BatchList, BatchView};

pub struct Batch {
    pub gateway: Gateway,
    pub id: BatchId,
    /// SQS requests before it was sent, and when all was quiet again.
    pub before: Vec<RequestCount>,
    pub after: Vec<RequestCount>,
    _pipeline: Pipeline,
    _folder: TempDir,
}

impl Batch {
    /// Sends so many rows and waits until each is registered and welcomed.
    pub async fn onboard(rows: u32) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let list = folder.path().join("people.csv");
        std::fs::write(&list, clean_roster(rows)).expect("the list");
        let pipeline = Pipeline::start(&folder.path().join("pipeline"));
        let gateway = pipeline.gateway();
        let before = gateway.get("/v1/demo/requests").await;
        let desk = Desk::new(&folder.path().join("desk"), "bench", &pipeline.endpoint);
        let run = desk.run(&["onboard", &list.to_string_lossy(), "--yes"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let batches: BatchList = gateway.get("/v1/batches").await;
        let id = batches.batches.first().expect("a batch").batch_id;
        until("every e-mail is out", async || {
            let view: BatchView = gateway.get(&format!("/v1/batches/{id}")).await;
            (view.tally.of(RowState::Notified) == u64::from(rows)).then_some(())
        })
        .await;
        let after = gateway.get("/v1/demo/requests").await;
        Self {
            gateway,
            id,
            before,
            after,
            _pipeline: pipeline,
            _folder: folder,
        }
    }
}
