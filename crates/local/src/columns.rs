//! How our values stand in SQLite's columns: identifiers as 16 bytes, times as nanoseconds since
//! the epoch, states as their words, everything else as JSON.

use jiff::Timestamp;
use model::{CompanyId, RowState};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Type, ValueRef};
use rusqlite::{Result, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

#[derive(Clone, Copy)]
pub(crate) struct Id(pub Uuid);

impl ToSql for Id {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0.as_bytes().as_slice()))
    }
}

impl FromSql for Id {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        <[u8; 16]>::column_result(value).map(|bytes| Self(Uuid::from_bytes(bytes)))
    }
}

#[derive(Clone, Copy)]
pub(crate) struct At(pub Timestamp);

impl ToSql for At {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        // 64 bits of nanoseconds reach from 1677 to 2262.
        i64::try_from(self.0.as_nanosecond())
            .map(ToSqlOutput::from)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    }
}

impl FromSql for At {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Timestamp::from_nanosecond(i64::column_result(value)?.into())
            .map(Self)
            .map_err(FromSqlError::other)
    }
}

#[derive(Clone, Copy)]
pub(crate) struct State(pub RowState);

impl ToSql for State {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0.as_str()))
    }
}

impl FromSql for State {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value
            .as_str()?
            .parse()
            .map(Self)
            .map_err(FromSqlError::other)
    }
}

pub(crate) struct Json<T>(pub T);

/// Says where, never what: the text may be personal data.
#[derive(Debug, thiserror::Error)]
#[error("not the JSON that belongs here: line {line}, column {column}")]
struct NotOurJson {
    line: usize,
    column: usize,
}

impl From<serde_json::Error> for NotOurJson {
    fn from(error: serde_json::Error) -> Self {
        Self {
            line: error.line(),
            column: error.column(),
        }
    }
}

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        json(&self.0).map(ToSqlOutput::from)
    }
}

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?)
            .map(Self)
            .map_err(|error| FromSqlError::other(NotOurJson::from(error)))
    }
}

/// The text that [`Json`] would store, made before the writer's turn comes.
pub(crate) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(NotOurJson::from(error).into()))
}

/// SQLite's integers end at 63 bits, and so do our counts.
#[derive(Clone, Copy)]
pub(crate) struct Count(pub u64);

impl ToSql for Count {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        i64::try_from(self.0)
            .map(ToSqlOutput::from)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    }
}

impl FromSql for Count {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = i64::column_result(value)?;
        u64::try_from(number)
            .map(Self)
            .map_err(|_| FromSqlError::OutOfRange(number))
    }
}

pub(crate) fn company(row: &Row<'_>, column: usize) -> Result<CompanyId> {
    row.get::<_, String>(column).and_then(|text| {
        CompanyId::new(text).ok_or_else(|| {
            rusqlite::Error::FromSqlConversionFailure(column, Type::Text, NotACompany.into())
        })
    })
}

#[derive(Debug, thiserror::Error)]
#[error("not a company")]
struct NotACompany;
