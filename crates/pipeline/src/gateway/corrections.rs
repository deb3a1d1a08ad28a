//! `POST /v1/batches/{id}/corrections`.

use check::RecordPlan;
use futures::future::try_join_all;
use model::{BatchId, Severity};
use wire::{Correction, CorrectionAction, CorrectionAnswer, CorrectionOutcome, Corrections};

use super::{Answer, Gateway, Refusal};
use crate::facts::field_name;
use crate::ports::Principal;

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
        let batch = self.find(principal, batch_id).await?;
        let workstation = request.workstation_id;
        if self
            .store
            .workstation(&principal.company, workstation)
            .await?
            .is_none()
        {
            return Err(Refusal::not_found("workstation"));
        }
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
    let issues: Vec<_> = check::check_record(plan, record)
        .into_iter()
        .filter(|issue| issue.code.severity() == Severity::Error)
        .map(|issue| {
            (
                field_name(plan, &issue).unwrap_or_default(),
                issue.code.to_string(),
            )
        })
        .collect();
    (!issues.is_empty()).then_some(CorrectionOutcome::Invalid {
        correction_id: correction.correction_id,
        row_no: correction.row_no,
        issues,
    })
}
