//! What a table is checked by: a schema, which column holds which field, and what was asked.

use jiff::civil::Date;
use model::{Field, Schema};
use serde::{Deserialize, Serialize};

use crate::mapping::Mapping;
use crate::rules::Rules;
use crate::rules::date::DateOrder;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// How to read `03/04/2026` in columns that do not say it themselves.
    #[serde(default)]
    pub date_order: Option<DateOrder>,
    /// Decides two-digit years: they are the latest year that is not beyond the next one.
    pub today: Date,
}

/// The schema's rules cannot be kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("the pattern of field {field:?} is not a regular expression: {detail}")]
    Pattern { field: String, detail: String },
    #[error("minimum or maximum of field {field:?} is not of the field's type")]
    Bound { field: String },
    #[error("field {field:?} names a country that has no numbering plan")]
    Country { field: String },
    #[error("the mapping is of another schema or table")]
    Mapping,
}

/// Made once for a schema and a mapping; checks any number of cells, also at the same time.
pub struct Plan {
    schema: Schema,
    mapping: Mapping,
    rules: Vec<Rules>,
}

impl Plan {
    pub fn new(schema: Schema, mapping: Mapping, options: Options) -> Result<Self, PlanError> {
        if mapping.fields().len() != schema.fields.len() {
            return Err(PlanError::Mapping);
        }
        let rules = rules_of(&schema, &options)?;
        Ok(Self {
            schema,
            mapping,
            rules,
        })
    }

    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    pub fn mapping(&self) -> &Mapping {
        &self.mapping
    }

    pub(crate) fn rules(&self, field: usize) -> &Rules {
        &self.rules[field]
    }

    pub(crate) fn field(&self, field: usize) -> &Field {
        &self.schema.fields[field]
    }

    /// The column that holds the field.
    pub fn column_of(&self, field: usize) -> Option<usize> {
        self.mapping.column_of(field)
    }

    /// Fields that have a column, with it.
    pub(crate) fn mapped(&self) -> impl Iterator<Item = (usize, usize)> {
        let fields = 0..self.schema.fields.len();
        fields.filter_map(|field| Some((field, self.column_of(field)?)))
    }
}

pub(crate) fn rules_of(schema: &Schema, options: &Options) -> Result<Vec<Rules>, PlanError> {
    schema
        .fields
        .iter()
        .map(|field| Rules::new(field, options))
        .collect()
}
