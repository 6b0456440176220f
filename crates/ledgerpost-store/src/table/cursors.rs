//! `cursors`: how far each gather got. A cursor moves in the transaction that stores its rows.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use crate::company::{CompanyStore, Write};
use crate::error::Result;
use crate::json;

/// How far a gather got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// What the gather needs to go on; its own format.
    pub value: String,
    /// When it moved here.
    pub moved_at: Timestamp,
}

impl CompanyStore {
    /// A cursor by name.
    pub fn cursor(&self, name: &str) -> Result<Option<Cursor>> {
        let row: Option<(String, i64)> = self
            .connection
            .prepare_cached("SELECT value, moved_at FROM cursors WHERE name = ?1")?
            .query_row([name], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        row.map(|(value, moved_at)| {
            Ok(Cursor {
                value,
                moved_at: json::timestamp("cursors", moved_at)?,
            })
        })
        .transpose()
    }
}

impl Write<'_> {
    /// Moves a cursor.
    pub fn set_cursor(&self, name: &str, value: &str, now: Timestamp) -> Result<()> {
        let moved = self
            .transaction
            .prepare_cached(
                "INSERT INTO cursors (name, value, moved_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value,
                     moved_at = excluded.moved_at",
            )?
            .execute(params![name, value, now.as_microsecond()])?;
        self.note_quiet(moved);
        Ok(())
    }

    /// Removes a cursor: the next gather starts over.
    pub fn remove_cursor(&self, name: &str) -> Result<()> {
        self.transaction
            .prepare_cached("DELETE FROM cursors WHERE name = ?1")?
            .execute([name])?;
        Ok(())
    }
}
