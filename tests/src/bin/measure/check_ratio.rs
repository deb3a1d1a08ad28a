//! Reading and checking a list, compared with a raw parse of the same file by the `csv` crate on
//! one thread.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

use check::{Checker, Options, Plan};
use model::Schema;
use table::ReadOptions;

/// The best of so many: what else the machine does can only make a run slower.
const RUNS: u32 = 3;

pub fn measure(file: &Path) {
    let bytes = file.metadata().expect("the file").len();
    // Once before, so that every run finds the file in memory.
    parse(file);
    let (raw, records) = best(|| parse(file));
    let (checked, (rows, issues)) = best(|| check(file));
    assert_eq!(records, u64::from(rows), "both read every row");
    let ratio = checked.as_secs_f64() / raw.as_secs_f64();
    println!(
        "check of {rows} rows ({} MiB, {issues} issues) ÷ raw csv parse: {ratio:.2}",
        bytes >> 20
    );
    println!(
        "  check {:.2} s, raw parse {:.2} s, {} threads",
        checked.as_secs_f64(),
        raw.as_secs_f64(),
        std::thread::available_parallelism().map_or(1, usize::from)
    );
}

fn best<T>(mut work: impl FnMut() -> T) -> (Duration, T) {
    let mut timed = || {
        let start = Instant::now();
        let value = work();
        (start.elapsed(), value)
    };
    let mut best = timed();
    for _ in 1..RUNS {
        let next = timed();
        if next.0 < best.0 {
            best = next;
        }
    }
    best
}

/// Data rows.
fn parse(file: &Path) -> u64 {
    let mut reader = csv::Reader::from_reader(File::open(file).expect("the file"));
    let mut record = csv::ByteRecord::new();
    let mut rows = 0;
    while reader.read_byte_record(&mut record).expect("CSV") {
        rows += 1;
    }
    rows
}

/// Rows and issues.
fn check(file: &Path) -> (u32, u64) {
    let options = ReadOptions::default();
    let schema = Schema::employee();
    let head = table::head(file, &options).expect("a list");
    let mapping = check::guess(&schema, &head.headers, &head.sample);
    let today = jiff::civil::date(2026, 11, 20);
    let date_order = None;
    let plan = Plan::new(schema, mapping, Options { date_order, today }).expect("a plan");
    let mut checker = Checker::new(&plan);
    let table = table::read(file, &options, &mut checker, &()).expect("a list");
    let verdict = checker.finish(&table);
    (table.rows(), verdict.len())
}
