//! `POST /v1/workstations`: a status queue of one's own, and short-lived credentials that open it
//! and the company's rejected queue, and nothing else. The same call renews them.

use jiff::Timestamp;
use model::{CompanyId, WorkstationId};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenWorkstation {
    /// Made once by the desktop and kept.
    pub workstation_id: WorkstationId,
    /// Who sits there, as others should see it ("open on Ana's desk").
    pub desk_name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workstation {
    pub workstation_id: WorkstationId,
    pub company: CompanyId,
    /// The user of the token.
    pub user: String,
    /// Endpoint of the SQS protocol, where it is not the region's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sqs_endpoint: Option<String>,
    pub region: String,
    pub status_queue_url: String,
    pub rejected_queue_url: String,
    pub credentials: Credentials,
    /// The server's clock when it answered.
    pub now: Timestamp,
}

/// Temporary AWS credentials. `Debug` shows no secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    pub access_key_id: String,
    pub secret_access_key: String,
    /// Empty where the keys are none of AWS's temporary ones: an emulator's.
    pub session_token: String,
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.access_key_id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
