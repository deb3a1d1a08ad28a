//! Who sent a request: checks its AWS Signature Version 4 in the `Authorization` header.
//!
//! The whole request is judged, body included: `host` and every `x-amz-*` header must be signed,
//! the signing time must be within 15 minutes of ours, temporary keys must come with their session
//! token, and an expired key is told apart from an unknown one. Signatures in the query string
//! (presigned URLs) are not for the services that use this.

use std::borrow::Cow;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::Request;
use http::header::AUTHORIZATION;
use http::request::Parts;
use jiff::Timestamp;
use scratchstack_aws_signature::errors::ServiceError;
use scratchstack_aws_signature::{
    ConstSignedHeaderRequirements, GetSigningKeyRequest, GetSigningKeyResponse, KSecretKey,
    SignatureError, SignatureOptions, sigv4_validate_request,
};
use subtle::ConstantTimeEq;

use crate::REGION;
use crate::identity::{Identities, Identity};

const SIGNED: ConstSignedHeaderRequirements =
    ConstSignedHeaderRequirements::new(&[], &[], &[Cow::Borrowed("x-amz-")]);

/// Why a request is not believed, in the words that AWS uses and SDKs act on: one that sees
/// `SignatureDoesNotMatch` with a `Date` far from its own corrects its clock.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Refusal {
    /// Such as `SignatureDoesNotMatch`, `ExpiredToken`, `InvalidClientTokenId`.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    pub message: String,
}

/// The identity that signed this request for `service` in the one region that there is, at `now` by our clock.
pub async fn verify(
    parts: &Parts,
    body: &Bytes,
    service: &str,
    identities: &Arc<Identities>,
    now: Timestamp,
) -> Result<Identity, Refusal> {
    if !parts.headers.contains_key(AUTHORIZATION) {
        let missing = "Request is missing Authentication Token".to_owned();
        return Err(refusal(&SignatureError::MissingAuthenticationToken(
            missing,
        )));
    }
    let Some(server_time) = chrono::DateTime::from_timestamp_millis(now.as_millisecond()) else {
        return Err(refusal(&internal("the server's clock is out of range")));
    };
    let mut request = Request::new(body.clone());
    *request.method_mut() = parts.method.clone();
    *request.uri_mut() = parts.uri.clone();
    *request.headers_mut() = parts.headers.clone();

    let signer = Arc::new(Mutex::new(None));
    let mut keys = {
        let (identities, signer) = (Arc::clone(identities), Arc::clone(&signer));
        tower::service_fn(move |wanted: GetSigningKeyRequest| {
            let key = known(&identities, &wanted, now).and_then(|identity| {
                let key = signing_key(&identity, &wanted)?;
                *signer.lock().unwrap_or_else(PoisonError::into_inner) = Some(identity);
                Ok(key)
            });
            std::future::ready(key.map_err(tower::BoxError::from))
        })
    };
    let options = SignatureOptions::default();
    sigv4_validate_request(
        request,
        REGION,
        service,
        &mut keys,
        server_time,
        &SIGNED,
        options,
    )
    .await
    .map_err(|error| refusal(&SignatureError::from(error)))?;
    let signer = signer.lock().unwrap_or_else(PoisonError::into_inner).take();
    signer.ok_or_else(|| refusal(&internal("nobody signed")))
}

fn known(
    identities: &Identities,
    wanted: &GetSigningKeyRequest,
    now: Timestamp,
) -> Result<Identity, SignatureError> {
    let invalid = || {
        SignatureError::InvalidClientTokenId(
            "The security token included in the request is invalid.".to_owned(),
        )
    };
    let identity = identities.get(wanted.access_key()).ok_or_else(invalid)?;
    let token_fits = match (&identity.session_token, wanted.session_token()) {
        (None, None) => true,
        (Some(ours), Some(theirs)) => ours.as_bytes().ct_eq(theirs.as_bytes()).into(),
        _ => false,
    };
    if !token_fits {
        return Err(invalid());
    }
    if identity.expires_at.is_some_and(|at| at <= now) {
        return Err(SignatureError::ExpiredToken(
            "The security token included in the request is expired".to_owned(),
        ));
    }
    Ok(identity)
}

fn signing_key(
    identity: &Identity,
    wanted: &GetSigningKeyRequest,
) -> Result<GetSigningKeyResponse, SignatureError> {
    // The library takes secrets of 40 characters, the length that AWS gives them, and no other.
    let secret = <KSecretKey>::from_str(&identity.secret_access_key)
        .map_err(|_| internal("a secret access key is not 40 characters long"))?;
    GetSigningKeyResponse::builder()
        .signing_key(secret.to_ksigning(wanted.request_date(), wanted.region(), wanted.service()))
        .build()
        .map_err(|_| internal("no signing key"))
}

fn internal(why: &'static str) -> SignatureError {
    SignatureError::InternalServiceError(why.into())
}

fn refusal(error: &SignatureError) -> Refusal {
    Refusal {
        code: error.error_code(),
        status: error.http_status().as_u16(),
        message: error.to_string(),
    }
}

#[cfg(test)]
#[path = "sigv4_tests.rs"]
mod tests;
