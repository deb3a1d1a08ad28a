//! `POST /v1/batches/{id}/corrections`.

use check::RecordPlan;
use futures::future::try_join_all;
use model::BatchId;
use wire::{
    Correction, CorrectionAction, CorrectionAnswer, CorrectionOutcome, Corrections, ErrorCode,
};

use super::{Answer, Gateway, Refusal};
use crate::facts::errors;
use crate::ports::{Principal, Role};

const AT_ONCE: usize = 500;

impl Gateway {
    /// Each correction is decided by itself, in the order given.
    pub async fn correct(
        &self,
        principal: &Principal,
        batch_id: BatchId,
        request: Corrections,
    ) -> Answer<CorrectionAnswer> {
        if request.corrections.len() > AT_ONCE {
            return Err(Refusal::bad(format!(
                "at most {AT_ONCE} corrections at once"
            )));
        }
        let discards = |one: &Correction| matches!(one.action, CorrectionAction::Discard { .. });
        if principal.role == Role::Support && request.corrections.iter().any(discards) {
            let message = "support may not give a row up";
            return Err(Refusal::new(ErrorCode::NotAllowed, message));
        }
        let batch = self.find(principal, batch_id).await?;
        let workstation = request.workstation_id;
        self.own_workstation(principal, workstation).await?;
        let plan = self.plan_of(&batch.request.schema)?;
        let at = self.clock.now();
        let decisions = request.corrections.iter().map(async |correction| {
            match still_invalid(&plan, correction) {
                Some(outcome) => Ok(outcome),
                None => {
                    let claim = self
                        .store
                        .claim(principal, batch_id, workstation, correction, at);
                    claim.await
                }
            }
        });
        // Together, so that their claims share a commit.
        let outcomes = try_join_all(decisions).await?;
        Ok(CorrectionAnswer { outcomes })
    }
}

/// A record that our own check refuses is not claimed: the row stays as it is.
fn still_invalid(plan: &RecordPlan, correction: &Correction) -> Option<CorrectionOutcome> {
    let CorrectionAction::Send { record } = &correction.action else {
        return None;
    };
    let issues = errors(plan, record);
    (!issues.is_empty()).then_some(CorrectionOutcome::Invalid {
        correction_id: correction.correction_id,
        row_no: correction.row_no,
        issues,
    })
}
