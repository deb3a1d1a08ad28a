//! Waiting for conditions, never for time.

use std::net::TcpListener;
use std::time::{Duration, Instant};

/// A minute: a condition that is not true by then will not be.
const LIMIT: Duration = Duration::from_secs(60);

/// Asks until the answer is there.
///
/// # Panics
/// Where it does not come.
pub async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(start.elapsed() < LIMIT, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port()
}
