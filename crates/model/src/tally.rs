//! How many rows are in each state. Conservation is a sum over this.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::RowState;

/// Rows by state. A state with no rows is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tally(BTreeMap<RowState, u64>);

impl Tally {
    pub fn add(&mut self, state: RowState, rows: u64) {
        if rows > 0 {
            *self.0.entry(state).or_default() += rows;
        }
    }

    pub fn of(&self, state: RowState) -> u64 {
        self.0.get(&state).copied().unwrap_or(0)
    }

    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// Rows that keep the batch from closing.
    pub fn open(&self) -> u64 {
        self.iter()
            .filter(|(state, _)| state.is_open())
            .map(|(_, rows)| rows)
            .sum()
    }

    pub fn iter(&self) -> impl Iterator<Item = (RowState, u64)> {
        self.0.iter().map(|(state, rows)| (*state, *rows))
    }
}

impl FromIterator<RowState> for Tally {
    fn from_iter<I: IntoIterator<Item = RowState>>(states: I) -> Self {
        let mut tally = Self::default();
        for state in states {
            tally.add(state, 1);
        }
        tally
    }
}

impl FromIterator<(RowState, u64)> for Tally {
    fn from_iter<I: IntoIterator<Item = (RowState, u64)>>(rows: I) -> Self {
        let mut tally = Self::default();
        for (state, count) in rows {
            tally.add(state, count);
        }
        tally
    }
}
