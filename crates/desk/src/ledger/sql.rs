//! Values on their way into and out of SQLite.

use jiff::Timestamp;
use model::{BatchId, RowState};
use rusqlite::Row;
use rusqlite::types::Type;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

pub fn blob(id: Uuid) -> Vec<u8> {
    id.as_bytes().to_vec()
}

pub fn key(id: BatchId) -> Vec<u8> {
    blob(id.0)
}

pub fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

pub fn json<T: Serialize>(value: &T) -> String {
    // What is stored are structs and maps with text keys: JSON can say all of it.
    serde_json::to_string(value).unwrap_or_default()
}

pub fn get_uuid(row: &Row<'_>, at: usize) -> rusqlite::Result<Uuid> {
    let bytes: Vec<u8> = row.get(at)?;
    Uuid::from_slice(&bytes).map_err(|error| unreadable(at, Type::Blob, error))
}

pub fn get_time(row: &Row<'_>, at: usize) -> rusqlite::Result<Timestamp> {
    let micros: i64 = row.get(at)?;
    Timestamp::from_microsecond(micros).map_err(|error| unreadable(at, Type::Integer, error))
}

pub fn get_state(row: &Row<'_>, at: usize) -> rusqlite::Result<RowState> {
    let word: String = row.get(at)?;
    word.parse()
        .map_err(|error: <RowState as std::str::FromStr>::Err| unreadable(at, Type::Text, error))
}

pub fn get_json<T: DeserializeOwned>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    let text: String = row.get(at)?;
    serde_json::from_str(&text).map_err(|error| unreadable(at, Type::Text, error))
}

pub fn get_json_opt<T: DeserializeOwned>(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = row.get(at)?;
    text.map(|text| serde_json::from_str(&text).map_err(|error| unreadable(at, Type::Text, error)))
        .transpose()
}

fn unreadable(
    at: usize,
    kind: Type,
    error: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(at, kind, Box::new(error))
}
