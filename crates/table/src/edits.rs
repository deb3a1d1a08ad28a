//! What the user changed, over the rows as the file has them: operations, undone and redone
//! without limit.

use hashbrown::{HashMap, HashSet};
use model::RowNo;
use serde::{Deserialize, Serialize};

use crate::table::Extent;

/// One thing that the user did, however many cells it changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// One cell typed anew.
    Set {
        row_no: RowNo,
        column: usize,
        value: String,
    },
    /// Many cells at once: a fix for all, a replacement, a paste. Of two values for one cell the
    /// last counts.
    SetMany(Vec<(RowNo, usize, String)>),
    /// Rows left out of what is sent.
    Exclude(Vec<RowNo>),
    /// Rows taken in again.
    Include(Vec<RowNo>),
}

/// What an operation, its undoing or its redoing changed: what must be checked again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Each cell once: its row, its column and the text that stood there before. Also where the
    /// text was set to what it was.
    pub cells: Vec<(RowNo, usize, String)>,
    /// Rows that were excluded and are not, or the other way round.
    pub rows: Vec<RowNo>,
}

impl Touched {
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty() && self.rows.is_empty()
    }
}

/// A cell: its row number and its column.
type Key = (u32, u32);

#[derive(Default)]
pub(crate) struct Edits {
    cells: HashMap<Key, Box<str>>,
    excluded: HashSet<u32>,
    done: Vec<Done>,
    /// Taken back, the last one last.
    undone: Vec<Operation>,
}

/// An operation that stands, and how to take it back.
struct Done {
    operation: Operation,
    /// Each cell once, with what stood over it before: `None` is the file's own text.
    cells: Vec<(Key, Option<Box<str>>)>,
    rows: Vec<RowNo>,
}

impl Edits {
    pub(crate) fn cell(&self, row_no: RowNo, column: usize) -> Option<&str> {
        if self.cells.is_empty() {
            return None;
        }
        let column = u32::try_from(column).ok()?;
        self.cells.get(&(row_no.0, column)).map(|text| &**text)
    }

    pub(crate) fn is_excluded(&self, row_no: RowNo) -> bool {
        self.excluded.contains(&row_no.0)
    }

    pub(crate) fn excluded(&self) -> u32 {
        u32::try_from(self.excluded.len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn apply(&mut self, operation: Operation, extent: &Extent<'_>) -> Touched {
        self.undone.clear();
        self.carry_out(operation, extent)
    }

    pub(crate) fn undo(&mut self) -> Option<Touched> {
        let Done {
            operation,
            cells,
            rows,
        } = self.done.pop()?;
        let mut touched = Touched::default();
        for ((row, column), before) in cells {
            let gone = match before {
                Some(text) => self.cells.insert((row, column), text),
                None => self.cells.remove(&(row, column)),
            };
            let text = gone.map_or(String::new(), String::from);
            touched.cells.push((RowNo(row), column as usize, text));
        }
        for row_no in &rows {
            if !self.excluded.remove(&row_no.0) {
                self.excluded.insert(row_no.0);
            }
        }
        touched.rows = rows;
        self.undone.push(operation);
        Some(touched)
    }

    pub(crate) fn redo(&mut self, extent: &Extent<'_>) -> Option<Touched> {
        let operation = self.undone.pop()?;
        Some(self.carry_out(operation, extent))
    }

    pub(crate) fn log(&self) -> impl ExactSizeIterator<Item = &Operation> {
        self.done.iter().map(|done| &done.operation)
    }

    pub(crate) fn can_undo_redo(&self) -> (bool, bool) {
        (!self.done.is_empty(), !self.undone.is_empty())
    }

    fn carry_out(&mut self, operation: Operation, extent: &Extent<'_>) -> Touched {
        let mut done = Done {
            operation,
            cells: Vec::new(),
            rows: Vec::new(),
        };
        let mut touched = Touched::default();
        match &done.operation {
            Operation::Set {
                row_no,
                column,
                value,
            } => {
                if let Some(key) = key(*row_no, *column, extent) {
                    done.cells
                        .push((key, self.cells.insert(key, value.as_str().into())));
                }
            }
            Operation::SetMany(cells) => {
                let mut seen = HashSet::with_capacity(cells.len());
                for (row_no, column, value) in cells {
                    let Some(key) = key(*row_no, *column, extent) else {
                        continue;
                    };
                    let before = self.cells.insert(key, value.as_str().into());
                    if seen.insert(key) {
                        done.cells.push((key, before));
                    }
                }
            }
            Operation::Exclude(rows) => {
                let new =
                    |row_no: &&RowNo| extent.has_row(**row_no) && self.excluded.insert(row_no.0);
                done.rows = rows.iter().filter(new).copied().collect();
            }
            Operation::Include(rows) => {
                let back = |row_no: &&RowNo| self.excluded.remove(&row_no.0);
                done.rows = rows.iter().filter(back).copied().collect();
            }
        }
        for ((row, column), before) in &done.cells {
            let (row_no, column) = (RowNo(*row), *column as usize);
            let before = before.as_deref();
            let text = before.unwrap_or_else(|| extent.original(row_no, column));
            touched.cells.push((row_no, column, text.to_owned()));
        }
        touched.rows.clone_from(&done.rows);
        self.done.push(done);
        touched
    }
}

/// `None` where the table has no such cell.
fn key(row_no: RowNo, column: usize, extent: &Extent<'_>) -> Option<Key> {
    let exists = extent.has_row(row_no) && column < extent.columns;
    exists.then_some((row_no.0, u32::try_from(column).ok()?))
}
