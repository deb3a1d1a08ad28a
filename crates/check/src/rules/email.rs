//! E-mail addresses: what is plainly right is seen in one pass, what is unusual is left to
//! `email_address` (RFC 5321, 5322, 6531), and what people mistype is mended where it is plain.

use email_address::{EmailAddress, Options};
use model::IssueCode;

use super::Finding;

/// Whether the value needs no second look: the usual characters in lower case, and no domain that
/// is known as a mistyped one.
pub fn is_plain(value: &str) -> bool {
    let bytes = value.as_bytes();
    let Some(at) = bytes.iter().position(|byte| *byte == b'@') else {
        return false;
    };
    let (local, domain) = (&bytes[..at], &bytes[at + 1..]);
    is_plain_local(local) && is_plain_domain(domain) && mistyped(&value[at + 1..]).is_none()
}

fn is_plain_local(local: &[u8]) -> bool {
    if !(1..=64).contains(&local.len()) {
        return false;
    }
    let mut before = b'.';
    for &byte in local {
        let plain = matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'+')
            || (byte == b'.' && before != b'.');
        if !plain {
            return false;
        }
        before = byte;
    }
    before != b'.'
}

fn is_plain_domain(domain: &[u8]) -> bool {
    if domain.len() > 253 {
        return false;
    }
    let (mut label, mut labels, mut before, mut letters) = (0, 0, b'.', true);
    for &byte in domain {
        match byte {
            b'.' if label > 0 && before != b'-' => {
                labels += 1;
                label = 0;
                letters = true;
            }
            b'a'..=b'z' => label += 1,
            b'0'..=b'9' => {
                label += 1;
                letters = false;
            }
            b'-' if label > 0 => {
                label += 1;
                letters = false;
            }
            _ => return false,
        }
        if label > 63 {
            return false;
        }
        before = byte;
    }
    labels > 0 && label >= 2 && letters
}

/// `value` has no spaces around it.
pub fn check(value: &str) -> Option<Finding> {
    if is_plain(value) {
        return None;
    }
    if is_address(value) {
        let lower = value.to_lowercase();
        let domain = lower.rsplit('@').next().unwrap_or_default();
        if let Some(meant) = mistyped(domain) {
            let local = &lower[..lower.len() - domain.len()];
            return Some(Finding::with_fix(
                IssueCode::EmailInvalid,
                format!("{local}{meant}"),
            ));
        }
        return (lower != value && is_address(&lower))
            .then(|| Finding::with_fix(IssueCode::EmailCase, lower));
    }
    let code = if value.contains('@') {
        IssueCode::EmailInvalid
    } else {
        IssueCode::EmailNoAt
    };
    Some(Finding {
        code,
        fix: mended(value),
    })
}

fn is_address(value: &str) -> bool {
    let options = Options::default()
        .with_required_tld()
        .without_display_text()
        .without_domain_literal();
    value.len() <= 254
        && !value.contains(['"', '\\', '(', ')', ',', ';'])
        && EmailAddress::parse_with_options(value, options).is_ok()
        && value
            .rsplit('.')
            .next()
            .is_some_and(|tld| tld.chars().count() >= 2)
}

/// The address that was plainly meant; in lower case.
fn mended(value: &str) -> Option<String> {
    let lower = value.to_lowercase();
    let mut text = lower.as_str();
    text = text.strip_prefix("mailto:").unwrap_or(text);
    if let (Some(open), Some(close)) = (text.find('<'), text.rfind('>')) {
        text = text.get(open + 1..close)?;
    }
    let text = text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ';' | ',' | '.' | '\'' | '"' | '<' | '>')
    });
    let mut text = text.to_owned();
    if !text.contains('@') {
        text = with_at(&text)?;
    }
    for (wrong, right) in [
        ("@@", "@"),
        (" @", "@"),
        ("@ ", "@"),
        (" .", "."),
        (". ", "."),
    ] {
        text = text.replace(wrong, right);
    }
    let (local, domain) = text.split_once('@')?;
    let domain = domain.replace(',', ".").replace("..", ".");
    let local = local.replace("..", ".");
    let local = local.trim_matches('.');
    let domain = domain.trim_matches('.');
    let domain = mistyped(domain).unwrap_or_else(|| domain.to_owned());
    let address = format!("{local}@{domain}");
    is_plain(&address).then_some(address)
}

/// The sign that stands where the @ should, if there is exactly one such place.
fn with_at(text: &str) -> Option<String> {
    const SIGNS: [&str; 13] = [
        " (at) ", "(at)", " [at] ", "[at]", "{at}", " at ", " arroba ", "(arroba)", "[arroba]",
        " # ", "#", "\u{ff20}", "®",
    ];
    for sign in SIGNS {
        if text.matches(sign).count() == 1 {
            return Some(text.replacen(sign, "@", 1));
        }
    }
    const PROVIDERS: [&str; 9] = [
        "gmail.com",
        "hotmail.com",
        "outlook.com",
        "yahoo.com",
        "yahoo.com.br",
        "icloud.com",
        "uol.com.br",
        "terra.com.br",
        "bol.com.br",
    ];
    let provider = PROVIDERS
        .iter()
        .find(|provider| text.ends_with(*provider))?;
    let local = text
        .strip_suffix(provider)?
        .trim_end_matches(['.', ' ', '_', '-']);
    (local.len() >= 3).then(|| format!("{local}@{provider}"))
}

/// Domains that are nobody's and stand for one that many have.
const MISTYPED: [(&str, &str); 40] = [
    ("gamil.com", "gmail.com"),
    ("gemail.com", "gmail.com"),
    ("ggmail.com", "gmail.com"),
    ("gmaail.com", "gmail.com"),
    ("gmai.com", "gmail.com"),
    ("gmaii.com", "gmail.com"),
    ("gmail.cm", "gmail.com"),
    ("gmail.cmo", "gmail.com"),
    ("gmail.com.br", "gmail.com"),
    ("gmail.comm", "gmail.com"),
    ("gmail.con", "gmail.com"),
    ("gmail.om", "gmail.com"),
    ("gmaill.com", "gmail.com"),
    ("gmal.com", "gmail.com"),
    ("gmali.com", "gmail.com"),
    ("gmial.com", "gmail.com"),
    ("gmil.com", "gmail.com"),
    ("gmsil.com", "gmail.com"),
    ("gnail.com", "gmail.com"),
    ("hotamil.com", "hotmail.com"),
    ("hotmai.com", "hotmail.com"),
    ("hotmaill.com", "hotmail.com"),
    ("hotmal.com", "hotmail.com"),
    ("hotmali.com", "hotmail.com"),
    ("hotmial.com", "hotmail.com"),
    ("hotmil.com", "hotmail.com"),
    ("hotmsil.com", "hotmail.com"),
    ("hotnail.com", "hotmail.com"),
    ("htmail.com", "hotmail.com"),
    ("iclod.com", "icloud.com"),
    ("icloud.con", "icloud.com"),
    ("icoud.com", "icloud.com"),
    ("otlook.com", "outlook.com"),
    ("outlok.com", "outlook.com"),
    ("outloock.com", "outlook.com"),
    ("outlook.con", "outlook.com"),
    ("yaho.com", "yahoo.com"),
    ("yahoo.con", "yahoo.com"),
    ("yahooo.com", "yahoo.com"),
    ("yhaoo.com", "yahoo.com"),
];

fn mistyped(domain: &str) -> Option<String> {
    // Cheap for the many that are none of these.
    let bytes = domain.as_bytes();
    if matches!(bytes.first(), Some(b'g' | b'h' | b'i' | b'o' | b'y')) && bytes.len() <= 12 {
        let found = MISTYPED.binary_search_by(|(wrong, _)| (*wrong).cmp(domain));
        if let Ok(at) = found {
            return Some(MISTYPED[at].1.to_owned());
        }
    }
    // No such top level domain exists.
    for (wrong, right) in [
        (".con", ".com"),
        (".ocm", ".com"),
        (".comm", ".com"),
        (".com.rb", ".com.br"),
    ] {
        if let Some(before) = domain.strip_suffix(wrong) {
            return Some(format!("{before}{right}"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_and_what_becomes_of_them() {
        use IssueCode::{EmailCase, EmailInvalid, EmailNoAt};
        for (value, expected) in [
            ("ana@example.com", None),
            ("ana.lima+rh@sub.example.com.br", None),
            ("joão@example.com", None),
            ("ana_l-1@exa-mple.io", None),
            ("o'brien@example.com", None),
            ("ana@empresa.tech", None),
            (
                "Ana.Lima@Example.com",
                Some((EmailCase, Some("ana.lima@example.com"))),
            ),
            ("ANA@GMIAL.COM", Some((EmailInvalid, Some("ana@gmail.com")))),
            ("ana@gmial.com", Some((EmailInvalid, Some("ana@gmail.com")))),
            (
                "ana@hotmal.com",
                Some((EmailInvalid, Some("ana@hotmail.com"))),
            ),
            (
                "ana@empresa.con",
                Some((EmailInvalid, Some("ana@empresa.com"))),
            ),
            ("ana@gmail,com", Some((EmailInvalid, Some("ana@gmail.com")))),
            (
                "ana@@example.com",
                Some((EmailInvalid, Some("ana@example.com"))),
            ),
            (
                "ana @ example.com",
                Some((EmailInvalid, Some("ana@example.com"))),
            ),
            (
                "ana..lima@example.com",
                Some((EmailInvalid, Some("ana.lima@example.com"))),
            ),
            (
                "ana.@example.com",
                Some((EmailInvalid, Some("ana@example.com"))),
            ),
            (
                "ana@example.com;",
                Some((EmailInvalid, Some("ana@example.com"))),
            ),
            (
                "mailto:ana@example.com",
                Some((EmailInvalid, Some("ana@example.com"))),
            ),
            (
                "Ana Lima <ana@example.com>",
                Some((EmailInvalid, Some("ana@example.com"))),
            ),
            ("ana@example", Some((EmailInvalid, None))),
            ("ana@", Some((EmailInvalid, None))),
            ("@example.com", Some((EmailInvalid, None))),
            ("ana lima@example.com", Some((EmailInvalid, None))),
            ("ana@x.com, bia@x.com", Some((EmailInvalid, None))),
            ("ana@-x.com", Some((EmailInvalid, None))),
            ("ana@example.c", Some((EmailInvalid, None))),
            (
                "ana(at)example.com",
                Some((EmailNoAt, Some("ana@example.com"))),
            ),
            (
                "ana at example.com",
                Some((EmailNoAt, Some("ana@example.com"))),
            ),
            (
                "ana[at]example.com",
                Some((EmailNoAt, Some("ana@example.com"))),
            ),
            (
                "ana#example.com",
                Some((EmailNoAt, Some("ana@example.com"))),
            ),
            (
                "Ana arroba example.com",
                Some((EmailNoAt, Some("ana@example.com"))),
            ),
            (
                "ana.limagmail.com",
                Some((EmailNoAt, Some("ana.lima@gmail.com"))),
            ),
            ("ana.example.com", Some((EmailNoAt, None))),
            ("não tem", Some((EmailNoAt, None))),
            ("-", Some((EmailNoAt, None))),
        ] {
            let found = check(value).map(|f| (f.code, f.fix));
            let expected = expected.map(|(code, fix)| (code, fix.map(str::to_owned)));
            assert_eq!(found, expected, "{value:?}");
        }
    }

    #[test]
    fn mistyped_domains_are_sorted() {
        assert!(MISTYPED.is_sorted());
        assert!(MISTYPED.iter().all(|(wrong, _)| wrong.len() <= 12));
    }

    proptest! {
        #[test]
        fn what_is_plain_is_an_address(value in "[a-z0-9._+-]{1,8}@[a-z0-9.-]{1,10}") {
            prop_assert!(!is_plain(&value) || is_address(&value), "{value}");
        }

        #[test]
        fn a_fix_is_right(value in "\\PC{0,12}@?\\PC{0,12}|[A-Za-z#@. ,]{0,20}(gmail.com|.con)?") {
            if let Some(Finding { fix: Some(fix), .. }) = check(&value) {
                prop_assert!(check(&fix).is_none(), "{value:?} {fix:?}");
            }
        }
    }
}
