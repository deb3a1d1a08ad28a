//! What the services need from the world. An adapter promises what the port's documentation says
//! and nothing else; a handler may rely on that and on nothing else.

mod clock;
mod event_bus;
mod mailer;
mod object_store;
mod people;
mod queues;
mod registration_api;
mod row_store;

pub use clock::Clock;
pub use event_bus::EventBus;
pub use mailer::{Mailer, WelcomeMail};
pub use object_store::{ObjectHead, ObjectStore, ObjectStream, PutTerms};
pub use people::People;
pub use queues::{Queue, QueueFaults, Queues, Received, SendEntry};
pub use registration_api::{RegistrationApi, RegistrationFault};
pub use row_store::*;

/// A dependency did not do what was asked of it.
#[derive(Debug, thiserror::Error)]
pub enum PortError {
    /// It does not answer, or says that it cannot now. Trying again later may help.
    #[error("{port} does not answer: {what}")]
    Unavailable { port: &'static str, what: String },
    /// It answered with something that trying again will not change.
    #[error("{port} refused: {what}")]
    Refused { port: &'static str, what: String },
}

impl PortError {
    pub fn unavailable(port: &'static str, what: impl ToString) -> Self {
        Self::Unavailable {
            port,
            what: what.to_string(),
        }
    }

    pub fn refused(port: &'static str, what: impl ToString) -> Self {
        Self::Refused {
            port,
            what: what.to_string(),
        }
    }
}

pub type PortResult<T> = Result<T, PortError>;

#[cfg(test)]
pub use event_bus::MockEventBus;
#[cfg(test)]
pub use queues::MockQueue;
#[cfg(test)]
pub use registration_api::MockRegistrationApi;
