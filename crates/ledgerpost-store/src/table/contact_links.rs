//! `contact_links` and `link_customers`: contacts that a sync has written or tied.

use std::collections::BTreeMap;

use ledgerpost_core::ids::CustomerId;
use ledgerpost_core::link::{ContactLink, ContactRefusal, Fingerprint};
use ledgerpost_core::{EmailAddress, MemberHash};
use rusqlite::{OptionalExtension as _, Row, params};

use crate::company::{CompanyStore, Write};
use crate::error::{Error, Result};
use crate::json;

const TABLE: &str = "contact_links";

const COLUMNS: &str = "hash, email, fingerprint, created_by_us, tag, refused, forgotten";

impl CompanyStore {
    pub(crate) fn contact_link_page(
        &self,
        after: Option<&MemberHash>,
        limit: usize,
    ) -> Result<Vec<ContactLink>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM contact_links WHERE hash > ?1 ORDER BY hash LIMIT ?2"
        ))?;
        let after = after.map_or("", MemberHash::as_str);
        let mut rows = statement.query(params![after, json::integer(limit)])?;
        let mut page = Vec::new();
        while let Some(row) = rows.next()? {
            page.push(read(row)?);
        }
        if let Some(last) = page.last() {
            let mut customers = self.customers_between(after, last.hash.as_str())?;
            for link in &mut page {
                link.customers = customers.remove(&link.hash).unwrap_or_default();
            }
        }
        Ok(page)
    }

    /// The address of the contact that a customer became.
    pub fn contact_address(&self, customer: &CustomerId) -> Result<Option<String>> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT l.email FROM link_customers c JOIN contact_links l ON l.hash = c.hash
                 WHERE c.customer = ?1 ORDER BY l.hash LIMIT 1",
            )?
            .query_row([customer.as_str()], |row| row.get(0))
            .optional()?)
    }

    /// One contact link.
    pub fn contact_link(&self, hash: &MemberHash) -> Result<Option<ContactLink>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM contact_links WHERE hash = ?1"
        ))?;
        let mut rows = statement.query([hash.as_str()])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let mut link = read(row)?;
        let mut customers = self.connection.prepare_cached(
            "SELECT customer FROM link_customers WHERE hash = ?1 ORDER BY position",
        )?;
        let mut rows = customers.query([hash.as_str()])?;
        while let Some(row) = rows.next()? {
            link.customers
                .push(CustomerId::new(json::text(TABLE, row, 0)?));
        }
        Ok(Some(link))
    }

    /// Customers of the links with `after` < hash <= `last`, in their order.
    fn customers_between(
        &self,
        after: &str,
        last: &str,
    ) -> Result<BTreeMap<MemberHash, Vec<CustomerId>>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT hash, customer FROM link_customers
             WHERE hash > ?1 AND hash <= ?2 ORDER BY hash, position",
        )?;
        let mut rows = statement.query([after, last])?;
        let mut customers: BTreeMap<MemberHash, Vec<CustomerId>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            customers
                .entry(MemberHash::from_stored(json::text(TABLE, row, 0)?))
                .or_default()
                .push(CustomerId::new(json::text(TABLE, row, 1)?));
        }
        Ok(customers)
    }
}

impl Write<'_> {
    /// Forgets the refusal of people who were permanently deleted and are in the audience again: they
    /// have signed up themselves, and are met as if for the first time. Returns how many there are. A
    /// contact of ours that may not move to such an address keeps its refusal: it never left.
    pub fn welcome_back(&self) -> Result<usize> {
        let back = self
            .transaction
            .prepare_cached(
                "DELETE FROM contact_links WHERE forgotten AND NOT created_by_us
                     AND hash IN (SELECT hash FROM members)",
            )?
            .execute([])?;
        Ok(self.note(back))
    }

    pub(crate) fn put_contact_link(&self, link: &ContactLink) -> Result<()> {
        self.transaction
            .prepare_cached(
                "INSERT INTO contact_links
                     (hash, email, fingerprint, created_by_us, tagged, tag, refused, forgotten)
                 VALUES (?1, ?2, ?3, ?4, ?5 IS NOT NULL, ?5, ?6, ?7)
                 ON CONFLICT (hash) DO UPDATE SET email = excluded.email,
                     fingerprint = excluded.fingerprint, created_by_us = excluded.created_by_us,
                     tagged = excluded.tagged, tag = excluded.tag,
                     refused = excluded.refused, forgotten = excluded.forgotten",
            )?
            .execute(params![
                link.hash.as_str(),
                link.email.as_str(),
                link.fingerprint.as_str(),
                link.created_by_us,
                link.tag,
                link.refused.as_ref().map(|refusal| &refusal.words),
                link.refused
                    .as_ref()
                    .is_some_and(|refusal| refusal.forgotten),
            ])?;
        self.transaction
            .prepare_cached("DELETE FROM link_customers WHERE hash = ?1")?
            .execute([link.hash.as_str()])?;
        let mut insert = self.transaction.prepare_cached(
            "INSERT INTO link_customers (hash, position, customer) VALUES (?1, ?2, ?3)",
        )?;
        for (position, customer) in link.customers.iter().enumerate() {
            insert.execute(params![
                link.hash.as_str(),
                json::integer(position),
                customer.as_str()
            ])?;
        }
        Ok(())
    }

    pub(crate) fn delete_contact_link(&self, hash: &MemberHash) -> Result<()> {
        self.transaction
            .prepare_cached("DELETE FROM contact_links WHERE hash = ?1")?
            .execute([hash.as_str()])?;
        Ok(())
    }
}

fn read(row: &Row<'_>) -> Result<ContactLink> {
    let email: String = row.get(1)?;
    let refused: Option<String> = row.get(5)?;
    let forgotten = row.get(6)?;
    Ok(ContactLink {
        hash: MemberHash::from_stored(json::text(TABLE, row, 0)?),
        email: EmailAddress::try_from(email).map_err(|_| Error::Undecodable { table: TABLE })?,
        customers: Vec::new(),
        fingerprint: Fingerprint::from_stored(json::text(TABLE, row, 2)?),
        created_by_us: row.get(3)?,
        tag: row.get(4)?,
        refused: refused.map(|words| ContactRefusal { words, forgotten }),
    })
}
