//! Numbers as a language writes them, by the separators of the Unicode CLDR.

use fluent_bundle::types::FluentNumber;

use crate::Language;

struct Separators {
    group: char,
    decimal: char,
    /// Whole digits from which on groups are marked: Spanish writes 1000 and 10.000.
    from_digits: usize,
}

fn separators(language: Language) -> Separators {
    let (group, decimal, from_digits) = match language {
        Language::English => (',', '.', 4),
        Language::BrazilianPortuguese => ('.', ',', 4),
        Language::Spanish => ('.', ',', 5),
    };
    Separators {
        group,
        decimal,
        from_digits,
    }
}

/// Writes a number with the options that its text gives, such as
/// `NUMBER($share, maximumFractionDigits: 1)`.
pub(crate) fn format(language: Language, number: &FluentNumber) -> String {
    // Fluent's own rendering knows about fraction digits; what it leaves out is the language.
    let most = number.options.maximum_fraction_digits;
    let plain = match most {
        Some(digits) => {
            let mut rounded = number.clone();
            let scale = 10_f64.powi(i32::try_from(digits).unwrap_or(0));
            rounded.value = (number.value * scale).round() / scale;
            rounded.as_string().into_owned()
        }
        None => number.as_string().into_owned(),
    };
    localise(language, &plain, number.options.use_grouping)
}

/// `plain` is digits, with a minus sign and a decimal point where it has them.
pub(crate) fn localise(language: Language, plain: &str, grouped: bool) -> String {
    let marks = separators(language);
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", plain),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut out = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        let left = whole.len() - index;
        if grouped && index > 0 && left % 3 == 0 && whole.len() >= marks.from_digits {
            out.push(marks.group);
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push(marks.decimal);
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::localise;
    use crate::Language;

    #[test]
    fn groups_and_decimals_are_the_languages_own() {
        for (plain, english, portuguese, spanish) in [
            ("0", "0", "0", "0"),
            ("999", "999", "999", "999"),
            ("1000", "1,000", "1.000", "1000"),
            ("10000", "10,000", "10.000", "10.000"),
            ("-1234567.5", "-1,234,567.5", "-1.234.567,5", "-1.234.567,5"),
            ("0.25", "0.25", "0,25", "0,25"),
        ] {
            let written = Language::ALL.map(|language| localise(language, plain, true));
            assert_eq!(written, [english, portuguese, spanish], "{plain}");
        }
        assert_eq!(localise(Language::English, "2026", false), "2026");
    }
}
