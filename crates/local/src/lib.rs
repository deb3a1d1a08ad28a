//! The embedded pipeline: the S3 and SQS protocols on loopback, the SQLite stores behind them, a
//! mailbox folder, and the services of `pipeline` run in-process.
//!
//! Handlers reach S3 and SQS over loopback like everybody else, so requests are counted and the
//! adapters are the ones that AWS gets.

mod assemble;
mod broker;
mod columns;
pub mod credentials;
pub mod data_dir;
pub mod db;
mod endpoint;
mod gateway;
pub mod identity;
pub mod loopback;
pub mod mailbox;
mod owner;
pub mod people;
pub mod private;
mod registration_http;
pub mod row_store;
pub mod s3;
mod serve;
mod services;
pub mod sigv4;
pub mod sqs;
pub mod tokens;

/// Where a test may end the process, beside those of the services.
pub const CRASH_POINTS: &[&str] = &["intake.before-event"];

pub use assemble::COMPANY;
pub use broker::AwsEndpoint;
pub use endpoint::{BUCKET, Endpoint, REGION};
pub use serve::{Options, Running, ServeError, serve};
