//! How fast it is over the real protocol. Not a judgement: `cargo test -p muster-local --test sqs
//! -- --ignored --nocapture speed` prints what it measured, client and server in one process.

use std::time::Instant;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{DeleteMessageBatchRequestEntry, SendMessageBatchRequestEntry};
use futures::future::join_all;

use crate::server::Server;

const MESSAGES: usize = 20_000;
/// Requests under way at once.
const AT_ONCE: usize = 20;

async fn send_ten(client: &Client, url: &str) {
    let entry = |n: usize| {
        let entry = SendMessageBatchRequestEntry::builder().id(n.to_string());
        entry
            .message_body("x".repeat(400))
            .build()
            .expect("an entry")
    };
    let entries = (0..10).map(entry).collect();
    let call = client
        .send_message_batch()
        .queue_url(url)
        .set_entries(Some(entries));
    let sent = call.send().await.expect("sends");
    assert_eq!(sent.successful().len(), 10);
}

/// Receives and deletes up to ten; how many.
async fn take_ten(client: &Client, url: &str) -> usize {
    let call = client
        .receive_message()
        .queue_url(url)
        .max_number_of_messages(10);
    let received = call
        .send()
        .await
        .expect("receives")
        .messages
        .unwrap_or_default();
    let entry = |(n, message): (usize, &aws_sdk_sqs::types::Message)| {
        let entry = DeleteMessageBatchRequestEntry::builder().id(n.to_string());
        let entry = entry.set_receipt_handle(message.receipt_handle.clone());
        entry.build().expect("an entry")
    };
    if !received.is_empty() {
        let entries = received.iter().enumerate().map(entry).collect();
        let call = client
            .delete_message_batch()
            .queue_url(url)
            .set_entries(Some(entries));
        let deleted = call.send().await.expect("deletes");
        assert_eq!(deleted.successful().len(), received.len());
    }
    received.len()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures"]
async fn speed() {
    let server = Server::start().await;
    let client = server.owner();
    let url = server.queue("q", &[]).await;
    let rate = |began: Instant| MESSAGES as f64 / began.elapsed().as_secs_f64();

    let began = Instant::now();
    join_all((0..AT_ONCE).map(|_| async {
        for _ in 0..MESSAGES / AT_ONCE / 10 {
            send_ten(&client, &url).await;
        }
    }))
    .await;
    println!("sent and acknowledged, in tens: {:.0}/s", rate(began));

    let began = Instant::now();
    join_all((0..AT_ONCE).map(|_| async { while take_ten(&client, &url).await > 0 {} })).await;
    println!("received and deleted, in tens: {:.0}/s", rate(began));

    let began = Instant::now();
    for _ in 0..100 {
        send_ten(&client, &url).await;
    }
    let each = began.elapsed() / 100;
    println!("one sender, one request after another: {each:?} a request of ten");
}
