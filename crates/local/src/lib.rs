//! The embedded pipeline: the S3 and SQS protocols on loopback, the SQLite stores behind them, a
//! mailbox folder, and the services of `pipeline` run in-process.
//!
//! Handlers reach S3 and SQS over loopback like everybody else, so requests are counted and the
//! adapters are the ones that AWS gets.

mod columns;
pub mod credentials;
pub mod db;
pub mod identity;
pub mod people;
pub mod private;
pub mod row_store;
pub mod tokens;
