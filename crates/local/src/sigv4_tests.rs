//! Signatures made here by the algorithm's text, step by step, and judged by what is verified.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};

use super::*;
use crate::identity::Policy;

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const DAY: &str = "20260501";
const NOON: &str = "2026-05-01T12:00:00Z";

/// What a client says and signs; each test changes one thing of it.
struct Said {
    key: &'static str,
    secret: &'static str,
    token: Option<&'static str>,
    region: &'static str,
    service: &'static str,
    day: &'static str,
    time: String,
    /// Headers that are sent but not signed.
    unsigned: &'static [&'static str],
    body: &'static str,
}

impl Default for Said {
    fn default() -> Self {
        Self {
            key: "OWNER",
            secret: SECRET,
            token: None,
            region: REGION,
            service: "sqs",
            day: DAY,
            time: format!("{DAY}T120000Z"),
            unsigned: &[],
            body: "{}",
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

impl Said {
    fn signed(&self) -> (Parts, Bytes) {
        let mut headers = vec![
            ("content-type", "application/x-amz-json-1.0".to_owned()),
            ("host", "127.0.0.1:4566".to_owned()),
            ("x-amz-date", self.time.clone()),
            ("x-amz-target", "AmazonSQS.ListQueues".to_owned()),
        ];
        if let Some(token) = self.token {
            headers.insert(3, ("x-amz-security-token", token.to_owned()));
        }
        let signed: Vec<_> = headers
            .iter()
            .filter(|(name, _)| !self.unsigned.contains(name))
            .collect();
        let lines: String = signed
            .iter()
            .map(|(name, value)| format!("{name}:{value}\n"))
            .collect();
        let names = signed
            .iter()
            .map(|(name, _)| *name)
            .collect::<Vec<_>>()
            .join(";");
        let payload = hex(&Sha256::digest(self.body));
        let canonical = format!("POST\n/\n\n{lines}\n{names}\n{payload}");
        let scope = format!("{}/{}/{}/aws4_request", self.day, self.region, self.service);
        let digest = hex(&Sha256::digest(canonical));
        let to_sign = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{digest}", self.time);
        let mut key = format!("AWS4{}", self.secret).into_bytes();
        for part in scope.split('/') {
            key = hmac(&key, part);
        }
        let signature = hex(&hmac(&key, &to_sign));
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
            self.key
        );
        let mut request = Request::post("/").header("authorization", authorization);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let (parts, body) = request
            .body(self.body.into())
            .expect("a request")
            .into_parts();
        (parts, body)
    }
}

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn identities() -> Arc<Identities> {
    let known = Arc::new(Identities::default());
    let key = |id: &str, token: Option<&str>, expires_at: Option<Timestamp>| Identity {
        access_key_id: id.to_owned(),
        secret_access_key: SECRET.to_owned(),
        session_token: token.map(str::to_owned),
        expires_at,
        policy: Policy::Owner,
    };
    known.put(key("OWNER", None, None));
    known.put(key(
        "DESK",
        Some("token"),
        Some(time("2026-05-01T12:00:01Z")),
    ));
    known.put(key("EXPIRED", Some("token"), Some(time(NOON))));
    known
}

async fn judge(
    (parts, body): (Parts, Bytes),
    now: Timestamp,
) -> Result<String, (&'static str, u16)> {
    let outcome = verify(&parts, &body, "sqs", &identities(), now).await;
    outcome
        .map(|identity| identity.access_key_id)
        .map_err(|refusal| (refusal.code, refusal.status))
}

#[tokio::test]
async fn what_is_signed_well_is_believed() {
    let desk = Said {
        key: "DESK",
        token: Some("token"),
        ..Said::default()
    };
    assert_eq!(
        judge(Said::default().signed(), time(NOON)).await,
        Ok("OWNER".to_owned())
    );
    assert_eq!(
        judge(desk.signed(), time(NOON)).await,
        Ok("DESK".to_owned())
    );
}

#[tokio::test]
async fn what_is_not_signed_well_is_refused() {
    const MISMATCH: (&str, u16) = ("SignatureDoesNotMatch", 403);
    const UNKNOWN: (&str, u16) = ("InvalidClientTokenId", 403);
    let desk = || Said {
        key: "DESK",
        token: Some("token"),
        ..Said::default()
    };
    let expired = Said {
        key: "EXPIRED",
        ..desk()
    };
    let cases = [
        (
            Said {
                secret: "x",
                ..Said::default()
            },
            MISMATCH,
        ),
        (
            Said {
                region: "eu-west-1",
                ..Said::default()
            },
            MISMATCH,
        ),
        (
            Said {
                service: "s3",
                ..Said::default()
            },
            MISMATCH,
        ),
        (
            Said {
                day: "20260430",
                ..Said::default()
            },
            MISMATCH,
        ),
        (
            Said {
                unsigned: &["host"],
                ..Said::default()
            },
            MISMATCH,
        ),
        (
            Said {
                unsigned: &["x-amz-target"],
                ..Said::default()
            },
            MISMATCH,
        ),
        (
            Said {
                unsigned: &["x-amz-date"],
                ..Said::default()
            },
            MISMATCH,
        ),
        (
            Said {
                unsigned: &["x-amz-security-token"],
                ..desk()
            },
            MISMATCH,
        ),
        (
            Said {
                key: "NOBODY",
                ..Said::default()
            },
            UNKNOWN,
        ),
        (
            Said {
                token: Some("token"),
                ..Said::default()
            },
            UNKNOWN,
        ),
        (
            Said {
                token: None,
                ..desk()
            },
            UNKNOWN,
        ),
        (
            Said {
                token: Some("tokem"),
                ..desk()
            },
            UNKNOWN,
        ),
        (expired, ("ExpiredToken", 403)),
    ];
    for (n, (said, refused)) in cases.into_iter().enumerate() {
        assert_eq!(
            judge(said.signed(), time(NOON)).await,
            Err(refused),
            "case {n}"
        );
    }
}

#[tokio::test]
async fn what_was_changed_on_the_way_is_refused() {
    let (parts, _) = Said::default().signed();
    let body = Bytes::from_static(b"{\"QueueUrl\":\"another\"}");
    let mismatch = Err(("SignatureDoesNotMatch", 403));
    assert_eq!(judge((parts, body), time(NOON)).await, mismatch);

    let (mut parts, body) = Said::default().signed();
    let purge = http::HeaderValue::from_static("AmazonSQS.PurgeQueue");
    parts.headers.insert("x-amz-target", purge);
    assert_eq!(judge((parts, body), time(NOON)).await, mismatch);

    let (mut parts, body) = Said::default().signed();
    parts.uri = "/?a=b".parse().expect("a URI");
    assert_eq!(judge((parts, body), time(NOON)).await, mismatch);

    let (mut parts, body) = Said::default().signed();
    parts.headers.remove("authorization");
    let missing = Err(("MissingAuthenticationToken", 400));
    assert_eq!(judge((parts, body), time(NOON)).await, missing);
}

#[tokio::test]
async fn a_signature_is_good_for_fifteen_minutes_either_way() {
    for (seconds, good) in [(-901, false), (-900, true), (900, true), (901, false)] {
        let now = time(NOON) + SignedDuration::from_secs(seconds);
        let outcome = judge(Said::default().signed(), now).await;
        assert_eq!(outcome.is_ok(), good, "{seconds}: {outcome:?}");
    }
}
