//! Brazilian documents and their check digits: CPF, CNPJ (alphanumeric since 2026, IN RFB
//! 2.229/2024) and PIS.

use model::{IssueCode, MusterFormat};

use super::Finding;

/// What a kind of document looks like: `shape` has `#` for each character of the document.
struct Kind {
    shape: &'static [u8],
    /// Characters, check digits included.
    length: usize,
    /// With fewer digits than this nobody can say that zeros were lost.
    shortest: usize,
    letters: bool,
    fits: fn(&[u8]) -> bool,
}

impl Kind {
    fn may_hold(&self, byte: u8) -> bool {
        byte.is_ascii_digit() || (self.letters && byte.is_ascii_uppercase())
    }
}

const CPF: Kind = Kind {
    shape: b"###.###.###-##",
    length: 11,
    shortest: 8,
    letters: false,
    fits: cpf_fits,
};
const CNPJ: Kind = Kind {
    shape: b"##.###.###/####-##",
    length: 14,
    shortest: 11,
    letters: true,
    fits: cnpj_fits,
};
const PIS: Kind = Kind {
    shape: b"###.#####.##-#",
    length: 11,
    shortest: 8,
    letters: false,
    fits: pis_fits,
};

fn kind(format: MusterFormat) -> Option<&'static Kind> {
    match format {
        MusterFormat::Cpf => Some(&CPF),
        MusterFormat::Cnpj => Some(&CNPJ),
        MusterFormat::Pis => Some(&PIS),
        MusterFormat::Phone => None,
    }
}

/// Whether the value is the document, bare or with its usual punctuation.
pub fn is_valid(format: MusterFormat, value: &str) -> bool {
    kind(format).is_some_and(|kind| {
        let (characters, count) = bare(kind, value.as_bytes());
        count == kind.length && (kind.fits)(&characters[..count])
    })
}

/// `value` has no spaces around it.
pub fn check(format: MusterFormat, value: &str) -> Option<Finding> {
    let kind = kind(format)?;
    let (characters, count) = bare(kind, value.as_bytes());
    if count == kind.length {
        return (!(kind.fits)(&characters[..count])).then(|| Finding::new(IssueCode::CheckDigits));
    }
    let plain = plain_characters(kind, value);
    if plain.len() == kind.length {
        let fits = (kind.fits)(plain.as_bytes());
        let code = if fits {
            IssueCode::DocumentFormat
        } else {
            IssueCode::CheckDigits
        };
        return Some(Finding {
            code,
            fix: fits.then_some(plain),
        });
    }
    let digits = plain.bytes().all(|byte| byte.is_ascii_digit());
    if digits && (kind.shortest..kind.length).contains(&plain.len()) {
        let padded = format!("{plain:0>width$}", width = kind.length);
        if (kind.fits)(padded.as_bytes()) {
            return Some(Finding::with_fix(IssueCode::LostZero, padded));
        }
    }
    Some(Finding::new(IssueCode::DocumentFormat))
}

/// The document's characters where the value is bare or punctuated exactly as usual; else none.
fn bare(kind: &Kind, value: &[u8]) -> ([u8; 14], usize) {
    let mut characters = [0; 14];
    if value.len() == kind.length {
        characters[..kind.length].copy_from_slice(value);
        let plain = value.iter().all(|byte| kind.may_hold(*byte));
        return (characters, if plain { kind.length } else { 0 });
    }
    if value.len() != kind.shape.len() {
        return (characters, 0);
    }
    let mut count = 0;
    for (byte, shape) in value.iter().zip(kind.shape) {
        if *shape == b'#' {
            if !kind.may_hold(*byte) {
                return (characters, 0);
            }
            characters[count] = *byte;
            count += 1;
        } else if byte != shape {
            return (characters, 0);
        }
    }
    (characters, count)
}

/// Letters and digits of a value that has only punctuation beside them; a spreadsheet's `.0` at
/// the end of a number is dropped. Empty where there is anything else.
fn plain_characters(kind: &Kind, value: &str) -> String {
    let value = match value.strip_suffix(".0") {
        Some(number) if number.bytes().all(|byte| byte.is_ascii_digit()) => number,
        _ => value,
    };
    let mut plain = String::with_capacity(value.len());
    for c in value.chars() {
        if c.is_ascii_digit() || (kind.letters && c.is_ascii_alphabetic()) {
            plain.push(c.to_ascii_uppercase());
        } else if !matches!(c, '.' | '-' | '/' | ' ' | ',' | '_' | '\'' | '–') {
            return String::new();
        }
    }
    plain
}

/// What a check digit is, from the sum of weighted digits.
fn from_sum(sum: u32) -> u32 {
    match 11 - sum % 11 {
        10 | 11 => 0,
        digit => digit,
    }
}

fn digit(byte: u8) -> u32 {
    u32::from(byte) - u32::from(b'0')
}

fn all_equal(characters: &[u8]) -> bool {
    characters.windows(2).all(|pair| pair[0] == pair[1])
}

fn cpf_fits(characters: &[u8]) -> bool {
    let Some((nine, check)) = characters.split_first_chunk::<9>() else {
        return false;
    };
    characters.iter().all(u8::is_ascii_digit)
        && !all_equal(characters)
        && cpf_check_digits(nine) == *check
}

/// The two check digits after these nine digits.
pub fn cpf_check_digits(nine: &[u8; 9]) -> [u8; 2] {
    let sum = |from: u32, digits: &[u8]| {
        let weights = (2..=from).rev();
        digits
            .iter()
            .zip(weights)
            .map(|(byte, weight)| digit(*byte) * weight)
            .sum::<u32>()
    };
    let first = from_sum(sum(10, nine));
    let second = from_sum(sum(11, nine) + first * 2);
    let byte = |digit: u32| b'0' + u8::try_from(digit).unwrap_or(0);
    [byte(first), byte(second)]
}

/// A character counts as its ASCII code less 48, weights run 2 to 9 from the right.
fn cnpj_fits(characters: &[u8]) -> bool {
    if !characters[12..].iter().all(u8::is_ascii_digit) || all_equal(characters) {
        return false;
    }
    let sum = |count: usize| {
        let weights = (2..=9).cycle();
        characters[..count]
            .iter()
            .rev()
            .zip(weights)
            .map(|(byte, weight)| digit(*byte) * weight)
            .sum::<u32>()
    };
    from_sum(sum(12)) == digit(characters[12]) && from_sum(sum(13)) == digit(characters[13])
}

fn pis_fits(characters: &[u8]) -> bool {
    if !characters.iter().all(u8::is_ascii_digit) || all_equal(characters) {
        return false;
    }
    let weights = [3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
    let sum = characters
        .iter()
        .zip(weights)
        .map(|(byte, weight)| digit(*byte) * weight)
        .sum();
    from_sum(sum) == digit(characters[10])
}

#[cfg(test)]
mod tests {
    use model::MusterFormat::{Cnpj, Cpf, Pis};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_document_is_judged_by_its_check_digits() {
        use IssueCode::{CheckDigits, DocumentFormat, LostZero};
        for (format, value, expected) in [
            (Cpf, "52998224725", None),
            (Cpf, "529.982.247-25", None),
            (Cpf, "529.982.247-26", Some((CheckDigits, None))),
            (Cpf, "52998224735", Some((CheckDigits, None))),
            (Cpf, "111.111.111-11", Some((CheckDigits, None))),
            (Cpf, "00000000000", Some((CheckDigits, None))),
            (Cpf, "5299822472A", Some((DocumentFormat, None))),
            (
                Cpf,
                "529 982 247 25",
                Some((DocumentFormat, Some("52998224725"))),
            ),
            (
                Cpf,
                "529982247-25",
                Some((DocumentFormat, Some("52998224725"))),
            ),
            (
                Cpf,
                "52998224725.0",
                Some((DocumentFormat, Some("52998224725"))),
            ),
            (Cpf, "191", Some((DocumentFormat, None))),
            (Cpf, "1234567890", Some((LostZero, Some("01234567890")))),
            (Cpf, "12345679", Some((DocumentFormat, None))),
            (Cpf, "5,29982E+10", Some((DocumentFormat, None))),
            (Cpf, "529982247250", Some((DocumentFormat, None))),
            (Cpf, "não tem", Some((DocumentFormat, None))),
            (Cnpj, "11.222.333/0001-81", None),
            (Cnpj, "11222333000181", None),
            (Cnpj, "12.ABC.345/01DE-35", None),
            (Cnpj, "12ABC34501DE35", None),
            (
                Cnpj,
                "12abc34501de35",
                Some((DocumentFormat, Some("12ABC34501DE35"))),
            ),
            (Cnpj, "12ABC34501DE36", Some((CheckDigits, None))),
            (Cnpj, "12ABC34501DEAB", Some((CheckDigits, None))),
            (Cnpj, "00000000000000", Some((CheckDigits, None))),
            (Cnpj, "191000100", Some((DocumentFormat, None))),
            (
                Cnpj,
                "7526557000100",
                Some((LostZero, Some("07526557000100"))),
            ),
            (Pis, "170.33259.50-4", None),
            (Pis, "17033259504", None),
            (Pis, "17033259505", Some((CheckDigits, None))),
            (
                Pis,
                "170332595-04",
                Some((DocumentFormat, Some("17033259504"))),
            ),
            (Pis, "1", Some((DocumentFormat, None))),
        ] {
            let found = check(format, value).map(|f| (f.code, f.fix));
            let expected = expected.map(|(code, fix)| (code, fix.map(str::to_owned)));
            assert_eq!(found, expected, "{format:?} {value:?}");
            assert_eq!(is_valid(format, value), expected.is_none(), "{value:?}");
        }
    }

    proptest! {
        #[test]
        fn cpf_agrees_with_another_reading_of_the_rule(nine in "[0-9]{9}", wrong in 0..100_u32) {
            let check = cpf_check_digits(nine.as_bytes().try_into().unwrap());
            let made = format!("{nine}{}{}", check[0] as char, check[1] as char);
            prop_assert_eq!(is_valid(Cpf, &made), cpf_cnpj::cpf::validate(&made));
            let other = format!("{nine}{wrong:02}");
            prop_assert_eq!(is_valid(Cpf, &other), cpf_cnpj::cpf::validate(&other));
        }

        #[test]
        fn cnpj_agrees_with_another_reading_of_the_rule(value in "[0-9A-Z]{12}[0-9]{2}") {
            prop_assert_eq!(is_valid(Cnpj, &value), cpf_cnpj::cnpj::validate(&value));
        }
    }

    #[test]
    fn made_documents_pass() {
        for _ in 0..50 {
            let cnpj = cpf_cnpj::cnpj::generate_alphanumeric();
            assert!(is_valid(Cnpj, &cnpj), "{cnpj}");
            assert!(is_valid(Cnpj, &cpf_cnpj::cnpj::generate()));
            assert!(is_valid(Cpf, &cpf_cnpj::cpf::generate()));
        }
    }
}
