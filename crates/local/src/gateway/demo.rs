//! Knobs and views that exist on loopback only, for trials, demonstrations and tests.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use wire::ErrorCode;
use wire::demo::{RegistryControls, RequestCount};

use super::Parts;
use super::reply::{Asker, Body, Refused, Reply, reply};

type App = State<Arc<Parts>>;

pub fn router() -> Router<Arc<Parts>> {
    Router::new()
        .route("/v1/demo/registry", get(controls).put(set_controls))
        .route("/v1/demo/requests", get(requests))
}

async fn controls(State(parts): App, _who: Asker) -> Reply<RegistryControls> {
    reply(Ok(parts.registry.controls()))
}

async fn set_controls(
    State(parts): App,
    _who: Asker,
    Body(controls): Body<RegistryControls>,
) -> Reply<RegistryControls> {
    if controls.capacity == 0 || !(0.0..=1.0).contains(&controls.refuse_share) {
        let message = "capacity is at least 1, refuse_share from 0 to 1";
        return Err(Refused::new(ErrorCode::BadRequest, message));
    }
    parts.registry.set_controls(controls);
    reply(Ok(parts.registry.controls()))
}

async fn requests(State(parts): App, _who: Asker) -> Reply<Vec<RequestCount>> {
    let counts = parts.own_sqs.as_ref().map(|sqs| sqs.counts().snapshot());
    let counts = counts.unwrap_or_default().into_iter();
    let counts = counts.map(|((action, queue), requests)| RequestCount {
        action,
        queue,
        requests,
    });
    reply(Ok(counts.collect()))
}
