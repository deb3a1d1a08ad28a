//! Where the pipeline is and by what right it is spoken to.

use async_trait::async_trait;

/// A gateway and the token that opens it. `Debug` does not show the token.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Its URL, without `/v1`.
    pub gateway: String,
    pub token: String,
}

impl Endpoint {
    /// Whether the gateway's URL is one that can be called.
    pub fn has_address(&self) -> bool {
        reqwest::Url::parse(&self.gateway).is_ok_and(|url| url.has_host())
    }
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoint")
            .field("gateway", &self.gateway)
            .finish_non_exhaustive()
    }
}

/// Why there is no endpoint.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ConnectFault {
    #[error("there is no token for this connection")]
    NoToken,
    #[error("the connection is not an address: {0}")]
    NotAnAddress(String),
    #[error("no pipeline could be found or started: {0}")]
    NoPipeline(String),
    /// A pipeline of our own has no room to start in.
    #[error("the disk is full")]
    DiskFull,
}

/// Finds the pipeline of one connection. Asked at the start and again whenever what it said does
/// not answer any more: an embedded pipeline comes back on another port.
#[async_trait]
pub trait Connect: Send + Sync + 'static {
    /// The connection's name as the ledger keeps it: `embedded`, or the gateway's URL.
    fn name(&self) -> &str;

    async fn endpoint(&self) -> Result<Endpoint, ConnectFault>;
}

/// A pipeline that stays where it is.
pub struct Fixed {
    endpoint: Endpoint,
}

impl Fixed {
    pub fn new(endpoint: Endpoint) -> Self {
        Self { endpoint }
    }
}

#[async_trait]
impl Connect for Fixed {
    fn name(&self) -> &str {
        &self.endpoint.gateway
    }

    async fn endpoint(&self) -> Result<Endpoint, ConnectFault> {
        Ok(self.endpoint.clone())
    }
}
