//! Where a running pipeline is and what opens it: the line that `muster serve` prints, and the
//! file by which a second process finds the first.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub const REGION: &str = "us-east-1";
pub const BUCKET: &str = "muster-rosters";

/// `Debug` shows no secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// URLs without a slash at the end.
    pub gateway: String,
    pub s3: String,
    pub sqs: String,
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    /// The bearer token of the gateway.
    pub token: String,
    pub bucket: String,
    /// URLs by name, dead-letter queues included.
    pub queues: BTreeMap<String, String>,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("gateway", &self.gateway)
            .field("s3", &self.s3)
            .field("sqs", &self.sqs)
            .finish_non_exhaustive()
    }
}

/// Of S3 or SQS at `url`, with keys that do not end.
pub(crate) fn connection(
    url: &str,
    access_key_id: &str,
    secret_access_key: &str,
) -> aws::Connection {
    aws::Connection {
        endpoint: Some(url.to_owned()),
        region: REGION.to_owned(),
        credentials: aws::Credentials::Static {
            access_key_id: access_key_id.to_owned(),
            secret_access_key: secret_access_key.to_owned(),
            session_token: None,
        },
    }
}
