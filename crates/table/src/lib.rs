//! Files into tables and back: decoding, detection, windows, edits with undo, exports.

pub mod chunk;
