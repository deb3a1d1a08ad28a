//! Places where a test may end the process, as kill -9 or a power cut would. They do nothing
//! unless the `failpoints` feature of the `fail` crate is on, which no release has.

/// Every crash point, in the order in which the life of a batch passes them.
pub const CRASH_POINTS: &[&str] = &[
    // The canonical file is written, nothing is journalled.
    "desk.send.after-file",
    // The batch is journalled, nobody has been told.
    "desk.send.after-journal",
    // The gateway knows the batch, the desk has not noted it.
    "desk.send.after-create",
    // The file is stored, the desk has not noted it.
    "desk.send.after-put",
    // The rows are noted as sent.
    "desk.send.after-sent",
    // A digest is received, not folded.
    "desk.track.before-fold",
    // A digest is folded, not deleted from its queue.
    "desk.track.after-fold",
    // A digest is deleted.
    "desk.track.after-delete",
    // One page of rows is folded while a gap is healed.
    "desk.track.after-page",
    // A refused row is received, not written down.
    "desk.rejected.before-write",
    // A refused row is written down, not deleted from its queue.
    "desk.rejected.after-write",
    // A correction is journalled, nobody has been told.
    "desk.correct.after-journal",
    // A correction is answered, the desk has not noted it.
    "desk.correct.after-answer",
    // A correction's outcome is noted.
    "desk.correct.after-outcome",
];

/// Ends the process here where a test asked for it.
pub(crate) fn point(name: &'static str) {
    debug_assert!(CRASH_POINTS.contains(&name), "{name} is not in the list");
    fail::fail_point!(name, |_| std::process::abort());
}
