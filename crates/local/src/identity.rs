//! Who signs: long-lived keys of the owner, and short-lived ones of workstations whose session
//! policy names two queues.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use jiff::Timestamp;

/// What a key opens. The embedded pipeline enforces what a session policy says on AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Everything, S3 included.
    Owner,
    /// Receive, delete, change visibility and read attributes on these queues (by name), nothing
    /// else.
    Queues(Vec<String>),
}

#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    pub access_key_id: String,
    pub secret_access_key: String,
    /// Temporary keys must come with it.
    pub session_token: Option<String>,
    /// `None`: never.
    pub expires_at: Option<Timestamp>,
    pub policy: Policy,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity")
            .field("access_key_id", &self.access_key_id)
            .field("expires_at", &self.expires_at)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

/// All keys that are known, by access key id.
#[derive(Default)]
pub struct Identities(RwLock<HashMap<String, Identity>>);

impl Identities {
    pub fn put(&self, identity: Identity) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(identity.access_key_id.clone(), identity);
    }

    /// The identity, expired or not: an expired one gets another error than an unknown one.
    pub fn get(&self, access_key_id: &str) -> Option<Identity> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(access_key_id).cloned()
    }

    /// Forgets keys that expired before `before`.
    pub fn forget_expired(&self, before: Timestamp) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, identity| identity.expires_at.is_none_or(|at| at > before));
    }
}
