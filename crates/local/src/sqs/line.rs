//! Where the messages of one queue stand: ready, delayed, or in flight. Pure: time is a parameter,
//! in milliseconds since 1970, and what must be written down is told to the caller.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::turns::{Group, Turns};

/// A message's number, given at sending, rising.
pub(super) type Seq = i64;
pub(super) type Millis = i64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Ready,
    Delayed { until: Millis },
    InFlight { since: Millis, until: Millis },
}

/// Where one message stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub seq: Seq,
    pub place: Place,
    pub group: Group,
    /// Kept when the message goes to a dead-letter queue, so that its retention goes on.
    pub sent_at: Millis,
    pub first_received: Option<Millis>,
    /// Receives in all queues that it was in.
    pub received: u32,
    /// Receives in this queue: what the redrive policy counts.
    pub received_here: u32,
    /// The ARN of the queue that it died in.
    pub source: Option<Arc<str>>,
}

/// Why a message cannot be hidden for longer or shorter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotHidden {
    /// Deleted, expired, or received again since.
    Gone,
    NotInFlight,
    /// Hidden for longer than twelve hours in all.
    TooLong,
}

/// What left the queue by itself.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Left {
    /// Older than the queue keeps.
    pub expired: Vec<Seq>,
    /// Received as often as the redrive policy allows.
    pub dead: Vec<Standing>,
}

/// The rules of a queue that move messages by themselves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    pub retention: Millis,
    /// Receives after which a message is dead; `None` where there is no dead-letter queue.
    pub most_receives: Option<u32>,
}

impl Rules {
    fn is_dead(&self, standing: &Standing) -> bool {
        self.most_receives
            .is_some_and(|most| standing.received_here >= most)
    }
}

#[derive(Debug, Default)]
pub(super) struct Line {
    messages: HashMap<Seq, Standing>,
    /// Ready ones, and some that left since: those are no longer in `messages`.
    turns: Turns,
    /// Delayed and in flight, by when that ends.
    due: BTreeSet<(Millis, Seq)>,
    delayed: usize,
    by_age: BTreeSet<(Millis, Seq)>,
}

/// How many messages stand where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tally {
    pub ready: usize,
    pub delayed: usize,
    pub in_flight: usize,
}

impl Line {
    pub fn tally(&self) -> Tally {
        Tally {
            ready: self.messages.len() - self.due.len(),
            delayed: self.delayed,
            in_flight: self.due.len() - self.delayed,
        }
    }

    /// When the next delayed or hidden message comes back.
    pub fn next_due(&self) -> Option<Millis> {
        self.due.first().map(|(until, _)| *until)
    }

    pub fn add(&mut self, standing: Standing) {
        let seq = standing.seq;
        match standing.place {
            Place::Ready => self.turns.push(&standing.group, seq),
            Place::Delayed { until } => {
                self.due.insert((until, seq));
                self.delayed += 1;
            }
            Place::InFlight { until, .. } => {
                self.due.insert((until, seq));
            }
        }
        self.by_age.insert((standing.sent_at, seq));
        self.messages.insert(seq, standing);
    }

    /// Lets time pass: brings back what is due, and tells what left.
    pub fn advance(&mut self, now: Millis, rules: Rules) -> Left {
        let mut left = Left::default();
        while let Some((sent_at, seq)) = self.by_age.first().copied()
            && sent_at + rules.retention <= now
        {
            self.remove(seq);
            left.expired.push(seq);
        }
        while let Some((until, seq)) = self.due.first().copied()
            && until <= now
        {
            self.bring_back(seq, rules, &mut left.dead);
        }
        left
    }

    fn bring_back(&mut self, seq: Seq, rules: Rules, dead: &mut Vec<Standing>) {
        self.leave_due(seq);
        let Some(standing) = self.messages.get_mut(&seq) else {
            return;
        };
        if rules.is_dead(standing) {
            dead.extend(self.remove(seq));
        } else {
            standing.place = Place::Ready;
            self.turns.push(&standing.group, seq);
        }
    }

    /// Takes up to `most` ready messages, each group in its turn, and hides them. What turns out to
    /// be dead is told in `dead` instead: the redrive policy may have come after the receives.
    pub fn take(
        &mut self,
        most: usize,
        now: Millis,
        until: Millis,
        rules: Rules,
        dead: &mut Vec<Standing>,
    ) -> Vec<Standing> {
        let mut taken = Vec::new();
        while taken.len() < most
            && let Some(seq) = self.turns.next()
        {
            let Some(standing) = self.messages.get_mut(&seq) else {
                continue;
            };
            if rules.is_dead(standing) {
                dead.extend(self.remove(seq));
                continue;
            }
            standing.place = Place::InFlight { since: now, until };
            standing.received += 1;
            standing.received_here += 1;
            standing.first_received.get_or_insert(now);
            taken.push(standing.clone());
            self.due.insert((until, seq));
        }
        taken
    }

    /// Undoes a receive that reached nobody. The message as it stands again, unless it moved on.
    pub fn give_back(&mut self, taken: &Standing) -> Option<Standing> {
        let standing = self.messages.get(&taken.seq)?;
        if standing != taken {
            return None;
        }
        self.leave_due(taken.seq);
        let standing = self.messages.get_mut(&taken.seq)?;
        standing.place = Place::Ready;
        standing.received -= 1;
        standing.received_here -= 1;
        if standing.received == 0 {
            standing.first_received = None;
        }
        self.turns.push_first(&standing.group, taken.seq);
        Some(standing.clone())
    }

    /// Deletes a message by its latest receive. An older one deletes nothing, and that is no error.
    pub fn delete(&mut self, seq: Seq, received: u32) -> bool {
        let is_latest = |standing: &Standing| standing.received == received;
        self.messages.get(&seq).is_some_and(is_latest) && self.remove(seq).is_some()
    }

    /// Hides a message in flight until another time.
    pub fn hide(
        &mut self,
        seq: Seq,
        received: u32,
        until: Millis,
        longest: Millis,
    ) -> Result<(), NotHidden> {
        let standing = self.messages.get_mut(&seq).ok_or(NotHidden::Gone)?;
        if standing.received != received {
            return Err(NotHidden::Gone);
        }
        let Place::InFlight {
            since,
            until: before,
        } = standing.place
        else {
            return Err(NotHidden::NotInFlight);
        };
        if until - since > longest {
            return Err(NotHidden::TooLong);
        }
        standing.place = Place::InFlight { since, until };
        self.due.remove(&(before, seq));
        self.due.insert((until, seq));
        Ok(())
    }

    /// Whoever received what is in flight is gone: it is due at once. Its receives still count.
    pub fn end_flights(&mut self, now: Millis) {
        for standing in self.messages.values_mut() {
            if let Place::InFlight { since, until } = standing.place {
                self.due.remove(&(until, standing.seq));
                standing.place = Place::InFlight { since, until: now };
                self.due.insert((now, standing.seq));
            }
        }
    }

    pub fn remove(&mut self, seq: Seq) -> Option<Standing> {
        self.leave_due(seq);
        let standing = self.messages.remove(&seq)?;
        self.by_age.remove(&(standing.sent_at, seq));
        Some(standing)
    }

    fn leave_due(&mut self, seq: Seq) {
        match self.messages.get(&seq).map(|standing| standing.place) {
            Some(Place::Delayed { until }) => {
                if self.due.remove(&(until, seq)) {
                    self.delayed -= 1;
                }
            }
            Some(Place::InFlight { until, .. }) => {
                self.due.remove(&(until, seq));
            }
            Some(Place::Ready) | None => {}
        }
    }
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
