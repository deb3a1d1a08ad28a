//! Who looks on while a file is read.

use std::sync::Arc;

use crate::chunk::Chunk;

/// Sees every row once, while reading goes on. `()` looks at nothing.
pub trait Visitor {
    /// One or more chunks, in row order without gaps over all calls. Several come together where
    /// the visitor is slower than the reading, so that it can spread them over threads.
    fn chunks(&mut self, chunks: &[Arc<Chunk>]);
}

impl Visitor for () {
    fn chunks(&mut self, _: &[Arc<Chunk>]) {}
}

/// Hears how far the reading is, and may end it. `()` does neither.
pub trait Watch: Sync {
    /// Bytes of the file that are done, of how many. For a workbook these are rows, and the total
    /// is 0 where the sheet does not tell.
    fn progress(&self, done: u64, total: u64);
    /// Asked several times a second.
    fn cancelled(&self) -> bool;
}

impl Watch for () {
    fn progress(&self, _: u64, _: u64) {}

    fn cancelled(&self) -> bool {
        false
    }
}
