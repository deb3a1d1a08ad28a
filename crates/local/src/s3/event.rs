//! The notification of a created object, as S3 words it.

use std::fmt::Write;

use wire::s3_event::{S3Bucket, S3Entity, S3Event, S3Object, S3Record};

use super::objects::Meta;

pub(super) fn created(bucket: &str, region: &str, meta: &Meta) -> S3Event {
    let nanoseconds = meta.modified.as_nanosecond();
    S3Event {
        records: vec![S3Record {
            event_version: "2.1".into(),
            event_source: "aws:s3".into(),
            aws_region: region.into(),
            event_time: meta.modified.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
            event_name: "ObjectCreated:Put".into(),
            s3: S3Entity {
                s3_schema_version: "1.0".into(),
                configuration_id: "muster-intake".into(),
                bucket: S3Bucket {
                    name: bucket.into(),
                    arn: format!("arn:aws:s3:::{bucket}"),
                },
                object: S3Object {
                    key: form_encode(&meta.key),
                    size: meta.bytes,
                    e_tag: meta.md5.clone(),
                    sequencer: format!("{nanoseconds:018X}"),
                },
            },
        }],
    }
}

/// As HTML forms encode, except that a slash stays.
fn form_encode(key: &str) -> String {
    let mut text = String::with_capacity(key.len());
    for byte in key.bytes() {
        match byte {
            b' ' => text.push('+'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' | b'/' => {
                text.push(char::from(byte));
            }
            // Writing to a string cannot fail.
            _ => drop(write!(text, "%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_form_encoded_and_keep_their_slashes() {
        let key = "rosters/são paulo/a+b~1.csv";
        assert_eq!(form_encode(key), "rosters/s%C3%A3o+paulo/a%2Bb%7E1.csv");
    }
}
