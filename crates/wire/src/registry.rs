//! The reference Registration API.
//!
//! `POST /registry/v1/registrations` registers, 201 (or 200 with the same answer when the key came
//! before), 4xx with a [`RegistryRefusal`] for good, 429 with `Retry-After` beyond the capacity,
//! 5xx for faults. `GET /registry/v1/registrations/{company}/{batch}/{row}/{generation}` looks one
//! up by its key. `POST /registry/v1/fences` closes a row's earlier generations.

use jiff::Timestamp;
use model::{CompanyId, Generation, NaturalKey, Reason, Record, RowKey};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterRequest {
    pub company: CompanyId,
    pub key: RowKey,
    pub natural_key: NaturalKey,
    pub record: Record,
}

impl std::fmt::Debug for RegisterRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RegisterRequest")
            .field("company", &self.company)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    pub person_id: Uuid,
    pub key: RowKey,
    pub registered_at: Timestamp,
}

/// What became of a key, now or when it came first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegisterAnswer {
    Registered(Registration),
    Refused(Reason),
}

/// The body of a refusal: HTTP 409 for `already-registered` and `superseded`, 422 for the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistryRefusal {
    pub reason: Reason,
}

/// Closes every generation of the row below this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fence {
    pub company: CompanyId,
    pub key: RowKey,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FenceAnswer {
    /// No earlier generation was registered, and none will be.
    Fenced,
    /// An earlier generation had been registered before the fence came.
    RegisteredBefore {
        generation: Generation,
        registration: Registration,
    },
}
