//! What was acknowledged is there after a restart, and after a kill.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

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

const FILE: &str = "MUSTER_TEST_SQS_FILE";

/// Not a test by itself: the process that the next one kills. Says `sent N` and `deleted N` of
/// what was acknowledged.
#[tokio::test]
#[ignore = "run by the test that kills it"]
async fn the_process_to_kill() {
    let Some(file) = std::env::var_os(FILE) else {
        return;
    };
    let server = Server::on(file.as_ref()).await;
    let client = server.owner();
    let url = server.queue("q", &[]).await;
    for n in 0.. {
        send(&client, &url, &n.to_string()).await;
        println!("sent {n}");
        if n % 3 == 0 {
            let received = receive(&client, &url).await;
            delete(&client, &url, &received[0]).await;
            println!("deleted {}", received[0].body().expect("a body"));
        }
    }
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = file_in(folder.path());
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args([
            "--exact",
            "restart::the_process_to_kill",
            "--ignored",
            "--nocapture",
        ])
        .env(FILE, &file)
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let (mut sent, mut deleted) = (BTreeSet::new(), BTreeSet::new());
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    while let Some(Ok(line)) = lines.next() {
        if let Some((_, n)) = line.split_once("sent ") {
            sent.insert(n.to_owned());
        } else if let Some((_, n)) = line.split_once("deleted ") {
            deleted.insert(n.to_owned());
        }
        if sent.len() == 40 {
            child.kill().expect("kills");
        }
    }
    child.wait().expect("ends");

    let server = Server::on(&file).await;
    let client = server.owner();
    let url = server.queue("q", &[]).await;
    server.pass(31);
    let mut found = BTreeSet::new();
    loop {
        let some = receive(&client, &url).await;
        if some.is_empty() {
            break;
        }
        found.extend(bodies(&some).into_iter().map(str::to_owned));
    }
    assert!(found.is_disjoint(&deleted), "deleted stays deleted");
    let kept: BTreeSet<_> = found.union(&deleted).cloned().collect();
    assert!(kept.is_superset(&sent), "sent stays sent");
}
