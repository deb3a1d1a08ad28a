//! What goes into one batch request: at most ten entries and 1 MiB together.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html>

use std::ops::Range;

pub(crate) const ENTRIES: usize = 10;
pub(crate) const BYTES: usize = 1024 * 1024;

/// Cuts entries of these sizes into ranges that each fit one request. An entry that fits no
/// request gets one of its own, so that the service's refusal names it alone.
pub(crate) fn cut(sizes: &[usize]) -> Vec<Range<usize>> {
    let mut ranges = Vec::with_capacity(sizes.len().div_ceil(ENTRIES));
    let (mut start, mut bytes) = (0, 0);
    for (at, size) in sizes.iter().enumerate() {
        if at > start && (at - start == ENTRIES || bytes + size > BYTES) {
            ranges.push(start..at);
            (start, bytes) = (at, 0);
        }
        bytes += size;
    }
    if start < sizes.len() {
        ranges.push(start..sizes.len());
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_tens_and_under_the_limit() {
        assert!(cut(&[]).is_empty());
        assert_eq!(cut(&[1; 11]), [0..10, 10..11]);
        assert_eq!(cut(&[1; 21]), [0..10, 10..20, 20..21]);
        assert_eq!(cut(&[BYTES, 1, BYTES - 1, 1]), [0..1, 1..3, 3..4]);
        assert_eq!(cut(&[1, BYTES + 1, 1]), [0..1, 1..2, 2..3]);
    }
}
