//! Values in columns: JSON, words, times, amounts. Failures name the table and never the content.

use jiff::Timestamp;
use ledgerpost_core::Amount;
use rusqlite::Row;
use serde::de::value::{Error as WordError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

pub(crate) fn encode<T: Serialize>(table: &'static str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|_| Error::Unencodable { table })
}

pub(crate) fn decode<T: DeserializeOwned>(table: &'static str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| Error::Undecodable { table })
}

/// Reads a JSON column without copying its text.
pub(crate) fn column<T: DeserializeOwned>(
    table: &'static str,
    row: &Row<'_>,
    index: usize,
) -> Result<T> {
    decode(table, text(table, row, index)?)
}

/// Borrows a text column.
pub(crate) fn text<'r>(table: &'static str, row: &'r Row<'_>, index: usize) -> Result<&'r str> {
    row.get_ref(index)?
        .as_str()
        .map_err(|_| Error::Undecodable { table })
}

/// Reads a core enum that serde writes as a word.
pub(crate) fn word<T: for<'de> Deserialize<'de>>(table: &'static str, text: &str) -> Result<T> {
    let word: StrDeserializer<'_, WordError> = text.into_deserializer();
    T::deserialize(word).map_err(|_| Error::Undecodable { table })
}

/// What a column must hold, or the table is not readable.
pub(crate) fn known<T>(table: &'static str, value: Option<T>) -> Result<T> {
    value.ok_or(Error::Undecodable { table })
}

pub(crate) fn amount(table: &'static str, text: &str) -> Result<Amount> {
    text.parse().map_err(|_| Error::Undecodable { table })
}

pub(crate) fn timestamp(table: &'static str, microseconds: i64) -> Result<Timestamp> {
    Timestamp::from_microsecond(microseconds).map_err(|_| Error::Undecodable { table })
}

/// A count from SQLite, which knows no unsigned numbers.
pub(crate) fn count(table: &'static str, number: i64) -> Result<u64> {
    u64::try_from(number).map_err(|_| Error::Undecodable { table })
}

/// A limit or count for SQLite.
pub(crate) fn integer(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}
