//! Checks a table while it is read: column by column over each chunk, chunks side by side.
//!
//! What only the whole column can tell (whether `03/04` is in April or March) waits until the end,
//! as does what only all rows can tell (whether a value stands twice).

use std::sync::Arc;

use hashbrown::DefaultHashBuilder;
use model::{IssueCode, RowNo};
use rayon::prelude::*;
use table::chunk::CHUNK_ROWS;
use table::{Chunk, Operation, Table, Touched, Visitor};

use crate::found::{Found, run_of};
use crate::index::{self, Hash, Index};
use crate::links::{Link, indexes_of, links_of};
use crate::plan::Plan;
use crate::record::{is_before, not_before};
use crate::rules::{Evidence, Habit};
use crate::verdict::Verdict;

/// Sees each chunk once, in order; [`Checker::finish`] gives the verdict.
pub struct Checker<'p> {
    plan: &'p Plan,
    seed: DefaultHashBuilder,
    links: Vec<Link>,
    indexes: Vec<Index>,
    chunks: Vec<Arc<Chunk>>,
    runs: Vec<Vec<Found>>,
    /// Cells that wait for their whole column: field and row.
    waiting: Vec<(u16, u32)>,
    evidence: Vec<Evidence>,
}

/// What one chunk says by itself.
struct Part {
    found: Vec<Found>,
    waiting: Vec<(u16, u32)>,
    evidence: Vec<(usize, Evidence)>,
    /// For each link, its cells' hashes.
    hashes: Vec<Vec<Hash>>,
}

impl<'p> Checker<'p> {
    pub fn new(plan: &'p Plan) -> Self {
        let seed = DefaultHashBuilder::default();
        let links = links_of(plan);
        Self {
            plan,
            indexes: indexes_of(&links, &seed),
            links,
            seed,
            chunks: Vec::new(),
            runs: Vec::new(),
            waiting: Vec::new(),
            evidence: vec![Evidence::default(); plan.schema().fields.len()],
        }
    }

    /// `table` is what the chunks were read into. Edits that it has already count.
    pub fn finish(mut self, table: &Table) -> Verdict {
        let evidence = self.evidence.iter().enumerate();
        let habits: Vec<Habit> = evidence
            .map(|(field, evidence)| self.plan.rules(field).habit(*evidence))
            .collect();
        self.judge_waiting(&habits);
        self.judge_links(&habits);
        let Self {
            plan,
            links,
            indexes,
            runs,
            ..
        } = self;
        let mut verdict = Verdict::new(plan, table, links, indexes, runs, habits);
        let edited = edits_of(table);
        if !edited.is_empty() {
            verdict.recheck(plan, table, &edited);
        }
        verdict
    }

    fn judge_waiting(&mut self, habits: &[Habit]) {
        let (plan, chunks) = (self.plan, &self.chunks);
        let judged: Vec<Option<Found>> = std::mem::take(&mut self.waiting)
            .into_par_iter()
            .map(|(field, row)| {
                let field = usize::from(field);
                let value = cell(chunks, row, plan.column_of(field)?);
                let finding = plan.rules(field).check(value, habits[field])?;
                Some(Found::new(row, field, finding.code, finding.fix.is_some()))
            })
            .collect();
        for found in judged.into_iter().flatten() {
            self.runs[run_of(found.row)].push(found);
        }
    }

    fn judge_links(&mut self, habits: &[Habit]) {
        for (at, link) in self.links.iter().enumerate() {
            if link.unique {
                for row in self.indexes[at].shared().flatten() {
                    let found = Found::new(*row, link.field, IssueCode::DuplicateValue, false);
                    self.runs[run_of(*row)].push(found);
                }
            }
            let Some(target) = link.refers_to else {
                continue;
            };
            let chunks = &self.chunks;
            let column = self.links[target].column;
            let mut buffer = Vec::new();
            let rules = self.plan.rules(link.field);
            for mut rows in self.indexes[at].values() {
                let Some(first) = rows.next() else { continue };
                let value = cell(chunks, first, link.column);
                let hash = self.indexes[target].hash(value, &mut buffer);
                let there = self.indexes[target]
                    .rows(hash, value, |row| cell(chunks, row, column))
                    .next();
                if there.is_some() {
                    continue;
                }
                for row in std::iter::once(first).chain(rows) {
                    if !rules.is_error(cell(chunks, row, link.column), habits[link.field]) {
                        let found = Found::new(row, link.field, IssueCode::NotInTable, false);
                        self.runs[run_of(row)].push(found);
                    }
                }
            }
        }
    }

    fn part(&self, chunk: &Chunk) -> Part {
        let mut part = Part {
            found: Vec::new(),
            waiting: Vec::new(),
            evidence: Vec::new(),
            hashes: Vec::with_capacity(self.links.len()),
        };
        for (field, column) in self.plan.mapped() {
            self.judge_column(chunk, field, column, &mut part);
        }
        let mut buffer = Vec::new();
        for link in &self.links {
            let hashes = (0..chunk.rows()).map(|row| {
                let value = chunk.cell(row, link.column);
                index::hash(link.kind, &self.seed, value, &mut buffer)
            });
            part.hashes.push(hashes.collect());
        }
        part
    }

    fn judge_column(&self, chunk: &Chunk, field: usize, column: usize, part: &mut Part) {
        let rules = self.plan.rules(field);
        let habit = Habit::default();
        let (waits, short) = (rules.waits(), u16::try_from(field).unwrap_or(u16::MAX));
        let not_before = not_before(self.plan.schema(), self.plan.field(field))
            .and_then(|other| self.plan.column_of(other));
        let mut evidence = Evidence::default();
        for (row_no, row) in (chunk.first_row()..).zip(0..chunk.rows()) {
            let value = chunk.cell(row, column);
            let passes = if waits {
                rules.passes_by_itself(value)
            } else {
                rules.passes(value, habit)
            };
            if !passes {
                if waits {
                    evidence = evidence.and(rules.evidence(value));
                    part.waiting.push((short, row_no));
                } else if let Some(finding) = rules.check(value, habit) {
                    let has_fix = finding.fix.is_some();
                    let found = Found::new(row_no, field, finding.code, has_fix);
                    part.found.push(found);
                }
            } else if let Some(other) = not_before
                && is_before(value, chunk.cell(row, other))
            {
                let found = Found::new(row_no, field, IssueCode::DateOrder, false);
                part.found.push(found);
            }
        }
        part.evidence.push((field, evidence));
    }

    fn take(&mut self, chunks: &[Arc<Chunk>], parts: Vec<Part>) {
        self.chunks.extend_from_slice(chunks);
        let (known, links) = (&self.chunks, &self.links);
        self.indexes
            .par_iter_mut()
            .enumerate()
            .for_each(|(at, index)| {
                let column = links[at].column;
                for (chunk, part) in chunks.iter().zip(&parts) {
                    for (row, hash) in part.hashes[at].iter().enumerate() {
                        if hash.is_some() {
                            let row_no = chunk.first_row() + u32::try_from(row).unwrap_or(0);
                            let value = chunk.cell(row, column);
                            index.insert(row_no, *hash, value, |row| cell(known, row, column));
                        }
                    }
                }
            });
        for part in parts {
            self.runs.push(part.found);
            self.waiting.extend(part.waiting);
            for (field, evidence) in part.evidence {
                self.evidence[field] = self.evidence[field].and(evidence);
            }
        }
    }
}

impl Visitor for Checker<'_> {
    fn chunks(&mut self, chunks: &[Arc<Chunk>]) {
        let parts = chunks.par_iter().map(|chunk| self.part(chunk)).collect();
        self.take(chunks, parts);
    }
}

/// The verdict on a table that was read before: after another mapping, or another answer.
pub fn check_table(plan: &Plan, table: &Table) -> Verdict {
    let mut checker = Checker::new(plan);
    for chunks in table.chunks().chunks(8) {
        checker.chunks(chunks);
    }
    checker.finish(table)
}

fn cell(chunks: &[Arc<Chunk>], row_no: u32, column: usize) -> &str {
    let row = row_no.saturating_sub(1) as usize;
    chunks
        .get(row / CHUNK_ROWS)
        .map_or("", |chunk| chunk.cell(row % CHUNK_ROWS, column))
}

/// Everything that stands on the table, as if one operation had done it to the file's own cells.
fn edits_of(table: &Table) -> Touched {
    let mut cells = std::collections::BTreeSet::new();
    for operation in table.log() {
        match operation {
            Operation::Set { row_no, column, .. } => {
                cells.insert((*row_no, *column));
            }
            Operation::SetMany(many) => {
                cells.extend(many.iter().map(|(row_no, column, _)| (*row_no, *column)));
            }
            Operation::Exclude(_) | Operation::Include(_) => {}
        }
    }
    cells.retain(|(row_no, column)| table.is_edited(*row_no, *column));
    let original = |(row_no, column)| (row_no, column, table.original(row_no, column).to_owned());
    let rows = (1..=table.rows()).map(RowNo);
    Touched {
        cells: cells.into_iter().map(original).collect(),
        rows: if table.excluded() == 0 {
            Vec::new()
        } else {
            rows.filter(|row_no| table.is_excluded(*row_no)).collect()
        },
    }
}
