//! What a message says: its body and its attributes, what they may hold, their size and digests.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use super::attributes::MOST_BYTES;
use super::fault::Fault;

/// A message attribute, as the protocol carries it: bytes are base64.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Value {
    pub data_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub string_value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binary_value: Option<String>,
}

pub(super) type Values = BTreeMap<String, Value>;

/// The one system attribute that a sender may give.
const TRACE: &str = "AWSTraceHeader";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Content {
    pub body: String,
    pub extra: Extra,
}

/// Beside the body; stored as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Extra {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: Values,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub system: Values,
    /// The access key id that sent it.
    pub sender: String,
}

impl Content {
    /// Refuses what SQS refuses in a body and in attributes.
    pub fn check(&self) -> Result<(), Fault> {
        if self.body.is_empty() {
            return Err(Fault::missing_parameter("MessageBody"));
        }
        if !self.body.chars().all(may_be_sent) {
            return Err(Fault::invalid_message_contents());
        }
        if self.extra.attributes.len() > 10 {
            let many = "Number of message attributes exceeds the allowed maximum [10].";
            return Err(Fault::invalid_parameter(many));
        }
        for (name, value) in &self.extra.attributes {
            check_attribute_name(name)?;
            check_value(name, value)?;
        }
        for (name, value) in &self.extra.system {
            if name != TRACE || value.data_type != "String" {
                return Err(Fault::invalid_parameter(format!(
                    "The message system attribute '{name}' is invalid: only {TRACE} as a String may be sent."
                )));
            }
            check_value(name, value)?;
        }
        Ok(())
    }

    /// Bytes that count against the limits: body, and names, types and values of attributes.
    pub fn size(&self) -> usize {
        let of = |(name, value): (&String, &Value)| {
            name.len() + value.data_type.len() + value.bytes().len()
        };
        self.body.len() + self.extra.attributes.iter().map(of).sum::<usize>()
    }

    pub fn body_md5(&self) -> String {
        hex(&Md5::digest(self.body.as_bytes()))
    }

    pub fn trace(&self) -> Option<&str> {
        self.extra.system.get(TRACE)?.string_value.as_deref()
    }
}

pub(super) fn too_long(limit: u32) -> Fault {
    Fault::invalid_parameter(format!(
        "One or more parameters are invalid. Reason: Message must be shorter than {limit} bytes."
    ))
}

impl Value {
    fn is_binary(&self) -> bool {
        self.data_type == "Binary" || self.data_type.starts_with("Binary.")
    }

    fn bytes(&self) -> Vec<u8> {
        if self.is_binary() {
            let text = self.binary_value.as_deref().unwrap_or_default();
            STANDARD.decode(text).unwrap_or_default()
        } else {
            self.string_value.clone().unwrap_or_default().into_bytes()
        }
    }
}

/// The digest of a set of attributes; none for an empty set. Each in the order of its name: length
/// and bytes of name, type, then 1 (text, number) or 2 (bytes), length and bytes of the value.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation>
pub(super) fn attributes_md5(attributes: &Values) -> Option<String> {
    if attributes.is_empty() {
        return None;
    }
    let mut digest = Md5::new();
    let mut part = |bytes: &[u8], kind: Option<u8>| {
        digest.update(kind.as_slice());
        // No attribute is longer than a message.
        digest.update(
            u32::try_from(bytes.len())
                .unwrap_or(MOST_BYTES)
                .to_be_bytes(),
        );
        digest.update(bytes);
    };
    for (name, value) in attributes {
        part(name.as_bytes(), None);
        part(value.data_type.as_bytes(), None);
        part(&value.bytes(), Some(if value.is_binary() { 2 } else { 1 }));
    }
    Some(hex(&digest.finalize()))
}

/// The attributes that a receiver asked for: by name, by `prefix.*` or `prefix*`, or all of them.
pub(super) fn asked_for(attributes: &Values, names: &[String]) -> Values {
    let wanted = |name: &String| {
        names.iter().any(|asked| match asked.as_str() {
            "All" | ".*" => true,
            _ => match asked.strip_suffix(".*").or_else(|| asked.strip_suffix('*')) {
                Some(prefix) => name.starts_with(prefix),
                None => name == asked,
            },
        })
    };
    let chosen = attributes.iter().filter(|(name, _)| wanted(name));
    chosen
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// The characters of XML 1.0, which is what SQS takes.
fn may_be_sent(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

fn check_attribute_name(name: &str) -> Result<(), Fault> {
    let lower = name.to_ascii_lowercase();
    let fits = (1..=256).contains(&name.len())
        && name
            .bytes()
            .all(|b| super::address::is_word(b) || b == b'.')
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..")
        && !lower.starts_with("aws.")
        && !lower.starts_with("amazon.");
    fits.then_some(()).ok_or_else(|| {
        Fault::invalid_parameter(format!(
            "The message attribute name '{name}' is invalid. It can contain letters, digits, hyphens, underscores and single inner periods, up to 256 of them, and not begin with AWS. or Amazon."
        ))
    })
}

fn check_value(name: &str, value: &Value) -> Result<(), Fault> {
    let (kind, custom) = match value.data_type.split_once('.') {
        Some((kind, custom)) => (kind, Some(custom)),
        None => (value.data_type.as_str(), None),
    };
    let type_fits = value.data_type.len() <= 256
        && custom.is_none_or(|custom| !custom.is_empty())
        && value.data_type.chars().all(may_be_sent);
    let value_fits = match (kind, &value.string_value, &value.binary_value) {
        ("String", Some(text), None) => !text.is_empty() && text.chars().all(may_be_sent),
        ("Number", Some(text), None) => is_number(text),
        ("Binary", None, Some(text)) => STANDARD.decode(text).is_ok_and(|b| !b.is_empty()),
        _ => false,
    };
    (type_fits && value_fits).then_some(()).ok_or_else(|| {
        Fault::invalid_parameter(format!(
            "The message attribute '{name}' must have a type of String, Number or Binary, and a non-empty value of that type."
        ))
    })
}

/// Up to 38 significant digits, between 10^-128 and 10^126.
fn is_number(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()),
        None => (text, Some(0)),
    };
    let digits = mantissa.strip_prefix(['+', '-']).unwrap_or(mantissa);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let significant = format!("{whole}{fraction}");
    plain(whole)
        && plain(fraction)
        && !significant.is_empty()
        && significant.trim_matches('0').len() <= 38
        && exponent.is_some_and(|exponent| (-128..=126).contains(&exponent))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(data_type: &str, string: Option<&str>, binary: Option<&str>) -> Value {
        Value {
            data_type: data_type.to_owned(),
            string_value: string.map(str::to_owned),
            binary_value: binary.map(str::to_owned),
        }
    }

    fn content(body: &str, attributes: &[(&str, Value)]) -> Content {
        let attributes = attributes
            .iter()
            .map(|(n, v)| ((*n).to_owned(), v.clone()))
            .collect();
        Content {
            body: body.to_owned(),
            extra: Extra {
                attributes,
                ..Extra::default()
            },
        }
    }

    #[test]
    fn digests_are_those_that_sdks_compute() {
        assert_eq!(
            content("hello", &[]).body_md5(),
            "5d41402abc4b2a76b9719d911017c592"
        );
        // From boto3's and moto's own tests of the algorithm.
        let one = content(
            "x",
            &[("timestamp", value("Number", Some("1493147359900"), None))],
        );
        let digest = attributes_md5(&one.extra.attributes);
        assert_eq!(digest.as_deref(), Some("235c5c510d26fb653d073faed50ae77c"));
        assert_eq!(attributes_md5(&Values::new()), None);
    }

    #[test]
    fn bodies_hold_what_xml_can() {
        for good in ["a", "\t\r\n", "ção 日本 🎉", "\u{FFFD}"] {
            assert_eq!(content(good, &[]).check(), Ok(()), "{good:?}");
        }
        for bad in ["\0", "a\u{B}", "\u{1F}", "\u{FFFE}", "\u{FFFF}"] {
            let refused = content(bad, &[]).check();
            assert_eq!(refused, Err(Fault::invalid_message_contents()), "{bad:?}");
        }
        assert!(content("", &[]).check().is_err());
    }

    #[test]
    fn attributes_are_checked() {
        let text = || value("String", Some("x"), None);
        for (name, value, good) in [
            ("a", text(), true),
            ("a.b-c_d", text(), true),
            ("a", value("Number.float", Some("-1.5e10"), None), true),
            ("a", value("Binary.png", None, Some("AAEC")), true),
            ("a", value("Number", Some("ten"), None), false),
            ("a", value("Number", Some("."), None), false),
            ("a", value("String", Some(""), None), false),
            ("a", value("String", Some("\u{1}"), None), false),
            ("a", value("String", None, Some("AAEC")), false),
            ("a", value("Binary", None, Some("not base64!")), false),
            ("a", value("Text", Some("x"), None), false),
            ("a", value("String.", Some("x"), None), false),
            (".a", text(), false),
            ("a..b", text(), false),
            ("AWS.x", text(), false),
            ("amazon.x", text(), false),
            ("ã", text(), false),
        ] {
            assert_eq!(
                content("x", &[(name, value)]).check().is_ok(),
                good,
                "{name}"
            );
        }
    }

    #[test]
    fn receivers_get_what_they_ask_for() {
        let text = || value("String", Some("x"), None);
        let all = content("x", &[("a.one", text()), ("a.two", text()), ("b", text())]);
        for (asked, count) in [("All", 3), (".*", 3), ("a.*", 2), ("b", 1), ("c", 0)] {
            let chosen = asked_for(&all.extra.attributes, &[asked.to_owned()]);
            assert_eq!(chosen.len(), count, "{asked}");
        }
        assert!(asked_for(&all.extra.attributes, &[]).is_empty());
    }
}
