//! Sample rosters: people who do not exist, with the faults that lists of real people have.
//!
//! For trials, demonstrations and tests. The same [`Roster`] gives the same rows, in any file
//! format, and row by row: a million rows take no more memory than one.

mod faults;
mod people;
mod write;

use jiff::civil::Date;
use model::Schema;
use rand::rngs::Xoshiro256PlusPlus as Random;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};

pub use faults::Fault;
pub use write::{CsvOptions, Encoding, GenerateError, Made, csv, xlsx};

use crate::rules::document::cpf_check_digits;

/// The employee schema's fields, in its order.
pub(crate) mod at {
    pub const NUMBER: usize = 0;
    pub const NAME: usize = 1;
    pub const EMAIL: usize = 2;
    pub const DOCUMENT: usize = 3;
    pub const PHONE: usize = 4;
    pub const BIRTH: usize = 5;
    pub const HIRE: usize = 6;
    pub const DEPARTMENT: usize = 7;
    pub const JOB: usize = 8;
    pub const MANAGER: usize = 9;
    pub const SALARY: usize = 10;
    pub const LANGUAGE: usize = 11;
}

/// The employee schema's.
const DEPARTMENTS: [&str; 8] = [
    "Engenharia",
    "Vendas",
    "Financeiro",
    "Marketing",
    "Suporte",
    "Jurídico",
    "RH",
    "Operações",
];

/// Cells in the employee schema's order.
pub type Cells = [String; 12];

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Roster {
    pub rows: u32,
    /// The share of rows with a fault, 0 to 1.
    pub faults: f64,
    pub seed: u64,
    pub language: Language,
}

/// Of names, headers and ways of writing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    #[default]
    #[serde(rename = "pt-BR")]
    Portuguese,
    #[serde(rename = "en")]
    English,
    #[serde(rename = "es")]
    Spanish,
}

impl Language {
    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Portuguese => "pt-BR",
            Self::English => "en",
            Self::Spanish => "es",
        }
    }
}

impl std::str::FromStr for Language {
    type Err = ();

    fn from_str(tag: &str) -> Result<Self, Self::Err> {
        let base = tag.split('-').next().unwrap_or_default();
        [Self::Portuguese, Self::English, Self::Spanish]
            .into_iter()
            .find(|language| language.tag().split('-').next() == Some(base))
            .ok_or(())
    }
}

/// One row and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub cells: Cells,
    pub faults: Vec<Fault>,
}

impl Roster {
    /// The employee schema's titles in the roster's language.
    pub fn headers(&self) -> Vec<String> {
        let fields = Schema::employee().fields;
        let titles = fields
            .iter()
            .map(|field| field.title_in(self.language.tag()));
        titles.map(str::to_owned).collect()
    }

    /// The rows in order.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        let roster = *self;
        (1..=roster.rows).map(move |row| roster.row(row))
    }

    fn row(&self, row: u32) -> Row {
        let mut cells = self.person(row);
        let mut random = self.random(row, 2);
        let mut faults = Vec::new();
        if random.random_bool(self.faults.clamp(0.0, 1.0)) {
            faults.push(self.spoil(&mut cells, row, None, &mut random));
            if random.random_bool(0.15) {
                let first = faults[0];
                faults.push(self.spoil(&mut cells, row, Some(first), &mut random));
            }
        }
        Row { cells, faults }
    }

    /// A row without faults.
    fn person(&self, row: u32) -> Cells {
        let language = self.language;
        let mut random = self.random(row, 1);
        // The name comes first, so that an e-mail can be known without the rest.
        let name = people::name(&mut random, language);
        let document = self.document(row, random.random_bool(0.05));
        let punctuated = random.random_bool(0.7);
        let day = |random: &mut Random, from: i16, to: i16| {
            let date = Date::new(
                random.random_range(from..=to),
                random.random_range(1..=12),
                random.random_range(1..=28),
            );
            date.map(|date| date.to_string()).unwrap_or_default()
        };
        let birth = day(&mut random, 1958, 2005);
        let hire = day(&mut random, 2024, 2026);
        let department = people::one(&mut random, &DEPARTMENTS);
        let salary = random.random_range(36..600_u32) * 50;
        let phone = people::phone(&mut random, language);
        let has_phone = random.random_bool(0.9);
        let spoken = match random.random_range(0..20) {
            0 => "en",
            1 => "es",
            _ => language.tag(),
        };
        let mut cells = Cells::default();
        cells[at::NUMBER] = format!("{:07}", 1_000 + row);
        cells[at::EMAIL] = email(&name, row);
        cells[at::DOCUMENT] = if punctuated {
            punctuate(&document)
        } else {
            document
        };
        cells[at::PHONE] = if has_phone { phone } else { String::new() };
        cells[at::BIRTH] = birth;
        cells[at::HIRE] = hire;
        cells[at::DEPARTMENT] = department.to_owned();
        cells[at::JOB] = people::job(&mut random, language).to_owned();
        cells[at::MANAGER] = if row > 1 {
            self.email(manager_of(row))
        } else {
            String::new()
        };
        cells[at::SALARY] = format!("{salary}.00");
        cells[at::LANGUAGE] = spoken.to_owned();
        cells[at::NAME] = name;
        cells
    }

    fn email(&self, row: u32) -> String {
        email(&people::name(&mut self.random(row, 1), self.language), row)
    }

    /// A valid CPF that no other row has; those of a kind begin with one zero.
    fn document(&self, row: u32, zero: bool) -> String {
        // Multiplying by a number without common factors visits every number once.
        let (first, many) = if zero {
            (10_000_000, 90_000_000)
        } else {
            (100_000_000, 900_000_000)
        };
        let step = (u64::from(row) * 387_420_499 + self.seed % 900_000_000) % many;
        let mut nine = first + step;
        if nine.is_multiple_of(111_111_111) {
            // Nine times the same digit is no document. No row of a list this long comes here.
            nine = first + many - 1 - u64::from(row);
        }
        let nine = format!("{nine:09}");
        let check = nine
            .as_bytes()
            .first_chunk::<9>()
            .map(cpf_check_digits)
            .unwrap_or_default();
        format!("{nine}{}{}", char::from(check[0]), char::from(check[1]))
    }

    /// Each row's own, so that a row can be made without those before it.
    fn random(&self, row: u32, use_: u64) -> Random {
        let mixed = (u64::from(row) << 8 | use_).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Random::seed_from_u64(self.seed ^ mixed)
    }
}

/// Twelve people to a manager, and managers first.
fn manager_of(row: u32) -> u32 {
    (row / 12).max(1)
}

/// An address that no other row has, at a domain that nobody has (RFC 2606).
fn email(name: &str, row: u32) -> String {
    format!("{}{row}@example.com", people::mailbox(name))
}

fn punctuate(digits: &str) -> String {
    match (
        digits.get(..3),
        digits.get(3..6),
        digits.get(6..9),
        digits.get(9..),
    ) {
        (Some(a), Some(b), Some(c), Some(d)) => format!("{a}.{b}.{c}-{d}"),
        _ => digits.to_owned(),
    }
}
