//! What a company expects of a roster: a Frictionless Table Schema (Data Package v2) with our own
//! keys under `muster:`.
//!
//! <https://datapackage.org/standard/table-schema/>. Keys that we do not know are kept out of the
//! way, as the standard asks; a type that we do not check is read as text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub fields: Vec<Field>,
    /// The natural key. A single name or a list, as the standard has it.
    #[serde(
        rename = "primaryKey",
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub primary_key: Vec<String>,
    /// The natural key of a person whose primary key is empty.
    #[serde(
        rename = "muster:fallbackKey",
        default,
        deserialize_with = "one_or_many",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub fallback_key: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    #[serde(rename = "type", default)]
    pub field_type: FieldType,
    /// The standard's `format`: `default`, `email`, a date pattern.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    #[serde(default)]
    pub constraints: Constraints,
    /// Check digits, a country's numbering plan and the like.
    #[serde(
        rename = "muster:format",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub muster_format: Option<MusterFormat>,
    /// ISO 3166-1 alpha-2 country whose numbering plan holds for numbers without a prefix.
    #[serde(
        rename = "muster:country",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub country: Option<String>,
    /// The field's name for people, by BCP 47 language.
    #[serde(
        rename = "muster:titles",
        default,
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub titles: BTreeMap<String, String>,
    /// Headers that mean this field, in any language.
    #[serde(
        rename = "muster:synonyms",
        default,
        skip_serializing_if = "Vec::is_empty"
    )]
    pub synonyms: Vec<String>,
    /// For an enumeration: other ways of writing each value.
    #[serde(
        rename = "muster:aliases",
        default,
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub aliases: BTreeMap<String, Vec<String>>,
    /// The date in this field must not be before the one in the named field.
    #[serde(
        rename = "muster:notBefore",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub not_before: Option<String>,
    /// The value should stand in the named field of some row; where it does not, a note.
    #[serde(
        rename = "muster:refersTo",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub refers_to: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    #[default]
    String,
    Number,
    Integer,
    Boolean,
    Date,
    /// A type of the standard that is carried as text and not checked.
    #[serde(other)]
    Any,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MusterFormat {
    /// Brazilian person's document: 11 digits, two of them check digits.
    Cpf,
    /// Brazilian company's document, alphanumeric since 2026.
    Cnpj,
    /// Brazilian social number: 11 digits, the last a check digit.
    Pis,
    /// A telephone number, kept in E.164.
    Phone,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Constraints {
    pub required: bool,
    pub unique: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    #[serde(rename = "enum", skip_serializing_if = "Option::is_none")]
    pub one_of: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// Text, since it is a date for date fields and a number for number fields.
    #[serde(
        deserialize_with = "text_or_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub minimum: Option<String>,
    #[serde(
        deserialize_with = "text_or_number",
        skip_serializing_if = "Option::is_none"
    )]
    pub maximum: Option<String>,
}

/// The schema file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    #[error("not a Table Schema: line {line}, column {column}: {what}")]
    NotJson {
        line: usize,
        column: usize,
        what: String,
    },
    #[error("the schema has no fields")]
    NoFields,
    #[error("the schema names the field {0:?} twice")]
    FieldTwice(String),
    #[error("field name {0:?} is not letters, digits and underscores, or is row_no")]
    FieldName(String),
    #[error("{key} names {field:?}, which is no field of the schema")]
    NoSuchField { key: &'static str, field: String },
}

impl Schema {
    /// Reads a Table Schema file and makes sure that its names agree with each other.
    pub fn from_json(text: &str) -> Result<Self, SchemaError> {
        let schema: Self =
            serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
                SchemaError::NotJson {
                    line: error.line(),
                    column: error.column(),
                    what: error.to_string(),
                }
            })?;
        schema.validate()?;
        Ok(schema)
    }

    /// The schema that Muster checks an employee list with when the company has given none.
    pub fn employee() -> Self {
        // Covered by a test: the file is part of this crate.
        Self::from_json(include_str!("../schemas/employee.json")).unwrap_or(Self {
            name: None,
            fields: Vec::new(),
            primary_key: Vec::new(),
            fallback_key: Vec::new(),
        })
    }

    /// A schema that arrived inside a message is held to the same rules as one from a file.
    pub fn validate(&self) -> Result<(), SchemaError> {
        if self.fields.is_empty() {
            return Err(SchemaError::NoFields);
        }
        let mut seen = std::collections::HashSet::new();
        for field in &self.fields {
            let plain = |c: char| c.is_alphanumeric() || c == '_';
            if field.name.is_empty() || field.name == "row_no" || !field.name.chars().all(plain) {
                return Err(SchemaError::FieldName(field.name.clone()));
            }
            if !seen.insert(&field.name) {
                return Err(SchemaError::FieldTwice(field.name.clone()));
            }
        }
        let keys = self.primary_key.iter().map(|name| ("primaryKey", name));
        let fallback = self
            .fallback_key
            .iter()
            .map(|name| ("muster:fallbackKey", name));
        let others = self.fields.iter().flat_map(|field| {
            let before = field
                .not_before
                .iter()
                .map(|name| ("muster:notBefore", name));
            before.chain(field.refers_to.iter().map(|name| ("muster:refersTo", name)))
        });
        for (key, name) in keys.chain(fallback).chain(others) {
            if self.field(name).is_none() {
                return Err(SchemaError::NoSuchField {
                    key,
                    field: name.clone(),
                });
            }
        }
        Ok(())
    }

    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}

impl Field {
    pub fn is_email(&self) -> bool {
        self.field_type == FieldType::String && self.format.as_deref() == Some("email")
    }

    /// The field's name for a person who reads `language`: exact, else the same base language,
    /// else English, else the schema's title, else the name.
    pub fn title_in(&self, language: &str) -> &str {
        let base = language.split('-').next().unwrap_or(language);
        self.titles
            .get(language)
            .or_else(|| {
                let same_base = |tag: &&String| tag.split('-').next() == Some(base);
                let tag = self.titles.keys().find(same_base)?;
                self.titles.get(tag)
            })
            .or_else(|| self.titles.get("en"))
            .or(self.title.as_ref())
            .unwrap_or(&self.name)
    }
}

fn one_or_many<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Names {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Names::deserialize(deserializer)? {
        Names::One(name) => vec![name],
        Names::Many(names) => names,
    })
}

fn text_or_number<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Bound {
        Text(String),
        Number(serde_json::Number),
    }
    Ok(
        Option::<Bound>::deserialize(deserializer)?.map(|bound| match bound {
            Bound::Text(text) => text,
            Bound::Number(number) => number.to_string(),
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_employee_schema_reads() {
        let schema = Schema::from_json(include_str!("../schemas/employee.json"));
        assert!(schema.is_ok(), "{schema:?}");
        assert_eq!(Schema::employee().fields.len(), 12);
    }

    #[test]
    fn what_goes_out_comes_back() {
        let schema = Schema::employee();
        let text = serde_json::to_string(&schema).unwrap_or_default();
        assert_eq!(Schema::from_json(&text).ok(), Some(schema));
    }

    #[test]
    fn a_primary_key_may_be_one_name() {
        let schema = Schema::from_json(r#"{"fields":[{"name":"a"}],"primaryKey":"a"}"#);
        assert_eq!(
            schema.ok().map(|s| s.primary_key),
            Some(vec!["a".to_owned()])
        );
    }

    #[test]
    fn bad_schemas_say_what_is_wrong() {
        for (text, says) in [
            ("", "line 1"),
            (r#"{"fields":[]}"#, "no fields"),
            (r#"{"fields":[{"name":"a"},{"name":"a"}]}"#, "twice"),
            (r#"{"fields":[{"name":"row_no"}]}"#, "row_no"),
            (
                r#"{"fields":[{"name":"a"}],"primaryKey":["b"]}"#,
                "no field",
            ),
        ] {
            let error = Schema::from_json(text).map(drop).map_err(|e| e.to_string());
            assert!(error.as_ref().is_err_and(|e| e.contains(says)), "{error:?}");
        }
    }
}
