//! `product_links`: products that a sync has written, or that Mailchimp refused.

use ledgerpost_core::change::ProductBody;
use ledgerpost_core::ids::ProductId;
use ledgerpost_core::link::{Fingerprint, ProductLink};
use rusqlite::{OptionalExtension as _, params};

use crate::company::{CompanyStore, Write};
use crate::error::Result;
use crate::json;

const TABLE: &str = "product_links";

impl CompanyStore {
    /// How many products were to be written, and how many are in Mailchimp.
    pub fn product_counts(&self) -> Result<(u64, u64)> {
        let (wanted, there): (i64, i64) = self
            .connection
            .prepare_cached(
                "SELECT COUNT(*), COUNT(*) FILTER (WHERE body IS NOT NULL) FROM product_links",
            )?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok((json::count(TABLE, wanted)?, json::count(TABLE, there)?))
    }

    pub(crate) fn product_link_page(
        &self,
        after: Option<&ProductId>,
        limit: usize,
    ) -> Result<Vec<ProductLink>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, fingerprint, refused FROM product_links
             WHERE id > ?1 ORDER BY id LIMIT ?2",
        )?;
        let after = after.map_or("", ProductId::as_str);
        let mut rows = statement.query(params![after, json::integer(limit)])?;
        let mut page = Vec::new();
        while let Some(row) = rows.next()? {
            page.push(ProductLink {
                id: ProductId::new(json::text(TABLE, row, 0)?),
                fingerprint: Fingerprint::from_stored(json::text(TABLE, row, 1)?),
                refused: row.get(2)?,
            });
        }
        Ok(page)
    }

    pub(crate) fn stored_product_body(&self, id: &ProductId) -> Result<Option<ProductBody>> {
        let body: Option<Option<String>> = self
            .connection
            .prepare_cached("SELECT body FROM product_links WHERE id = ?1")?
            .query_row([id.as_str()], |row| row.get(0))
            .optional()?;
        body.flatten()
            .map(|body| json::decode(TABLE, &body))
            .transpose()
    }
}

impl Write<'_> {
    /// `body` is what Mailchimp has now; `None` keeps what was last written.
    pub(crate) fn put_product_link(
        &self,
        link: &ProductLink,
        body: Option<&ProductBody>,
    ) -> Result<()> {
        let body = body.map(|body| json::encode(TABLE, body)).transpose()?;
        self.transaction
            .prepare_cached(
                "INSERT INTO product_links (id, fingerprint, refused, body)
                 VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint,
                     refused = excluded.refused, body = COALESCE(excluded.body, body)",
            )?
            .execute(params![
                link.id.as_str(),
                link.fingerprint.as_str(),
                link.refused,
                body
            ])?;
        Ok(())
    }

    pub(crate) fn delete_product_link(&self, id: &ProductId) -> Result<()> {
        self.transaction
            .prepare_cached("DELETE FROM product_links WHERE id = ?1")?
            .execute([id.as_str()])?;
        Ok(())
    }
}
