//! The embedded SQS as a client sees it: aws-sdk-sqs over a real listener.

#![allow(clippy::expect_used, reason = "a test that cannot go on says so")]

mod access;
mod limits;
mod messages;
mod polling;
mod restart;
mod server;
mod speed;
