//! People's names written all in capitals.

use model::{Field, FieldType, IssueCode};

use super::Finding;

/// Words that stay small inside a name.
const PARTICLES: [&str; 22] = [
    "a", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "e", "la",
    "las", "los", "of", "van", "von", "y", "zu", "ten",
];

/// Whether the schema's field holds people's names: the standard has no word for it, so its name
/// decides.
pub fn is_name_field(field: &Field) -> bool {
    let words = crate::fold::fold_header(&field.name);
    let has = |any: &[&str]| words.split(' ').any(|word| any.contains(&word));
    field.field_type == FieldType::String
        && field.constraints.one_of.is_none()
        && field.constraints.pattern.is_none()
        && field.format.is_none()
        && field.muster_format.is_none()
        && has(&[
            "name",
            "nome",
            "nombre",
            "surname",
            "sobrenome",
            "apellido",
            "apellidos",
        ])
        && !has(&[
            "user", "company", "file", "empresa", "usuario", "team", "job",
        ])
}

pub fn check(value: &str) -> Option<Finding> {
    if !is_capitals(value) {
        return None;
    }
    let proper = proper_case(value);
    (!is_capitals(&proper)).then(|| Finding::with_fix(IssueCode::NameCapitals, proper))
}

/// No small letter, and at least one word of three capitals or more: initials are no shouting.
fn is_capitals(value: &str) -> bool {
    // Most names end here at the second byte.
    if value.bytes().any(|byte| byte.is_ascii_lowercase()) || value.chars().any(char::is_lowercase)
    {
        return false;
    }
    value
        .split(|c: char| !c.is_alphabetic())
        .any(|word| word.chars().filter(|c| c.is_uppercase()).count() >= 3 && !is_roman(word))
}

fn is_roman(word: &str) -> bool {
    matches!(word, "II" | "III" | "IV" | "VI" | "VII" | "VIII")
}

fn proper_case(value: &str) -> String {
    let words = value.split(' ').enumerate().map(|(at, word)| {
        let lower = word.to_lowercase();
        if is_roman(word) {
            word.to_owned()
        } else if at > 0 && PARTICLES.contains(&lower.as_str()) {
            lower
        } else {
            let parts = lower.split('-').map(capitalised);
            parts.collect::<Vec<_>>().join("-")
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// `o'brien` is O'Brien, `d’ávila` is D’Ávila, `mcdonald` is McDonald.
fn capitalised(lower: &str) -> String {
    let mut capitalised = String::with_capacity(lower.len());
    let mut first = true;
    for (at, c) in lower.char_indices() {
        if first && c.is_alphabetic() {
            capitalised.extend(c.to_uppercase());
            first = false;
        } else {
            capitalised.push(c);
        }
        let before = &lower[..at + c.len_utf8()];
        first = first
            || matches!(before, "o'" | "d'" | "l'" | "o’" | "d’" | "l’" | "mc") && lower.len() > 4;
    }
    capitalised
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_capitals_are_put_in_proper_case() {
        for (name, proper) in [
            ("ANA LIMA", Some("Ana Lima")),
            (
                "MARIA DA CONCEIÇÃO DOS SANTOS",
                Some("Maria da Conceição dos Santos"),
            ),
            ("JOSÉ E SILVA", Some("José e Silva")),
            ("LUDWIG VAN BEETHOVEN", Some("Ludwig van Beethoven")),
            ("VON TRAPP", Some("Von Trapp")),
            ("SEAN O'BRIEN", Some("Sean O'Brien")),
            ("PEDRO D’ÁVILA", Some("Pedro D’Ávila")),
            ("RONALD MCDONALD", Some("Ronald McDonald")),
            (
                "ANA-MARIA DEL VALLE Y LA CRUZ",
                Some("Ana-Maria del Valle y la Cruz"),
            ),
            ("JOÃO PAULO II", Some("João Paulo II")),
            ("ÁÉÍ", Some("Áéí")),
            ("Ana Lima", None),
            ("ana lima", None),
            ("J. P. II", None),
            ("J R", None),
            ("", None),
            ("李小龍", None),
        ] {
            let found = check(name).and_then(|finding| finding.fix);
            assert_eq!(found.as_deref(), proper, "{name:?}");
        }
    }

    #[test]
    fn the_schemas_field_name_says_whether_it_is_a_name() {
        let schema = model::Schema::employee();
        let names: Vec<_> = schema.fields.iter().filter(|f| is_name_field(f)).collect();
        assert_eq!(names.len(), 1);
        assert_eq!(names[0].name, "full_name");
    }
}
