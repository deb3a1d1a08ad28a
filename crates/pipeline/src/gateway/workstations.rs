//! `POST /v1/workstations`.

use async_trait::async_trait;
use model::WorkstationId;
use wire::{Credentials, ErrorCode, OpenWorkstation, Workstation};

use super::{Answer, Gateway, Refusal};
use crate::names;
use crate::ports::{PortResult, Principal, WorkstationRecord};

/// Makes short-lived credentials whose session policy names the workstation's status queue, its
/// company's rejected queue, and nothing else.
#[async_trait]
pub trait IssueCredentials: Send + Sync + 'static {
    async fn issue(
        &self,
        workstation: &WorkstationRecord,
        rejected_queue: &str,
    ) -> PortResult<Credentials>;
}

/// Longer names are cut on other people's screens anyway.
const DESK_NAME: usize = 80;

impl Gateway {
    /// Makes or renews a workstation: its status queue, and an hour of credentials.
    pub async fn open_workstation(
        &self,
        principal: &Principal,
        request: OpenWorkstation,
    ) -> Answer<Workstation> {
        let desk_name: String = request.desk_name.trim().chars().take(DESK_NAME).collect();
        if desk_name.is_empty() {
            return Err(Refusal::bad("desk_name is empty"));
        }
        let status_queue = names::status_queue(request.workstation_id);
        let known = self
            .store
            .workstation(&principal.company, request.workstation_id)
            .await?;
        if known.is_some_and(|known| known.user != principal.user) {
            let message = "the workstation id is another user's";
            return Err(Refusal::new(ErrorCode::NotAllowed, message));
        }
        let record = WorkstationRecord {
            workstation_id: request.workstation_id,
            company: principal.company.clone(),
            user: principal.user.clone(),
            desk_name,
            status_queue: status_queue.clone(),
        };
        if !self.store.put_workstation(&record).await? {
            let message = "the workstation id is another company's";
            return Err(Refusal::new(ErrorCode::NotAllowed, message));
        }
        let rejected_queue = names::rejected_queue(&principal.company);
        self.queues.ensure(&status_queue).await?;
        self.queues.ensure(&rejected_queue).await?;
        let status_queue_url = self.queues.url(&status_queue).await?;
        let rejected_queue_url = self.queues.url(&rejected_queue).await?;
        let credentials = self.credentials.issue(&record, &rejected_queue).await?;
        Ok(Workstation {
            workstation_id: request.workstation_id,
            company: principal.company.clone(),
            user: principal.user.clone(),
            sqs_endpoint: self.sqs_endpoint.clone(),
            region: self.region.clone(),
            status_queue_url,
            rejected_queue_url,
            credentials,
            now: self.clock.now(),
        })
    }

    /// Whoever asks in a workstation's name must be the user who opened it: leases and decisions
    /// are in its name.
    pub(super) async fn own_workstation(
        &self,
        principal: &Principal,
        id: WorkstationId,
    ) -> Answer<()> {
        let known = self.store.workstation(&principal.company, id).await?;
        match known {
            Some(known) if known.user == principal.user => Ok(()),
            _ => Err(Refusal::not_found("workstation")),
        }
    }
}
