//! The adapters to AWS: S3 and SQS.
//!
//! One code path for AWS, an emulator and the embedded pipeline: a [`Connection`] names the
//! endpoint, the region and where credentials come from, and nothing else differs. The SDK's
//! standard retries are the only ones; its clock follows the server's.

mod connection;
mod faults;
#[cfg(feature = "s3")]
pub mod s3;
#[cfg(feature = "sqs")]
pub mod sqs;

pub use connection::{Connection, Credentials, Renew, RenewFault, Renewed};
/// What the adapters take and give, for callers that know no services.
pub use pipeline::ports::{
    ObjectHead, ObjectStream, PortError, PortResult, PutTerms, QueueFaults, Received, SendEntry,
};
