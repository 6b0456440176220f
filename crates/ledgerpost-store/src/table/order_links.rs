//! `order_links` and `order_bodies`: orders that a sync has written, or that Mailchimp refused.

use ledgerpost_core::change::OrderBody;
use ledgerpost_core::link::{Fingerprint, OrderLink};
use ledgerpost_core::source::DocumentKey;
use rusqlite::{OptionalExtension as _, Row, params};

use crate::company::{CompanyStore, Write};
use crate::error::Result;
use crate::json;

const TABLE: &str = "order_links";

impl CompanyStore {
    pub(crate) fn order_link_page(
        &self,
        after: Option<&DocumentKey>,
        limit: usize,
    ) -> Result<Vec<OrderLink>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT key, fingerprint, present, refused FROM order_links
             WHERE key > ?1 ORDER BY key LIMIT ?2",
        )?;
        let after = after.map_or("", DocumentKey::as_str);
        let mut rows = statement.query(params![after, json::integer(limit)])?;
        let mut page = Vec::new();
        while let Some(row) = rows.next()? {
            page.push(read(row)?);
        }
        Ok(page)
    }

    /// One order link.
    pub fn order_link(&self, key: &DocumentKey) -> Result<Option<OrderLink>> {
        self.connection
            .prepare_cached(
                "SELECT key, fingerprint, present, refused FROM order_links WHERE key = ?1",
            )?
            .query_row([key.as_str()], |row| Ok(read(row)))
            .optional()?
            .transpose()
    }

    pub(crate) fn stored_order_body(&self, key: &DocumentKey) -> Result<Option<OrderBody>> {
        let body: Option<String> = self
            .connection
            .prepare_cached("SELECT body FROM order_bodies WHERE key = ?1")?
            .query_row([key.as_str()], |row| row.get(0))
            .optional()?;
        body.map(|body| json::decode("order_bodies", &body))
            .transpose()
    }
}

impl Write<'_> {
    /// `body` is what Mailchimp has now; `None` keeps what was last written.
    pub(crate) fn put_order_link(&self, link: &OrderLink, body: Option<&OrderBody>) -> Result<()> {
        self.transaction
            .prepare_cached(
                "INSERT INTO order_links (key, fingerprint, present, refused)
                 VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (key) DO UPDATE SET fingerprint = excluded.fingerprint,
                     present = excluded.present, refused = excluded.refused",
            )?
            .execute(params![
                link.key.as_str(),
                link.fingerprint.as_str(),
                link.exists,
                link.refused
            ])?;
        if let Some(body) = body {
            self.transaction
                .prepare_cached(
                    "INSERT INTO order_bodies (key, contact, date, currency, total, body, customer)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6,
                         (SELECT customer FROM documents WHERE key = ?1))
                     ON CONFLICT (key) DO UPDATE SET contact = excluded.contact,
                         date = excluded.date, currency = excluded.currency,
                         total = excluded.total, body = excluded.body,
                         customer = COALESCE(excluded.customer, customer)",
                )?
                .execute(params![
                    link.key.as_str(),
                    body.customer.as_str(),
                    body.date.to_string(),
                    body.currency.as_str(),
                    body.total.value().to_string(),
                    json::encode("order_bodies", body)?,
                ])?;
        }
        Ok(())
    }

    pub(crate) fn delete_order_link(&self, key: &DocumentKey) -> Result<()> {
        self.transaction
            .prepare_cached("DELETE FROM order_links WHERE key = ?1")?
            .execute([key.as_str()])?;
        Ok(())
    }
}

fn read(row: &Row<'_>) -> Result<OrderLink> {
    Ok(OrderLink {
        key: DocumentKey::from_stored(json::text(TABLE, row, 0)?),
        fingerprint: Fingerprint::from_stored(json::text(TABLE, row, 1)?),
        exists: row.get(2)?,
        refused: row.get(3)?,
    })
}
