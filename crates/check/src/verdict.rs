//! What a table's check found, kept true while the table is edited.
//!
//! An edit costs its row and what depends on it: rows that had or have the same value where values
//! must be unique, and rows that refer to it. Excluded rows have no issues and no values.

use std::collections::BTreeMap;

use model::{Issue, IssueCode, Place, RowNo, Severity};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use table::{Flaw, Table};

use crate::found::{Found, WHOLE_ROW, range_of, rows_in_error, run_of};
use crate::index::Index;
use crate::links::Link;
use crate::plan::Plan;
use crate::rules::Habit;

/// Issues that have one reason: a code at a field, or at whole rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cause {
    /// The field's place in the schema; `None` for rows as a whole.
    pub field: Option<u16>,
    pub code: IssueCode,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CauseCount {
    pub issues: u64,
    /// How many of them have a fix.
    pub fixable: u64,
}

pub struct Verdict {
    /// By run of rows, each in order.
    pub(crate) runs: Vec<Vec<Found>>,
    pub(crate) causes: BTreeMap<Cause, CauseCount>,
    pub(crate) rows_in_error: u32,
    pub(crate) links: Vec<Link>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) habits: Vec<Habit>,
    /// Flaws of whole rows, in row order.
    pub(crate) flaws: Vec<(u32, Flaw)>,
    /// What is wrong with the table as a whole: fields without a column, headers twice.
    table_issues: Vec<Issue>,
}

impl Verdict {
    pub(crate) fn new(
        plan: &Plan,
        table: &Table,
        links: Vec<Link>,
        indexes: Vec<Index>,
        runs: Vec<Vec<Found>>,
        habits: Vec<Habit>,
    ) -> Self {
        let mut verdict = Self {
            runs,
            causes: BTreeMap::new(),
            rows_in_error: 0,
            links,
            indexes,
            habits,
            flaws: row_flaws(table),
            table_issues: table_issues(plan, table),
        };
        for (row, flaw) in &verdict.flaws {
            if let Some(run) = verdict.runs.get_mut(run_of(*row)) {
                let whole = usize::from(WHOLE_ROW);
                run.push(Found::new(*row, whole, flaw.code, false));
            }
        }
        verdict
            .runs
            .par_iter_mut()
            .for_each(|run| run.sort_unstable());
        for run in &verdict.runs {
            for found in run {
                count(&mut verdict.causes, *found);
            }
            verdict.rows_in_error += rows_in_error(run);
        }
        verdict
    }

    /// Issues by code, of the table as a whole too.
    pub fn counts(&self) -> BTreeMap<IssueCode, u64> {
        let mut counts = BTreeMap::new();
        for (cause, count) in &self.causes {
            *counts.entry(cause.code).or_default() += count.issues;
        }
        for issue in &self.table_issues {
            *counts.entry(issue.code).or_default() += 1;
        }
        counts
    }

    /// Issues of rows, by what they have in common.
    pub fn causes(&self) -> impl Iterator<Item = (Cause, CauseCount)> {
        self.causes.iter().map(|(cause, count)| (*cause, *count))
    }

    /// How many issues there are, of the table as a whole too.
    pub fn len(&self) -> u64 {
        let rows: u64 = self.causes.values().map(|count| count.issues).sum();
        rows + self.table_issues.len() as u64
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Nothing is wrong: no error and no warning. Notes may be there.
    pub fn is_clean(&self) -> bool {
        self.worst().is_none_or(|worst| worst == Severity::Note)
    }

    /// The gravest issue there is.
    pub fn worst(&self) -> Option<Severity> {
        let rows = self.causes.keys().map(|cause| cause.code);
        let table = self.table_issues.iter().map(|issue| issue.code);
        rows.chain(table).map(IssueCode::severity).max()
    }

    /// What is wrong with the table as a whole. An error here keeps every row from being sent.
    pub fn table_issues(&self) -> &[Issue] {
        &self.table_issues
    }

    /// Date fields with cells of which nothing says whether day or month comes first: somebody must.
    pub fn undecided_dates(&self) -> Vec<u16> {
        let causes = self.causes.keys();
        let ambiguous = causes.filter(|cause| cause.code == IssueCode::DateAmbiguous);
        ambiguous.filter_map(|cause| cause.field).collect()
    }

    /// Rows that cannot be sent as they are, in order.
    pub fn rows_with_errors(&self) -> impl Iterator<Item = RowNo> {
        let rows = |run: &'_ Vec<Found>| {
            let rows = run.chunk_by(|a, b| a.row == b.row);
            let bad = rows.filter(|row| row.iter().any(|found| found.is_error()));
            bad.map(|row| row[0].row_no()).collect::<Vec<_>>()
        };
        self.runs.iter().flat_map(rows)
    }

    pub fn rows_with_errors_count(&self) -> u32 {
        self.rows_in_error
    }

    /// The rows that have an issue of this cause, in order.
    pub fn rows_of(&self, cause: Cause) -> impl Iterator<Item = RowNo> {
        self.found_of(cause).map(|found| found.row_no())
    }

    /// All issues: the table's, then those of rows in order.
    pub fn issues<'a>(
        &'a self,
        plan: &'a Plan,
        table: &'a Table,
    ) -> impl Iterator<Item = Issue> + 'a {
        let rows = self.runs.iter().flatten();
        let rows = rows.map(|found| self.issue(plan, table, *found));
        self.table_issues.iter().cloned().chain(rows)
    }

    /// The issues of one row.
    pub fn issues_of(&self, plan: &Plan, table: &Table, row_no: RowNo) -> Vec<Issue> {
        let Some(run) = self.runs.get(run_of(row_no.0)) else {
            return Vec::new();
        };
        let found = &run[range_of(run, row_no.0)];
        let issues = found.iter().map(|found| self.issue(plan, table, *found));
        issues.collect()
    }

    /// What to set to fix every issue of the cause that has a fix: row, column, value.
    pub fn fixes(&self, plan: &Plan, table: &Table, cause: Cause) -> Vec<(RowNo, usize, String)> {
        let found: Vec<_> = self.found_of(cause).filter(|found| found.has_fix).collect();
        let fixes = found
            .par_iter()
            .filter_map(|found| self.fix(plan, table, *found));
        fixes.collect()
    }

    /// What to set to fix every issue that has a fix. Fixes are final: applied together they leave
    /// nothing that could be fixed by itself.
    pub fn all_fixes(&self, plan: &Plan, table: &Table) -> Vec<(RowNo, usize, String)> {
        let found = self.runs.par_iter().flatten_iter();
        let fixable = found.filter(|found| found.has_fix);
        fixable
            .filter_map(|found| self.fix(plan, table, *found))
            .collect()
    }

    fn found_of(&self, cause: Cause) -> impl Iterator<Item = Found> {
        let field = cause.field.unwrap_or(WHOLE_ROW);
        let found = self.runs.iter().flatten().copied();
        found.filter(move |found| found.field == field && found.code() == cause.code)
    }

    fn fix(&self, plan: &Plan, table: &Table, found: Found) -> Option<(RowNo, usize, String)> {
        let field = usize::from(found.field);
        let column = plan.column_of(field)?;
        let value = table.cell(found.row_no(), column);
        let finding = plan.rules(field).check(value, self.habits[field])?;
        Some((found.row_no(), column, finding.fix?))
    }

    fn issue(&self, plan: &Plan, table: &Table, found: Found) -> Issue {
        let row_no = found.row_no();
        let place = match found.field {
            WHOLE_ROW => Place::Row { row_no },
            field => Place::Cell { row_no, field },
        };
        let fix = found.has_fix.then(|| self.fix(plan, table, found));
        let duplicate = found.code() == IssueCode::DuplicateValue;
        Issue {
            place,
            code: found.code(),
            fix: fix.flatten().map(|(_, _, value)| value),
            other_row: duplicate.then(|| self.other_row(table, found)).flatten(),
        }
    }

    fn other_row(&self, table: &Table, found: Found) -> Option<RowNo> {
        let field = usize::from(found.field);
        let at = self
            .links
            .iter()
            .position(|link| link.unique && link.field == field)?;
        let column = self.links[at].column;
        let value = table.cell(found.row_no(), column);
        let hash = self.indexes[at].hash(value, &mut Vec::new());
        self.indexes[at]
            .rows(hash, value, |row| table.cell(RowNo(row), column))
            .find(|row| *row != found.row)
            .map(RowNo)
    }
}

pub(crate) fn count(causes: &mut BTreeMap<Cause, CauseCount>, found: Found) {
    let count = causes.entry(cause_of(found)).or_default();
    count.issues += 1;
    count.fixable += u64::from(found.has_fix);
}

pub(crate) fn uncount(causes: &mut BTreeMap<Cause, CauseCount>, found: Found) {
    let cause = cause_of(found);
    if let Some(count) = causes.get_mut(&cause) {
        count.issues = count.issues.saturating_sub(1);
        count.fixable = count.fixable.saturating_sub(u64::from(found.has_fix));
        if count.issues == 0 {
            causes.remove(&cause);
        }
    }
}

fn cause_of(found: Found) -> Cause {
    Cause {
        field: (found.field != WHOLE_ROW).then_some(found.field),
        code: found.code(),
    }
}

fn row_flaws(table: &Table) -> Vec<(u32, Flaw)> {
    let flaws = table.issues().iter();
    let of_rows = flaws.filter(|flaw| flaw.column.is_none());
    let flaws = of_rows.filter_map(|flaw| Some((flaw.row_no?.0, *flaw)));
    flaws.collect()
}

/// Columns with one header, and required fields that no column holds.
fn table_issues(plan: &Plan, table: &Table) -> Vec<Issue> {
    let issue = |place, code| Issue {
        place,
        code,
        fix: None,
        other_row: None,
    };
    let flaws = table.issues().iter().filter(|flaw| flaw.row_no.is_none());
    let headers = flaws.filter_map(|flaw| {
        Some(issue(
            Place::Column {
                column: flaw.column?,
            },
            flaw.code,
        ))
    });
    let fields = plan.schema().fields.iter().enumerate();
    let missing =
        fields.filter(|(at, field)| field.constraints.required && plan.column_of(*at).is_none());
    let missing = missing.map(|(at, _)| {
        let field = u16::try_from(at).unwrap_or(WHOLE_ROW);
        issue(Place::Field { field }, IssueCode::FieldMissing)
    });
    headers.chain(missing).collect()
}
