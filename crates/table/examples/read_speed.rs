//! How long reading a file into a table takes, against the `csv` crate reading the same file into a
//! record, or `calamine` reading the same sheet into a range: `cargo run --release -p muster-table --example read_speed -- FILE`. On Linux with the
//! peak memory of the table's reading, which comes first.

#![allow(clippy::print_stdout, clippy::expect_used)]

use std::path::Path;
use std::time::{Duration, Instant};

use calamine::Reader;

const TIMES: usize = 5;

fn main() {
    table::workbook::child_main_if_asked();
    let path = std::env::args().nth(1).expect("a file");
    let path = Path::new(&path);
    let table = read(path);
    let rows = table.rows();
    let peak = peak_memory();
    drop(table);
    let ticks = processor_ticks();
    let table = best(|| drop(read(path)));
    let between = processor_ticks();
    let raw = best(|| assert_eq!(raw(path), rows));
    let after = processor_ticks();
    let size = std::fs::metadata(path).expect("a file").len();
    println!("{rows} rows, {} MiB", size >> 20);
    println!(
        "raw {raw:.0?}, table {table:.0?}: {:.2} times",
        table.as_secs_f64() / raw.as_secs_f64()
    );
    if let (Some(before), Some(between), Some(after)) = (ticks, between, after) {
        // Over all threads: what is left of the comparison on a machine that is busy otherwise.
        let ratio = (between - before) as f64 / (after - between) as f64;
        println!("processor time {ratio:.2} times");
    }
    if let Some(peak) = peak {
        println!(
            "peak memory {} MiB, {:.2} times the file",
            peak >> 20,
            peak as f64 / size as f64
        );
    }
}

fn read(path: &Path) -> table::Table {
    table::read(path, &table::ReadOptions::default(), &mut (), &()).expect("a table")
}

fn raw(path: &Path) -> u32 {
    if path
        .extension()
        .is_some_and(|extension| extension == "xlsx")
    {
        let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).expect("a workbook");
        let sheet = book.worksheet_range_at(0).expect("a sheet");
        let rows = sheet.expect("a range").height() - 1;
        return u32::try_from(rows).expect("a number");
    }
    let mut reader = csv::Reader::from_path(path).expect("a file");
    let mut record = csv::ByteRecord::new();
    let mut rows = 0;
    while reader.read_byte_record(&mut record).expect("a record") {
        rows += 1;
    }
    rows
}

fn best(mut work: impl FnMut()) -> Duration {
    let time = |()| {
        let begun = Instant::now();
        work();
        begun.elapsed()
    };
    std::iter::repeat_n((), TIMES)
        .map(time)
        .min()
        .expect("a time")
}

fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib = line.split_whitespace().nth(1)?.parse::<u64>().ok()?;
    Some(kib << 10)
}

/// User and system time of the process, as Linux counts it.
fn processor_ticks() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let user = fields.next()?.parse::<u64>().ok()?;
    let system = fields.next()?.parse::<u64>().ok()?;
    Some(user + system)
}
