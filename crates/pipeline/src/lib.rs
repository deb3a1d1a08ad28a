//! The services of the pipeline as handlers over ports.
//!
//! Each service does one thing and knows its neighbours by the queues between them only. A
//! consumer is three things apart: a loop ([`consume`]), a handler (one module for each service),
//! and an entry point (the embedded pipeline, or a Lambda function). Everything that a handler is
//! given may come twice, late or out of order; `(batch_id, row_no, generation)` makes that
//! harmless.

mod backoff;
pub mod consume;
pub mod extract;
mod facts;
pub mod fan_out;
pub mod gateway;
pub mod names;
pub mod notify;
mod outgoing;
pub mod ports;
pub mod register;
pub mod registry;
pub mod resend;
pub mod status;
pub mod sweep;
pub mod triage;

/// Where a test may end the process, as kill -9 would. Compiled out without the `failpoints`
/// feature of the binary.
pub const CRASH_POINTS: &[&str] = &[
    "extract.after-received",
    "extract.after-insert",
    "extract.after-lane",
    "extract.after-checkpoint",
    "register.before-call",
    "register.after-call",
    "register.after-apply",
    "register.after-event",
    "triage.after-apply",
    "triage.after-send",
    "resend.after-fence",
    "resend.after-lane",
    "status.after-send",
    "notify.after-claim",
    "notify.after-mail",
];
