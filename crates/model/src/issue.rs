//! What is wrong with a cell, a row or a file: a code, a place, a severity, and where there is one
//! a fix. What was expected follows from the code and the field, so it is not stored a million
//! times.

use serde::{Deserialize, Serialize};

use crate::RowNo;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    pub place: Place,
    pub code: IssueCode,
    /// The value that would mend it, where one can be proved or is plain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// The first other row that has the same value, for `duplicate-value`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_row: Option<RowNo>,
}

/// Where an issue is. Fields are counted from 0 in the schema's order, columns in the table's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    Cell { row_no: RowNo, field: u16 },
    Row { row_no: RowNo },
    Column { column: u16 },
    Field { field: u16 },
}

impl Place {
    pub fn row_no(self) -> Option<RowNo> {
        match self {
            Self::Cell { row_no, .. } | Self::Row { row_no } => Some(row_no),
            Self::Column { .. } | Self::Field { .. } => None,
        }
    }
}

/// How much an issue matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Good to know.
    Note,
    /// Worth a look; the row can be sent.
    Warning,
    /// Must be fixed or left out; the row cannot be sent.
    Error,
}

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = ();
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|code| code.as_str() == text).ok_or(())
            }
        }
    };
}

codes! {
    /// What is wrong with what was read. The keys of the texts in every language.
    IssueCode {
        /// A required cell is empty.
        RequiredMissing = "required-missing",
        /// A required field has no column.
        FieldMissing = "field-missing",
        /// Two columns have the same header.
        HeaderTwice = "header-twice",
        /// The row has fewer cells than the header.
        RowShort = "row-short",
        /// The row has more cells than the header; the ones beyond are kept apart.
        RowLong = "row-long",
        /// A quoted cell is never closed.
        QuoteOpen = "quote-open",
        /// The cell holds NUL or another control character.
        ControlCharacter = "control-character",
        /// Bytes that mean nothing in the file's encoding.
        BadEncoding = "bad-encoding",
        /// What a formula shows where it has no value: `#N/A`, `#REF!`.
        FormulaError = "formula-error",
        /// Spaces at the ends, or two together.
        ExtraSpaces = "extra-spaces",
        /// Longer than the schema allows, or than a cell can be.
        TooLong = "too-long",
        TooShort = "too-short",
        /// The schema's pattern does not match.
        PatternMismatch = "pattern-mismatch",
        /// Not one of the schema's values.
        NotInList = "not-in-list",
        /// Another way of writing one of the schema's values.
        ListAlias = "list-alias",
        /// The same value stands in another row, and must not.
        DuplicateValue = "duplicate-value",
        NotANumber = "not-a-number",
        /// A number, written otherwise than `1234.56`.
        NumberFormat = "number-format",
        BelowMinimum = "below-minimum",
        AboveMaximum = "above-maximum",
        NotADate = "not-a-date",
        /// A date, written otherwise than `2026-04-03`.
        DateFormat = "date-format",
        /// Day and month could each be the other, and nothing in the column decides.
        DateAmbiguous = "date-ambiguous",
        /// Before the date that it must not be before.
        DateOrder = "date-order",
        NotABoolean = "not-a-boolean",
        EmailNoAt = "email-no-at",
        EmailInvalid = "email-invalid",
        /// The e-mail has capitals.
        EmailCase = "email-case",
        /// A name all in capitals.
        NameCapitals = "name-capitals",
        /// Check digits do not fit.
        CheckDigits = "check-digits",
        /// With zeros put back in front, the check digits fit.
        LostZero = "lost-zero",
        /// A document or number with other characters or another length than it has.
        DocumentFormat = "document-format",
        PhoneInvalid = "phone-invalid",
        /// A telephone number, written otherwise than in E.164.
        PhoneFormat = "phone-format",
        /// The value should stand in another row, and does not.
        NotInTable = "not-in-table",
    }
}

impl IssueCode {
    pub fn severity(self) -> Severity {
        match self {
            Self::NotInTable => Severity::Note,
            Self::HeaderTwice | Self::NameCapitals | Self::EmailCase => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

codes! {
    /// Why a file could not be read as a table at all.
    FileFault {
        /// 0 bytes.
        Empty = "file-empty",
        /// A header and no rows.
        NoRows = "file-no-rows",
        /// Not text and not a workbook.
        NotATable = "file-not-a-table",
        /// Named like one thing, is another.
        WrongExtension = "file-wrong-extension",
        /// Cut off or broken.
        Damaged = "file-damaged",
        /// Protected by a password.
        Password = "file-password",
        /// Unpacks to more than we are willing to hold.
        TooLarge = "file-too-large",
        /// More columns than a roster has.
        TooManyColumns = "file-too-many-columns",
        /// More rows than a batch can hold.
        TooManyRows = "file-too-many-rows",
        /// No sheet of that name.
        NoSuchSheet = "file-no-such-sheet",
        /// The file could not be opened.
        Unreadable = "file-unreadable",
        /// It changed while it was read.
        Changed = "file-changed",
    }
}
