//! Text as it counts for likeness: no case, no accents, no punctuation.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, accents dropped, every run of other characters one space: `"E-mail  do Líder"`
/// becomes `"e mail do lider"`.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        if c.is_alphanumeric() {
            if gap && !folded.is_empty() {
                folded.push(' ');
            }
            gap = false;
            folded.extend(c.to_lowercase());
        } else {
            gap = true;
        }
    }
    folded
}

/// As [`fold`], and words run together by capitals come apart: `"hireDate"` is `"hire date"`.
pub fn fold_header(header: &str) -> String {
    let mut apart = String::with_capacity(header.len() + 4);
    let mut before = ' ';
    for c in header.chars() {
        if before.is_lowercase() && c.is_uppercase() {
            apart.push(' ');
        }
        apart.push(c);
        before = c;
    }
    fold(&apart)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_text_has_no_case_accents_or_punctuation() {
        for (text, folded) in [
            ("", ""),
            ("  ", ""),
            ("Dt. Nasc.", "dt nasc"),
            ("E-mail  do Líder", "e mail do lider"),
            ("Nº do CPF", "no do cpf"),
            ("JURÍDICO", "juridico"),
            ("manager_email", "manager email"),
            ("Contraseña", "contrasena"),
        ] {
            assert_eq!(fold(text), folded, "{text:?}");
        }
    }

    #[test]
    fn headers_come_apart_at_capitals() {
        for (header, folded) in [
            ("hireDate", "hire date"),
            ("EmployeeID", "employee id"),
            ("CPF", "cpf"),
            ("Data de admissão", "data de admissao"),
        ] {
            assert_eq!(fold_header(header), folded, "{header:?}");
        }
    }
}
