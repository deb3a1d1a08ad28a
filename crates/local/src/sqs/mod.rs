//! SQS on loopback: standard queues over AWS JSON 1.0, signatures and session policies verified.
//!
//! A memory of where every message stands answers; one SQLite file is the record. Memory changes
//! and its write takes its place in line under the same lock, so both see one order, and nothing is
//! answered before its write is on the disk. Writes that wait together are committed together.
//! What differs from AWS on purpose is told in `docs/EMULATORS.md`.

mod address;
mod attributes;
mod batch;
mod calls;
mod content;
mod counts;
mod fault;
mod line;
mod protocol;
mod queues;
mod store;
mod turns;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use jiff::Timestamp;

use self::attributes::Map;
use self::line::Millis;
use self::queues::{Moves, QueueId, Queues};
use crate::db::{Db, DbResult};
use crate::identity::Identities;

pub use self::address::ACCOUNT;
pub use self::counts::{Counts, Snapshot};
pub use self::fault::Fault;
pub use self::protocol::{not_from_here, router};

/// The time of day; tests hold it.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// All queues of the embedded pipeline.
pub struct Sqs {
    db: Db,
    queues: Arc<Mutex<Queues>>,
    identities: Arc<Identities>,
    now: Now,
    base_url: RwLock<String>,
    counts: Counts,
    closing: AtomicBool,
}

impl Sqs {
    /// Opens or makes the file that queues and messages are kept in.
    pub async fn open(path: &Path, identities: Arc<Identities>, now: Now) -> DbResult<Self> {
        let db = Db::open(path, store::SCHEMA)?;
        let time = store::millis(now());
        let queues = db
            .read(move |connection| store::load(connection, time))
            .await?;
        let sqs = Self {
            db,
            queues: Arc::new(Mutex::new(queues)),
            identities,
            now,
            base_url: RwLock::default(),
            counts: Counts::default(),
            closing: AtomicBool::new(false),
        };
        sqs.sweep();
        Ok(sqs)
    }

    /// Where the listener is, such as `http://127.0.0.1:4566`; queue URLs begin with it.
    pub fn set_base_url(&self, base: &str) {
        let mut url = self
            .base_url
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        base.trim_end_matches('/').clone_into(&mut url);
    }

    /// The URL that clients are given for a queue, whether it is there or not.
    pub fn queue_url(&self, name: &str) -> String {
        let base = self.base_url.read().unwrap_or_else(PoisonError::into_inner);
        address::url(&base, name)
    }

    /// Makes a queue with these attributes, or gives them to the one that is there. Its URL.
    pub async fn ensure_queue(
        &self,
        name: &str,
        attributes: &[(&str, &str)],
    ) -> Result<String, Fault> {
        let wanted: Map = attributes
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        let is_there = self.lock().named(name).is_ok();
        if is_there {
            self.change_queue(name, &wanted).await?;
        } else {
            self.make_queue(name, &wanted).await?;
        }
        Ok(self.queue_url(name))
    }

    /// Makes everything in flight on a queue visible again. For an owner that is the queue's only
    /// reader and has just started: whoever received those messages died with the process before.
    pub fn readers_are_gone(&self, name: &str) {
        let now = self.time();
        let mut queues = self.lock();
        let Ok(queue) = queues.named_mut(name) else {
            return;
        };
        queue.line.end_flights(now);
        let id = queue.id;
        self.settle(&mut queues, id, now);
    }

    /// Lets time pass for every queue, so that what is too old goes though nobody asks for it.
    pub fn sweep(&self) {
        let now = self.time();
        let mut queues = self.lock();
        for id in queues.ids() {
            self.settle(&mut queues, id, now);
        }
    }

    /// Requests by action and queue.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Ends the polls that wait, with nothing, and lets no other begin to wait: a listener that
    /// shuts down need not stay for them.
    pub fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
        self.lock().ring_all();
    }

    fn lock(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn time(&self) -> Millis {
        store::millis((self.now)())
    }

    /// Lets time pass for a queue and puts what moved in line to be written. Under the lock, like
    /// every write. Nobody waits for it: undone by a crash, it is done again when time passes again.
    fn settle(&self, queues: &mut Queues, id: QueueId, now: Millis) {
        let moves = queues.settle(id, now);
        self.follow(moves);
    }

    fn follow(&self, moves: Moves) {
        if !moves.is_empty() {
            drop(
                self.db
                    .write(move |connection| store::follow(connection, &moves)),
            );
        }
    }
}

/// The `RedrivePolicy` that sends a message to the dead-letter queue `name` after `max_receives`
/// receives.
pub fn redrive_policy(name: &str, max_receives: u32) -> String {
    let target = address::arn(name);
    format!(r#"{{"deadLetterTargetArn":"{target}","maxReceiveCount":{max_receives}}}"#)
}

#[cfg(test)]
mod tests;
