//! How the gateway says no.

use serde::{Deserialize, Serialize};

/// The body of every answer of 400 and above. Texts for people are made by the desktop from the
/// code; `message` is for developers and names no person, path or query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    pub code: ErrorCode,
    pub message: String,
    /// Quote it to support: the log has the rest under it.
    pub request_id: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// 401: no token, or one that is not known.
    TokenRefused,
    /// 403: the token's role may not do this.
    NotAllowed,
    /// 403: a browser's request, or one for another host.
    NotFromHere,
    /// 400: the body is not what the contract says.
    BadRequest,
    /// 404, also for what belongs to another company.
    NotFound,
    /// 409: the batch id is taken by other contents.
    BatchDiffers,
    /// 413
    TooLarge,
    /// 429
    TooMany,
    /// 500
    Internal,
    /// 503: something that the service depends on does not answer.
    Unavailable,
}

impl ErrorCode {
    pub fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::TokenRefused => 401,
            Self::NotAllowed | Self::NotFromHere => 403,
            Self::NotFound => 404,
            Self::BatchDiffers => 409,
            Self::TooLarge => 413,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }
}
