//! `attention`: what a person should look at.

use jiff::Timestamp;
use rusqlite::{Params, params};
use serde_json::Value;

use crate::company::{CompanyStore, Write};
use crate::error::Result;
use crate::json;

const TABLE: &str = "attention";
const COLUMNS: &str = "code, subject, params, opened_at, resolved_at";

/// Something that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttentionItem {
    /// What it is; the text is the window's.
    pub code: String,
    /// What it is about: a key, or empty for the whole company.
    pub subject: String,
    /// Figures for the text.
    pub params: Value,
    /// Since when.
    pub opened_at: Timestamp,
    /// Until when.
    pub resolved_at: Option<Timestamp>,
}

impl CompanyStore {
    /// Open items, oldest first.
    pub fn open_attention_items(&self) -> Result<Vec<AttentionItem>> {
        self.query_attention(
            &format!("SELECT {COLUMNS} FROM attention WHERE resolved_at IS NULL ORDER BY number"),
            [],
        )
    }

    /// The latest items, open or not, newest first.
    pub fn attention_items(&self, limit: usize) -> Result<Vec<AttentionItem>> {
        self.query_attention(
            &format!("SELECT {COLUMNS} FROM attention ORDER BY number DESC LIMIT ?1"),
            [json::integer(limit)],
        )
    }

    fn query_attention(&self, sql: &str, params: impl Params) -> Result<Vec<AttentionItem>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut items = Vec::new();
        while let Some(row) = rows.next()? {
            let resolved_at: Option<i64> = row.get(4)?;
            items.push(AttentionItem {
                code: row.get(0)?,
                subject: row.get(1)?,
                params: json::column(TABLE, row, 2)?,
                opened_at: json::timestamp(TABLE, row.get(3)?)?,
                resolved_at: resolved_at
                    .map(|at| json::timestamp(TABLE, at))
                    .transpose()?,
            });
        }
        Ok(items)
    }
}

impl Write<'_> {
    /// Opens an item; one that is open already gets the new figures. Returns whether it is new.
    pub fn open_attention(
        &self,
        code: &str,
        subject: &str,
        params: &Value,
        now: Timestamp,
    ) -> Result<bool> {
        let params_json = json::encode(TABLE, params)?;
        let updated = self
            .transaction
            .prepare_cached(
                "UPDATE attention SET params = ?3
                 WHERE code = ?1 AND subject = ?2 AND resolved_at IS NULL",
            )?
            .execute(params![code, subject, params_json])?;
        if updated > 0 {
            return Ok(false);
        }
        self.transaction
            .prepare_cached(
                "INSERT INTO attention (code, subject, params, opened_at) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![code, subject, params_json, now.as_microsecond()])?;
        Ok(true)
    }

    /// Closes an item; returns whether it was open.
    pub fn resolve_attention(&self, code: &str, subject: &str, now: Timestamp) -> Result<bool> {
        let resolved = self
            .transaction
            .prepare_cached(
                "UPDATE attention SET resolved_at = ?3
                 WHERE code = ?1 AND subject = ?2 AND resolved_at IS NULL",
            )?
            .execute(params![code, subject, now.as_microsecond()])?;
        Ok(resolved > 0)
    }

    /// Closes all open items of a code, before a check opens what it finds; returns how many.
    pub fn resolve_attention_code(&self, code: &str, now: Timestamp) -> Result<usize> {
        Ok(self
            .transaction
            .prepare_cached(
                "UPDATE attention SET resolved_at = ?2 WHERE code = ?1 AND resolved_at IS NULL",
            )?
            .execute(params![code, now.as_microsecond()])?)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{now, scene};

    #[test]
    fn an_item_is_open_once_and_can_come_back() {
        let scene = scene();
        let store = &scene.store;
        let open = |figure: u32| {
            store
                .write(|write| {
                    write.open_attention("totals_differ", "", &json!({ "n": figure }), now())
                })
                .unwrap()
        };
        assert!(open(1));
        assert!(!open(2), "the same finding again is not a second item");
        let items = store.open_attention_items().unwrap();
        assert_eq!(items.len(), 1);
        assert_eq!(items[0].params, json!({ "n": 2 }));
        let resolve = || {
            store
                .write(|write| write.resolve_attention("totals_differ", "", now()))
                .unwrap()
        };
        assert!(resolve());
        assert!(!resolve());
        assert!(open(3));
        assert_eq!(store.attention_items(9).unwrap().len(), 2);
        store
            .write(|write| write.resolve_attention_code("totals_differ", now()))
            .unwrap();
        assert!(store.open_attention_items().unwrap().is_empty());
    }
}
