//! `raw_records`: each record as the service sent it.

use rusqlite::{OptionalExtension as _, params};

use crate::company::{CompanyStore, Write};
use crate::error::Result;
use crate::table::seen::Entity;

impl CompanyStore {
    /// A record as the service sent it.
    pub fn raw_record(&self, entity: Entity, id: &str) -> Result<Option<String>> {
        Ok(self
            .connection
            .prepare_cached("SELECT raw FROM raw_records WHERE entity = ?1 AND id = ?2")?
            .query_row(params![entity, id], |row| row.get(0))
            .optional()?)
    }
}

impl Write<'_> {
    pub(crate) fn put_raw(&self, entity: Entity, id: &str, raw: &str) -> Result<()> {
        let kept = self
            .transaction
            .prepare_cached(
                "INSERT INTO raw_records (entity, id, raw) VALUES (?1, ?2, ?3)
                 ON CONFLICT (entity, id) DO UPDATE SET raw = excluded.raw
                 WHERE raw IS NOT excluded.raw",
            )?
            .execute(params![entity, id, raw])?;
        self.note_quiet(kept);
        Ok(())
    }

    pub(crate) fn remove_raw(&self, entity: Entity, id: &str) -> Result<()> {
        self.transaction
            .prepare_cached("DELETE FROM raw_records WHERE entity = ?1 AND id = ?2")?
            .execute(params![entity, id])?;
        Ok(())
    }
}
