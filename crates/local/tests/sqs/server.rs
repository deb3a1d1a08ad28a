//! A listener with the embedded SQS behind it, and clients for it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use aws_credential_types::Credentials;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::{BehaviorVersion, Region};
use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sqs::types::{Message, QueueAttributeName};
use jiff::{SignedDuration, Timestamp};
use local::identity::{Identities, Identity, Policy};
use local::sqs::{Sqs, router};

pub const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

pub struct Server {
    pub sqs: Arc<Sqs>,
    pub endpoint: String,
    pub identities: Arc<Identities>,
    /// Seconds that the server's clock is ahead.
    ahead: Arc<AtomicI64>,
    task: tokio::task::JoinHandle<()>,
    _folder: Option<tempfile::TempDir>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// On a file of its own.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut server = Self::on(&file_in(folder.path())).await;
        server._folder = Some(folder);
        server
    }

    pub async fn on(file: &Path) -> Self {
        let identities = Arc::new(Identities::default());
        identities.put(key("OWNER", None, None, Policy::Owner));
        let ahead = Arc::new(AtomicI64::new(0));
        let clock = Arc::clone(&ahead);
        let now = Arc::new(move || {
            Timestamp::now() + SignedDuration::from_secs(clock.load(Ordering::SeqCst))
        });
        let sqs = Sqs::open(file, Arc::clone(&identities), now)
            .await
            .expect("opens");
        let sqs = Arc::new(sqs);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        sqs.set_base_url(&endpoint);
        let service = router(Arc::clone(&sqs));
        let task = tokio::spawn(async move {
            axum::serve(listener, service).await.expect("serves");
        });
        Self {
            sqs,
            endpoint,
            identities,
            ahead,
            task,
            _folder: None,
        }
    }

    pub fn pass(&self, seconds: i64) {
        self.ahead.fetch_add(seconds, Ordering::SeqCst);
    }

    pub fn owner(&self) -> Client {
        self.client("OWNER", SECRET, None)
    }

    pub fn client(&self, key: &str, secret: &str, token: Option<&str>) -> Client {
        let credentials = Credentials::new(key, secret, token.map(str::to_owned), None, "test");
        let config = aws_sdk_sqs::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("us-east-1"))
            .endpoint_url(&self.endpoint)
            .credentials_provider(credentials)
            .build();
        Client::from_conf(config)
    }

    /// A queue with these attributes; its URL.
    pub async fn queue(&self, name: &str, attributes: &[(&str, &str)]) -> String {
        self.sqs
            .ensure_queue(name, attributes)
            .await
            .expect("makes the queue")
    }
}

pub fn file_in(folder: &Path) -> PathBuf {
    folder.join("sqs.db")
}

pub fn key(
    id: &str,
    session_token: Option<&str>,
    expires_at: Option<Timestamp>,
    policy: Policy,
) -> Identity {
    Identity {
        access_key_id: id.to_owned(),
        secret_access_key: SECRET.to_owned(),
        session_token: session_token.map(str::to_owned),
        expires_at,
        policy,
    }
}

/// Code and HTTP status of a refusal.
pub fn refusal<T, E: ProvideErrorMetadata>(
    outcome: Result<T, SdkError<E>>,
) -> Option<(String, u16)> {
    let error = outcome.err()?;
    let status = error.raw_response()?.status().as_u16();
    Some((error.code()?.to_owned(), status))
}

/// What there is, without waiting.
pub async fn receive(client: &Client, url: &str) -> Vec<Message> {
    let call = client
        .receive_message()
        .queue_url(url)
        .max_number_of_messages(10);
    call.send()
        .await
        .expect("receives")
        .messages
        .unwrap_or_default()
}

pub async fn send(client: &Client, url: &str, body: &str) {
    let call = client.send_message().queue_url(url).message_body(body);
    call.send().await.expect("sends");
}

pub async fn delete(client: &Client, url: &str, message: &Message) {
    let call = client.delete_message().queue_url(url);
    call.set_receipt_handle(message.receipt_handle.clone())
        .send()
        .await
        .expect("deletes");
}

pub fn bodies(messages: &[Message]) -> Vec<&str> {
    messages
        .iter()
        .filter_map(|message| message.body.as_deref())
        .collect()
}

/// Ready, delayed, in flight.
pub async fn tally(client: &Client, url: &str) -> (String, String, String) {
    use QueueAttributeName as Name;
    let call = client
        .get_queue_attributes()
        .queue_url(url)
        .attribute_names(Name::All);
    let all: HashMap<_, _> = call
        .send()
        .await
        .expect("attributes")
        .attributes
        .unwrap_or_default();
    let of = |name| all.get(&name).cloned().unwrap_or_default();
    (
        of(Name::ApproximateNumberOfMessages),
        of(Name::ApproximateNumberOfMessagesDelayed),
        of(Name::ApproximateNumberOfMessagesNotVisible),
    )
}
