use async_trait::async_trait;
use jiff::Timestamp;
use model::RowKey;
use wire::{Fence, FenceAnswer, RegisterAnswer, RegisterRequest, Registration};

use super::PortResult;

/// The people who are registered: the registry's own store.
#[async_trait]
pub trait People: Send + Sync + 'static {
    /// Registers, atomically: the same key gets the answer that it got before; a generation below
    /// the fence is refused as superseded; a natural key that another key holds is refused as
    /// already registered, naming the batch and row that did.
    async fn register(
        &self,
        request: &RegisterRequest,
        at: Timestamp,
    ) -> PortResult<RegisterAnswer>;

    /// What is registered under this very key.
    async fn look_up(
        &self,
        company: &model::CompanyId,
        key: RowKey,
    ) -> PortResult<Option<Registration>>;

    /// Closes every generation of the row below `fence.key.generation`. Repeating it changes
    /// nothing.
    async fn fence(&self, fence: &Fence) -> PortResult<FenceAnswer>;
}
