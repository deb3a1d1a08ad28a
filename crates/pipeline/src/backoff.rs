//! Full jitter: a random time between nothing and `base · 2ⁿ`, at most `cap`.
//!
//! <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>

use std::time::Duration;

#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    pub base: Duration,
    pub cap: Duration,
}

impl Backoff {
    /// Before attempt `attempt`, counted from 1, is repeated.
    pub fn after(self, attempt: u32) -> Duration {
        let doubled = self
            .base
            .saturating_mul(1_u32.checked_shl(attempt.min(16)).unwrap_or(u32::MAX));
        doubled.min(self.cap).mul_f64(rand::random::<f64>())
    }
}
