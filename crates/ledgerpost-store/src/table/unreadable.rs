//! `unreadable`: records that QuickBooks cannot deliver (`quickbooks-online.md` 3.6).

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde::Deserialize;

use crate::company::{CompanyStore, Write};
use crate::error::Result;
use crate::json;

const TABLE: &str = "unreadable";

/// Why QuickBooks cannot deliver a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnreadableWhy {
    /// QuickBooks fails when it is asked for; its words may say why.
    Refused,
    /// It is too large for an answer.
    TooLarge,
    /// What arrived has no usable id, date or amount.
    Malformed,
}

impl UnreadableWhy {
    const fn word(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::TooLarge => "too_large",
            Self::Malformed => "malformed",
        }
    }
}

/// A record that QuickBooks cannot deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableRecord {
    /// QuickBooks' word for its kind, such as `Invoice`.
    pub entity: String,
    /// Its id, or `#` and its place in the list where even the id is unknown.
    pub id: String,
    /// Why.
    pub why: UnreadableWhy,
    /// QuickBooks' words; empty where it said nothing.
    pub detail: String,
    /// How many records this stands for: one, unless the search for it was given up.
    pub records: u64,
    /// The ids of the records of its kind that were entered just before and after it, where they are
    /// known.
    pub neighbours: [Option<String>; 2],
    /// When it was first met.
    pub at: Timestamp,
}

impl UnreadableRecord {
    /// Whether this can be the record with this id. QuickBooks does not say whether it orders ids as
    /// numbers or as text, so that both have to fit.
    fn can_be(&self, id: &str) -> bool {
        let [Some(previous), Some(following)] = &self.neighbours else {
            return false;
        };
        let number = |text: &str| text.parse::<u64>().ok();
        let (Some(from), Some(this), Some(to)) = (number(previous), number(id), number(following))
        else {
            return false;
        };
        let as_text = previous.as_str() < id && id < following.as_str();
        self.records == 1 && from < this && this < to && as_text
    }
}

impl CompanyStore {
    /// All unreadable records.
    pub fn unreadable_records(&self) -> Result<Vec<UnreadableRecord>> {
        read(&self.connection, None)
    }
}

/// The unreadable records of a kind, or of all.
fn read(connection: &Connection, entity: Option<&str>) -> Result<Vec<UnreadableRecord>> {
    let mut statement = connection.prepare_cached(
        "SELECT entity, id, why, detail, records, previous, following, at
         FROM unreadable WHERE ?1 IS NULL OR entity = ?1 ORDER BY entity, id",
    )?;
    let mut rows = statement.query([entity])?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        records.push(UnreadableRecord {
            entity: row.get(0)?,
            id: row.get(1)?,
            why: json::word(TABLE, json::text(TABLE, row, 2)?)?,
            detail: row.get(3)?,
            records: json::count(TABLE, row.get(4)?)?,
            neighbours: [row.get(5)?, row.get(6)?],
            at: json::timestamp(TABLE, row.get(7)?)?,
        });
    }
    Ok(records)
}

impl Write<'_> {
    /// Notes a record as unreadable; returns whether that is new.
    pub fn store_unreadable(&self, record: &UnreadableRecord) -> Result<bool> {
        let [previous, following] = &record.neighbours;
        let changed = self
            .transaction
            .prepare_cached(
                "INSERT INTO unreadable (entity, id, why, detail, records, previous, following, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT (entity, id) DO UPDATE
                 SET why = excluded.why, detail = excluded.detail, records = excluded.records,
                     previous = excluded.previous, following = excluded.following
                 WHERE (why, detail, records, previous, following) IS NOT
                     (excluded.why, excluded.detail, excluded.records, excluded.previous,
                      excluded.following)",
            )?
            .execute(params![
                record.entity,
                record.id,
                record.why.word(),
                record.detail,
                json::integer(record.records),
                previous,
                following,
                record.at.as_microsecond()
            ])?;
        Ok(self.note(changed) > 0)
    }

    /// Forgets an unreadable record, since it can be read now; returns whether it was noted. One whose id
    /// was never known is told by the two that it was entered between.
    pub fn remove_unreadable(&self, entity: &str, id: &str) -> Result<bool> {
        let mut removed = 0;
        for record in read(&self.transaction, Some(entity))? {
            if record.id == id || record.can_be(id) {
                removed += self
                    .transaction
                    .prepare_cached("DELETE FROM unreadable WHERE entity = ?1 AND id = ?2")?
                    .execute([entity, record.id.as_str()])?;
            }
        }
        Ok(self.note(removed) > 0)
    }

    /// Forgets all unreadable records but those that were met again, by kind and id, when everything
    /// was read from end to end.
    pub fn forget_other_unreadable(&self, met: &BTreeSet<(String, String)>) -> Result<()> {
        for record in read(&self.transaction, None)? {
            if !met.contains(&(record.entity.clone(), record.id.clone())) {
                let removed = self
                    .transaction
                    .prepare_cached("DELETE FROM unreadable WHERE entity = ?1 AND id = ?2")?
                    .execute([record.entity, record.id])?;
                self.note(removed);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn between(previous: &str, following: &str, records: u64) -> UnreadableRecord {
        UnreadableRecord {
            entity: "Invoice".to_owned(),
            id: "#3".to_owned(),
            why: UnreadableWhy::Refused,
            detail: String::new(),
            records,
            neighbours: [Some(previous.to_owned()), Some(following.to_owned())],
            at: Timestamp::UNIX_EPOCH,
        }
    }

    #[rstest]
    #[case::between_both("130", "134", "132", true)]
    #[case::one_of_the_two("130", "134", "134", false)]
    #[case::later("130", "134", "135", false)]
    #[case::between_as_number_only("99", "101", "100", false)]
    #[case::between_as_text_only("13", "14", "131", false)]
    #[case::no_number("130", "134", "13x", false)]
    fn a_record_without_an_id_is_told_by_its_neighbours(
        #[case] previous: &str,
        #[case] following: &str,
        #[case] id: &str,
        #[case] is: bool,
    ) {
        assert_eq!(between(previous, following, 1).can_be(id), is);
        assert!(
            !between(previous, following, 2).can_be(id),
            "one of several is not all of them"
        );
    }
}
