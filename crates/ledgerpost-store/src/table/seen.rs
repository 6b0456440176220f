//! Full compares: a mirror is read from end to end, and what was not met is gone at the service.
//!
//! The rows that were met are kept in the file, so that a compare which was interrupted can go on
//! from its cursor. Rows are removed only by [`Write::end_full_compare`], after all pages arrived.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use crate::company::{CompanyStore, Write};
use crate::error::{Error, Result};
use crate::json;
use crate::words::words;

words! {
    /// A mirror that can be compared in full.
    Entity {
        /// QuickBooks customers.
        Customer = "customer",
        /// QuickBooks items.
        Item = "item",
        /// Sales documents of all four kinds.
        Document = "document",
        /// What carries credit applications: payments and credit memos.
        CreditCarrier = "credit_carrier",
        /// Members of the audience.
        Member = "member",
    }
}

impl CompanyStore {
    /// When the full compare that is under way was begun.
    pub fn full_compare_begun(&self, entity: Entity) -> Result<Option<Timestamp>> {
        let begun: Option<i64> = self
            .connection
            .prepare_cached("SELECT begun_at FROM comparisons WHERE entity = ?1")?
            .query_row([entity], |row| row.get(0))
            .optional()?;
        begun
            .map(|at| json::timestamp("comparisons", at))
            .transpose()
    }
}

impl CompanyStore {
    /// Keys of documents that the full compare under way has not met so far.
    pub fn unseen_documents(&self) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT key FROM documents
             WHERE key NOT IN (SELECT id FROM seen WHERE entity = ?1) ORDER BY key",
        )?;
        let mut rows = statement.query([Entity::Document])?;
        let mut keys = Vec::new();
        while let Some(row) = rows.next()? {
            keys.push(row.get(0)?);
        }
        Ok(keys)
    }
}

impl Write<'_> {
    /// Begins a full compare, forgetting one that was under way. From now on every stored row of
    /// the entity counts as met.
    pub fn begin_full_compare(&self, entity: Entity, now: Timestamp) -> Result<()> {
        self.forget_seen(entity)?;
        self.transaction
            .prepare_cached("INSERT INTO comparisons (entity, begun_at) VALUES (?1, ?2)")?
            .execute(params![entity, now.as_microsecond()])?;
        Ok(())
    }

    /// Ends a full compare after its last page: removes the rows that were not met and returns how
    /// many there were.
    ///
    /// # Errors
    /// [`Error::WrongState`] when none is under way.
    pub fn end_full_compare(&self, entity: Entity) -> Result<usize> {
        if !self.is_comparing(entity)? {
            return Err(Error::WrongState {
                what: "the full compare",
            });
        }
        let removed = match entity {
            Entity::Customer => self.remove_unseen("DELETE FROM customers", "id", entity)?,
            Entity::Item => self.remove_unseen("DELETE FROM items", "id", entity)?,
            Entity::Document => {
                // A document's credit goes with it, whichever side it was on.
                self.remove_unseen("DELETE FROM credit_applications", "invoice", entity)?;
                self.remove_unseen("DELETE FROM credit_applications", "memo", entity)?;
                self.remove_unseen("DELETE FROM documents", "key", entity)?
            }
            Entity::CreditCarrier => {
                self.remove_unseen("DELETE FROM credit_applications", "carrier", entity)?
            }
            Entity::Member => self.remove_unseen("DELETE FROM members", "hash", entity)?,
        };
        self.transaction
            .prepare_cached(
                "DELETE FROM raw_records WHERE entity = ?1
                 AND id NOT IN (SELECT id FROM seen WHERE entity = ?1)",
            )?
            .execute([entity])?;
        self.forget_seen(entity)?;
        Ok(self.note(removed))
    }

    /// Notes rows as met although no page held them: QuickBooks could not deliver them, which is no
    /// reason to think them gone.
    pub fn keep_unseen<'r>(
        &self,
        entity: Entity,
        ids: impl IntoIterator<Item = &'r str>,
    ) -> Result<()> {
        for id in ids {
            self.mark_seen(entity, id)?;
        }
        Ok(())
    }

    fn remove_unseen(&self, delete: &str, key: &str, entity: Entity) -> Result<usize> {
        let sql = format!("{delete} WHERE {key} NOT IN (SELECT id FROM seen WHERE entity = ?1)");
        Ok(self.transaction.prepare_cached(&sql)?.execute([entity])?)
    }

    fn forget_seen(&self, entity: Entity) -> Result<()> {
        for sql in [
            "DELETE FROM seen WHERE entity = ?1",
            "DELETE FROM comparisons WHERE entity = ?1",
        ] {
            self.transaction.prepare_cached(sql)?.execute([entity])?;
        }
        Ok(())
    }

    /// Whether rows of the entity are to be marked with [`Self::mark_seen`].
    pub(crate) fn is_comparing(&self, entity: Entity) -> Result<bool> {
        Ok(self
            .transaction
            .prepare_cached("SELECT 1 FROM comparisons WHERE entity = ?1")?
            .exists([entity])?)
    }

    pub(crate) fn mark_seen(&self, entity: Entity, id: &str) -> Result<()> {
        self.transaction
            .prepare_cached("INSERT OR IGNORE INTO seen (entity, id) VALUES (?1, ?2)")?
            .execute(params![entity, id])?;
        Ok(())
    }
}
