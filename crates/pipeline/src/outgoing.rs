//! Messages on their way out.

use serde::Serialize;
use wire::{LaneMessage, RefusalMessage, Versioned};

use crate::ports::{PortError, Queue, QueueFaults, SendEntry};

/// A row for a lane. Fair among companies.
pub(crate) fn lane_entry(message: LaneMessage) -> SendEntry {
    fair_entry(message.company.to_string(), message)
}

/// A refusal for triage. Fair among companies.
pub(crate) fn refusal_entry(message: RefusalMessage) -> SendEntry {
    fair_entry(message.company.to_string(), message)
}

pub(crate) fn fair_entry(company: String, message: impl Serialize) -> SendEntry {
    SendEntry {
        group: Some(company),
        ..entry(message)
    }
}

/// For a queue that belongs to one company anyway.
pub(crate) fn entry(message: impl Serialize) -> SendEntry {
    SendEntry {
        body: Versioned::new(message).to_json(),
        group: None,
        delay: None,
    }
}

/// Sends everything, or says that `name` did not take it: the part that went is sent again, and
/// its keys make that harmless.
pub(crate) async fn send_all(
    queue: &dyn Queue,
    entries: Vec<SendEntry>,
    name: &'static str,
) -> Result<(), PortError> {
    if entries.is_empty() {
        return Ok(());
    }
    let QueueFaults(faults) = queue.send(entries).await?;
    match faults.first() {
        None => Ok(()),
        Some((_, why)) => Err(PortError::unavailable(name, why)),
    }
}
