//! The client of the gateway: every call of the contract, made with the bearer token, tried again
//! where that may help, and its refusals told by code.
//!
//! Every call of the contract may be repeated: creations and decisions carry ids that were made
//! here, so the same one gets the same answer.

mod clock;
mod error;
mod retry;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use model::{BatchId, WorkstationId};
use reqwest::{Method, Response, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::RwLock;
use wire::{
    BatchView, CorrectionAnswer, Corrections, CreateBatch, CreateBatchAnswer, ErrorBody, ErrorCode,
    LeaseAnswer, LeaseRequest, OpenWorkstation, RejectedPage, ReleaseRequest, RowHistory, RowsPage,
    SearchRejected, Workstation,
};

use crate::connect::{Connect, ConnectFault, Endpoint};

pub use clock::ServerClock;
pub use error::GatewayError;
pub(crate) use error::unreachable;
pub use retry::Backoff;

const CONNECT: Duration = Duration::from_secs(10);
/// One attempt, answer included.
const ATTEMPT: Duration = Duration::from_secs(30);
const ATTEMPTS: u32 = 5;
/// The longest `Retry-After` that is waited for within one call.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

pub type GatewayResult<T> = Result<T, GatewayError>;

/// Cheap to clone; clones share connections and what is known of the server's clock.
#[derive(Clone)]
pub struct Gateway {
    connect: Arc<dyn Connect>,
    known: Arc<RwLock<Option<Endpoint>>>,
    clients: Clients,
    clock: Arc<ServerClock>,
}

/// By the system's proxy, and past it for what runs on this machine.
#[derive(Clone)]
pub(crate) struct Clients {
    proxied: reqwest::Client,
    direct: reqwest::Client,
}

impl Clients {
    fn new() -> GatewayResult<Self> {
        let builder = || {
            reqwest::Client::builder()
                .connect_timeout(CONNECT)
                .redirect(reqwest::redirect::Policy::none())
                .user_agent(concat!("muster/", env!("CARGO_PKG_VERSION")))
        };
        Ok(Self {
            proxied: builder().build().map_err(unreachable)?,
            direct: builder().no_proxy().build().map_err(unreachable)?,
        })
    }

    pub(crate) fn for_url(&self, url: &reqwest::Url) -> &reqwest::Client {
        let host = url.host_str().unwrap_or_default();
        let here = host == "localhost"
            || host
                .trim_matches(['[', ']'])
                .parse::<std::net::IpAddr>()
                .is_ok_and(|ip| ip.is_loopback());
        if here { &self.direct } else { &self.proxied }
    }
}

impl Gateway {
    pub fn new(connect: Arc<dyn Connect>) -> GatewayResult<Self> {
        Ok(Self {
            connect,
            known: Arc::default(),
            clients: Clients::new()?,
            clock: Arc::default(),
        })
    }

    /// The connection's name as the ledger keeps it.
    pub fn connection(&self) -> &str {
        self.connect.name()
    }

    pub fn clock(&self) -> &ServerClock {
        &self.clock
    }

    pub(crate) fn clients(&self) -> &Clients {
        &self.clients
    }

    pub async fn open_workstation(&self, body: &OpenWorkstation) -> GatewayResult<Workstation> {
        let answer: Workstation = self.post("/workstations", body).await?;
        self.clock.observe(answer.now, Timestamp::now());
        Ok(answer)
    }

    pub async fn create_batch(&self, body: &CreateBatch) -> GatewayResult<CreateBatchAnswer> {
        self.post("/batches", body).await
    }

    pub async fn batch(&self, id: BatchId) -> GatewayResult<BatchView> {
        self.get(&format!("/batches/{id}")).await
    }

    /// This desk is told of the batch's rows from here on.
    pub async fn follow(&self, id: BatchId, workstation_id: WorkstationId) -> GatewayResult<()> {
        let body = serde_json::json!({ "workstation_id": workstation_id });
        self.call(
            Method::POST,
            &format!("/batches/{id}/followers"),
            Some(&body),
        )
        .await
        .map(drop)
    }

    pub async fn rows(&self, id: BatchId, since: u64) -> GatewayResult<RowsPage> {
        self.get(&format!("/batches/{id}/rows?since={since}&limit=1000"))
            .await
    }

    pub async fn history(&self, id: BatchId, row_no: model::RowNo) -> GatewayResult<RowHistory> {
        self.get(&format!("/batches/{id}/rows/{row_no}")).await
    }

    pub async fn search_rejected(&self, body: &SearchRejected) -> GatewayResult<RejectedPage> {
        self.post("/rejected/search", body).await
    }

    pub async fn lease(&self, body: &LeaseRequest) -> GatewayResult<LeaseAnswer> {
        self.post("/leases", body).await
    }

    pub async fn release(&self, body: &ReleaseRequest) -> GatewayResult<()> {
        self.call(Method::POST, "/leases/release", Some(body))
            .await
            .map(drop)
    }

    pub async fn correct(
        &self,
        id: BatchId,
        body: &Corrections,
    ) -> GatewayResult<CorrectionAnswer> {
        self.post(&format!("/batches/{id}/corrections"), body).await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> GatewayResult<T> {
        let answer = self.call::<()>(Method::GET, path, None).await?;
        understood(answer)
    }

    async fn post<B: Serialize, T: DeserializeOwned>(
        &self,
        path: &str,
        body: &B,
    ) -> GatewayResult<T> {
        let answer = self.call(Method::POST, path, Some(body)).await?;
        understood(answer)
    }

    async fn call<B: Serialize>(
        &self,
        method: Method,
        path: &str,
        body: Option<&B>,
    ) -> GatewayResult<Answer> {
        let mut backoff = Backoff::short();
        loop {
            let outcome = self.attempt(method.clone(), path, body).await;
            let (error, retry_after) = match outcome {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            if matches!(error, GatewayError::Unreachable(_)) {
                *self.known.write().await = None;
            }
            let pause = backoff.next_pause().max(retry_after);
            if !error.is_transient() || backoff.failures() >= ATTEMPTS || pause > LONGEST_WAIT {
                return Err(error);
            }
            tracing::debug!(code = error.code(), ?pause, "calling the gateway again");
            tokio::time::sleep(pause).await;
        }
    }

    async fn attempt<B: Serialize>(
        &self,
        method: Method,
        path: &str,
        body: Option<&B>,
    ) -> Result<Answer, (GatewayError, Duration)> {
        let none = Duration::ZERO;
        let endpoint = self.endpoint().await.map_err(|error| (error, none))?;
        let url = format!("{}{}{path}", endpoint.gateway, wire::API);
        let url = reqwest::Url::parse(&url).map_err(|_| {
            let fault = ConnectFault::NotAnAddress(endpoint.gateway.clone());
            (fault.into(), none)
        })?;
        let client = self.clients.for_url(&url);
        let mut request = client
            .request(method, url)
            .timeout(ATTEMPT)
            .bearer_auth(&endpoint.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(|e| (unreachable(e), none))?;
        self.clock
            .observe_header(response.headers(), Timestamp::now());
        let retry_after = retry_after(&response);
        let status = response.status();
        let body = response.bytes().await.map_err(|e| (unreachable(e), none))?;
        let answer = Answer {
            status: status.as_u16(),
            body: body.to_vec(),
        };
        if status.is_success() {
            return Ok(answer);
        }
        match serde_json::from_slice::<ErrorBody>(&answer.body) {
            Ok(ErrorBody {
                code, request_id, ..
            }) => Err((GatewayError::Refused { code, request_id }, retry_after)),
            // A lone correction in conflict: the answer says who decided.
            Err(_) if status == StatusCode::CONFLICT => Ok(answer),
            Err(_) if status == StatusCode::UNAUTHORIZED => Err((
                GatewayError::Refused {
                    code: ErrorCode::TokenRefused,
                    request_id: String::new(),
                },
                none,
            )),
            Err(_) => {
                let status = answer.status;
                Err((GatewayError::NotOurs { status }, retry_after))
            }
        }
    }

    async fn endpoint(&self) -> GatewayResult<Endpoint> {
        if let Some(known) = &*self.known.read().await {
            return Ok(known.clone());
        }
        let mut known = self.known.write().await;
        if let Some(known) = &*known {
            return Ok(known.clone());
        }
        let mut endpoint = self.connect.endpoint().await?;
        endpoint.gateway = endpoint.gateway.trim_end_matches('/').to_owned();
        *known = Some(endpoint.clone());
        Ok(endpoint)
    }
}

struct Answer {
    status: u16,
    body: Vec<u8>,
}

fn understood<T: DeserializeOwned>(answer: Answer) -> GatewayResult<T> {
    serde_json::from_slice(&answer.body).map_err(|error| {
        // Where, never what: a body is personal data.
        let (line, column) = (error.line(), error.column());
        tracing::warn!(line, column, "an answer is not of the contract");
        GatewayError::NotOurs {
            status: answer.status,
        }
    })
}

/// Seconds only: a date would be judged by a clock that may be off.
fn retry_after(response: &Response) -> Duration {
    let seconds = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok());
    Duration::from_secs(seconds.unwrap_or(0))
}
