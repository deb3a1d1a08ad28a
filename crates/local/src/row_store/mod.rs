//! The row store in one SQLite file: where every row of every batch is, what happened to it, and
//! what others must still be told of it.
//!
//! Each method is one transaction, on the disk before it is answered. Everything stands under a
//! company: what belongs to another does not exist.

mod batches;
mod claims;
mod emails;
mod leases;
mod moves;
mod outbox;
mod rejected;
mod rows;
mod schema;
#[cfg(test)]
mod tests;
mod workstations;

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use model::{BatchFailure, BatchId, CompanyId, Record, RowKey, RowNo, StatusEvent, WorkstationId};
use pipeline::ports::{
    Applied, Batch, BatchCreation, Change, Checkpoint, EmailClaim, NewRow, PortError, PortResult,
    Principal, Resend, RowStore, Untold, WorkstationRecord,
};
use rusqlite::Connection;
use tokio::sync::watch;
use uuid::Uuid;
use wire::{
    BatchSummary, Correction, CorrectionOutcome, CreateBatch, Decision, LeaseAnswer, LeaseRequest,
    RejectedPage, RejectedRow, ReleaseRequest, SearchRejected, StoredUpload,
};

use crate::columns::json;
use crate::db::{Db, DbError, DbResult};

const PORT: &str = "row-store";

pub struct SqliteRowStore {
    db: Db,
    /// One more after every commit that left something to tell.
    changes: watch::Sender<u64>,
}

impl SqliteRowStore {
    /// Opens or makes the file.
    pub fn open(path: &Path) -> DbResult<Self> {
        Ok(Self {
            db: Db::open(path, schema::SCHEMA)?,
            // What an earlier process left untold is news to whoever has seen nothing.
            changes: watch::Sender::new(1),
        })
    }

    async fn read<T, F>(&self, work: F) -> PortResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        self.db.read(work).await.map_err(unavailable)
    }

    async fn write<T, F>(&self, work: F) -> PortResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        self.db.write(work).await.map_err(unavailable)
    }

    /// A write that leaves something to tell.
    async fn write_news<T, F>(&self, work: F) -> PortResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let outcome = self.write(work).await?;
        self.changes.send_modify(|count| *count += 1);
        Ok(outcome)
    }

    /// News about one batch, which must be there.
    async fn change_batch<F>(&self, company: &CompanyId, id: BatchId, work: F) -> PortResult<()>
    where
        F: FnOnce(&Connection, i64) -> rusqlite::Result<()> + Send + 'static,
    {
        let company = company.clone();
        self.write_news(move |c| {
            let batch = batches::number(c, &company, id)?;
            batch.map(|batch| work(c, batch)).transpose()
        })
        .await?
        .ok_or_else(no_such_batch)
    }
}

fn unavailable(error: DbError) -> PortError {
    PortError::unavailable(PORT, error)
}

fn no_such_batch() -> PortError {
    PortError::refused(PORT, "no such batch")
}

#[async_trait]
impl RowStore for SqliteRowStore {
    async fn put_workstation(&self, workstation: &WorkstationRecord) -> PortResult<bool> {
        let workstation = workstation.clone();
        self.write(move |c| workstations::put(c, &workstation))
            .await
    }

    async fn workstation(
        &self,
        company: &CompanyId,
        id: WorkstationId,
    ) -> PortResult<Option<WorkstationRecord>> {
        let company = company.clone();
        self.read(move |c| workstations::get(c, &company, id)).await
    }

    async fn create_batch(
        &self,
        principal: &Principal,
        request: &CreateBatch,
        at: Timestamp,
    ) -> PortResult<BatchCreation> {
        let (principal, request) = (principal.clone(), request.clone());
        self.write(move |c| batches::create(c, &principal, &request, at))
            .await
    }

    async fn batch(&self, company: &CompanyId, id: BatchId) -> PortResult<Option<Batch>> {
        let company = company.clone();
        self.read(move |c| batches::get(c, &company, id)).await
    }

    async fn batches(&self, company: &CompanyId, limit: u32) -> PortResult<Vec<BatchSummary>> {
        let company = company.clone();
        self.read(move |c| batches::newest(c, &company, limit))
            .await
    }

    async fn follow(
        &self,
        company: &CompanyId,
        id: BatchId,
        workstation: WorkstationId,
    ) -> PortResult<()> {
        self.change_batch(company, id, move |c, batch| {
            batches::follow(c, batch, workstation)
        })
        .await
    }

    async fn stale_batches(&self, before: Timestamp) -> PortResult<Vec<(CompanyId, BatchId)>> {
        self.read(move |c| batches::stale(c, before)).await
    }

    async fn set_received(
        &self,
        company: &CompanyId,
        id: BatchId,
        stored: &StoredUpload,
        at: Timestamp,
    ) -> PortResult<()> {
        let stored = stored.clone();
        self.change_batch(company, id, move |c, batch| {
            batches::set_received(c, batch, &stored, at)
        })
        .await
    }

    async fn set_failed(
        &self,
        company: &CompanyId,
        id: BatchId,
        failure: BatchFailure,
        at: Timestamp,
    ) -> PortResult<()> {
        self.change_batch(company, id, move |c, batch| {
            batches::set_failed(c, batch, failure, at)
        })
        .await
    }

    async fn insert_rows(
        &self,
        company: &CompanyId,
        id: BatchId,
        rows: &[NewRow],
        at: Timestamp,
    ) -> PortResult<()> {
        let company = company.clone();
        let records: Vec<(RowNo, String)> = rows
            .iter()
            .map(|row| json(&row.record).map(|record| (row.row_no, record)))
            .collect::<rusqlite::Result<_>>()
            .map_err(|error| PortError::refused(PORT, error))?;
        let taken = self
            .write_news(move |c| match batches::number(c, &company, id)? {
                Some(batch) => rows::insert(c, batch, &records, at).map(Some),
                None => Ok(None),
            })
            .await?;
        match taken {
            Some(true) => Ok(()),
            Some(false) => Err(PortError::refused(PORT, "the batch has failed")),
            None => Err(no_such_batch()),
        }
    }

    async fn set_checkpoint(
        &self,
        company: &CompanyId,
        id: BatchId,
        checkpoint: Checkpoint,
        at: Timestamp,
    ) -> PortResult<()> {
        self.change_batch(company, id, move |c, batch| {
            batches::set_checkpoint(c, batch, checkpoint, at)
        })
        .await
    }

    async fn set_extracted(
        &self,
        company: &CompanyId,
        id: BatchId,
        at: Timestamp,
    ) -> PortResult<()> {
        self.change_batch(company, id, move |c, batch| {
            batches::set_extracted(c, batch, at)
        })
        .await
    }

    async fn apply(&self, changes: &[Change], at: Timestamp) -> PortResult<Vec<Applied>> {
        let changes = changes.to_vec();
        self.write_news(move |c| rows::apply(c, &changes, at)).await
    }

    async fn row(
        &self,
        company: &CompanyId,
        batch_id: BatchId,
        row_no: RowNo,
    ) -> PortResult<Option<(StatusEvent, Record)>> {
        let company = company.clone();
        self.read(move |c| rows::get(c, &company, batch_id, row_no))
            .await
    }

    async fn rows_since(
        &self,
        company: &CompanyId,
        id: BatchId,
        since: u64,
        limit: u32,
    ) -> PortResult<(u64, Vec<StatusEvent>, bool)> {
        let company = company.clone();
        self.read(move |c| {
            let batch = batches::number(c, &company, id)?;
            batch
                .map(|batch| rows::since(c, batch, since, limit))
                .transpose()
        })
        .await?
        .ok_or_else(no_such_batch)
    }

    async fn history(
        &self,
        company: &CompanyId,
        id: BatchId,
        row_no: RowNo,
    ) -> PortResult<Vec<StatusEvent>> {
        let company = company.clone();
        self.read(move |c| match batches::number(c, &company, id)? {
            Some(batch) => rows::history(c, batch, row_no),
            None => Ok(Vec::new()),
        })
        .await
    }

    async fn search_rejected(
        &self,
        company: &CompanyId,
        search: &SearchRejected,
        now: Timestamp,
    ) -> PortResult<RejectedPage> {
        let (company, search) = (company.clone(), search.clone());
        self.read(move |c| rejected::search(c, &company, &search, now))
            .await?
            .ok_or_else(|| PortError::refused(PORT, "no such page"))
    }

    async fn rejected_row(
        &self,
        company: &CompanyId,
        key: RowKey,
    ) -> PortResult<Option<RejectedRow>> {
        let company = company.clone();
        self.read(move |c| rejected::of_key(c, &company, key)).await
    }

    async fn lease(
        &self,
        company: &CompanyId,
        request: &LeaseRequest,
        now: Timestamp,
    ) -> PortResult<LeaseAnswer> {
        let (company, request) = (company.clone(), request.clone());
        self.write(move |c| leases::lease(c, &company, &request, now))
            .await?
            .ok_or_else(|| PortError::refused(PORT, "no such workstation"))
    }

    async fn release(&self, company: &CompanyId, request: &ReleaseRequest) -> PortResult<()> {
        let (company, request) = (company.clone(), request.clone());
        self.write(move |c| leases::release(c, &company, &request))
            .await
    }

    async fn claim(
        &self,
        principal: &Principal,
        batch_id: BatchId,
        workstation: WorkstationId,
        correction: &Correction,
        at: Timestamp,
    ) -> PortResult<CorrectionOutcome> {
        let (principal, correction) = (principal.clone(), correction.clone());
        self.write_news(move |c| {
            claims::claim(c, &principal, batch_id, workstation, &correction, at)
        })
        .await
    }

    async fn decisions(
        &self,
        company: &CompanyId,
        id: BatchId,
        row_no: RowNo,
    ) -> PortResult<Vec<Decision>> {
        let company = company.clone();
        self.read(move |c| match batches::number(c, &company, id)? {
            Some(batch) => claims::decisions(c, batch, row_no),
            None => Ok(Vec::new()),
        })
        .await
    }

    async fn resends(&self, limit: u32) -> PortResult<Vec<Resend>> {
        self.read(move |c| outbox::resends(c, limit)).await
    }

    async fn revive(&self, before: Timestamp) -> PortResult<u64> {
        self.write(move |c| outbox::revive(c, before)).await
    }

    async fn resent(&self, done: &[(CompanyId, RowKey)]) -> PortResult<()> {
        let done = done.to_vec();
        self.write(move |c| outbox::resent(c, &done)).await
    }

    async fn untold(&self, limit: u32) -> PortResult<Vec<Untold>> {
        self.read(move |c| outbox::untold(c, limit)).await
    }

    async fn told(&self, company: &CompanyId, id: BatchId, version: u64) -> PortResult<()> {
        let company = company.clone();
        self.write(move |c| match batches::number(c, &company, id)? {
            Some(batch) => outbox::told(c, batch, version),
            None => Ok(()),
        })
        .await
    }

    async fn changed(&self, seen: u64, wait: Duration) -> u64 {
        let mut changes = self.changes.subscribe();
        let newer = tokio::time::timeout(wait, changes.wait_for(|count| *count != seen));
        match newer.await {
            Ok(Ok(count)) => *count,
            // The sender lives as long as the store: only the wait can be over.
            Ok(Err(_)) | Err(_) => seen,
        }
    }

    async fn claim_email(
        &self,
        company: &CompanyId,
        person_id: Uuid,
        key: RowKey,
    ) -> PortResult<EmailClaim> {
        let company = company.clone();
        self.write(move |c| emails::claim(c, &company, person_id, key))
            .await
    }

    async fn email_sent(&self, company: &CompanyId, person_id: Uuid) -> PortResult<()> {
        let company = company.clone();
        self.write(move |c| emails::sent(c, &company, person_id))
            .await
    }

    async fn is_well(&self) -> bool {
        // Through the writer: it must be there and able to begin and end a transaction.
        self.write(|c| c.query_row("SELECT 1", [], |_| Ok(())))
            .await
            .is_ok()
    }
}
