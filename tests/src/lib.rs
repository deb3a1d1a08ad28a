//! What whole-path tests share: a pipeline in a process of its own, desks at their command lines,
//! and the gateway as a client sees it. Everything that is started ends with its owner, by pid.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot go on says why and ends"
)]

mod desk;
mod gateway;
#[cfg(target_os = "linux")]
mod machine;
mod pipeline;
mod proxy;
mod wait;

pub use desk::{Desk, Run};
pub use gateway::Gateway;
#[cfg(target_os = "linux")]
pub use machine::Machine;
pub use pipeline::{Endpoint, Pipeline};
pub use proxy::{Proxy, Trouble};
pub use wait::{free_port, until};

use std::path::PathBuf;

/// The program under test: `MUSTER_BIN`, or the one that was built beside the tests.
///
/// # Panics
/// Where there is none: `cargo build -p muster --features failpoints` makes it.
pub fn muster() -> PathBuf {
    if let Some(path) = std::env::var_os("MUSTER_BIN") {
        return path.into();
    }
    let mut path = std::env::current_exe().expect("the test has a path");
    path.pop();
    if path.ends_with("deps") {
        path.pop();
    }
    path.push(format!("muster{}", std::env::consts::EXE_SUFFIX));
    assert!(path.exists(), "{} is not built", path.display());
    path
}

/// A canonical roster of `rows` invented people with documents that fit their check digits.
pub fn clean_roster(rows: u32) -> String {
    let mut csv = String::from(
        "employee_number,full_name,email,document,phone,birth_date,hire_date,department,job_title,manager_email,salary,language\r\n",
    );
    for n in 1..=rows {
        csv.push_str(&format!(
            "{:06},Pessoa Exemplo {},pessoa{n}@example.com,{},+5511987654321,1990-04-23,2026-12-01,Vendas,Analista,,5400.00,pt-BR\r\n",
            n,
            letters(n),
            cpf(n),
        ));
    }
    csv
}

/// A CPF whose check digits fit, for the `n`th invented person.
pub fn cpf(n: u32) -> String {
    let mut digits: Vec<u32> = format!("{:09}", 100_000_000 + n * 7)
        .chars()
        .filter_map(|c| c.to_digit(10))
        .collect();
    for length in [9, 10] {
        let sum: u32 = digits
            .iter()
            .zip((2..=length + 1).rev())
            .map(|(d, w)| d * w)
            .sum();
        digits.push(match sum % 11 {
            0 | 1 => 0,
            rest => 11 - rest,
        });
    }
    digits.iter().map(u32::to_string).collect()
}

fn letters(mut n: u32) -> String {
    let mut word = String::new();
    while n > 0 {
        let letter = u8::try_from(n % 26).unwrap_or(0);
        word.insert(0, char::from(b'a' + letter));
        n /= 26;
    }
    let mut chars = word.chars();
    chars
        .next()
        .map(|first| first.to_ascii_uppercase())
        .into_iter()
        .chain(chars)
        .collect()
}
