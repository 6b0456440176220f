//! `documents`: invoices, sales receipts, credit memos and refunds.

use std::borrow::Cow;

use ledgerpost_core::Amount;
use ledgerpost_core::ids::{CurrencyCode, CustomerId};
use ledgerpost_core::source::{Document, DocumentKey, DocumentKind};
use rusqlite::{OptionalExtension as _, params};

use crate::company::{CompanyStore, Write};
use crate::error::Result;
use crate::json;
use crate::table::seen::Entity;

const TABLE: &str = "documents";

impl CompanyStore {
    pub(crate) fn document_page(
        &self,
        after: Option<&DocumentKey>,
        limit: usize,
    ) -> Result<Vec<Document>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT body FROM documents WHERE key > ?1 ORDER BY key LIMIT ?2")?;
        let after = after.map_or("", DocumentKey::as_str);
        let mut rows = statement.query(params![after, json::integer(limit)])?;
        let mut page: Vec<Document> = Vec::new();
        while let Some(row) = rows.next()? {
            page.push(json::column(TABLE, row, 0)?);
        }
        if let Some(last) = page.last() {
            // One range of the credits belongs to one page of the documents.
            let mut credits = self.credited_between(after, last.key.as_str())?;
            for document in &mut page {
                if let Some(credited) = credits.remove(&document.key) {
                    document.credited = credited;
                }
            }
        }
        Ok(page)
    }

    /// The totals of a customer's sales that are orders, or that the latest plan makes orders.
    pub fn sent_sales(&self, customer: &CustomerId) -> Result<Vec<Amount>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT d.total FROM documents d WHERE d.customer = ?1 AND d.sale = 1
               AND NOT EXISTS (SELECT 1 FROM skips s WHERE s.subject = 'document' AND s.key = d.key)",
        )?;
        let mut rows = statement.query([customer.as_str()])?;
        let mut totals = Vec::new();
        while let Some(row) = rows.next()? {
            totals.push(json::amount(TABLE, json::text(TABLE, row, 0)?)?);
        }
        Ok(totals)
    }

    /// One document.
    pub fn document(&self, key: &DocumentKey) -> Result<Option<Document>> {
        let document: Option<Document> = self
            .connection
            .prepare_cached("SELECT body FROM documents WHERE key = ?1")?
            .query_row([key.as_str()], |row| Ok(json::column(TABLE, row, 0)))
            .optional()?
            .transpose()?;
        document
            .map(|mut document| {
                document.credited = self.credited(key)?;
                Ok(document)
            })
            .transpose()
    }

    /// The invoices and sales receipts of a customer, newest first.
    pub fn sales_of(&self, customer: &CustomerId, limit: usize) -> Result<Vec<Document>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT body FROM documents INDEXED BY documents_sales
             WHERE customer = ?1 AND sale = 1 ORDER BY date DESC, key DESC LIMIT ?2",
        )?;
        let mut rows = statement.query(params![customer.as_str(), json::integer(limit)])?;
        let mut documents = Vec::new();
        while let Some(row) = rows.next()? {
            let mut document: Document = json::column(TABLE, row, 0)?;
            document.credited = self.credited(&document.key)?;
            documents.push(document);
        }
        Ok(documents)
    }

    /// How many sales of a customer stay out because the customer does, and by how much QuickBooks
    /// exceeds Mailchimp because of them.
    pub fn left_out_with(&self, customer: &CustomerId) -> Result<(u64, Amount)> {
        let mut statement = self.connection.prepare_cached(
            "SELECT s.amount FROM documents d INDEXED BY documents_sales
             JOIN skips s ON s.subject = 'document' AND s.key = d.key
             WHERE d.customer = ?1 AND d.sale = 1 AND s.code = 'customer_left_out'",
        )?;
        let mut rows = statement.query([customer.as_str()])?;
        let (mut count, mut sum) = (0, Amount::ZERO);
        while let Some(row) = rows.next()? {
            count += 1;
            if let Some(amount) = row.get::<_, Option<String>>(0)? {
                sum += json::amount("skips", &amount)?;
            }
        }
        Ok((count, sum))
    }

    /// Whose document it is: from the mirror, else as it was when its order was last written.
    pub fn customer_of_document(&self, key: &DocumentKey) -> Result<Option<CustomerId>> {
        let customer: Option<Option<String>> = self
            .connection
            .prepare_cached(
                "SELECT COALESCE((SELECT customer FROM documents WHERE key = ?1),
                     (SELECT customer FROM order_bodies WHERE key = ?1))",
            )?
            .query_row([key.as_str()], |row| row.get(0))
            .optional()?;
        Ok(customer.flatten().map(CustomerId::new))
    }

    /// How many documents the mirror holds.
    pub fn document_count(&self) -> Result<u64> {
        self.count_rows("SELECT COUNT(*) FROM documents")
    }
}

impl Write<'_> {
    /// Stores documents with their raw records; returns how many are different from before.
    pub fn store_documents<'r>(
        &self,
        rows: impl IntoIterator<Item = (&'r Document, &'r str)>,
    ) -> Result<usize> {
        let comparing = self.is_comparing(Entity::Document)?;
        let mut statement = self.transaction.prepare_cached(
            "INSERT INTO documents
                 (key, kind, sale, number, date, customer, currency, total, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (key) DO UPDATE SET number = excluded.number, date = excluded.date,
                 customer = excluded.customer, currency = excluded.currency,
                 total = excluded.total, body = excluded.body
             WHERE body IS NOT excluded.body",
        )?;
        let mut changed = 0;
        for (document, raw) in rows {
            let key = document.key.as_str();
            changed += statement.execute(params![
                key,
                kind_word(document.kind),
                document.kind.is_sale(),
                document.number,
                document.date.to_string(),
                document.customer.as_ref().map(|id| id.as_str().to_owned()),
                document.currency.as_ref().map(CurrencyCode::as_str),
                document.total.value().to_string(),
                json::encode(TABLE, &without_derived(document))?,
            ])?;
            self.put_raw(Entity::Document, key, raw)?;
            if comparing {
                self.mark_seen(Entity::Document, key)?;
            }
        }
        Ok(self.note(changed))
    }

    /// Removes documents that were deleted in QuickBooks, with the credits that they gave or got;
    /// returns how many were there. Their order links stay: they are how a plan sees the deletion.
    pub fn remove_documents<'r>(
        &self,
        keys: impl IntoIterator<Item = &'r DocumentKey>,
    ) -> Result<usize> {
        let mut statement = self
            .transaction
            .prepare_cached("DELETE FROM documents WHERE key = ?1")?;
        let mut removed = 0;
        for key in keys {
            removed += statement.execute([key.as_str()])?;
            removed += self.remove_credits_of(key)?;
            self.remove_raw(Entity::Document, key.as_str())?;
        }
        Ok(self.note(removed))
    }
}

/// `credited` is derived when reading.
fn without_derived(document: &Document) -> Cow<'_, Document> {
    if document.credited.is_zero() {
        return Cow::Borrowed(document);
    }
    let mut plain = document.clone();
    plain.credited = Amount::ZERO;
    Cow::Owned(plain)
}

const fn kind_word(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Invoice => "invoice",
        DocumentKind::SalesReceipt => "sales_receipt",
        DocumentKind::CreditMemo => "credit_memo",
        DocumentKind::RefundReceipt => "refund_receipt",
    }
}
