//! One body on its way to the disk, and what its sender said about it.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use futures::StreamExt;
use http::HeaderMap;
use s3s::checksum::ChecksumHasher;
use s3s::crypto::{Checksum, Crc32, Crc32c, Crc64Nvme, Md5, Sha1, Sha256};
use s3s::dto::{PutObjectInput, StreamingBlob};
use s3s::{S3Result, s3_error};
use tokio::io::{AsyncWriteExt, BufWriter};

use super::objects::Checksums;

/// S3 takes no more in one PUT.
const LARGEST: u64 = 5 * 1024 * 1024 * 1024;
const TOGETHER: usize = 1024 * 1024;

/// What a sender gave for its body to be compared with.
pub(super) struct Claims {
    pub length: u64,
    md5: Option<[u8; 16]>,
    checksums: Checksums,
    /// The names of checksums that come after the body.
    trailer: Option<String>,
    /// `x-amz-content-sha256` is the body's own hash.
    signed_whole: bool,
}

/// What was found in the body.
pub(super) struct Findings {
    pub md5: String,
    pub checksums: Checksums,
}

impl Claims {
    pub(super) fn of(input: &PutObjectInput, headers: &HeaderMap) -> S3Result<Self> {
        let length = input.content_length.and_then(|n| u64::try_from(n).ok());
        let Some(length) = length else {
            return Err(s3_error!(
                MissingContentLength,
                "You must provide the Content-Length HTTP header."
            ));
        };
        if length > LARGEST {
            return Err(s3_error!(
                EntityTooLarge,
                "Your proposed upload exceeds the maximum allowed size"
            ));
        }
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let claims = Self {
            length,
            md5: input.content_md5.as_deref().map(read_md5).transpose()?,
            checksums: Checksums {
                crc32: input.checksum_crc32.clone(),
                crc32c: input.checksum_crc32c.clone(),
                crc64nvme: input.checksum_crc64nvme.clone(),
                sha1: input.checksum_sha1.clone(),
                sha256: input.checksum_sha256.clone(),
            },
            trailer: text("x-amz-trailer").map(str::to_ascii_lowercase),
            signed_whole: text("x-amz-content-sha256").is_some_and(|hash| hash.len() == 64),
        };
        claims.are_well_formed()?;
        Ok(claims)
    }

    fn are_well_formed(&self) -> S3Result<()> {
        let given = self.checksums.named();
        for (name, value, bytes) in &given {
            let read = value.and_then(|value| BASE64.decode(value).ok());
            if value.is_some() && read.is_none_or(|read| read.len() != *bytes) {
                return Err(s3_error!(
                    InvalidRequest,
                    "Value for x-amz-checksum-{name} header is invalid."
                ));
            }
        }
        let headers = given.iter().filter(|(_, value, _)| value.is_some()).count();
        if headers + usize::from(self.trailer.is_some()) > 1 {
            return Err(s3_error!(
                InvalidRequest,
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
            ));
        }
        Ok(())
    }

    fn hasher(&self) -> ChecksumHasher {
        let [crc32, crc32c, crc64nvme, sha1, sha256] = self
            .checksums
            .named()
            .map(|(name, value, _)| value.is_some() || self.comes_after(name));
        ChecksumHasher {
            crc32: crc32.then(Crc32::new),
            crc32c: crc32c.then(Crc32c::new),
            crc64nvme: crc64nvme.then(Crc64Nvme::new),
            sha1: sha1.then(Sha1::new),
            sha256: sha256.then(Sha256::new),
        }
    }

    fn comes_after(&self, name: &str) -> bool {
        let trailer = self.trailer.as_deref().unwrap_or_default();
        trailer.strip_prefix("x-amz-checksum-") == Some(name)
    }

    /// Writes the body to a new file and returns when it is on the disk.
    pub(super) async fn write(
        &self,
        body: Option<StreamingBlob>,
        path: &Path,
    ) -> S3Result<(Md5, ChecksumHasher)> {
        let mut options = tokio::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(path).await.map_err(disk)?;
        let mut file = BufWriter::with_capacity(TOGETHER, file);
        let (mut md5, mut hasher, mut length) = (Md5::new(), self.hasher(), 0);
        if let Some(mut body) = body {
            while let Some(part) = body.next().await {
                let part = part.map_err(|_| self.broken_body())?;
                md5.update(&part);
                hasher.update(&part);
                length += part.len() as u64;
                file.write_all(&part).await.map_err(disk)?;
            }
        }
        if length != self.length {
            return Err(incomplete());
        }
        file.flush().await.map_err(disk)?;
        file.into_inner().sync_all().await.map_err(disk)?;
        Ok((md5, hasher))
    }

    /// The stream says that something was wrong and not what: a body whose hash was signed fails
    /// by that hash. One that broke off has nobody left to read the answer.
    fn broken_body(&self) -> s3s::S3Error {
        if self.signed_whole {
            let mut error = s3s::S3Error::with_message(
                s3s::S3ErrorCode::Custom("XAmzContentSHA256Mismatch".into()),
                "The provided 'x-amz-content-sha256' header does not match what was computed.",
            );
            error.set_status_code(http::StatusCode::BAD_REQUEST);
            error
        } else {
            incomplete()
        }
    }

    /// Compares the body with what was said about it, before or after it.
    pub(super) fn verify(
        &self,
        md5: Md5,
        hasher: ChecksumHasher,
        trailers: Option<HeaderMap>,
    ) -> S3Result<Findings> {
        let md5 = md5.finalize();
        if self.md5.is_some_and(|claimed| claimed != md5) {
            return Err(s3_error!(
                BadDigest,
                "The Content-MD5 you specified did not match what we received."
            ));
        }
        let found = hasher.finalize();
        let found = Checksums {
            crc32: found.checksum_crc32,
            crc32c: found.checksum_crc32c,
            crc64nvme: found.checksum_crc64nvme,
            sha1: found.checksum_sha1,
            sha256: found.checksum_sha256,
        };
        for ((name, found, _), (_, before, _)) in found.named().iter().zip(self.checksums.named()) {
            let Some(found) = found else { continue };
            let after = trailers.as_ref().and_then(|trailers| {
                let value = trailers.get(format!("x-amz-checksum-{name}"))?;
                value.to_str().ok()
            });
            let Some(claimed) = before.or(after) else {
                return Err(s3_error!(
                    InvalidRequest,
                    "The trailing checksum is missing."
                ));
            };
            if claimed != *found {
                let name = name.to_ascii_uppercase();
                return Err(s3_error!(
                    BadDigest,
                    "The {name} you specified did not match the calculated checksum."
                ));
            }
        }
        Ok(Findings {
            md5: md5.iter().map(|byte| format!("{byte:02x}")).collect(),
            checksums: found,
        })
    }
}

impl Checksums {
    /// Name as in the header, value, length in bytes.
    fn named(&self) -> [(&'static str, Option<&str>, usize); 5] {
        [
            ("crc32", self.crc32.as_deref(), 4),
            ("crc32c", self.crc32c.as_deref(), 4),
            ("crc64nvme", self.crc64nvme.as_deref(), 8),
            ("sha1", self.sha1.as_deref(), 20),
            ("sha256", self.sha256.as_deref(), 32),
        ]
    }
}

fn read_md5(text: &str) -> S3Result<[u8; 16]> {
    let bytes = BASE64.decode(text).ok();
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| s3_error!(InvalidDigest, "The Content-MD5 you specified was invalid."))
}

fn incomplete() -> s3s::S3Error {
    s3_error!(
        IncompleteBody,
        "You did not provide the number of bytes specified by the Content-Length HTTP header"
    )
}

pub(super) fn disk(error: std::io::Error) -> s3s::S3Error {
    tracing::error!(%error, "the object store's disk failed");
    s3_error!(
        InternalError,
        "We encountered an internal error. Please try again."
    )
}
