//! What a list of contacts is sorted and filtered by, for all customers in one pass: indexes alone
//! are read, side by side, and no record is opened.

use ledgerpost_core::Amount;
use ledgerpost_core::ids::RunId;
use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::{Row, Rows, Statement, params};

use crate::company::CompanyStore;
use crate::error::Result;
use crate::json;
use crate::table::figures::amount_of;
use crate::table::runs::number;
use crate::table::search::query_of;

const TABLE: &str = "customers";

/// A contact that a customer is linked with. No `Debug`: it holds personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkFact {
    /// The member's hash.
    pub hash: String,
    /// 0 for the customer that gave the name.
    pub position: u64,
}

/// How a customer stands. No `Debug`: it holds personal data.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ContactFacts {
    /// The place of the customer in the file.
    pub row: i64,
    /// Their id.
    pub customer: String,
    /// The id of their type.
    pub customer_type: Option<String>,
    /// The contacts that they are linked with, by hash.
    pub links: Vec<LinkFact>,
    /// The code of the reason why they stay out.
    pub skip: Option<String>,
    /// Since when they stay out, in microseconds since 1970.
    pub skipped_since: Option<i64>,
}

/// What a list of customers is sorted by. No `Debug`: it holds personal data.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ContactFigures {
    /// The place of the customer in the file.
    pub row: i64,
    /// Their name.
    pub name: String,
    /// Orders of their documents in Mailchimp.
    pub orders: u64,
    /// What those amount to.
    pub total: Amount,
    /// When a run last changed something about them, in microseconds since 1970.
    pub touched_at: Option<i64>,
    /// The date of their last sale, `YYYY-MM-DD`.
    pub last_sale: Option<String>,
}

/// What a list shows of a customer. No `Debug`: it holds personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct PageRow {
    /// The customer's id.
    pub customer: String,
    /// Their name.
    pub name: String,
    /// The e-mail field as typed.
    pub email: Option<String>,
    /// The address of their contact.
    pub contact_email: Option<String>,
}

/// A table by customer that is read next to the customers.
struct Beside<'s> {
    rows: Rows<'s>,
    key: Option<String>,
}

impl<'s> Beside<'s> {
    fn new(statement: &'s mut Statement<'_>) -> Result<Self> {
        let mut beside = Self {
            rows: statement.query([])?,
            key: None,
        };
        beside.advance()?;
        Ok(beside)
    }

    fn advance(&mut self) -> Result<()> {
        match self.rows.next()? {
            Some(row) => {
                let key = self.key.get_or_insert_default();
                key.clear();
                key.push_str(json::text(TABLE, row, 0)?);
            }
            None => self.key = None,
        }
        Ok(())
    }

    /// Hands the rows of a customer to `take`; rows of customers who are not there are passed over.
    fn of(&mut self, customer: &str, mut take: impl FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        while self.key.as_deref().is_some_and(|key| key < customer) {
            self.advance()?;
        }
        while self.key.as_deref() == Some(customer) {
            if let Some(row) = FallibleStreamingIterator::get(&self.rows) {
                take(row)?;
            }
            self.advance()?;
        }
        Ok(())
    }
}

impl CompanyStore {
    /// Hands out how every customer stands, by id.
    pub fn contact_facts(&self, mut each: impl FnMut(ContactFacts) -> Result<()>) -> Result<()> {
        let prepare = |sql: &str| self.connection.prepare(sql);
        let mut customers =
            prepare("SELECT row, id, kind FROM customers INDEXED BY customers_look ORDER BY id")?;
        let mut links = prepare(
            "SELECT customer, hash, position FROM link_customers
             INDEXED BY link_customers_by_customer ORDER BY customer, hash",
        )?;
        let mut skips =
            prepare("SELECT key, code FROM skips WHERE subject = 'customer' ORDER BY key, seq")?;
        let mut since = prepare("SELECT customer, since FROM left_alone_since ORDER BY customer")?;
        let mut links = Beside::new(&mut links)?;
        let mut skips = Beside::new(&mut skips)?;
        let mut since = Beside::new(&mut since)?;
        let mut rows = customers.query([])?;
        while let Some(row) = rows.next()? {
            let mut facts = ContactFacts {
                row: row.get(0)?,
                customer: row.get(1)?,
                customer_type: row.get(2)?,
                ..ContactFacts::default()
            };
            links.of(&facts.customer, |row| {
                facts.links.push(LinkFact {
                    hash: row.get(1)?,
                    position: json::count("link_customers", row.get(2)?)?,
                });
                Ok(())
            })?;
            skips.of(&facts.customer, |row| {
                if facts.skip.is_none() {
                    facts.skip = Some(row.get(1)?);
                }
                Ok(())
            })?;
            since.of(&facts.customer, |row| {
                facts.skipped_since = row.get(1)?;
                Ok(())
            })?;
            each(facts)?;
        }
        Ok(())
    }

    /// Hands out what every customer is sorted by, by id.
    pub fn contact_figures(
        &self,
        mut each: impl FnMut(ContactFigures) -> Result<()>,
    ) -> Result<()> {
        let prepare = |sql: &str| self.connection.prepare(sql);
        let mut customers =
            prepare("SELECT row, name, id FROM customers INDEXED BY customers_look ORDER BY id")?;
        let mut figures = prepare(
            "SELECT customer, orders, total, touched_at FROM customer_figures ORDER BY customer",
        )?;
        let mut sales = prepare(
            "SELECT customer, MAX(date) FROM documents INDEXED BY documents_sales
             WHERE sale = 1 AND customer IS NOT NULL GROUP BY customer ORDER BY customer",
        )?;
        let mut figures = Beside::new(&mut figures)?;
        let mut sales = Beside::new(&mut sales)?;
        let mut rows = customers.query([])?;
        while let Some(row) = rows.next()? {
            let mut facts = ContactFigures {
                row: row.get(0)?,
                name: row.get(1)?,
                ..ContactFigures::default()
            };
            let customer = json::text(TABLE, row, 2)?;
            figures.of(customer, |row| {
                // A customer whose orders moved away may pass through less than nothing.
                let orders: i64 = row.get(1)?;
                facts.orders = orders.try_into().unwrap_or_default();
                facts.total = amount_of(row.get(2)?);
                facts.touched_at = row.get(3)?;
                Ok(())
            })?;
            sales.of(customer, |row| {
                facts.last_sale = row.get(1)?;
                Ok(())
            })?;
            each(facts)?;
        }
        Ok(())
    }

    /// Hands out each member's hash, status and tags (a JSON list), by hash.
    pub fn member_facts(
        &self,
        mut each: impl FnMut(&str, &str, Option<&str>) -> Result<()>,
    ) -> Result<()> {
        const MEMBERS: &str = "members";
        let mut statement = self.connection.prepare(
            "SELECT hash, status, tags FROM members INDEXED BY members_look ORDER BY hash",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let tags = match row.get_ref(2)? {
                rusqlite::types::ValueRef::Null => None,
                _ => Some(json::text(MEMBERS, row, 2)?),
            };
            each(
                json::text(MEMBERS, row, 0)?,
                json::text(MEMBERS, row, 1)?,
                tags,
            )?;
        }
        Ok(())
    }

    /// The hashes of contacts that a run has still to change.
    pub fn contacts_to_change(&self, run: &RunId) -> Result<Vec<String>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT key FROM changes INDEXED BY changes_by_outcome
             WHERE run = ?1 AND outcome IN ('planned', 'sending') AND stage IN (2, 3)",
        )?;
        let mut rows = statement.query([number(run)])?;
        let mut keys = Vec::new();
        while let Some(row) = rows.next()? {
            keys.push(row.get(0)?);
        }
        Ok(keys)
    }

    /// The places in the file of the customers that match what somebody typed, as in
    /// [`Self::search`]; `None` when there is no word in it.
    pub fn customers_matching(&self, text: &str) -> Result<Option<Vec<i64>>> {
        let Some(query) = query_of(text) else {
            return Ok(None);
        };
        let mut statement = self
            .connection
            .prepare_cached("SELECT rowid FROM customer_words WHERE customer_words MATCH ?1")?;
        let mut rows = statement.query([query])?;
        let mut places = Vec::new();
        while let Some(row) = rows.next()? {
            places.push(row.get(0)?);
        }
        Ok(Some(places))
    }

    /// What a list shows of the customer at a place in the file, and of the contact with a hash.
    pub fn page_row(&self, row: i64, contact: Option<&str>) -> Result<Option<PageRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, name, email, (SELECT email FROM contact_links WHERE hash = ?2)
             FROM customers WHERE row = ?1",
        )?;
        let mut rows = statement.query(params![row, contact])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        Ok(Some(PageRow {
            customer: json::text(TABLE, row, 0)?.to_owned(),
            name: row.get(1)?,
            email: row.get(2)?,
            contact_email: row.get(3)?,
        }))
    }
}
