//! Edits against a naive model, and their log.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use model::RowNo;
use proptest::prelude::*;
use table::{LogError, Operation, OperationLog, ReadOptions, Step, Table, read};

const ROWS: u32 = 4;
const COLUMNS: usize = 2;
const FILE: &[u8] = b"id,name\n1,Ana\n2,Bia\n3,Caio\n4,Davi\n";

fn table_of(bytes: &[u8], options: &ReadOptions) -> Table {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roster.csv");
    std::fs::write(&path, bytes).unwrap();
    read(&path, options, &mut (), &()).unwrap()
}

fn table() -> Table {
    table_of(FILE, &ReadOptions::default())
}

/// Everything that can be seen of a table.
#[derive(Clone, Debug, PartialEq)]
struct State {
    cells: Vec<Vec<String>>,
    excluded: BTreeSet<u32>,
}

impl State {
    fn of(table: &Table) -> Self {
        let cell = |row, column| table.cell(RowNo(row), column).to_owned();
        let row = |row| (0..COLUMNS).map(|column| cell(row, column)).collect();
        Self {
            cells: (1..=ROWS).map(row).collect(),
            excluded: (1..=ROWS)
                .filter(|row| table.is_excluded(RowNo(*row)))
                .collect(),
        }
    }

    fn set(&mut self, row_no: RowNo, column: usize, value: &str) {
        let row = (row_no.0 as usize).checked_sub(1);
        let cell = row.and_then(|row| self.cells.get_mut(row)?.get_mut(column));
        if let Some(cell) = cell {
            value.clone_into(cell);
        }
    }

    fn apply(&mut self, operation: &Operation) {
        match operation {
            Operation::Set {
                row_no,
                column,
                value,
            } => self.set(*row_no, *column, value),
            Operation::SetMany(cells) => {
                for (row_no, column, value) in cells {
                    self.set(*row_no, *column, value);
                }
            }
            Operation::Exclude(rows) => {
                let rows = rows.iter().map(|row| row.0);
                self.excluded
                    .extend(rows.filter(|row| (1..=ROWS).contains(row)));
            }
            Operation::Include(rows) => {
                self.excluded.retain(|row| !rows.contains(&RowNo(*row)));
            }
        }
    }
}

/// All states since the beginning, and which of them holds.
struct Model {
    states: Vec<State>,
    at: usize,
}

impl Model {
    fn step(&mut self, step: &Step) {
        match step {
            Step::Apply(operation) => {
                self.states.truncate(self.at + 1);
                let mut state = self.states[self.at].clone();
                state.apply(operation);
                self.states.push(state);
                self.at += 1;
            }
            Step::Undo => self.at = self.at.saturating_sub(1),
            Step::Redo => self.at = (self.at + 1).min(self.states.len() - 1),
        }
    }
}

fn cell() -> impl Strategy<Value = (RowNo, usize, String)> {
    (0..=ROWS + 1, 0..=COLUMNS, "[a-c]{0,2}")
        .prop_map(|(row, column, value)| (RowNo(row), column, value))
}

fn step() -> impl Strategy<Value = Step> {
    let rows = || prop::collection::vec((0..=ROWS + 1).prop_map(RowNo), 0..4);
    let operation = prop_oneof![
        cell().prop_map(|(row_no, column, value)| Operation::Set {
            row_no,
            column,
            value
        }),
        prop::collection::vec(cell(), 0..5).prop_map(Operation::SetMany),
        rows().prop_map(Operation::Exclude),
        rows().prop_map(Operation::Include),
    ];
    prop_oneof![
        3 => operation.prop_map(Step::Apply),
        2 => Just(Step::Undo),
        1 => Just(Step::Redo),
    ]
}

proptest! {
    #[test]
    fn any_steps_end_where_the_model_ends(steps in prop::collection::vec(step(), 0..30)) {
        let mut table = table();
        let original = State::of(&table);
        let mut model = Model { states: vec![original.clone()], at: 0 };
        for step in &steps {
            let before = State::of(&table);
            let touched = table.step(step.clone()).unwrap_or_default();
            model.step(step);
            let after = State::of(&table);
            prop_assert_eq!(&after, &model.states[model.at]);
            // What was touched explains the difference, and tells what stood there before.
            let mut rebuilt = after;
            for (row_no, column, text) in &touched.cells {
                rebuilt.set(*row_no, *column, text);
            }
            for row in &touched.rows {
                if !rebuilt.excluded.remove(&row.0) {
                    rebuilt.excluded.insert(row.0);
                }
            }
            prop_assert_eq!(rebuilt, before);
        }
        prop_assert_eq!(table.log().len(), model.at);
        let mut again = self::table();
        again.replay(steps);
        prop_assert_eq!(State::of(&again), State::of(&table));
        while table.undo().is_some() {}
        prop_assert_eq!(State::of(&table), original);
        prop_assert!((0..COLUMNS).all(|column| !table.is_edited(RowNo(1), column)));
    }
}

proptest! {
    // Each step is waited for on the disk.
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_log_gives_back_what_was_appended(steps in prop::collection::vec(step(), 0..8), torn in 0..40_usize) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("operations.jsonl");
        let table = table();
        let (mut log, none) = OperationLog::open(&path, table.found()).unwrap();
        prop_assert!(none.is_empty());
        for step in &steps {
            log.append(step).unwrap();
        }
        // A crash in the middle of a line.
        let line = br#"{"apply":{"set":{"row_no":1,"column":0,"value":"x"}}}"#;
        append(&path, &line[..torn.min(line.len())]);
        let (mut log, read) = OperationLog::open(&path, table.found()).unwrap();
        prop_assert_eq!(&read, &steps);
        log.append(&Step::Undo).unwrap();
        let (_, read) = OperationLog::open(&path, table.found()).unwrap();
        prop_assert_eq!(read.len(), steps.len() + 1);
    }
}

fn append(path: &Path, bytes: &[u8]) {
    let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(bytes).unwrap();
}

#[test]
fn a_log_of_another_file_or_reading_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("operations.jsonl");
    let table = table();
    let (mut log, _) = OperationLog::open(&path, table.found()).unwrap();
    log.append(&Step::Undo).unwrap();
    let other = table_of(b"id,name\n1,Eva\n", &ReadOptions::default());
    let error = |table: &Table| OperationLog::open(&path, table.found()).err().unwrap();
    assert!(matches!(error(&other), LogError::OtherFile));
    let below = ReadOptions {
        header_line: Some(2),
        ..ReadOptions::default()
    };
    let otherwise = table_of(FILE, &below);
    assert!(matches!(error(&otherwise), LogError::OtherReading));
    append(&path, b"not a step\n{\"torn");
    assert!(matches!(error(&table), LogError::Damaged { line: 3 }));
}

#[cfg(unix)]
#[test]
fn a_log_is_readable_by_its_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("operations.jsonl");
    OperationLog::open(&path, table().found()).unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
