//! Why a row was refused, in a form that a desk can group, translate and act on.

use serde::{Deserialize, Serialize};

use crate::{BatchId, RowNo};

/// A refusal: somebody must correct the row. Never holds a cell's value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reason {
    pub code: ReasonCode,
    /// The field to look at, by its name in the schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// For `invalid-cell`, the code of the issue that the second check found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<String>,
    /// For `already-registered`, the batch and row that registered the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered_by: Option<(BatchId, RowNo)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReasonCode {
    /// The natural key is registered already, by another key.
    AlreadyRegistered,
    /// The registry knows no such department.
    UnknownDepartment,
    /// The e-mail's domain is blocked by the company.
    BlockedEmailDomain,
    /// The pipeline's own check found an issue that the desktop had let through.
    InvalidCell,
    /// A later generation of the row was fenced: this one came too late.
    Superseded,
    /// The registry refused it and gave no reason that we know.
    RefusedByRegistry,
}

impl ReasonCode {
    pub const ALL: [Self; 6] = [
        Self::AlreadyRegistered,
        Self::UnknownDepartment,
        Self::BlockedEmailDomain,
        Self::InvalidCell,
        Self::Superseded,
        Self::RefusedByRegistry,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::AlreadyRegistered => "already-registered",
            Self::UnknownDepartment => "unknown-department",
            Self::BlockedEmailDomain => "blocked-email-domain",
            Self::InvalidCell => "invalid-cell",
            Self::Superseded => "superseded",
            Self::RefusedByRegistry => "refused-by-registry",
        }
    }
}

impl std::str::FromStr for ReasonCode {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|code| code.as_str() == text)
            .ok_or(())
    }
}

impl Reason {
    pub fn new(code: ReasonCode) -> Self {
        Self {
            code,
            field: None,
            issue: None,
            registered_by: None,
        }
    }

    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}
