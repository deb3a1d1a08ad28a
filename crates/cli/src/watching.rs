//! Shows what the desk does, and waits until batches are where they should be.

use std::collections::HashMap;
use std::time::Duration;

use desk::ledger::Step;
use desk::{BatchProgress, DeskError, Event};
use i18n::args;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::SignedDuration;
use model::{BatchId, BatchState, RowNo, RowState};
use tokio::time::Instant;

use crate::failure::Failure;
use crate::output::Output;
use crate::session::Working;

/// Nothing could be sent for this long: the command ends, the batch is kept.
const PATIENCE_TO_SEND: Duration = Duration::from_secs(10);
/// Nothing was heard of sent rows for this long, while the pipeline did not answer.
const PATIENCE_TO_HEAR: Duration = Duration::from_secs(120);
/// Welcome e-mails of an embedded pipeline are waited for while they keep going out.
const PATIENCE_FOR_EMAILS: Duration = Duration::from_secs(20);

/// What to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// Every row is in its place.
    Closed,
    /// The same, and the welcome e-mails are out: the pipeline ends with this command.
    Notified,
}

pub struct Watching<'a> {
    out: &'a Output,
    working: &'a mut Working,
    bars: HashMap<BatchId, ProgressBar>,
    latest: HashMap<BatchId, BatchProgress>,
    /// Since when there was no answer.
    offline: Option<Instant>,
    connected: bool,
}

impl<'a> Watching<'a> {
    pub fn new(out: &'a Output, working: &'a mut Working) -> Self {
        Self {
            out,
            working,
            bars: HashMap::new(),
            latest: HashMap::new(),
            offline: None,
            connected: false,
        }
    }

    /// Waits for all of `batches`. The progress of each at the end.
    pub async fn wait(
        &mut self,
        batches: &[BatchId],
        until: Until,
    ) -> Result<Vec<BatchProgress>, Failure> {
        for batch in batches {
            let progress = self.progress(*batch).await?;
            self.latest.insert(*batch, progress);
        }
        let mut moved = Instant::now();
        loop {
            let closed = batches.iter().all(|batch| self.is(*batch, Until::Closed));
            if batches.iter().all(|batch| self.is(*batch, until)) {
                break;
            }
            let event = if closed {
                let left = PATIENCE_FOR_EMAILS.saturating_sub(moved.elapsed());
                match tokio::time::timeout(left, self.working.events.recv()).await {
                    Ok(event) => event,
                    // E-mails are not part of the receipt: they go out another time.
                    Err(_) => break,
                }
            } else {
                self.working.events.recv().await
            };
            let Some(event) = event else {
                return Err(DeskError::Stopping.into());
            };
            if matches!(event, Event::Batch(_)) {
                moved = Instant::now();
            }
            self.take(event, batches)?;
        }
        for (_, bar) in self.bars.drain() {
            bar.finish_and_clear();
        }
        let mut all = Vec::with_capacity(batches.len());
        for batch in batches {
            let progress = self.progress(*batch).await?;
            if let Some(BatchState::Failed(failure)) = progress.pipeline {
                return Err(DeskError::BatchFailed(failure).into());
            }
            all.push(progress);
        }
        Ok(all)
    }

    /// Waits until these rows are in their place, whatever becomes of their batches.
    pub async fn wait_for_rows(
        &mut self,
        rows: &[(BatchId, RowNo)],
        until: Until,
    ) -> Result<(), Failure> {
        let ledger = self.working.desk.ledger().clone();
        let batches: Vec<_> = rows.iter().map(|(batch, _)| *batch).collect();
        loop {
            let (mut open, mut unnotified) = (0, 0);
            for (batch, row_no) in rows {
                let state = ledger.row(*batch, *row_no)?.map(|row| row.state);
                open += u32::from(state.is_none_or(RowState::is_open));
                unnotified += u32::from(state == Some(RowState::Registered));
            }
            if open == 0 && (until == Until::Closed || unnotified == 0) {
                return Ok(());
            }
            let event = if open == 0 {
                let event = self.working.events.recv();
                match tokio::time::timeout(PATIENCE_FOR_EMAILS, event).await {
                    Ok(event) => event,
                    Err(_) => return Ok(()),
                }
            } else {
                self.working.events.recv().await
            };
            let Some(event) = event else {
                return Err(DeskError::Stopping.into());
            };
            self.take(event, &batches)?;
        }
    }

    async fn progress(&self, batch: BatchId) -> Result<BatchProgress, Failure> {
        let asked = |reply| desk::Request::Progress { batch, reply };
        Ok(self.working.desk.ask(asked).await?)
    }

    fn is(&self, batch: BatchId, until: Until) -> bool {
        self.latest.get(&batch).is_some_and(|progress| {
            progress.is_closed()
                && (until == Until::Closed || progress.tally.of(RowState::Registered) == 0)
        })
    }

    fn take(&mut self, event: Event, wanted: &[BatchId]) -> Result<(), Failure> {
        match event {
            Event::Connected { company, user } => {
                self.offline = None;
                if !self.connected {
                    self.connected = true;
                    self.note(
                        "cli-connected",
                        args! { "company" => company, "user" => user },
                    );
                }
            }
            Event::Offline(error) => {
                if self.offline_for(&error) > PATIENCE_TO_HEAR {
                    return Err(error.into());
                }
            }
            Event::SendWaits { batch, error } => {
                let waited = self.offline_for(&error);
                if wanted.contains(&batch) && waited > PATIENCE_TO_SEND {
                    return Err(error.into());
                }
            }
            Event::SendFailed { batch, error } => {
                if wanted.contains(&batch) {
                    return Err(error.into());
                }
                self.out.failed(&error.into());
            }
            Event::FollowFailed(error) => return Err(error.into()),
            Event::ClockOff(by) => {
                self.note("cli-clock-off", args! { "by" => how_long(by) });
            }
            Event::Step { batch, step } => self.step(batch, step),
            Event::Uploading { batch, bytes, of } => {
                self.offline = None;
                self.show(batch, bytes, of, "cli-uploading");
            }
            Event::Batch(progress) => {
                self.offline = None;
                let total = progress.tally.total();
                let done = total - progress.tally.open();
                if !progress.step.is_unsent() {
                    self.show(progress.batch, done, total, "cli-tracking");
                }
                self.latest.insert(progress.batch, *progress);
            }
            Event::RejectedArrived(_) => {}
        }
        Ok(())
    }

    /// Since when there is no answer; told at its beginning.
    fn offline_for(&mut self, error: &DeskError) -> Duration {
        if let Some(since) = self.offline {
            return since.elapsed();
        }
        self.offline = Some(Instant::now());
        let failure = crate::failure::told(error, &self.out.text);
        self.note("cli-offline", args! { "why" => failure });
        Duration::ZERO
    }

    fn step(&mut self, batch: BatchId, step: Step) {
        if step == Step::Journalled {
            let id = batch.to_string();
            self.note("cli-batch", args! { "batch" => id });
        }
        self.note(&format!("cli-step-{}", step.as_str()), args! {});
    }

    fn show(&mut self, batch: BatchId, done: u64, of: u64, key: &str) {
        if !self.out.live {
            return;
        }
        let message = self.out.say(key, &args! {});
        let bar = self.bars.entry(batch).or_insert_with(|| {
            let style = ProgressStyle::with_template("{msg} {wide_bar} {percent} %  {eta}");
            ProgressBar::new(of).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        if bar.message() != message {
            bar.set_message(message);
            bar.reset();
        }
        bar.set_length(of);
        bar.set_position(done);
    }

    fn note(&self, key: &str, args: i18n::Args) {
        let line = self.out.say(key, &args);
        match self.bars.values().next() {
            Some(bar) => bar.suspend(|| self.out.note(&line)),
            None => self.out.note(&line),
        }
    }
}

/// Hours and minutes, without a sign. Half a minute is one: a server tells its time by the second.
fn how_long(by: SignedDuration) -> String {
    let minutes = (by.unsigned_abs().as_secs() + 30) / 60;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_off_by_hours_and_minutes() {
        for (seconds, said) in [(180, "3 min"), (-3599, "1 h"), (5400, "1 h 30 min")] {
            assert_eq!(how_long(SignedDuration::from_secs(seconds)), said);
        }
    }
}
