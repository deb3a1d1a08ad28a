//! Civil dates as people write them, and what they are in ISO 8601.
//!
//! Day and month of `03/04/2026` cannot be told apart by themselves: the caller knows what the
//! column as a whole says. Two-digit years are taken to be the latest year that is not beyond the
//! next one: with today in 2026, `27` is 2027 and `28` is 1928.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Which of two small numbers comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
}

/// A date that exists, as year × 10000 + month × 100 + day: ordered, small, quickly made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ymd(u32);

/// What a cell's text is, read as a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Written as it should be.
    Iso(Ymd),
    /// Written otherwise, and it can only be this.
    Plain(Ymd),
    /// Two small numbers and a year of which only one order exists.
    Decided(DateOrder, Ymd),
    /// Both orders exist: day first, then month first.
    Either(Ymd, Ymd),
    Not,
}

impl Ymd {
    pub fn new(year: u32, month: u32, day: u32) -> Option<Self> {
        let exists = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day);
        exists.then_some(Self(year * 10_000 + month * 100 + day))
    }

    pub fn iso(self) -> String {
        format!(
            "{:04}-{:02}-{:02}",
            self.0 / 10_000,
            self.0 / 100 % 100,
            self.0 % 100
        )
    }
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

/// `2026-04-03` and nothing else.
pub fn parse_iso(value: &str) -> Option<Ymd> {
    let bytes: &[u8; 10] = value.as_bytes().try_into().ok()?;
    if bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |at: std::ops::Range<usize>| {
        bytes[at].iter().try_fold(0, |number, byte| {
            byte.is_ascii_digit()
                .then(|| number * 10 + u32::from(byte - b'0'))
        })
    };
    Ymd::new(number(0..4)?, number(5..7)?, number(8..10)?)
}

/// `value` has no spaces around it. `today` decides two-digit years only.
pub fn read(value: &str, today: Date) -> Reading {
    if let Some(date) = parse_iso(value) {
        return Reading::Iso(date);
    }
    let value = without_time(value);
    if let Some(date) = parse_iso(value) {
        return Reading::Plain(date);
    }
    if value.bytes().all(|byte| byte.is_ascii_digit()) {
        return bare_number(value).map_or(Reading::Not, Reading::Plain);
    }
    if let Some(whole) = excel_fraction(value) {
        return bare_number(whole).map_or(Reading::Not, Reading::Plain);
    }
    if value.chars().any(char::is_alphabetic) {
        return named_month(value, today).map_or(Reading::Not, Reading::Plain);
    }
    numbers(value, today)
}

/// `2026-04-03T00:00:00Z` and `03/04/2026 08:30` are their dates.
fn without_time(value: &str) -> &str {
    let Some((date, time)) = value.split_once(['T', ' ']) else {
        return value;
    };
    let is_time = time.contains(':')
        && time.chars().all(|c| {
            c.is_ascii_digit() || matches!(c, ':' | '.' | '+' | '-' | 'Z' | ' ' | 'A' | 'P' | 'M')
        });
    if is_time && date.bytes().any(|byte| byte.is_ascii_digit()) {
        date
    } else {
        value
    }
}

/// `45000.0` and `45000.375`: a day and a time of day.
fn excel_fraction(value: &str) -> Option<&str> {
    let (whole, fraction) = value.split_once(['.', ','])?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (whole.len() == 5 && digits(whole) && digits(fraction)).then_some(whole)
}

/// Excel's count of days since 1899-12-30, 20000 (1954) to 60000 (2064), or `20260403`.
fn bare_number(digits: &str) -> Option<Ymd> {
    let number: u32 = digits.parse().ok()?;
    if digits.len() == 5 && (20_000..=60_000).contains(&number) {
        let days = i64::from(number) - 25_569;
        let date = Date::constant(1970, 1, 1)
            .checked_add(jiff::Span::new().days(days))
            .ok()?;
        return Ymd::new(
            u32::try_from(date.year()).ok()?,
            u32::try_from(date.month()).ok()?,
            u32::try_from(date.day()).ok()?,
        );
    }
    let plausible = digits.len() == 8 && (1900..2100).contains(&(number / 10_000));
    if !plausible {
        return None;
    }
    Ymd::new(number / 10_000, number / 100 % 100, number % 100)
}

/// Three numbers between one kind of separator.
fn numbers(value: &str, today: Date) -> Reading {
    let Some(separator) = value.chars().find(|c| !c.is_ascii_digit()) else {
        return Reading::Not;
    };
    if !matches!(separator, '/' | '-' | '.' | ' ') {
        return Reading::Not;
    }
    let mut parts = value.split(separator);
    let (Some(a), Some(b), Some(c), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Reading::Not;
    };
    let small = |text: &str| number_of(text, 1..=2);
    if let (Some(year), Some(month), Some(day)) = (number_of(a, 4..=4), small(b), small(c)) {
        return Ymd::new(year, month, day).map_or(Reading::Not, Reading::Plain);
    }
    let (Some(first), Some(second), Some(year)) = (small(a), small(b), year_of(c, today)) else {
        return Reading::Not;
    };
    match (Ymd::new(year, second, first), Ymd::new(year, first, second)) {
        (Some(date), Some(same)) if date == same => Reading::Plain(date),
        (Some(dmy), Some(mdy)) => Reading::Either(dmy, mdy),
        (Some(date), None) => Reading::Decided(DateOrder::Dmy, date),
        (None, Some(date)) => Reading::Decided(DateOrder::Mdy, date),
        (None, None) => Reading::Not,
    }
}

fn number_of(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let digits = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn year_of(text: &str, today: Date) -> Option<u32> {
    if let Some(year) = number_of(text, 4..=4) {
        return Some(year);
    }
    let short = number_of(text, 2..=2)?;
    let latest = u32::try_from(today.year()).ok()? + 1;
    let year = latest - latest % 100 + short;
    Some(if year > latest { year - 100 } else { year })
}

/// The first three letters, folded, in English, Portuguese and Spanish.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene"],
    &["feb", "fev"],
    &["mar"],
    &["apr", "abr"],
    &["may", "mai"],
    &["jun"],
    &["jul"],
    &["aug", "ago"],
    &["sep", "set"],
    &["oct", "out"],
    &["nov"],
    &["dec", "dez", "dic"],
];

const MONTH_NAMES: [&[&str]; 12] = [
    &["january", "janeiro", "enero"],
    &["february", "fevereiro", "febrero"],
    &["march", "marco", "marzo"],
    &["april", "abril"],
    &["may", "maio", "mayo"],
    &["june", "junho", "junio"],
    &["july", "julho", "julio"],
    &["august", "agosto"],
    &["september", "setembro", "septiembre", "setiembre", "sept"],
    &["october", "outubro", "octubre"],
    &["november", "novembro", "noviembre"],
    &["december", "dezembro", "diciembre"],
];

/// `5 de janeiro de 2026`, `05-jan-26`, `Jan 5th, 2026`.
fn named_month(value: &str, today: Date) -> Option<Ymd> {
    let folded = crate::fold::fold(value);
    let mut month = None;
    let mut numbers = Vec::new();
    for word in folded.split(' ') {
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            let digits = word.trim_end_matches(|c: char| c.is_alphabetic());
            if !matches!(&word[digits.len()..], "" | "st" | "nd" | "rd" | "th" | "o") {
                return None;
            }
            numbers.push(digits);
        } else if !matches!(word, "de" | "del" | "of" | "the") {
            if month.is_some() {
                return None;
            }
            month = Some(month_of(word)?);
        }
    }
    let month = month?;
    let [a, b] = numbers[..] else { return None };
    match (number_of(a, 1..=2), number_of(a, 4..=4)) {
        (Some(day), _) => Ymd::new(year_of(b, today)?, month, day),
        (None, Some(year)) => Ymd::new(year, month, number_of(b, 1..=2)?),
        (None, None) => None,
    }
}

fn month_of(word: &str) -> Option<u32> {
    let at = MONTHS
        .iter()
        .zip(MONTH_NAMES)
        .position(|(short, long)| short.contains(&word) || long.contains(&word))?;
    u32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 20);

    fn ymd(iso: &str) -> Ymd {
        parse_iso(iso).unwrap()
    }

    #[test]
    fn iso_is_exact() {
        for good in ["2026-04-03", "2024-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(parse_iso(good).map(Ymd::iso).as_deref(), Some(good));
        }
        for bad in [
            "2026-4-3",
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "2026/04/03",
            "0000-01-01",
            "2026-04-03 ",
            "20260403",
            "",
            "+026-04-03",
        ] {
            assert_eq!(parse_iso(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn what_can_only_be_one_date_is_that_date() {
        for (value, iso) in [
            ("2026/04/03", "2026-04-03"),
            ("2026.4.3", "2026-04-03"),
            ("2026-4-3", "2026-04-03"),
            ("20260403", "2026-04-03"),
            ("2026-04-03 00:00:00", "2026-04-03"),
            ("2026-04-03T08:30:00.000Z", "2026-04-03"),
            ("04/04/2026", "2026-04-04"),
            ("25569", "1970-01-01"),
            ("45000", "2023-03-15"),
            ("45000.0", "2023-03-15"),
            ("45000,375", "2023-03-15"),
            ("5 de janeiro de 2026", "2026-01-05"),
            ("1º de março de 1999", "1999-03-01"),
            ("05-jan-26", "2026-01-05"),
            ("05/dez/1985", "1985-12-05"),
            ("Jan 5th, 2026", "2026-01-05"),
            ("3 de setiembre del 2001", "2001-09-03"),
            ("2001 October 3", "2001-10-03"),
            ("15-AGO-99", "1999-08-15"),
        ] {
            assert_eq!(read(value, TODAY), Reading::Plain(ymd(iso)), "{value:?}");
        }
    }

    #[test]
    fn numbers_beyond_twelve_decide() {
        for (value, order, iso) in [
            ("25/12/1990", DateOrder::Dmy, "1990-12-25"),
            ("25-12-1990", DateOrder::Dmy, "1990-12-25"),
            ("25.12.1990 00:00", DateOrder::Dmy, "1990-12-25"),
            ("12/25/1990", DateOrder::Mdy, "1990-12-25"),
            ("31/1/85", DateOrder::Dmy, "1985-01-31"),
            ("29/02/24", DateOrder::Dmy, "2024-02-29"),
        ] {
            assert_eq!(
                read(value, TODAY),
                Reading::Decided(order, ymd(iso)),
                "{value:?}"
            );
        }
        assert_eq!(
            read("03/04/2026", TODAY),
            Reading::Either(ymd("2026-04-03"), ymd("2026-03-04"))
        );
    }

    #[test]
    fn what_is_no_date_is_none() {
        for value in [
            "31/02/2026",
            "13/13/2026",
            "0/1/2026",
            "hoje",
            "2026",
            "12/2026",
            "1/2/3/2026",
            "1/2/202",
            "99999",
            "19999",
            "5 de janeiro",
            "5 foo 2026",
            "30 de fevereiro de 2026",
            "1-2/2026",
            "jan jan 5 2026",
            "12345678",
            "٣/٤/٢٠٢٦",
        ] {
            assert_eq!(read(value, TODAY), Reading::Not, "{value:?}");
        }
    }

    #[test]
    fn short_years_are_the_latest_up_to_next_year() {
        for (short, year) in [
            ("26", 2026),
            ("27", 2027),
            ("28", 1928),
            ("99", 1999),
            ("00", 2000),
        ] {
            assert_eq!(year_of(short, TODAY), Some(year), "{short}");
        }
        assert_eq!(year_of("00", Date::constant(2099, 12, 31)), Some(2100));
    }

    proptest! {
        #[test]
        fn agrees_with_jiff_on_which_dates_exist(year in 1..=9999_u32, month in 0..=13_u32, day in 0..=32_u32) {
            let jiff = Date::new(year as i16, month as i8, day as i8);
            let ours = Ymd::new(year, month, day);
            prop_assert_eq!(ours.map(Ymd::iso), jiff.ok().map(|date| date.to_string()));
        }

        #[test]
        fn any_text_can_be_read(value in "\\PC{0,20}|[0-9a-z/. -]{0,16}") {
            let _ = read(&value, TODAY);
        }
    }
}
