//! Numbers as people write them, and what they are in the standard's `1234.56`.
//!
//! `5.400` is a number as it stands, and five thousand four hundred in half of the world: where
//! the column has decimal commas elsewhere it is read with them, by the caller's word.

/// Which character stands before the decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    Dot,
    Comma,
}

/// What a cell's text is, read as a number.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// Written as it should be, and it could be nothing else.
    Canonical,
    /// Written as it should be (`5.400`), and with a decimal comma it would be this.
    Grouped(String),
    /// Written otherwise, and it can only be this.
    Plain(String),
    /// As `Plain`, and its decimals (or its groups before them) say which mark the writer uses.
    Decided(DecimalMark, String),
    /// `5,400`, `€ 5.400`: groups or decimals, by the column's decimal mark. What it would be with
    /// each, where that can be written.
    Either {
        comma: Option<String>,
        dot: Option<String>,
    },
    Not,
}

/// `-1234.56`: digits, one dot at the most, a minus in front.
pub fn is_canonical(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value).as_bytes();
    let mut dots = 0;
    let plain = digits.iter().all(|byte| {
        dots += usize::from(*byte == b'.');
        byte.is_ascii_digit() || *byte == b'.'
    });
    plain
        && dots <= 1
        && digits.first().is_some_and(u8::is_ascii_digit)
        && digits.last().is_some_and(u8::is_ascii_digit)
}

pub fn is_canonical_integer(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// `5.400`: canonical, and thousands to who writes decimal commas.
pub fn is_grouped(canonical: &str) -> bool {
    canonical
        .split_once('.')
        .is_some_and(|(head, three)| three.len() == 3 && is_head_of_groups(head))
}

/// Its value, for comparing with bounds.
pub fn value_of(canonical: &str) -> Option<f64> {
    canonical.parse().ok()
}

/// `value` has no spaces around it.
pub fn read(value: &str) -> Reading {
    if is_canonical(value) {
        return if is_grouped(value) {
            Reading::Grouped(value.replace('.', ""))
        } else {
            Reading::Canonical
        };
    }
    let Some((minus, body)) = without_currency(value) else {
        return Reading::Not;
    };
    let grouped_by = |mark: char| {
        let (head, three) = body.split_once(mark)?;
        let group = three.len() == 3 && three.bytes().all(|byte| byte.is_ascii_digit());
        (group && is_head_of_groups(head)).then(|| format!("{head}{three}"))
    };
    let signed = |number: String| {
        let number = number.trim_start_matches('0');
        let number = match number {
            "" => "0".to_owned(),
            fraction if fraction.starts_with('.') => format!("0{fraction}"),
            number => number.to_owned(),
        };
        if minus && number.bytes().any(|b| b.is_ascii_digit() && b != b'0') {
            format!("-{number}")
        } else {
            number
        }
    };
    match (body.matches('.').count(), body.matches(',').count()) {
        (0, 0) => whole(&body, ' ').map_or(Reading::Not, |n| Reading::Plain(signed(n))),
        (0, 1) => match grouped_by(',') {
            // With a decimal comma it would be 5.400, which reads as groups again.
            Some(whole) => Reading::Either {
                comma: None,
                dot: Some(signed(whole)),
            },
            None => decimal(&body, ',', ' ').map_or(Reading::Not, |n| {
                Reading::Decided(DecimalMark::Comma, signed(n))
            }),
        },
        (1, 0) => match grouped_by('.') {
            Some(whole) if value.contains("R$") => {
                Reading::Decided(DecimalMark::Comma, signed(whole))
            }
            Some(whole) => Reading::Either {
                comma: Some(signed(whole)),
                dot: Some(signed(body)),
            },
            None => decimal(&body, '.', ' ').map_or(Reading::Not, |n| Reading::Plain(signed(n))),
        },
        (0, _) => whole(&body, ',').map_or(Reading::Not, |n| {
            Reading::Decided(DecimalMark::Dot, signed(n))
        }),
        (_, 0) => whole(&body, '.').map_or(Reading::Not, |n| {
            Reading::Decided(DecimalMark::Comma, signed(n))
        }),
        (_, 1) if body.rfind(',') > body.rfind('.') => decimal(&body, ',', '.')
            .map_or(Reading::Not, |n| {
                Reading::Decided(DecimalMark::Comma, signed(n))
            }),
        (1, _) => decimal(&body, '.', ',').map_or(Reading::Not, |n| {
            Reading::Decided(DecimalMark::Dot, signed(n))
        }),
        _ => Reading::Not,
    }
}

/// Whole numbers only: every separator groups thousands. `12.0` and `12,00` are 12.
pub fn read_integer(value: &str) -> Reading {
    if is_canonical_integer(value) {
        return Reading::Canonical;
    }
    let number = match read(value) {
        Reading::Plain(number) | Reading::Decided(_, number) | Reading::Grouped(number) => number,
        Reading::Either { comma, dot } => {
            let whole = [comma, dot]
                .into_iter()
                .flatten()
                .find(|n| !n.contains('.'));
            let Some(whole) = whole else {
                return Reading::Not;
            };
            whole
        }
        Reading::Canonical => value.to_owned(),
        Reading::Not => return Reading::Not,
    };
    match number.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|byte| byte == b'0') => {
            Reading::Plain(whole.to_owned())
        }
        Some(_) => Reading::Not,
        None => Reading::Plain(number),
    }
}

/// One to three digits that do not begin with zero: what stands before a group of thousands.
fn is_head_of_groups(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    (1..=3).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && !text.starts_with('0')
}

/// Sign, and digits with separators; every kind of space has become a plain one.
fn without_currency(value: &str) -> Option<(bool, String)> {
    const CURRENCIES: [&str; 9] = ["R$", "US$", "BRL", "USD", "EUR", "MXN", "$", "€", "£"];
    let mut rest = value.trim();
    let mut minus = false;
    for _ in 0..2 {
        if let Some(after) = rest.strip_prefix(['-', '−']) {
            if minus {
                return None;
            }
            minus = true;
            rest = after.trim_start();
        } else if let Some(after) = rest.strip_prefix('+') {
            rest = after.trim_start();
        }
        if let Some(after) = CURRENCIES.iter().find_map(|c| rest.strip_prefix(c)) {
            rest = after.trim_start();
        }
    }
    if let Some(before) = CURRENCIES.iter().find_map(|c| rest.strip_suffix(c)) {
        rest = before.trim_end();
    }
    let mut body = String::with_capacity(rest.len());
    for c in rest.chars() {
        match c {
            '0'..='9' | '.' | ',' => body.push(c),
            '\'' | '’' => body.push(' '),
            c if c.is_whitespace() => body.push(' '),
            _ => return None,
        }
    }
    // "05,400" is a code, not a number that somebody wrote with separators.
    let code = body.len() > 2 && body.starts_with('0') && body.as_bytes()[1].is_ascii_digit();
    let digits = body.bytes().any(|byte| byte.is_ascii_digit());
    let separated = body.bytes().any(|byte| !byte.is_ascii_digit());
    (digits && !(code && separated)).then_some((minus, body))
}

/// Digits, or groups of three between `group`.
fn whole(text: &str, group: char) -> Option<String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.to_owned());
    }
    let mut parts = text.split(group);
    let head = parts.next().filter(|head| is_head_of_groups(head))?;
    let mut number = head.to_owned();
    for part in parts {
        if part.len() != 3 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        number.push_str(part);
    }
    Some(number)
}

fn decimal(text: &str, mark: char, group: char) -> Option<String> {
    let (before, after) = text.rsplit_once(mark)?;
    let before = if before.is_empty() {
        "0".to_owned()
    } else {
        whole(before, group)?
    };
    if !after.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(match after {
        "" => before,
        after => format!("{before}.{after}"),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        use DecimalMark::{Comma, Dot};
        use Reading::{Canonical, Decided, Either, Grouped, Not, Plain};
        let own = str::to_owned;
        for (value, reading) in [
            ("5400", Canonical),
            ("5400.00", Canonical),
            ("-12.5", Canonical),
            ("0.123", Canonical),
            ("5.400", Grouped(own("5400"))),
            ("1.234,56", Decided(Comma, own("1234.56"))),
            ("R$ 5.400,00", Decided(Comma, own("5400.00"))),
            ("R$5400,5", Decided(Comma, own("5400.5"))),
            ("1234,56 €", Decided(Comma, own("1234.56"))),
            ("1.234.567", Decided(Comma, own("1234567"))),
            ("5,400.00", Decided(Dot, own("5400.00"))),
            ("$1,234,567.8", Decided(Dot, own("1234567.8"))),
            ("US$ 1,234,567", Decided(Dot, own("1234567"))),
            (
                "5,400",
                Either {
                    comma: None,
                    dot: Some(own("5400")),
                },
            ),
            (
                "€ 5.400",
                Either {
                    comma: Some(own("5400")),
                    dot: Some(own("5.400")),
                },
            ),
            ("R$ 5.400", Decided(Comma, own("5400"))),
            ("05,400", Not),
            ("0,400", Decided(Comma, own("0.400"))),
            ("5 400", Plain(own("5400"))),
            ("5\u{a0}400,10", Decided(Comma, own("5400.10"))),
            ("1'234.50", Plain(own("1234.50"))),
            ("+12", Plain(own("12"))),
            ("- 12", Plain(own("-12"))),
            ("-R$ 1.000,00", Decided(Comma, own("-1000.00"))),
            ("12.", Plain(own("12"))),
            (",5", Decided(Comma, own("0.5"))),
            ("-0,0", Decided(Comma, own("0.0"))),
            ("", Not),
            ("abc", Not),
            ("12a", Not),
            ("1.2.3", Not),
            ("1,23,456", Not),
            ("1.234,5,6", Not),
            ("12 34", Not),
            ("--5", Not),
            ("1e5", Not),
            ("R$", Not),
            ("٥", Not),
        ] {
            assert_eq!(read(value), reading, "{value:?}");
        }
    }

    #[test]
    fn integers_have_no_decimals() {
        let plain = |text: &str| Reading::Plain(text.to_owned());
        for (value, reading) in [
            ("12", Reading::Canonical),
            ("-12", Reading::Canonical),
            ("1.234", plain("1234")),
            ("1,234", plain("1234")),
            ("12.0", plain("12")),
            ("12,00", plain("12")),
            ("12.5", Reading::Not),
            ("x", Reading::Not),
        ] {
            assert_eq!(read_integer(value), reading, "{value:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_proposed_is_canonical(value in "[-+]?(R\\$ ?)?[0-9]{0,4}([., ][0-9]{0,4}){0,3}") {
            match read(&value) {
                Reading::Plain(n) | Reading::Decided(_, n) | Reading::Grouped(n) => {
                    prop_assert!(is_canonical(&n), "{n}");
                }
                Reading::Either { comma, dot } => {
                    prop_assert!(comma.iter().chain(&dot).all(|n| is_canonical(n)));
                }
                Reading::Canonical => prop_assert!(is_canonical(&value)),
                Reading::Not => {}
            }
            if let Reading::Plain(n) = read_integer(&value) {
                prop_assert!(is_canonical_integer(&n), "{n}");
            }
        }
    }
}
