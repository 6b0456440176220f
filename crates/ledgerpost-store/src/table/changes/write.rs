//! Writing the journal.

use jiff::Timestamp;
use ledgerpost_core::change::{Change, ChangeReason};
use ledgerpost_core::ids::RunId;
use rusqlite::params;

use super::{Finished, TABLE, stage_number};
use crate::company::Write;
use crate::error::{Error, Result};
use crate::json;
use crate::table::effects::Effect;
use crate::table::runs::existing;

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
