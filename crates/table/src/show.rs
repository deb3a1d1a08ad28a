//! Chunks from the thread that makes them to the visitor, on the caller's thread.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use crate::chunk::Chunk;
use crate::error::ReadError;
use crate::visit::{Visitor, Watch};

/// Chunks that wait for the visitor at the most.
pub(crate) const WAITING: usize = 16;

/// How far the reading is, and a chunk where one is full.
pub(crate) struct Progress {
    pub chunk: Option<Arc<Chunk>>,
    pub done: u64,
    pub total: u64,
}

/// Shows chunks to the visitor as they come, all that wait at once, and gives them all.
pub(crate) fn show(
    chunks: Receiver<Progress>,
    visitor: &mut dyn Visitor,
    watch: &dyn Watch,
) -> Result<Vec<Arc<Chunk>>, ReadError> {
    let mut all = Vec::new();
    loop {
        if watch.cancelled() {
            return Err(ReadError::Cancelled);
        }
        let first = match chunks.recv_timeout(Duration::from_millis(100)) {
            Ok(progress) => progress,
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => return Ok(all),
        };
        let from = all.len();
        let (mut done, mut total) = (first.done, first.total);
        all.extend(first.chunk);
        for progress in chunks.try_iter().take(WAITING) {
            (done, total) = (progress.done, progress.total);
            all.extend(progress.chunk);
        }
        if all.len() > from {
            visitor.chunks(&all[from..]);
        }
        watch.progress(done, total);
    }
}

pub(crate) fn stopped() -> ReadError {
    io::Error::other("a reading thread stopped").into()
}
