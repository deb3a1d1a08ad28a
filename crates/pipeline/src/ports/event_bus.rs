use async_trait::async_trait;
use wire::RegisteredEvent;

use super::PortResult;

/// Where other systems hear of what happened.
#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait EventBus: Send + Sync + 'static {
    /// People are registered. Told at least once; an event may be told again after a crash.
    async fn registered(&self, events: Vec<RegisteredEvent>) -> PortResult<()>;
}
