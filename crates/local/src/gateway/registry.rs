//! The reference Registration API over HTTP: what `wire::registry` describes. Open to the
//! pipeline's services only: a desktop's token opens nothing here.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use model::{BatchId, CompanyId, Generation, ReasonCode, RowKey, RowNo};
use pipeline::registry::Fault;
use wire::{ErrorCode, Fence, RegisterAnswer, RegisterRequest, RegistryRefusal};

use super::Parts;
use super::reply::{Body, Refused, Service};

type App = State<Arc<Parts>>;

pub fn router() -> Router<Arc<Parts>> {
    Router::new()
        .route("/registry/v1/registrations", post(register))
        .route(
            "/registry/v1/registrations/{company}/{batch}/{row}/{generation}",
            get(look_up),
        )
        .route("/registry/v1/fences", post(fence))
        .route("/registry/v1/health", get(health))
}

async fn register(
    State(parts): App,
    _service: Service,
    Body(request): Body<RegisterRequest>,
) -> Result<Response, Refused> {
    Ok(match parts.registry.register(&request).await {
        Ok(RegisterAnswer::Registered(registration)) => {
            (StatusCode::CREATED, Json(registration)).into_response()
        }
        Ok(RegisterAnswer::Refused(reason)) => {
            let status = match reason.code {
                ReasonCode::AlreadyRegistered | ReasonCode::Superseded => StatusCode::CONFLICT,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            (status, Json(RegistryRefusal { reason })).into_response()
        }
        Err(fault) => fault_response(fault),
    })
}

async fn look_up(
    State(parts): App,
    _service: Service,
    Path((company, batch_id, row, generation)): Path<(CompanyId, BatchId, u32, u32)>,
) -> Result<Response, Refused> {
    let key = RowKey {
        batch_id,
        row_no: RowNo(row),
        generation: Generation(generation),
    };
    match parts.registry.look_up(&company, key).await {
        Ok(Some(registration)) => Ok(Json(registration).into_response()),
        Ok(None) => Err(Refused::new(ErrorCode::NotFound, "nothing under this key")),
        Err(fault) => Ok(fault_response(fault)),
    }
}

async fn fence(
    State(parts): App,
    _service: Service,
    Body(request): Body<Fence>,
) -> Result<Response, Refused> {
    Ok(match parts.registry.fence(&request).await {
        Ok(answer) => Json(answer).into_response(),
        Err(fault) => fault_response(fault),
    })
}

async fn health(State(parts): App, _service: Service) -> StatusCode {
    if parts.registry.is_well() {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

fn fault_response(fault: Fault) -> Response {
    match fault {
        Fault::Busy(after) => {
            let refused = Refused::new(ErrorCode::TooMany, "at capacity");
            let seconds = after.as_secs().max(1).to_string();
            ([(header::RETRY_AFTER, seconds)], refused).into_response()
        }
        Fault::Down => Refused::new(ErrorCode::Unavailable, "the registry is down").into_response(),
    }
}
