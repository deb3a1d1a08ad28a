//! How much of a file is taken. Each limit is far above what a roster holds, and there so that a
//! broken or hostile file ends in a plain message and not in the end of the process.

/// Data rows; more is `file-too-many-rows`.
pub const MAX_ROWS: u32 = 5_000_000;
/// Cells in the header; more is `file-too-many-columns`.
pub const MAX_COLUMNS: usize = 1_000;
/// Bytes of the file; more is `file-too-large`.
pub const MAX_FILE_BYTES: u64 = 4 << 30;
/// Characters in a cell, as in Excel; a longer one is kept and is an issue, `too-long`.
pub const MAX_CELL_CHARS: usize = 32_767;
/// Bytes of one record. A quoted cell that is not closed within it is taken as not quoted; an
/// unquoted record beyond it is not a table.
pub const MAX_RECORD_BYTES: usize = 64 << 20;
/// Bytes of text in one chunk; more is `file-too-large`.
pub(crate) const MAX_CHUNK_BYTES: usize = 1 << 30;
/// Data rows in a [`crate::Head`].
pub const SAMPLE_ROWS: usize = 200;
