//! What is refused, and by which code.

use aws_sdk_sqs::types::{
    DeleteMessageBatchRequestEntry, QueueAttributeName as Name, SendMessageBatchRequestEntry,
};

use crate::server::{Server, bodies, receive, refusal};

fn entry(id: &str, body: &str) -> SendMessageBatchRequestEntry {
    SendMessageBatchRequestEntry::builder()
        .id(id)
        .message_body(body)
        .build()
        .expect("an entry")
}

#[tokio::test]
async fn one_bad_entry_does_not_stop_the_others() {
    let server = Server::start().await;
    let client = server.owner();
    let url = server.queue("q", &[("MaximumMessageSize", "1024")]).await;
    let long = "x".repeat(1_025);
    let batch = client
        .send_message_batch()
        .queue_url(&url)
        .entries(entry("good", "fine"))
        .entries(entry("bad", "\u{0}"))
        .entries(entry("long", &long));
    let outcome = batch.send().await.expect("some of it");
    assert_eq!(outcome.successful()[0].id(), "good");
    let failed: Vec<_> = outcome
        .failed()
        .iter()
        .map(|f| (f.id(), f.code(), f.sender_fault()))
        .collect();
    assert_eq!(
        failed,
        [
            ("bad", "InvalidMessageContents", true),
            ("long", "InvalidParameterValue", true)
        ]
    );
    let received = receive(&client, &url).await;
    assert_eq!(bodies(&received), ["fine"]);

    let gone = |id: &str, handle: &str| {
        DeleteMessageBatchRequestEntry::builder()
            .id(id)
            .receipt_handle(handle)
            .build()
            .expect("fits")
    };
    let batch = client
        .delete_message_batch()
        .queue_url(&url)
        .entries(gone(
            "good",
            received[0].receipt_handle().expect("a handle"),
        ))
        .entries(gone("bad", "nonsense"));
    let outcome = batch.send().await.expect("some of it");
    assert_eq!(outcome.successful()[0].id(), "good");
    assert_eq!(outcome.failed()[0].code(), "ReceiptHandleIsInvalid");
}

#[tokio::test]
async fn a_batch_that_does_not_fit_is_refused_whole() {
    let server = Server::start().await;
    let client = server.owner();
    let url = server.queue("q", &[]).await;
    let batch = |entries: Vec<SendMessageBatchRequestEntry>| {
        client
            .send_message_batch()
            .queue_url(&url)
            .set_entries(Some(entries))
            .send()
    };
    let half = "x".repeat(600_000);
    let many = (0..11).map(|n| entry(&n.to_string(), "x")).collect();
    let code = |name: &str| Some((format!("AWS.SimpleQueueService.{name}"), 400));
    assert_eq!(refusal(batch(vec![]).await), code("EmptyBatchRequest"));
    assert_eq!(
        refusal(batch(many).await),
        code("TooManyEntriesInBatchRequest")
    );
    let twice = vec![entry("a", "x"), entry("a", "y")];
    assert_eq!(
        refusal(batch(twice).await),
        code("BatchEntryIdsNotDistinct")
    );
    let long = vec![entry("a", &half), entry("b", &half)];
    let refused = batch(long)
        .await
        .expect_err("too long")
        .into_service_error();
    assert!(refused.is_batch_request_too_long());
    assert!(receive(&client, &url).await.is_empty());
    let whole = "x".repeat(1_048_576);
    assert!(batch(vec![entry("a", &whole)]).await.is_ok(), "1 MiB fits");
    assert_eq!(receive(&client, &url).await[0].body(), Some(whole.as_str()));
}

#[tokio::test]
async fn requests_that_do_not_fit_are_refused_by_code() {
    let server = Server::start().await;
    let client = server.owner();
    let url = server.queue("q", &[]).await;
    let refused = |code: &str| Some((code.to_owned(), 400));
    let unsupported = refused("AWS.SimpleQueueService.UnsupportedOperation");
    let missing = "AWS.SimpleQueueService.NonExistentQueue";

    let create = |name: &str| client.create_queue().queue_name(name);
    assert_eq!(refusal(create("a.fifo").send().await), unsupported);
    let fifo = create("a").attributes(Name::FifoQueue, "true");
    assert_eq!(refusal(fifo.send().await), unsupported);
    assert_eq!(
        refusal(create("no spaces").send().await),
        refused("InvalidParameterValue")
    );
    let hidden = create("a").attributes(Name::VisibilityTimeout, "43201");
    assert_eq!(
        refusal(hidden.send().await),
        refused("InvalidAttributeValue")
    );
    let unknown = create("a").attributes(Name::from("Colour"), "blue");
    assert_eq!(
        refusal(unknown.send().await),
        refused("InvalidAttributeName")
    );
    let redrive = local::sqs::redrive_policy("nothing", 3);
    let redrive = create("a").attributes(Name::RedrivePolicy, redrive);
    assert_eq!(
        refusal(redrive.send().await),
        refused("InvalidParameterValue")
    );
    let tagged = client.tag_queue().queue_url(&url).tags("a", "b");
    assert_eq!(refusal(tagged.send().await), unsupported);

    let nothing = format!("{}/000000000000/nothing", server.endpoint);
    let send = |url: &str| client.send_message().queue_url(url).message_body("x");
    assert_eq!(refusal(send(&nothing).send().await), refused(missing));
    assert_eq!(
        refusal(send("nothing").send().await),
        refused("InvalidAddress")
    );
    let ordered = send(&url).message_deduplication_id("x");
    assert_eq!(
        refusal(ordered.send().await),
        refused("InvalidParameterValue")
    );
    let delayed = send(&url).delay_seconds(901);
    assert_eq!(
        refusal(delayed.send().await),
        refused("InvalidParameterValue")
    );
    let long = client
        .send_message()
        .queue_url(&url)
        .message_body("x".repeat(1_048_577));
    assert_eq!(refusal(long.send().await), refused("InvalidParameterValue"));

    let receive = || client.receive_message().queue_url(&url);
    for call in [
        receive().max_number_of_messages(11),
        receive().max_number_of_messages(0),
        receive().wait_time_seconds(21),
        receive().visibility_timeout(43_201),
    ] {
        assert_eq!(refusal(call.send().await), refused("InvalidParameterValue"));
    }
    let delete = client
        .delete_message()
        .queue_url(&url)
        .receipt_handle("nonsense");
    let delete = delete
        .send()
        .await
        .expect_err("nonsense")
        .into_service_error();
    assert!(delete.is_receipt_handle_is_invalid());
}
