//! Queue messages. Each is one JSON object with its version.

use jiff::Timestamp;
use model::{BatchId, BatchState, CompanyId, Reason, Record, RowKey, Seq, StatusEvent};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The shape that this build writes and the highest that it reads.
pub const VERSION: u32 = 1;

/// A message body with its version around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versioned<T> {
    pub v: u32,
    #[serde(flatten)]
    pub body: T,
}

/// A message that this build cannot read.
#[derive(Debug, thiserror::Error)]
pub enum UnknownVersion {
    #[error("message version {0} is newer than this build reads ({VERSION})")]
    Newer(u32),
    /// Says where, never what: a body is personal data.
    #[error("not a message of this kind: line {line}, column {column}")]
    NotOfThisKind { line: usize, column: usize },
}

impl<T: Serialize> Versioned<T> {
    pub fn new(body: T) -> Self {
        Self { v: VERSION, body }
    }

    pub fn to_json(&self) -> String {
        // Records are maps of text to text: there is nothing in them that JSON cannot say.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl<T: DeserializeOwned> Versioned<T> {
    pub fn from_json(text: &str) -> Result<T, UnknownVersion> {
        #[derive(Deserialize)]
        struct Version {
            v: u32,
        }
        let unreadable = |error: serde_json::Error| UnknownVersion::NotOfThisKind {
            line: error.line(),
            column: error.column(),
        };
        let Version { v } = serde_json::from_str(text).map_err(unreadable)?;
        if v > VERSION {
            return Err(UnknownVersion::Newer(v));
        }
        let message: Self = serde_json::from_str(text).map_err(unreadable)?;
        Ok(message.body)
    }
}

macro_rules! silent_debug {
    ($name:ident { $($shown:ident),+ }) => {
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))
                    $(.field(stringify!($shown), &self.$shown))+
                    .finish_non_exhaustive()
            }
        }
    };
}

/// On a lane: one row to register.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneMessage {
    pub company: CompanyId,
    #[serde(flatten)]
    pub key: RowKey,
    pub record: Record,
}
silent_debug!(LaneMessage { company, key });

/// From register to triage: one row that must be corrected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusalMessage {
    pub company: CompanyId,
    #[serde(flatten)]
    pub key: RowKey,
    pub reason: Reason,
}

/// On the company's rejected queue: delivered to one desk.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedMessage {
    pub company: CompanyId,
    #[serde(flatten)]
    pub key: RowKey,
    pub seq: Seq,
    pub reason: Reason,
    pub record: Record,
    pub at: Timestamp,
}
silent_debug!(RejectedMessage {
    company,
    key,
    seq,
    reason
});

/// To each workstation that follows a batch: what changed, up to 500 rows.
///
/// Covers every change with `since < version ≤ self.version`; a reader whose own version is below
/// `since` has missed something and asks the gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusDigest {
    pub company: CompanyId,
    pub batch_id: BatchId,
    pub since: u64,
    pub version: u64,
    pub batch: BatchState,
    pub events: Vec<StatusEvent>,
}

/// On the event bus: a person is registered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisteredEvent {
    pub company: CompanyId,
    #[serde(flatten)]
    pub key: RowKey,
    pub person_id: Uuid,
    pub record: Record,
    /// The batch's language, for a person whose record names none.
    pub language: String,
    pub at: Timestamp,
}
silent_debug!(RegisteredEvent {
    company,
    key,
    person_id
});

/// On the e-mail queue: only what the welcome e-mail needs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailMessage {
    pub company: CompanyId,
    #[serde(flatten)]
    pub key: RowKey,
    pub person_id: Uuid,
    pub to: String,
    pub name: String,
    pub language: String,
}
silent_debug!(EmailMessage {
    company,
    key,
    person_id
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_message_is_left_for_a_newer_reader() {
        let read = Versioned::<RefusalMessage>::from_json(r#"{"v":2,"anything":1}"#);
        assert!(matches!(read, Err(UnknownVersion::Newer(2))));
    }

    #[test]
    fn an_unreadable_message_says_where_and_not_what() {
        let read = Versioned::<RefusalMessage>::from_json(r#"{"v":1,"company":"Ana Lima"}"#);
        let said = read.map(drop).map_err(|e| e.to_string());
        assert!(said.as_ref().is_err_and(|s| !s.contains("Ana")), "{said:?}");
    }
}
