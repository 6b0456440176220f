//! Totals by month, exact: added up here from decimal literals, one row at a time.

use std::collections::BTreeMap;

use ledgerpost_core::Amount;
use ledgerpost_core::ids::CurrencyCode;
use ledgerpost_core::source::DocumentKind;

use crate::company::CompanyStore;
use crate::error::Result;
use crate::json;

/// What QuickBooks says for one month, kind of document and currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentTotal {
    /// `YYYY-MM`.
    pub month: String,
    /// The kind of document.
    pub kind: DocumentKind,
    /// `None` in a company with one currency.
    pub currency: Option<CurrencyCode>,
    /// The sum of the totals, before credits.
    pub total: Amount,
    /// How many.
    pub count: u64,
}

/// What we last wrote to Mailchimp for one month and currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderTotal {
    /// `YYYY-MM`.
    pub month: String,
    /// The currency.
    pub currency: CurrencyCode,
    /// The sum of the totals.
    pub total: Amount,
    /// How many.
    pub count: u64,
}

impl CompanyStore {
    /// The totals of the documents in the mirror, by month, kind and currency.
    pub fn document_totals(&self) -> Result<Vec<DocumentTotal>> {
        const TABLE: &str = "documents";
        let mut statement = self
            .connection
            .prepare_cached("SELECT substr(date, 1, 7), kind, currency, total FROM documents")?;
        let mut rows = statement.query([])?;
        let mut sums: BTreeMap<(String, DocumentKind, Option<String>), (Amount, u64)> =
            BTreeMap::new();
        while let Some(row) = rows.next()? {
            let kind = json::word(TABLE, json::text(TABLE, row, 1)?)?;
            let sum = sums.entry((row.get(0)?, kind, row.get(2)?)).or_default();
            sum.0 += json::amount(TABLE, json::text(TABLE, row, 3)?)?;
            sum.1 += 1;
        }
        Ok(sums
            .into_iter()
            .map(|((month, kind, currency), (total, count))| DocumentTotal {
                month,
                kind,
                currency: currency.map(CurrencyCode::new),
                total,
                count,
            })
            .collect())
    }

    /// The totals of the orders that exist in Mailchimp as we last wrote them, by month and currency.
    pub fn order_totals(&self) -> Result<Vec<OrderTotal>> {
        const TABLE: &str = "order_bodies";
        let mut statement = self.connection.prepare_cached(
            "SELECT substr(b.date, 1, 7), b.currency, b.total
             FROM order_bodies b JOIN order_links o ON o.key = b.key WHERE o.present = 1",
        )?;
        let mut rows = statement.query([])?;
        let mut sums: BTreeMap<(String, String), (Amount, u64)> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let sum = sums.entry((row.get(0)?, row.get(1)?)).or_default();
            sum.0 += json::amount(TABLE, json::text(TABLE, row, 2)?)?;
            sum.1 += 1;
        }
        Ok(sums
            .into_iter()
            .map(|((month, currency), (total, count))| OrderTotal {
                month,
                currency: CurrencyCode::new(currency),
                total,
                count,
            })
            .collect())
    }
}
