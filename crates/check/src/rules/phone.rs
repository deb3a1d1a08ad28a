//! Telephone numbers: E.164, by the numbering plan of their country.
//!
//! The plans are `rlibphonenumber`'s, and slow. Brazilian numbers are decided by their shape; of
//! others one of each beginning is asked about and the answer kept.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use model::IssueCode;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

use super::Finding;

/// Beginnings that answers are kept for; beyond it each number is asked about.
const KEPT: usize = 1 << 16;

pub struct Plans {
    /// For numbers without a prefix.
    country: Option<Region>,
    /// Whether numbers with this length and these first digits are in use.
    known: RwLock<HashMap<u64, bool>>,
}

impl Plans {
    /// `None` where there is no such country.
    pub fn new(country: Option<&str>) -> Option<Self> {
        let country = match country {
            Some(code) => Some(code.to_ascii_uppercase().parse().ok()?),
            None => None,
        };
        Some(Self {
            country,
            known: RwLock::default(),
        })
    }

    /// E.164, and a number that the country has given out.
    pub fn is_valid(&self, value: &str) -> bool {
        let Some(digits) = value.strip_prefix('+') else {
            return false;
        };
        let plain = (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain
            && match digits.strip_prefix("55") {
                Some(national) => is_brazilian(national.as_bytes()),
                None => self.is_in_use(value, digits),
            }
    }

    /// `value` has no spaces around it.
    pub fn check(&self, value: &str) -> Option<Finding> {
        if self.is_valid(value) {
            return None;
        }
        Some(match self.e164(value) {
            Some(number) => Finding::with_fix(IssueCode::PhoneFormat, number),
            None => Finding::new(IssueCode::PhoneInvalid),
        })
    }

    /// The number that the value can only be, whatever is written between its digits.
    fn e164(&self, value: &str) -> Option<String> {
        let mut digits = String::with_capacity(16);
        let mut prefixed = false;
        for (at, c) in value.trim_end_matches(".0").char_indices() {
            match c {
                '0'..='9' => digits.push(c),
                '+' if at == 0 || digits.is_empty() => prefixed = true,
                ' ' | '(' | ')' | '-' | '.' | '/' | '–' | '\u{2011}' => {}
                _ => return None,
            }
        }
        if let Some(after) = digits.strip_prefix("00") {
            digits = after.to_owned();
            prefixed = true;
        }
        if prefixed {
            let number = format!("+{digits}");
            // "+55 (011) 98765-4321": the trunk zero has no place behind a prefix.
            let without_trunk = format!("+55{}", digits.strip_prefix("550").unwrap_or_default());
            return [number, without_trunk]
                .into_iter()
                .find(|n| self.is_valid(n));
        }
        if self.country == "BR".parse().ok() {
            let national = digits.strip_prefix('0').unwrap_or(&digits);
            let international = national.strip_prefix("55").unwrap_or_default();
            if is_brazilian(national.as_bytes()) {
                return Some(format!("+55{national}"));
            }
            return is_brazilian(international.as_bytes()).then(|| format!("+55{international}"));
        }
        let number = PHONE_NUMBER_UTIL.parse(&digits, Some(self.country?)).ok()?;
        let number = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164);
        self.is_valid(&number).then(|| number.into_owned())
    }

    fn is_in_use(&self, value: &str, digits: &str) -> bool {
        let beginning: u64 = digits[..7].parse().unwrap_or(0);
        let key = beginning * 16 + digits.len() as u64;
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(&key) {
            return *known;
        }
        let full = known.len() >= KEPT;
        drop(known);
        let valid = PHONE_NUMBER_UTIL
            .parse(value, None)
            .is_ok_and(|number| PHONE_NUMBER_UTIL.is_valid_number(&number));
        if !full {
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            known.insert(key, valid);
        }
        valid
    }
}

/// Area code and subscriber: mobiles have nine digits and begin with 9, land lines eight and begin
/// with 2 to 5 (Anatel's plan, Resolução 749/2022).
fn is_brazilian(national: &[u8]) -> bool {
    let [a, b, subscriber @ ..] = national else {
        return false;
    };
    let area = matches!(
        (a, b),
        (b'1' | b'4' | b'6' | b'8' | b'9', b'1'..=b'9')
            | (b'2', b'1' | b'2' | b'4' | b'7' | b'8')
            | (b'3', b'1'..=b'5' | b'7' | b'8')
            | (b'5', b'1' | b'3'..=b'5')
            | (b'7', b'1' | b'3'..=b'5' | b'7' | b'9')
    );
    area && subscriber.iter().all(u8::is_ascii_digit)
        && match subscriber {
            [b'9', b'1'..=b'9', ..] => subscriber.len() == 9,
            [b'2'..=b'5', ..] => subscriber.len() == 8,
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(country: Option<&str>, value: &str) -> Option<(IssueCode, Option<String>)> {
        let plans = Plans::new(country).unwrap();
        plans
            .check(value)
            .map(|finding| (finding.code, finding.fix))
    }

    #[test]
    fn numbers_are_judged_by_their_countrys_plan() {
        use IssueCode::{PhoneFormat, PhoneInvalid};
        for (country, value, expected) in [
            ("BR", "+5511987654321", None),
            ("BR", "+551134567890", None),
            ("BR", "+12025550173", None),
            ("BR", "+34612345678", None),
            (
                "BR",
                "(11) 98765-4321",
                Some((PhoneFormat, Some("+5511987654321"))),
            ),
            (
                "BR",
                "11987654321",
                Some((PhoneFormat, Some("+5511987654321"))),
            ),
            (
                "BR",
                "011 98765-4321",
                Some((PhoneFormat, Some("+5511987654321"))),
            ),
            (
                "BR",
                "5511987654321",
                Some((PhoneFormat, Some("+5511987654321"))),
            ),
            (
                "BR",
                "+55 11 98765 4321",
                Some((PhoneFormat, Some("+5511987654321"))),
            ),
            (
                "BR",
                "+55 (011) 98765-4321",
                Some((PhoneFormat, Some("+5511987654321"))),
            ),
            (
                "BR",
                "005511987654321",
                Some((PhoneFormat, Some("+5511987654321"))),
            ),
            (
                "BR",
                "11987654321.0",
                Some((PhoneFormat, Some("+5511987654321"))),
            ),
            (
                "BR",
                "(55) 99123-4567",
                Some((PhoneFormat, Some("+5555991234567"))),
            ),
            (
                "BR",
                "+1 (202) 555-0173",
                Some((PhoneFormat, Some("+12025550173"))),
            ),
            ("BR", "98765-4321", Some((PhoneInvalid, None))),
            ("BR", "(20) 98765-4321", Some((PhoneInvalid, None))),
            ("BR", "+5511887654321", Some((PhoneInvalid, None))),
            ("BR", "+551198765432", Some((PhoneInvalid, None))),
            ("BR", "+0511987654321", Some((PhoneInvalid, None))),
            ("BR", "11 98765-4321 ramal 12", Some((PhoneInvalid, None))),
            ("BR", "não tem", Some((PhoneInvalid, None))),
            ("BR", "-", Some((PhoneInvalid, None))),
            (
                "US",
                "(202) 555-0173",
                Some((PhoneFormat, Some("+12025550173"))),
            ),
            (
                "US",
                "1-202-555-0173",
                Some((PhoneFormat, Some("+12025550173"))),
            ),
            ("US", "555-0173", Some((PhoneInvalid, None))),
            (
                "ES",
                "612 34 56 78",
                Some((PhoneFormat, Some("+34612345678"))),
            ),
            (
                "MX",
                "55 1234 5678",
                Some((PhoneFormat, Some("+525512345678"))),
            ),
            (
                "GB",
                "07400 123456",
                Some((PhoneFormat, Some("+447400123456"))),
            ),
        ] {
            let expected = expected.map(|(code, fix)| (code, fix.map(str::to_owned)));
            assert_eq!(found(Some(country), value), expected, "{country} {value:?}");
        }
        assert_eq!(found(None, "11987654321"), Some((PhoneInvalid, None)));
        assert!(Plans::new(Some("XX1")).is_none());
    }

    proptest! {
        #[test]
        fn the_shape_of_brazilian_numbers_is_as_strict_as_the_plan(
            national in "[1-9][0-9](9[1-9][0-9]{7}|[2-5][0-9]{7}|[0-9]{8,9})",
        ) {
            let value = format!("+55{national}");
            let number = PHONE_NUMBER_UTIL.parse(&value, None);
            let plan = number.is_ok_and(|number| PHONE_NUMBER_UTIL.is_valid_number(&number));
            // What the shape lets through the plan does too.
            prop_assert!(!is_brazilian(national.as_bytes()) || plan, "{value}");
        }

        #[test]
        fn any_text_can_be_checked(value in "\\PC{0,20}|[+0-9() -]{0,20}") {
            let plans = Plans::new(Some("BR")).unwrap();
            if let Some(Finding { fix: Some(fix), .. }) = plans.check(&value) {
                prop_assert!(plans.is_valid(&fix));
            }
        }
    }
}
