//! A line against a simple model: nothing is lost, nothing is delivered while it is hidden, and the
//! counts are right.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Send {
        group: u8,
        delay: Millis,
    },
    Receive {
        most: usize,
        hidden: Millis,
    },
    /// Of the receives so far, by place; latest first.
    Delete(usize),
    Hide(usize, Millis),
    /// The latest receive reached nobody.
    GiveBack,
    Wait(Millis),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0u8..3, prop_oneof![Just(0), 1..50i64]).prop_map(|(group, delay)| Step::Send { group, delay }),
        3 => (1usize..5, 0..60i64).prop_map(|(most, hidden)| Step::Receive { most, hidden }),
        2 => (0usize..6).prop_map(Step::Delete),
        1 => (0usize..6, 0..80i64).prop_map(|(receipt, until)| Step::Hide(receipt, until)),
        1 => Just(Step::GiveBack),
        2 => (1..40i64).prop_map(Step::Wait),
    ]
}

/// One message of the model.
#[derive(Clone, Debug)]
struct Kept {
    sent_at: Millis,
    hidden_until: Millis,
    received: u32,
}

const RULES: Rules = Rules {
    retention: 200,
    most_receives: Some(3),
};
const LONGEST: Millis = 100;

#[derive(Default)]
struct Model {
    now: Millis,
    kept: BTreeMap<Seq, Kept>,
    dead: Vec<Seq>,
    expired: Vec<Seq>,
    deleted: Vec<Seq>,
}

impl Model {
    fn pass(&mut self) {
        let now = self.now;
        for (seq, kept) in std::mem::take(&mut self.kept) {
            if kept.sent_at + RULES.retention <= now {
                self.expired.push(seq);
            } else if kept.received >= 3 && kept.hidden_until <= now {
                self.dead.push(seq);
            } else {
                self.kept.insert(seq, kept);
            }
        }
    }

    fn tally(&self) -> Tally {
        let hidden = |kept: &&Kept| kept.hidden_until > self.now;
        let in_flight = self
            .kept
            .values()
            .filter(hidden)
            .filter(|kept| kept.received > 0)
            .count();
        let delayed = self.kept.values().filter(hidden).count() - in_flight;
        Tally {
            ready: self.kept.len() - in_flight - delayed,
            delayed,
            in_flight,
        }
    }
}

fn run(steps: &[Step]) -> Result<(), TestCaseError> {
    let (mut line, mut model) = (Line::default(), Model::default());
    let mut receives: Vec<Standing> = Vec::new();
    let (mut sent, mut dead, mut expired) = (0, Vec::new(), Vec::new());
    for step in steps {
        let now = model.now;
        match *step {
            Step::Send { group, delay } => {
                sent += 1;
                let place = match delay {
                    0 => Place::Ready,
                    delay => Place::Delayed { until: now + delay },
                };
                line.add(Standing {
                    seq: sent,
                    place,
                    group: (group > 0).then(|| group.to_string().into()),
                    sent_at: now,
                    first_received: None,
                    received: 0,
                    received_here: 0,
                    source: None,
                });
                let kept = Kept {
                    sent_at: now,
                    hidden_until: now + delay,
                    received: 0,
                };
                model.kept.insert(sent, kept);
            }
            Step::Receive { most, hidden } => {
                let ready = model.tally().ready;
                let mut buried = Vec::new();
                let taken = line.take(most, now, now + hidden, RULES, &mut buried);
                prop_assert!(buried.is_empty(), "what is dead left when its time came");
                prop_assert_eq!(taken.len(), most.min(ready));
                for standing in taken {
                    let kept = model
                        .kept
                        .get_mut(&standing.seq)
                        .expect("delivered what is there");
                    prop_assert!(kept.hidden_until <= now, "delivered while hidden");
                    kept.received += 1;
                    kept.hidden_until = now + hidden;
                    prop_assert_eq!(standing.received, kept.received);
                    receives.push(standing);
                }
            }
            Step::Delete(receipt) => {
                let Some(of) = receives.iter().rev().nth(receipt) else {
                    continue;
                };
                let latest = model
                    .kept
                    .get(&of.seq)
                    .is_some_and(|kept| kept.received == of.received);
                prop_assert_eq!(line.delete(of.seq, of.received), latest);
                if latest {
                    model.kept.remove(&of.seq);
                    model.deleted.push(of.seq);
                }
            }
            Step::Hide(receipt, for_millis) => {
                let Some(of) = receives.iter().rev().nth(receipt) else {
                    continue;
                };
                let until = now + for_millis;
                let outcome = line.hide(of.seq, of.received, until, LONGEST);
                let kept = model
                    .kept
                    .get_mut(&of.seq)
                    .filter(|kept| kept.received == of.received);
                let in_flight = kept.as_ref().is_some_and(|kept| kept.hidden_until > now);
                match (outcome, kept) {
                    (Ok(()), Some(kept)) if in_flight => kept.hidden_until = until,
                    (Err(NotHidden::TooLong), Some(_)) => prop_assert!(in_flight),
                    // Received for no time at all: in flight until time is looked at again.
                    (_, Some(_)) => prop_assert!(!in_flight),
                    (outcome, None) => prop_assert_eq!(outcome, Err(NotHidden::Gone)),
                }
                if outcome.is_ok()
                    && !in_flight
                    && let Some(kept) = model.kept.get_mut(&of.seq)
                {
                    kept.hidden_until = until;
                }
            }
            Step::GiveBack => {
                let Some(taken) = receives.pop() else {
                    continue;
                };
                if let Some(back) = line.give_back(&taken) {
                    prop_assert_eq!(back.received + 1, taken.received);
                    let kept = model
                        .kept
                        .get_mut(&taken.seq)
                        .expect("gave back what is there");
                    kept.received -= 1;
                    kept.hidden_until = now;
                }
            }
            Step::Wait(millis) => model.now += millis,
        }
        model.pass();
        let left = line.advance(model.now, RULES);
        dead.extend(left.dead.iter().map(|standing| standing.seq));
        expired.extend(left.expired);
        prop_assert_eq!(line.tally(), model.tally());
        prop_assert!(line.next_due().is_none_or(|due| due > model.now));
    }
    for seqs in [&mut dead, &mut expired, &mut model.dead, &mut model.expired] {
        seqs.sort_unstable();
    }
    prop_assert_eq!(&dead, &model.dead);
    prop_assert_eq!(&expired, &model.expired);
    let left = dead.len() + expired.len() + model.deleted.len();
    prop_assert_eq!(
        left + model.kept.len(),
        usize::try_from(sent).unwrap_or(0),
        "none is lost"
    );
    Ok(())
}

proptest! {
    #[test]
    fn nothing_is_lost_and_nothing_is_delivered_while_hidden(
        steps in prop::collection::vec(step(), 1..120),
    ) {
        run(&steps)?;
    }
}
