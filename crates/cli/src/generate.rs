//! `muster generate`: a roster of invented people, for trials and demonstrations.

use std::io::Write;
use std::path::PathBuf;

use check::generate::{self, CsvOptions, GenerateError, Made, Roster};
use clap::Args;
use i18n::{Language, args};

use crate::failure::Failure;
use crate::session::{Session, file_name};

/// Write a roster of invented people, with faults as real lists have them; the same options give
/// the same people
#[derive(Args)]
pub struct Generate {
    /// People in the roster
    #[arg(long, value_name = "N", default_value_t = 1000)]
    rows: u32,
    /// Share of rows with a fault, in per cent (`2%`) or as a fraction (`0.02`)
    #[arg(long, value_name = "P", default_value = "2%", value_parser = share)]
    faults: f64,
    /// Another seed, other people
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// A workbook where the name ends in .xlsx, else CSV
    out: PathBuf,
}

/// `2%` is 0.02, and so is `0.02`. A bare number above 1 can only have meant per cent.
fn share(text: &str) -> Result<f64, String> {
    let wrong = || "write a share such as 2% or 0.02".to_owned();
    let (number, is_percent) = match text.trim().strip_suffix('%') {
        Some(number) => (number, true),
        None => (text.trim(), false),
    };
    let number: f64 = number.trim().parse().map_err(|_| wrong())?;
    let share = if is_percent || number > 1.0 {
        number / 100.0
    } else {
        number
    };
    (0.0..=1.0)
        .contains(&share)
        .then_some(share)
        .ok_or_else(wrong)
}

impl Generate {
    pub fn run(self, session: &Session) -> Result<(), Failure> {
        let roster = Roster {
            rows: self.rows,
            faults: self.faults,
            seed: self.seed,
            language: match session.settings.language() {
                Language::English => generate::Language::English,
                Language::BrazilianPortuguese => generate::Language::Portuguese,
                Language::Spanish => generate::Language::Spanish,
            },
        };
        let failed = |error| Failure::WriteFile {
            name: file_name(&self.out),
            error,
        };
        let file = std::fs::File::create(&self.out).map_err(failed)?;
        let mut file = std::io::BufWriter::new(file);
        let is_workbook = self
            .out
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
        let made: Result<Made, GenerateError> = if is_workbook {
            generate::xlsx(&roster, &mut file)
        } else {
            generate::csv(&roster, CsvOptions::default(), &mut file)
        };
        let made = made.map_err(|error| failed(std::io::Error::other(error)))?;
        file.flush().map_err(failed)?;
        let name = file_name(&self.out);
        let args = args! { "count" => made.rows, "name" => name };
        session.out.tell("cli-generated", &args);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_share_is_per_cent_or_a_fraction() {
        for (text, expected) in [
            ("2%", Some(0.02)),
            ("0.02", Some(0.02)),
            ("2", Some(0.02)),
            ("0", Some(0.0)),
            ("1", Some(1.0)),
            ("100%", Some(1.0)),
            ("101%", None),
            ("-1", None),
            ("many", None),
        ] {
            assert_eq!(share(text).ok(), expected, "{text}");
        }
    }
}
