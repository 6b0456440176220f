//! `skips`: what the latest plan leaves out.

use ledgerpost_core::ids::CurrencyCode;
use ledgerpost_core::skip::{Skip, SkipReason, SkipSubject};
use rusqlite::{Params, Row, params};

use crate::company::{CompanyStore, Write};
use crate::error::{Error, Result};
use crate::json;

/// How many are in memory at a time.
const PAGE: usize = 1_000;
const TABLE: &str = "skips";
const COLUMNS: &str = "seq, subject, key, title, reason, amount, currency";

/// A skip with its place in the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkipRow {
    /// Its place, from 1.
    pub seq: u64,
    /// The skip.
    pub skip: Skip,
}

/// Which skips to list; `None` is no restriction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SkipFilter {
    /// Only about such records.
    pub subject: Option<SkipSubject>,
    /// Only for this reason ([`SkipReason::code`]).
    pub code: Option<String>,
}

/// How many records stay out for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkipCount {
    /// What kind of record.
    pub subject: SkipSubject,
    /// [`SkipReason::code`].
    pub code: String,
    /// How many.
    pub count: u64,
}

impl CompanyStore {
    /// Skips of the latest plan in its order, after place `after` (0 for the beginning).
    pub fn skips(&self, filter: &SkipFilter, after: u64, limit: usize) -> Result<Vec<SkipRow>> {
        self.query_skips(
            &format!(
                "SELECT {COLUMNS} FROM skips WHERE seq > ?1 AND (?2 IS NULL OR subject = ?2)
                   AND (?3 IS NULL OR code = ?3) ORDER BY seq LIMIT ?4"
            ),
            params![
                json::integer(after),
                filter.subject.map(subject_word),
                filter.code,
                json::integer(limit)
            ],
        )
    }

    /// Hands out the skips of the latest plan in its order, with one page of them in memory at a time.
    ///
    /// # Errors
    /// The file's, and the first that `each` gives.
    pub fn each_skip<E: From<Error>>(
        &self,
        filter: &SkipFilter,
        mut each: impl FnMut(SkipRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut after = 0;
        loop {
            let page = self.skips(filter, after, PAGE)?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = last.seq;
            page.into_iter().try_for_each(&mut each)?;
        }
    }

    /// The skips of one record; a document may have several.
    pub fn skips_of(&self, subject: SkipSubject, key: &str) -> Result<Vec<SkipRow>> {
        self.query_skips(
            &format!("SELECT {COLUMNS} FROM skips WHERE subject = ?1 AND key = ?2 ORDER BY seq"),
            params![subject_word(subject), key],
        )
    }

    /// How many records stay out, by kind and reason.
    pub fn skip_counts(&self) -> Result<Vec<SkipCount>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT subject, code, COUNT(*) FROM skips
             GROUP BY subject, code ORDER BY subject, code",
        )?;
        let mut rows = statement.query([])?;
        let mut counts = Vec::new();
        while let Some(row) = rows.next()? {
            counts.push(SkipCount {
                subject: json::word(TABLE, json::text(TABLE, row, 0)?)?,
                code: row.get(1)?,
                count: json::count(TABLE, row.get(2)?)?,
            });
        }
        Ok(counts)
    }

    fn query_skips(&self, sql: &str, params: impl Params) -> Result<Vec<SkipRow>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut skips = Vec::new();
        while let Some(row) = rows.next()? {
            skips.push(read(row)?);
        }
        Ok(skips)
    }
}

impl Write<'_> {
    /// Removes all skips, before a new plan writes its own.
    pub fn clear_skips(&self) -> Result<()> {
        self.transaction
            .prepare_cached("DELETE FROM skips")?
            .execute([])?;
        Ok(())
    }

    /// Adds skips to the end of the plan's list.
    pub fn append_skips(&self, skips: &[Skip]) -> Result<()> {
        let mut insert = self.transaction.prepare_cached(
            "INSERT INTO skips (subject, key, title, code, reason, amount, currency)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        for skip in skips {
            insert.execute(params![
                subject_word(skip.subject),
                skip.key,
                skip.title,
                skip.reason.code(),
                json::encode(TABLE, &skip.reason)?,
                skip.amount.map(|amount| amount.value().to_string()),
                skip.currency.as_ref().map(CurrencyCode::as_str),
            ])?;
        }
        Ok(())
    }
}

fn read(row: &Row<'_>) -> Result<SkipRow> {
    let amount: Option<String> = row.get(5)?;
    let currency: Option<String> = row.get(6)?;
    let reason: SkipReason = json::column(TABLE, row, 4)?;
    Ok(SkipRow {
        seq: json::count(TABLE, row.get(0)?)?,
        skip: Skip {
            subject: json::word(TABLE, json::text(TABLE, row, 1)?)?,
            key: row.get(2)?,
            title: row.get(3)?,
            reason,
            amount: amount
                .map(|amount| json::amount(TABLE, &amount))
                .transpose()?,
            currency: currency.map(CurrencyCode::new),
        },
    })
}

const fn subject_word(subject: SkipSubject) -> &'static str {
    match subject {
        SkipSubject::Customer => "customer",
        SkipSubject::Document => "document",
        SkipSubject::Item => "item",
    }
}
