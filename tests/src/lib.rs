//! What whole-path tests share.
