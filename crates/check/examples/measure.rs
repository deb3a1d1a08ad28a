//! How long checking a list takes, against reading it with the `csv` crate and doing nothing.
//!
//! `cargo run --release -p muster-check --example measure -- [ROWS]` prints one line of JSON:
//! seconds (of the clock, and of all processors together where the system tells them: on a busy
//! machine only those compare), the ratio of both, the peak of memory, one edit's recheck.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::path::Path;
use std::time::{Duration, Instant};

use check::generate::{self, CsvOptions, Language, Roster};
use check::{Checker, Options, Plan, Verdict, guess};
use model::{RowNo, Schema};
use table::{Operation, ReadOptions, Table};

/// The best of so many.
const TIMES: usize = 3;

fn main() {
    let rows = std::env::args()
        .nth(1)
        .map_or(1_000_000, |rows| rows.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roster.csv");
    let roster = Roster {
        rows,
        faults: 0.02,
        seed: 1,
        language: Language::Portuguese,
    };
    let out = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    let (generated, _) = timed(|| generate::csv(&roster, CsvOptions::default(), out).unwrap());
    let bytes = std::fs::metadata(&path).unwrap().len();
    let (raw, raw_cpu) = best(|| raw_parse(&path));
    let (read, read_cpu) =
        best(|| table::read(&path, &ReadOptions::default(), &mut (), &()).unwrap());
    let memory_before = peak_memory();

    let head = table::head(&path, &ReadOptions::default()).unwrap();
    let schema = Schema::employee();
    let mapping = guess(&schema, &head.headers, &head.sample);
    let options = Options {
        date_order: None,
        today: jiff::civil::date(2026, 11, 20),
    };
    let plan = Plan::new(schema, mapping, options).unwrap();
    let (checked, checked_cpu) = best(|| checked(&plan, &path));
    let memory = peak_memory();
    let (mut table, mut verdict) = self::checked(&plan, &path);
    let (edit, undo) = edits(&plan, &mut table, &mut verdict);
    let (all, fixes) = timed(|| verdict.all_fixes(&plan, &table));
    let count = fixes.len();
    let touched = table.apply(Operation::SetMany(fixes));
    let (recheck, ()) = timed(|| verdict.recheck(&plan, &table, &touched));
    let (upload, _) = timed(|| check::canonical_csv(&plan, &table, std::io::sink()).unwrap());
    println!(
        "{{\"rows\":{rows},\"file_bytes\":{bytes},\"generate_s\":{:.3},\"csv_s\":{:.3},\"read_s\":{:.3},\
         \"check_s\":{:.3},\"check_to_csv\":{:.2},\"csv_cpu_s\":{raw_cpu:.2},\"read_cpu_s\":{read_cpu:.2},\"check_cpu_s\":{checked_cpu:.2},\"peak_after_read_bytes\":{memory_before},\
         \"peak_after_check_bytes\":{memory},\"edit_us\":{:.1},\"undo_us\":{:.1},\"fixes\":{count},\
         \"all_fixes_s\":{:.3},\"recheck_all_s\":{:.3},\"canonical_s\":{:.3},\"issues\":{}}}",
        generated.as_secs_f64(),
        raw.as_secs_f64(),
        read.as_secs_f64(),
        checked.as_secs_f64(),
        checked.as_secs_f64() / raw.as_secs_f64(),
        edit.as_secs_f64() * 1e6,
        undo.as_secs_f64() * 1e6,
        all.as_secs_f64(),
        recheck.as_secs_f64(),
        upload.as_secs_f64(),
        verdict.len(),
    );
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let done = work();
    (start.elapsed(), done)
}

/// The shortest time, and the seconds of all processors that one took on average.
fn best<T>(mut work: impl FnMut() -> T) -> (Duration, f64) {
    let before = processor_seconds();
    let times = (0..TIMES).map(|_| timed(&mut work).0);
    let shortest = times.min().unwrap_or_default();
    (shortest, (processor_seconds() - before) / TIMES as f64)
}

fn raw_parse(path: &Path) -> u64 {
    let mut reader = csv::ReaderBuilder::new().from_path(path).unwrap();
    let mut record = csv::ByteRecord::new();
    let mut cells = 0;
    while reader.read_byte_record(&mut record).unwrap() {
        cells += record.len() as u64;
    }
    std::hint::black_box(cells)
}

fn checked(plan: &Plan, path: &Path) -> (Table, Verdict) {
    let mut checker = Checker::new(plan);
    let table = table::read(path, &ReadOptions::default(), &mut checker, &()).unwrap();
    let verdict = checker.finish(&table);
    (table, verdict)
}

/// One cell of a thousand rows set and taken back, each rechecked; the mean of one.
fn edits(plan: &Plan, table: &mut Table, verdict: &mut Verdict) -> (Duration, Duration) {
    let step = (table.rows() / 1_000).max(1);
    let rows: Vec<u32> = (1..=table.rows()).step_by(step as usize).collect();
    let email = plan
        .schema()
        .index_of("email")
        .and_then(|field| plan.column_of(field))
        .unwrap();
    let mut edit = Duration::ZERO;
    for row in &rows {
        let touched = table.apply(Operation::Set {
            row_no: RowNo(*row),
            column: email,
            value: format!("somebody{row}@example.com"),
        });
        edit += timed(|| verdict.recheck(plan, table, &touched)).0;
    }
    let mut undo = Duration::ZERO;
    while let Some(touched) = table.undo() {
        undo += timed(|| verdict.recheck(plan, table, &touched)).0;
    }
    let count = u32::try_from(rows.len()).unwrap_or(1);
    (edit / count, undo / count)
}

/// Of this process, user and system, where the system tells: Linux does, in hundredths.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    let ticks = after_name.split(' ').skip(11).take(2);
    ticks
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

/// Bytes, where the system tells: Linux does.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
    kilobytes
        .and_then(|number| number.parse::<u64>().ok())
        .unwrap_or(0)
        * 1024
}
