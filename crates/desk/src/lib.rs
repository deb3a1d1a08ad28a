//! The desktop's use cases and its ledger. Knows no window.

mod connect;
mod context;
pub mod crash;
mod desk;
mod error;
pub mod gateway;
pub mod home;
pub mod ledger;
mod outgoing;
mod private;
mod rejected;
mod send;
mod track;
mod workstation;

pub use connect::{Connect, ConnectFault, Endpoint, Fixed};
pub use crash::CRASH_POINTS;
pub use desk::{BatchProgress, Desk, Event, Reply, Request, Show};
pub use error::{DeskError, DeskResult};
pub use outgoing::{Outgoing, Terms};
