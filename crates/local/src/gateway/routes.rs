//! The desktop's paths.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use model::{BatchId, RowNo, WorkstationId};
use serde::Deserialize;
use wire::{
    BatchList, BatchView, CorrectionOutcome, Corrections, CreateBatch, CreateBatchAnswer,
    LeaseAnswer, LeaseRequest, OpenWorkstation, RejectedPage, ReleaseRequest, RowHistory, RowsPage,
    SearchRejected, Workstation,
};

use super::Parts;
use super::reply::{Asker, Body, Refused, Reply, reply};

/// 500 corrections of a few kilobytes each.
const LARGEST_BODY: usize = 8 * 1024 * 1024;

type App = State<Arc<Parts>>;

pub fn router() -> Router<Arc<Parts>> {
    Router::new()
        .route("/health", get(health))
        .route("/v1/workstations", post(open_workstation))
        .route("/v1/batches", get(batches).post(create_batch))
        .route("/v1/batches/{id}", get(batch))
        .route("/v1/batches/{id}/followers", post(follow))
        .route("/v1/batches/{id}/rows", get(rows))
        .route("/v1/batches/{id}/rows/{row_no}", get(row))
        .route("/v1/batches/{id}/corrections", post(correct))
        .route("/v1/rejected/search", post(search_rejected))
        .route("/v1/leases", post(lease))
        .route("/v1/leases/release", post(release))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
}

async fn health(State(parts): App, _who: Asker) -> Response {
    let health = parts.gateway.health().await;
    let status = if health.well {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(health)).into_response()
}

async fn open_workstation(
    State(parts): App,
    Asker(who): Asker,
    Body(request): Body<OpenWorkstation>,
) -> Reply<Workstation> {
    reply(parts.gateway.open_workstation(&who, request).await)
}

async fn create_batch(
    State(parts): App,
    Asker(who): Asker,
    Body(request): Body<CreateBatch>,
) -> Reply<CreateBatchAnswer> {
    reply(parts.gateway.create_batch(&who, request).await)
}

async fn batches(State(parts): App, Asker(who): Asker) -> Reply<BatchList> {
    reply(parts.gateway.batches(&who).await)
}

async fn batch(State(parts): App, Asker(who): Asker, Path(id): Path<BatchId>) -> Reply<BatchView> {
    reply(parts.gateway.batch(&who, id).await)
}

#[derive(Deserialize)]
struct Follow {
    workstation_id: WorkstationId,
}

async fn follow(
    State(parts): App,
    Asker(who): Asker,
    Path(id): Path<BatchId>,
    Body(request): Body<Follow>,
) -> Reply<()> {
    reply(parts.gateway.follow(&who, id, request.workstation_id).await)
}

#[derive(Deserialize)]
struct Since {
    #[serde(default)]
    since: u64,
    limit: Option<u32>,
}

async fn rows(
    State(parts): App,
    Asker(who): Asker,
    Path(id): Path<BatchId>,
    Query(query): Query<Since>,
) -> Reply<RowsPage> {
    reply(parts.gateway.rows(&who, id, query.since, query.limit).await)
}

async fn row(
    State(parts): App,
    Asker(who): Asker,
    Path((id, row_no)): Path<(BatchId, u32)>,
) -> Reply<RowHistory> {
    reply(parts.gateway.row(&who, id, RowNo(row_no)).await)
}

/// 200, or 409 with the same body where a lone correction is in conflict.
async fn correct(
    State(parts): App,
    Asker(who): Asker,
    Path(id): Path<BatchId>,
    Body(request): Body<Corrections>,
) -> Result<Response, Refused> {
    let answer = parts.gateway.correct(&who, id, request).await?;
    let status = match answer.outcomes.as_slice() {
        [CorrectionOutcome::Held { .. } | CorrectionOutcome::Stale { .. }] => StatusCode::CONFLICT,
        _ => StatusCode::OK,
    };
    Ok((status, Json(answer)).into_response())
}

async fn search_rejected(
    State(parts): App,
    Asker(who): Asker,
    Body(request): Body<SearchRejected>,
) -> Reply<RejectedPage> {
    reply(parts.gateway.search_rejected(&who, request).await)
}

async fn lease(
    State(parts): App,
    Asker(who): Asker,
    Body(request): Body<LeaseRequest>,
) -> Reply<LeaseAnswer> {
    reply(parts.gateway.lease(&who, request).await)
}

async fn release(
    State(parts): App,
    Asker(who): Asker,
    Body(request): Body<ReleaseRequest>,
) -> Reply<()> {
    reply(parts.gateway.release(&who, request).await)
}
