//! The server's time, as far as its answers tell it. Whether something has expired is judged by
//! this clock, so that a desk whose own is wrong works all the same.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// Beyond this the user is told.
const TOLERATED: Duration = Duration::from_secs(120);
const NOT_KNOWN: i64 = i64::MIN;

/// How far this machine's clock is behind the server's, in milliseconds.
pub struct ServerClock(AtomicI64);

impl Default for ServerClock {
    fn default() -> Self {
        Self(AtomicI64::new(NOT_KNOWN))
    }
}

impl ServerClock {
    pub fn now(&self) -> Timestamp {
        let local = Timestamp::now();
        match self.behind() {
            Some(behind) => local.checked_add(behind).unwrap_or(local),
            None => local,
        }
    }

    /// By how much this machine's clock is off, where that is more than anybody should live with.
    /// Positive: it is behind.
    pub fn off_by(&self) -> Option<SignedDuration> {
        self.behind().filter(|by| by.unsigned_abs() > TOLERATED)
    }

    /// An answer said that it was `server` when this machine's clock stood at `local`.
    pub(crate) fn observe(&self, server: Timestamp, local: Timestamp) {
        let behind = server.duration_since(local).as_millis();
        let behind = i64::try_from(behind).unwrap_or(0);
        self.0.store(behind, Ordering::Relaxed);
    }

    /// The `Date` of an answer (RFC 9110), where it has a readable one.
    pub(crate) fn observe_header(&self, headers: &reqwest::header::HeaderMap, local: Timestamp) {
        let date = headers
            .get(reqwest::header::DATE)
            .and_then(|value| value.to_str().ok())
            .and_then(|text| {
                jiff::fmt::rfc2822::DateTimeParser::new()
                    .parse_timestamp(text)
                    .ok()
            });
        if let Some(server) = date {
            self.observe(server, local);
        }
    }

    fn behind(&self) -> Option<SignedDuration> {
        match self.0.load(Ordering::Relaxed) {
            NOT_KNOWN => None,
            millis => Some(SignedDuration::from_millis(millis)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_told_and_a_minute_is_not() {
        let local = Timestamp::now();
        let clock = ServerClock::default();
        assert_eq!(clock.off_by(), None, "nothing is known yet");
        for (seconds, told) in [(60, false), (-60, false), (3600, true), (-3600, true)] {
            let by = SignedDuration::from_secs(seconds);
            clock.observe(local.checked_add(by).expect("a time"), local);
            assert_eq!(clock.off_by(), told.then_some(by));
        }
    }

    #[test]
    fn time_is_the_servers() {
        let clock = ServerClock::default();
        let mut headers = reqwest::header::HeaderMap::new();
        let date = "Sat, 01 Jan 2000 00:00:00 GMT".parse().expect("a header");
        headers.insert(reqwest::header::DATE, date);
        clock.observe_header(&headers, Timestamp::now());
        let year = clock.now().to_zoned(jiff::tz::TimeZone::UTC).year();
        assert_eq!(year, 2000);
    }
}
