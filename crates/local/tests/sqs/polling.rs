//! Receives that wait.

use std::time::Duration;

use crate::server::{Server, bodies, receive, send};

/// A poll as long as SQS allows: a test that waited for its end would be seen.
fn poll(client: &aws_sdk_sqs::Client, url: &str) -> tokio::task::JoinHandle<Vec<String>> {
    let call = client
        .receive_message()
        .queue_url(url)
        .wait_time_seconds(20)
        .visibility_timeout(1);
    tokio::spawn(async move {
        let received = call.send().await.expect("receives");
        bodies(received.messages())
            .into_iter()
            .map(str::to_owned)
            .collect()
    })
}

/// Waits until the server has begun to serve this many receives.
async fn until_receives(server: &Server, count: u64) {
    let key = ("ReceiveMessage".to_owned(), "q".to_owned());
    while server
        .sqs
        .counts()
        .snapshot()
        .get(&key)
        .copied()
        .unwrap_or_default()
        < count
    {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn a_poll_is_woken_by_a_send() {
    let server = Server::start().await;
    let client = server.owner();
    let url = server.queue("q", &[]).await;
    let (one, two) = (poll(&client, &url), poll(&client, &url));
    until_receives(&server, 2).await;
    for body in ["a", "b"] {
        send(&client, &url, body).await;
    }
    let mut got = [one.await.expect("ends"), two.await.expect("ends")].concat();
    got.sort();
    assert_eq!(got, ["a", "b"]);
}

#[tokio::test]
async fn a_poll_is_woken_by_what_comes_back_and_by_what_was_delayed() {
    let server = Server::start().await;
    let client = server.owner();
    let url = server.queue("q", &[]).await;
    send(&client, &url, "back").await;
    assert_eq!(poll(&client, &url).await.expect("ends"), ["back"]);
    assert_eq!(poll(&client, &url).await.expect("ends"), ["back"]);
    client
        .purge_queue()
        .queue_url(&url)
        .send()
        .await
        .expect("purges");
    let call = client
        .send_message()
        .queue_url(&url)
        .message_body("delayed")
        .delay_seconds(1);
    call.send().await.expect("sends");
    assert_eq!(poll(&client, &url).await.expect("ends"), ["delayed"]);
}

#[tokio::test]
async fn a_receiver_of_dead_letters_is_woken_when_one_dies() {
    let server = Server::start().await;
    let client = server.owner();
    let dead = server.queue("q-dlq", &[]).await;
    let redrive = local::sqs::redrive_policy("q-dlq", 1);
    let url = server
        .queue(
            "q",
            &[("RedrivePolicy", &redrive), ("VisibilityTimeout", "1")],
        )
        .await;
    let waiting = poll(&client, &dead);
    send(&client, &url, "poison").await;
    assert_eq!(bodies(&receive(&client, &url).await), ["poison"]);
    assert_eq!(waiting.await.expect("ends"), ["poison"]);
}

#[tokio::test]
async fn nothing_is_hidden_for_a_client_that_left() {
    let server = Server::start().await;
    let url = server.queue("q", &[]).await;
    // A client of its own, so that its connection goes with it.
    let gone = poll(&server.owner(), &url);
    until_receives(&server, 1).await;
    gone.abort();
    assert!(gone.await.is_err());
    let client = server.owner();
    send(&client, &url, "still here").await;
    assert_eq!(bodies(&receive(&client, &url).await), ["still here"]);
}

#[tokio::test]
async fn polls_end_when_the_server_closes() {
    let server = Server::start().await;
    let client = server.owner();
    let url = server.queue("q", &[]).await;
    let waiting = poll(&client, &url);
    until_receives(&server, 1).await;
    server.sqs.close();
    assert!(waiting.await.expect("ends").is_empty());
}

#[tokio::test]
async fn a_deleted_queue_ends_the_polls_on_it() {
    let server = Server::start().await;
    let client = server.owner();
    let url = server.queue("q", &[]).await;
    let call = client
        .receive_message()
        .queue_url(&url)
        .wait_time_seconds(20);
    let waiting = tokio::spawn(async move { call.send().await });
    until_receives(&server, 1).await;
    client
        .delete_queue()
        .queue_url(&url)
        .send()
        .await
        .expect("deletes");
    let refused = waiting
        .await
        .expect("ends")
        .expect_err("no queue")
        .into_service_error();
    assert!(refused.is_queue_does_not_exist());
}
