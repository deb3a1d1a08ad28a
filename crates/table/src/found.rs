//! What a reader asks for, and what was found.

use serde::{Deserialize, Serialize};

use crate::encoding::Encoding;

/// What the user settled; `None` is found out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadOptions {
    pub encoding: Option<Encoding>,
    /// An ASCII character.
    pub delimiter: Option<u8>,
    /// A sheet's name; the first one where there is none.
    pub sheet: Option<String>,
    /// The line, or the sheet's row, of the headers, from 1. Where it is blank, the next that is
    /// not.
    pub header_line: Option<u32>,
}

/// What a file turned out to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub format: Format,
    /// The line, or the sheet's row, of the headers, from 1.
    pub header_line: u32,
    /// Bytes of the file.
    pub size: u64,
    /// Of the file's bytes, in hex. A [`crate::head`] does not compute it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The file is named like another kind than it is: a workbook named `.csv`, say.
    pub misnamed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Format {
    Csv {
        encoding: Encoding,
        /// The file begins with a byte order mark.
        bom: bool,
        #[serde(with = "as_char")]
        delimiter: u8,
    },
    Workbook {
        workbook: WorkbookKind,
        sheets: Vec<SheetInfo>,
        /// The sheet that is read.
        sheet: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WorkbookKind {
    Xlsx,
    Xlsb,
    Xls,
    Ods,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetInfo {
    pub name: String,
    /// Rows with the header, as far as the file tells without reading the sheet.
    pub rows: Option<u32>,
}

impl Found {
    /// The options that read the file in the same way again, with nothing left to find out.
    pub fn options(&self) -> ReadOptions {
        let header_line = Some(self.header_line);
        match &self.format {
            Format::Csv {
                encoding,
                delimiter,
                ..
            } => ReadOptions {
                encoding: Some(*encoding),
                delimiter: Some(*delimiter),
                sheet: None,
                header_line,
            },
            Format::Workbook { sheet, .. } => ReadOptions {
                sheet: Some(sheet.clone()),
                header_line,
                ..ReadOptions::default()
            },
        }
    }
}

/// A delimiter is one character for people.
mod as_char {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(byte: &u8, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_char(char::from(*byte))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
        let character = char::deserialize(deserializer)?;
        u8::try_from(character).map_err(serde::de::Error::custom)
    }
}
