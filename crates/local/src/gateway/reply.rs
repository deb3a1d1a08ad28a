//! How answers leave: the body of a refusal, its status and its request id.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts as RequestParts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use pipeline::gateway::Refusal;
use pipeline::ports::Principal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use subtle::ConstantTimeEq;
use uuid::Uuid;
use wire::{ErrorBody, ErrorCode};

use super::Parts;

/// A refusal on its way out.
pub struct Refused(Refusal);

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl Refused {
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self(Refusal::new(code, message))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Refusal { code, message } = self.0;
        let request_id = Uuid::now_v7().to_string();
        tracing::info!(request_id, ?code, message, "refused");
        let status =
            StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = Json(ErrorBody {
            code,
            message,
            request_id,
        });
        if status == StatusCode::UNAUTHORIZED {
            return (status, [(header::WWW_AUTHENTICATE, "Bearer")], body).into_response();
        }
        (status, body).into_response()
    }
}

pub type Reply<T> = Result<Json<T>, Refused>;

/// Wraps what a handler of the pipeline answered.
pub fn reply<T: Serialize>(answer: Result<T, Refusal>) -> Reply<T> {
    Ok(Json(answer?))
}

/// Who asks, by the bearer token.
pub struct Asker(pub Principal);

impl FromRequestParts<Arc<Parts>> for Asker {
    type Rejection = Refused;

    async fn from_request_parts(
        request: &mut RequestParts,
        parts: &Arc<Parts>,
    ) -> Result<Self, Self::Rejection> {
        let refused = || {
            Refused::new(
                ErrorCode::TokenRefused,
                "no bearer token, or not a known one",
            )
        };
        let token = bearer(request).ok_or_else(refused)?;
        let principal = parts.tokens.principal(token).ok_or_else(refused)?;
        Ok(Self(principal))
    }
}

/// One of the pipeline's own services asks.
pub struct Service;

impl FromRequestParts<Arc<Parts>> for Service {
    type Rejection = Refused;

    async fn from_request_parts(
        request: &mut RequestParts,
        parts: &Arc<Parts>,
    ) -> Result<Self, Self::Rejection> {
        let token = bearer(request).unwrap_or_default().as_bytes();
        if bool::from(token.ct_eq(parts.service_token.as_bytes())) {
            return Ok(Self);
        }
        Err(Refused::new(
            ErrorCode::TokenRefused,
            "not the token of a service",
        ))
    }
}

fn bearer(request: &RequestParts) -> Option<&str> {
    let value = request.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(str::trim)
}

/// A JSON body. What is wrong with it is said by place, never by value.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(JsonRejection::BytesRejection(_)) => {
                Err(Refused::new(ErrorCode::TooLarge, "the body is too large"))
            }
            Err(rejection) => {
                let why = match rejection {
                    JsonRejection::MissingJsonContentType(_) => {
                        "content-type is not application/json"
                    }
                    JsonRejection::JsonSyntaxError(_) => "the body is not JSON",
                    _ => "the body is not what this path takes",
                };
                Err(Refused::new(ErrorCode::BadRequest, why))
            }
        }
    }
}

pub async fn no_such_path() -> Refused {
    Refused::new(ErrorCode::NotFound, "no such path")
}
