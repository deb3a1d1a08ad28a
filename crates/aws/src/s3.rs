//! The bucket of rosters, by the S3 protocol.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::types::{ChecksumMode, Event, NotificationConfiguration, QueueConfiguration};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use futures::{StreamExt, stream};
use jiff::Timestamp;
use pipeline::ports::{ObjectHead, ObjectStore, ObjectStream, PortError, PortResult, PutTerms};

use crate::Connection;
use crate::faults::{Fault, has_ended, port_error};

const PORT: &str = "object-store";

#[derive(Clone, Debug)]
pub struct Bucket {
    client: Client,
    keys: crate::connection::Keys,
    name: String,
}

impl Bucket {
    /// Opens nothing yet: the first request does.
    pub fn new(connection: &Connection, name: impl Into<String>) -> Self {
        let settings = connection.settings();
        let config = aws_sdk_s3::config::Builder::from(&settings.sdk)
            // An endpoint of one's own rarely has a host name for each bucket.
            .force_path_style(connection.endpoint.is_some())
            .build();
        Self {
            client: Client::from_conf(config),
            keys: settings.keys,
            name: name.into(),
        }
    }

    /// Whether the bucket is there and may be used.
    pub async fn is_well(&self) -> bool {
        let asked = self.client.head_bucket().bucket(&self.name).send().await;
        asked.is_ok()
    }

    /// Makes the bucket where it is not there. In `us-east-1`: the only region that S3 wants
    /// unnamed here.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html>
    pub async fn ensure(&self) -> PortResult<()> {
        let made = self.client.create_bucket().bucket(&self.name).send().await;
        match made {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_bucket_already_owned_by_you()) =>
            {
                Ok(())
            }
            Err(error) => Err(self.fault(&error).await),
        }
    }

    /// Has news of whatever is stored sent to the queue of this ARN, and to nobody else. The queue
    /// must admit the bucket before.
    pub async fn tell(&self, queue_arn: &str) -> PortResult<()> {
        let queue = QueueConfiguration::builder()
            .queue_arn(queue_arn)
            .events(Event::S3ObjectCreated)
            .build()
            .map_err(|error| PortError::refused(PORT, error))?;
        let told = self
            .client
            .put_bucket_notification_configuration()
            .bucket(&self.name)
            .notification_configuration(
                NotificationConfiguration::builder()
                    .queue_configurations(queue)
                    .build(),
            )
            .send()
            .await;
        match told {
            Ok(_) => Ok(()),
            Err(error) => Err(self.fault(&error).await),
        }
    }

    async fn fault<E: ProvideErrorMetadata>(&self, error: &Fault<E>) -> PortError {
        if has_ended(error) {
            self.keys.forget().await;
        }
        port_error(PORT, error)
    }
}

#[async_trait]
impl ObjectStore for Bucket {
    async fn presign_put(&self, terms: PutTerms) -> PortResult<(String, BTreeMap<String, String>)> {
        let valid_for = PresigningConfig::expires_in(terms.valid_for)
            .map_err(|error| PortError::refused(PORT, error))?;
        let length = i64::try_from(terms.bytes)
            .map_err(|_| PortError::refused(PORT, "larger than any object may be"))?;
        let signed = self
            .client
            .put_object()
            .bucket(&self.name)
            .key(terms.key)
            .checksum_sha256(base64_of_hex(&terms.sha256)?)
            .content_length(length)
            .content_type(terms.content_type)
            .if_none_match("*")
            .presigned(valid_for)
            .await;
        let signed = match signed {
            Ok(signed) => signed,
            Err(error) => return Err(self.fault(&error).await),
        };
        let headers = signed
            .headers()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Ok((signed.uri().to_owned(), headers))
    }

    async fn head(&self, key: &str) -> PortResult<Option<ObjectHead>> {
        let asked = self
            .client
            .head_object()
            .bucket(&self.name)
            .key(key)
            .checksum_mode(ChecksumMode::Enabled)
            .send()
            .await;
        match asked {
            Ok(head) => Ok(Some(ObjectHead {
                bytes: head.content_length().unwrap_or(0).unsigned_abs(),
                sha256: head.checksum_sha256().and_then(hex_of_base64),
                last_modified: head
                    .last_modified()
                    .and_then(|at| Timestamp::from_second(at.secs()).ok()),
            })),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_not_found()) => Ok(None),
            Err(error) => Err(self.fault(&error).await),
        }
    }

    async fn get(&self, key: &str, offset: u64) -> PortResult<ObjectStream> {
        let mut request = self.client.get_object().bucket(&self.name).key(key);
        if offset > 0 {
            request = request.range(format!("bytes={offset}-"));
        }
        let body = match request.send().await {
            Ok(object) => object.body,
            // What begins at the end is empty.
            Err(error) if error.code() == Some("InvalidRange") => {
                return Ok(stream::empty().boxed());
            }
            Err(error) => return Err(self.fault(&error).await),
        };
        let parts = stream::try_unfold(body, |mut body| async move {
            match body.try_next().await {
                Ok(Some(part)) => Ok(Some((part, body))),
                Ok(None) => Ok::<Option<(Bytes, _)>, _>(None),
                Err(_) => Err(PortError::unavailable(PORT, "the object broke off")),
            }
        });
        Ok(parts.boxed())
    }

    async fn delete(&self, key: &str) -> PortResult<()> {
        let asked = self.client.delete_object().bucket(&self.name).key(key);
        match asked.send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.fault(&error).await),
        }
    }
}

fn base64_of_hex(hex: &str) -> PortResult<String> {
    let bad = || PortError::refused(PORT, "not a SHA-256");
    if hex.len() != 64 || !hex.is_ascii() {
        return Err(bad());
    }
    let bytes = (0..32)
        .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| bad())?;
    Ok(BASE64.encode(bytes))
}

fn hex_of_base64(text: &str) -> Option<String> {
    let bytes = BASE64.decode(text).ok()?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Credentials;

    #[tokio::test]
    async fn everything_that_binds_an_upload_is_a_signed_header_and_not_in_the_query() {
        let bucket = Bucket::new(
            &Connection {
                endpoint: Some("http://127.0.0.1:9".into()),
                region: "us-east-1".into(),
                credentials: Credentials::Static {
                    access_key_id: "AKIAEXAMPLE".into(),
                    secret_access_key: "hidden".into(),
                    session_token: None,
                },
            },
            "rosters",
        );
        let terms = PutTerms {
            key: "rosters/embedded/a b.csv".into(),
            sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".into(),
            bytes: 7,
            content_type: "text/csv; charset=utf-8".into(),
            valid_for: Duration::from_secs(900),
        };
        let (url, headers) = bucket.presign_put(terms).await.expect("signs");
        let expected = [
            ("content-length", "7"),
            ("content-type", "text/csv; charset=utf-8"),
            ("if-none-match", "*"),
            (
                "x-amz-checksum-sha256",
                "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            ),
        ];
        let expected: BTreeMap<String, String> = expected
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        assert_eq!(headers, expected);
        let (path, query) = url.split_once('?').expect("a query");
        assert_eq!(
            path,
            "http://127.0.0.1:9/rosters/rosters/embedded/a%20b.csv"
        );
        let mut names: Vec<_> = query
            .split('&')
            .filter_map(|pair| pair.split('=').next())
            .collect();
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "X-Amz-Algorithm",
                "X-Amz-Credential",
                "X-Amz-Date",
                "X-Amz-Expires",
                "X-Amz-Signature",
                "X-Amz-SignedHeaders",
                "x-id",
            ]
        );
        let signed = "content-length%3Bcontent-type%3Bhost%3Bif-none-match%3Bx-amz-checksum-sha256";
        assert!(query.contains(&format!("X-Amz-SignedHeaders={signed}")));
    }

    #[tokio::test]
    async fn no_connection_is_an_error_without_the_address() {
        let bucket = Bucket::new(
            &Connection {
                endpoint: Some("http://127.0.0.1:1".into()),
                region: "us-east-1".into(),
                credentials: Credentials::Static {
                    access_key_id: "AKIAEXAMPLE".into(),
                    secret_access_key: "hidden".into(),
                    session_token: None,
                },
            },
            "rosters",
        );
        let error = bucket.head("key").await.expect_err("nobody listens");
        assert_eq!(
            error.to_string(),
            "object-store does not answer: no connection"
        );
    }

    #[test]
    fn checksums_go_between_hex_and_base64() {
        let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let base64 = base64_of_hex(hex).expect("a checksum");
        assert_eq!(hex_of_base64(&base64).as_deref(), Some(hex));
        for bad in ["", "e3b0", &hex.replace('e', "g"), &"é".repeat(32)] {
            assert!(base64_of_hex(bad).is_err());
        }
    }
}
