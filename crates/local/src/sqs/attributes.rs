//! What is set on a queue: the standard attributes, their limits and their defaults.
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html>

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::address::name_in_arn;
use super::fault::Fault;

/// The longest message, and the longest batch, in bytes.
pub(super) const MOST_BYTES: u32 = 1_048_576;
/// The longest a received message may stay hidden, in seconds: twelve hours.
pub(super) const LONGEST_HIDDEN: u32 = 43_200;
/// The longest a message may be delayed, in seconds.
pub(super) const LONGEST_DELAY: u32 = 900;
/// The longest poll, in seconds.
pub(super) const LONGEST_WAIT: u32 = 20;

/// Attributes as the protocol carries them.
pub(super) type Map = BTreeMap<String, String>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attributes {
    /// Seconds.
    pub delay: u32,
    /// Bytes.
    pub most_bytes: u32,
    /// Seconds.
    pub retention: u32,
    /// Seconds.
    pub wait: u32,
    /// Seconds.
    pub visibility: u32,
    pub redrive: Option<Redrive>,
    pub allow: Option<RedriveAllow>,
}

/// Where a message goes that was received too often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Redrive {
    #[serde(rename = "deadLetterTargetArn")]
    pub target_arn: String,
    #[serde(rename = "maxReceiveCount")]
    pub max_receives: u32,
}

impl Redrive {
    /// The name of the dead-letter queue.
    pub fn target(&self) -> &str {
        name_in_arn(&self.target_arn).unwrap_or_default()
    }
}

/// Whose dead letters a queue takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RedriveAllow {
    #[serde(rename = "redrivePermission")]
    permission: Permission,
    #[serde(
        rename = "sourceQueueArns",
        default,
        skip_serializing_if = "Vec::is_empty"
    )]
    sources: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Permission {
    AllowAll,
    DenyAll,
    ByQueue,
}

impl RedriveAllow {
    pub fn lets(&self, source_arn: &str) -> bool {
        match self.permission {
            Permission::AllowAll => true,
            Permission::DenyAll => false,
            Permission::ByQueue => self.sources.iter().any(|arn| arn == source_arn),
        }
    }
}

impl Default for Attributes {
    fn default() -> Self {
        Self {
            delay: 0,
            most_bytes: MOST_BYTES,
            retention: 345_600,
            wait: 0,
            visibility: 30,
            redrive: None,
            allow: None,
        }
    }
}

impl Attributes {
    /// These attributes with `changes` made; an empty policy takes it away.
    pub fn with(&self, changes: &Map) -> Result<Self, Fault> {
        let mut changed = self.clone();
        for (name, value) in changes {
            changed.set(name, value)?;
        }
        Ok(changed)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Fault> {
        let within = |limits: RangeInclusive<u32>| {
            let number = value.parse().ok().filter(|number| limits.contains(number));
            number.ok_or_else(|| Fault::invalid_attribute_value(name))
        };
        let only = |standard: &str| {
            let told = format!("{name} other than \"{standard}\"");
            (value == standard)
                .then_some(())
                .ok_or_else(|| Fault::unsupported(&told))
        };
        match name {
            "DelaySeconds" => self.delay = within(0..=LONGEST_DELAY)?,
            "MaximumMessageSize" => self.most_bytes = within(1_024..=MOST_BYTES)?,
            "MessageRetentionPeriod" => self.retention = within(60..=1_209_600)?,
            "ReceiveMessageWaitTimeSeconds" => self.wait = within(0..=LONGEST_WAIT)?,
            "VisibilityTimeout" => self.visibility = within(0..=LONGEST_HIDDEN)?,
            "RedrivePolicy" => self.redrive = parse_redrive(value)?,
            "RedriveAllowPolicy" => self.allow = parse_allow(value)?,
            // Who may do what is settled by keys; nothing is encrypted with a key of its own.
            "Policy" | "KmsMasterKeyId" | "KmsDataKeyReusePeriodSeconds" => only("")?,
            "SqsManagedSseEnabled" => only("false")?,
            "FifoQueue"
            | "ContentBasedDeduplication"
            | "DeduplicationScope"
            | "FifoThroughputLimit" => return Err(Fault::unsupported("FIFO queues")),
            _ => return Err(Fault::invalid_attribute_name(name)),
        }
        Ok(())
    }

    /// All that is set, as the protocol carries it.
    pub fn to_map(&self) -> Map {
        let mut map = Map::from([
            ("DelaySeconds".to_owned(), self.delay.to_string()),
            ("MaximumMessageSize".to_owned(), self.most_bytes.to_string()),
            (
                "MessageRetentionPeriod".to_owned(),
                self.retention.to_string(),
            ),
            (
                "ReceiveMessageWaitTimeSeconds".to_owned(),
                self.wait.to_string(),
            ),
            ("VisibilityTimeout".to_owned(), self.visibility.to_string()),
        ]);
        let mut policy = |name: &str, value: serde_json::Result<String>| {
            map.extend(value.ok().map(|value| (name.to_owned(), value)));
        };
        if let Some(redrive) = &self.redrive {
            policy("RedrivePolicy", serde_json::to_string(redrive));
        }
        if let Some(allow) = &self.allow {
            policy("RedriveAllowPolicy", serde_json::to_string(allow));
        }
        map
    }
}

fn parse_redrive(text: &str) -> Result<Option<Redrive>, Fault> {
    /// SDKs send the count as a number or as text.
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Count {
        Number(u32),
        Text(String),
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Policy {
        #[serde(rename = "deadLetterTargetArn")]
        target_arn: String,
        #[serde(rename = "maxReceiveCount")]
        max_receives: Count,
    }
    if text.is_empty() {
        return Ok(None);
    }
    let invalid = |reason: &str| {
        Fault::invalid_parameter(format!(
            "Value {text} for parameter RedrivePolicy is invalid. Reason: {reason}."
        ))
    };
    let policy: Policy = serde_json::from_str(text)
        .map_err(|_| invalid("Redrive policy is not a valid JSON map"))?;
    let max_receives = match policy.max_receives {
        Count::Number(number) => Some(number),
        Count::Text(text) => text.parse().ok(),
    };
    let max_receives = max_receives
        .filter(|count| (1..=1_000).contains(count))
        .ok_or_else(|| invalid("Invalid value for maxReceiveCount"))?;
    if name_in_arn(&policy.target_arn).is_none() {
        return Err(invalid("Invalid value for deadLetterTargetArn"));
    }
    Ok(Some(Redrive {
        target_arn: policy.target_arn,
        max_receives,
    }))
}

fn parse_allow(text: &str) -> Result<Option<RedriveAllow>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let invalid = || Fault::invalid_attribute_value("RedriveAllowPolicy");
    let allow: RedriveAllow = serde_json::from_str(text).map_err(|_| invalid())?;
    let names_sources = (1..=10).contains(&allow.sources.len());
    let fits = match allow.permission {
        Permission::ByQueue => names_sources,
        Permission::AllowAll | Permission::DenyAll => allow.sources.is_empty(),
    };
    fits.then_some(Some(allow)).ok_or_else(invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(name: &str, value: &str) -> Result<Attributes, String> {
        let changes = Map::from([(name.to_owned(), value.to_owned())]);
        Attributes::default()
            .with(&changes)
            .map_err(|fault| fault.code)
    }

    #[test]
    fn limits_hold_at_both_ends() {
        for (name, low, high) in [
            ("DelaySeconds", 0, 900),
            ("MaximumMessageSize", 1_024, 1_048_576),
            ("MessageRetentionPeriod", 60, 1_209_600),
            ("ReceiveMessageWaitTimeSeconds", 0, 20),
            ("VisibilityTimeout", 0, 43_200),
        ] {
            for good in [low, high] {
                let map = set(name, &good.to_string()).expect("fits").to_map();
                assert_eq!(map.get(name), Some(&good.to_string()));
            }
            for bad in [low - 1, high + 1] {
                let refused = set(name, &bad.to_string());
                assert_eq!(
                    refused,
                    Err("InvalidAttributeValue".to_owned()),
                    "{name} {bad}"
                );
            }
        }
    }

    #[test]
    fn policies_come_back_as_they_went() {
        let arn = "arn:aws:sqs:us-east-1:000000000000:dlq";
        let redrive = format!(r#"{{"deadLetterTargetArn":"{arn}","maxReceiveCount":3}}"#);
        let as_text = format!(r#"{{"maxReceiveCount":"3","deadLetterTargetArn":"{arn}"}}"#);
        for text in [&redrive, &as_text] {
            let map = set("RedrivePolicy", text).expect("fits").to_map();
            assert_eq!(map.get("RedrivePolicy"), Some(&redrive));
        }
        let allow = format!(r#"{{"redrivePermission":"byQueue","sourceQueueArns":["{arn}"]}}"#);
        let map = set("RedriveAllowPolicy", &allow).expect("fits").to_map();
        assert_eq!(map.get("RedriveAllowPolicy"), Some(&allow));
        let again = Attributes::default()
            .with(&map)
            .expect("reads what it wrote");
        assert_eq!(again.to_map(), map);
    }

    #[test]
    fn what_is_not_there_is_refused() {
        for (name, value, code) in [
            (
                "FifoQueue",
                "true",
                "AWS.SimpleQueueService.UnsupportedOperation",
            ),
            (
                "KmsMasterKeyId",
                "alias/aws/sqs",
                "AWS.SimpleQueueService.UnsupportedOperation",
            ),
            ("Colour", "blue", "InvalidAttributeName"),
            ("RedrivePolicy", "{}", "InvalidParameterValue"),
            (
                "RedrivePolicy",
                r#"{"deadLetterTargetArn":"x","maxReceiveCount":3}"#,
                "InvalidParameterValue",
            ),
            (
                "RedriveAllowPolicy",
                r#"{"redrivePermission":"byQueue"}"#,
                "InvalidAttributeValue",
            ),
        ] {
            assert_eq!(
                set(name, value).map(|_| ()),
                Err(code.to_owned()),
                "{name} {value}"
            );
        }
        assert!(set("RedrivePolicy", "").is_ok_and(|set| set.redrive.is_none()));
    }
}
