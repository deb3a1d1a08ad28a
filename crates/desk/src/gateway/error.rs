//! What the gateway, or the way to it, said no with. Never holds a URL: a presigned one is a
//! secret, and what people search for is nobody else's business.

use wire::ErrorCode;

use crate::connect::ConnectFault;

#[derive(Clone, Debug, thiserror::Error)]
pub enum GatewayError {
    #[error(transparent)]
    Connect(#[from] ConnectFault),
    /// No answer: no network, nobody there, no trust, no time left.
    #[error("the pipeline does not answer: {0}")]
    Unreachable(String),
    /// An answer of the contract.
    #[error("the pipeline refused: {code:?} (request {request_id})")]
    Refused { code: ErrorCode, request_id: String },
    /// An answer that is not of the contract: a proxy, another service, a later version.
    #[error("not an answer of a Muster pipeline (HTTP {status})")]
    NotOurs { status: u16 },
}

impl GatewayError {
    /// The key of its texts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Connect(ConnectFault::NoToken) => "no-token",
            Self::Connect(ConnectFault::NotAnAddress(_)) => "not-an-address",
            Self::Connect(ConnectFault::NoPipeline(_)) => "no-pipeline",
            Self::Connect(ConnectFault::DiskFull) => "disk-full",
            Self::Unreachable(_) => "unreachable",
            Self::NotOurs { .. } => "not-a-pipeline",
            Self::Refused { code, .. } => match code {
                ErrorCode::TokenRefused => "token-refused",
                ErrorCode::NotAllowed => "not-allowed",
                ErrorCode::NotFromHere => "not-from-here",
                ErrorCode::BadRequest => "bad-request",
                ErrorCode::NotFound => "not-found",
                ErrorCode::BatchDiffers => "batch-differs",
                ErrorCode::TooLarge => "too-large",
                ErrorCode::TooMany => "too-many",
                ErrorCode::Internal => "internal",
                ErrorCode::Unavailable => "unavailable",
            },
        }
    }

    /// Quote it to support.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Refused { request_id, .. } => Some(request_id),
            _ => None,
        }
    }

    /// Trying again later may help, with nothing changed by anybody here.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Connect(ConnectFault::NoPipeline(_)) => true,
            Self::NotOurs { status } => *status >= 500,
            Self::Refused { code, .. } => matches!(
                code,
                ErrorCode::TooMany | ErrorCode::Internal | ErrorCode::Unavailable
            ),
            Self::Connect(_) => false,
        }
    }

    pub fn is(&self, wanted: ErrorCode) -> bool {
        matches!(self, Self::Refused { code, .. } if *code == wanted)
    }
}

/// The innermost cause in words, without the URL.
pub fn unreachable(error: reqwest::Error) -> GatewayError {
    let error = error.without_url();
    if error.is_timeout() {
        return GatewayError::Unreachable("no answer in time".into());
    }
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    GatewayError::Unreachable(cause.to_string())
}
