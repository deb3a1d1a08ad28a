//! The life of queues and messages.

use aws_sdk_sqs::primitives::Blob;
use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, MessageAttributeValue,
    MessageSystemAttributeName as System, QueueAttributeName as Name,
};
use local::sqs::redrive_policy;

use crate::server::{Server, bodies, delete, receive, refusal, send, tally};

fn counted(ready: u32, delayed: u32, in_flight: u32) -> (String, String, String) {
    (
        ready.to_string(),
        delayed.to_string(),
        in_flight.to_string(),
    )
}

#[tokio::test]
async fn queues_are_made_found_changed_and_deleted() {
    let server = Server::start().await;
    let client = server.owner();
    let create = |name: &str| client.create_queue().queue_name(name);
    let made = create("a")
        .attributes(Name::VisibilityTimeout, "5")
        .send()
        .await
        .expect("makes");
    let url = made.queue_url().expect("a URL").to_owned();
    assert_eq!(url, format!("{}/000000000000/a", server.endpoint));

    let same = create("a")
        .attributes(Name::VisibilityTimeout, "5")
        .send()
        .await;
    assert_eq!(same.expect("the same").queue_url(), Some(url.as_str()));
    assert!(
        create("a").send().await.is_ok(),
        "nothing is said against it"
    );
    let other = create("a")
        .attributes(Name::VisibilityTimeout, "6")
        .send()
        .await;
    assert!(
        other
            .expect_err("another")
            .into_service_error()
            .is_queue_name_exists()
    );

    for name in ["b-1", "b-2", "b-3", "c"] {
        create(name).send().await.expect("makes");
    }
    let mut pages = client
        .list_queues()
        .queue_name_prefix("b-")
        .max_results(2)
        .into_paginator()
        .send();
    let mut listed = Vec::new();
    while let Some(page) = pages.next().await {
        listed.push(page.expect("a page").queue_urls.unwrap_or_default().len());
    }
    assert_eq!(listed, [2, 1]);
    let all = client.list_queues().send().await.expect("lists");
    assert_eq!(all.queue_urls().len(), 5);

    let change = client
        .set_queue_attributes()
        .queue_url(&url)
        .attributes(Name::DelaySeconds, "3");
    change.send().await.expect("sets");
    let got = client
        .get_queue_attributes()
        .queue_url(&url)
        .attribute_names(Name::All)
        .send()
        .await;
    let got = got.expect("gets").attributes.unwrap_or_default();
    for (name, value) in [
        (Name::DelaySeconds, "3"),
        (Name::VisibilityTimeout, "5"),
        (Name::MaximumMessageSize, "1048576"),
        (Name::MessageRetentionPeriod, "345600"),
        (Name::QueueArn, "arn:aws:sqs:us-east-1:000000000000:a"),
    ] {
        assert_eq!(got.get(&name).map(String::as_str), Some(value), "{name:?}");
    }

    client
        .delete_queue()
        .queue_url(&url)
        .send()
        .await
        .expect("deletes");
    let gone = client
        .get_queue_url()
        .queue_name("a")
        .send()
        .await
        .expect_err("gone");
    assert!(gone.into_service_error().is_queue_does_not_exist());
}

#[tokio::test]
async fn a_message_arrives_as_it_was_sent_once() {
    let server = Server::start().await;
    let client = server.owner();
    let url = server.queue("q", &[]).await;
    let text = MessageAttributeValue::builder()
        .data_type("String")
        .string_value("ção");
    let bytes = MessageAttributeValue::builder()
        .data_type("Binary.x")
        .binary_value(Blob::new([0, 1, 255]));
    let number = MessageAttributeValue::builder()
        .data_type("Number")
        .string_value("-1.5");
    let sent = client
        .send_message()
        .queue_url(&url)
        .message_body("{\"olá\": \"mundo 🎉\"}")
        .message_attributes("text", text.build().expect("fits"))
        .message_attributes("bytes", bytes.build().expect("fits"))
        .message_attributes("number", number.build().expect("fits"))
        .message_group_id("company-1");
    // The SDK compares the digests of body and attributes itself.
    let sent = sent.send().await.expect("sends");

    let call = client
        .receive_message()
        .queue_url(&url)
        .message_attribute_names("All")
        .message_system_attribute_names(System::All);
    let received = call.send().await.expect("receives");
    let [message] = received.messages() else {
        panic!("one message");
    };
    assert_eq!(message.message_id(), sent.message_id());
    assert_eq!(message.body(), Some("{\"olá\": \"mundo 🎉\"}"));
    assert_eq!(
        message.md5_of_message_attributes(),
        sent.md5_of_message_attributes()
    );
    let attributes = message.message_attributes().expect("attributes");
    assert_eq!(attributes["text"].string_value(), Some("ção"));
    assert_eq!(
        attributes["bytes"].binary_value(),
        Some(&Blob::new([0, 1, 255]))
    );
    let system = message.attributes().expect("system attributes");
    assert_eq!(system[&System::ApproximateReceiveCount], "1");
    assert_eq!(system[&System::SenderId], "OWNER");
    assert_eq!(system[&System::MessageGroupId], "company-1");
    assert!(system.contains_key(&System::SentTimestamp));
    assert!(system.contains_key(&System::ApproximateFirstReceiveTimestamp));

    assert!(receive(&client, &url).await.is_empty(), "hidden");
    assert_eq!(tally(&client, &url).await, counted(0, 0, 1));
    delete(&client, &url, message).await;
    delete(&client, &url, message).await;
    server.pass(31);
    assert!(receive(&client, &url).await.is_empty(), "deleted");
    assert_eq!(tally(&client, &url).await, counted(0, 0, 0));
}

#[tokio::test]
async fn what_is_not_deleted_comes_back_and_dies_after_its_receives() {
    let server = Server::start().await;
    let client = server.owner();
    let dead = server.queue("q-dlq", &[]).await;
    let redrive = redrive_policy("q-dlq", 2);
    let url = server
        .queue(
            "q",
            &[("VisibilityTimeout", "60"), ("RedrivePolicy", &redrive)],
        )
        .await;
    send(&client, &url, "poison").await;

    let first = receive(&client, &url).await;
    server.pass(61);
    let again = receive(&client, &url).await;
    assert_eq!(bodies(&again), ["poison"]);
    delete(&client, &url, &first[0]).await;
    assert_eq!(
        tally(&client, &url).await,
        counted(0, 0, 1),
        "an older receipt deletes nothing"
    );
    assert!(receive(&client, &dead).await.is_empty());

    server.pass(61);
    let call = client
        .receive_message()
        .queue_url(&dead)
        .message_system_attribute_names(System::All);
    let buried = call.send().await.expect("receives");
    let system = buried.messages()[0]
        .attributes()
        .expect("system attributes");
    let source = "arn:aws:sqs:us-east-1:000000000000:q";
    assert_eq!(system[&System::DeadLetterQueueSourceArn], source);
    assert_eq!(system[&System::ApproximateReceiveCount], "3");
    assert_eq!(tally(&client, &url).await, counted(0, 0, 0));

    let sources = client
        .list_dead_letter_source_queues()
        .queue_url(&dead)
        .send()
        .await;
    assert_eq!(sources.expect("lists").queue_urls(), [url]);
}

#[tokio::test]
async fn delays_and_retention_are_kept() {
    let server = Server::start().await;
    let client = server.owner();
    let url = server
        .queue(
            "q",
            &[("DelaySeconds", "10"), ("MessageRetentionPeriod", "100")],
        )
        .await;
    send(&client, &url, "by the queue").await;
    let now = client
        .send_message()
        .queue_url(&url)
        .message_body("now")
        .delay_seconds(0);
    now.send().await.expect("sends");
    assert_eq!(tally(&client, &url).await, counted(1, 1, 0));
    assert_eq!(bodies(&receive(&client, &url).await), ["now"]);
    server.pass(11);
    assert_eq!(bodies(&receive(&client, &url).await), ["by the queue"]);
    server.pass(90);
    assert_eq!(tally(&client, &url).await, counted(0, 0, 0), "too old");
}

#[tokio::test]
async fn visibility_is_changed_for_each_message() {
    let server = Server::start().await;
    let client = server.owner();
    let url = server.queue("q", &[]).await;
    for body in ["a", "b"] {
        send(&client, &url, body).await;
    }
    let received = receive(&client, &url).await;
    let entry = |id: &str, handle: &str, timeout| {
        let entry = ChangeMessageVisibilityBatchRequestEntry::builder();
        entry
            .id(id)
            .receipt_handle(handle)
            .visibility_timeout(timeout)
            .build()
            .expect("an entry")
    };
    let handle = |of: usize| received[of].receipt_handle().expect("a handle");
    let change = client
        .change_message_visibility_batch()
        .queue_url(&url)
        .entries(entry("back", handle(0), 0))
        .entries(entry("longer", handle(1), 600))
        .entries(entry("bad", "nonsense", 600));
    let changed = change.send().await.expect("some of it");
    let done: Vec<_> = changed
        .successful()
        .iter()
        .map(|entry| entry.id())
        .collect();
    assert_eq!(done, ["back", "longer"]);
    assert_eq!(changed.failed()[0].code(), "ReceiptHandleIsInvalid");

    let not_in_flight = client
        .change_message_visibility()
        .queue_url(&url)
        .receipt_handle(handle(0));
    let refused = not_in_flight
        .visibility_timeout(5)
        .send()
        .await
        .expect_err("it is ready");
    assert!(refused.into_service_error().is_message_not_inflight());
    assert_eq!(bodies(&receive(&client, &url).await), ["a"]);
    server.pass(40);
    assert_eq!(
        bodies(&receive(&client, &url).await),
        ["a"],
        "b is hidden for longer"
    );
    let too_long = client
        .change_message_visibility()
        .queue_url(&url)
        .receipt_handle(handle(1));
    let refused = too_long.visibility_timeout(43_200).send().await;
    assert_eq!(
        refusal(refused),
        Some(("InvalidParameterValue".to_owned(), 400))
    );
}

#[tokio::test]
async fn a_purge_empties_a_queue() {
    let server = Server::start().await;
    let client = server.owner();
    let url = server.queue("q", &[]).await;
    for body in ["a", "b", "c"] {
        send(&client, &url, body).await;
    }
    client
        .purge_queue()
        .queue_url(&url)
        .send()
        .await
        .expect("purges");
    assert_eq!(tally(&client, &url).await, counted(0, 0, 0));
    send(&client, &url, "after").await;
    assert_eq!(bodies(&receive(&client, &url).await), ["after"]);
}

#[tokio::test]
async fn a_quiet_company_is_not_behind_a_noisy_one() {
    let server = Server::start().await;
    let client = server.owner();
    let url = server.queue("q", &[]).await;
    let put = |body: String, group: &str| {
        client
            .send_message()
            .queue_url(&url)
            .message_body(body)
            .message_group_id(group)
            .send()
    };
    for n in 0..50 {
        put(format!("noisy {n}"), "noisy").await.expect("sends");
    }
    put("quiet".to_owned(), "quiet").await.expect("sends");
    let first = client
        .receive_message()
        .queue_url(&url)
        .max_number_of_messages(2)
        .send()
        .await;
    assert_eq!(
        bodies(first.expect("receives").messages()),
        ["noisy 0", "quiet"]
    );
}
