//! What never changes of a batch, remembered so that a thousand rows ask the row store once; and
//! its schema made ready to check with.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use check::{Options, PlanError, RecordPlan};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::{BatchId, CompanyId, Issue, Place, Schema};

use crate::ports::{PortResult, RowStore};

/// Batches remembered at once.
const KEPT: usize = 64;

pub struct BatchFacts {
    pub schema: Schema,
    /// The language of people whose record names none.
    pub language: String,
}

pub struct FactsOfBatches {
    store: Arc<dyn RowStore>,
    known: Mutex<HashMap<(CompanyId, BatchId), Arc<BatchFacts>>>,
}

impl FactsOfBatches {
    pub fn new(store: Arc<dyn RowStore>) -> Self {
        Self {
            store,
            known: Mutex::default(),
        }
    }

    /// `None` where there is no such batch.
    pub async fn of(
        &self,
        company: &CompanyId,
        batch_id: BatchId,
    ) -> PortResult<Option<Arc<BatchFacts>>> {
        let at = (company.clone(), batch_id);
        if let Some(facts) = self
            .known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&at)
        {
            return Ok(Some(Arc::clone(facts)));
        }
        let Some(batch) = self.store.batch(company, batch_id).await? else {
            return Ok(None);
        };
        let facts = Arc::new(BatchFacts {
            schema: batch.request.schema,
            language: batch.request.language,
        });
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(at, Arc::clone(&facts));
        Ok(Some(facts))
    }
}

/// The rules that a row is checked by on this side.
pub(crate) fn check_plan(schema: &Schema, now: Timestamp) -> Result<RecordPlan, PlanError> {
    let options = Options {
        date_order: None,
        today: now.to_zoned(TimeZone::UTC).date(),
    };
    RecordPlan::new(schema.clone(), options)
}

/// The name of the field that the issue is at.
pub(crate) fn field_name(plan: &RecordPlan, issue: &Issue) -> Option<String> {
    let (Place::Cell { field, .. } | Place::Field { field }) = issue.place else {
        return None;
    };
    let field = plan.schema().fields.get(usize::from(field))?;
    Some(field.name.clone())
}
