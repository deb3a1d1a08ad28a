//! A file on its way to becoming a batch: read and checked in one pass, then edited until it is
//! ready. The user's file is never written; every edit is in a log that survives the program.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use check::{Checker, DateOrder, Mapping, Options, Plan, PlanError, Verdict};
use jiff::civil::Date;
use model::{RowNo, Schema, SourceFile};
use sha2::{Digest, Sha256};
use table::{
    Head, LogError, Operation, OperationLog, ReadError, ReadOptions, Step, Table, Touched, Watch,
};
use wire::DeclaredUpload;

use crate::ledger::NewRow;
use crate::outgoing::Outgoing;

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The log of edits, in the desk's folder.
    #[error("edits cannot be kept: {0}")]
    Log(#[source] LogError),
}

/// How to read and check a file.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    pub read: ReadOptions,
    pub schema: Schema,
    /// How to read `03/04/2026` where the column does not say.
    pub date_order: Option<DateOrder>,
    pub today: Date,
}

/// A file as it was found, before it is read whole.
pub struct Found {
    path: PathBuf,
    pub head: Head,
    /// Guessed, and the user's to change before the file is read.
    pub mapping: Mapping,
    options: ImportOptions,
}

impl Found {
    pub fn look(path: &Path, options: ImportOptions) -> Result<Self, ImportError> {
        let head = table::head(path, &options.read)?;
        let mapping = check::guess(&options.schema, &head.headers, &head.sample);
        Ok(Self {
            path: path.to_owned(),
            head,
            mapping,
            options,
        })
    }

    pub fn schema(&self) -> &Schema {
        &self.options.schema
    }

    /// Reads and checks the whole file in one pass, in the way that it was found.
    pub fn read(self, watch: &dyn Watch) -> Result<Import, ImportError> {
        let options = self.head.found.options();
        let check = Options {
            date_order: self.options.date_order,
            today: self.options.today,
        };
        let plan = Plan::new(self.options.schema, self.mapping, check)?;
        let mut checker = Checker::new(&plan);
        let table = table::read(&self.path, &options, &mut checker, watch)?;
        let verdict = checker.finish(&table);
        let name = self.path.file_name().map(|name| name.to_string_lossy());
        Ok(Import {
            name: name.unwrap_or_default().into_owned(),
            table,
            plan,
            verdict,
            log: None,
        })
    }
}

/// A file in memory with its verdict, which is true after every edit.
pub struct Import {
    name: String,
    table: Table,
    plan: Plan,
    verdict: Verdict,
    log: Option<(OperationLog, PathBuf)>,
}

impl Import {
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn table(&self) -> &Table {
        &self.table
    }

    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// Keeps edits in `drafts` from now on, and takes up those that were made to this file, read
    /// in this way, before. Says how many that were.
    pub fn keep_edits(&mut self, drafts: &Path) -> Result<usize, ImportError> {
        let path = drafts.join(format!("{}.jsonl", self.draft_name()));
        let (log, steps) =
            OperationLog::open(&path, self.table.found()).map_err(ImportError::Log)?;
        let restored = steps.len();
        for step in steps {
            if let Some(touched) = self.table.step(step) {
                self.verdict.recheck(&self.plan, &self.table, &touched);
            }
        }
        self.log = Some((log, path));
        Ok(restored)
    }

    /// Edits are of a file's bytes and of how its columns were understood.
    fn draft_name(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.table.sha256());
        hash.update(self.table.sheet().unwrap_or_default());
        let found = serde_json::to_vec(&self.table.found().options()).unwrap_or_default();
        hash.update(found);
        let digest = hash.finalize();
        digest[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    pub fn apply(&mut self, operation: Operation) -> Result<Touched, ImportError> {
        self.append(|| Step::Apply(operation.clone()))?;
        let touched = self.table.apply(operation);
        self.verdict.recheck(&self.plan, &self.table, &touched);
        Ok(touched)
    }

    pub fn undo(&mut self) -> Result<Option<Touched>, ImportError> {
        if !self.table.can_undo_redo().0 {
            return Ok(None);
        }
        self.append(|| Step::Undo)?;
        let touched = self.table.undo();
        if let Some(touched) = &touched {
            self.verdict.recheck(&self.plan, &self.table, touched);
        }
        Ok(touched)
    }

    pub fn redo(&mut self) -> Result<Option<Touched>, ImportError> {
        if !self.table.can_undo_redo().1 {
            return Ok(None);
        }
        self.append(|| Step::Redo)?;
        let touched = self.table.redo();
        if let Some(touched) = &touched {
            self.verdict.recheck(&self.plan, &self.table, touched);
        }
        Ok(touched)
    }

    /// Takes every suggested fix, as one edit. Says how many cells.
    pub fn fix_all(&mut self) -> Result<u64, ImportError> {
        let fixes = self.verdict.all_fixes(&self.plan, &self.table);
        let cells = fixes.len() as u64;
        if cells > 0 {
            self.apply(Operation::SetMany(fixes))?;
        }
        Ok(cells)
    }

    /// Leaves out every row that cannot be sent, as one edit. Says how many rows.
    pub fn exclude_bad(&mut self) -> Result<u64, ImportError> {
        let mut excluded = 0;
        // What is left can only lose issues by that, and a row whose twin is gone stays.
        let rows: Vec<_> = self.verdict.rows_with_errors().collect();
        if !rows.is_empty() {
            excluded = rows.len() as u64;
            self.apply(Operation::Exclude(rows))?;
        }
        Ok(excluded)
    }

    pub fn rows_to_send(&self) -> u64 {
        u64::from(self.table.rows() - self.table.excluded())
    }

    fn append(&mut self, step: impl FnOnce() -> Step) -> Result<(), ImportError> {
        match &mut self.log {
            Some((log, _)) => log
                .append(&step())
                .map_err(|error| ImportError::Log(error.into())),
            None => Ok(()),
        }
    }
}

impl Outgoing for Import {
    fn source(&self) -> SourceFile {
        SourceFile {
            name: self.name.clone(),
            sha256: self.table.sha256().to_owned(),
            rows: u64::from(self.table.rows()),
        }
    }

    fn schema(&self) -> &Schema {
        self.plan.schema()
    }

    fn write_canonical(&self, out: &mut dyn Write) -> io::Result<DeclaredUpload> {
        let written = check::canonical_csv(&self.plan, &self.table, out)?;
        Ok(DeclaredUpload {
            sha256: written.sha256,
            bytes: written.bytes,
            rows: written.rows,
        })
    }

    fn rows(&self) -> Box<dyn Iterator<Item = NewRow> + '_> {
        Box::new((1..=self.table.rows()).map(RowNo).map(|row_no| {
            let excluded = self.table.is_excluded(row_no);
            NewRow {
                row_no,
                line: self.table.line(row_no),
                record: (!excluded).then(|| check::record(&self.plan, &self.table, row_no)),
            }
        }))
    }

    /// The edits of a list that was sent are of no use any more.
    fn journalled(&self) {
        let Some((_, path)) = &self.log else { return };
        if let Err(error) = std::fs::remove_file(path) {
            tracing::warn!(%error, "the edits of a list that was sent are still there");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import(path: &Path) -> Import {
        let options = ImportOptions {
            read: ReadOptions::default(),
            schema: Schema::employee(),
            date_order: None,
            today: Date::constant(2026, 1, 1),
        };
        let found = Found::look(path, options).expect("a list");
        found.read(&()).expect("read")
    }

    #[test]
    fn edits_of_a_file_are_taken_up_again_and_gone_once_it_is_sent() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("list.csv");
        std::fs::write(&path, "full_name,email\nAna,a@example.com\n").expect("written");
        let mut first = import(&path);
        assert_eq!(first.keep_edits(folder.path()).expect("kept"), 0);
        let row = Operation::Exclude(vec![RowNo(1)]);
        first.apply(row).expect("left out");
        drop(first);

        let mut second = import(&path);
        assert_eq!(second.keep_edits(folder.path()).expect("kept"), 1);
        assert_eq!(second.rows_to_send(), 0);
        second.journalled();
        drop(second);
        let mut third = import(&path);
        assert_eq!(third.keep_edits(folder.path()).expect("kept"), 0);
    }
}
