//! How many passed and failed, read from what the test runners say at their end.

use std::fmt;
use std::ops::{Add, AddAssign};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Tally {
    pub const PASSED: Self = Self {
        passed: 1,
        failed: 0,
        skipped: 0,
    };
    pub const FAILED: Self = Self {
        passed: 0,
        failed: 1,
        skipped: 0,
    };

    pub fn ran(self) -> u64 {
        self.passed + self.failed
    }

    /// Reads `12 passed, 1 failed` in any order and with other words between.
    fn from_words(line: &str) -> Self {
        let mut tally = Self::default();
        let mut last = 0;
        for word in line.split([' ', ',', ';', '(', ')']) {
            if let Ok(number) = word.parse() {
                last = number;
                continue;
            }
            match word {
                "passed" => tally.passed += last,
                "failed" | "timed" | "exec" | "error" | "errors" => tally.failed += last,
                "skipped" | "ignored" | "deselected" => tally.skipped += last,
                _ => continue,
            }
            last = 0;
        }
        tally
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "total: {} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// `Summary [ 1.2s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 3 skipped`.
pub fn nextest(said: &str) -> Tally {
    said.lines()
        .rev()
        .find(|line| line.trim_start().starts_with("Summary ["))
        .and_then(|line| line.split_once("run:"))
        .map(|(_, counts)| Tally::from_words(counts))
        .unwrap_or_default()
}

/// `test result: ok. 1 passed; 0 failed; 0 ignored; …`, once for each crate.
pub fn libtest(said: &str) -> Tally {
    said.lines()
        .filter(|line| line.starts_with("test result:"))
        .map(|line| line.split("; finished in").next().unwrap_or(line))
        .fold(Tally::default(), |sum, line| sum + Tally::from_words(line))
}

/// `3 failed, 12 passed, 1 skipped, 2 errors in 4.20s`, the last line.
pub fn pytest(said: &str) -> Tally {
    said.lines()
        .rev()
        .find(|line| line.contains(" in ") && line.trim_end_matches([' ', '=']).ends_with('s'))
        .and_then(|line| line.split(" in ").next())
        .map(Tally::from_words)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Tally, libtest, nextest, pytest};

    fn tally(passed: u64, failed: u64, skipped: u64) -> Tally {
        Tally {
            passed,
            failed,
            skipped,
        }
    }

    #[test]
    fn the_runners_last_words_are_counted() {
        type Case = (fn(&str) -> Tally, &'static str, Tally);
        let cases: [Case; 9] = [
            (
                nextest,
                "     Summary [   0.082s] 11 tests run: 11 passed, 0 skipped\n",
                tally(11, 0, 0),
            ),
            (
                nextest,
                "Summary [ 3.1s] 9 tests run: 5 passed (1 slow, 1 leaky), 2 failed, 1 timed out, 1 exec failed, 7 skipped\nerror: test run failed",
                tally(5, 4, 7),
            ),
            (nextest, "error: could not compile", tally(0, 0, 0)),
            (
                libtest,
                "test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\ntest result: FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.12s",
                tally(3, 1, 1),
            ),
            (pytest, "..\n12 passed in 4.20s\n", tally(12, 0, 0)),
            (
                pytest,
                "FAILED a.py::b\n3 failed, 12 passed, 1 skipped, 2 errors in 64.20s (0:01:04)s",
                tally(12, 5, 1),
            ),
            (pytest, "= 1 failed, 2 passed in 0.1s =", tally(2, 1, 0)),
            (pytest, "no tests ran in 0.01s", tally(0, 0, 0)),
            (pytest, "", tally(0, 0, 0)),
        ];
        for (read, said, expected) in cases {
            assert_eq!(read(said), expected, "{said}");
        }
    }

    #[test]
    fn totals_are_one_line() {
        assert_eq!(
            (tally(2, 0, 0) + Tally::PASSED).to_string(),
            "total: 3 passed, 0 failed"
        );
        assert_eq!(
            (tally(2, 0, 4) + Tally::FAILED).to_string(),
            "total: 2 passed, 1 failed, 4 skipped"
        );
    }
}
