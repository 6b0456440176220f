//! `customers`: the QuickBooks customers.

use std::borrow::Cow;

use jiff::civil::Date;
use ledgerpost_core::ids::CustomerId;
use ledgerpost_core::source::Customer;
use rusqlite::{OptionalExtension as _, Row, params};

use crate::company::{CompanyStore, Write};
use crate::error::{Error, Result};
use crate::json;
use crate::table::seen::Entity;

const TABLE: &str = "customers";

/// The latest sale comes from the partial index alone; both sides go by customer id.
const SELECT: &str = "SELECT body,
        (SELECT MAX(date) FROM documents WHERE customer = customers.id AND sale = 1)
     FROM customers";

impl CompanyStore {
    pub(crate) fn customer_page(
        &self,
        after: Option<&CustomerId>,
        limit: usize,
    ) -> Result<Vec<Customer>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} WHERE id > ?1 ORDER BY id LIMIT ?2"))?;
        let after = after.map_or("", CustomerId::as_str);
        let mut rows = statement.query(params![after, json::integer(limit)])?;
        let mut page = Vec::new();
        while let Some(row) = rows.next()? {
            page.push(read(row)?);
        }
        Ok(page)
    }

    /// One customer.
    pub fn customer(&self, id: &CustomerId) -> Result<Option<Customer>> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE id = ?1"))?
            .query_row([id.as_str()], |row| Ok(read(row)))
            .optional()?
            .transpose()
    }

    /// How many customers the mirror holds.
    pub fn customer_count(&self) -> Result<u64> {
        self.count_rows("SELECT COUNT(*) FROM customers")
    }

    /// The name of a customer.
    pub fn customer_name(&self, id: &CustomerId) -> Result<Option<String>> {
        Ok(self
            .connection
            .prepare_cached("SELECT name FROM customers WHERE id = ?1")?
            .query_row([id.as_str()], |row| row.get(0))
            .optional()?)
    }

    /// The place of a customer in the file.
    pub fn customer_row(&self, id: &CustomerId) -> Result<Option<i64>> {
        Ok(self
            .connection
            .prepare_cached("SELECT row FROM customers WHERE id = ?1")?
            .query_row([id.as_str()], |row| row.get(0))
            .optional()?)
    }

    /// QuickBooks' types of customers: id and name, by name.
    pub fn customer_types(&self) -> Result<Vec<(String, String)>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, name FROM customer_types ORDER BY name, id")?;
        let mut rows = statement.query([])?;
        let mut types = Vec::new();
        while let Some(row) = rows.next()? {
            types.push((row.get(0)?, row.get(1)?));
        }
        Ok(types)
    }

    pub(crate) fn count_rows(&self, sql: &str) -> Result<u64> {
        let count: i64 = self
            .connection
            .prepare_cached(sql)?
            .query_row([], |row| row.get(0))?;
        json::count(TABLE, count)
    }
}

impl Write<'_> {
    /// Stores customers with their raw records; returns how many are different from before.
    pub fn store_customers<'r>(
        &self,
        rows: impl IntoIterator<Item = (&'r Customer, &'r str)>,
    ) -> Result<usize> {
        let comparing = self.is_comparing(Entity::Customer)?;
        let mut statement = self.transaction.prepare_cached(
            "INSERT INTO customers (id, name, person, email, body) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, person = excluded.person,
                 email = excluded.email, body = excluded.body
             WHERE body IS NOT excluded.body",
        )?;
        let mut changed = 0;
        for (customer, raw) in rows {
            let id = customer.id.as_str();
            changed += statement.execute(params![
                id,
                customer.display_name,
                person(customer),
                customer.email_field,
                json::encode(TABLE, &without_derived(customer))?,
            ])?;
            self.put_raw(Entity::Customer, id, raw)?;
            if comparing {
                self.mark_seen(Entity::Customer, id)?;
            }
        }
        Ok(self.note(changed))
    }

    /// Replaces the types of customers: ids with their names.
    pub fn store_customer_types<'r>(
        &self,
        types: impl IntoIterator<Item = (&'r str, &'r str)>,
    ) -> Result<()> {
        self.transaction
            .prepare_cached("DELETE FROM customer_types")?
            .execute([])?;
        let mut insert = self
            .transaction
            .prepare_cached("INSERT OR REPLACE INTO customer_types (id, name) VALUES (?1, ?2)")?;
        for (id, name) in types {
            insert.execute([id, name])?;
        }
        Ok(())
    }

    /// Removes customers; returns how many were there.
    pub fn remove_customers<'r>(
        &self,
        ids: impl IntoIterator<Item = &'r CustomerId>,
    ) -> Result<usize> {
        let mut statement = self
            .transaction
            .prepare_cached("DELETE FROM customers WHERE id = ?1")?;
        let mut removed = 0;
        for id in ids {
            removed += statement.execute([id.as_str()])?;
            self.remove_raw(Entity::Customer, id.as_str())?;
        }
        Ok(self.note(removed))
    }
}

fn read(row: &Row<'_>) -> Result<Customer> {
    let mut customer: Customer = json::column(TABLE, row, 0)?;
    let last_sale = row
        .get_ref(1)?
        .as_str_or_null()
        .map_err(|_| Error::Undecodable { table: TABLE })?;
    customer.last_sale = last_sale
        .map(|date| {
            date.parse::<Date>()
                .map_err(|_| Error::Undecodable { table: TABLE })
        })
        .transpose()?;
    Ok(customer)
}

/// `last_sale` is derived when reading; stored, it would make each sale a changed customer.
fn without_derived(customer: &Customer) -> Cow<'_, Customer> {
    if customer.last_sale.is_none() {
        return Cow::Borrowed(customer);
    }
    let mut plain = customer.clone();
    plain.last_sale = None;
    Cow::Owned(plain)
}

/// What else than the display name a customer is found by.
fn person(customer: &Customer) -> Option<String> {
    let parts: Vec<&str> = [
        &customer.given_name,
        &customer.family_name,
        &customer.company_name,
    ]
    .into_iter()
    .filter_map(Option::as_deref)
    .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}
