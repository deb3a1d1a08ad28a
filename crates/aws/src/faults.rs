//! From the SDK's errors to the ports'. Only codes and kinds come through: a message or a URL of
//! the SDK's may hold a secret.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use pipeline::ports::PortError;

/// Codes of credentials that have ended, or that are not known any more, of S3 and SQS alike.
const ENDED: [&str; 6] = [
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidToken",
    "UnrecognizedClientException",
];

/// Codes of 4xx answers after which trying again later may help.
const LATER: [&str; 6] = [
    "RequestThrottled",
    "Throttling",
    "ThrottlingException",
    "SlowDown",
    "RequestTimeout",
    "OverLimit",
];

pub(crate) type Fault<E> = SdkError<E, HttpResponse>;

pub(crate) fn has_ended<E: ProvideErrorMetadata>(error: &Fault<E>) -> bool {
    error.code().is_some_and(|code| ENDED.contains(&code))
}

pub(crate) fn port_error<E>(port: &'static str, error: &Fault<E>) -> PortError
where
    E: ProvideErrorMetadata,
{
    let status = error.raw_response().map(|answer| answer.status().as_u16());
    match error {
        SdkError::ServiceError(service) => {
            let code = service.err().code().unwrap_or("no code");
            let what = format!("{code} (HTTP {})", status.unwrap_or_default());
            if status.is_some_and(|status| status >= 500) || LATER.contains(&code) {
                PortError::unavailable(port, what)
            } else {
                PortError::refused(port, what)
            }
        }
        SdkError::TimeoutError(_) => PortError::unavailable(port, "no answer in time"),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => {
            PortError::unavailable(port, "no answer in time")
        }
        SdkError::DispatchFailure(failure) if failure.is_io() => {
            PortError::unavailable(port, "no connection")
        }
        SdkError::DispatchFailure(failure) if failure.is_user() => {
            PortError::refused(port, "the request could not be sent")
        }
        SdkError::DispatchFailure(_) => {
            PortError::unavailable(port, "no credentials or no connection")
        }
        SdkError::ConstructionFailure(_) => {
            PortError::refused(port, "the request could not be made")
        }
        _ => PortError::unavailable(port, "an answer that makes no sense"),
    }
}
