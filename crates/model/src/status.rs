//! What is known of one row, folded from events that may come twice, late or out of order.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Generation, Reason, RowNo, RowState, Seq};

/// One change of one row, as the row store tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusEvent {
    pub row_no: RowNo,
    pub generation: Generation,
    pub seq: Seq,
    pub state: RowState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    pub at: Timestamp,
}

/// The latest that is known of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowStatus {
    pub generation: Generation,
    pub seq: Seq,
    pub state: RowState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    pub at: Timestamp,
}

impl RowStatus {
    /// Takes `event` if it is newer than what is known: the highest `(generation, seq)` wins.
    /// Says whether anything changed.
    pub fn fold(&mut self, event: &StatusEvent) -> bool {
        let newer = (event.generation, event.seq) > (self.generation, self.seq);
        if newer {
            *self = event.into();
        }
        newer
    }
}

impl From<&StatusEvent> for RowStatus {
    fn from(event: &StatusEvent) -> Self {
        Self {
            generation: event.generation,
            seq: event.seq,
            state: event.state,
            reason: event.reason.clone(),
            at: event.at,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event(generation: u32, seq: u64, state: RowState) -> StatusEvent {
        StatusEvent {
            row_no: RowNo(1),
            generation: Generation(generation),
            seq: Seq(seq),
            state,
            reason: None,
            at: Timestamp::UNIX_EPOCH,
        }
    }

    fn folded(events: &[StatusEvent]) -> RowStatus {
        let mut status = RowStatus::from(&event(1, 0, RowState::Sent));
        for event in events {
            status.fold(event);
        }
        status
    }

    proptest! {
        #[test]
        fn order_and_repetition_change_nothing(
            order in Just((1..=12_u64).collect::<Vec<_>>()).prop_shuffle(),
            repeated in proptest::collection::vec(0..12_usize, 0..20),
        ) {
            // The row store gives every change of a row the next seq, across generations.
            let told: Vec<_> = (1..=12_u64)
                .map(|seq| event(if seq > 6 { 2 } else { 1 }, seq, RowState::ALL[seq as usize % 11]))
                .collect();
            let mut shuffled: Vec<_> = order.iter().map(|seq| told[*seq as usize - 1].clone()).collect();
            shuffled.extend(repeated.iter().map(|at| told[*at].clone()));
            prop_assert_eq!(folded(&shuffled), folded(&told));
        }
    }
}
