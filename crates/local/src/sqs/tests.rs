//! The whole of it against a simple model, with restarts: nothing acknowledged is lost, and what is
//! known after a restart is what was known before.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const START: Millis = 1_700_000_000_000;

/// The store over a file, by a clock that is held, with a queue `q` and its dead letters.
struct Held {
    sqs: Sqs,
    clock: Arc<AtomicI64>,
    folder: tempfile::TempDir,
}

async fn open(folder: &tempfile::TempDir, clock: &Arc<AtomicI64>) -> Sqs {
    let time = Arc::clone(clock);
    let now: Now =
        Arc::new(move || Timestamp::from_millisecond(time.load(Ordering::SeqCst)).expect("a time"));
    let file = folder.path().join("sqs.db");
    Sqs::open(&file, Arc::default(), now).await.expect("opens")
}

impl Held {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Arc::new(AtomicI64::new(START));
        let sqs = open(&folder, &clock).await;
        sqs.ensure_queue("q-dlq", &[]).await.expect("makes");
        let redrive = redrive_policy("q-dlq", 2);
        let attributes = [
            ("RedrivePolicy", redrive.as_str()),
            ("VisibilityTimeout", "10"),
        ];
        sqs.ensure_queue("q", &attributes).await.expect("makes");
        Self { sqs, clock, folder }
    }

    async fn restart(&mut self) {
        // What nobody waited for is written, too.
        self.sqs.db.write(|_| Ok(())).await.expect("writes");
        self.sqs = open(&self.folder, &self.clock).await;
    }

    fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }

    async fn send(&self, bodies: &[String]) {
        let entries = bodies.iter().enumerate();
        let entries: Vec<_> = entries
            .map(|(n, body)| json!({ "Id": n.to_string(), "MessageBody": body }))
            .collect();
        let call = serde_json::from_value(json!({ "Entries": entries })).expect("a call");
        self.sqs
            .send_message_batch("q", "me", call)
            .await
            .expect("sends");
    }

    /// Body, receipt handle and receive count of what there is.
    async fn receive(&self, queue: &str, most: usize) -> Vec<(String, String, String)> {
        let call = json!({ "MaxNumberOfMessages": most, "AttributeNames": ["All"] });
        let call = serde_json::from_value(call).expect("a call");
        let answer = self
            .sqs
            .receive_message(queue, call)
            .await
            .expect("receives");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let messages = answer["Messages"].as_array().cloned().unwrap_or_default();
        let parts = messages.iter().map(|message| {
            let count = text(&message["Attributes"]["ApproximateReceiveCount"]);
            (
                text(&message["Body"]),
                text(&message["ReceiptHandle"]),
                count,
            )
        });
        parts.collect()
    }

    async fn delete(&self, queue: &str, handle: &str) {
        let call = serde_json::from_value(json!({ "ReceiptHandle": handle })).expect("a call");
        self.sqs.delete_message(queue, call).await.expect("deletes");
    }

    async fn hide(&self, handle: &str, seconds: i64) -> bool {
        let call = json!({ "ReceiptHandle": handle, "VisibilityTimeout": seconds });
        let call = serde_json::from_value(call).expect("a call");
        self.sqs.change_message_visibility("q", call).await.is_ok()
    }

    fn tally(&self, name: &str) -> line::Tally {
        let mut queues = self.sqs.lock();
        let id = queues.named(name).expect("is there").id;
        self.sqs.settle(&mut queues, id, self.sqs.time());
        queues.named(name).expect("is there").line.tally()
    }
}

#[derive(Clone, Debug)]
enum Step {
    Send(usize),
    Receive(usize),
    /// Of the receives so far, latest first.
    Delete(usize),
    Hide(usize, i64),
    Wait(i64),
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (1usize..5).prop_map(Step::Send),
        4 => (1usize..5).prop_map(Step::Receive),
        2 => (0usize..4).prop_map(Step::Delete),
        2 => (0usize..4, prop_oneof![Just(0), 1..20i64]).prop_map(|(receive, seconds)| Step::Hide(receive, seconds)),
        2 => (1i64..15).prop_map(Step::Wait),
        2 => Just(Step::Restart),
    ]
}

/// Until when it is hidden, how often it was received.
type Kept = BTreeMap<String, (i64, u32)>;

async fn run(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut held = Held::new().await;
    let (mut now, mut sent, mut dead) = (0i64, 0, Vec::new());
    let mut kept = Kept::new();
    let mut receives: Vec<(String, String, u32)> = Vec::new();
    for step in steps {
        match step {
            Step::Send(count) => {
                let bodies: Vec<_> = (sent..sent + count).map(|n| n.to_string()).collect();
                sent += count;
                held.send(&bodies).await;
                kept.extend(bodies.into_iter().map(|body| (body, (now, 0))));
            }
            Step::Receive(most) => {
                let ready = kept.values().filter(|(until, _)| *until <= now).count();
                let received = held.receive("q", most).await;
                prop_assert_eq!(received.len(), most.min(ready));
                for (body, handle, count) in received {
                    let (until, received) = kept.get_mut(&body).expect("delivered what is there");
                    prop_assert!(*until <= now, "delivered while hidden");
                    (*until, *received) = (now + 10, *received + 1);
                    prop_assert_eq!(&count, &received.to_string());
                    receives.push((body, handle, *received));
                }
            }
            Step::Delete(of) => {
                let Some((body, handle, received)) = receives.iter().rev().nth(of) else {
                    continue;
                };
                held.delete("q", handle).await;
                if kept.get(body).is_some_and(|(_, latest)| latest == received) {
                    kept.remove(body);
                }
            }
            Step::Hide(of, seconds) => {
                let Some((body, handle, received)) = receives.iter().rev().nth(of) else {
                    continue;
                };
                let message = kept
                    .get_mut(body)
                    .filter(|(until, latest)| latest == received && *until > now);
                prop_assert_eq!(held.hide(handle, seconds).await, message.is_some());
                if let Some((until, _)) = message {
                    *until = now + seconds;
                }
            }
            Step::Wait(seconds) => {
                now += seconds;
                held.pass(seconds);
            }
            Step::Restart => held.restart().await,
        }
        kept.retain(|body, (until, received)| {
            let dies = *received >= 2 && *until <= now;
            dead.extend(dies.then(|| body.clone()));
            !dies
        });
        let tally = held.tally("q");
        prop_assert_eq!(
            tally.ready,
            kept.values().filter(|(until, _)| *until <= now).count()
        );
        prop_assert_eq!(tally.ready + tally.in_flight, kept.len());
        prop_assert_eq!(held.tally("q-dlq").ready, dead.len());
    }
    held.restart().await;
    // Dead letters can be received and deleted, for good.
    let mut buried = Vec::new();
    loop {
        let some = held.receive("q-dlq", 10).await;
        let Some((_, handle, _)) = some.first() else {
            break;
        };
        held.delete("q-dlq", handle).await;
        buried.extend(some.into_iter().map(|(body, _, _)| body));
    }
    held.restart().await;
    let tally = held.tally("q-dlq");
    let deleted = dead.len().div_ceil(10);
    let left = held.tally("q");
    prop_assert_eq!(left.ready + left.in_flight, kept.len());
    prop_assert_eq!((tally.ready, tally.in_flight), (0, dead.len() - deleted));
    buried.sort();
    dead.sort();
    prop_assert_eq!(buried, dead);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn a_restart_changes_nothing(steps in prop::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(run(steps))?;
    }
}

#[tokio::test]
async fn what_was_taken_for_a_receiver_who_left_goes_back() {
    let mut held = Held::new().await;
    held.send(&["a".to_owned(), "b".to_owned()]).await;
    // Nothing gets to the disk until the gate opens.
    let (open_gate, gate) = std::sync::mpsc::channel::<()>();
    drop(held.sqs.db.write(move |_| Ok(gate.recv().is_ok())));
    for _ in 0..5 {
        let call = serde_json::from_value(json!({ "MaxNumberOfMessages": 2 })).expect("a call");
        let mut receive = Box::pin(held.sqs.receive_message("q", call));
        assert!(
            futures::poll!(receive.as_mut()).is_pending(),
            "taken, and not written down"
        );
        drop(receive);
    }
    open_gate.send(()).expect("opens");
    held.restart().await;
    assert_eq!(held.tally("q").ready, 2);
    let received = held.receive("q", 2).await;
    let order: Vec<_> = received
        .iter()
        .map(|(body, _, count)| (body.as_str(), count.as_str()))
        .collect();
    assert_eq!(order, [("a", "1"), ("b", "1")]);
    held.restart().await;
    assert_eq!(held.tally("q").in_flight, 2);
}

#[tokio::test]
async fn what_is_too_old_leaves_the_disk_though_nobody_asks() {
    let mut held = Held::new().await;
    held.send(&["a".to_owned()]).await;
    held.pass(345_600);
    held.sqs.sweep();
    held.restart().await;
    let rows = held.sqs.db.read(|connection| {
        let count = "SELECT (SELECT count(*) FROM messages) + (SELECT count(*) FROM contents)";
        connection.query_row(count, [], |row| row.get::<_, i64>(0))
    });
    assert_eq!(rows.await.expect("reads"), 0);
}

#[tokio::test]
async fn a_full_disk_refuses_and_loses_nothing() {
    let held = Held::new().await;
    held.send(&["before".to_owned()]).await;
    let room_for = async |times: i64| {
        let limited = held.sqs.db.write(move |connection| {
            let pages: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0))?;
            connection.pragma_update(None, "max_page_count", pages * times)
        });
        limited.await.expect("is set");
    };
    let send = || {
        let call = json!({ "MessageBody": "x".repeat(100_000) });
        let call = serde_json::from_value(call).expect("a call");
        held.sqs.send_message("q", "me", call)
    };
    room_for(1).await;
    let refused = send().await.expect_err("no room");
    assert_eq!((refused.status, refused.is_senders()), (500, false));
    assert_eq!(held.tally("q").ready, 1);
    room_for(100).await;
    send().await.expect("room");
    assert_eq!(held.receive("q", 10).await.len(), 2);
}

#[tokio::test]
async fn requests_are_counted_by_action_and_queue() {
    let held = Held::new().await;
    held.sqs.counts().count("SendMessage", "q");
    held.sqs.counts().count("SendMessage", "q");
    let key = ("SendMessage".to_owned(), "q".to_owned());
    assert_eq!(held.sqs.counts().snapshot().get(&key), Some(&2));
}
