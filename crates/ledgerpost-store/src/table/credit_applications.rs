//! `credit_applications`: which credit memo lowered which invoice. Sums are made here and not in
//! SQL, which would go through binary floats.

use std::collections::BTreeMap;

use ledgerpost_core::Amount;
use ledgerpost_core::source::{CreditApplication, DocumentKey};
use rusqlite::{Row, params};

use crate::company::{CompanyStore, Write};
use crate::error::Result;
use crate::json;
use crate::table::seen::Entity;

const TABLE: &str = "credit_applications";

impl CompanyStore {
    /// Credits of the invoices with `after` < key <= `last`.
    pub(crate) fn credited_between(
        &self,
        after: &str,
        last: &str,
    ) -> Result<BTreeMap<DocumentKey, Amount>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT invoice, memo, carrier, amount FROM credit_applications
             WHERE invoice > ?1 AND invoice <= ?2",
        )?;
        let mut rows = statement.query([after, last])?;
        let mut credits: BTreeMap<DocumentKey, Amount> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let invoice = DocumentKey::from_stored(json::text(TABLE, row, 0)?);
            *credits.entry(invoice).or_default() += self.counted(row, 1)?;
        }
        Ok(credits)
    }

    pub(crate) fn credited(&self, invoice: &DocumentKey) -> Result<Amount> {
        self.sum(
            "SELECT invoice, memo, carrier, amount FROM credit_applications WHERE invoice = ?1",
            invoice,
        )
    }

    pub(crate) fn applied(&self, memo: &DocumentKey) -> Result<Amount> {
        self.sum(
            "SELECT invoice, memo, carrier, amount FROM credit_applications WHERE memo = ?1",
            memo,
        )
    }

    fn sum(&self, sql: &str, document: &DocumentKey) -> Result<Amount> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([document.as_str()])?;
        let mut sum = Amount::ZERO;
        while let Some(row) = rows.next()? {
            sum += self.counted(row, 1)?;
        }
        Ok(sum)
    }

    /// What the application in a row counts for: memo, carrier and amount stand in the columns from
    /// `first` on. A memo that names
    /// its invoice and was applied by a payment as well says the same twice, and need not name the
    /// payment (`quickbooks-online.md` 4.4): then of its own only what goes beyond the payments counts.
    pub(crate) fn counted(&self, row: &Row<'_>, first: usize) -> Result<Amount> {
        let memo = json::text(TABLE, row, first)?;
        let carrier = json::text(TABLE, row, first + 1)?;
        let amount = json::amount(TABLE, json::text(TABLE, row, first + 2)?)?;
        if carrier != memo {
            return Ok(amount);
        }
        let mut statement = self.connection.prepare_cached(
            "SELECT amount FROM credit_applications WHERE memo = ?1 AND carrier <> ?1",
        )?;
        let mut rows = statement.query([memo])?;
        let mut left = amount;
        while let Some(row) = rows.next()? {
            left -= json::amount(TABLE, json::text(TABLE, row, 0)?)?;
        }
        Ok(left.max(Amount::ZERO))
    }
}

impl Write<'_> {
    /// Replaces what each carrier applies; an empty list takes its applications away. Returns how
    /// many carriers are different from before. The `carrier` of each application must be the one it
    /// is listed under.
    pub fn store_credit_applications<'r>(
        &self,
        carriers: impl IntoIterator<Item = (&'r str, &'r [CreditApplication])>,
    ) -> Result<usize> {
        let comparing = self.is_comparing(Entity::CreditCarrier)?;
        let mut insert = self.transaction.prepare_cached(
            "INSERT INTO credit_applications (carrier, position, invoice, memo, amount)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        let mut changed = 0;
        for (carrier, applications) in carriers {
            if comparing {
                self.mark_seen(Entity::CreditCarrier, carrier)?;
            }
            if self.applications_of(carrier)? == applications {
                continue;
            }
            self.delete_carrier(carrier)?;
            for (position, application) in applications.iter().enumerate() {
                insert.execute(params![
                    carrier,
                    json::integer(position),
                    application.invoice.as_str(),
                    application.memo.as_str(),
                    application.amount.value().to_string(),
                ])?;
            }
            changed += 1;
        }
        Ok(self.note(changed))
    }

    /// Takes away what carriers that were deleted in QuickBooks had applied; returns how many rows
    /// that were.
    pub fn remove_credit_carriers<'r>(
        &self,
        carriers: impl IntoIterator<Item = &'r str>,
    ) -> Result<usize> {
        let mut removed = 0;
        for carrier in carriers {
            removed += self.delete_carrier(carrier)?;
        }
        Ok(self.note(removed))
    }

    pub(crate) fn remove_credits_of(&self, document: &DocumentKey) -> Result<usize> {
        Ok(self
            .transaction
            .prepare_cached("DELETE FROM credit_applications WHERE invoice = ?1 OR memo = ?1")?
            .execute([document.as_str()])?)
    }

    fn delete_carrier(&self, carrier: &str) -> Result<usize> {
        Ok(self
            .transaction
            .prepare_cached("DELETE FROM credit_applications WHERE carrier = ?1")?
            .execute([carrier])?)
    }

    fn applications_of(&self, carrier: &str) -> Result<Vec<CreditApplication>> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT invoice, memo, amount FROM credit_applications
             WHERE carrier = ?1 ORDER BY position",
        )?;
        let mut rows = statement.query([carrier])?;
        let mut applications = Vec::new();
        while let Some(row) = rows.next()? {
            applications.push(CreditApplication {
                carrier: carrier.to_owned(),
                invoice: DocumentKey::from_stored(json::text(TABLE, row, 0)?),
                memo: DocumentKey::from_stored(json::text(TABLE, row, 1)?),
                amount: json::amount(TABLE, json::text(TABLE, row, 2)?)?,
            });
        }
        Ok(applications)
    }
}
