//! Who may, beyond what `s3s` verifies by itself (Signature Version 4, expiry, skew).
//!
//! `s3s` would also take Signature Version 2, form uploads, presigned URLs that live longer than
//! S3 allows, and unsigned `x-amz-*` headers beside a presigned URL. S3 does not, and neither do
//! we.

use std::sync::Arc;

use async_trait::async_trait;
use http::{HeaderMap, Uri};
use jiff::Timestamp;
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::{S3Auth, SecretKey};
use s3s::{S3Result, s3_error};
use subtle::ConstantTimeEq;

use crate::identity::{Identities, Identity, Policy};

/// Seven days: the longest that a presigned URL may live.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>
const LONGEST: u64 = 604_800;

pub(super) struct Keys(pub Arc<Identities>);

#[async_trait]
impl S3Auth for Keys {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        Ok(known(&self.0, access_key)?.secret_access_key.into())
    }
}

pub(super) struct Access(pub Arc<Identities>);

#[async_trait]
impl S3Access for Access {
    async fn check(&self, cx: &mut S3AccessContext<'_>) -> S3Result<()> {
        let Some(credentials) = cx.credentials() else {
            return Err(s3_error!(AccessDenied, "Access Denied"));
        };
        let identity = known(&self.0, &credentials.access_key)?;
        let query = Query::of(cx.uri());
        if query.get("X-Amz-Signature").is_some() {
            presigned_as_s3_wants_it(&query, cx.headers())?;
        } else if !signed_by_v4(cx.headers()) {
            return Err(s3_error!(
                InvalidRequest,
                "The authorization mechanism you have provided is not supported. \
                 Please use AWS4-HMAC-SHA256."
            ));
        }
        session_token_is_right(&identity, &query, cx.headers())?;
        match identity.policy {
            Policy::Owner => Ok(()),
            Policy::Queues(_) => Err(s3_error!(AccessDenied, "Access Denied")),
        }
    }
}

fn known(identities: &Identities, access_key: &str) -> S3Result<Identity> {
    let Some(identity) = identities.get(access_key) else {
        return Err(s3_error!(
            InvalidAccessKeyId,
            "The AWS Access Key Id you provided does not exist in our records."
        ));
    };
    if identity.expires_at.is_some_and(|at| at <= Timestamp::now()) {
        return Err(s3_error!(ExpiredToken, "The provided token has expired."));
    }
    Ok(identity)
}

fn presigned_as_s3_wants_it(query: &Query, headers: &HeaderMap) -> S3Result<()> {
    let expires = query
        .get("X-Amz-Expires")
        .and_then(|text| text.parse().ok());
    if !expires.is_some_and(|seconds: u64| (1..=LONGEST).contains(&seconds)) {
        return Err(s3_error!(
            AuthorizationQueryParametersError,
            "X-Amz-Expires must be less than a week (in seconds); \
             that is, the given X-Amz-Expires must be less than 604800 seconds"
        ));
    }
    let signed = query.get("X-Amz-SignedHeaders").unwrap_or_default();
    let unsigned = headers.keys().find(|name| {
        let name = name.as_str();
        name.starts_with("x-amz-")
            // It says how to read the body, and is verified by it.
            && name != "x-amz-content-sha256"
            && !signed.split(';').any(|signed| signed == name)
    });
    match unsigned {
        None => Ok(()),
        Some(_) => Err(s3_error!(
            AccessDenied,
            "There were headers present in the request which were not signed"
        )),
    }
}

fn signed_by_v4(headers: &HeaderMap) -> bool {
    headers
        .get(http::header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|text| text.starts_with("AWS4-HMAC-SHA256"))
}

fn session_token_is_right(identity: &Identity, query: &Query, headers: &HeaderMap) -> S3Result<()> {
    let in_header = headers
        .get("x-amz-security-token")
        .and_then(|value| value.to_str().ok());
    let given = query.get("X-Amz-Security-Token").or(in_header);
    let right = match (&identity.session_token, given) {
        (None, None) => true,
        (Some(expected), Some(given)) => expected.as_bytes().ct_eq(given.as_bytes()).into(),
        _ => false,
    };
    if right {
        Ok(())
    } else {
        Err(s3_error!(
            InvalidToken,
            "The provided token is malformed or otherwise invalid."
        ))
    }
}

/// The query's pairs, decoded.
struct Query(Vec<(String, String)>);

impl Query {
    fn of(uri: &Uri) -> Self {
        let read = axum::extract::Query::try_from_uri(uri);
        Self(read.map(|pairs| pairs.0).unwrap_or_default())
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}
