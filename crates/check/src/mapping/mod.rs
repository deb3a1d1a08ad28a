//! Which column holds which field.

mod guess;
mod values;
mod words;

use serde::{Deserialize, Serialize};

pub use guess::guess;

/// For each field of the schema, in its order, the column that holds it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Mapping {
    fields: Vec<Match>,
}

/// One field's column and how sure that is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Match {
    /// Counted from 0 in the table's order.
    pub column: Option<usize>,
    pub confidence: Confidence,
    /// 0 to 1.
    pub score: f32,
}

#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// No column was found, or somebody said that there is none.
    #[default]
    Missing,
    Unsure,
    Likely,
    Sure,
}

impl Mapping {
    /// From columns that somebody chose, by field in the schema's order.
    pub fn chosen(columns: impl IntoIterator<Item = Option<usize>>) -> Self {
        let fields = columns.into_iter().map(Match::chosen).collect();
        Self { fields }
    }

    pub fn fields(&self) -> &[Match] {
        &self.fields
    }

    pub fn column_of(&self, field: usize) -> Option<usize> {
        self.fields.get(field)?.column
    }

    pub fn field_of(&self, column: usize) -> Option<usize> {
        self.fields
            .iter()
            .position(|found| found.column == Some(column))
    }

    /// What somebody says goes: a column serves one field, so it is taken from any other.
    pub fn set(&mut self, field: usize, column: Option<usize>) {
        for other in &mut self.fields {
            if column.is_some() && other.column == column {
                *other = Match::default();
            }
        }
        if let Some(found) = self.fields.get_mut(field) {
            *found = Match::chosen(column);
        }
    }
}

impl Match {
    fn chosen(column: Option<usize>) -> Self {
        match column {
            Some(_) => Self {
                column,
                confidence: Confidence::Sure,
                score: 1.0,
            },
            None => Self::default(),
        }
    }
}

#[cfg(test)]
mod tests;
