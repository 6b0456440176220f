//! `changes`: the journal. A change is *sending* before its call is made and gets its outcome
//! together with the effects of the call, in one transaction.

use jiff::Timestamp;
use ledgerpost_core::change::{Change, ChangeReason, Stage};
use ledgerpost_core::ids::RunId;
use rusqlite::{Params, Row, params};

use crate::company::{CompanyStore, Write};
use crate::error::{Error, Result};
use crate::json;
use crate::table::effects::Effect;
use crate::table::runs::{existing, number, run_id};
use crate::words::words;

const TABLE: &str = "changes";
const COLUMNS: &str = "seq, outcome, detail, batch, at,
    (SELECT body FROM change_bodies WHERE change_bodies.row = changes.row)";

words! {
    /// How a change ended, or how far it is.
    Outcome {
        /// Not begun.
        Planned = "planned",
        /// Its call may have been made.
        Sending = "sending",
        /// The service confirmed it.
        Done = "done",
        /// The service refused it.
        Failed = "failed",
        /// Nobody could find out whether it was done.
        Unknown = "unknown",
    }
}

/// A change in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalEntry {
    /// Its place in the plan, from 1.
    pub seq: u64,
    /// The change.
    pub change: Change,
    /// How it ended.
    pub outcome: Outcome,
    /// The service's words.
    pub detail: Option<String>,
    /// The batch it was sent in.
    pub batch: Option<String>,
    /// When its outcome was last known.
    pub at: Option<Timestamp>,
}

/// The outcome of one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// Its place in the plan.
    pub seq: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// The service's words.
    pub detail: Option<String>,
}

/// What a list of changes is filtered by. No `Debug`: it holds personal data.
pub struct ChangeHeading<'r> {
    /// Its place in the plan, from 1.
    pub seq: u64,
    /// Its stage.
    pub stage: Stage,
    /// How it ended.
    pub outcome: Outcome,
    /// The key of the record.
    pub key: &'r str,
    /// What the owner calls the record.
    pub title: &'r str,
}

/// Which changes of a run to list; `None` is no restriction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChangeFilter {
    /// Only with this outcome.
    pub outcome: Option<Outcome>,
    /// Only of this kind ([`ledgerpost_core::change::Action::code`]).
    pub code: Option<String>,
    /// Only of this stage.
    pub stage: Option<Stage>,
}

/// How many changes of a kind ended in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeCount {
    /// [`ledgerpost_core::change::Action::code`].
    pub code: String,
    /// How they ended.
    pub outcome: Outcome,
    /// How many.
    pub count: u64,
}

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
        let sql = format!(
            "SELECT {COLUMNS} FROM changes {} WHERE run = ?1 AND seq > ?2
               AND (?3 IS NULL OR outcome = ?3) AND (?4 IS NULL OR code = ?4)
               AND (?5 IS NULL OR stage = ?5) ORDER BY seq LIMIT ?6",
            // Few changes have one of the other outcomes, and walking the plan would find them late.
            if filter.outcome.is_some() {
                "INDEXED BY changes_by_outcome"
            } else {
                ""
            }
        );
        let sql = if filter.outcome.is_some() {
            sql.replace("(?3 IS NULL OR outcome = ?3)", "outcome = ?3")
        } else {
            sql
        };
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

impl Write<'_> {
    /// Adds changes to the end of a run's plan.
    pub fn append_changes(&self, run: &RunId, changes: &[Change]) -> Result<()> {
        let run = existing(run)?;
        let last: i64 = self
            .transaction
            .prepare_cached("SELECT COALESCE(MAX(seq), 0) FROM changes WHERE run = ?1")?
            .query_row([run], |row| row.get(0))?;
        let mut insert = self.transaction.prepare_cached(
            "INSERT INTO changes (run, seq, stage, code, key, title, reason, outcome)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'planned')",
        )?;
        let mut insert_body = self
            .transaction
            .prepare_cached("INSERT INTO change_bodies (row, body) VALUES (?1, ?2)")?;
        for (seq, change) in (last + 1..).zip(changes) {
            insert.execute(params![
                run,
                seq,
                stage_number(change.stage),
                change.action.code(),
                change.action.key(),
                change.title,
                reason_word(change.reason),
            ])?;
            insert_body.execute(params![
                self.transaction.last_insert_rowid(),
                json::encode(TABLE, change)?,
            ])?;
        }
        Ok(())
    }

    /// Notes that the calls for these changes are about to be made; called again with the batch once
    /// its id is known.
    ///
    /// # Errors
    /// [`Error::WrongState`] when one of them is finished or not there; roll back then.
    pub fn mark_sending(
        &self,
        run: &RunId,
        seqs: &[u64],
        batch: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        let run = existing(run)?;
        let mut update = self.transaction.prepare_cached(
            "UPDATE changes SET outcome = 'sending', batch = ?3, at = ?4
             WHERE run = ?1 AND seq = ?2 AND outcome IN ('planned', 'sending', 'unknown')",
        )?;
        for seq in seqs {
            let changed = update.execute(params![
                run,
                json::integer(*seq),
                batch,
                now.as_microsecond()
            ])?;
            one_change(changed)?;
        }
        Ok(())
    }

    /// Puts changes back to *planned*: their call was certainly not made, or had no effect.
    ///
    /// # Errors
    /// [`Error::WrongState`] when one of them is finished or not there; roll back then.
    pub fn mark_unsent(&self, run: &RunId, seqs: &[u64]) -> Result<()> {
        let run = existing(run)?;
        let mut update = self.transaction.prepare_cached(
            "UPDATE changes SET outcome = 'planned', batch = NULL, at = NULL
             WHERE run = ?1 AND seq = ?2 AND outcome IN ('planned', 'sending', 'unknown')",
        )?;
        for seq in seqs {
            one_change(update.execute(params![run, json::integer(*seq)])?)?;
        }
        Ok(())
    }

    /// Records outcomes and what they mean for links, mirror, consent and store.
    ///
    /// # Errors
    /// [`Error::WrongState`] when a change is not there; roll back then.
    pub fn finish_changes(
        &self,
        run: &RunId,
        finished: &[Finished],
        effects: &[Effect],
        now: Timestamp,
    ) -> Result<()> {
        let run = existing(run)?;
        let mut update = self.transaction.prepare_cached(
            "UPDATE changes SET outcome = ?3, detail = ?4, at = ?5 WHERE run = ?1 AND seq = ?2",
        )?;
        for change in finished {
            let changed = update.execute(params![
                run,
                json::integer(change.seq),
                change.outcome,
                change.detail,
                now.as_microsecond()
            ])?;
            one_change(changed)?;
        }
        self.touch_before(effects, now)?;
        self.apply_effects(effects)?;
        self.touch(effects, now)
    }
}

fn one_change(changed: usize) -> Result<()> {
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::WrongState { what: "the change" })
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

/// The order of the stages, as a number to sort by.
const fn stage_number(stage: Stage) -> i64 {
    match stage {
        Stage::Store => 0,
        Stage::Products => 1,
        Stage::Contacts => 2,
        Stage::Tags => 3,
        Stage::Orders => 4,
        Stage::Finish => 5,
    }
}

const fn stage_of(number: i64) -> Option<Stage> {
    Some(match number {
        0 => Stage::Store,
        1 => Stage::Products,
        2 => Stage::Contacts,
        3 => Stage::Tags,
        4 => Stage::Orders,
        5 => Stage::Finish,
        _ => return None,
    })
}

const fn reason_word(reason: ChangeReason) -> &'static str {
    match reason {
        ChangeReason::New => "new",
        ChangeReason::FirstMatch => "first_match",
        ChangeReason::Changed => "changed",
        ChangeReason::EmailChanged => "email_changed",
        ChangeReason::Deleted => "deleted",
        ChangeReason::Voided => "voided",
        ChangeReason::NoLongerSent => "no_longer_sent",
        ChangeReason::Undo => "undo",
        ChangeReason::Disconnect => "disconnect",
        ChangeReason::Needed => "needed",
    }
}

#[cfg(test)]
mod tests;
