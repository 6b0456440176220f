//! `items`: what the company sells.

use ledgerpost_core::ids::ItemId;
use ledgerpost_core::source::Item;
use rusqlite::{OptionalExtension as _, params};

use crate::company::{CompanyStore, Write};
use crate::error::Result;
use crate::json;
use crate::table::seen::Entity;

const TABLE: &str = "items";

impl CompanyStore {
    pub(crate) fn item_page(&self, after: Option<&ItemId>, limit: usize) -> Result<Vec<Item>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT body FROM items WHERE id > ?1 ORDER BY id LIMIT ?2")?;
        let after = after.map_or("", ItemId::as_str);
        let mut rows = statement.query(params![after, json::integer(limit)])?;
        let mut page = Vec::new();
        while let Some(row) = rows.next()? {
            page.push(json::column(TABLE, row, 0)?);
        }
        Ok(page)
    }

    /// The name of an item.
    pub fn item_name(&self, id: &ItemId) -> Result<Option<String>> {
        let item: Option<Item> = self
            .connection
            .prepare_cached("SELECT body FROM items WHERE id = ?1")?
            .query_row([id.as_str()], |row| Ok(json::column(TABLE, row, 0)))
            .optional()?
            .transpose()?;
        Ok(item.map(|item| item.name))
    }

    /// How many items the mirror holds.
    pub fn item_count(&self) -> Result<u64> {
        self.count_rows("SELECT COUNT(*) FROM items")
    }
}

impl Write<'_> {
    /// Stores items with their raw records; returns how many are different from before.
    pub fn store_items<'r>(
        &self,
        rows: impl IntoIterator<Item = (&'r Item, &'r str)>,
    ) -> Result<usize> {
        let comparing = self.is_comparing(Entity::Item)?;
        let mut statement = self.transaction.prepare_cached(
            "INSERT INTO items (id, body) VALUES (?1, ?2)
             ON CONFLICT (id) DO UPDATE SET body = excluded.body WHERE body IS NOT excluded.body",
        )?;
        let mut changed = 0;
        for (item, raw) in rows {
            let id = item.id.as_str();
            changed += statement.execute(params![id, json::encode(TABLE, item)?])?;
            self.put_raw(Entity::Item, id, raw)?;
            if comparing {
                self.mark_seen(Entity::Item, id)?;
            }
        }
        Ok(self.note(changed))
    }

    /// Removes items; returns how many were there.
    pub fn remove_items<'r>(&self, ids: impl IntoIterator<Item = &'r ItemId>) -> Result<usize> {
        let mut statement = self
            .transaction
            .prepare_cached("DELETE FROM items WHERE id = ?1")?;
        let mut removed = 0;
        for id in ids {
            removed += statement.execute([id.as_str()])?;
            self.remove_raw(Entity::Item, id.as_str())?;
        }
        Ok(self.note(removed))
    }
}
