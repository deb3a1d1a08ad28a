//! Fan-out: one event, to each subscriber only the fields it needs.

use std::sync::Arc;

use async_trait::async_trait;
use wire::{EmailMessage, RegisteredEvent};

use crate::outgoing::{fair_entry, send_all};
use crate::ports::{EventBus, PortResult, Queue, SendEntry};

/// The event bus of a pipeline without a bus of its own.
pub struct FanOut {
    pub email: Arc<dyn Queue>,
}

#[async_trait]
impl EventBus for FanOut {
    async fn registered(&self, events: Vec<RegisteredEvent>) -> PortResult<()> {
        let entries: Vec<_> = events.into_iter().filter_map(email_entry).collect();
        send_all(&*self.email, entries, "e-mail queue").await
    }
}

/// `None` for a person without an e-mail address: there is nobody to welcome.
fn email_entry(event: RegisteredEvent) -> Option<SendEntry> {
    let mut record = event.record;
    let message = EmailMessage {
        to: record.remove("email").filter(|to| !to.is_empty())?,
        name: record.remove("full_name").unwrap_or_default(),
        language: record.remove("language").unwrap_or(event.language),
        person_id: event.person_id,
        key: event.key,
        company: event.company,
    };
    Some(fair_entry(message.company.to_string(), message))
}
