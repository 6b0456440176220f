//! `state`: what exists once per company.

use ledgerpost_core::destination::Audience;
use ledgerpost_core::ports::StoreState;
use ledgerpost_core::source::Company;
use rusqlite::params;
use serde::de::DeserializeOwned;

use crate::company::{CompanyStore, Write};
use crate::error::{Error, Result};
use crate::json;

const TABLE: &str = "state";

impl CompanyStore {
    /// Rises with each transaction that changed what a plan looks at in the mirrors. A run's own
    /// effects do not count: its plan foresaw them.
    pub fn generation(&self) -> Result<u64> {
        let generation: i64 = self
            .connection
            .prepare_cached("SELECT generation FROM state")?
            .query_row([], |row| row.get(0))?;
        json::count(TABLE, generation)
    }

    /// Rises with each transaction that changed something that lists are made from: all but meters and
    /// cursors, which move with every look at a service.
    pub fn looked(&self) -> Result<u64> {
        let looked: i64 = self
            .connection
            .prepare_cached("SELECT looked FROM state")?
            .query_row([], |row| row.get(0))?;
        json::count(TABLE, looked)
    }

    /// The generation that the last complete run had planned from. Equal to [`Self::generation`],
    /// there is nothing to plan.
    pub fn planned_generation(&self) -> Result<Option<u64>> {
        let generation: Option<i64> = self
            .connection
            .prepare_cached("SELECT planned_generation FROM state")?
            .query_row([], |row| row.get(0))?;
        generation.map(|n| json::count(TABLE, n)).transpose()
    }

    pub(crate) fn stored_company(&self) -> Result<Option<Company>> {
        self.json_or_null("SELECT company FROM state")
    }

    pub(crate) fn stored_audience(&self) -> Result<Option<Audience>> {
        self.json_or_null("SELECT audience FROM state")
    }

    pub(crate) fn stored_store_state(&self) -> Result<StoreState> {
        let word: String = self
            .connection
            .prepare_cached("SELECT store FROM state")?
            .query_row([], |row| row.get(0))?;
        match word.as_str() {
            "absent" => Ok(StoreState::Absent),
            "syncing" => Ok(StoreState::Syncing),
            "live" => Ok(StoreState::Live),
            _ => Err(Error::Undecodable { table: TABLE }),
        }
    }

    fn json_or_null<T: DeserializeOwned>(&self, sql: &str) -> Result<Option<T>> {
        let text: Option<String> = self
            .connection
            .prepare_cached(sql)?
            .query_row([], |row| row.get(0))?;
        text.map(|text| json::decode(TABLE, &text)).transpose()
    }
}

impl Write<'_> {
    /// Stores the company; returns whether it is different from before.
    pub fn store_company(&self, company: &Company, raw: &str) -> Result<bool> {
        let changed = self
            .transaction
            .prepare_cached(
                "UPDATE state SET company = ?1, company_raw = ?2 WHERE company IS NOT ?1",
            )?
            .execute(params![json::encode(TABLE, company)?, raw])?;
        Ok(self.note(changed) > 0)
    }

    /// Stores the audience; returns whether it is different from before.
    pub fn store_audience(&self, audience: &Audience, raw: &str) -> Result<bool> {
        let changed = self
            .transaction
            .prepare_cached(
                "UPDATE state SET audience = ?1, audience_raw = ?2 WHERE audience IS NOT ?1",
            )?
            .execute(params![json::encode(TABLE, audience)?, raw])?;
        Ok(self.note(changed) > 0)
    }

    /// Stores what was read about our store; returns whether it is different from before.
    pub fn store_store_state(&self, state: StoreState) -> Result<bool> {
        Ok(self.note(self.put_store_state(state)?) > 0)
    }

    pub(crate) fn put_store_state(&self, state: StoreState) -> Result<usize> {
        let word = match state {
            StoreState::Absent => "absent",
            StoreState::Syncing => "syncing",
            StoreState::Live => "live",
        };
        Ok(self
            .transaction
            .prepare_cached("UPDATE state SET store = ?1 WHERE store IS NOT ?1")?
            .execute([word])?)
    }

    /// Forgets everything about the destination: members, links, plans that were never applied. The
    /// history of runs and the consent entries stay.
    pub fn forget_destination(&self) -> Result<()> {
        for sql in [
            "DELETE FROM runs WHERE state = 'planned'",
            "DELETE FROM skips",
            "DELETE FROM order_links",
            "DELETE FROM product_links",
            "DELETE FROM contact_links",
            "DELETE FROM members",
            "DELETE FROM cursors WHERE name LIKE 'mailchimp%'",
            "UPDATE state SET audience = NULL, audience_raw = NULL, store = 'absent',
                 planned_generation = NULL",
        ] {
            self.transaction.prepare_cached(sql)?.execute([])?;
        }
        self.note(1);
        Ok(())
    }

    /// Remembers which generation a run that is complete had planned from; `None` makes the next
    /// run plan again, as after a change of settings.
    pub fn set_planned_generation(&self, generation: Option<u64>) -> Result<()> {
        self.transaction
            .prepare_cached("UPDATE state SET planned_generation = ?1")?
            .execute([generation.map(json::integer)])?;
        Ok(())
    }
}
