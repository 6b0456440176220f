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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{document, scene};

    #[test]
    fn months_kinds_and_currencies_are_summed_apart_and_exactly() {
        let scene = scene();
        let mut documents: Vec<_> = (1..=30)
            .map(|id| document(DocumentKind::Invoice, &id.to_string(), "1", 10))
            .collect();
        documents[0].date = "2026-03-01".parse().unwrap();
        documents[1].currency = Some(CurrencyCode::from("EUR"));
        documents.push(document(DocumentKind::RefundReceipt, "1", "1", 999));
        scene
            .store
            .write(|write| write.store_documents(documents.iter().map(|row| (row, "{}"))))
            .unwrap();
        let totals = scene.store.document_totals().unwrap();
        let shown: Vec<String> = totals
            .iter()
            .map(|sum| {
                let currency = sum.currency.as_ref().map_or("-", |code| code.as_str());
                format!("{} {currency} {} x{}", sum.month, sum.total, sum.count)
            })
            .collect();
        assert_eq!(
            shown,
            [
                "2026-02 - 2.80 x28",
                "2026-02 EUR 0.10 x1",
                "2026-02 - 9.99 x1",
                "2026-03 - 0.10 x1"
            ]
        );
    }
}
