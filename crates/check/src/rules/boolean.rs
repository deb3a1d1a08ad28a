//! Yes and no. The standard's own words are right as they stand; words of three languages become
//! `true` and `false`.

use model::IssueCode;

use super::Finding;

/// <https://datapackage.org/standard/table-schema/#boolean>: the defaults of `trueValues` and
/// `falseValues`.
pub fn is_valid(value: &str) -> bool {
    matches!(
        value,
        "true" | "True" | "TRUE" | "1" | "false" | "False" | "FALSE" | "0"
    )
}

pub fn check(value: &str) -> Option<Finding> {
    if is_valid(value) {
        return None;
    }
    let fix = match crate::fold::fold(value).as_str() {
        "true" | "yes" | "y" | "sim" | "s" | "si" | "verdadeiro" | "verdadero" | "v" => "true",
        "false" | "no" | "n" | "nao" | "falso" | "f" => "false",
        _ => return Some(Finding::new(IssueCode::NotABoolean)),
    };
    Some(Finding::with_fix(IssueCode::NotABoolean, fix.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_in_three_languages() {
        for (value, fix) in [
            ("Sim", Some("true")),
            ("NÃO", Some("false")),
            ("sí", Some("true")),
            ("No", Some("false")),
            ("y", Some("true")),
            ("talvez", None),
        ] {
            let found = check(value).unwrap();
            assert_eq!(
                (found.code, found.fix.as_deref()),
                (IssueCode::NotABoolean, fix)
            );
        }
        for value in ["true", "False", "1", "0"] {
            assert!(check(value).is_none(), "{value}");
        }
    }
}
