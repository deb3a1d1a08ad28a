//! Rows registered in a second, compared with what the registry can carry: calls at once ÷ how long
//! a call takes.

use jiff::{Timestamp, Unit};
use model::{RowNo, RowState};
use wire::demo::RegistryControls;

use crate::batch::Batch;

const ROWS: u32 = 5_000;

pub async fn measure() {
    let batch = Batch::onboard(ROWS).await;
    let controls: RegistryControls = batch.gateway.get("/v1/demo/registry").await;
    let call = controls.latency_ms as f64 / 1000.0;
    let carries = f64::from(controls.capacity) / call;
    let (first, last) = between(&batch).await;
    let span = (last - first).total(Unit::Second);
    let rate = f64::from(ROWS) / span.expect("a span of time");
    println!(
        "rows registered per second ÷ the registry's capacity: {:.2}",
        rate / carries
    );
    println!(
        "  {rate:.0} of {carries:.0} a second ({} at once, {} ms each), {ROWS} rows",
        controls.capacity, controls.latency_ms
    );
}

/// When the first row went to the registry, and when the last one was there.
async fn between(batch: &Batch) -> (Timestamp, Timestamp) {
    let (mut first, mut last) = (Timestamp::MAX, Timestamp::MIN);
    for row in 1..=ROWS {
        let history = batch.gateway.history(batch.id, RowNo(row)).await;
        for event in history.events {
            match event.state {
                RowState::Registering => first = first.min(event.at),
                RowState::Registered => last = last.max(event.at),
                _ => {}
            }
        }
    }
    (first, last)
}
