//! Presign, and looking at batches.

use std::time::Duration;

use check::RecordPlan;
use jiff::SignedDuration;
use model::{BatchId, BatchState, RowNo, Schema, WorkstationId};
use wire::{
    BatchList, BatchView, CreateBatch, CreateBatchAnswer, ErrorCode, PresignedPut, RowHistory,
    RowsPage,
};

use super::{Answer, Gateway, Refusal};
use crate::facts::check_plan;
use crate::names;
use crate::ports::{Batch, BatchCreation, Principal, PutTerms, Role};

/// S3 takes no single PUT above this.
const LARGEST_UPLOAD: u64 = 5 * 1024 * 1024 * 1024;
const MOST_ROWS: u64 = 5_000_000;
const ROWS_A_PAGE: u32 = 1_000;
const BATCHES_LISTED: u32 = 200;

impl Gateway {
    /// Presign: checks the request, creates the batch, and answers with a presigned PUT for as
    /// long as its file has not arrived.
    pub async fn create_batch(
        &self,
        principal: &Principal,
        request: CreateBatch,
    ) -> Answer<CreateBatchAnswer> {
        if principal.role == Role::Support {
            let message = "support sends no batches";
            return Err(Refusal::new(ErrorCode::NotAllowed, message));
        }
        validate(&request)?;
        self.plan_of(&request.schema)?;
        let workstation = request.workstation_id;
        self.own_workstation(principal, workstation).await?;
        let created = self
            .store
            .create_batch(principal, &request, self.clock.now())
            .await?;
        if created == BatchCreation::Differs {
            let message = "the batch id is taken by other contents";
            return Err(Refusal::new(ErrorCode::BatchDiffers, message));
        }
        let batch = self.find(principal, request.batch_id).await?;
        let upload = match batch.view.state {
            BatchState::AwaitingUpload => Some(self.presign(&batch).await?),
            _ => None,
        };
        Ok(CreateBatchAnswer {
            batch: batch.view,
            upload,
        })
    }

    async fn presign(&self, batch: &Batch) -> Answer<PresignedPut> {
        let declared = &batch.view.declared;
        let terms = PutTerms {
            key: names::roster_key(&batch.company, batch.view.batch_id),
            sha256: declared.sha256.clone(),
            bytes: declared.bytes,
            content_type: "text/csv; charset=utf-8".into(),
            valid_for: self
                .upload_valid_for
                .min(Duration::from_secs(7 * 24 * 3600)),
        };
        let valid_for = SignedDuration::try_from(terms.valid_for).unwrap_or(SignedDuration::ZERO);
        let expires_at = self.clock.now() + valid_for;
        let (url, headers) = self.objects.presign_put(terms).await?;
        Ok(PresignedPut {
            url,
            headers,
            expires_at,
        })
    }

    pub async fn batch(&self, principal: &Principal, id: BatchId) -> Answer<BatchView> {
        let mut view = self.find(principal, id).await?.view;
        // The file may be there without our having heard of it: a desktop that lost the answer to
        // its PUT asks just then.
        if view.state == BatchState::AwaitingUpload {
            let key = names::roster_key(&principal.company, id);
            view.stored = self
                .objects
                .head(&key)
                .await?
                .map(|head| wire::StoredUpload {
                    sha256: head.sha256.unwrap_or_default(),
                    bytes: head.bytes,
                });
        }
        Ok(view)
    }

    pub async fn batches(&self, principal: &Principal) -> Answer<BatchList> {
        let batches = self
            .store
            .batches(&principal.company, BATCHES_LISTED)
            .await?;
        Ok(BatchList { batches })
    }

    /// From the next digest on, the workstation hears of the batch.
    pub async fn follow(
        &self,
        principal: &Principal,
        id: BatchId,
        workstation: WorkstationId,
    ) -> Answer<()> {
        self.find(principal, id).await?;
        self.own_workstation(principal, workstation).await?;
        Ok(self
            .store
            .follow(&principal.company, id, workstation)
            .await?)
    }

    pub async fn rows(
        &self,
        principal: &Principal,
        id: BatchId,
        since: u64,
        limit: Option<u32>,
    ) -> Answer<RowsPage> {
        self.find(principal, id).await?;
        let limit = limit.unwrap_or(ROWS_A_PAGE).clamp(1, ROWS_A_PAGE);
        let (version, rows, more) = self
            .store
            .rows_since(&principal.company, id, since, limit)
            .await?;
        Ok(RowsPage {
            version,
            more,
            rows,
        })
    }

    pub async fn row(
        &self,
        principal: &Principal,
        id: BatchId,
        row_no: RowNo,
    ) -> Answer<RowHistory> {
        let events = self.store.history(&principal.company, id, row_no).await?;
        if events.is_empty() {
            return Err(Refusal::not_found("row"));
        }
        let decisions = self.store.decisions(&principal.company, id, row_no).await?;
        Ok(RowHistory {
            row_no,
            events,
            decisions,
        })
    }

    /// The schema, ready to check with; refused where its rules make no sense.
    pub(super) fn plan_of(&self, schema: &Schema) -> Answer<RecordPlan> {
        schema
            .validate()
            .map_err(|error| Refusal::bad(error.to_string()))?;
        check_plan(schema, self.clock.now()).map_err(|error| Refusal::bad(error.to_string()))
    }

    pub(super) async fn find(&self, principal: &Principal, id: BatchId) -> Answer<Batch> {
        let batch = self.store.batch(&principal.company, id).await?;
        batch.ok_or_else(|| Refusal::not_found("batch"))
    }
}

fn validate(request: &CreateBatch) -> Answer<()> {
    let upload = &request.upload;
    let is_sha256 = |text: &str| {
        text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    if !is_sha256(&upload.sha256) || !is_sha256(&request.source.sha256) {
        return Err(Refusal::bad(
            "sha256 is not 64 lower-case hexadecimal digits",
        ));
    }
    if request.batch_id.0.get_version_num() != 7 {
        return Err(Refusal::bad("batch_id is not a UUIDv7"));
    }
    if upload.rows == 0 || upload.rows > request.source.rows {
        return Err(Refusal::bad(
            "upload.rows is 0, or more than the source has",
        ));
    }
    if upload.rows > MOST_ROWS || upload.bytes > LARGEST_UPLOAD {
        let message = format!("at most {MOST_ROWS} rows and {LARGEST_UPLOAD} bytes");
        return Err(Refusal::new(ErrorCode::TooLarge, message));
    }
    Ok(())
}
