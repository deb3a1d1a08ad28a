//! What never changes of a batch, remembered so that a thousand rows ask the row store once; and
//! its schema made ready to check with.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use check::{Options, PlanError, RecordPlan};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::{BatchId, CompanyId, Issue, IssueCode, Place, Record, Schema, Severity};

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

/// Bytes of one record at the most, so that it fits a queue's message whatever is around it.
const LARGEST_RECORD: usize = 256 * 1024;

/// Why a record cannot be registered as it is: the field and the issue. `None` where it can.
pub(crate) fn first_error(plan: &RecordPlan, record: &Record) -> Option<(String, String)> {
    errors(plan, record).into_iter().next()
}

/// All that keeps a record from being registered.
pub(crate) fn errors(plan: &RecordPlan, record: &Record) -> Vec<(String, String)> {
    let mut errors: Vec<_> = check::check_record(plan, record)
        .into_iter()
        .filter(|issue| issue.code.severity() == Severity::Error)
        .map(|issue| {
            let field = field_name(plan, &issue).unwrap_or_default();
            (field, issue.code.to_string())
        })
        .collect();
    let unknown = record
        .keys()
        .filter(|name| plan.schema().field(name).is_none());
    errors.extend(unknown.map(|name| (name.clone(), IssueCode::NotInList.to_string())));
    let bytes: usize = record
        .iter()
        .map(|(name, cell)| name.len() + cell.len())
        .sum();
    if bytes > LARGEST_RECORD
        && let Some((name, _)) = record.iter().max_by_key(|(_, cell)| cell.len())
    {
        errors.push((name.clone(), IssueCode::TooLong.to_string()));
    }
    errors
}

/// The name of the field that the issue is at.
fn field_name(plan: &RecordPlan, issue: &Issue) -> Option<String> {
    let (Place::Cell { field, .. } | Place::Field { field }) = issue.place else {
        return None;
    };
    let field = plan.schema().fields.get(usize::from(field))?;
    Some(field.name.clone())
}
