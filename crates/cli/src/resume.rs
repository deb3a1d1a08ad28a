//! `muster resume`: goes on with whatever an earlier run left unfinished.

use clap::Args;
use desk::Request;
use i18n::args;

use crate::connection::Connection;
use crate::failure::Failure;
use crate::receipt;
use crate::session::Session;
use crate::watching::{Until, Watching};

/// Go on with every batch and correction that is unfinished, to their receipts
#[derive(Args)]
pub struct Resume {
    /// Print the receipts as JSON
    #[arg(long)]
    json: bool,
}

impl Resume {
    pub async fn run(self, session: &Session) -> Result<(), Failure> {
        let out = &session.out;
        let home = session.own()?;
        let name = session.connection_name(None)?;
        let mut working = session.start(home, &name).await?;
        let outcome = follow(session, &mut working).await;
        working.close().await;
        let receipts = outcome?;
        if self.json {
            return out.json(&receipts);
        }
        for made in &receipts {
            receipt::show(out, made, false)?;
        }
        Ok(())
    }
}

async fn follow(
    session: &Session,
    working: &mut crate::session::Working,
) -> Result<Vec<model::Receipt>, Failure> {
    let out = &session.out;
    let ledger = working.desk.ledger().clone();
    let connection = working.connection.connect();
    let mut others = 0;
    for batch in ledger.batches()? {
        let open = batch.step.is_unsent() || ledger.tally(batch.batch_id)?.open() > 0;
        others += u32::from(open && batch.connection != connection.name());
    }
    if others > 0 {
        out.tell("cli-other-connections", &args! { "count" => others });
    }
    if !ledger.with_refusals(connection.name())?.is_empty() {
        // Another desk may have sent some of them again.
        working.desk.ask(|reply| Request::CatchUp { reply }).await?;
    }
    let mut batches: Vec<_> = ledger
        .unfinished(connection.name())?
        .into_iter()
        .map(|batch| batch.batch_id)
        .collect();
    // A correction that nobody answered belongs to a batch that may look finished.
    for waiting in ledger.unanswered(connection.name())? {
        if !batches.contains(&waiting.batch_id) {
            batches.push(waiting.batch_id);
        }
    }
    if batches.is_empty() {
        out.tell("cli-nothing-to-resume", &args! {});
        return Ok(Vec::new());
    }
    out.tell("cli-resuming", &args! { "count" => batches.len() });
    let until = match &working.connection {
        Connection::Embedded(_) => Until::Notified,
        Connection::Gateway(_) => Until::Closed,
    };
    let all = Watching::new(out, working).wait(&batches, until).await?;
    Ok(all
        .into_iter()
        .filter_map(|progress| progress.receipt)
        .collect())
}
