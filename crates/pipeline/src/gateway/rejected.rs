//! Searching refused rows, and the leases on them.

use wire::{LeaseAnswer, LeaseRequest, RejectedPage, ReleaseRequest, SearchRejected};

use super::{Answer, Gateway, Refusal};
use crate::ports::Principal;

const ROWS_A_PAGE: u32 = 500;
const LEASES_AT_ONCE: usize = 500;

impl Gateway {
    pub async fn search_rejected(
        &self,
        principal: &Principal,
        mut search: SearchRejected,
    ) -> Answer<RejectedPage> {
        search.limit = match search.limit {
            0 => 100,
            limit => limit.min(ROWS_A_PAGE),
        };
        let now = self.clock.now();
        Ok(self
            .store
            .search_rejected(&principal.company, &search, now)
            .await?)
    }

    pub async fn lease(
        &self,
        principal: &Principal,
        mut request: LeaseRequest,
    ) -> Answer<LeaseAnswer> {
        if request.rows.len() > LEASES_AT_ONCE {
            return Err(Refusal::bad(format!(
                "at most {LEASES_AT_ONCE} rows at once"
            )));
        }
        let workstation = request.workstation_id;
        self.own_workstation(principal, workstation).await?;
        request.seconds = match request.seconds {
            0 => 300,
            seconds => seconds.clamp(30, 900),
        };
        let now = self.clock.now();
        Ok(self.store.lease(&principal.company, &request, now).await?)
    }

    pub async fn release(&self, principal: &Principal, request: ReleaseRequest) -> Answer<()> {
        Ok(self.store.release(&principal.company, &request).await?)
    }
}
