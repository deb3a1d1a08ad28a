//! Sending against a gateway and an object store that misbehave as they do in the field.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use jiff::{SignedDuration, Timestamp};
use model::{BatchId, RowNo, RowState, Schema, SourceFile, Tally};
use serde_json::json;
use tokio::sync::mpsc;
use wire::{BatchView, DeclaredUpload, PresignedPut, StoredUpload};

use super::*;
use crate::connect::{Connect, Endpoint, Fixed};
use crate::gateway::Gateway;
use crate::home::Home;
use crate::ledger::{Ledger, NewRow};
use crate::outgoing::{self, Outgoing, Terms};

const BODY: &[u8] = b"row_no,full_name\r\n1,Ana\r\n";

/// How one PUT is answered.
#[derive(Clone, Copy, Debug)]
enum Says {
    Stored,
    /// It is stored, and the answer is lost.
    StoredUnheard,
    Expired,
    SlowDown,
    BadDigest,
    /// Another attempt was faster, with a file of this hash.
    Exists(&'static str),
}

#[derive(Default)]
struct World {
    script: VecDeque<Says>,
    /// Answers to `POST /v1/batches` before it works.
    refusals: VecDeque<(StatusCode, &'static str)>,
    stored: Option<String>,
    puts: u32,
    urls: u32,
    url: String,
    /// How far the server's clock is ahead.
    ahead: SignedDuration,
}

type Shared = Arc<Mutex<World>>;

struct List;

impl Outgoing for List {
    fn source(&self) -> SourceFile {
        SourceFile {
            name: "list.csv".into(),
            sha256: "aa".into(),
            rows: 1,
        }
    }

    fn schema(&self) -> &Schema {
        static SCHEMA: std::sync::LazyLock<Schema> = std::sync::LazyLock::new(Schema::employee);
        &SCHEMA
    }

    fn write_canonical(&self, out: &mut dyn Write) -> io::Result<DeclaredUpload> {
        out.write_all(BODY)?;
        Ok(DeclaredUpload {
            sha256: "the hash".into(),
            bytes: BODY.len() as u64,
            rows: 1,
        })
    }

    fn rows(&self) -> Box<dyn Iterator<Item = NewRow> + '_> {
        Box::new(std::iter::once(NewRow {
            row_no: RowNo(1),
            line: 2,
            record: Some(Default::default()),
        }))
    }
}

fn view(world: &World, batch_id: BatchId) -> BatchView {
    BatchView {
        batch_id,
        name: "list".into(),
        state: match world.stored {
            Some(_) => BatchState::Received,
            None => BatchState::AwaitingUpload,
        },
        declared: DeclaredUpload {
            sha256: "the hash".into(),
            bytes: BODY.len() as u64,
            rows: 1,
        },
        stored: world.stored.clone().map(|sha256| StoredUpload {
            sha256,
            bytes: BODY.len() as u64,
        }),
        version: 0,
        tally: Tally::default(),
        created_by: "ana".into(),
        created_at: Timestamp::UNIX_EPOCH,
        settled_at: None,
    }
}

async fn create(State(world): State<Shared>, Json(body): Json<CreateBatch>) -> Response {
    let mut world = world.lock().expect("free");
    if let Some((status, code)) = world.refusals.pop_front() {
        let body = json!({"code": code, "message": "no", "request_id": "r-1"});
        return (status, Json(body)).into_response();
    }
    let batch = view(&world, body.batch_id);
    let now = Timestamp::now().checked_add(world.ahead).expect("a time");
    let upload = world.stored.is_none().then(|| {
        world.urls += 1;
        PresignedPut {
            url: format!("{}/put", world.url),
            headers: [("content-length".to_owned(), BODY.len().to_string())].into(),
            expires_at: now + SignedDuration::from_secs(60),
        }
    });
    let zoned = now.to_zoned(jiff::tz::TimeZone::UTC);
    let date = jiff::fmt::rfc2822::DateTimePrinter::new()
        .timestamp_to_rfc9110_string(&zoned.timestamp())
        .expect("a date");
    let mut headers = HeaderMap::new();
    headers.insert(header::DATE, date.parse().expect("a header"));
    (headers, Json(CreateBatchAnswer { batch, upload })).into_response()
}

async fn look(State(world): State<Shared>, Path(id): Path<BatchId>) -> Json<BatchView> {
    Json(view(&world.lock().expect("free"), id))
}

async fn store(State(world): State<Shared>, body: axum::body::Bytes) -> Response {
    let mut world = world.lock().expect("free");
    assert_eq!(&body[..], BODY);
    world.puts += 1;
    let says = world.script.pop_front().unwrap_or(Says::Stored);
    match says {
        Says::Stored | Says::StoredUnheard => world.stored = Some("the hash".into()),
        Says::Exists(hash) => world.stored = Some(hash.into()),
        Says::Expired | Says::SlowDown | Says::BadDigest => {}
    }
    let (status, code) = match says {
        Says::Stored => return StatusCode::OK.into_response(),
        Says::StoredUnheard => (StatusCode::BAD_GATEWAY, ""),
        Says::Expired => (StatusCode::FORBIDDEN, "AccessDenied"),
        Says::SlowDown => (StatusCode::SERVICE_UNAVAILABLE, "SlowDown"),
        Says::BadDigest => (StatusCode::BAD_REQUEST, "BadDigest"),
        Says::Exists(_) => (StatusCode::PRECONDITION_FAILED, "PreconditionFailed"),
    };
    (status, format!("<Error><Code>{code}</Code></Error>")).into_response()
}

struct Desk {
    context: Context,
    world: Shared,
    batch: BatchId,
    _folder: tempfile::TempDir,
    _reports: mpsc::UnboundedReceiver<Report>,
}

async fn desk(script: impl IntoIterator<Item = Says>) -> Desk {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let world = Shared::default();
    {
        let mut world = world.lock().expect("free");
        world.url.clone_from(&url);
        world.script = script.into_iter().collect();
    }
    let router = axum::Router::new()
        .route("/v1/batches", post(create))
        .route("/v1/batches/{id}", get(look))
        .route("/put", put(store))
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
    let terms = Terms {
        name: "list".into(),
        language: "en".into(),
    };
    let now = Timestamp::now();
    let batch = outgoing::journal(&home, &ledger, "test", &List, terms, "ana".into(), now);
    let batch = batch.expect("journalled");
    let workstation = ledger.workstation("test").expect("an id");
    let (reports, reported) = mpsc::unbounded_channel();
    let context = Context::new(home, ledger, gateway, workstation, "desk".into(), reports);
    Desk {
        context,
        world,
        batch,
        _folder: folder,
        _reports: reported,
    }
}

impl Desk {
    async fn send(&self) -> DeskResult<()> {
        send(&self.context, self.batch).await
    }

    fn step(&self) -> Step {
        let entry = self.context.ledger.batch(self.batch).expect("reads");
        entry.expect("there").step
    }

    fn sent(&self) -> u64 {
        let tally = self.context.ledger.tally(self.batch).expect("reads");
        tally.of(RowState::Sent)
    }
}

#[tokio::test]
async fn what_passes_is_waited_out_and_the_file_is_stored_once() {
    for script in [
        vec![Says::Stored],
        vec![Says::Expired, Says::Stored],
        vec![Says::SlowDown, Says::Stored],
        // The answer is lost: the second look finds the file there, with our hash.
        vec![Says::StoredUnheard],
    ] {
        let desk = desk(script.clone()).await;
        let outcome = desk.send().await;
        assert!(outcome.is_ok(), "{script:?}: {outcome:?}");
        assert_eq!((desk.step(), desk.sent()), (Step::Sent, 1), "{script:?}");
        assert!(desk.send().await.is_ok(), "again is nothing");
        let world = desk.world.lock().expect("free");
        assert_eq!(world.puts as usize, script.len(), "{script:?}");
    }
}

#[tokio::test]
async fn what_lies_there_already_is_ours_or_it_is_said() {
    for (hash, ours) in [("the hash", true), ("another", false)] {
        let desk = desk([Says::Exists(hash)]).await;
        let outcome = desk.send().await;
        assert_eq!(outcome.is_ok(), ours, "{outcome:?}");
        if !ours {
            assert!(matches!(outcome, Err(DeskError::StoredDiffers)));
            assert_eq!(desk.sent(), 0);
        }
    }
}

#[tokio::test]
async fn a_file_that_changed_on_its_way_is_not_sent_again_and_again() {
    let desk = desk([Says::BadDigest]).await;
    let outcome = desk.send().await;
    assert!(
        matches!(outcome, Err(DeskError::UploadCorrupt)),
        "{outcome:?}"
    );
    assert_eq!(desk.world.lock().expect("free").puts, 1);
    assert_eq!(desk.step(), Step::Created);

    std::fs::remove_file(desk.context.home.outbox_file(desk.batch)).expect("removed");
    let outcome = desk.send().await;
    assert!(matches!(outcome, Err(DeskError::OutboxGone)), "{outcome:?}");
    assert!(cancel(&desk.context, desk.batch).await.expect("called off"));
    assert_eq!(desk.step(), Step::Cancelled);
}

#[tokio::test]
async fn a_url_that_is_never_good_is_given_up() {
    let desk = desk([Says::Expired; 9]).await;
    let outcome = desk.send().await;
    let refused = matches!(outcome, Err(DeskError::UploadRefused { status: 403, .. }));
    assert!(refused, "{outcome:?}");
    assert_eq!(desk.world.lock().expect("free").urls, RENEWALS + 1);
}

#[tokio::test]
async fn the_gateways_refusals_are_told_by_code_and_its_faults_are_tried_again() {
    for (status, code, said) in [
        (StatusCode::UNAUTHORIZED, "token-refused", "token-refused"),
        (StatusCode::FORBIDDEN, "not-allowed", "not-allowed"),
        (StatusCode::CONFLICT, "batch-differs", "batch-differs"),
    ] {
        let desk = desk([]).await;
        desk.world.lock().expect("free").refusals = [(status, code)].into();
        let error = desk.send().await.expect_err("refused");
        assert_eq!((error.code(), error.is_transient()), (said, false));
    }
    let desk = desk([]).await;
    let faults = [
        (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
    ];
    desk.world.lock().expect("free").refusals = faults.into();
    assert!(desk.send().await.is_ok());
}

#[tokio::test]
async fn a_clock_that_is_an_hour_off_is_told_and_corrected_for() {
    let desk = desk([]).await;
    let hour = SignedDuration::from_hours(1);
    // By this machine's clock every URL has expired before it is made.
    desk.world.lock().expect("free").ahead = -hour;
    assert!(desk.send().await.is_ok());
    let off = desk.context.gateway.clock().off_by().expect("it is told");
    assert!((off + hour).abs() < SignedDuration::from_secs(60), "{off}");
}
