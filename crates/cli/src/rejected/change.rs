//! What a correction would make of refused rows: previewed, and checked by the batch's own rules
//! before anything is sent.

use std::collections::BTreeMap;

use check::{Options, RecordPlan, check_record};
use model::{BatchId, Issue, Place, Record, Schema};
use wire::RejectedRow;

use crate::failure::Failure;

/// One rule for one row or for many.
#[derive(Clone, Debug, Default)]
pub struct Rule {
    /// Field and its new value; an empty one clears the cell.
    pub set: Vec<(String, String)>,
    /// In this field, this text becomes that.
    pub replace: Option<(String, String, String)>,
}

/// A row as it would be sent.
pub struct Change {
    pub row: RejectedRow,
    pub record: Record,
    /// Field, before, after.
    pub changed: Vec<(String, String, String)>,
    /// What would still be wrong.
    pub issues: Vec<Issue>,
}

impl Rule {
    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.replace.is_none()
    }

    fn fields(&self) -> impl Iterator<Item = &String> {
        let replaced = self.replace.iter().map(|(field, _, _)| field);
        self.set.iter().map(|(field, _)| field).chain(replaced)
    }

    fn apply(&self, before: &Record) -> Record {
        let mut record = before.clone();
        if let Some((field, old, new)) = &self.replace
            && let Some(value) = before.get(field)
        {
            put(&mut record, field, value.replace(old.as_str(), new));
        }
        for (field, value) in &self.set {
            put(&mut record, field, value.clone());
        }
        record
    }
}

/// A record leaves empty cells out.
fn put(record: &mut Record, field: &str, value: String) {
    if value.is_empty() {
        record.remove(field);
    } else {
        record.insert(field.to_owned(), value);
    }
}

/// The schemas of the batches that this desk sent; the pipeline checks the others' rows.
pub struct Schemas(BTreeMap<BatchId, RecordPlan>);

impl Schemas {
    pub fn new(schemas: impl Iterator<Item = (BatchId, Schema)>) -> Self {
        let options = Options {
            date_order: None,
            today: jiff::Zoned::now().date(),
        };
        let plans = schemas.filter_map(|(id, schema)| {
            // It was good enough to send the batch with.
            Some((id, RecordPlan::new(schema, options).ok()?))
        });
        Self(plans.collect())
    }

    pub fn of(&self, batch: BatchId) -> Option<&Schema> {
        self.0.get(&batch).map(RecordPlan::schema)
    }
}

/// What the rule makes of the rows. Fails where it names a field that a row's schema has not.
pub fn preview(
    rule: &Rule,
    rows: Vec<RejectedRow>,
    schemas: &Schemas,
) -> Result<Vec<Change>, Failure> {
    rows.into_iter()
        .map(|row| {
            let plan = schemas.0.get(&row.batch_id);
            if let Some(schema) = plan.map(RecordPlan::schema)
                && let Some(name) = rule.fields().find(|name| schema.field(name).is_none())
            {
                return Err(Failure::NoSuchField {
                    name: name.clone(),
                    fields: schema.fields.iter().map(|f| f.name.clone()).collect(),
                });
            }
            let record = rule.apply(&row.record);
            let issues = plan.map(|plan| check_record(plan, &record));
            let changed = rule
                .fields()
                .map(|field| {
                    let cell = |record: &Record| record.get(field).cloned().unwrap_or_default();
                    (field.clone(), cell(&row.record), cell(&record))
                })
                .filter(|(_, before, after)| before != after)
                .collect();
            let blocks = |issue: &Issue| issue.code.severity() == model::Severity::Error;
            Ok(Change {
                issues: issues
                    .unwrap_or_default()
                    .into_iter()
                    .filter(blocks)
                    .collect(),
                record,
                changed,
                row,
            })
        })
        .collect()
}

impl Change {
    /// The cell that an issue is about.
    pub fn value(&self, schema: &Schema, issue: &Issue) -> String {
        let (Place::Field { field } | Place::Cell { field, .. }) = issue.place else {
            return String::new();
        };
        let field = schema.fields.get(usize::from(field));
        field
            .and_then(|field| self.record.get(&field.name))
            .cloned()
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use model::{Generation, Reason, ReasonCode, RowNo, Seq};

    use super::*;

    fn row(department: &str) -> RejectedRow {
        let cells = [
            ("employee_number", "1"),
            ("full_name", "Ana Lima"),
            ("email", "ana@example.com"),
            ("document", "529.982.247-25"),
            ("birth_date", "1990-04-23"),
            ("hire_date", "2026-12-01"),
            ("department", department),
        ];
        RejectedRow {
            batch_id: BatchId(uuid::Uuid::nil()),
            row_no: RowNo(1),
            generation: Generation::FIRST,
            seq: Seq(3),
            reason: Reason::new(ReasonCode::UnknownDepartment),
            record: cells.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
            at: Timestamp::UNIX_EPOCH,
            lease: None,
        }
    }

    fn changes(rule: &Rule) -> Result<Vec<Change>, Failure> {
        let id = BatchId(uuid::Uuid::nil());
        let schemas = Schemas::new([(id, Schema::employee())].into_iter());
        preview(rule, vec![row("Vendas")], &schemas)
    }

    #[test]
    fn a_rule_sets_clears_and_replaces() {
        let rule = Rule {
            set: vec![
                ("job_title".into(), "Lead".into()),
                ("email".into(), String::new()),
            ],
            replace: Some(("full_name".into(), "Lima".into(), "Souza".into())),
        };
        let changes = changes(&rule).expect("previewed");
        let record = &changes[0].record;
        assert_eq!(record["job_title"], "Lead");
        assert_eq!(record["full_name"], "Ana Souza");
        assert!(!record.contains_key("email"));
        assert_eq!(changes[0].changed.len(), 3);
        let codes: Vec<_> = changes[0].issues.iter().map(|i| i.code.as_str()).collect();
        assert_eq!(codes, ["required-missing"], "the e-mail is required");
    }

    #[test]
    fn a_field_that_is_none_is_refused_before_anything_is_sent() {
        let rule = Rule {
            set: vec![("departmint".into(), "Vendas".into())],
            replace: None,
        };
        assert!(matches!(changes(&rule), Err(Failure::NoSuchField { .. })));
    }

    #[test]
    fn a_value_that_breaks_the_schema_is_seen_in_the_preview() {
        let rule = Rule {
            set: vec![("department".into(), "Astrology".into())],
            replace: None,
        };
        let changes = changes(&rule).expect("previewed");
        assert_eq!(changes[0].issues[0].code.as_str(), "not-in-list");
    }
}
