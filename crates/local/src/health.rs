//! `GET /health`: asks what the pipeline depends on.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws::sqs::SqsQueues;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use pipeline::ports::Queues;
use wire::{Check, Health};

use crate::serve::Parts;

#[derive(Clone)]
struct Depends {
    bucket: Arc<aws::s3::Bucket>,
    queues: Arc<SqsQueues>,
}

pub(crate) fn router(parts: &Parts) -> Router {
    Router::new()
        .route("/health", get(health))
        .with_state(Depends {
            bucket: Arc::clone(&parts.bucket),
            queues: Arc::clone(&parts.queues),
        })
}

async fn health(State(depends): State<Depends>) -> (StatusCode, Json<Health>) {
    let asked = tokio::join!(depends.bucket.is_well(), depends.queues.is_well());
    let check = |well: bool| match well {
        true => Check::Well,
        false => Check::Down("does not answer".into()),
    };
    let well = asked == (true, true);
    let status = match well {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    let health = Health {
        well,
        checks: BTreeMap::from([
            ("object-store".to_owned(), check(asked.0)),
            ("queues".to_owned(), check(asked.1)),
        ]),
        now: Timestamp::now(),
    };
    (status, Json(health))
}
