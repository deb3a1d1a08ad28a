//! The desktop's use cases and its ledger. Knows no window.
//!
//! [`Import`] reads, checks and edits a file; a [`Desk`] owns everything else: it takes
//! [`Request`]s, tells [`Event`]s to whatever [`Show`]s them, and goes on after any stop from what
//! the [`ledger`] has. Nothing is told to the pipeline that is not journalled first, and nothing
//! that it told is deleted before it is written down.

mod connect;
mod context;
pub mod crash;
mod desk;
mod error;
mod event;
pub mod gateway;
pub mod home;
mod import;
pub mod ledger;
mod outgoing;
mod private;
mod rejected;
mod request;
mod send;
mod track;
mod workstation;

pub use connect::{Connect, ConnectFault, Endpoint, Fixed};
pub use crash::CRASH_POINTS;
pub use desk::{Desk, Options};
pub use error::{DeskError, DeskResult};
pub use event::{BatchProgress, Event, Show};
pub use import::{Found, Import, ImportError, ImportOptions};
pub use outgoing::{Outgoing, Terms};
pub use request::{Reply, Request};
