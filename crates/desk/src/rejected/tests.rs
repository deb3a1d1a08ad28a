//! Decisions against a gateway that does not take all of them.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use model::{BatchState, Generation, RowNo, RowState, Seq, StatusEvent, Tally};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use wire::{BatchView, CorrectionAnswer, DeclaredUpload, RowsPage};

use super::*;
use crate::connect::{Connect, Endpoint, Fixed};
use crate::gateway::Gateway;
use crate::home::Home;
use crate::ledger::Ledger;

/// More corrections than this are too large a body.
const MOST: usize = 2;

#[derive(Default)]
struct World {
    batches: BTreeSet<BatchId>,
    followed: Vec<(BatchId, Value)>,
    /// How many corrections each call that was answered had.
    calls: Vec<usize>,
}

type Shared = Arc<Mutex<World>>;

fn refusal(status: StatusCode, code: &str) -> Response {
    let body = json!({"code": code, "message": "no", "request_id": "r-1"});
    (status, Json(body)).into_response()
}

async fn look(State(world): State<Shared>, Path(batch_id): Path<BatchId>) -> Response {
    if !world.lock().expect("free").batches.contains(&batch_id) {
        return refusal(StatusCode::NOT_FOUND, "not-found");
    }
    let declared = DeclaredUpload {
        sha256: String::new(),
        bytes: 0,
        rows: 9,
    };
    Json(BatchView {
        batch_id,
        name: "list".into(),
        state: BatchState::Running,
        declared,
        stored: None,
        version: 7,
        tally: Tally::default(),
        created_by: "bia".into(),
        created_at: Timestamp::UNIX_EPOCH,
        settled_at: None,
    })
    .into_response()
}

async fn follow(
    State(world): State<Shared>,
    Path(batch): Path<BatchId>,
    Json(body): Json<Value>,
) -> Json<()> {
    let mut world = world.lock().expect("free");
    world.followed.push((batch, body));
    Json(())
}

/// Another desk corrected row 9 since, and it was registered.
async fn rows(State(world): State<Shared>) -> Json<RowsPage> {
    let corrected = !world.lock().expect("free").calls.is_empty();
    let event = StatusEvent {
        row_no: RowNo(9),
        generation: Generation(2),
        seq: Seq(7),
        state: RowState::Registered,
        reason: None,
        at: Timestamp::UNIX_EPOCH,
    };
    Json(RowsPage {
        version: 7,
        more: false,
        rows: corrected.then_some(event).into_iter().collect(),
    })
}

async fn correct(
    State(world): State<Shared>,
    Path(batch): Path<BatchId>,
    Json(body): Json<Corrections>,
) -> Response {
    let mut world = world.lock().expect("free");
    if !world.batches.contains(&batch) {
        return refusal(StatusCode::NOT_FOUND, "not-found");
    }
    if body.corrections.len() > MOST {
        return refusal(StatusCode::PAYLOAD_TOO_LARGE, "too-large");
    }
    world.calls.push(body.corrections.len());
    let outcomes = body.corrections.into_iter().map(|one| match one.row_no {
        RowNo(9) => CorrectionOutcome::Held {
            correction_id: one.correction_id,
            row_no: one.row_no,
            by: "Bia".into(),
            until: None,
        },
        row_no => CorrectionOutcome::Accepted {
            correction_id: one.correction_id,
            row_no,
            generation: one.generation.next(),
            state: RowState::Queued,
        },
    });
    let outcomes = outcomes.collect();
    Json(CorrectionAnswer { outcomes }).into_response()
}

struct Desk {
    context: Context,
    world: Shared,
    _folder: tempfile::TempDir,
    _reports: mpsc::UnboundedReceiver<Report>,
}

async fn desk() -> Desk {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let world = Shared::default();
    let router = axum::Router::new()
        .route("/v1/batches/{id}", get(look))
        .route("/v1/batches/{id}/followers", post(follow))
        .route("/v1/batches/{id}/rows", get(rows))
        .route("/v1/batches/{id}/corrections", post(correct))
        .with_state(Arc::clone(&world));
    // Ends with the test's runtime.
    tokio::spawn(async move { axum::serve(listener, router).await });

    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = Home::own(folder.path()).expect("owned");
    let ledger = Ledger::open(&home).expect("opens");
    let connect: Arc<dyn Connect> = Arc::new(Fixed::new(Endpoint {
        gateway: url,
        token: "token".into(),
    }));
    let gateway = Gateway::new(connect).expect("a client");
    let workstation = ledger.workstation("test").expect("an id");
    let (reports, reported) = mpsc::unbounded_channel();
    let context = Context::new(home, ledger, gateway, workstation, "desk".into(), reports);
    context.set_user("ana");
    Desk {
        context,
        world,
        _folder: folder,
        _reports: reported,
    }
}

fn decision(batch_id: BatchId, row_no: u32, name: &str) -> Decision {
    Decision {
        batch_id,
        row_no: RowNo(row_no),
        generation: Generation::FIRST,
        action: CorrectionAction::Send {
            record: [("full_name".to_owned(), name.to_owned())].into(),
        },
    }
}

#[tokio::test]
async fn what_cannot_be_answered_keeps_nothing_else_from_being_sent() {
    let desk = desk().await;
    let [unknown, known] = [1, 2].map(|n| BatchId(uuid::Uuid::from_u128(n)));
    desk.world.lock().expect("free").batches.insert(known);
    let mut decisions = vec![decision(unknown, 1, "Ana")];
    decisions.extend((1..=5).map(|row| decision(known, row, "Bia")));
    decisions.push(decision(known, 6, &"a".repeat(LARGEST_BODY)));
    let outcomes = decide(&desk.context, decisions).await.expect("decided");

    let of = |wanted: BatchId| {
        let outcomes = outcomes.iter().filter(move |(batch, _)| *batch == wanted);
        outcomes.map(|(_, outcome)| outcome)
    };
    assert!(of(unknown).all(|one| matches!(one, CorrectionOutcome::NoSuchRow { .. })));
    let accepted = of(known).filter(|one| matches!(one, CorrectionOutcome::Accepted { .. }));
    assert_eq!(accepted.count(), 5);
    let issue = ("full_name".to_owned(), "too-long".to_owned());
    let too_long = |one: &CorrectionOutcome| matches!(one, CorrectionOutcome::Invalid { row_no: RowNo(6), issues, .. } if *issues == [issue.clone()]);
    assert!(of(known).any(too_long), "{outcomes:?}");
    let waiting = desk.context.ledger.unanswered("test").expect("reads");
    assert!(waiting.is_empty(), "{waiting:?}");
    let world = desk.world.lock().expect("free");
    assert_eq!(world.calls.iter().sum::<usize>(), 5);
}

#[tokio::test]
async fn what_another_desk_did_is_heard_when_it_was_faster() {
    let desk = desk().await;
    let batch = BatchId(uuid::Uuid::from_u128(1));
    desk.world.lock().expect("free").batches.insert(batch);
    let decisions = vec![decision(batch, 9, "Ana")];
    let outcomes = decide(&desk.context, decisions).await.expect("decided");
    assert!(
        matches!(outcomes[..], [(_, CorrectionOutcome::Held { .. })]),
        "{outcomes:?}"
    );
    let row = desk.context.ledger.row(batch, RowNo(9)).expect("reads");
    assert_eq!(row.map(|row| row.state), Some(RowState::Registered));
    // A batch of another desk: its digests come here from now on.
    let asked = json!({"workstation_id": desk.context.workstation_id});
    let followed = &desk.world.lock().expect("free").followed;
    assert_eq!(*followed, [(batch, asked)]);
}
