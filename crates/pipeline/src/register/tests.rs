//! Register against a registry that answers in every way it can.

use std::sync::Mutex;

use jiff::Timestamp;
use model::{BatchId, BatchState, CompanyId, Generation, RowKey, RowNo, Schema, Seq, StatusEvent};
use uuid::Uuid;
use wire::{BatchView, CreateBatch, DeclaredUpload};

use super::*;
use crate::ports::{
    Batch, Checkpoint, MockEventBus, MockQueue, MockRegistrationApi, MockRowStore, QueueFaults,
};

/// What the world did, in order.
type Journal = Arc<Mutex<Vec<String>>>;

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

fn company() -> CompanyId {
    CompanyId::new("embedded").unwrap()
}

fn key() -> RowKey {
    RowKey {
        batch_id: BatchId(Uuid::nil()),
        row_no: RowNo(7),
        generation: Generation::FIRST,
    }
}

fn registration() -> Registration {
    Registration {
        person_id: Uuid::nil(),
        key: key(),
        registered_at: Timestamp::UNIX_EPOCH,
    }
}

fn received(receive_count: u32) -> Received {
    let record = [("document", "52998224725"), ("email", "ana@example.com")];
    let message = LaneMessage {
        company: company(),
        key: key(),
        record: record.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
    };
    Received {
        message_id: "m".into(),
        receipt_handle: "r".into(),
        body: Versioned::new(message).to_json(),
        receive_count,
        group: None,
    }
}

fn batch() -> Batch {
    let declared = DeclaredUpload {
        sha256: String::new(),
        bytes: 1,
        rows: 1,
    };
    let request = CreateBatch {
        batch_id: key().batch_id,
        workstation_id: model::WorkstationId(Uuid::nil()),
        name: "n".into(),
        source: model::SourceFile {
            name: "f".into(),
            sha256: String::new(),
            rows: 1,
        },
        upload: declared.clone(),
        schema: Schema::employee(),
        language: "en".into(),
    };
    let view = BatchView {
        batch_id: key().batch_id,
        name: "n".into(),
        state: BatchState::Running,
        declared,
        stored: None,
        version: 1,
        tally: model::Tally::default(),
        created_by: "ana".into(),
        created_at: Timestamp::UNIX_EPOCH,
        settled_at: None,
    };
    Batch {
        company: company(),
        request,
        view,
        checkpoint: Checkpoint::default(),
    }
}

/// A store whose row stands at `state` and `generation` after every change.
fn store(journal: &Journal, generation: u32, state: RowState) -> MockRowStore {
    let mut store = MockRowStore::new();
    let journal = Arc::clone(journal);
    store.expect_batch().returning(|_, _| Ok(Some(batch())));
    store.expect_apply().returning(move |changes, _| {
        let applied = changes.iter().map(|change| {
            journal.lock().unwrap().push(change.state.to_string());
            Applied {
                changed: true,
                now: Some(StatusEvent {
                    row_no: change.key.row_no,
                    generation: Generation(generation),
                    seq: Seq(2),
                    state,
                    reason: None,
                    at: Timestamp::UNIX_EPOCH,
                }),
            }
        });
        Ok(applied.collect())
    });
    store
}

fn noting_queue(journal: &Journal) -> MockQueue {
    let mut queue = MockQueue::new();
    let journal = Arc::clone(journal);
    queue.expect_send().returning(move |_| {
        journal.lock().unwrap().push("refusal".into());
        Ok(QueueFaults::default())
    });
    queue
}

fn noting_bus(journal: &Journal) -> MockEventBus {
    let mut bus = MockEventBus::new();
    let journal = Arc::clone(journal);
    bus.expect_registered().returning(move |events| {
        if !events.is_empty() {
            journal.lock().unwrap().push("event".into());
        }
        Ok(())
    });
    bus
}

/// What became of the message, and what the world did.
async fn verdict(
    api: MockRegistrationApi,
    receive_count: u32,
    generation: u32,
    state: RowState,
) -> (bool, Vec<String>) {
    let journal = Journal::default();
    let register = Register::new(
        Arc::new(store(&journal, generation, state)),
        Arc::new(api),
        Arc::new(noting_queue(&journal)),
        Arc::new(noting_bus(&journal)),
        Arc::new(Noon),
        20,
    );
    let verdicts = register.handle(&[received(receive_count)]).await;
    let did = journal.lock().unwrap().clone();
    (verdicts == [Done::Delete], did)
}

fn api_that(answer: fn() -> Result<RegisterAnswer, RegistrationFault>) -> MockRegistrationApi {
    let mut api = MockRegistrationApi::new();
    api.expect_register().times(1).returning(move |_| answer());
    api
}

#[tokio::test]
async fn a_registered_person_is_written_down_and_told_before_the_message_goes() {
    let api = api_that(|| Ok(RegisterAnswer::Registered(registration())));
    let (deleted, did) = verdict(api, 1, 1, RowState::Registering).await;
    assert!(deleted);
    assert_eq!(did, ["registering", "registered", "event"]);
}

#[tokio::test]
async fn a_refusal_goes_to_triage() {
    let api = api_that(|| {
        Ok(RegisterAnswer::Refused(Reason::new(
            ReasonCode::AlreadyRegistered,
        )))
    });
    let (deleted, did) = verdict(api, 1, 1, RowState::Registering).await;
    assert!(deleted);
    assert_eq!(did, ["registering", "refusal"]);
}

#[tokio::test]
async fn a_fault_is_not_a_refusal() {
    let api = api_that(|| Err(RegistrationFault::Failed("503".into())));
    let (deleted, did) = verdict(api, 1, 1, RowState::Registering).await;
    assert!(!deleted);
    assert_eq!(did, ["registering", "queued"]);
}

#[tokio::test]
async fn a_lost_answer_is_looked_up() {
    let mut api = api_that(|| Err(RegistrationFault::TimedOut));
    api.expect_look_up()
        .times(1)
        .returning(|_, _| Ok(Some(registration())));
    let (deleted, did) = verdict(api, 1, 1, RowState::Registering).await;
    assert!(deleted);
    assert_eq!(did, ["registering", "registered", "event"]);
}

#[tokio::test]
async fn what_nobody_knows_is_unknown() {
    let mut api = api_that(|| Err(RegistrationFault::TimedOut));
    api.expect_look_up().times(1).returning(|_, _| Ok(None));
    let (deleted, did) = verdict(api, 1, 1, RowState::Registering).await;
    assert!(!deleted);
    assert_eq!(did, ["registering", "unknown"]);
}

#[tokio::test]
async fn a_message_that_was_here_before_is_looked_up_before_it_is_sent_again() {
    let mut api = MockRegistrationApi::new();
    api.expect_look_up()
        .times(1)
        .returning(|_, _| Ok(Some(registration())));
    let (deleted, did) = verdict(api, 2, 1, RowState::Registering).await;
    assert!(deleted);
    assert_eq!(did, ["registering", "registered", "event"]);
}

#[tokio::test]
async fn a_registered_row_whose_event_was_not_sent_tells_it_again() {
    let mut api = MockRegistrationApi::new();
    api.expect_look_up()
        .returning(|_, _| Ok(Some(registration())));
    let (deleted, did) = verdict(api, 2, 1, RowState::Registered).await;
    assert!(deleted);
    assert!(did.contains(&"event".to_owned()));
}

#[tokio::test]
async fn a_message_of_an_earlier_generation_calls_nobody() {
    let (deleted, did) = verdict(MockRegistrationApi::new(), 1, 2, RowState::Queued).await;
    assert!(deleted);
    assert_eq!(did, ["registering"]);
}

#[tokio::test]
async fn what_is_no_lane_message_is_left_for_the_dead_letter_queue() {
    let journal = Journal::default();
    let register = Register::new(
        Arc::new(store(&journal, 1, RowState::Registering)),
        Arc::new(MockRegistrationApi::new()),
        Arc::new(noting_queue(&journal)),
        Arc::new(noting_bus(&journal)),
        Arc::new(Noon),
        20,
    );
    let mut message = received(1);
    message.body = "{}".into();
    assert!(matches!(
        register.handle(&[message]).await[..],
        [Done::Retry(_)]
    ));
}
