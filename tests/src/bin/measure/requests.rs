//! SQS requests for a thousand rows, as the server counted them: what a batch costs on AWS.

use std::collections::BTreeMap;

use crate::batch::Batch;

const ROWS: u32 = 1_000;

/// What DESIGN allows for a row's way.
const BUDGET: u64 = 330;

pub async fn measure() {
    let batch = Batch::onboard(ROWS).await;
    let mut by_purpose: BTreeMap<&str, BTreeMap<String, u64>> = BTreeMap::new();
    for count in &batch.after {
        let same = |other: &&wire::demo::RequestCount| {
            other.action == count.action && other.queue == count.queue
        };
        let before = batch.before.iter().find(same).map_or(0, |c| c.requests);
        let requests = count.requests - before;
        if requests > 0 {
            let actions = by_purpose.entry(purpose(&count.queue)).or_default();
            *actions.entry(count.action.clone()).or_default() += requests;
        }
    }
    let sum = |purpose: &str| -> u64 {
        by_purpose
            .get(purpose)
            .map_or(0, |actions| actions.values().sum())
    };
    let way = sum("lane") + sum("statuses");
    println!("SQS requests for {ROWS} rows, lane and statuses: {way} (budget {BUDGET})");
    for (purpose, actions) in &by_purpose {
        let list: Vec<_> = actions
            .iter()
            .map(|(action, n)| format!("{action} {n}"))
            .collect();
        println!("  {purpose}: {} ({})", sum(purpose), list.join(", "));
    }
}

fn purpose(queue: &str) -> &'static str {
    if queue.starts_with("muster-batch-lane") {
        "lane"
    } else if queue.starts_with("muster-status-") {
        "statuses"
    } else if queue.starts_with("muster-email") {
        "e-mail"
    } else if queue.starts_with("muster-intake") {
        "intake"
    } else {
        "other"
    }
}
