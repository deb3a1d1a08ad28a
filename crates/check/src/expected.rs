//! What was expected of a value, in parts that a text in any language can be made of.

use model::{FieldType, IssueCode, MusterFormat, Schema};
use serde::{Deserialize, Serialize};

/// Follows from an issue's code and its field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Expected {
    /// Nothing more can be said than the code does.
    Plain,
    /// A value, for example this.
    Value {
        example: Option<String>,
    },
    /// One of these.
    OneOf {
        values: Vec<String>,
    },
    /// Text that this regular expression matches as a whole.
    Pattern {
        pattern: String,
        example: Option<String>,
    },
    /// This many characters.
    Length {
        min: Option<u32>,
        max: Option<u32>,
    },
    /// A number or date within these.
    Range {
        minimum: Option<String>,
        maximum: Option<String>,
    },
    /// `1234.56`, or without decimals.
    Number {
        whole: bool,
    },
    /// `2026-04-03`.
    Date,
    /// A date that is not before the one in this field.
    NotBefore {
        field: String,
    },
    Boolean,
    Email {
        example: Option<String>,
    },
    Document {
        document: MusterFormat,
        example: Option<String>,
    },
    /// A telephone number in E.164, of this country where it has no prefix.
    Phone {
        country: Option<String>,
        example: Option<String>,
    },
    /// No other row with the same value.
    Unique,
    /// A value that stands in this field of some row.
    InField {
        field: String,
    },
}

/// `field` is the field's place in the schema.
pub fn expected(schema: &Schema, field: usize, code: IssueCode) -> Expected {
    use IssueCode as Code;
    let Some(field) = schema.fields.get(field) else {
        return Expected::Plain;
    };
    let constraints = &field.constraints;
    let example = || field.example.clone();
    match code {
        Code::RequiredMissing | Code::FieldMissing => Expected::Value { example: example() },
        Code::TooLong | Code::TooShort => Expected::Length {
            min: constraints.min_length,
            max: constraints.max_length,
        },
        Code::PatternMismatch => Expected::Pattern {
            pattern: constraints.pattern.clone().unwrap_or_default(),
            example: example(),
        },
        Code::NotInList | Code::ListAlias => Expected::OneOf {
            values: constraints.one_of.clone().unwrap_or_default(),
        },
        Code::DuplicateValue => Expected::Unique,
        Code::NotANumber | Code::NumberFormat => Expected::Number {
            whole: field.field_type == FieldType::Integer,
        },
        Code::BelowMinimum | Code::AboveMaximum => Expected::Range {
            minimum: constraints.minimum.clone(),
            maximum: constraints.maximum.clone(),
        },
        Code::NotADate | Code::DateFormat | Code::DateAmbiguous => Expected::Date,
        Code::DateOrder => Expected::NotBefore {
            field: field.not_before.clone().unwrap_or_default(),
        },
        Code::NotABoolean => Expected::Boolean,
        Code::EmailNoAt | Code::EmailInvalid | Code::EmailCase => {
            Expected::Email { example: example() }
        }
        Code::CheckDigits | Code::LostZero | Code::DocumentFormat => match field.muster_format {
            Some(document) => Expected::Document {
                document,
                example: example(),
            },
            None => Expected::Plain,
        },
        Code::PhoneInvalid | Code::PhoneFormat => Expected::Phone {
            country: field.country.clone(),
            example: example(),
        },
        Code::NotInTable => Expected::InField {
            field: field.refers_to.clone().unwrap_or_default(),
        },
        Code::HeaderTwice
        | Code::RowShort
        | Code::RowLong
        | Code::QuoteOpen
        | Code::ControlCharacter
        | Code::BadEncoding
        | Code::FormulaError
        | Code::ExtraSpaces
        | Code::NameCapitals => Expected::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_says_what_its_field_expects() {
        let schema = Schema::employee();
        let said = |field: &str, code| {
            let at = schema.index_of(field).unwrap();
            serde_json::to_string(&expected(&schema, at, code)).unwrap()
        };
        insta::assert_snapshot!(said("email", IssueCode::EmailNoAt), @r#"{"kind":"email","example":"ana.conceicao@example.com"}"#);
        insta::assert_snapshot!(said("language", IssueCode::NotInList), @r#"{"kind":"one-of","values":["pt-BR","en","es"]}"#);
        insta::assert_snapshot!(said("document", IssueCode::LostZero), @r#"{"kind":"document","document":"cpf","example":"529.982.247-25"}"#);
        insta::assert_snapshot!(said("full_name", IssueCode::TooShort), @r#"{"kind":"length","min":3,"max":120}"#);
        insta::assert_snapshot!(said("hire_date", IssueCode::DateOrder), @r#"{"kind":"not-before","field":"birth_date"}"#);
        insta::assert_snapshot!(said("salary", IssueCode::BelowMinimum), @r#"{"kind":"range","minimum":"0","maximum":null}"#);
        insta::assert_snapshot!(said("phone", IssueCode::PhoneInvalid), @r#"{"kind":"phone","country":"BR","example":"+5511987654321"}"#);
        insta::assert_snapshot!(said("manager_email", IssueCode::NotInTable), @r#"{"kind":"in-field","field":"email"}"#);
        insta::assert_snapshot!(said("email", IssueCode::ExtraSpaces), @r#"{"kind":"plain"}"#);
    }

    #[test]
    fn every_code_has_an_answer_at_every_field() {
        let schema = Schema::employee();
        for code in IssueCode::ALL {
            for field in 0..=schema.fields.len() {
                let _ = expected(&schema, field, *code);
            }
        }
    }
}
