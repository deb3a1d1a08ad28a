use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use jiff::Timestamp;

use super::PortResult;

/// A body as it arrives.
pub type ObjectStream = BoxStream<'static, PortResult<Bytes>>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectHead {
    pub bytes: u64,
    /// The checksum that was verified when the object was stored, lower-case hexadecimal.
    pub sha256: Option<String>,
    pub last_modified: Option<Timestamp>,
}

/// What an upload must be for its presigned URL to take it. All of it is signed as headers, and
/// the object may not exist yet (`If-None-Match: *`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutTerms {
    pub key: String,
    /// Lower-case hexadecimal.
    pub sha256: String,
    pub bytes: u64,
    pub content_type: String,
    pub valid_for: Duration,
}

/// The bucket of rosters.
#[async_trait]
pub trait ObjectStore: Send + Sync + 'static {
    /// A URL and the headers to send with it, exactly as they are.
    async fn presign_put(&self, terms: PutTerms) -> PortResult<(String, BTreeMap<String, String>)>;

    /// `None` where there is no such object.
    async fn head(&self, key: &str) -> PortResult<Option<ObjectHead>>;

    /// The object's bytes from `offset` on. [`super::PortError::Refused`] where there is none.
    async fn get(&self, key: &str, offset: u64) -> PortResult<ObjectStream>;

    /// Removing what is not there is done already.
    async fn delete(&self, key: &str) -> PortResult<()>;
}
