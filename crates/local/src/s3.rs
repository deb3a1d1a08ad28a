//! The S3 protocol for one bucket, over files in a folder.
//!
//! `s3s` speaks the protocol and verifies signatures; what it leaves open is closed in [`access`].
//! An object becomes visible when its bytes are on the disk and every checksum that its sender
//! gave has been found right, and not before. No object's key ever becomes part of a path.
//!
//! There: PutObject, GetObject with ranges, HeadObject, DeleteObject, ListObjectsV2, HeadBucket,
//! CreateBucket of the bucket that is there, ListBuckets, GetBucketLocation. Everything else is
//! refused as `NotImplemented`.

mod access;
mod body;
mod event;
mod listing;
mod objects;
mod service;
mod upload;

use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::error_handling::HandleError;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use s3s::HttpError;
use s3s::service::S3ServiceBuilder;
use wire::s3_event::S3Event;

pub use objects::Objects;

use crate::identity::Identities;

/// Where news of a created object goes.
#[async_trait]
pub trait Sink: Send + Sync + 'static {
    /// Called after the object is visible. What goes wrong is logged and no more: the sweep finds
    /// objects that nobody heard of.
    async fn created(&self, event: S3Event)
    -> Result<(), Box<dyn std::error::Error + Send + Sync>>;
}

/// The bucket that is served.
pub struct Bucket {
    pub name: String,
    pub region: String,
    pub objects: Objects,
}

/// Everything under `/`, path-style.
pub fn router(bucket: Bucket, identities: Arc<Identities>, sink: Arc<dyn Sink>) -> Router {
    let mut builder = S3ServiceBuilder::new(service::Service::new(bucket, sink));
    builder.set_auth(access::Keys(Arc::clone(&identities)));
    builder.set_access(access::Access(identities));
    let service = HandleError::new(builder.build(), broken);
    Router::new()
        .fallback_service(service)
        .layer(axum::middleware::from_fn(body::read_to_the_end))
}

async fn broken(error: HttpError) -> StatusCode {
    tracing::error!(?error, "the S3 protocol broke");
    StatusCode::INTERNAL_SERVER_ERROR
}

/// How S3 says that a request may not come from where it comes.
pub fn not_from_here() -> Response {
    let body = concat!(
        r#"<?xml version="1.0" encoding="UTF-8"?>"#,
        "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
    );
    let kind = [(header::CONTENT_TYPE, "application/xml")];
    (StatusCode::FORBIDDEN, kind, body).into_response()
}
