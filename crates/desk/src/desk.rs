//! The one owner of what the desk does: requests in, events out.
//!
//! Every input, a request, a job's report, a job's end, becomes one [`Input`] in [`Owner::tick`],
//! and nothing else changes the owner's state. What must last is in the ledger; the owner can be
//! stopped at any moment and started again.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use model::BatchId;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

use crate::connect::Connect;
use crate::context::{Context, Report};
use crate::error::{DeskError, DeskResult};
use crate::event::{BatchProgress, Event, Show};
use crate::gateway::{Backoff, Gateway};
use crate::home::Home;
use crate::ledger::{Ledger, Step};
use crate::outgoing::{self, Outgoing, Terms};
use crate::request::{Reply, Request};
use crate::{rejected, send, track};

/// Changes of one batch are shown together, this long after the first.
const GATHER: Duration = Duration::from_millis(100);

/// The handle of a running desk. When the last one goes, the desk stops where it is.
#[derive(Clone)]
pub struct Desk {
    requests: mpsc::UnboundedSender<Request>,
    ledger: Ledger,
}

/// How a desk starts.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Who sits here, as others should see it.
    pub desk_name: String,
    /// Not to be sent for now: it is about to be called off.
    pub hold: Option<BatchId>,
}

impl Desk {
    /// Opens the ledger and goes on with everything of this connection that is unfinished.
    pub async fn start(
        home: Home,
        connect: Arc<dyn Connect>,
        options: Options,
        show: impl Show,
    ) -> DeskResult<Self> {
        let (requests, asked) = mpsc::unbounded_channel();
        let (reports, reported) = mpsc::unbounded_channel();
        let opened = home.clone();
        let ledger = tokio::task::spawn_blocking(move || Ledger::open(&opened))
            .await
            .map_err(|_| DeskError::Stopping)??;
        let name = connect.name().to_owned();
        let (workstation_id, home_) = (
            ledger.off_thread(move |l| l.workstation(&name)).await?,
            home.clone(),
        );
        let tidied = ledger.clone();
        tokio::task::spawn_blocking(move || outgoing::tidy(&home_, &tidied))
            .await
            .map_err(|_| DeskError::Stopping)??;
        let gateway = Gateway::new(connect)?;
        let context = Context::new(
            home,
            ledger.clone(),
            gateway,
            workstation_id,
            options.desk_name,
            reports,
        );
        let mut owner = Owner {
            context,
            show: Box::new(show),
            asked,
            reported,
            jobs: JoinSet::new(),
            sending: HashMap::new(),
            following: false,
            clock_told: false,
            dirty: HashSet::new(),
            show_at: None,
        };
        owner.go_on(options.hold).await?;
        tokio::spawn(owner.run());
        Ok(Self { requests, ledger })
    }

    /// To be read, beside the owner's writing.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    pub fn request(&self, request: Request) -> DeskResult<()> {
        self.requests.send(request).map_err(|_| DeskError::Stopping)
    }

    /// Makes a request with a reply and waits for it.
    pub async fn ask<T>(&self, request: impl FnOnce(Reply<T>) -> Request) -> DeskResult<T> {
        let (reply, answer) = oneshot::channel();
        self.request(request(reply))?;
        answer.await.map_err(|_| DeskError::Stopping)?
    }
}

enum Input {
    Request(Request),
    Report(Report),
    Ended(Ended),
    /// Time to show what changed.
    Show,
    /// Nobody holds the desk any more.
    Stop,
}

/// How a job ended.
enum Ended {
    Sent {
        batch: BatchId,
        outcome: DeskResult<()>,
    },
    Submitted(DeskResult<()>),
    Followed(DeskError),
    /// The pipeline has the batch: it goes on.
    NotCancelled(BatchId),
    /// A job that told its outcome itself.
    Answered,
}

struct Sending {
    backoff: Backoff,
    job: AbortHandle,
}

struct Owner {
    context: Context,
    show: Box<dyn Show>,
    asked: mpsc::UnboundedReceiver<Request>,
    reported: mpsc::UnboundedReceiver<Report>,
    jobs: JoinSet<Ended>,
    /// Batches whose sending is under way, and how often that failed.
    sending: HashMap<BatchId, Sending>,
    following: bool,
    clock_told: bool,
    dirty: HashSet<BatchId>,
    show_at: Option<Instant>,
}

impl Owner {
    async fn run(mut self) {
        loop {
            match self.tick().await {
                Input::Request(request) => self.answer(request),
                Input::Report(report) => self.report(report),
                Input::Ended(ended) => self.ended(ended),
                Input::Show => self.show_changes().await,
                Input::Stop => return,
            }
        }
    }

    /// The next input, whichever comes first.
    async fn tick(&mut self) -> Input {
        let show_at = self.show_at;
        tokio::select! {
            request = self.asked.recv() => request.map_or(Input::Stop, Input::Request),
            Some(report) = self.reported.recv() => Input::Report(report),
            Some(ended) = self.jobs.join_next() => match ended {
                Ok(ended) => Input::Ended(ended),
                Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                Err(_) => Input::Ended(Ended::Answered),
            },
            () = tokio::time::sleep_until(show_at.unwrap_or_else(Instant::now)),
                if show_at.is_some() => Input::Show,
        }
    }

    /// Takes up what an earlier run left.
    async fn go_on(&mut self, hold: Option<BatchId>) -> DeskResult<()> {
        let connection = self.context.connection().to_owned();
        let (unfinished, unanswered) = self
            .context
            .ledger
            .off_thread(move |ledger| {
                Ok((
                    ledger.unfinished(&connection)?,
                    ledger.unanswered(&connection)?.len(),
                ))
            })
            .await?;
        for batch in unfinished {
            if Some(batch.batch_id) == hold {
                continue;
            }
            if batch.step.is_unsent() {
                self.send(batch.batch_id, Duration::ZERO);
            } else {
                self.follow();
            }
        }
        if unanswered > 0 {
            self.submit(Duration::ZERO);
        }
        Ok(())
    }

    fn answer(&mut self, request: Request) {
        let context = self.context.clone();
        match request {
            Request::Send {
                outgoing,
                terms,
                reply,
            } => {
                self.jobs.spawn(async move {
                    let (tell, journalled) = (context.clone(), journal(context, outgoing, terms));
                    let outcome = journalled.await;
                    if let Ok(batch) = &outcome {
                        let (batch, step) = (*batch, Step::Journalled);
                        tell.report(Report::Step { batch, step });
                    }
                    let _ = reply.send(outcome);
                    Ended::Answered
                });
            }
            Request::CancelSend { batch, reply } => {
                // Nothing may be on its way while the pipeline is asked.
                if let Some(sending) = self.sending.remove(&batch) {
                    sending.job.abort();
                }
                self.jobs.spawn(async move {
                    let outcome = send::cancel(&context, batch).await;
                    let goes_on = !matches!(outcome, Ok(true));
                    let _ = reply.send(outcome);
                    if goes_on {
                        Ended::NotCancelled(batch)
                    } else {
                        Ended::Answered
                    }
                });
            }
            Request::Follow => self.follow(),
            Request::CatchUp { reply } => self.job(reply, async move {
                crate::workstation::open(&context).await?;
                track::catch_up_with_all(&context).await
            }),
            Request::SearchRejected { search, reply } => self.job(reply, async move {
                Ok(context.gateway.search_rejected(&search).await?)
            }),
            Request::Lease { rows, reply } => {
                self.job(reply, async move { rejected::lease(&context, rows).await });
            }
            Request::Release { rows, reply } => {
                self.job(
                    reply,
                    async move { rejected::release(&context, rows).await },
                );
            }
            Request::Decide { decisions, reply } => {
                self.follow();
                self.job(
                    reply,
                    async move { rejected::decide(&context, decisions).await },
                );
            }
            Request::Progress { batch, reply } => {
                self.job(reply, async move { progress(&context, batch).await });
            }
        }
    }

    fn job<T: Send + 'static>(
        &mut self,
        reply: Reply<T>,
        work: impl Future<Output = DeskResult<T>> + Send + 'static,
    ) {
        self.jobs.spawn(async move {
            // Whoever asked may have gone: what was done is in the ledger.
            let _ = reply.send(work.await);
            Ended::Answered
        });
    }

    fn send(&mut self, batch: BatchId, after: Duration) {
        let context = self.context.clone();
        let job = self.jobs.spawn(async move {
            tokio::time::sleep(after).await;
            // The pipeline tells of a batch only workstations that it knows.
            let outcome = match crate::workstation::open(&context).await {
                Ok(_) => send::send(&context, batch).await,
                Err(error) => Err(error),
            };
            Ended::Sent { batch, outcome }
        });
        let backoff = match self.sending.remove(&batch) {
            Some(before) => before.backoff,
            None => Backoff::patient(),
        };
        self.sending.insert(batch, Sending { backoff, job });
    }

    fn submit(&mut self, after: Duration) {
        self.follow();
        let context = self.context.clone();
        self.jobs.spawn(async move {
            tokio::time::sleep(after).await;
            Ended::Submitted(rejected::submit(&context, None).await.map(drop))
        });
    }

    fn follow(&mut self) {
        if !self.following {
            self.following = true;
            let context = self.context.clone();
            self.jobs
                .spawn(async move { Ended::Followed(track::follow(context).await) });
        }
    }

    fn report(&mut self, report: Report) {
        let event = match report {
            Report::Connected { company, user } => Event::Connected { company, user },
            Report::Waiting(error) => Event::Offline(error),
            Report::Step { batch, step } => {
                if step == Step::Journalled && !self.sending.contains_key(&batch) {
                    self.send(batch, Duration::ZERO);
                }
                Event::Step { batch, step }
            }
            Report::Uploaded { batch, bytes, of } => Event::Uploading { batch, bytes, of },
            Report::RejectedArrived(news) => Event::RejectedArrived(news),
            Report::Changed(batch) => {
                self.changed(batch);
                return;
            }
        };
        self.show.event(event);
        self.tell_clock();
    }

    fn changed(&mut self, batch: BatchId) {
        self.dirty.insert(batch);
        self.show_at.get_or_insert_with(|| Instant::now() + GATHER);
    }

    fn ended(&mut self, ended: Ended) {
        match ended {
            Ended::Sent {
                batch,
                outcome: Ok(()),
            } => {
                self.sending.remove(&batch);
                self.follow();
                self.changed(batch);
            }
            Ended::Sent {
                batch,
                outcome: Err(error),
            } if error.is_transient() => {
                let Some(sending) = self.sending.get_mut(&batch) else {
                    return;
                };
                let after = sending.backoff.next_pause();
                self.show.event(Event::SendWaits { batch, error });
                self.send(batch, after);
            }
            Ended::Sent {
                batch,
                outcome: Err(error),
            } => {
                self.sending.remove(&batch);
                self.changed(batch);
                self.show.event(Event::SendFailed { batch, error });
            }
            Ended::Submitted(Ok(())) | Ended::Answered => {}
            Ended::Submitted(Err(error)) if error.is_transient() => {
                self.show.event(Event::Offline(error));
                self.submit(Backoff::patient().next_pause() + Duration::from_secs(1));
            }
            Ended::Submitted(Err(error)) => self.show.event(Event::FollowFailed(error)),
            Ended::NotCancelled(batch) => self.send(batch, Duration::ZERO),
            Ended::Followed(error) => {
                self.following = false;
                self.show.event(Event::FollowFailed(error));
            }
        }
        self.tell_clock();
    }

    fn tell_clock(&mut self) {
        if !self.clock_told
            && let Some(by) = self.context.gateway.clock().off_by()
        {
            self.clock_told = true;
            self.show.event(Event::ClockOff(by));
        }
    }

    async fn show_changes(&mut self) {
        self.show_at = None;
        for batch in std::mem::take(&mut self.dirty) {
            match progress(&self.context, batch).await {
                Ok(progress) => {
                    if progress.is_closed() {
                        self.forget_file(batch);
                    }
                    self.show.event(Event::Batch(Box::new(progress)));
                }
                Err(DeskError::NoSuchBatch(_)) => {}
                Err(error) => self.show.event(Event::FollowFailed(error)),
            }
        }
    }

    /// The pipeline is done with the canonical file: it is personal data with no use any more.
    fn forget_file(&self, batch: BatchId) {
        match std::fs::remove_file(self.context.home.outbox_file(batch)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                tracing::warn!(%batch, %error, "the file that was sent is still in the outbox");
            }
            _ => {}
        }
    }
}

async fn journal(
    context: Context,
    outgoing: Box<dyn Outgoing>,
    terms: Terms,
) -> DeskResult<BatchId> {
    let task = tokio::task::spawn_blocking(move || {
        outgoing::journal(
            &context.home,
            &context.ledger,
            context.connection(),
            outgoing.as_ref(),
            terms,
            context.who(),
            context.gateway.clock().now(),
        )
    });
    task.await.map_err(|_| DeskError::Stopping)?
}

async fn progress(context: &Context, batch: BatchId) -> DeskResult<BatchProgress> {
    let read = context.ledger.off_thread(move |ledger| {
        let Some(entry) = ledger.batch(batch)? else {
            return Ok(None);
        };
        let receipt = ledger.receipt(&entry)?;
        let tally = match &receipt {
            Some(receipt) => receipt.states.clone(),
            None => ledger.tally(batch)?,
        };
        let unanswered = ledger.unanswered_of(batch)?;
        Ok(Some((entry, tally, unanswered, receipt)))
    });
    let Some((entry, tally, unanswered, receipt)) = read.await? else {
        return Err(DeskError::NoSuchBatch(batch.to_string()));
    };
    Ok(BatchProgress {
        batch,
        name: entry.name,
        step: entry.step,
        pipeline: entry.pipeline,
        tally,
        unanswered,
        receipt,
    })
}
