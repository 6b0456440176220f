//! `runs`: one row per run.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ledgerpost_core::ids::RunId;
use rusqlite::{OptionalExtension as _, Row, params};

use crate::company::{CompanyStore, Write};
use crate::error::{Error, Result};
use crate::json;
use crate::words::words;

const TABLE: &str = "runs";
const COLUMNS: &str = "number, kind, state, started_at, finished_at, failure, counts, requests,
     undoes, (SELECT MAX(later.number) FROM runs later WHERE later.undoes = runs.number
         AND later.state <> 'planned')";

words! {
    /// What a run is for.
    RunKind {
        /// Makes the destination match.
        Sync = "sync",
        /// Takes back an earlier run.
        Undo = "undo",
        /// Removes what was written, before the sign-ins are given up.
        Disconnect = "disconnect",
    }
}

words! {
    /// How far a run is.
    RunState {
        /// Its plan is complete and waits for a yes.
        Planned = "planned",
        /// Its plan may be applied.
        Approved = "approved",
        /// Its plan is being applied; after a crash it still says so.
        Applying = "applying",
        /// It stopped on the way and is to go on.
        Interrupted = "interrupted",
        /// Complete; single changes may have failed.
        Done = "done",
        /// Ended by an error.
        Failed = "failed",
        /// Ended by the owner.
        Stopped = "stopped",
    }
}

impl RunState {
    /// Whether the run is over.
    pub const fn is_final(self) -> bool {
        match self {
            Self::Done | Self::Failed | Self::Stopped => true,
            Self::Planned | Self::Approved | Self::Applying | Self::Interrupted => false,
        }
    }

    /// Whether it was said yes to and is not over: under way, or cut off and to be gone on with.
    pub const fn is_begun(self) -> bool {
        match self {
            Self::Approved | Self::Applying | Self::Interrupted => true,
            Self::Planned | Self::Done | Self::Failed | Self::Stopped => false,
        }
    }
}

/// One run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Six digits or more; sorts by start.
    pub id: RunId,
    /// What it is for.
    pub kind: RunKind,
    /// How far it is.
    pub state: RunState,
    /// When its plan was begun.
    pub started_at: Timestamp,
    /// When it was over.
    pub finished_at: Option<Timestamp>,
    /// The code of the error that ended it.
    pub failure: Option<String>,
    /// Its figures by name, such as `contacts_created`; the engine's choice.
    pub counts: BTreeMap<String, u64>,
    /// Calls by service.
    pub requests: BTreeMap<String, u64>,
    /// The run that it takes back.
    pub undoes: Option<RunId>,
    /// The latest run that took it back.
    pub undone_by: Option<RunId>,
}

impl CompanyStore {
    /// A run by its id; `12` finds `000012`.
    pub fn run(&self, id: &RunId) -> Result<Option<Run>> {
        let Some(number) = number(id) else {
            return Ok(None);
        };
        self.connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM runs WHERE number = ?1"))?
            .query_row([number], |row| Ok(read(row)))
            .optional()?
            .transpose()
    }

    /// The latest runs, newest first.
    pub fn runs(&self, limit: usize) -> Result<Vec<Run>> {
        self.query_runs(
            &format!("SELECT {COLUMNS} FROM runs ORDER BY number DESC LIMIT ?1"),
            limit,
        )
    }

    /// Runs newest first, after the first `offset` of them.
    pub fn runs_page(&self, offset: usize, limit: usize) -> Result<Vec<Run>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM runs ORDER BY number DESC LIMIT ?1 OFFSET ?2"
        ))?;
        let mut rows = statement.query([json::integer(limit), json::integer(offset)])?;
        let mut runs = Vec::new();
        while let Some(row) = rows.next()? {
            runs.push(read(row)?);
        }
        Ok(runs)
    }

    /// How many runs are kept, and when the first of them began.
    pub fn run_span(&self) -> Result<(u64, Option<Timestamp>)> {
        let (count, first): (i64, Option<i64>) = self
            .connection
            .prepare_cached("SELECT COUNT(*), MIN(started_at) FROM runs")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let first = first.map(|at| json::timestamp(TABLE, at)).transpose()?;
        Ok((json::count(TABLE, count)?, first))
    }

    /// When the first sync was complete.
    pub fn first_sync_ended(&self) -> Result<Option<Timestamp>> {
        let ended: Option<i64> = self
            .connection
            .prepare_cached(
                "SELECT MIN(finished_at) FROM runs WHERE kind = 'sync' AND state = 'done'",
            )?
            .query_row([], |row| row.get(0))?;
        ended.map(|at| json::timestamp(TABLE, at)).transpose()
    }

    /// Runs that are not over, oldest first: what a start has to look at.
    pub fn unfinished_runs(&self) -> Result<Vec<Run>> {
        self.query_runs(
            &format!(
                "SELECT {COLUMNS} FROM runs WHERE state NOT IN ('done', 'failed', 'stopped')
                 ORDER BY number LIMIT ?1"
            ),
            usize::MAX,
        )
    }

    fn query_runs(&self, sql: &str, limit: usize) -> Result<Vec<Run>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([json::integer(limit)])?;
        let mut runs = Vec::new();
        while let Some(row) = rows.next()? {
            runs.push(read(row)?);
        }
        Ok(runs)
    }
}

impl Write<'_> {
    /// Begins a run. Written in the same transaction as its plan, a run is either planned in full
    /// or was never there.
    pub fn begin_run(&self, kind: RunKind, now: Timestamp) -> Result<RunId> {
        self.transaction
            .prepare_cached(
                "INSERT INTO runs (kind, state, started_at, counts, requests)
                 VALUES (?1, ?2, ?3, '{}', '{}')",
            )?
            .execute(params![kind, RunState::Planned, now.as_microsecond()])?;
        Ok(run_id(self.transaction.last_insert_rowid()))
    }

    /// Notes which run this one takes back.
    pub fn note_undo(&self, run: &RunId, undoes: &RunId) -> Result<()> {
        let changed = self
            .transaction
            .prepare_cached("UPDATE runs SET undoes = ?2 WHERE number = ?1")?
            .execute([existing(run)?, existing(undoes)?])?;
        one_row(changed)
    }

    /// The owner's yes, or that none was needed.
    ///
    /// # Errors
    /// [`Error::WrongState`] unless the run is planned.
    pub fn approve_run(&self, id: &RunId) -> Result<()> {
        let changed = self
            .transaction
            .prepare_cached(
                "UPDATE runs SET state = 'approved' WHERE number = ?1 AND state = 'planned'",
            )?
            .execute([existing(id)?])?;
        one_row(changed)
    }

    /// Moves a run on; `now` becomes its end if the new state is final.
    ///
    /// # Errors
    /// [`Error::WrongState`] when the run is over already, or is not there.
    pub fn set_run_state(
        &self,
        id: &RunId,
        state: RunState,
        failure: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        let finished_at = state.is_final().then(|| now.as_microsecond());
        let changed = self
            .transaction
            .prepare_cached(
                "UPDATE runs SET state = ?2, failure = ?3, finished_at = ?4
                 WHERE number = ?1 AND state NOT IN ('done', 'failed', 'stopped')",
            )?
            .execute(params![existing(id)?, state, failure, finished_at])?;
        one_row(changed)
    }

    /// Replaces a run's figures.
    pub fn set_run_figures(
        &self,
        id: &RunId,
        counts: &BTreeMap<String, u64>,
        requests: &BTreeMap<String, u64>,
    ) -> Result<()> {
        let changed = self
            .transaction
            .prepare_cached("UPDATE runs SET counts = ?2, requests = ?3 WHERE number = ?1")?
            .execute(params![
                existing(id)?,
                json::encode(TABLE, counts)?,
                json::encode(TABLE, requests)?
            ])?;
        one_row(changed)
    }

    /// Deletes runs whose plan was never approved, with their changes: a newer plan takes their
    /// place. Returns how many there were.
    pub fn discard_planned_runs(&self) -> Result<usize> {
        Ok(self
            .transaction
            .prepare_cached("DELETE FROM runs WHERE state = 'planned'")?
            .execute([])?)
    }
}

pub(crate) fn run_id(number: i64) -> RunId {
    RunId::new(format!("{number:06}"))
}

/// `None` for what is no run's id.
pub(crate) fn number(id: &RunId) -> Option<i64> {
    id.as_str().parse().ok().filter(|number| *number > 0)
}

pub(crate) fn existing(id: &RunId) -> Result<i64> {
    number(id).ok_or(Error::Missing { what: "run" })
}

fn one_row(changed: usize) -> Result<()> {
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::WrongState { what: "the run" })
    }
}

fn read(row: &Row<'_>) -> Result<Run> {
    let finished_at: Option<i64> = row.get(4)?;
    Ok(Run {
        id: run_id(row.get(0)?),
        kind: json::known(TABLE, RunKind::from_word(json::text(TABLE, row, 1)?))?,
        state: json::known(TABLE, RunState::from_word(json::text(TABLE, row, 2)?))?,
        started_at: json::timestamp(TABLE, row.get(3)?)?,
        finished_at: finished_at
            .map(|at| json::timestamp(TABLE, at))
            .transpose()?,
        failure: row.get(5)?,
        counts: json::column(TABLE, row, 6)?,
        requests: json::column(TABLE, row, 7)?,
        undoes: row.get::<_, Option<i64>>(8)?.map(run_id),
        undone_by: row.get::<_, Option<i64>>(9)?.map(run_id),
    })
}
