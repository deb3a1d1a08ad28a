//! `GET /health`: asks everything that the pipeline depends on.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// HTTP 200 where all is well, 503 with the same body where anything is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    pub well: bool,
    /// By dependency: `row-store`, `object-store`, `queues`, `registry`.
    pub checks: BTreeMap<String, Check>,
    pub now: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    Well,
    /// What a support person should know; no inner details.
    Down(String),
}
