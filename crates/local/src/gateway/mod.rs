//! The gateway on loopback: HTTP around `pipeline::gateway` and the reference registry.
//!
//! Every request carries a bearer token. A server fault is logged under the request's id, which
//! the answer quotes.

mod demo;
mod registry;
mod reply;
mod routes;

use std::sync::Arc;

use axum::Router;
use pipeline::registry::Registry;

use crate::sqs::Sqs;
use crate::tokens::Tokens;

/// Everything that a request may need.
pub struct Parts {
    pub gateway: pipeline::gateway::Gateway,
    pub registry: Arc<Registry>,
    pub tokens: Arc<Tokens>,
    /// What the services show to the registry. New at every start.
    pub service_token: String,
    /// Counts requests. `None`: the queues are not ours.
    pub own_sqs: Option<Arc<Sqs>>,
}

pub fn router(parts: Arc<Parts>) -> Router {
    Router::new()
        .merge(routes::router())
        .merge(registry::router())
        .merge(demo::router())
        .fallback(reply::no_such_path)
        .with_state(parts)
}
