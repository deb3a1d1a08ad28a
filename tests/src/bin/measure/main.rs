//! The measurements of `cargo xtask bench`, each a number that does not depend on the machine.
//!
//! `measure check FILE` compares with a raw parse of the same file; `measure requests` and
//! `measure rate` start a pipeline of their own and ask it.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::expect_used,
    reason = "a program for developers"
)]

mod batch;
mod check_ratio;
mod rate;
mod requests;

use std::path::Path;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["check", file] => check_ratio::measure(Path::new(file)),
        ["requests"] => requests::measure().await,
        ["rate"] => rate::measure().await,
        _ => {
            eprintln!("measure check FILE | requests | rate");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
