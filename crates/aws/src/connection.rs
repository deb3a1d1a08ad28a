//! Where a service is, and who signs.
//!
//! Temporary credentials are held for as long as the server said that they live, by a clock that
//! nobody sets, so that a desk whose time of day is wrong renews no more and no less often.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_runtime_api::client::identity::SharedIdentityCache;
use tokio::sync::Mutex;

/// Renewed this long before they end.
const EARLY: Duration = Duration::from_secs(60);
const CONNECT: Duration = Duration::from_secs(3);
/// Longer than the longest poll (20 s).
const ATTEMPT: Duration = Duration::from_secs(30);
/// All attempts together.
const OPERATION: Duration = Duration::from_secs(75);

#[derive(Clone, Debug)]
pub struct Connection {
    /// `None`: the region's own.
    pub endpoint: Option<String>,
    pub region: String,
    pub credentials: Credentials,
}

/// `Debug` shows no secret.
#[derive(Clone)]
pub enum Credentials {
    Static {
        access_key_id: String,
        secret_access_key: String,
        session_token: Option<String>,
    },
    /// Asked for new ones when the old ones end, or are refused as expired.
    Renewed(Arc<dyn Renew>),
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Static { access_key_id, .. } => f
                .debug_struct("Static")
                .field("access_key_id", access_key_id)
                .finish_non_exhaustive(),
            Self::Renewed(_) => f.write_str("Renewed"),
        }
    }
}

/// Gives temporary credentials, as `POST /v1/workstations` does.
#[async_trait]
pub trait Renew: Send + Sync + 'static {
    async fn renew(&self) -> Result<Renewed, RenewFault>;
}

pub struct Renewed {
    pub credentials: wire::Credentials,
    /// By the clock of whoever gave them: `expires_at` less the answer's `now`.
    pub valid_for: Duration,
}

/// No credentials could be had; the text says why, and holds no secret.
#[derive(Debug, thiserror::Error)]
#[error("no credentials: {0}")]
pub struct RenewFault(pub String);

/// The SDK's settings for a connection, and the keys so that refused ones can be forgotten.
pub(crate) struct Settings {
    pub sdk: SdkConfig,
    pub keys: Keys,
}

impl Connection {
    pub(crate) fn settings(&self) -> Settings {
        let keys = Keys::new(self.credentials.clone());
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .operation_attempt_timeout(ATTEMPT)
            .operation_timeout(OPERATION)
            .build();
        let mut sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(self.region.clone()))
            .credentials_provider(SharedCredentialsProvider::new(keys.clone()))
            .identity_cache(no_second_cache())
            .retry_config(aws_config::retry::RetryConfig::standard())
            .timeout_config(timeouts)
            .app_name(AppName::new("muster").unwrap_or_else(|_| unreachable!("a plain word")));
        if let Some(endpoint) = &self.endpoint {
            sdk = sdk.endpoint_url(endpoint);
        }
        Settings {
            sdk: sdk.build(),
            keys,
        }
    }
}

/// [`Keys`] holds them already, by a better clock.
fn no_second_cache() -> SharedIdentityCache {
    aws_config::identity::IdentityCache::no_cache()
}

/// The credentials in use. Cheap to clone; all clones hold the same ones.
#[derive(Clone)]
pub(crate) struct Keys {
    source: Credentials,
    held: Arc<Mutex<Option<Held>>>,
}

struct Held {
    credentials: aws_credential_types::Credentials,
    until: Instant,
}

impl Keys {
    fn new(source: Credentials) -> Self {
        Self {
            source,
            held: Arc::default(),
        }
    }

    /// Drops what is held, so that the next request asks for new ones. `false` where asking again
    /// would bring the same.
    pub(crate) async fn forget(&self) -> bool {
        *self.held.lock().await = None;
        matches!(self.source, Credentials::Renewed(_))
    }

    async fn current(&self) -> Result<aws_credential_types::Credentials, CredentialsError> {
        let renew = match &self.source {
            Credentials::Static {
                access_key_id,
                secret_access_key,
                session_token,
            } => {
                return Ok(aws_credential_types::Credentials::new(
                    access_key_id,
                    secret_access_key,
                    session_token.clone(),
                    None,
                    "muster",
                ));
            }
            Credentials::Renewed(renew) => renew,
        };
        let mut held = self.held.lock().await;
        if let Some(held) = &*held
            && Instant::now() < held.until
        {
            return Ok(held.credentials.clone());
        }
        let Renewed {
            credentials,
            valid_for,
        } = renew.renew().await.map_err(CredentialsError::not_loaded)?;
        let fresh = aws_credential_types::Credentials::new(
            credentials.access_key_id,
            credentials.secret_access_key,
            Some(credentials.session_token).filter(|token| !token.is_empty()),
            None,
            "muster",
        );
        *held = Some(Held {
            credentials: fresh.clone(),
            until: Instant::now() + valid_for.saturating_sub(EARLY),
        });
        Ok(fresh)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl ProvideCredentials for Keys {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.current())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[derive(Default)]
    struct Counting {
        asked: AtomicU32,
        session_token: &'static str,
        valid_for: Duration,
    }

    #[async_trait]
    impl Renew for Counting {
        async fn renew(&self) -> Result<Renewed, RenewFault> {
            let n = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
            Ok(Renewed {
                credentials: wire::Credentials {
                    access_key_id: format!("ASIA{n}"),
                    secret_access_key: "secret".into(),
                    session_token: self.session_token.into(),
                    // An hour ago by this machine's clock: it must not matter.
                    expires_at: jiff::Timestamp::UNIX_EPOCH,
                },
                valid_for: self.valid_for,
            })
        }
    }

    async fn id(keys: &Keys) -> String {
        let credentials = keys.current().await.expect("credentials");
        credentials.access_key_id().to_owned()
    }

    #[tokio::test]
    async fn held_while_they_live_and_asked_for_again_when_they_end_or_are_forgotten() {
        let hour = Arc::new(Counting {
            valid_for: Duration::from_secs(3600),
            ..Counting::default()
        });
        let keys = Keys::new(Credentials::Renewed(hour.clone()));
        assert_eq!(id(&keys).await, "ASIA1");
        assert_eq!(id(&keys.clone()).await, "ASIA1");
        assert!(keys.forget().await);
        assert_eq!(id(&keys).await, "ASIA2");

        let ended = Keys::new(Credentials::Renewed(Arc::new(Counting::default())));
        assert_eq!(id(&ended).await, "ASIA1");
        assert_eq!(id(&ended).await, "ASIA2");
    }

    #[tokio::test]
    async fn an_empty_session_token_is_none() {
        for (given, held) in [("token", Some("token")), ("", None)] {
            let keys = Keys::new(Credentials::Renewed(Arc::new(Counting {
                session_token: given,
                ..Counting::default()
            })));
            let credentials = keys.current().await.expect("credentials");
            assert_eq!(credentials.session_token(), held);
        }
    }

    #[tokio::test]
    async fn static_ones_are_not_asked_for_again() {
        let keys = Keys::new(Credentials::Static {
            access_key_id: "AKIA".into(),
            secret_access_key: "hidden".into(),
            session_token: None,
        });
        assert_eq!(id(&keys).await, "AKIA");
        assert!(!keys.forget().await);
        assert!(!format!("{keys:?}").contains("hidden"));
    }
}
