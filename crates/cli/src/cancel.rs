//! `muster cancel`: calls off a batch that the pipeline does not have.

use clap::Args;
use desk::Request;
use i18n::args;

use crate::failure::Failure;
use crate::session::{Session, find_batch};

/// Call off a batch that was kept but not sent; one that the pipeline has goes on
#[derive(Args)]
pub struct Cancel {
    /// The batch's id, the beginning or the end of it, or `last`
    batch: String,
}

impl Cancel {
    pub async fn run(self, session: &Session) -> Result<(), Failure> {
        let batch = find_batch(&session.reader()?, &self.batch)?;
        if !batch.step.is_unsent() {
            return Err(Failure::AlreadySent(batch.batch_id.to_string()));
        }
        let home = session.own()?;
        let id = batch.batch_id;
        // Only the pipeline that it was going to knows whether it has it.
        let working = session
            .start_without(home, &batch.connection, Some(id))
            .await?;
        let asked = |reply| Request::CancelSend { batch: id, reply };
        let outcome = working.desk.ask(asked).await;
        working.close().await;
        if !outcome? {
            return Err(Failure::AlreadySent(id.to_string()));
        }
        let id = id.to_string();
        session.out.tell("cli-cancelled", &args! { "batch" => id });
        Ok(())
    }
}
