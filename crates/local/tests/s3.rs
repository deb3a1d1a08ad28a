//! The S3 protocol as the SDK and a plain HTTP client see it.

#![allow(clippy::expect_used)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use aws::{Connection, Credentials, PutTerms};
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_async::time::StaticTimeSource;
use futures::TryStreamExt;
use jiff::Timestamp;
use local::identity::{Identities, Identity, Policy};
use local::loopback::Door;
use local::s3::{self, Objects, Sink};
use pipeline::ports::ObjectStore;
use sha2::{Digest, Sha256};
use tokio_util::sync::{CancellationToken, DropGuard};
use wire::s3_event::S3Event;

const BUCKET: &str = "muster-rosters";
const BODY: &[u8] = b"row_no,full_name\r\n1,Ana\r\n";

struct Server {
    url: String,
    heard: Arc<Heard>,
    _stop: DropGuard,
    _folder: tempfile::TempDir,
}

#[derive(Default)]
struct Heard {
    events: Mutex<Vec<S3Event>>,
    deaf: bool,
}

#[async_trait]
impl Sink for Heard {
    async fn created(
        &self,
        event: S3Event,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        if self.deaf {
            return Err("nobody listens".into());
        }
        self.events.lock().expect("not poisoned").push(event);
        Ok(())
    }
}

fn identity(
    id: &str,
    token: Option<&str>,
    expires_at: Option<Timestamp>,
    policy: Policy,
) -> Identity {
    Identity {
        access_key_id: id.into(),
        secret_access_key: format!("secret of {id}"),
        session_token: token.map(str::to_owned),
        expires_at,
        policy,
    }
}

async fn server(heard: Heard) -> Server {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let identities = Arc::new(Identities::default());
    let desk = Policy::Queues(vec!["muster-status-x".into()]);
    let hour = Timestamp::now() + Duration::from_secs(3600);
    for known in [
        identity("OWNER", None, None, Policy::Owner),
        identity("DESK", Some("token"), Some(hour), desk.clone()),
        identity("ENDED", Some("token"), Some(Timestamp::UNIX_EPOCH), desk),
    ] {
        identities.put(known);
    }
    let bucket = s3::Bucket {
        name: BUCKET.into(),
        region: "us-east-1".into(),
        objects: Objects::open(folder.path()).expect("opens"),
    };
    let heard = Arc::new(heard);
    let router = s3::router(bucket, identities, Arc::clone(&heard) as Arc<dyn Sink>);
    let door = Door::bind(None).await.expect("binds");
    let url = door.url();
    let stop = CancellationToken::new();
    tokio::spawn(door.serve(router, s3::not_from_here, stop.clone()));
    Server {
        url,
        heard,
        _stop: stop.drop_guard(),
        _folder: folder,
    }
}

impl Server {
    fn connection(&self, id: &str, token: Option<&str>) -> Connection {
        Connection {
            endpoint: Some(self.url.clone()),
            region: "us-east-1".into(),
            credentials: Credentials::Static {
                access_key_id: id.into(),
                secret_access_key: format!("secret of {id}"),
                session_token: token.map(str::to_owned),
            },
        }
    }

    fn bucket(&self) -> aws::s3::Bucket {
        aws::s3::Bucket::new(&self.connection("OWNER", None), BUCKET)
    }

    /// A client as anybody would make one.
    fn sdk(&self, id: &str, token: Option<&str>) -> aws_sdk_s3::config::Builder {
        let keys = aws_sdk_s3::config::Credentials::new(
            id,
            format!("secret of {id}"),
            token.map(str::to_owned),
            None,
            "test",
        );
        aws_sdk_s3::Config::builder()
            .behavior_version_latest()
            .endpoint_url(&self.url)
            .region(aws_sdk_s3::config::Region::new("us-east-1"))
            .credentials_provider(keys)
            .force_path_style(true)
    }

    async fn presign(&self, key: &str) -> (String, BTreeMap<String, String>) {
        let terms = PutTerms {
            key: key.into(),
            sha256: hex(&Sha256::digest(BODY)),
            bytes: BODY.len() as u64,
            content_type: "text/csv; charset=utf-8".into(),
            valid_for: Duration::from_secs(900),
        };
        self.bucket().presign_put(terms).await.expect("signs")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Status and S3's error code.
async fn put(url: &str, headers: &BTreeMap<String, String>, body: &[u8]) -> (u16, String) {
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    let mut request = client.put(url).body(body.to_vec());
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    let text = answer.text().await.expect("a body");
    let code = text
        .split_once("<Code>")
        .and_then(|(_, rest)| rest.split_once("</Code>"))
        .map_or("", |(code, _)| code);
    (status, code.to_owned())
}

#[tokio::test]
async fn a_presigned_put_is_stored_once_and_told() {
    let server = server(Heard::default()).await;
    let bucket = server.bucket();
    let key = "rosters/embedded/são paulo.csv";
    assert_eq!(bucket.head(key).await.expect("asks"), None);
    let (url, headers) = server.presign(key).await;
    assert_eq!(put(&url, &headers, BODY).await, (200, String::new()));
    assert_eq!(
        put(&url, &headers, BODY).await,
        (412, "PreconditionFailed".to_owned())
    );

    let head = bucket.head(key).await.expect("asks").expect("is there");
    assert_eq!(head.bytes, BODY.len() as u64);
    assert_eq!(head.sha256, Some(hex(&Sha256::digest(BODY))));
    for offset in [0, 7, BODY.len()] {
        let stream = bucket.get(key, offset as u64).await.expect("is there");
        let parts: Vec<_> = stream.try_collect().await.expect("is whole");
        assert_eq!(parts.concat(), &BODY[offset..], "from {offset}");
    }
    assert!(bucket.get("nothing", 0).await.is_err());

    let events = server.heard.events.lock().expect("not poisoned").clone();
    let [event] = events.as_slice() else {
        panic!("one event, not {}", events.len());
    };
    let [record] = event.records.as_slice() else {
        panic!("one record");
    };
    assert_eq!(record.event_name, "ObjectCreated:Put");
    assert_eq!(record.s3.bucket.name, BUCKET);
    assert_eq!(record.s3.object.key, "rosters/embedded/s%C3%A3o+paulo.csv");
    assert_eq!(record.s3.object.size, BODY.len() as u64);

    bucket.delete(key).await.expect("removes");
    bucket.delete(key).await.expect("is removed already");
    assert_eq!(bucket.head(key).await.expect("asks"), None);
    // Gone, it may be sent again.
    assert_eq!(put(&url, &headers, BODY).await.0, 200);
}

#[tokio::test]
async fn of_uploads_that_race_one_is_stored() {
    let server = server(Heard::default()).await;
    let (url, headers) = server.presign("raced").await;
    let racers = (0..8).map(|_| put(&url, &headers, BODY));
    let mut outcomes = futures::future::join_all(racers).await;
    outcomes.sort();
    assert_eq!(outcomes.remove(0).0, 200);
    for outcome in outcomes {
        assert_eq!(outcome, (412, "PreconditionFailed".to_owned()));
    }
    assert_eq!(server.heard.events.lock().expect("not poisoned").len(), 1);
}

#[tokio::test]
async fn an_upload_that_is_not_what_was_signed_is_refused() {
    let server = server(Heard::default()).await;
    let (url, signed) = server.presign("key").await;
    let other_body: Vec<u8> = BODY.iter().rev().copied().collect();
    let longer = [BODY, b"x"].concat();
    let without = |name: &str| {
        let mut headers = signed.clone();
        headers.remove(name);
        headers
    };
    let with = |name: &str, value: &str| {
        let mut headers = signed.clone();
        headers.insert(name.into(), value.into());
        headers
    };
    let forged = flip_signature(&url);
    let cases: [Altered<'_>; 10] = [
        (
            "another body",
            &url,
            signed.clone(),
            &other_body,
            (400, "BadDigest"),
        ),
        (
            "a longer body",
            &url,
            with("content-length", &longer.len().to_string()),
            &longer,
            (403, "SignatureDoesNotMatch"),
        ),
        (
            "another type",
            &url,
            with("content-type", "text/html"),
            BODY,
            (403, "SignatureDoesNotMatch"),
        ),
        (
            "another checksum",
            &url,
            with(
                "x-amz-checksum-sha256",
                "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            ),
            BODY,
            (403, "SignatureDoesNotMatch"),
        ),
        (
            "no checksum",
            &url,
            without("x-amz-checksum-sha256"),
            BODY,
            (403, "SignatureDoesNotMatch"),
        ),
        (
            "no condition",
            &url,
            without("if-none-match"),
            BODY,
            (403, "SignatureDoesNotMatch"),
        ),
        (
            "a header more",
            &url,
            with("x-amz-meta-more", "1"),
            BODY,
            (403, "AccessDenied"),
        ),
        (
            "a forged signature",
            &forged,
            signed.clone(),
            BODY,
            (403, "SignatureDoesNotMatch"),
        ),
        (
            "another key",
            &url.replace("/key?", "/yek?"),
            signed.clone(),
            BODY,
            (403, "SignatureDoesNotMatch"),
        ),
        (
            "unknown keys",
            &url.replace("Credential=OWNER", "Credential=NOBODY"),
            signed.clone(),
            BODY,
            (403, "InvalidAccessKeyId"),
        ),
    ];
    for (what, url, headers, body, (status, code)) in cases {
        let outcome = put(url, &headers, body).await;
        assert_eq!(outcome, (status, code.to_owned()), "{what}");
    }
    assert_eq!(server.bucket().head("key").await.expect("asks"), None);
    assert!(server.heard.events.lock().expect("not poisoned").is_empty());
}

/// What was altered, URL, headers, body, status and code.
type Altered<'a> = (
    &'a str,
    &'a str,
    BTreeMap<String, String>,
    &'a [u8],
    (u16, &'a str),
);

fn flip_signature(url: &str) -> String {
    let (before, signature) = url.split_once("X-Amz-Signature=").expect("signed");
    let (signature, after) = signature.split_at(64);
    let flipped: String = signature.chars().rev().collect();
    format!("{before}X-Amz-Signature={flipped}{after}")
}

#[tokio::test]
async fn a_refusal_is_heard_though_much_of_the_body_was_not_read() {
    let server = server(Heard::default()).await;
    let (url, headers) = server.presign("key").await;
    let mut headers = headers;
    let body = vec![b'x'; 32 * 1024 * 1024];
    headers.insert("content-length".into(), body.len().to_string());
    assert_eq!(
        put(&url, &headers, &body).await,
        (403, "SignatureDoesNotMatch".to_owned())
    );
}

#[tokio::test]
async fn an_expired_url_is_refused_as_expired() {
    let server = server(Heard::default()).await;
    let client = aws_sdk_s3::Client::from_conf(server.sdk("OWNER", None).build());
    let long_ago = SystemTime::now() - Duration::from_secs(120);
    let terms = PresigningConfig::builder()
        .start_time(long_ago)
        .expires_in(Duration::from_secs(60))
        .build()
        .expect("terms");
    let put_object = client.put_object().bucket(BUCKET).key("late");
    let signed = put_object.presigned(terms).await.expect("signs");
    let headers: BTreeMap<_, _> = signed
        .headers()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    assert_eq!(
        put(signed.uri(), &headers, BODY).await,
        (403, "AccessDenied".to_owned())
    );
}

#[tokio::test]
async fn keys_that_open_queues_only_open_no_object() {
    let server = server(Heard::default()).await;
    for (id, token, expected) in [
        ("DESK", Some("token"), "AccessDenied"),
        ("DESK", Some("another"), "InvalidToken"),
        ("DESK", None, "InvalidToken"),
        ("OWNER", Some("token"), "InvalidToken"),
        ("ENDED", Some("token"), "ExpiredToken"),
        ("NOBODY", None, "InvalidAccessKeyId"),
    ] {
        let client = aws_sdk_s3::Client::from_conf(server.sdk(id, token).build());
        let listed = client.list_objects_v2().bucket(BUCKET).send().await;
        let code = listed.expect_err("is refused").code().map(str::to_owned);
        assert_eq!(code.as_deref(), Some(expected), "{id} {token:?}");
    }
}

#[tokio::test]
async fn a_sink_that_fails_does_not_fail_the_upload() {
    let server = server(Heard {
        deaf: true,
        ..Heard::default()
    })
    .await;
    let (url, headers) = server.presign("key").await;
    assert_eq!(put(&url, &headers, BODY).await.0, 200);
    assert!(server.bucket().head("key").await.expect("asks").is_some());
}

#[tokio::test]
async fn the_sdk_follows_the_servers_clock() {
    let server = server(Heard::default()).await;
    for hours in [-1_i64, 1] {
        let now = SystemTime::now();
        let wrong = if hours < 0 {
            now - Duration::from_secs(3600)
        } else {
            now + Duration::from_secs(3600)
        };
        let send = async |retries: RetryConfig| {
            let config = server
                .sdk("OWNER", None)
                .time_source(StaticTimeSource::new(wrong))
                .retry_config(retries)
                .build();
            let client = aws_sdk_s3::Client::from_conf(config);
            let put = client.put_object().bucket(BUCKET).key("key");
            put.body(ByteStream::from_static(BODY)).send().await
        };
        let once = send(RetryConfig::disabled()).await;
        let code = once.expect_err("is refused").code().map(str::to_owned);
        assert_eq!(code.as_deref(), Some("RequestTimeTooSkewed"), "{hours}");
        let sent = send(RetryConfig::standard()).await;
        sent.expect("is stored");
    }
}

#[tokio::test]
async fn a_listing_comes_in_pages_and_folds_at_a_delimiter() {
    let server = server(Heard::default()).await;
    let client = aws_sdk_s3::Client::from_conf(server.sdk("OWNER", None).build());
    for key in ["a/1", "a/2", "b", "c/1", "c/2/3", "d", "é"] {
        let put = client.put_object().bucket(BUCKET).key(key);
        put.send().await.expect("is stored");
    }
    let list = async |prefix: &str, delimiter: Option<&str>, size: i32| {
        let mut pages = client
            .list_objects_v2()
            .bucket(BUCKET)
            .prefix(prefix)
            .set_delimiter(delimiter.map(str::to_owned))
            .max_keys(size)
            .into_paginator()
            .send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.expect("a page");
            let prefixes = page.common_prefixes().iter().filter_map(|p| p.prefix());
            let keys = page.contents().iter().filter_map(|object| object.key());
            let mut names: Vec<_> = keys.chain(prefixes).map(str::to_owned).collect();
            assert!(names.len() <= usize::try_from(size).expect("a size"));
            found.append(&mut names);
        }
        found.sort();
        found
    };
    for size in [1, 2, 3, 1000] {
        assert_eq!(
            list("", None, size).await,
            ["a/1", "a/2", "b", "c/1", "c/2/3", "d", "é"]
        );
        assert_eq!(list("", Some("/"), size).await, ["a/", "b", "c/", "d", "é"]);
        assert_eq!(list("c/", Some("/"), size).await, ["c/1", "c/2/"]);
        assert_eq!(list("x", Some("/"), size).await, [""; 0]);
    }
}
