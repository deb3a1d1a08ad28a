//! A workbook's values as the text that a person sees.
//!
//! Numbers are not formatted as the sheet would (thousands, currency, percent): a rule wants the
//! number. Zeros that a format puts in front are kept, since they belong to the document or
//! employee number that is shown. Only xlsx tells the formats; in xls, xlsb and ods such a number
//! comes without its zeros.

use calamine::{Data, DataRef, ExcelDateTime};
use jiff::civil::{Date, Time};

/// A format of zeros only (`000`, `000\.000\.000\-00`), as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ZeroPadded(Vec<Option<char>>);

impl ZeroPadded {
    /// `None` where the format is anything but zeros and literal characters, or has a single zero.
    pub(super) fn of(format: &str) -> Option<Self> {
        let mut tokens = Vec::new();
        let mut rest = format.chars();
        while let Some(c) = rest.next() {
            match c {
                ';' => break,
                '0' => tokens.push(None),
                '\\' => tokens.push(Some(rest.next()?)),
                '"' => tokens.extend(rest.by_ref().take_while(|c| *c != '"').map(Some)),
                '-' | '/' | '(' | ')' | ' ' | '+' => tokens.push(Some(c)),
                _ => return None,
            }
        }
        let zeros = tokens.iter().filter(|token| token.is_none()).count();
        (zeros >= 2).then_some(Self(tokens))
    }

    fn show(&self, digits: &str) -> String {
        let mut digits = digits.chars().rev();
        let mut shown = Vec::new();
        let first = self.0.iter().position(Option::is_none);
        for (at, token) in self.0.iter().enumerate().rev() {
            match token {
                Some(literal) => shown.push(*literal),
                None => {
                    shown.push(digits.next().unwrap_or('0'));
                    if Some(at) == first {
                        shown.extend(digits.by_ref());
                    }
                }
            }
        }
        shown.into_iter().rev().collect()
    }
}

pub(super) fn text_of_ref(value: &DataRef<'_>, format: Option<&ZeroPadded>) -> String {
    match value {
        DataRef::Int(number) => integer(*number, format),
        DataRef::Float(number) => float(*number, format),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => boolean(*value),
        DataRef::DateTime(value) => date_time(value),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => iso(text),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

pub(super) fn text_of(value: &Data) -> String {
    match value {
        Data::Int(number) => integer(*number, None),
        Data::Float(number) => float(*number, None),
        Data::String(text) => text.clone(),
        Data::Bool(value) => boolean(*value),
        Data::DateTime(value) => date_time(value),
        Data::DateTimeIso(text) | Data::DurationIso(text) => iso(text),
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    }
}

fn boolean(value: bool) -> String {
    if value { "TRUE" } else { "FALSE" }.to_owned()
}

fn integer(number: i64, format: Option<&ZeroPadded>) -> String {
    match format {
        Some(format) if number >= 0 => format.show(&number.to_string()),
        _ => number.to_string(),
    }
}

/// Without an exponent, and with the 15 digits that a sheet shows: `0.1 + 0.2` is `0.3`.
fn float(number: f64, format: Option<&ZeroPadded>) -> String {
    let rounded = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    // Display never writes an exponent, nor `.0`; and minus zero is zero.
    let text = (rounded + 0.0).to_string();
    match format {
        Some(format) if text.bytes().all(|byte| byte.is_ascii_digit()) => format.show(&text),
        _ => text,
    }
}

/// Days in the calendar that a sheet can show: 9999-12-31 in either epoch.
const LAST_DAY: f64 = 2_958_465.0;

/// A date as `2026-04-03`, a date with a time as `2026-04-03 08:30:00`, a time alone as
/// `08:30:00`, a duration as hours, minutes and seconds.
fn date_time(value: &ExcelDateTime) -> String {
    let days = value.as_f64();
    if !(0.0..=LAST_DAY + 1.0).contains(&days) {
        return float(days, None);
    }
    if value.is_duration() {
        // Within the range above, so that no digit is lost.
        let seconds = (days * 86_400.0).round() as u64;
        let (minutes, seconds) = (seconds / 60, seconds % 60);
        return format!("{:02}:{:02}:{seconds:02}", minutes / 60, minutes % 60);
    }
    let (year, month, day, hour, minute, second, milli) = value.to_ymd_hms_milli();
    let small = |number: u8| i8::try_from(number).unwrap_or(i8::MAX);
    let year = i16::try_from(year).unwrap_or(i16::MAX);
    let nanos = i32::from(milli) * 1_000_000;
    let time = Time::new(small(hour), small(minute), small(second), nanos);
    let time = time.and_then(|time| {
        // A second that the sheet's binary fraction falls short of.
        Ok((time.round(jiff::Unit::Second)?, time))
    });
    let Ok((time, exact)) = time else {
        return float(days, None);
    };
    let midnight = time == Time::midnight();
    if days < 1.0 && !(midnight && exact != time) {
        return time.strftime("%H:%M:%S").to_string();
    }
    let Ok(date) = Date::new(year, small(month), small(day)) else {
        // 29 February 1900 is a day in Excel and nowhere else: shown as Excel does.
        return format!("{year:04}-{month:02}-{day:02}");
    };
    let next_day = midnight && exact != time;
    let date = if next_day {
        date.tomorrow().unwrap_or(date)
    } else {
        date
    };
    if midnight {
        date.to_string()
    } else {
        format!("{date} {}", time.strftime("%H:%M:%S"))
    }
}

/// ISO texts of ods and of strict xlsx: `2026-04-03T00:00:00` is a date.
fn iso(text: &str) -> String {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix("PT") {
        return duration(rest).unwrap_or_else(|| text.to_owned());
    }
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    let time = time.trim_end_matches('Z').split('.').next().unwrap_or("");
    match time {
        "" | "00:00:00" | "00:00" => date.to_owned(),
        time if time.len() == 5 => format!("{date} {time}:00"),
        time => format!("{date} {time}"),
    }
}

/// `08H30M00S` as `08:30:00`.
fn duration(rest: &str) -> Option<String> {
    let (hours, rest) = rest.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S').unwrap_or("0");
    let seconds = seconds.split(['.', ',']).next()?;
    let number = |text: &str| text.parse::<u32>().ok();
    let (hours, minutes, seconds) = (number(hours)?, number(minutes)?, number(seconds)?);
    Some(format!("{hours:02}:{minutes:02}:{seconds:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    #[test]
    fn numbers() {
        let plain = |number| float(number, None);
        assert_eq!(plain(7.0), "7");
        assert_eq!(plain(-0.0), "0");
        assert_eq!(plain(52_998_224_725.0), "52998224725");
        assert_eq!(plain(123_456_789_012_345.0), "123456789012345");
        assert_eq!(plain(1e18), "1000000000000000000");
        assert_eq!(plain(0.1 + 0.2), "0.3");
        assert_eq!(plain(4_321.5), "4321.5");
        assert_eq!(plain(1e-7), "0.0000001");
    }

    #[test]
    fn zeros_that_a_format_shows() {
        let shown = |format: &str, number| float(number, ZeroPadded::of(format).as_ref());
        assert_eq!(shown("000000", 42.0), "000042");
        assert_eq!(shown("000", 12_345.0), "12345");
        assert_eq!(
            shown("000\\.000\\.000\\-00", 1_234_567_890.0),
            "012.345.678-90"
        );
        assert_eq!(
            shown("000\".\"000\".\"000-00", 52_998_224_725.0),
            "529.982.247-25"
        );
        assert_eq!(shown("00000;-00000", 7.0), "00007");
        assert_eq!(shown("000", -7.0), "-7");
        assert_eq!(shown("000", 1.5), "1.5");
        for format in ["General", "0", "0.00", "#,##0", "00.0", "0%", "00E+00", "@"] {
            assert_eq!(ZeroPadded::of(format), None, "{format}");
        }
    }

    #[test]
    fn dates_in_both_epochs() {
        let date = |days, is_1904| date_time(&ExcelDateTime::new(days, DateTime, is_1904));
        assert_eq!(date(46_115.0, false), "2026-04-03");
        assert_eq!(date(46_115.0 - 1_462.0, true), "2026-04-03");
        assert_eq!(date(1.0, false), "1900-01-01");
        assert_eq!(date(59.0, false), "1900-02-28");
        assert_eq!(date(60.0, false), "1900-02-29");
        assert_eq!(date(61.0, false), "1900-03-01");
        assert_eq!(date(46_115.354_166_666_664, false), "2026-04-03 08:30:00");
        assert_eq!(date(46_115.999_999_999, false), "2026-04-04");
        assert_eq!(date(0.354_166_666_666_666_7, false), "08:30:00");
        assert_eq!(date(2_958_465.0, false), "9999-12-31");
        assert_eq!(date(-1.0, false), "-1");
        assert_eq!(date(1e9, false), "1000000000");
        let hours = ExcelDateTime::new(1.5, TimeDelta, false);
        assert_eq!(date_time(&hours), "36:00:00");
    }

    #[test]
    fn iso_texts() {
        assert_eq!(iso("2026-04-03"), "2026-04-03");
        assert_eq!(iso("2026-04-03T00:00:00"), "2026-04-03");
        assert_eq!(iso("2026-04-03T08:30:00.000"), "2026-04-03 08:30:00");
        assert_eq!(iso("PT08H30M00S"), "08:30:00");
    }
}
