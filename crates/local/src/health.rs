//! `GET /health`: asks what the pipeline depends on.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use wire::{Check, Health};

use crate::serve::Parts;

type Bucket = Arc<aws::s3::Bucket>;

pub(crate) fn router(parts: &Parts) -> Router {
    Router::new()
        .route("/health", get(health))
        .with_state(Arc::clone(&parts.bucket))
}

async fn health(State(bucket): State<Bucket>) -> (StatusCode, Json<Health>) {
    let well = bucket.is_well().await;
    let check = if well {
        Check::Well
    } else {
        Check::Down("the object store does not answer".into())
    };
    let status = if well {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let health = Health {
        well,
        checks: BTreeMap::from([("object-store".to_owned(), check)]),
        now: Timestamp::now(),
    };
    (status, Json(health))
}
