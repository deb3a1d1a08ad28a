//! The Registration API as register calls it: over HTTP, with a time limit of its own.

use std::time::Duration;

use async_trait::async_trait;
use model::{CompanyId, Reason, ReasonCode, RowKey};
use pipeline::ports::{RegistrationApi, RegistrationFault};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;
use wire::{Fence, FenceAnswer, RegisterAnswer, RegisterRequest, Registration, RegistryRefusal};

/// After it, whether the person was registered is not known.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

pub struct RegistrationHttp {
    client: Client,
    base: String,
    token: String,
}

impl RegistrationHttp {
    /// `base`: the URL of the API without its version, such as `http://127.0.0.1:8080/registry`.
    pub fn new(base: impl Into<String>, token: impl Into<String>) -> reqwest::Result<Self> {
        // Loopback: a proxy would be in the way.
        let client = Client::builder()
            .no_proxy()
            .timeout(ANSWERS_WITHIN)
            .build()?;
        Ok(Self {
            client,
            base: base.into(),
            token: token.into(),
        })
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, RegistrationFault> {
        let response = request
            .bearer_auth(&self.token)
            .send()
            .await
            .map_err(fault)?;
        match response.status() {
            StatusCode::TOO_MANY_REQUESTS => {
                let after = response.headers().get(reqwest::header::RETRY_AFTER);
                let seconds = after.and_then(|value| value.to_str().ok()?.parse().ok());
                Err(RegistrationFault::Busy {
                    retry_after: seconds.map(Duration::from_secs),
                })
            }
            // Our own token is at fault, or the time: nobody's row.
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::REQUEST_TIMEOUT => {
                Err(RegistrationFault::Failed(response.status().to_string()))
            }
            status if status.is_server_error() => {
                Err(RegistrationFault::Failed(status.to_string()))
            }
            _ => Ok(response),
        }
    }
}

#[async_trait]
impl RegistrationApi for RegistrationHttp {
    async fn register(
        &self,
        request: &RegisterRequest,
    ) -> Result<RegisterAnswer, RegistrationFault> {
        let url = format!("{}/v1/registrations", self.base);
        let response = self.send(self.client.post(url).json(request)).await?;
        match response.status() {
            StatusCode::CREATED | StatusCode::OK => {
                body(response).await.map(RegisterAnswer::Registered)
            }
            StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY => {
                let refusal: RegistryRefusal = body(response).await?;
                Ok(RegisterAnswer::Refused(refusal.reason))
            }
            // For good, for a reason that we do not know.
            status if status.is_client_error() => Ok(RegisterAnswer::Refused(Reason::new(
                ReasonCode::RefusedByRegistry,
            ))),
            status => Err(RegistrationFault::Failed(status.to_string())),
        }
    }

    async fn look_up(
        &self,
        company: &CompanyId,
        key: RowKey,
    ) -> Result<Option<Registration>, RegistrationFault> {
        let url = format!("{}/v1/registrations/{company}/{key}", self.base);
        let response = self.send(self.client.get(url)).await?;
        match response.status() {
            StatusCode::OK => body(response).await.map(Some),
            StatusCode::NOT_FOUND => Ok(None),
            status => Err(RegistrationFault::Failed(status.to_string())),
        }
    }

    async fn fence(&self, fence: &Fence) -> Result<FenceAnswer, RegistrationFault> {
        let url = format!("{}/v1/fences", self.base);
        let response = self.send(self.client.post(url).json(fence)).await?;
        match response.status() {
            StatusCode::OK => body(response).await,
            status => Err(RegistrationFault::Failed(status.to_string())),
        }
    }

    async fn is_well(&self) -> bool {
        let url = format!("{}/v1/health", self.base);
        self.send(self.client.get(url)).await.is_ok()
    }
}

/// A body that does not come after the status has: the call was carried out, its answer is lost.
async fn body<T: DeserializeOwned>(response: Response) -> Result<T, RegistrationFault> {
    response
        .json()
        .await
        .map_err(|_| RegistrationFault::TimedOut)
}

/// Only where nothing was connected is it known that nothing happened.
fn fault(error: reqwest::Error) -> RegistrationFault {
    if error.is_connect() {
        return RegistrationFault::Failed("cannot connect".into());
    }
    RegistrationFault::TimedOut
}
