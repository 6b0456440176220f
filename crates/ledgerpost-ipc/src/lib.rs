//! The wire between the window and the program: commands, messages and errors as plain data.
//!
//! Nothing here knows Tauri, a service or the store. Types are `camelCase`, enums are tagged by
//! `kind`, ids and money are strings, times are RFC 3339 in UTC, dates are `YYYY-MM-DD`. The window's TypeScript is
//! generated from here into `ui/src/ipc/generated.ts`: `cargo test -p ledgerpost-ipc` compares it, and
//! `UPDATE_TYPESCRIPT=1 cargo test -p ledgerpost-ipc` writes it.
//!
//! No token, code or key leaves the program. What the owner types in (an API key, app keys, the
//! address a browser ended on) goes in once and never comes back.

#![expect(
    clippy::large_enum_variant,
    reason = "messages are made one at a time and serialised at once"
)]

pub mod activity;
pub mod commands;
pub mod contacts;
pub mod error;
pub mod home;
pub mod leave;
pub mod review;
pub mod settings;
pub mod setup;
pub mod start;
pub mod typescript;
pub mod unreadable;
pub mod work;

pub use commands::{COMMANDS, WATCH};
pub use error::{ErrorCode, WireError};
pub use work::Message;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A command that needs to be told nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Nothing {}

/// Names a company by its QuickBooks id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CompanyRef {
    /// Intuit's id of the company.
    pub company: String,
}

/// An amount of money with its currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Money {
    /// A decimal with a point, such as `548.00`; may be negative.
    pub amount: String,
    /// Three letters (ISO 4217).
    pub currency: String,
}

/// What a page of a list starts after and how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Page {
    /// How many rows to leave out at the beginning.
    pub offset: u32,
    /// How many rows at most, up to 500.
    pub limit: u32,
}

/// A file that was written for the owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    /// Where; nothing when the owner closed the save dialog.
    pub path: Option<String>,
    /// How many rows it has.
    pub rows: u32,
}

/// A word of the wire, such as `leftAlone`, as the window calls it: for files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodeWord {
    /// As the wire writes it.
    pub code: String,
    /// In the window's language.
    pub word: String,
}

/// How a file of rows is written. All are safe to open in a spreadsheet: no cell starts a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FileFormat {
    /// Comma-separated values, UTF-8.
    Csv,
    /// An Excel workbook.
    Xlsx,
    /// A JSON array of objects.
    Json,
}
