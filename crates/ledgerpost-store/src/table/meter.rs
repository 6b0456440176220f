//! `meter`: calls that cost. Intuit's metered reads are the true ceiling of how often we may look.

use std::collections::BTreeMap;

use rusqlite::params;

use crate::company::{CompanyStore, Write};
use crate::error::Result;
use crate::json;

impl CompanyStore {
    /// Calls of a month (`YYYY-MM`) by service.
    pub fn metered_calls(&self, month: &str) -> Result<BTreeMap<String, u64>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT service, calls FROM meter WHERE month = ?1")?;
        let mut rows = statement.query([month])?;
        let mut calls = BTreeMap::new();
        while let Some(row) = rows.next()? {
            calls.insert(row.get(0)?, json::count("meter", row.get(1)?)?);
        }
        Ok(calls)
    }
}

impl Write<'_> {
    /// Adds calls to a month (`YYYY-MM`).
    pub fn count_calls(&self, month: &str, service: &str, calls: u64) -> Result<()> {
        let counted = self
            .transaction
            .prepare_cached(
                "INSERT INTO meter (month, service, calls) VALUES (?1, ?2, ?3)
                 ON CONFLICT (month, service) DO UPDATE SET calls = calls + excluded.calls",
            )?
            .execute(params![month, service, json::integer(calls)])?;
        self.note_quiet(counted);
        Ok(())
    }
}
