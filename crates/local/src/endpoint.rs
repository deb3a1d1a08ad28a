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

impl Endpoint {
    /// The connection of the S3 protocol, with the owner's keys.
    pub fn s3_connection(&self) -> aws::Connection {
        self.connection(&self.s3)
    }

    /// The connection of the SQS protocol, with the owner's keys.
    pub fn sqs_connection(&self) -> aws::Connection {
        self.connection(&self.sqs)
    }

    fn connection(&self, url: &str) -> aws::Connection {
        aws::Connection {
            endpoint: Some(url.to_owned()),
            region: self.region.clone(),
            credentials: aws::Credentials::Static {
                access_key_id: self.access_key_id.clone(),
                secret_access_key: self.secret_access_key.clone(),
                session_token: None,
            },
        }
    }
}
