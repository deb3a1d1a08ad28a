//! AWS JSON 1.0: one request, one action, one answer. Who asks is verified before what is asked is
//! read, and every answer carries the server's time, so that a client whose clock is wrong can
//! correct it.
//! <https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html>

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE};
use http::{HeaderValue, Request};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use super::Sqs;
use super::address::{arn, check_name, name_in_url};
use super::fault::Fault;
use crate::identity::{Identity, Policy};
use crate::sigv4;

/// A batch is at most 1 MiB of text, which JSON may write up to six times as long.
const MOST_BYTES: usize = 8 << 20;

const CONTENT: &str = "application/x-amz-json-1.0";
const TARGET: &str = "AmazonSQS.";

/// The actions that temporary keys may use, on the queues that their policy names.
const FOR_RECEIVERS: [&str; 7] = [
    "ReceiveMessage",
    "DeleteMessage",
    "DeleteMessageBatch",
    "ChangeMessageVisibility",
    "ChangeMessageVisibilityBatch",
    "GetQueueAttributes",
    "GetQueueUrl",
];

/// Actions of SQS that are not here, told apart from those that nobody knows.
const NOT_HERE: [&str; 8] = [
    "AddPermission",
    "RemovePermission",
    "TagQueue",
    "UntagQueue",
    "ListQueueTags",
    "StartMessageMoveTask",
    "CancelMessageMoveTask",
    "ListMessageMoveTasks",
];

/// The SQS endpoint. Checking `Host` and `Origin` is left to the listener, which words it
/// by [`not_from_here`].
pub fn router(sqs: Arc<Sqs>) -> Router {
    Router::new().route("/", post(serve)).with_state(sqs)
}

/// The wording for a request that may not come from where it comes.
pub fn not_from_here() -> Response {
    respond(Err(Fault::not_from_here()), Timestamp::now())
}

async fn serve(State(sqs): State<Arc<Sqs>>, request: Request<Body>) -> Response {
    let outcome = sqs.answer(request).await;
    respond(outcome, (sqs.now)())
}

/// The part of every body that says which queue is meant.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Addressee {
    queue_url: Option<String>,
    queue_name: Option<String>,
}

impl Sqs {
    async fn answer(&self, request: Request<Body>) -> Result<Value, Fault> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, MOST_BYTES)
            .await
            .map_err(|_| Fault::request_too_long())?;
        let identity = sigv4::verify(&parts, &body, "sqs", &self.identities, (self.now)()).await?;
        let kind = parts
            .headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        let kind = kind.and_then(|kind| kind.split(';').next());
        if kind.is_none_or(|kind| kind.trim() != CONTENT) {
            return Err(Fault::unsupported(&format!(
                "A protocol other than {CONTENT}"
            )));
        }
        let target = parts
            .headers
            .get("x-amz-target")
            .and_then(|target| target.to_str().ok());
        let action = target.and_then(|target| target.strip_prefix(TARGET));
        let action = action.ok_or_else(|| Fault::unknown_operation(target.unwrap_or_default()))?;
        self.perform(action, &identity, &body).await
    }

    async fn perform(
        &self,
        action: &str,
        identity: &Identity,
        body: &Bytes,
    ) -> Result<Value, Fault> {
        let queue = addressee(action, body)?;
        let queue = queue.as_deref();
        authorize(identity, action, queue)?;
        self.counts().count(action, queue.unwrap_or_default());
        if action == "ListQueues" {
            return self.list_queues(&read(body)?);
        }
        let queue = queue.ok_or_else(|| Fault::missing_parameter(parameter(action)))?;
        let sender = &identity.access_key_id;
        match action {
            "CreateQueue" => self.create_queue(queue, read(body)?).await,
            "DeleteQueue" => self.delete_queue(queue).await,
            "GetQueueUrl" => self.get_queue_url(queue),
            "GetQueueAttributes" => self.get_queue_attributes(queue, &read(body)?),
            "SetQueueAttributes" => self.set_queue_attributes(queue, read(body)?).await,
            "PurgeQueue" => self.purge_queue(queue).await,
            "ListDeadLetterSourceQueues" => {
                self.list_dead_letter_source_queues(queue, &read(body)?)
            }
            "SendMessage" => self.send_message(queue, sender, read(body)?).await,
            "SendMessageBatch" => self.send_message_batch(queue, sender, read(body)?).await,
            "ReceiveMessage" => self.receive_message(queue, read(body)?).await,
            "DeleteMessage" => self.delete_message(queue, read(body)?).await,
            "DeleteMessageBatch" => self.delete_message_batch(queue, read(body)?).await,
            "ChangeMessageVisibility" => self.change_message_visibility(queue, read(body)?).await,
            "ChangeMessageVisibilityBatch" => {
                self.change_message_visibility_batch(queue, read(body)?)
                    .await
            }
            _ => Err(Fault::unknown_operation(action)),
        }
    }
}

fn respond(outcome: Result<Value, Fault>, now: Timestamp) -> Response {
    let (status, body, code) = match outcome {
        Ok(body) => (200, body, None),
        Err(fault) => {
            let side = if fault.is_senders() {
                "Sender"
            } else {
                "Receiver"
            };
            let code = HeaderValue::from_str(&format!("{};{side}", fault.code)).ok();
            let body = serde_json::json!({ "__type": fault.shape, "message": fault.message });
            (fault.status, body, code)
        }
    };
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(CONTENT));
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
    for (name, value) in [
        (
            DATE.as_str(),
            date.ok().and_then(|date| HeaderValue::from_str(&date).ok()),
        ),
        (
            "x-amzn-requestid",
            HeaderValue::from_str(&Uuid::now_v7().to_string()).ok(),
        ),
        ("x-amzn-query-error", code),
    ] {
        if let Some(value) = value {
            headers.insert(http::HeaderName::from_static(name), value);
        }
    }
    response
}

/// The name of the queue that a request is about.
fn addressee(action: &str, body: &Bytes) -> Result<Option<String>, Fault> {
    let Addressee {
        queue_url,
        queue_name,
    } = read(body)?;
    match action {
        _ if NOT_HERE.contains(&action) => Err(Fault::unsupported(action)),
        "ListQueues" => Ok(None),
        "CreateQueue" | "GetQueueUrl" => {
            if let Some(name) = &queue_name {
                check_name(name)?;
            }
            Ok(queue_name)
        }
        _ => queue_url
            .map(|url| name_in_url(&url).map(str::to_owned))
            .transpose(),
    }
}

fn parameter(action: &str) -> &'static str {
    match action {
        "CreateQueue" | "GetQueueUrl" => "QueueName",
        _ => "QueueUrl",
    }
}

fn authorize(identity: &Identity, action: &str, queue: Option<&str>) -> Result<(), Fault> {
    let Policy::Queues(names) = &identity.policy else {
        return Ok(());
    };
    let named = queue.is_some_and(|queue| names.iter().any(|name| name == queue));
    if named && FOR_RECEIVERS.contains(&action) {
        return Ok(());
    }
    let resource = arn(queue.unwrap_or_default());
    Err(Fault::access_denied(
        &identity.access_key_id,
        action,
        &resource,
    ))
}

fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Fault> {
    // Where in the body, and what kind of mistake, but never the value itself.
    serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let what = match error.classify() {
            serde_json::error::Category::Data => "does not have the expected type",
            _ => "is not JSON",
        };
        Fault::serialization(format!("The body {what} at line {line}, column {column}."))
    })
}
