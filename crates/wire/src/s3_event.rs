//! The notification that S3 sends when an object is created, as far as we read it.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html>

use serde::{Deserialize, Serialize};

/// A test event (`{"Service":"Amazon S3","Event":"s3:TestEvent",…}`) reads as no records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct S3Event {
    #[serde(rename = "Records")]
    pub records: Vec<S3Record>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct S3Record {
    pub event_version: String,
    pub event_source: String,
    pub aws_region: String,
    pub event_time: String,
    /// `ObjectCreated:Put` and its like, without the `s3:` of the subscription.
    pub event_name: String,
    pub s3: S3Entity,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct S3Entity {
    #[serde(default)]
    pub s3_schema_version: String,
    #[serde(default)]
    pub configuration_id: String,
    pub bucket: S3Bucket,
    pub object: S3Object,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct S3Bucket {
    pub name: String,
    #[serde(default)]
    pub arn: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct S3Object {
    /// Form-encoded: a space is `+`.
    pub key: String,
    #[serde(default)]
    pub size: u64,
    #[serde(default)]
    pub e_tag: String,
    #[serde(default)]
    pub sequencer: String,
}

impl S3Event {
    /// The event of one PUT, as S3 words it. `key` is given plain and written form-encoded.
    pub fn object_created(bucket: &str, key: &str, size: u64, at: jiff::Timestamp) -> Self {
        let record = S3Record {
            event_version: "2.1".into(),
            event_source: "aws:s3".into(),
            aws_region: "us-east-1".into(),
            event_time: format!("{at:.3}"),
            event_name: "ObjectCreated:Put".into(),
            s3: S3Entity {
                s3_schema_version: "1.0".into(),
                configuration_id: "muster".into(),
                bucket: S3Bucket {
                    name: bucket.to_owned(),
                    arn: format!("arn:aws:s3:::{bucket}"),
                },
                object: S3Object {
                    key: form_encode(key),
                    size,
                    e_tag: String::new(),
                    sequencer: format!("{:016X}", at.as_microsecond()),
                },
            },
        };
        Self {
            records: vec![record],
        }
    }
}

impl S3Object {
    /// The key as it is in the bucket; `None` where its encoding is broken.
    pub fn plain_key(&self) -> Option<String> {
        let mut bytes = Vec::with_capacity(self.key.len());
        let mut rest = self.key.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'+' => b' ',
                b'%' => {
                    let digits = [rest.next()?, rest.next()?];
                    u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
                }
                plain => plain,
            });
        }
        String::from_utf8(bytes).ok()
    }
}

/// As S3 does it: `/` stays, a space is `+`.
fn form_encode(key: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(key.len());
    for byte in key.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' | b'/' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            // Writing to a string cannot fail.
            other => _ = write!(out, "%{other:02X}"),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_from_its_event() {
        for key in ["rosters/embedded/1.csv", "a b/ã+%.csv", ""] {
            let event = S3Event::object_created("b", key, 1, jiff::Timestamp::UNIX_EPOCH);
            assert_eq!(event.records[0].s3.object.plain_key().as_deref(), Some(key));
        }
        let event = S3Event::object_created("b", "a ã", 1, jiff::Timestamp::UNIX_EPOCH);
        assert_eq!(event.records[0].s3.object.key, "a+%C3%A3");
        assert_eq!(event.records[0].event_time, "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn a_test_event_has_no_records() {
        let event: Result<S3Event, _> = serde_json::from_str(r#"{"Event":"s3:TestEvent"}"#);
        assert!(event.is_ok_and(|event| event.records.is_empty()));
    }
}
