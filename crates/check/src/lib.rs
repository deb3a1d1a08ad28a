//! Mapping guess, rules and fixes over a table, or over what one edit touches. Pure.
//!
//! [`guess`] ties columns to fields, a [`Plan`] makes schema and mapping ready, a [`Checker`] looks
//! on while the table is read and gives a [`Verdict`], which [`Verdict::recheck`] keeps true edit
//! by edit. No sentence stands here: codes, values and [`Expected`] are what texts are made of.

mod canonical;
mod checker;
mod expected;
pub mod fold;
mod found;
pub mod generate;
mod index;
mod links;
mod mapping;
mod plan;
mod recheck;
mod record;
mod rules;
mod verdict;

pub use canonical::{Canonical, CanonicalError, CanonicalReader, CanonicalRow, canonical_csv};
pub use checker::{Checker, check_table};
pub use expected::{Expected, expected};
pub use mapping::{Confidence, Mapping, Match, guess};
pub use plan::{Options, Plan, PlanError};
pub use record::{RecordPlan, check_record, record};
pub use rules::date::DateOrder;
pub use verdict::{Cause, CauseCount, Verdict};
