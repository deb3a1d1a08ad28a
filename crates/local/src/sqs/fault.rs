//! What SQS answers when it refuses: the codes that SDKs turn into typed exceptions.

use crate::db::DbError;
use crate::sigv4::Refusal;

/// One refusal, of a request or of one entry of a batch.
///
/// The JSON protocol names it by its shape; SDKs that grew up with the older query protocol still
/// expect its code there, so both travel.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html>
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Fault {
    /// `__type` of the JSON protocol, with its namespace.
    pub shape: String,
    /// The query protocol's code.
    pub code: String,
    /// The HTTP status.
    pub status: u16,
    pub message: String,
}

impl Fault {
    /// One of the service's own errors whose two names are the same.
    fn own(name: &str, message: impl Into<String>) -> Self {
        Self::renamed(name, name, message)
    }

    /// One of the service's own errors that the query protocol calls
    /// `AWS.SimpleQueueService.<name>`.
    fn prefixed(name: &str, message: impl Into<String>) -> Self {
        Self::renamed(name, &format!("AWS.SimpleQueueService.{name}"), message)
    }

    fn renamed(name: &str, code: &str, message: impl Into<String>) -> Self {
        Self {
            shape: format!("com.amazonaws.sqs#{name}"),
            code: code.to_owned(),
            status: 400,
            message: message.into(),
        }
    }

    /// An error that all AWS services share.
    fn common(shape: &str, code: &str, status: u16, message: impl Into<String>) -> Self {
        Self {
            shape: format!("com.amazon.coral.service#{shape}"),
            code: code.to_owned(),
            status,
            message: message.into(),
        }
    }

    /// Whether it is the client that must change something.
    pub fn is_senders(&self) -> bool {
        self.status < 500
    }

    pub fn queue_does_not_exist() -> Self {
        Self::renamed(
            "QueueDoesNotExist",
            "AWS.SimpleQueueService.NonExistentQueue",
            "The specified queue does not exist.",
        )
    }

    pub fn queue_name_exists(name: &str, attribute: &str) -> Self {
        Self::renamed(
            "QueueNameExists",
            "QueueAlreadyExists",
            format!(
                "A queue named {name} already exists with a different value for attribute {attribute}."
            ),
        )
    }

    pub fn invalid_attribute_name(name: &str) -> Self {
        Self::own("InvalidAttributeName", format!("Unknown Attribute {name}."))
    }

    pub fn invalid_attribute_value(name: &str) -> Self {
        Self::own(
            "InvalidAttributeValue",
            format!("Invalid value for the parameter {name}."),
        )
    }

    pub fn invalid_address(url: &str) -> Self {
        Self::own(
            "InvalidAddress",
            format!("The address {url} is not valid for this endpoint."),
        )
    }

    pub fn invalid_message_contents() -> Self {
        Self::own(
            "InvalidMessageContents",
            "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | \
             #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
        )
    }

    pub fn receipt_handle_is_invalid(handle: &str) -> Self {
        Self::own(
            "ReceiptHandleIsInvalid",
            format!("The input receipt handle \"{handle}\" is not a valid receipt handle."),
        )
    }

    pub fn message_not_inflight() -> Self {
        Self::prefixed("MessageNotInflight", "The message is not in flight.")
    }

    pub fn empty_batch_request() -> Self {
        Self::prefixed(
            "EmptyBatchRequest",
            "There should be at least one entry in the request.",
        )
    }

    pub fn too_many_entries(count: usize) -> Self {
        Self::prefixed(
            "TooManyEntriesInBatchRequest",
            format!("Maximum number of entries per request are 10. You have sent {count}."),
        )
    }

    pub fn batch_entry_ids_not_distinct(id: &str) -> Self {
        Self::prefixed("BatchEntryIdsNotDistinct", format!("Id {id} repeated."))
    }

    pub fn invalid_batch_entry_id() -> Self {
        Self::prefixed(
            "InvalidBatchEntryId",
            "A batch entry id can only contain alphanumeric characters, hyphens and underscores. \
             It can be at most 80 letters long.",
        )
    }

    pub fn batch_request_too_long(size: usize) -> Self {
        Self::prefixed(
            "BatchRequestTooLong",
            format!(
                "Batch requests cannot be longer than 1048576 bytes. You have sent {size} bytes."
            ),
        )
    }

    pub fn unsupported(what: &str) -> Self {
        Self::prefixed(
            "UnsupportedOperation",
            format!("{what}: the embedded SQS does not offer this."),
        )
    }

    pub fn invalid_parameter(message: impl Into<String>) -> Self {
        Self::common(
            "InvalidParameterValueException",
            "InvalidParameterValue",
            400,
            message,
        )
    }

    pub fn missing_parameter(name: &str) -> Self {
        Self::common(
            "MissingRequiredParameterException",
            "MissingParameter",
            400,
            format!("The request must contain the parameter {name}."),
        )
    }

    pub fn serialization(message: impl Into<String>) -> Self {
        Self::common("SerializationException", "MalformedInput", 400, message)
    }

    pub fn unknown_operation(name: &str) -> Self {
        Self::common(
            "UnknownOperationException",
            "InvalidAction",
            400,
            format!("The action {name} is not valid for this endpoint."),
        )
    }

    pub fn access_denied(who: &str, action: &str, queue: &str) -> Self {
        Self::common(
            "AccessDeniedException",
            "AccessDenied",
            403,
            format!(
                "User: {who} is not authorized to perform: sqs:{} on resource: {queue} because no \
                 session policy allows the action",
                action.to_lowercase()
            ),
        )
    }

    pub fn not_from_here() -> Self {
        Self::common(
            "AccessDeniedException",
            "AccessDenied",
            403,
            "Requests come from this machine, by its own name, and from no web page.",
        )
    }

    pub fn request_too_long() -> Self {
        Self::common(
            "RequestEntityTooLarge",
            "RequestEntityTooLarge",
            413,
            "The request is too long.",
        )
    }

    /// What went wrong inside stays in the log.
    pub fn internal() -> Self {
        Self::common(
            "InternalFailure",
            "InternalFailure",
            500,
            "The request could not be served.",
        )
    }
}

impl From<DbError> for Fault {
    fn from(error: DbError) -> Self {
        tracing::error!(%error, "SQS could not write");
        Self::internal()
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        // The JSON protocol has its own names for these; the codes are what SDKs look at.
        let shape = match refusal.code {
            "SignatureDoesNotMatch" => "InvalidSignatureException",
            "InvalidClientTokenId" => "UnrecognizedClientException",
            "ExpiredToken" => "ExpiredTokenException",
            "MissingAuthenticationToken" => "MissingAuthenticationTokenException",
            "IncompleteSignature" => "IncompleteSignatureException",
            other => other,
        };
        Self::common(shape, refusal.code, refusal.status, refusal.message)
    }
}
