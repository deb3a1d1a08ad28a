use std::time::Duration;

use async_trait::async_trait;
use model::{CompanyId, RowKey};
use wire::{Fence, FenceAnswer, RegisterAnswer, RegisterRequest, Registration};

/// A call that came to no answer about the person.
#[derive(Debug, thiserror::Error)]
pub enum RegistrationFault {
    /// 429: more at once than the API carries.
    #[error("the registry is at its capacity")]
    Busy { retry_after: Option<Duration> },
    /// It said that it could not; nothing was registered by this call.
    #[error("the registry failed: {0}")]
    Failed(String),
    /// No answer came: the person may or may not be registered now.
    #[error("the registry did not answer in time")]
    TimedOut,
}

/// The Registration API as its callers see it.
#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait RegistrationApi: Send + Sync + 'static {
    /// Idempotent by `request.key`.
    async fn register(
        &self,
        request: &RegisterRequest,
    ) -> Result<RegisterAnswer, RegistrationFault>;

    async fn look_up(
        &self,
        company: &CompanyId,
        key: RowKey,
    ) -> Result<Option<Registration>, RegistrationFault>;

    async fn fence(&self, fence: &Fence) -> Result<FenceAnswer, RegistrationFault>;

    /// Whether it is worth calling.
    async fn is_well(&self) -> bool;
}
