//! The store through its port.

mod batches;
mod conservation;
mod corrections;
mod outbox;
mod rejected;

use jiff::{SignedDuration, Timestamp};
use model::{
    BatchId, BatchState, CompanyId, CorrectionId, Generation, Reason, ReasonCode, Record, RowKey,
    RowNo, RowState, Schema, SourceFile, WorkstationId,
};
use pipeline::ports::{Applied, Change, NewRow, Principal, Role, RowStore, WorkstationRecord};
use tempfile::TempDir;
use uuid::Uuid;
use wire::{Correction, CorrectionAction, CorrectionOutcome, CreateBatch, DeclaredUpload};

use super::SqliteRowStore;

const BATCH: BatchId = BatchId(Uuid::from_u128(1));
const ANA: WorkstationId = WorkstationId(Uuid::from_u128(0xa));
const BOB: WorkstationId = WorkstationId(Uuid::from_u128(0xb));

fn company(name: &str) -> CompanyId {
    CompanyId::new(name).expect("a company id")
}

fn acme() -> CompanyId {
    company("acme")
}

fn principal(company: CompanyId) -> Principal {
    Principal {
        company,
        user: "ana@acme.example".into(),
        role: Role::Hr,
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds)
}

fn request(batch_id: BatchId) -> CreateBatch {
    CreateBatch {
        batch_id,
        workstation_id: ANA,
        name: "March".into(),
        source: SourceFile {
            name: "march.csv".into(),
            sha256: "aa".into(),
            rows: 3,
        },
        upload: DeclaredUpload {
            sha256: "bb".into(),
            bytes: 100,
            rows: 3,
        },
        schema: Schema {
            name: None,
            fields: Vec::new(),
            primary_key: Vec::new(),
            fallback_key: Vec::new(),
        },
        language: "pt-BR".into(),
    }
}

fn record(name: &str) -> Record {
    Record::from([("full_name".into(), name.into())])
}

fn new_rows(numbers: impl IntoIterator<Item = u32>) -> Vec<NewRow> {
    numbers
        .into_iter()
        .map(|n| NewRow {
            row_no: RowNo(n),
            record: record(&format!("Person {n}")),
        })
        .collect()
}

fn key(row_no: u32, generation: u32) -> RowKey {
    RowKey {
        batch_id: BATCH,
        row_no: RowNo(row_no),
        generation: Generation(generation),
    }
}

fn change(row_no: u32, generation: u32, state: RowState) -> Change {
    Change {
        company: acme(),
        key: key(row_no, generation),
        state,
        reason: (state == RowState::Rejected)
            .then(|| Reason::new(ReasonCode::UnknownDepartment).at("department")),
    }
}

fn correction(id: u128, row_no: u32, generation: u32, action: CorrectionAction) -> Correction {
    Correction {
        correction_id: CorrectionId(Uuid::from_u128(id)),
        row_no: RowNo(row_no),
        generation: Generation(generation),
        action,
    }
}

fn send(name: &str) -> CorrectionAction {
    CorrectionAction::Send {
        record: record(name),
    }
}

/// A store in a folder of its own, where Ana and Bob of Acme have their desks.
struct Trial {
    store: SqliteRowStore,
    folder: TempDir,
}

impl Trial {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = SqliteRowStore::open(&folder.path().join("rows.db")).expect("opens");
        for (workstation_id, desk_name) in [(ANA, "Ana"), (BOB, "Bob")] {
            let known = store
                .put_workstation(&WorkstationRecord {
                    workstation_id,
                    company: acme(),
                    user: "someone".into(),
                    desk_name: desk_name.into(),
                    status_queue: format!("muster-status-{desk_name}"),
                })
                .await;
            assert_eq!(known.ok(), Some(true));
        }
        Self { store, folder }
    }

    /// As after a kill: another process opens the same file.
    fn reopened(self) -> Self {
        let Self { store, folder } = self;
        drop(store);
        let store = SqliteRowStore::open(&folder.path().join("rows.db")).expect("opens again");
        Self { store, folder }
    }

    async fn create(&self) {
        let created = self
            .store
            .create_batch(&principal(acme()), &request(BATCH), at(0))
            .await;
        created.expect("creates");
    }

    async fn insert(&self, numbers: impl IntoIterator<Item = u32>) {
        let rows = new_rows(numbers);
        let inserted = self.store.insert_rows(&acme(), BATCH, &rows, at(1)).await;
        inserted.expect("inserts");
    }

    /// A batch whose rows 1 to `rows` are all in their lane.
    async fn running(rows: u32) -> Self {
        let trial = Self::new().await;
        trial.create().await;
        trial.insert(1..=rows).await;
        let extracted = trial.store.set_extracted(&acme(), BATCH, at(2)).await;
        extracted.expect("extracts");
        trial
    }

    async fn apply(&self, changes: &[Change]) -> Vec<Applied> {
        let applied = self.store.apply(changes, at(3)).await;
        applied.expect("applies")
    }

    async fn view(&self) -> wire::BatchView {
        let batch = self.store.batch(&acme(), BATCH).await.expect("answers");
        batch.expect("is there").view
    }

    async fn batch_state(&self) -> BatchState {
        self.view().await.state
    }

    async fn claim(
        &self,
        workstation: WorkstationId,
        correction: &Correction,
        now: Timestamp,
    ) -> CorrectionOutcome {
        self.store
            .claim(&principal(acme()), BATCH, workstation, correction, now)
            .await
            .expect("decides")
    }
}
