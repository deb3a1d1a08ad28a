//! What the gateway answers, whoever carries the HTTP: the desktop's side of the pipeline. Every
//! call is for the company of the token, and what belongs to another company is not there.

mod batches;
mod corrections;
mod rejected;
mod workstations;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use wire::{Check, ErrorCode, Health};

use crate::ports::{Clock, ObjectStore, PortError, Queues, RegistrationApi, RowStore};

pub use workstations::IssueCredentials;

pub struct Gateway {
    pub store: Arc<dyn RowStore>,
    pub objects: Arc<dyn ObjectStore>,
    pub queues: Arc<dyn Queues>,
    pub api: Arc<dyn RegistrationApi>,
    pub credentials: Arc<dyn IssueCredentials>,
    pub clock: Arc<dyn Clock>,
    /// How long a presigned URL is good for: at most seven days.
    pub upload_valid_for: Duration,
    pub region: String,
    /// Where it is not the region's own.
    pub sqs_endpoint: Option<String>,
}

/// The gateway says no.
#[derive(Debug, thiserror::Error)]
#[error("{code:?}: {message}")]
pub struct Refusal {
    pub code: ErrorCode,
    /// For developers; names no person.
    pub message: String,
}

pub type Answer<T> = Result<T, Refusal>;

impl Refusal {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    fn bad(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadRequest, message)
    }

    fn not_found(what: &str) -> Self {
        Self::new(ErrorCode::NotFound, format!("no such {what}"))
    }
}

impl From<PortError> for Refusal {
    fn from(error: PortError) -> Self {
        // Inner details stay in the log, under the request's id.
        tracing::error!(%error, "a dependency failed");
        match error {
            PortError::Unavailable { port, .. } => {
                Self::new(ErrorCode::Unavailable, format!("{port} does not answer"))
            }
            PortError::Refused { port, .. } => {
                Self::new(ErrorCode::Internal, format!("{port} refused"))
            }
        }
    }
}

impl Gateway {
    /// Asks everything that the pipeline depends on.
    pub async fn health(&self) -> Health {
        let objects = async {
            // There is no such object: what counts is that the store says so.
            self.objects.head("health").await.is_ok()
        };
        let (store, objects, queues, registry) = tokio::join!(
            self.store.is_well(),
            objects,
            self.queues.is_well(),
            self.api.is_well()
        );
        let named = [
            ("row-store", store),
            ("object-store", objects),
            ("queues", queues),
            ("registry", registry),
        ];
        let checks: BTreeMap<_, _> = named
            .into_iter()
            .map(|(name, well)| {
                let check = if well {
                    Check::Well
                } else {
                    Check::Down("does not answer".into())
                };
                (name.to_owned(), check)
            })
            .collect();
        Health {
            well: checks.values().all(|check| *check == Check::Well),
            checks,
            now: self.clock.now(),
        }
    }
}
