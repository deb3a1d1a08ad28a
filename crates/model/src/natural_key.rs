//! Who a person is within one company: the schema's `primaryKey`, normalised.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Field, MusterFormat, Record, Schema};

/// Two records with the same key speak of the same person. Personal data: never logged.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NaturalKey(String);

impl NaturalKey {
    /// The primary key's values, or those of the schema's fallback key where one of them is
    /// empty. `None` where both are incomplete.
    pub fn of(schema: &Schema, record: &Record) -> Option<Self> {
        [&schema.primary_key, &schema.fallback_key]
            .into_iter()
            .find_map(|names| Self::from_fields(schema, names, record))
    }

    fn from_fields(schema: &Schema, names: &[String], record: &Record) -> Option<Self> {
        if names.is_empty() {
            return None;
        }
        let mut key = String::new();
        for name in names {
            let field = schema.field(name)?;
            let part = normalise_key_part(field, record.get(name)?);
            if part.is_empty() {
                return None;
            }
            key.push_str(name);
            key.push('=');
            key.push_str(&part);
            key.push(';');
        }
        Some(Self(key))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first of the fields that it is made of.
    pub fn field(&self) -> Option<&str> {
        self.0.split_once('=').map(|(name, _)| name)
    }
}

impl fmt::Debug for NaturalKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NaturalKey(…)")
    }
}

/// One value as it counts for identity: punctuation is dropped from documents, case from
/// everything, spaces from the ends.
pub fn normalise_key_part(field: &Field, value: &str) -> String {
    match field.muster_format {
        Some(MusterFormat::Cpf | MusterFormat::Cnpj | MusterFormat::Pis) => value
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .collect(),
        _ => value.trim().to_lowercase(),
    }
}
