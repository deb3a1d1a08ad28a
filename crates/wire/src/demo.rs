//! Knobs of the embedded pipeline's registry, for trials, demonstrations and tests. Not part of
//! the contract with a real pipeline: `GET` and `PUT /v1/demo/registry` exist on loopback only.

use model::RowNo;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RegistryControls {
    /// Calls carried at once; beyond it 429 with `Retry-After`.
    pub capacity: u32,
    /// How long a call takes, in milliseconds.
    pub latency_ms: u64,
    /// Share of calls, 0 to 1, refused for no reason of their own.
    pub refuse_share: f64,
    /// Every call answers 503.
    pub outage: bool,
    /// Calls that fail, by row: each answers 503 this many times more.
    pub failing_rows: Vec<FailingRow>,
    /// The registry answers only after the caller has given up, having registered the person:
    /// this many calls more.
    pub lost_answers: u32,
    /// Asked whether it is well, it says no, though it answers calls: what lies in the dead-letter
    /// queue stays there to be looked at.
    pub reports_unwell: bool,
    /// E-mail domains that the company has blocked.
    pub blocked_domains: Vec<String>,
    /// Departments that the registry knows. None named: it takes any.
    pub departments: Vec<String>,
}

/// `GET /v1/demo/requests`: SQS requests since the start, as the server counted them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestCount {
    pub action: String,
    /// Empty for actions on no queue in particular.
    pub queue: String,
    pub requests: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailingRow {
    pub row_no: RowNo,
    pub times: u32,
}

impl Default for RegistryControls {
    fn default() -> Self {
        Self {
            capacity: 20,
            latency_ms: 20,
            refuse_share: 0.0,
            outage: false,
            failing_rows: Vec::new(),
            lost_answers: 0,
            reports_unwell: false,
            blocked_domains: vec!["mailinator.com".into(), "example.invalid".into()],
            departments: [
                "Engenharia",
                "Vendas",
                "Financeiro",
                "Marketing",
                "Suporte",
                "Jurídico",
                "RH",
                "Operações",
            ]
            .map(str::to_owned)
            .to_vec(),
        }
    }
}
