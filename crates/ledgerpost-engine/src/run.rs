//! One run of a connection: gather, plan, apply, verify, in rounds until nothing is left to do.

use std::collections::BTreeMap;
use std::time::Duration;

use ledgerpost_core::destination::Audience;
use ledgerpost_core::ids::RunId;
use ledgerpost_core::ports::Mirror as _;
use ledgerpost_store::{Outcome, RunState};
use serde::Serialize;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::gather::Depth;
use crate::plan::Summary;
use crate::planned::PlannedRun;
use crate::progress::Phase;
use crate::verify::{OrdersFound, Reconciliation};

/// A record that is refused in one round changes the plan of the next one (its documents stay out).
/// Two rounds settle that; a third is for people who were added by somebody else meanwhile.
const ROUNDS: u32 = 4;

/// What a sync did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SyncReport {
    /// The runs it took, the first one being the one that was approved; empty when there was nothing
    /// to do.
    pub runs: Vec<RunId>,
    /// Changes done, by kind.
    pub done: BTreeMap<String, u64>,
    /// Changes refused, by kind.
    pub failed: BTreeMap<String, u64>,
    /// What the last plan says of every record.
    pub summary: Option<Summary>,
    /// The comparison with Mailchimp, where one was made.
    pub reconciliation: Option<Reconciliation>,
}

/// Whether a plan may be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// The owner has seen it, or has said yes beforehand.
    Given,
    /// Small plans of an approved connection go ahead; large ones wait.
    Usual,
    /// Every plan waits.
    Needed,
}

/// How a sync ended.
#[derive(Debug, Clone)]
pub enum SyncEnd {
    /// Done.
    Done(Box<SyncReport>),
    /// The plan waits for the owner's yes.
    Waits(Box<PlannedRun>),
}

impl Engine {
    /// Reads both services and plans. Writes nothing to any service.
    ///
    /// # Errors
    /// What stops a run; the mirrors keep what was read.
    pub async fn prepare(&self, depth: Depth) -> Result<PlannedRun, EngineError> {
        self.recover().await?;
        self.gather(depth).await?;
        self.plan_run()
    }

    /// Reads QuickBooks alone, so that there are counts before an audience is chosen.
    ///
    /// # Errors
    /// What stops a run; the mirror keeps what was read.
    pub async fn read_company(&self) -> Result<(), EngineError> {
        self.gather_quickbooks(Depth::Changes).await
    }

    /// Plans for an audience that does not exist yet: nobody is in it. Reads QuickBooks alone and
    /// writes nothing to any service.
    ///
    /// # Errors
    /// What stops a run; the mirror keeps what was read.
    pub async fn prepare_for_new(&self, audience: &Audience) -> Result<PlannedRun, EngineError> {
        self.gather_quickbooks(Depth::Changes).await?;
        self.store().write::<_, EngineError>(|write| {
            write.forget_destination()?;
            write.store_audience(audience, "")?;
            Ok(())
        })?;
        self.plan_run()
    }

    /// Like [`Engine::sync`] with the owner's yes to a plan that they looked at: when the plan goes
    /// beyond that one by now, it waits.
    ///
    /// # Errors
    /// Those of [`Engine::sync`].
    pub async fn sync_as_seen(&self, depth: Depth, seen: &Summary) -> Result<SyncEnd, EngineError> {
        self.sync_checked(depth, Approval::Given, Some(seen)).await
    }

    /// Makes the audience match: gathers, plans, applies, plans again until nothing is left, verifies.
    ///
    /// # Errors
    /// What stops a run. What was sent stays recorded, and the next call goes on from there.
    pub async fn sync(&self, depth: Depth, approval: Approval) -> Result<SyncEnd, EngineError> {
        self.sync_checked(depth, approval, None).await
    }

    async fn sync_checked(
        &self,
        depth: Depth,
        approval: Approval,
        seen: Option<&Summary>,
    ) -> Result<SyncEnd, EngineError> {
        // A sync that was cut off had its yes; going on with it needs no second one.
        let (approval, seen) = if self.recover().await? {
            (Approval::Given, None)
        } else {
            (approval, seen)
        };
        self.gather(depth).await?;
        if self.nothing_changed()? {
            return Ok(SyncEnd::Done(Box::default()));
        }
        let mut planned = self.plan_run()?;
        if planned.run.is_some() && self.merge_fields_changed().await? {
            planned = self.plan_run()?;
        }
        self.check_mailings(&planned)?;
        let waits = match approval {
            Approval::Given => seen.is_some_and(|seen| planned.summary.goes_beyond(seen)),
            Approval::Usual => planned.large,
            Approval::Needed => true,
        };
        if planned.run.is_some() && waits {
            return Ok(SyncEnd::Waits(Box::new(planned)));
        }
        self.carry_out(planned)
            .await
            .map(|report| SyncEnd::Done(Box::new(report)))
    }

    /// Applies a plan in rounds, then verifies.
    ///
    /// After a back-fill and after an unusually large run everything is read back, contacts and
    /// orders; after a usual one, where each outcome was read, only when that was not done for a
    /// week. A change then costs as much as it is large.
    async fn carry_out(&self, planned: PlannedRun) -> Result<SyncReport, EngineError> {
        let mut report = SyncReport::default();
        let back_fill = self.is_back_fill(&planned)?;
        let verifies = back_fill || planned.large || self.comparison_is_due()?;
        let mut current = planned;
        let mut found = None;
        while let Some(run) = current.run.clone() {
            if u32::try_from(report.runs.len()).unwrap_or(u32::MAX) >= ROUNDS {
                return Err(EngineError::Unsettled {
                    changes: current.changes,
                    rounds: ROUNDS,
                });
            }
            self.apply_run(&run).await?;
            self.count_outcomes(&run, &mut report)?;
            report.runs.push(run);
            if self.store_doubted.take() {
                self.forget_removed_store().await?;
            }
            // What was written is read back before the next look at what is left.
            found = if verifies {
                Some(self.read_back(&report).await?)
            } else {
                None
            };
            current = self.plan_run()?;
        }
        report.summary = Some(current.summary);
        let generation = self.store().generation()?;
        let month = self.month()?;
        self.store().write::<_, EngineError>(|write| {
            write.set_planned_generation(Some(generation))?;
            write.note_audience_month(&month)?;
            Ok(())
        })?;
        if verifies {
            report.reconciliation = Some(match found {
                Some(found) => self.compare(found).await?,
                // There was nothing to write.
                None => self.reconcile().await?,
            });
        }
        Ok(report)
    }

    /// Reads back what was written: contacts into the mirror, and the orders.
    async fn read_back(&self, report: &SyncReport) -> Result<OrdersFound, EngineError> {
        self.begin_open_phase(Phase::Verify);
        let members = async {
            self.let_second_pass(report).await?;
            self.read_back_members().await
        };
        let ((), found) = tokio::try_join!(members, self.read_back_orders())?;
        Ok(found)
    }

    /// Lets the second pass in which many contacts were written. Mailchimp's times are to the second:
    /// read during it, all of its contacts would have to be read once more by the next sync. Each of
    /// its answers is dated; where none comes meanwhile, a second here is a second there.
    async fn let_second_pass(&self, report: &SyncReport) -> Result<(), EngineError> {
        let written: u64 = ["create_contact", "update_contact", "tag_contact"]
            .iter()
            .filter_map(|code| report.done.get(*code))
            .sum();
        let Some(last) = self.people_written.get() else {
            return Ok(());
        };
        if written < MANY_PEOPLE {
            return Ok(());
        }
        let passes = async {
            match last.date {
                Some(date) => self.mailchimp().date_passes(date).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = passes => Ok(()),
            () = tokio::time::sleep_until(last.at + Duration::from_secs(1)) => Ok(()),
            () = self.stop_requested() => Err(EngineError::Stopped),
        }
    }

    /// Applies an approved run and closes it.
    ///
    /// # Errors
    /// What stops a run; it then stays *interrupted* and is settled at the next start.
    pub(crate) async fn apply_run(&self, run: &RunId) -> Result<(), EngineError> {
        self.store().write::<_, EngineError>(|write| {
            write.approve_run(run)?;
            write.set_run_state(run, RunState::Applying, None, self.now())?;
            Ok(())
        })?;
        self.tell_planned(run)?;
        let result = self.apply(run).await;
        let (state, failure) = match &result {
            Ok(()) => (RunState::Done, None),
            Err(error) => (RunState::Interrupted, Some(error.code())),
        };
        self.store().write::<_, EngineError>(|write| {
            write.set_run_state(run, state, failure, self.now())?;
            Ok(())
        })?;
        result
    }

    /// Whether this run loads history: then what Mailchimp holds is read back in full afterwards.
    fn is_back_fill(&self, planned: &PlannedRun) -> Result<bool, EngineError> {
        use ledgerpost_core::ports::StoreState;
        Ok(planned.run.is_some() && self.known_store_state()? != StoreState::Live)
    }

    pub(crate) fn count_outcomes(
        &self,
        run: &RunId,
        report: &mut SyncReport,
    ) -> Result<(), EngineError> {
        for count in self.store().change_counts(run)? {
            let counts = match count.outcome {
                Outcome::Done => &mut report.done,
                Outcome::Failed | Outcome::Unknown => &mut report.failed,
                Outcome::Planned | Outcome::Sending => continue,
            };
            *counts.entry(count.code).or_default() += count.count;
        }
        Ok(())
    }

    /// The month in the company's calendar, as its documents are dated.
    fn month(&self) -> Result<String, EngineError> {
        let zone = self
            .store()
            .company()?
            .and_then(|company| company.time_zone);
        let local = zone.and_then(|zone| self.now().in_tz(&zone).ok());
        let date = local.map_or_else(
            || self.now().to_zoned(jiff::tz::TimeZone::UTC).date(),
            |local| local.date(),
        );
        Ok(date.strftime("%Y-%m").to_string())
    }
}

/// A page of members: so many are worth a wait of a second.
const MANY_PEOPLE: u64 = 1_000;
