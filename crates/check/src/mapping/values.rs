//! What a column's first values look like, whatever its header says.

use jiff::civil::Date;
use model::{Field, FieldType, MusterFormat};

use crate::rules::list::List;
use crate::rules::{date, document, email, number};

/// The values of one column that are not empty.
pub struct Sample<'a> {
    values: Vec<&'a str>,
}

/// How well values fit a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// The share that looks as the field's values do, 0 to 1.
    pub share: f32,
    /// How sure that alone makes: few things look like a CPF, many like a number.
    pub telling: f32,
}

impl<'a> Sample<'a> {
    pub fn new(rows: &'a [Vec<String>], column: usize) -> Self {
        let cells = rows.iter().filter_map(|row| row.get(column));
        let values = cells
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty());
        Self {
            values: values.collect(),
        }
    }

    /// `None` where there is nothing to judge by.
    pub fn fit(&self, field: &Field) -> Option<Fit> {
        if self.values.len() < 2 {
            return None;
        }
        let fit = |looks: &dyn Fn(&str) -> bool, telling: f32| {
            let like = self.values.iter().filter(|value| looks(value)).count();
            Some(Fit {
                share: like as f32 / self.values.len() as f32,
                telling,
            })
        };
        if let Some(list) = List::new(field) {
            return fit(
                &|value| list.check(value).is_none_or(|found| found.fix.is_some()),
                0.7,
            );
        }
        match (field.muster_format, field.field_type) {
            (Some(MusterFormat::Phone), _) => fit(&is_like_a_phone, 0.62),
            (Some(format), _) => fit(
                &|value| document::check(format, value).is_none_or(|found| found.fix.is_some()),
                0.85,
            ),
            (None, FieldType::Date) => fit(&is_like_a_date, 0.5),
            (None, FieldType::Number | FieldType::Integer) => {
                fit(&|value| number::read(value) != number::Reading::Not, 0.0)
            }
            (None, FieldType::String) if field.is_email() => fit(
                &|value| value.contains('@') && email::check(value).is_none_or(|f| f.fix.is_some()),
                0.62,
            ),
            _ => None,
        }
    }

    /// The share of values that differ from those before.
    pub fn distinct(&self) -> f32 {
        let distinct: std::collections::HashSet<_> = self.values.iter().collect();
        distinct.len() as f32 / self.values.len().max(1) as f32
    }

    /// The date in the middle, for telling births from hires.
    pub fn middle_date(&self) -> Option<date::Ymd> {
        let mut dates: Vec<_> = self
            .values
            .iter()
            .filter_map(|value| read_date(value))
            .collect();
        dates.sort_unstable();
        dates.get(dates.len() / 2).copied()
    }
}

/// Any day will do: it moves two-digit years by a century at the most.
const SOME_DAY: Date = Date::constant(2026, 1, 1);

fn read_date(value: &str) -> Option<date::Ymd> {
    match date::read(value, SOME_DAY) {
        date::Reading::Iso(date)
        | date::Reading::Plain(date)
        | date::Reading::Decided(_, date)
        | date::Reading::Either(date, _) => Some(date),
        date::Reading::Not => None,
    }
}

fn is_like_a_date(value: &str) -> bool {
    // A bare number may be a date, but says nothing by itself.
    read_date(value).is_some() && value.bytes().any(|byte| !byte.is_ascii_digit())
}

fn is_like_a_phone(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let dressed = value.starts_with('+') || value.starts_with('(') || value.contains(") ");
    let plain = value
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '+' | '(' | ')' | '-' | ' ' | '.'));
    let document = document::is_valid(MusterFormat::Cpf, value);
    plain && !document && (8..=15).contains(&digits) && (dressed || digits >= 10)
}
