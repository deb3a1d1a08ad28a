//! Whose message is next: the groups of a queue that have ready messages, each in its turn, so that
//! one with ten thousand waiting does not keep another's single message behind them.
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html>

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::line::Seq;

/// `MessageGroupId`; messages without one are a group of their own.
pub(super) type Group = Option<Arc<str>>;

#[derive(Debug, Default)]
pub(super) struct Turns {
    groups: HashMap<Group, VecDeque<Seq>>,
    /// Groups that have something waiting, each once.
    order: VecDeque<Group>,
}

impl Turns {
    pub fn push(&mut self, group: &Group, seq: Seq) {
        self.line(group).push_back(seq);
    }

    /// Puts a message before the others of its group.
    pub fn push_first(&mut self, group: &Group, seq: Seq) {
        self.line(group).push_front(seq);
    }

    fn line(&mut self, group: &Group) -> &mut VecDeque<Seq> {
        if !self.groups.contains_key(group) {
            self.order.push_back(group.clone());
        }
        self.groups.entry(group.clone()).or_default()
    }

    /// Takes the next message; its group goes behind the others.
    pub fn next(&mut self) -> Option<Seq> {
        let group = self.order.pop_front()?;
        let waiting = self.groups.get_mut(&group)?;
        let seq = waiting.pop_front();
        if waiting.is_empty() {
            self.groups.remove(&group);
        } else {
            self.order.push_back(group);
        }
        seq
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quiet_group_is_not_behind_a_noisy_one() {
        let (noisy, quiet): (Group, Group) = (Some("noisy".into()), Some("quiet".into()));
        let mut turns = Turns::default();
        (0..10_000).for_each(|seq| turns.push(&noisy, seq));
        turns.push(&quiet, 10_000);
        turns.push(&None, 10_001);
        let first: Vec<_> = std::iter::from_fn(|| turns.next()).take(5).collect();
        assert_eq!(first, [0, 10_000, 10_001, 1, 2]);
        assert_eq!(std::iter::from_fn(|| turns.next()).count(), 9_997);
    }
}
