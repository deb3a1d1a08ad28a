//! One row as a record, and one record checked by itself.

use model::{Field, Issue, IssueCode, Place, Record, RowNo, Schema};
use table::Table;

use crate::plan::{Options, Plan, PlanError, rules_of};
use crate::rules::date::parse_iso;
use crate::rules::{Evidence, Rules};

/// The row by the schema's field names; empty cells and fields without a column are left out.
pub fn record(plan: &Plan, table: &Table, row_no: RowNo) -> Record {
    plan.mapped()
        .map(|(field, column)| (field, table.cell(row_no, column)))
        .filter(|(_, cell)| !cell.is_empty())
        .map(|(field, cell)| (plan.field(field).name.clone(), cell.to_owned()))
        .collect()
}

/// A schema ready to check records that come one at a time.
pub struct RecordPlan {
    schema: Schema,
    rules: Vec<Rules>,
}

impl RecordPlan {
    pub fn new(schema: Schema, options: Options) -> Result<Self, PlanError> {
        let rules = rules_of(&schema, &options)?;
        Ok(Self { schema, rules })
    }

    pub fn schema(&self) -> &Schema {
        &self.schema
    }
}

/// The record by the schema's rules, each issue at its field. What takes other records to know
/// (uniqueness, references, what a column says of its dates) is not looked at. Names that are no
/// field of the schema are not either.
pub fn check_record(plan: &RecordPlan, record: &Record) -> Vec<Issue> {
    let mut issues = Vec::new();
    for (at, (field, rules)) in plan.schema.fields.iter().zip(&plan.rules).enumerate() {
        let value = record.get(&field.name).map_or("", String::as_str);
        let issue = |code, fix| Issue {
            place: Place::Field {
                field: u16::try_from(at).unwrap_or(u16::MAX),
            },
            code,
            fix,
            other_row: None,
        };
        // Somebody's own answer, and the schema's format, still tell day from month.
        let habit = rules.habit(Evidence::default());
        if let Some(found) = rules.check(value, habit) {
            issues.push(issue(found.code, found.fix));
        } else if let Some(other) = &field.not_before
            && let Some(other) = record.get(other)
            && is_before(value, other)
        {
            issues.push(issue(IssueCode::DateOrder, None));
        }
    }
    issues
}

/// Both are dates as they should be, and the first is before the second.
pub(crate) fn is_before(value: &str, other: &str) -> bool {
    // ISO dates are ordered as texts are.
    value < other && parse_iso(value).is_some() && parse_iso(other).is_some()
}

/// The field that this one must not be before, by its place in the schema.
pub(crate) fn not_before(schema: &Schema, field: &Field) -> Option<usize> {
    schema.index_of(field.not_before.as_deref()?)
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::*;

    fn plan() -> RecordPlan {
        let options = Options {
            date_order: None,
            today: Date::constant(2026, 11, 20),
        };
        RecordPlan::new(Schema::employee(), options).unwrap()
    }

    fn person() -> Record {
        [
            ("employee_number", "004217"),
            ("full_name", "Ana Lúcia da Conceição"),
            ("email", "ana.conceicao@example.com"),
            ("document", "529.982.247-25"),
            ("birth_date", "1990-04-23"),
            ("hire_date", "2026-12-01"),
            ("department", "Engenharia"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }

    #[test]
    fn a_good_record_has_no_issues() {
        assert_eq!(check_record(&plan(), &person()), []);
    }

    #[test]
    fn each_issue_is_at_its_field() {
        let mut record = person();
        record.remove("email");
        record.insert("document".into(), "1234567890".into());
        record.insert("hire_date".into(), "1989-01-01".into());
        record.insert("no_field".into(), "x".into());
        let issues: Vec<_> = check_record(&plan(), &record)
            .into_iter()
            .map(|issue| (issue.place, issue.code, issue.fix))
            .collect();
        assert_eq!(
            issues,
            [
                (Place::Field { field: 2 }, IssueCode::RequiredMissing, None),
                (
                    Place::Field { field: 3 },
                    IssueCode::LostZero,
                    Some("01234567890".into())
                ),
                (Place::Field { field: 6 }, IssueCode::DateOrder, None),
            ]
        );
    }
}
