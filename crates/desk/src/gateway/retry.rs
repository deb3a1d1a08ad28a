//! How long to wait before trying again: full jitter, `rand(0..min(cap, base·2ⁿ))`, so that desks
//! that failed together do not come back together.
//!
//! <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>

use std::time::Duration;

/// Waits longer at each failure in a row.
#[derive(Clone, Debug)]
pub struct Backoff {
    base: Duration,
    cap: Duration,
    failures: u32,
}

impl Backoff {
    pub fn new(base: Duration, cap: Duration) -> Self {
        Self {
            base,
            cap,
            failures: 0,
        }
    }

    /// For calls that a person waits for.
    pub fn short() -> Self {
        Self::new(Duration::from_millis(200), Duration::from_secs(5))
    }

    /// For loops that go on for as long as the program does.
    pub fn patient() -> Self {
        Self::new(Duration::from_millis(500), Duration::from_secs(30))
    }

    /// It went well: the next failure is the first.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// The pause after one more failure.
    pub fn next_pause(&mut self) -> Duration {
        let most = self.ceiling();
        self.failures = self.failures.saturating_add(1);
        most.mul_f64(rand::random::<f64>())
    }

    pub async fn pause(&mut self) {
        tokio::time::sleep(self.next_pause()).await;
    }

    fn ceiling(&self) -> Duration {
        let doubled = self.base.saturating_mul(1 << self.failures.min(20));
        doubled.min(self.cap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_to_its_cap_and_no_further() {
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(1));
        let ceilings: Vec<_> = (0..6)
            .map(|_| {
                let most = backoff.ceiling();
                assert!(backoff.next_pause() <= most);
                most.as_millis()
            })
            .collect();
        assert_eq!(ceilings, [100, 200, 400, 800, 1000, 1000]);
        backoff.reset();
        assert_eq!(backoff.ceiling().as_millis(), 100);
    }
}
