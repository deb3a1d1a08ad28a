//! How often each action was asked for, by queue: what a batch costs on AWS is requests.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Requests by action and queue; the queue is empty for actions on no queue in particular.
pub type Snapshot = BTreeMap<(String, String), u64>;

/// Counts since the store was opened. Requests that were refused for their content count, as they
/// do on AWS; those whose signature was refused do not.
#[derive(Default)]
pub struct Counts(Mutex<Snapshot>);

impl Counts {
    pub(super) fn count(&self, action: &str, queue: &str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts
            .entry((action.to_owned(), queue.to_owned()))
            .or_default() += 1;
    }

    pub fn snapshot(&self) -> Snapshot {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
