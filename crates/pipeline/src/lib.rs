//! The services of the pipeline as handlers over ports.
//!
//! Each service does one thing and knows its neighbours by the queues between them only. A
//! consumer is three things apart: a loop ([`consume`]), a handler (one module for each service),
//! and an entry point (the embedded pipeline, or a Lambda function).

pub mod ports;
