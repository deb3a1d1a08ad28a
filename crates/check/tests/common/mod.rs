//! Tables out of cells, and verdicts worked out the slow and plain way.

use std::collections::BTreeMap;
use std::io::Write;

use check::{Cause, Checker, Mapping, Options, Plan, Verdict, check_record};
use jiff::civil::Date;
use model::{Issue, IssueCode, RowNo, Schema};
use table::{ReadOptions, Table};

pub fn options() -> Options {
    Options {
        date_order: None,
        today: Date::constant(2026, 11, 20),
    }
}

pub fn plan(schema: &str) -> Plan {
    let schema = Schema::from_json(schema).unwrap();
    let columns = (0..schema.fields.len()).map(Some);
    let mapping = Mapping::chosen(columns);
    Plan::new(schema, mapping, options()).unwrap()
}

/// The file of these rows under these headers.
pub fn file(headers: &[&str], rows: &[Vec<String>]) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    let mut line = |cells: Vec<String>| writeln!(file, "{}", cells.join(",")).unwrap();
    line(headers.iter().map(|cell| quoted(cell)).collect());
    for row in rows {
        line(row.iter().map(|cell| quoted(cell)).collect());
    }
    file
}

/// Read and checked in one pass.
pub fn read(plan: &Plan, path: &std::path::Path) -> (Table, Verdict) {
    let mut checker = Checker::new(plan);
    let options = ReadOptions::default();
    let table = table::read(path, &options, &mut checker, &()).unwrap();
    let verdict = checker.finish(&table);
    (table, verdict)
}

/// Everything that a verdict says, to compare two.
pub fn said(
    verdict: &Verdict,
    plan: &Plan,
    table: &Table,
) -> (Vec<Issue>, Vec<RowNo>, Vec<(Cause, u64)>) {
    let issues: Vec<_> = verdict.issues(plan, table).collect();
    let bad: Vec<_> = verdict.rows_with_errors().collect();
    assert_eq!(bad.len(), verdict.rows_with_errors_count() as usize);
    assert_eq!(issues.len() as u64, verdict.len());
    let mut counts: BTreeMap<IssueCode, u64> = BTreeMap::new();
    for issue in &issues {
        *counts.entry(issue.code).or_default() += 1;
    }
    assert_eq!(counts, verdict.counts());
    for (cause, count) in verdict.causes() {
        assert_eq!(verdict.rows_of(cause).count() as u64, count.issues);
        let fixes = verdict.fixes(plan, table, cause);
        assert_eq!(fixes.len() as u64, count.fixable, "{cause:?}");
    }
    let causes = verdict.causes().map(|(cause, count)| (cause, count.issues));
    (issues, bad, causes.collect())
}

/// Rows and issues as a reader without indexes finds them: each row by itself, then each pair.
#[allow(dead_code)]
pub fn plainly(plan: &Plan, table: &Table) -> Vec<(u32, u16, IssueCode)> {
    let schema = plan.schema();
    let records = check::RecordPlan::new(schema.clone(), options()).unwrap();
    let rows: Vec<u32> = (1..=table.rows())
        .filter(|row| !table.is_excluded(RowNo(*row)))
        .collect();
    let mut found = Vec::new();
    for &row in &rows {
        let record = check::record(plan, table, RowNo(row));
        for issue in check_record(&records, &record) {
            let model::Place::Field { field } = issue.place else {
                unreachable!()
            };
            found.push((row, field, issue.code));
        }
        for (at, field) in schema.fields.iter().enumerate() {
            let key = |row: u32, column: usize| {
                let value = table.cell(RowNo(row), column);
                model::normalise_key_part(field, value)
            };
            let own = key(row, at);
            let at16 = u16::try_from(at).unwrap();
            if own.is_empty() {
                continue;
            }
            let twice = rows
                .iter()
                .any(|other| *other != row && key(*other, at) == own);
            if field.constraints.unique && twice {
                found.push((row, at16, IssueCode::DuplicateValue));
            }
            let Some(target) = field
                .refers_to
                .as_ref()
                .and_then(|name| schema.index_of(name))
            else {
                continue;
            };
            let there = rows.iter().any(|other| key(*other, target) == own);
            let wrong = found.iter().any(|(of, field, code)| {
                (*of, *field) == (row, at16) && code.severity() == model::Severity::Error
            });
            if !there && !wrong {
                found.push((row, at16, IssueCode::NotInTable));
            }
        }
    }
    found.sort();
    found
}
