//! A verdict after an edit: only what the edit touches is looked at again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::{IssueCode, RowNo};
use rayon::prelude::*;
use table::{Table, Touched};

use crate::found::{Found, WHOLE_ROW, range_of, rows_in_error, run_of};
use crate::plan::Plan;
use crate::record::{is_before, not_before};
use crate::verdict::{Verdict, count, uncount};

/// Beyond this many rows of a run it is put together anew.
const ONE_BY_ONE: usize = 8;

/// Cells of other rows to look at again: row, link.
type Dependants = BTreeSet<(u32, usize)>;

impl Verdict {
    /// Makes the verdict that of the table after an operation, its undoing or its redoing, which
    /// has touched this and nothing else.
    pub fn recheck(&mut self, plan: &Plan, table: &Table, touched: &Touched) {
        let dependants = self.relink(table, touched);
        let cells = touched.cells.iter().map(|(row_no, _, _)| row_no.0);
        let rows: BTreeSet<u32> = cells.chain(touched.rows.iter().map(|row| row.0)).collect();
        let mut by_run: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
        for row in &rows {
            by_run.entry(run_of(*row)).or_default().push(*row);
        }
        let verdict = &*self;
        let again = |(run, rows): (usize, Vec<u32>)| {
            let mut found = Vec::new();
            for row in &rows {
                verdict.judge_row(plan, table, *row, &mut found);
            }
            (run, rows, found)
        };
        let judged: Vec<_> = match by_run.len() {
            // One edit is not worth waking threads for.
            0..=1 => by_run.into_iter().map(again).collect(),
            _ => by_run.into_par_iter().map(again).collect(),
        };
        for (run, rows, found) in judged {
            self.put(run, &rows, found);
        }
        for (row, link) in dependants {
            if !rows.contains(&row) {
                self.judge_dependant(plan, table, row, link);
            }
        }
    }

    /// Brings the indexes up to date, and says which cells of other rows may be judged otherwise.
    fn relink(&mut self, table: &Table, touched: &Touched) -> Dependants {
        let turned: BTreeSet<u32> = touched.rows.iter().map(|row| row.0).collect();
        let mut dependants = Dependants::new();
        let mut came_or_went: Vec<(usize, String)> = Vec::new();
        let mut buffer = Vec::new();
        for at in 0..self.links.len() {
            let link = &self.links[at];
            let column = link.column;
            let cells = touched.cells.iter().filter(|cell| cell.1 == column);
            let mut before: HashMap<u32, &str> = cells
                .map(|(row_no, _, text)| (row_no.0, text.as_str()))
                .collect();
            for row in &turned {
                before
                    .entry(*row)
                    .or_insert_with(|| table.cell(RowNo(*row), column));
            }
            let index = &mut self.indexes[at];
            let referred = !link.referred_by.is_empty();
            for (row, text) in &before {
                let excluded = table.is_excluded(RowNo(*row));
                if excluded != turned.contains(row) {
                    continue;
                }
                let hash = index.hash(text, &mut buffer);
                let change = index.remove(*row, hash);
                if let (true, 1, Some(other)) = (link.unique, change.after, change.other) {
                    dependants.insert((other, at));
                }
                if referred && (change.before, change.after) == (1, 0) {
                    came_or_went.push((at, (*text).to_owned()));
                }
            }
            for row in before.keys() {
                let row_no = RowNo(*row);
                if table.is_excluded(row_no) {
                    continue;
                }
                let text = table.cell(row_no, column);
                let hash = index.hash(text, &mut buffer);
                let change = index.insert(*row, hash, text, |row| table.cell(RowNo(row), column));
                if let (true, 1, Some(other)) = (link.unique, change.before, change.other) {
                    dependants.insert((other, at));
                }
                if referred && (change.before, change.after) == (0, 1) {
                    came_or_went.push((at, text.to_owned()));
                }
            }
        }
        for (target, value) in came_or_went {
            for &from in &self.links[target].referred_by {
                let column = self.links[from].column;
                let hash = self.indexes[from].hash(&value, &mut buffer);
                let rows =
                    self.indexes[from].rows(hash, &value, |row| table.cell(RowNo(row), column));
                dependants.extend(rows.map(|row| (row, from)));
            }
        }
        dependants
    }

    /// All that is wrong with one row.
    fn judge_row(&self, plan: &Plan, table: &Table, row: u32, found: &mut Vec<Found>) {
        let row_no = RowNo(row);
        if table.is_excluded(row_no) {
            return;
        }
        let start = found.len();
        for (field, column) in plan.mapped() {
            let value = table.cell(row_no, column);
            if let Some(finding) = plan.rules(field).check(value, self.habits[field]) {
                found.push(Found::new(row, field, finding.code, finding.fix.is_some()));
            } else if let Some(other) = not_before(plan.schema(), plan.field(field))
                && let Some(other) = plan.column_of(other)
                && is_before(value, table.cell(row_no, other))
            {
                found.push(Found::new(row, field, IssueCode::DateOrder, false));
            }
        }
        for link in 0..self.links.len() {
            found.extend(self.judge_link(plan, table, row, link));
        }
        let from = self.flaws.partition_point(|(at, _)| *at < row);
        let flaws = self.flaws[from..].iter().take_while(|(at, _)| *at == row);
        for (_, flaw) in flaws.filter(|(_, flaw)| table.stands(flaw)) {
            found.push(Found::new(row, usize::from(WHOLE_ROW), flaw.code, false));
        }
        found[start..].sort_unstable();
    }

    /// What other rows make of this one's value.
    fn judge_link(&self, plan: &Plan, table: &Table, row: u32, at: usize) -> Option<Found> {
        let link = &self.links[at];
        let value = table.cell(RowNo(row), link.column);
        let hash = self.indexes[at].hash(value, &mut Vec::new());
        hash?;
        let rows_with = |at: usize| {
            let column = self.links[at].column;
            self.indexes[at].rows(hash, value, move |row| table.cell(RowNo(row), column))
        };
        if link.unique {
            let twice = rows_with(at).nth(1).is_some();
            return twice.then(|| Found::new(row, link.field, IssueCode::DuplicateValue, false));
        }
        let missing = rows_with(link.refers_to?).next().is_none();
        let noted = missing
            && !plan
                .rules(link.field)
                .is_error(value, self.habits[link.field]);
        noted.then(|| Found::new(row, link.field, IssueCode::NotInTable, false))
    }

    fn judge_dependant(&mut self, plan: &Plan, table: &Table, row: u32, link: usize) {
        let unique = self.links[link].unique;
        let code = if unique {
            IssueCode::DuplicateValue
        } else {
            IssueCode::NotInTable
        };
        let marked = Found::new(row, self.links[link].field, code, false);
        let judged = self.judge_link(plan, table, row, link);
        let run = &self.runs[run_of(row)];
        let mut found = run[range_of(run, row)].to_vec();
        match (found.binary_search(&marked), judged) {
            (Ok(at), None) => {
                found.remove(at);
            }
            (Err(at), Some(judged)) => found.insert(at, judged),
            _ => return,
        }
        self.put(run_of(row), &[row], found);
    }

    /// Replaces what was found of these rows, which are in order and of one run.
    fn put(&mut self, run: usize, rows: &[u32], found: Vec<Found>) {
        let Some(run) = self.runs.get_mut(run) else {
            return;
        };
        for found in &found {
            count(&mut self.causes, *found);
        }
        self.rows_in_error += rows_in_error(&found);
        let mut gone = Vec::new();
        if rows.len() <= ONE_BY_ONE {
            for row in rows {
                let of_row = found.iter().filter(|found| found.row == *row).copied();
                let range = range_of(run, *row);
                gone.extend(run.splice(range, of_row));
            }
        } else {
            run.retain(|found| {
                let stays = rows.binary_search(&found.row).is_err();
                if !stays {
                    gone.push(*found);
                }
                stays
            });
            run.extend(found);
            run.sort_unstable();
        }
        for found in &gone {
            uncount(&mut self.causes, *found);
        }
        self.rows_in_error -= rows_in_error(&gone);
    }
}
