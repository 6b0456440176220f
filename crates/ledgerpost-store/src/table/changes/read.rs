//! Reading the journal.

use ledgerpost_core::change::Stage;
use ledgerpost_core::ids::RunId;
use rusqlite::{Params, Row, params};

use super::{
    ChangeCount, ChangeFilter, ChangeHeading, JournalEntry, Outcome, TABLE, stage_number, stage_of,
};
use crate::company::CompanyStore;
use crate::error::Result;
use crate::json;
use crate::table::runs::{number, run_id};

const COLUMNS: &str = "seq, outcome, detail, batch, at,
    (SELECT body FROM change_bodies WHERE change_bodies.row = changes.row)";

impl CompanyStore {
    /// The next changes of a stage that were not begun, in the plan's order.
    pub fn next_changes(
        &self,
        run: &RunId,
        stage: Stage,
        limit: usize,
    ) -> Result<Vec<JournalEntry>> {
        self.query_changes(
            &format!(
                "SELECT {COLUMNS} FROM changes
                 WHERE run = ?1 AND outcome = 'planned' AND stage = ?2 ORDER BY seq LIMIT ?3"
            ),
            params![number(run), stage_number(stage), json::integer(limit)],
        )
    }

    /// Changes whose call may have been made: after a crash they are checked against the service.
    /// In the plan's order, after place `after` (0 for the beginning).
    pub fn sending_changes(
        &self,
        run: &RunId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<JournalEntry>> {
        let filter = ChangeFilter {
            outcome: Some(Outcome::Sending),
            ..ChangeFilter::default()
        };
        self.changes(run, &filter, after, limit)
    }

    /// Changes of a run in the plan's order, after place `after` (0 for the beginning).
    pub fn changes(
        &self,
        run: &RunId,
        filter: &ChangeFilter,
        after: u64,
        limit: usize,
    ) -> Result<Vec<JournalEntry>> {
        // Few changes have one of the other outcomes, and walking the plan would find them late.
        let (index, outcome) = if filter.outcome.is_some() {
            ("INDEXED BY changes_by_outcome", "outcome = ?3")
        } else {
            ("", "(?3 IS NULL OR outcome = ?3)")
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM changes {index} WHERE run = ?1 AND seq > ?2
               AND {outcome} AND (?4 IS NULL OR code = ?4)
               AND (?5 IS NULL OR stage = ?5) ORDER BY seq LIMIT ?6"
        );
        self.query_changes(
            &sql,
            params![
                number(run),
                json::integer(after),
                filter.outcome,
                filter.code,
                filter.stage.map(stage_number),
                json::integer(limit),
            ],
        )
    }

    /// The changes at these places of a run's plan, in the order given; those that are not there are
    /// left out.
    pub fn changes_at(&self, run: &RunId, seqs: &[u64]) -> Result<Vec<JournalEntry>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM changes WHERE run = ?1 AND seq = ?2"
        ))?;
        let mut entries = Vec::with_capacity(seqs.len());
        for seq in seqs {
            let mut rows = statement.query(params![number(run), json::integer(*seq)])?;
            if let Some(row) = rows.next()? {
                entries.push(read(row)?);
            }
        }
        Ok(entries)
    }

    /// Changes of a run from its end to its beginning, before place `before`: the order of an undo.
    pub fn changes_backwards(
        &self,
        run: &RunId,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<JournalEntry>> {
        self.query_changes(
            &format!(
                "SELECT {COLUMNS} FROM changes WHERE run = ?1 AND seq < ?2
                 ORDER BY seq DESC LIMIT ?3"
            ),
            params![
                number(run),
                before.map_or(i64::MAX, json::integer),
                json::integer(limit)
            ],
        )
    }

    /// How many changes of a run there are by kind and outcome.
    pub fn change_counts(&self, run: &RunId) -> Result<Vec<ChangeCount>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT code, outcome, COUNT(*) FROM changes WHERE run = ?1
             GROUP BY code, outcome ORDER BY MIN(stage), code, outcome",
        )?;
        let mut rows = statement.query([number(run)])?;
        let mut counts = Vec::new();
        while let Some(row) = rows.next()? {
            counts.push(ChangeCount {
                code: row.get(0)?,
                outcome: outcome(row, 1)?,
                count: json::count(TABLE, row.get(2)?)?,
            });
        }
        Ok(counts)
    }

    /// How many changes of a run there are by outcome.
    pub fn outcome_counts(&self, run: &RunId) -> Result<Vec<(Outcome, u64)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT outcome, COUNT(*) FROM changes WHERE run = ?1 GROUP BY outcome ORDER BY outcome",
        )?;
        let mut rows = statement.query([number(run)])?;
        let mut counts = Vec::new();
        while let Some(row) = rows.next()? {
            counts.push((outcome(row, 0)?, json::count(TABLE, row.get(1)?)?));
        }
        Ok(counts)
    }

    /// What was done to the record with a key ([`ledgerpost_core::change::Action::key`]), newest first,
    /// with the run that did it. Plans that were not begun are left out.
    pub fn changes_of(&self, key: &str, limit: usize) -> Result<Vec<(RunId, JournalEntry)>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS}, run FROM changes INDEXED BY changes_by_key
             WHERE key = ?1 AND outcome <> 'planned' ORDER BY run DESC, seq DESC LIMIT ?2"
        ))?;
        let mut rows = statement.query(params![key, json::integer(limit)])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            entries.push((run_id(row.get(6)?), read(row)?));
        }
        Ok(entries)
    }

    /// One change of a run.
    pub fn change(&self, run: &RunId, seq: u64) -> Result<Option<JournalEntry>> {
        let found = self.query_changes(
            &format!("SELECT {COLUMNS} FROM changes WHERE run = ?1 AND seq = ?2"),
            params![number(run), json::integer(seq)],
        )?;
        Ok(found.into_iter().next())
    }

    /// Hands out place, stage, outcome, key and title of each change of a run, in its order: what a
    /// list is filtered by.
    pub fn each_change_heading(
        &self,
        run: &RunId,
        mut each: impl FnMut(&ChangeHeading<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut statement = self.connection.prepare_cached(
            "SELECT seq, stage, outcome, key, title FROM changes WHERE run = ?1 ORDER BY seq",
        )?;
        let mut rows = statement.query([number(run)])?;
        while let Some(row) = rows.next()? {
            let stage: i64 = row.get(1)?;
            each(&ChangeHeading {
                seq: json::count(TABLE, row.get(0)?)?,
                stage: json::known(TABLE, stage_of(stage))?,
                outcome: outcome(row, 2)?,
                key: json::text(TABLE, row, 3)?,
                title: json::text(TABLE, row, 4)?,
            })?;
        }
        Ok(())
    }

    fn query_changes(&self, sql: &str, params: impl Params) -> Result<Vec<JournalEntry>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            entries.push(read(row)?);
        }
        Ok(entries)
    }
}

fn read(row: &Row<'_>) -> Result<JournalEntry> {
    let at: Option<i64> = row.get(4)?;
    Ok(JournalEntry {
        seq: json::count(TABLE, row.get(0)?)?,
        outcome: outcome(row, 1)?,
        detail: row.get(2)?,
        batch: row.get(3)?,
        at: at.map(|at| json::timestamp(TABLE, at)).transpose()?,
        change: json::column(TABLE, row, 5)?,
    })
}

fn outcome(row: &Row<'_>, index: usize) -> Result<Outcome> {
    json::known(TABLE, Outcome::from_word(json::text(TABLE, row, index)?))
}
