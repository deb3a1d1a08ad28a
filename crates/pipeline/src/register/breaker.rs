//! Keeps the lane's messages where they are while the API is down: what is not received uses up
//! none of its three receives.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::backoff::Backoff;
use crate::ports::RegistrationApi;

/// Failures in a row, without one success, that open it. More than one row can cause alone.
const OPENS_AT: u32 = 10;

const PROBE: Backoff = Backoff {
    base: Duration::from_millis(250),
    cap: Duration::from_secs(5),
};

pub struct Breaker {
    api: Arc<dyn RegistrationApi>,
    failures: AtomicU32,
}

impl Breaker {
    pub fn new(api: Arc<dyn RegistrationApi>) -> Self {
        Self {
            api,
            failures: AtomicU32::new(0),
        }
    }

    pub fn success(&self) {
        self.failures.store(0, Ordering::Relaxed);
    }

    pub fn failure(&self) {
        if self.failures.fetch_add(1, Ordering::Relaxed) + 1 == OPENS_AT {
            tracing::warn!("the registry is down: nothing is received until it is well");
        }
    }

    /// At once while closed; while open, when the API says that it is well.
    pub async fn closed(&self) {
        for attempt in 1.. {
            if self.failures.load(Ordering::Relaxed) < OPENS_AT {
                return;
            }
            if self.api.is_well().await {
                tracing::info!("the registry is well again");
                self.success();
                return;
            }
            tokio::time::sleep(PROBE.after(attempt)).await;
        }
    }
}
