//! The names of queues and objects. Made of ids only.

use model::{BatchId, CompanyId, WorkstationId};

pub const INTAKE: &str = "muster-intake";
pub const BATCH_LANE: &str = "muster-batch-lane";
pub const REFUSALS: &str = "muster-refusals";
pub const EMAIL: &str = "muster-email";

/// Queues that services work on. Each has a dead-letter queue beside it.
pub const WORKING: [&str; 4] = [INTAKE, BATCH_LANE, REFUSALS, EMAIL];

/// Receives before a message goes to the dead-letter queue.
pub const MAX_RECEIVES: u32 = 3;

pub fn dead_letters_of(queue: &str) -> String {
    format!("{queue}-dlq")
}

pub fn rejected_queue(company: &CompanyId) -> String {
    format!("muster-rejected-{company}")
}

pub fn status_queue(workstation: WorkstationId) -> String {
    format!("muster-status-{workstation}")
}

pub fn roster_key(company: &CompanyId, batch: BatchId) -> String {
    format!("rosters/{company}/{batch}.csv")
}

/// The company and batch that a key of [`roster_key`] names.
pub fn parse_roster_key(key: &str) -> Option<(CompanyId, BatchId)> {
    let (company, file) = key.strip_prefix("rosters/")?.split_once('/')?;
    let batch = file.strip_suffix(".csv")?.parse().ok()?;
    Some((CompanyId::new(company)?, batch))
}
