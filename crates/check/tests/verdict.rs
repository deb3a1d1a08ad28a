//! A verdict is the table's, whatever was done to the table.
#![allow(clippy::unwrap_used)]

mod common;

use check::{Verdict, check_table};
use common::{file, plainly, plan, read, said};
use model::{IssueCode, Place, RowNo};
use proptest::prelude::*;
use table::{Operation, Table};

const SCHEMA: &str = r#"{"fields":[
    {"name":"email","format":"email","constraints":{"required":true,"unique":true}},
    {"name":"document","muster:format":"cpf","constraints":{"unique":true}},
    {"name":"manager_email","format":"email","muster:refersTo":"email"},
    {"name":"birth_date","type":"date"},
    {"name":"hire_date","type":"date","muster:notBefore":"birth_date"}
]}"#;
const HEADERS: [&str; 5] = [
    "email",
    "document",
    "manager_email",
    "birth_date",
    "hire_date",
];

fn cells(column: usize) -> BoxedStrategy<String> {
    let any = |values: &'static [&'static str]| {
        proptest::sample::select(values)
            .prop_map(str::to_owned)
            .boxed()
    };
    match column {
        0 | 2 => any(&[
            "a@x.com",
            "b@x.com",
            "B@X.com ",
            "c@x.com",
            "",
            "c at x.com",
            "no",
        ]),
        1 => any(&[
            "52998224725",
            "529.982.247-25",
            "1234567890",
            "01234567890",
            "",
            "111",
        ]),
        _ => any(&[
            "2020-01-02",
            "2021-03-04",
            "13/04/2021",
            "03/04/2020",
            "",
            "x",
            "4/2/2019",
        ]),
    }
}

fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    let row = (cells(0), cells(1), cells(2), cells(3), cells(4));
    let row = row.prop_map(|(a, b, c, d, e)| vec![a, b, c, d, e]);
    proptest::collection::vec(row, 1..12)
}

#[derive(Clone, Debug)]
enum Step {
    Apply(Operation),
    Undo,
    Redo,
    FixAll,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let row = || (1..13_u32).prop_map(RowNo);
    let cell = || (0..5_usize).prop_flat_map(|column| (Just(column), cells(column)));
    let set = (row(), cell()).prop_map(|(row_no, (column, value))| Operation::Set {
        row_no,
        column,
        value,
    });
    let many = proptest::collection::vec((row(), cell()), 1..8).prop_map(|many| {
        let many = many
            .into_iter()
            .map(|(row_no, (column, value))| (row_no, column, value));
        Operation::SetMany(many.collect())
    });
    let some_rows = || proptest::collection::vec(row(), 1..4);
    let step = prop_oneof![
        4 => set.prop_map(Step::Apply),
        2 => many.prop_map(Step::Apply),
        2 => some_rows().prop_map(|rows| Step::Apply(Operation::Exclude(rows))),
        1 => some_rows().prop_map(|rows| Step::Apply(Operation::Include(rows))),
        2 => Just(Step::Undo),
        1 => Just(Step::Redo),
        1 => Just(Step::FixAll),
    ];
    proptest::collection::vec(step, 0..14)
}

fn found(verdict: &Verdict, plan: &check::Plan, table: &Table) -> Vec<(u32, u16, IssueCode)> {
    let place = |issue: model::Issue| match issue.place {
        Place::Cell { row_no, field } => (row_no.0, field, issue.code),
        _ => unreachable!(),
    };
    let mut found: Vec<_> = verdict.issues(plan, table).map(place).collect();
    found.sort();
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_rechecked_verdict_is_a_fresh_one(rows in rows(), steps in steps()) {
        let plan = plan(SCHEMA);
        let file = file(&HEADERS, &rows);
        let (mut table, mut verdict) = read(&plan, file.path());
        for step in steps {
            let touched = match step {
                Step::Apply(operation) => Some(table.apply(operation)),
                Step::Undo => table.undo(),
                Step::Redo => table.redo(),
                Step::FixAll => {
                    let fixes = verdict.all_fixes(&plan, &table);
                    Some(table.apply(Operation::SetMany(fixes)))
                }
            };
            let Some(touched) = touched else { continue };
            verdict.recheck(&plan, &table, &touched);
            let fresh = check_table(&plan, &table);
            prop_assert_eq!(said(&verdict, &plan, &table), said(&fresh, &plan, &table));
        }
    }

    #[test]
    fn it_finds_what_a_plain_reader_finds(rows in rows(), steps in steps()) {
        let plan = plan(SCHEMA);
        // One date that nothing else contradicts: without it the column's say makes a difference.
        let rows: Vec<Vec<String>> = rows
            .into_iter()
            .map(|row| row.into_iter().map(|cell| cell.replace("13/04/2021", "2021-04-13")).collect())
            .collect();
        let file = file(&HEADERS, &rows);
        let (mut table, mut verdict) = read(&plan, file.path());
        prop_assert_eq!(found(&verdict, &plan, &table), plainly(&plan, &table));
        for step in steps {
            if let Step::Apply(operation) = step {
                let touched = table.apply(operation);
                verdict.recheck(&plan, &table, &touched);
            }
        }
        prop_assert_eq!(found(&verdict, &plan, &table), plainly(&plan, &table));
    }

    #[test]
    fn fixing_everything_comes_to_an_end(rows in rows()) {
        let plan = plan(SCHEMA);
        let file = file(&HEADERS, &rows);
        let (mut table, mut verdict) = read(&plan, file.path());
        let touched = table.apply(Operation::SetMany(verdict.all_fixes(&plan, &table)));
        verdict.recheck(&plan, &table, &touched);
        prop_assert_eq!(verdict.all_fixes(&plan, &table), []);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_is_uploaded_is_the_table(rows in rows(), steps in steps()) {
        let plan = plan(SCHEMA);
        let file = file(&HEADERS, &rows);
        let (mut table, _) = read(&plan, file.path());
        for step in steps {
            if let Step::Apply(operation) = step {
                table.apply(operation);
            }
        }
        let mut bytes = Vec::new();
        let written = check::canonical_csv(&plan, &table, &mut bytes).unwrap();
        let mut reader = check::CanonicalReader::new(plan.schema());
        reader.feed(&bytes);
        let mut count = 0;
        for row_no in (1..=table.rows()).map(RowNo).filter(|row| !table.is_excluded(*row)) {
            let row = reader.next_row().unwrap().unwrap();
            prop_assert_eq!(row.row_no, row_no);
            prop_assert_eq!(row.record, check::record(&plan, &table, row_no));
            count += 1;
        }
        prop_assert_eq!(reader.next_row(), Ok(None));
        prop_assert_eq!(reader.finish(), Ok(()));
        prop_assert_eq!((written.rows, written.bytes), (count, bytes.len() as u64));
        prop_assert_eq!(written.sha256.len(), 64);
    }
}

#[test]
fn a_duplicate_names_the_first_other_row() {
    let plan = plan(SCHEMA);
    let row = |email: &str| vec![email.to_owned()];
    let file = file(
        &HEADERS,
        &["a@x.com", "b@x.com", "A@x.com", "a@x.com"].map(row),
    );
    let (mut table, mut verdict) = read(&plan, file.path());
    let others = |verdict: &Verdict, table: &Table| -> Vec<(u32, u32)> {
        verdict
            .issues(&plan, table)
            .filter_map(|issue| Some((issue.place.row_no()?.0, issue.other_row?.0)))
            .collect()
    };
    assert_eq!(others(&verdict, &table), [(1, 3), (3, 1), (4, 1)]);
    let touched = table.apply(Operation::Exclude(vec![RowNo(1)]));
    verdict.recheck(&plan, &table, &touched);
    assert_eq!(others(&verdict, &table), [(3, 4), (4, 3)]);
    let touched = table.apply(Operation::Set {
        row_no: RowNo(4),
        column: 0,
        value: "d@x.com".into(),
    });
    verdict.recheck(&plan, &table, &touched);
    assert_eq!(others(&verdict, &table), []);
}

#[test]
fn a_column_that_says_nothing_is_asked_about() {
    let plan = plan(SCHEMA);
    let dates = |hire: &str| {
        vec![
            "a@x.com".into(),
            String::new(),
            String::new(),
            String::new(),
            hire.to_owned(),
        ]
    };
    let one = file(&HEADERS, &[dates("03/04/2020")]);
    let (_, verdict) = read(&plan, one.path());
    assert_eq!(verdict.undecided_dates(), [4]);
    let two = file(&HEADERS, &[dates("03/04/2020"), dates("13/04/2020")]);
    let (table, verdict) = read(&plan, two.path());
    assert!(verdict.undecided_dates().is_empty());
    assert_eq!(verdict.all_fixes(&plan, &table)[0].2, "2020-04-03");
}

#[test]
fn a_required_field_without_a_column_is_said_once() {
    let plan = plan(SCHEMA);
    let mapping = check::Mapping::chosen([None, Some(0), None, None, None]);
    let plan = check::Plan::new(plan.schema().clone(), mapping, common::options()).unwrap();
    let file = file(&["CPF", "CPF"], &[vec!["52998224725".into(), "x".into()]]);
    let (_, verdict) = read(&plan, file.path());
    let said: Vec<_> = verdict
        .table_issues()
        .iter()
        .map(|i| (i.place, i.code))
        .collect();
    assert!(said.contains(&(Place::Field { field: 0 }, IssueCode::FieldMissing)));
    assert!(
        said.contains(&(Place::Column { column: 1 }, IssueCode::HeaderTwice)),
        "{said:?}"
    );
    assert!(!verdict.is_clean());
}

#[test]
fn a_short_row_is_an_error_until_somebody_looked_at_it() {
    let plan = plan(SCHEMA);
    let file = file(&HEADERS, &[vec!["a@x.com".into()]]);
    let (mut table, mut verdict) = read(&plan, file.path());
    let places: Vec<_> = verdict
        .issues(&plan, &table)
        .map(|i| (i.place, i.code))
        .collect();
    assert_eq!(
        places,
        [(Place::Row { row_no: RowNo(1) }, IssueCode::RowShort)]
    );
    let touched = table.apply(Operation::Set {
        row_no: RowNo(1),
        column: 2,
        value: String::new(),
    });
    verdict.recheck(&plan, &table, &touched);
    assert!(verdict.is_clean());
}
