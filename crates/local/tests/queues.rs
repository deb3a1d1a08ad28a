//! The adapters of `aws` over the embedded queues.

#![allow(clippy::expect_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use aws::sqs::{QueueTerms, SqsQueue, SqsQueues};
use aws::{Connection, Credentials, PortError, Renew, RenewFault, Renewed, SendEntry};
use aws_sdk_sqs::config::retry::RetryConfig;
use aws_sdk_sqs::error::ProvideErrorMetadata;
use aws_sdk_sqs::types::QueueAttributeName;
use aws_smithy_async::time::StaticTimeSource;
use jiff::Timestamp;
use local::identity::{Identities, Identity, Policy};
use local::loopback::{self, Door};
use local::sqs::{self, Sqs};
use tokio_util::sync::{CancellationToken, DropGuard};

const NO_WAIT: Duration = Duration::ZERO;

struct Server {
    url: String,
    identities: Arc<Identities>,
    _stop: DropGuard,
    _folder: tempfile::TempDir,
}

async fn server() -> Server {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let identities = Arc::new(Identities::default());
    identities.put(identity("OWNER", None, None, Policy::Owner));
    let now = Arc::new(Timestamp::now);
    let file = folder.path().join("queues.db");
    let opened = Sqs::open(&file, Arc::clone(&identities), now).await;
    let sqs = opened.expect("opens");
    let door = Door::bind(None).await.expect("binds");
    let url = door.url();
    sqs.set_base_url(&url);
    let stop = CancellationToken::new();
    let router = sqs::router(Arc::new(sqs));
    tokio::spawn(door.serve(router, loopback::not_from_here, stop.clone()));
    Server {
        url,
        identities,
        _stop: stop.drop_guard(),
        _folder: folder,
    }
}

impl Server {
    fn connection(&self, credentials: Credentials) -> Connection {
        Connection {
            endpoint: Some(self.url.clone()),
            region: "us-east-1".into(),
            credentials,
        }
    }

    fn owner(&self) -> Connection {
        self.connection(Credentials::Static {
            access_key_id: "OWNER".into(),
            secret_access_key: secret("OWNER"),
            session_token: None,
        })
    }

    fn queues(&self) -> SqsQueues {
        SqsQueues::new(&self.owner(), QueueTerms::of)
    }
}

fn identity(id: &str, token: Option<&str>, ends: Option<Timestamp>, policy: Policy) -> Identity {
    Identity {
        access_key_id: id.into(),
        secret_access_key: secret(id),
        session_token: token.map(str::to_owned),
        expires_at: ends,
        policy,
    }
}

/// As long as AWS makes them.
fn secret(id: &str) -> String {
    format!("{id:x<40}")
}

fn entry(body: impl Into<String>) -> SendEntry {
    SendEntry {
        body: body.into(),
        group: None,
        delay: None,
    }
}

async fn take_all(queue: &SqsQueue) -> Vec<aws::Received> {
    let mut all = Vec::new();
    loop {
        let some = queue.receive(10, NO_WAIT).await.expect("receives");
        if some.is_empty() {
            return all;
        }
        all.extend(some);
    }
}

#[tokio::test]
async fn any_number_is_sent_received_and_deleted() {
    let server = server().await;
    let queue = server.queues().ensure("many").await.expect("is made");
    let entries = (0..25).map(|n| entry(format!("body {n}"))).collect();
    assert_eq!(queue.send(entries).await.expect("sends").0, []);
    let received = take_all(&queue).await;
    let mut bodies: Vec<_> = received.iter().map(|message| &message.body).collect();
    bodies.sort();
    bodies.dedup();
    assert_eq!(bodies.len(), 25);
    assert!(received.iter().all(|message| message.receive_count == 1));
    let handles = received.into_iter().map(|message| message.receipt_handle);
    let faults = queue.delete(handles.collect()).await.expect("deletes");
    assert_eq!(faults.0, []);
    assert_eq!(queue.send(vec![]).await.expect("sends nothing").0, []);
    assert_eq!(queue.delete(vec![]).await.expect("deletes nothing").0, []);
}

#[tokio::test]
async fn what_fits_no_request_together_goes_in_several() {
    let server = server().await;
    let queue = server.queues().ensure("large").await.expect("is made");
    let large = "x".repeat(600_000);
    let entries = vec![entry(&large), entry("small"), entry(&large)];
    assert_eq!(queue.send(entries).await.expect("sends").0, []);
    assert_eq!(take_all(&queue).await.len(), 3);
}

#[tokio::test]
async fn an_entry_that_fails_is_named_and_stops_no_other() {
    let server = server().await;
    let queue = server.queues().ensure("some").await.expect("is made");
    let mut late = entry("too late");
    late.delay = Some(Duration::from_secs(901));
    let mut entries: Vec<_> = (0..12).map(|n| entry(format!("body {n}"))).collect();
    entries[11] = late;
    let faults = queue.send(entries).await.expect("sends");
    assert_eq!(faults.0, [(11, "InvalidParameterValue".to_owned())]);
    let received = take_all(&queue).await;
    assert_eq!(received.len(), 11);
    let mut handles: Vec<_> = received.into_iter().map(|m| m.receipt_handle).collect();
    handles[10] = "nonsense".into();
    let faults = queue.delete(handles).await.expect("deletes");
    assert_eq!(faults.0, [(10, "ReceiptHandleIsInvalid".to_owned())]);
}

#[tokio::test]
async fn a_message_goes_to_the_dead_letters_after_three_receives() {
    let server = server().await;
    let queues = server.queues();
    let queue = queues.ensure("muster-batch-lane").await.expect("is made");
    queue.send(vec![entry("poison")]).await.expect("sends");
    for count in 1..=3 {
        let received = take_all(&queue).await;
        let [message] = received.as_slice() else {
            panic!("one message, not {}", received.len());
        };
        assert_eq!(message.receive_count, count);
        let back = queue.change_visibility(&message.receipt_handle, NO_WAIT);
        back.await.expect("gives it back");
    }
    assert_eq!(take_all(&queue).await, []);
    let dead = queues
        .open("muster-batch-lane-dlq")
        .await
        .expect("is there");
    assert_eq!(take_all(&dead).await.len(), 1);
}

#[tokio::test]
async fn ensuring_again_changes_the_terms_of_a_queue_that_is_there() {
    let server = server().await;
    let other: fn(&str) -> QueueTerms = |name| QueueTerms {
        visibility: Duration::from_secs(7),
        ..QueueTerms::of(name)
    };
    let name = "muster-email";
    let first = server.queues().ensure(name).await.expect("is made");
    let again = SqsQueues::new(&server.owner(), other);
    let second = again.ensure(name).await.expect("is changed");
    assert_eq!(first.url(), second.url());
    let client = sdk(&server, SystemTime::now(), RetryConfig::disabled());
    let asked = client
        .get_queue_attributes()
        .queue_url(second.url())
        .attribute_names(QueueAttributeName::All)
        .send()
        .await
        .expect("answers");
    let attributes = asked.attributes.expect("has attributes");
    let get = |name: QueueAttributeName| attributes.get(&name).map(String::as_str);
    assert_eq!(get(QueueAttributeName::VisibilityTimeout), Some("7"));
    assert_eq!(
        get(QueueAttributeName::MessageRetentionPeriod),
        Some("345600")
    );
    let policy = get(QueueAttributeName::RedrivePolicy).expect("dies somewhere");
    assert!(policy.contains("muster-email-dlq"), "{policy}");
}

#[tokio::test]
async fn what_is_not_there_is_refused_and_what_does_not_answer_is_unavailable() {
    let server = server().await;
    let queues = server.queues();
    assert!(matches!(
        queues.open("nothing").await,
        Err(PortError::Refused { .. })
    ));
    let mut nowhere = server.owner();
    nowhere.endpoint = Some("http://127.0.0.1:1".into());
    let queue = SqsQueue::new(&nowhere, "http://127.0.0.1:1/000000000000/q");
    let error = queue.send(vec![entry("x")]).await.expect_err("nobody");
    assert_eq!(error.to_string(), "queues does not answer: no connection");
}

/// Gives at first keys that the server does not know (0) or that have ended by its clock (10),
/// and then good ones.
struct Desk(AtomicU32);

#[async_trait]
impl Renew for Desk {
    async fn renew(&self) -> Result<Renewed, RenewFault> {
        let id = match self.0.fetch_add(1, Ordering::SeqCst) {
            0 => "FORGOTTEN",
            10 => "ENDED",
            1 | 11 => "GOOD",
            _ => return Err(RenewFault("asked too often".into())),
        };
        Ok(Renewed {
            credentials: wire::Credentials {
                access_key_id: id.into(),
                secret_access_key: secret(id),
                session_token: "token".into(),
                expires_at: Timestamp::now(),
            },
            valid_for: Duration::from_secs(3600),
        })
    }
}

#[tokio::test]
async fn keys_that_ended_are_renewed_once_and_open_their_queues_only() {
    let server = server().await;
    let policy = Policy::Queues(vec!["muster-status-a".into()]);
    let hour = Timestamp::now() + Duration::from_secs(3600);
    for (id, ends) in [("ENDED", Timestamp::UNIX_EPOCH), ("GOOD", hour)] {
        let known = identity(id, Some("token"), Some(ends), policy.clone());
        server.identities.put(known);
    }
    let owner = server.queues();
    let mine = owner.ensure("muster-status-a").await.expect("is made");
    let other = owner.ensure("muster-status-b").await.expect("is made");

    let connect = |first: u32| {
        let desk = Arc::new(Desk(AtomicU32::new(first)));
        let renew = Arc::clone(&desk) as Arc<dyn Renew>;
        (desk, server.connection(Credentials::Renewed(renew)))
    };
    for first in [0, 10] {
        let (desk, connection) = connect(first);
        let status = SqsQueue::new(&connection, mine.url());
        mine.send(vec![entry("for a")]).await.expect("sends");
        let received = take_all(&status).await;
        assert_eq!(received.len(), 1);
        let handles = received.into_iter().map(|message| message.receipt_handle);
        status.delete(handles.collect()).await.expect("deletes");
        assert_eq!(desk.0.load(Ordering::SeqCst), first + 2);
    }

    let (_, connection) = connect(1);
    let refused = SqsQueue::new(&connection, other.url());
    assert!(matches!(
        refused.receive(1, NO_WAIT).await,
        Err(PortError::Refused { .. })
    ));
}

fn sdk(server: &Server, now: SystemTime, retries: RetryConfig) -> aws_sdk_sqs::Client {
    let keys = aws_sdk_sqs::config::Credentials::new("OWNER", secret("OWNER"), None, None, "test");
    let config = aws_sdk_sqs::Config::builder()
        .behavior_version_latest()
        .endpoint_url(&server.url)
        .region(aws_sdk_sqs::config::Region::new("us-east-1"))
        .credentials_provider(keys)
        .time_source(StaticTimeSource::new(now))
        .retry_config(retries)
        .build();
    aws_sdk_sqs::Client::from_conf(config)
}

#[tokio::test]
async fn the_sdk_follows_the_servers_clock() {
    let server = server().await;
    let hour = Duration::from_secs(3600);
    let now = SystemTime::now();
    for wrong in [now - hour, now + hour] {
        let once = sdk(&server, wrong, RetryConfig::disabled());
        let refused = once.list_queues().send().await.expect_err("is refused");
        assert!(refused.code().is_some());
        let corrected = sdk(&server, wrong, RetryConfig::standard());
        corrected.list_queues().send().await.expect("is corrected");
    }
}
