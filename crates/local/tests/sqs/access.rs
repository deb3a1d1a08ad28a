//! Who may do what.

use jiff::{SignedDuration, Timestamp};
use local::identity::Policy;

use crate::server::{SECRET, Server, key, receive, refusal, send};

#[tokio::test]
async fn a_request_is_believed_by_its_signature_alone() {
    let server = Server::start().await;
    let url = server.queue("q", &[]).await;
    let soon = Timestamp::now() + SignedDuration::from_hours(1);
    let past = Timestamp::now() - SignedDuration::from_secs(1);
    let policy = || Policy::Queues(vec!["q".to_owned()]);
    server
        .identities
        .put(key("TEMPORARY", Some("token"), Some(soon), policy()));
    server
        .identities
        .put(key("EXPIRED", Some("token"), Some(past), policy()));
    let wrong = "x".repeat(40);
    for (id, secret, token, refused) in [
        ("OWNER", SECRET, None, None),
        ("TEMPORARY", SECRET, Some("token"), None),
        ("OWNER", &wrong, None, Some("SignatureDoesNotMatch")),
        ("NOBODY", SECRET, None, Some("InvalidClientTokenId")),
        ("OWNER", SECRET, Some("token"), Some("InvalidClientTokenId")),
        ("TEMPORARY", SECRET, None, Some("InvalidClientTokenId")),
        (
            "TEMPORARY",
            SECRET,
            Some("another"),
            Some("InvalidClientTokenId"),
        ),
        (
            "TEMPORARY",
            &wrong,
            Some("token"),
            Some("SignatureDoesNotMatch"),
        ),
        ("EXPIRED", SECRET, Some("token"), Some("ExpiredToken")),
    ] {
        let client = server.client(id, secret, token);
        let outcome = client.receive_message().queue_url(&url).send().await;
        let refused = refused.map(|code| (code.to_owned(), 403));
        assert_eq!(refusal(outcome), refused, "{id} {token:?}");
    }
}

#[tokio::test]
async fn a_client_whose_clock_is_off_is_told_the_time_and_goes_on() {
    let server = Server::start().await;
    let url = server.queue("q", &[]).await;
    for hours in [1, -2] {
        server.pass(hours * 3_600);
        let client = server.owner();
        let outcome = client.receive_message().queue_url(&url).send().await;
        assert_eq!(refusal(outcome), None, "signed again by the server's clock");
    }
}

#[tokio::test]
async fn a_request_without_a_signature_is_refused() {
    let server = Server::start().await;
    let request = reqwest::Client::new()
        .post(&server.endpoint)
        .header("x-amz-target", "AmazonSQS.ListQueues")
        .header("content-type", "application/x-amz-json-1.0")
        .body("{}");
    let response = request.send().await.expect("an answer");
    assert_eq!(response.status(), 400);
    assert_eq!(
        response
            .headers()
            .get("x-amzn-query-error")
            .map(|value| value.as_bytes()),
        Some(&b"MissingAuthenticationToken;Sender"[..])
    );
    assert!(
        server.sqs.counts().snapshot().is_empty(),
        "not a request that counts"
    );
}

#[tokio::test]
async fn temporary_keys_receive_from_their_queues_and_no_more() {
    let server = Server::start().await;
    let (mine, other) = (
        server.queue("mine", &[]).await,
        server.queue("other", &[]).await,
    );
    let policy = Policy::Queues(vec!["mine".to_owned(), "mine-too".to_owned()]);
    server
        .identities
        .put(key("DESK", Some("token"), None, policy));
    let desk = server.client("DESK", SECRET, Some("token"));
    send(&server.owner(), &mine, "for you").await;

    let received = receive(&desk, &mine).await;
    let handle = received[0].receipt_handle().expect("a handle");
    let hide = desk
        .change_message_visibility()
        .queue_url(&mine)
        .receipt_handle(handle);
    assert!(hide.visibility_timeout(60).send().await.is_ok());
    assert!(
        desk.get_queue_attributes()
            .queue_url(&mine)
            .send()
            .await
            .is_ok()
    );
    assert!(desk.get_queue_url().queue_name("mine").send().await.is_ok());
    let delete = desk
        .delete_message()
        .queue_url(&mine)
        .receipt_handle(handle);
    assert!(delete.send().await.is_ok());

    let denied = Some(("AccessDenied".to_owned(), 403));
    let send = desk
        .send_message()
        .queue_url(&mine)
        .message_body("x")
        .send()
        .await;
    assert_eq!(refusal(send), denied);
    assert_eq!(
        refusal(desk.purge_queue().queue_url(&mine).send().await),
        denied
    );
    assert_eq!(
        refusal(desk.delete_queue().queue_url(&mine).send().await),
        denied
    );
    assert_eq!(
        refusal(desk.create_queue().queue_name("mine-too").send().await),
        denied
    );
    assert_eq!(
        refusal(desk.receive_message().queue_url(&other).send().await),
        denied
    );
    assert_eq!(
        refusal(desk.get_queue_url().queue_name("other").send().await),
        denied
    );
    assert_eq!(refusal(desk.list_queues().send().await), denied);
    let nothing = server.endpoint.clone() + "/000000000000/nothing";
    assert_eq!(
        refusal(desk.receive_message().queue_url(nothing).send().await),
        denied
    );
}
