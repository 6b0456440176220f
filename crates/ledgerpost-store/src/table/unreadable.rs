//! `unreadable`: records that QuickBooks cannot deliver (`quickbooks-online.md` 3.6).

use jiff::Timestamp;
use rusqlite::params;

use crate::company::{CompanyStore, Write};
use crate::error::Result;
use crate::json;

const TABLE: &str = "unreadable";

/// A record that QuickBooks cannot deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableRecord {
    /// QuickBooks' word for its kind, such as `Invoice`.
    pub entity: String,
    /// Its id, or its place in the list where even the id is unknown.
    pub id: String,
    /// QuickBooks' words.
    pub detail: String,
    /// When it was first met.
    pub at: Timestamp,
}

impl CompanyStore {
    /// All unreadable records.
    pub fn unreadable_records(&self) -> Result<Vec<UnreadableRecord>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT entity, id, detail, at FROM unreadable ORDER BY entity, id")?;
        let mut rows = statement.query([])?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            records.push(UnreadableRecord {
                entity: row.get(0)?,
                id: row.get(1)?,
                detail: row.get(2)?,
                at: json::timestamp(TABLE, row.get(3)?)?,
            });
        }
        Ok(records)
    }
}

impl Write<'_> {
    /// Notes a record as unreadable; returns whether that is new.
    pub fn store_unreadable(&self, record: &UnreadableRecord) -> Result<bool> {
        let changed = self
            .transaction
            .prepare_cached(
                "INSERT INTO unreadable (entity, id, detail, at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (entity, id) DO UPDATE SET detail = excluded.detail
                 WHERE detail IS NOT excluded.detail",
            )?
            .execute(params![
                record.entity,
                record.id,
                record.detail,
                record.at.as_microsecond()
            ])?;
        Ok(self.note(changed) > 0)
    }

    /// Forgets an unreadable record, since it can be read now; returns whether it was noted.
    pub fn remove_unreadable(&self, entity: &str, id: &str) -> Result<bool> {
        let removed = self
            .transaction
            .prepare_cached("DELETE FROM unreadable WHERE entity = ?1 AND id = ?2")?
            .execute([entity, id])?;
        Ok(self.note(removed) > 0)
    }

    /// Forgets all unreadable records of a kind, before it is read from end to end.
    pub fn clear_unreadable(&self, entity: &str) -> Result<usize> {
        let removed = self
            .transaction
            .prepare_cached("DELETE FROM unreadable WHERE entity = ?1")?
            .execute([entity])?;
        Ok(self.note(removed))
    }
}
