//! What was acknowledged is there after a restart.

use aws_sdk_sqs::types::QueueAttributeName as Name;

use crate::server::{Server, bodies, delete, file_in, receive, send, tally};

#[tokio::test]
async fn everything_acknowledged_survives() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = file_in(folder.path());
    let redrive = local::sqs::redrive_policy("q-dlq", 2);
    let (url, received, dead_url);
    {
        let server = Server::on(&file).await;
        let client = server.owner();
        dead_url = server.queue("q-dlq", &[]).await;
        url = server
            .queue(
                "q",
                &[("RedrivePolicy", &redrive), ("VisibilityTimeout", "60")],
            )
            .await;
        for body in ["kept", "deleted", "waiting"] {
            send(&client, &url, body).await;
        }
        let call = client
            .receive_message()
            .queue_url(&url)
            .max_number_of_messages(2);
        received = call
            .send()
            .await
            .expect("receives")
            .messages
            .unwrap_or_default();
        assert_eq!(bodies(&received), ["kept", "deleted"]);
        delete(&client, &url, &received[1]).await;
    }
    let server = Server::on(&file).await;
    let client = server.owner();
    // The URL is of a port that is gone; its queue is not.
    assert_eq!(
        tally(&client, &url).await,
        ("1".into(), "0".into(), "1".into())
    );
    let call = client
        .get_queue_attributes()
        .queue_url(&url)
        .attribute_names(Name::RedrivePolicy);
    let attributes = call
        .send()
        .await
        .expect("attributes")
        .attributes
        .unwrap_or_default();
    assert_eq!(attributes.get(&Name::RedrivePolicy), Some(&redrive));
    assert_eq!(bodies(&receive(&client, &url).await), ["waiting"]);

    server.pass(61);
    let mut again = receive(&client, &url).await;
    again.sort_by(|a, b| a.body.cmp(&b.body));
    assert_eq!(bodies(&again), ["kept", "waiting"]);
    delete(&client, &url, &received[0]).await;
    delete(&client, &url, &again[1]).await;
    server.pass(61);
    assert_eq!(
        bodies(&receive(&client, &dead_url).await),
        ["kept"],
        "two receives, one before"
    );
}

#[tokio::test]
async fn a_receipt_from_before_deletes_what_it_was_for_and_nothing_newer() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = file_in(folder.path());
    let (url, old);
    {
        let server = Server::on(&file).await;
        url = server.queue("q", &[]).await;
        send(&server.owner(), &url, "old").await;
        old = receive(&server.owner(), &url).await.remove(0);
    }
    let server = Server::on(&file).await;
    let client = server.owner();
    delete(&client, &url, &old).await;
    assert_eq!(tally(&client, &url).await.2, "0");
    send(&client, &url, "new").await;
    let new = receive(&client, &url).await;
    delete(&client, &url, &old).await;
    assert_eq!(tally(&client, &url).await.2, "1");
    delete(&client, &url, &new[0]).await;
    assert_eq!(tally(&client, &url).await.2, "0");
}
