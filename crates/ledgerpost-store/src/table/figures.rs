//! Figures that are kept ready: sums by month, figures of customers, since when somebody stays out.
//! Triggers keep most of them; see `schema/company_2.sql`.

use jiff::Timestamp;
use ledgerpost_core::Amount;
use ledgerpost_core::ids::{CurrencyCode, CustomerId};
use ledgerpost_core::source::{DocumentKey, DocumentKind};
use rusqlite::params;
use rust_decimal::Decimal;

use crate::company::{CompanyStore, Write};
use crate::error::{Error, Result};
use crate::json;
use crate::table::effects::Effect;

/// What was added up for one month, kind of document and currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthSum {
    /// `YYYY-MM`.
    pub month: String,
    /// The kind of document.
    pub kind: DocumentKind,
    /// `None` in a company with one currency.
    pub currency: Option<CurrencyCode>,
    /// How many.
    pub count: u64,
    /// Their totals.
    pub total: Amount,
}

/// Documents that stay out for one reason, of one month, kind and currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkipSum {
    /// `YYYY-MM`; empty for a document that is no longer there.
    pub month: String,
    /// The kind of document; `None` for a record that could not be read.
    pub kind: Option<DocumentKind>,
    /// [`ledgerpost_core::skip::SkipReason::code`].
    pub code: String,
    /// The code of the customer's reason, where the customer is the reason.
    pub because: Option<String>,
    /// The currency of `total`.
    pub currency: Option<CurrencyCode>,
    /// How many.
    pub count: u64,
    /// By how much QuickBooks exceeds Mailchimp because of them.
    pub total: Amount,
}

/// Sums are kept as whole numbers of a ten-thousandth.
pub(crate) fn amount_of(units: i64) -> Amount {
    Amount::new(Decimal::new(units, 4))
}

impl CompanyStore {
    /// The totals of the documents in the mirror by month, before credits.
    pub fn document_sums(&self) -> Result<Vec<MonthSum>> {
        self.month_sums("document_sums")
    }

    /// The totals of the orders in Mailchimp by month, as they were written.
    pub fn order_sums(&self) -> Result<Vec<MonthSum>> {
        self.month_sums("order_sums")
    }

    fn month_sums(&self, table: &'static str) -> Result<Vec<MonthSum>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT month, kind, currency, count, total FROM {table} WHERE count <> 0
             ORDER BY month, kind, currency"
        ))?;
        let mut rows = statement.query([])?;
        let mut sums = Vec::new();
        while let Some(row) = rows.next()? {
            let kind = kind_of(json::text(table, row, 1)?);
            sums.push(MonthSum {
                month: row.get(0)?,
                kind: json::known(table, kind)?,
                currency: currency_of(json::text(table, row, 2)?),
                count: json::count(table, row.get(3)?)?,
                total: amount_of(row.get(4)?),
            });
        }
        Ok(sums)
    }

    /// The documents among the skips of the last complete plan, added up.
    pub fn skip_sums(&self) -> Result<Vec<SkipSum>> {
        const TABLE: &str = "skip_sums";
        let mut statement = self.connection.prepare_cached(
            "SELECT month, kind, code, because, currency, count, total FROM skip_sums
             ORDER BY month, kind, code, because, currency",
        )?;
        let mut rows = statement.query([])?;
        let mut sums = Vec::new();
        while let Some(row) = rows.next()? {
            let because: String = row.get(3)?;
            sums.push(SkipSum {
                month: row.get(0)?,
                kind: kind_of(json::text(TABLE, row, 1)?),
                code: row.get(2)?,
                because: (!because.is_empty()).then_some(because),
                currency: currency_of(json::text(TABLE, row, 4)?),
                count: json::count(TABLE, row.get(5)?)?,
                total: amount_of(row.get(6)?),
            });
        }
        Ok(sums)
    }

    /// What credit memos take off invoices, by the month of the invoice. Counts what
    /// [`ledgerpost_core::source::Document::credited`] does.
    pub fn credits_by_month(&self) -> Result<Vec<(String, Option<CurrencyCode>, Amount)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT substr(d.date, 1, 7), COALESCE(d.currency, ''), a.memo, a.carrier, a.amount
             FROM credit_applications a JOIN documents d ON d.key = a.invoice",
        )?;
        let mut rows = statement.query([])?;
        let mut sums: std::collections::BTreeMap<(String, String), Amount> =
            std::collections::BTreeMap::new();
        while let Some(row) = rows.next()? {
            *sums.entry((row.get(0)?, row.get(1)?)).or_default() += self.counted(row, 2)?;
        }
        Ok(sums
            .into_iter()
            .map(|((month, currency), amount)| (month, currency_of(&currency), amount))
            .collect())
    }

    /// How many customers were in the audience when the last run of each month ended.
    pub fn audience_months(&self) -> Result<Vec<(String, u64)>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT month, contacts FROM audience_months ORDER BY month")?;
        let mut rows = statement.query([])?;
        let mut months = Vec::new();
        while let Some(row) = rows.next()? {
            months.push((row.get(0)?, json::count("audience_months", row.get(1)?)?));
        }
        Ok(months)
    }
}

impl Write<'_> {
    /// Completes a plan's list of skips: adds up the documents among them, and notes since when each
    /// customer stays out.
    pub fn complete_skips(&self, now: Timestamp) -> Result<()> {
        self.transaction.execute_batch(
            "DELETE FROM skip_sums;
             INSERT INTO skip_sums (month, kind, code, because, currency, count, total)
             SELECT COALESCE(substr(d.date, 1, 7), ''),
                 CASE WHEN instr(s.key, '_') THEN substr(s.key, 1, instr(s.key, '_') - 1)
                      ELSE '' END,
                 s.code, COALESCE(json_extract(s.reason, '$.because'), ''),
                 COALESCE(s.currency, ''), COUNT(*),
                 SUM(CAST(ROUND(CAST(COALESCE(s.amount, '0') AS REAL) * 10000) AS INTEGER))
             FROM skips s LEFT JOIN documents d ON d.key = s.key
             WHERE s.subject = 'document' GROUP BY 1, 2, 3, 4, 5;
             DELETE FROM left_alone_since WHERE NOT EXISTS (SELECT 1 FROM skips s
                 WHERE s.subject = 'customer' AND s.key = left_alone_since.customer);",
        )?;
        self.transaction
            .prepare_cached(
                "INSERT INTO left_alone_since (customer, code, since)
                 SELECT key, code, ?1 FROM skips WHERE subject = 'customer'
                 ON CONFLICT DO UPDATE SET code = excluded.code, since = excluded.since
                 WHERE code <> excluded.code",
            )?
            .execute([now.as_microsecond()])?;
        Ok(())
    }

    /// Notes how many customers are in the audience at the end of a run; `month` is `YYYY-MM`.
    pub fn note_audience_month(&self, month: &str) -> Result<()> {
        self.transaction
            .prepare_cached(
                "INSERT INTO audience_months (month, contacts)
                 SELECT ?1, COUNT(*) FROM contact_links l JOIN members m ON m.hash = l.hash
                 WHERE m.status NOT IN ('archived', 'cleaned')
                     AND EXISTS (SELECT 1 FROM link_customers c WHERE c.hash = l.hash)
                 ON CONFLICT DO UPDATE SET contacts = excluded.contacts
                 WHERE contacts <> excluded.contacts",
            )?
            .execute([month])?;
        Ok(())
    }

    /// Notes what is about to be lost: whose orders are removed.
    pub(crate) fn touch_before(&self, effects: &[Effect], now: Timestamp) -> Result<()> {
        for effect in effects {
            if let Effect::RemoveOrderLink(key) = effect {
                self.touch_buyer(key, now)?;
            }
        }
        Ok(())
    }

    /// Notes that something about customers changed in Mailchimp.
    pub(crate) fn touch(&self, effects: &[Effect], now: Timestamp) -> Result<()> {
        for effect in effects {
            match effect {
                Effect::PutContactLink(link) => {
                    for customer in &link.customers {
                        self.touch_customer(customer, now)?;
                    }
                }
                Effect::PutOrderLink { link, .. } => self.touch_buyer(&link.key, now)?,
                Effect::RemoveOrderLink(_)
                | Effect::RemoveContactLink(_)
                | Effect::PutProductLink { .. }
                | Effect::RemoveProductLink(_)
                | Effect::RemoveStoreLinks
                | Effect::PutMember(_)
                | Effect::RemoveMember(_)
                | Effect::SetStoreState(_)
                | Effect::AddConsent(_) => {}
            }
        }
        Ok(())
    }

    fn touch_customer(&self, customer: &CustomerId, now: Timestamp) -> Result<()> {
        self.transaction
            .prepare_cached(
                "INSERT INTO customer_figures (customer, touched_at) VALUES (?1, ?2)
                 ON CONFLICT DO UPDATE SET touched_at = excluded.touched_at",
            )?
            .execute(params![customer.as_str(), now.as_microsecond()])?;
        Ok(())
    }

    fn touch_buyer(&self, order: &DocumentKey, now: Timestamp) -> Result<()> {
        self.transaction
            .prepare_cached(
                "INSERT INTO customer_figures (customer, touched_at)
                 SELECT customer, ?2 FROM order_bodies WHERE key = ?1 AND customer IS NOT NULL
                 ON CONFLICT DO UPDATE SET touched_at = excluded.touched_at",
            )?
            .execute(params![order.as_str(), now.as_microsecond()])?;
        Ok(())
    }
}

/// Documents go by their kind's word, orders and skips by the prefix of their key.
fn kind_of(word: &str) -> Option<DocumentKind> {
    match word {
        "invoice" | "inv" => Some(DocumentKind::Invoice),
        "sales_receipt" | "sr" => Some(DocumentKind::SalesReceipt),
        "credit_memo" | "cm" => Some(DocumentKind::CreditMemo),
        "refund_receipt" | "rr" => Some(DocumentKind::RefundReceipt),
        _ => None,
    }
}

fn currency_of(text: &str) -> Option<CurrencyCode> {
    (!text.is_empty()).then(|| CurrencyCode::new(text))
}

/// The place of a file among its changes: differs as soon as somebody else wrote to it.
impl CompanyStore {
    /// A number that is different once another connection has written to the file.
    pub fn file_version(&self) -> Result<i64> {
        self.connection
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get(0))
            .map_err(Error::from)
    }
}

#[cfg(test)]
mod tests;
