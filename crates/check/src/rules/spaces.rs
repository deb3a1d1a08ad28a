//! Spaces, characters and words that nobody typed on purpose.

use std::borrow::Cow;

/// What stood in the way of the cell's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dirt {
    Spaces,
    Control,
}

/// Spaces at the ends are dropped, runs of them (non-breaking ones, tabs and line breaks too)
/// become one, other control characters and zero-width ones are dropped. Control characters are
/// the graver find of the two.
pub fn clean(value: &str) -> (Cow<'_, str>, Option<Dirt>) {
    if is_clean(value) {
        return (Cow::Borrowed(value), None);
    }
    let mut cleaned = String::with_capacity(value.len());
    let mut gap = false;
    let mut dirt = Dirt::Spaces;
    for c in value.chars() {
        if c.is_whitespace() {
            gap = true;
        } else if is_invisible(c) {
            continue;
        } else if c.is_control() || is_noncharacter(c) {
            dirt = Dirt::Control;
        } else {
            if gap && !cleaned.is_empty() {
                cleaned.push(' ');
            }
            gap = false;
            cleaned.push(c);
        }
    }
    (Cow::Owned(cleaned), Some(dirt))
}

/// Without a way out in the middle, so that it becomes vector code: most cells end here.
pub fn is_clean(value: &str) -> bool {
    let bytes = value.as_bytes();
    let control = |found: bool, byte: &u8| found | (*byte < b' ') | (*byte == 0x7f);
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    let double = |found: bool, (a, b): (&u8, &u8)| found | ((*a == b' ') & (*b == b' '));
    let ends = [bytes.first(), bytes.last()].contains(&Some(&b' '));
    if ends || bytes.iter().fold(false, control) || pairs.fold(false, double) {
        return false;
    }
    value.is_ascii()
        || !value.chars().any(|c| {
            c >= '\u{80}'
                && (c.is_whitespace() || c.is_control() || is_invisible(c) || is_noncharacter(c))
        })
}

/// Whether a decoder's mark stands for bytes that mean nothing.
pub fn is_garbled(value: &str) -> bool {
    !value.is_ascii() && value.contains('\u{fffd}')
}

/// Whether it is what a spreadsheet in one of three languages shows for a formula without a value.
pub fn is_formula_error(value: &str) -> bool {
    const ERRORS: [&str; 19] = [
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#DATA!",
        "#SPILL!",
        "#CALC!",
        "#N/D",
        "#VALOR!",
        "#NOME?",
        "#NULO!",
        "#NÚM!",
        "#¡REF!",
        "#¡VALOR!",
        "#¡DIV/0!",
        "#¿NOMBRE?",
    ];
    value.starts_with('#') && ERRORS.contains(&value)
}

/// Code points that are no characters and never will be. XML, and with it a queue's message, takes
/// two of them from nobody (<https://www.w3.org/TR/xml/#charsets>).
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

/// Zero-width space, joiners, marks of direction, byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_what_nobody_typed_on_purpose_goes() {
        for (value, cleaned, dirt) in [
            ("", "", None),
            ("Ana Lima", "Ana Lima", None),
            ("São João", "São João", None),
            (" Ana", "Ana", Some(Dirt::Spaces)),
            ("Ana ", "Ana", Some(Dirt::Spaces)),
            ("Ana  Lima", "Ana Lima", Some(Dirt::Spaces)),
            ("Ana\u{a0}Lima", "Ana Lima", Some(Dirt::Spaces)),
            ("Ana\u{202f}Lima", "Ana Lima", Some(Dirt::Spaces)),
            ("\u{feff}Ana", "Ana", Some(Dirt::Spaces)),
            ("Ana\u{fffe}", "Ana", Some(Dirt::Control)),
            ("\u{ffff}Ana", "Ana", Some(Dirt::Control)),
            ("Ana\r\nLima\t", "Ana Lima", Some(Dirt::Spaces)),
            ("   ", "", Some(Dirt::Spaces)),
            ("An\0a", "Ana", Some(Dirt::Control)),
            ("Ana\u{7f}", "Ana", Some(Dirt::Control)),
            (" A\u{85}\u{1b}na ", "A na", Some(Dirt::Control)),
        ] {
            assert_eq!(clean(value), (Cow::Borrowed(cleaned), dirt), "{value:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_cleaned_is_clean(value in "[ a\u{a0}\u{feff}\u{0}\u{85}é\t]{0,12}") {
            let (cleaned, dirt) = clean(&value);
            prop_assert!(is_clean(&cleaned));
            prop_assert_eq!(dirt.is_none(), cleaned == value);
        }
    }
}
