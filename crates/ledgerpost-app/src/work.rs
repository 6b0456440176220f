//! The work on a connection: plan, sync, reconcile, status.

use std::sync::Arc;

use jiff::Timestamp;
use ledgerpost_core::destination::Audience;
use ledgerpost_core::ids::{AudienceId, RealmId, RunId};
use ledgerpost_core::settings::Settings;
use ledgerpost_engine::plan::Summary;
use ledgerpost_engine::{
    Approval, Depth, Engine, EngineError, Parts, PlannedRun, Reconciliation, SyncEnd, SyncReport,
    Watch,
};
use ledgerpost_store::{
    AttentionItem, CompanyStore, Connection, Error as StoreError, KnownCompany, Run, SkipCount,
    note_damage,
};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::error::AppError;
use crate::yes::agreed;

/// How a piece of work talks to whoever asked for it.
#[derive(Clone)]
pub struct Signals {
    /// Where progress goes.
    pub watch: Arc<dyn Watch>,
    /// Asks for a stop.
    pub stop: CancellationToken,
}

/// A plan, not applied.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// The run that holds it; `None` when there is nothing to do.
    pub run: Option<RunId>,
    /// How many changes it has.
    pub changes: u64,
    /// What it says of every record.
    pub summary: Summary,
    /// Whether it waits for a yes.
    pub waits: bool,
}

/// How a sync ended.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum SyncOutcome {
    /// Done.
    Done(Box<SyncReport>),
    /// The plan waits for the owner's yes.
    Waits(Box<Plan>),
}

/// How a connection is doing, from the local files alone.
#[derive(Debug)]
pub struct Status {
    /// The company.
    pub company: KnownCompany,
    /// Its connection, if it has one.
    pub connection: Option<Connection>,
    /// The latest runs, newest first.
    pub runs: Vec<Run>,
    /// What needs a person.
    pub attention: Vec<AttentionItem>,
    /// What stays out, by reason.
    pub skips: Vec<SkipCount>,
    /// Metered reads of this month, by service.
    pub metered: std::collections::BTreeMap<String, u64>,
}

impl Status {
    /// Reads it from a company's file.
    pub(crate) fn read(
        company: &KnownCompany,
        connection: Option<Connection>,
        store: &CompanyStore,
        now: Timestamp,
    ) -> Result<Self, AppError> {
        Ok(Self {
            company: company.clone(),
            connection,
            runs: store.runs(10)?,
            attention: store.open_attention_items()?,
            skips: store.skip_counts()?,
            metered: store.metered_calls(&month(now))?,
        })
    }
}

impl App {
    /// Puts the engine of a connection together.
    pub(crate) async fn engine(
        &mut self,
        connection: &Connection,
        signals: &Signals,
    ) -> Result<Engine, AppError> {
        let store = self.open_company(&connection.realm)?;
        let mailchimp = self
            .mailchimp(&connection.account)
            .await?
            .with_cancel(signals.stop.clone());
        Ok(self.put_together(
            store,
            Some(mailchimp),
            connection.realm.clone(),
            connection.audience_id.clone(),
            connection.settings.clone(),
            signals,
        ))
    }

    fn put_together(
        &self,
        store: CompanyStore,
        mailchimp: Option<ledgerpost_mailchimp::Client>,
        realm: RealmId,
        audience: AudienceId,
        settings: Settings,
        signals: &Signals,
    ) -> Engine {
        Engine::new(Parts {
            store,
            quickbooks: self
                .reach
                .quickbooks(&realm)
                .cancelled_by(signals.stop.clone()),
            mailchimp,
            realm,
            audience,
            settings,
            clock: Arc::clone(&self.reach.clock),
            watch: Arc::clone(&signals.watch),
            stop: signals.stop.clone(),
        })
    }

    /// Reads QuickBooks alone, so that there are counts before an audience is chosen.
    ///
    /// # Errors
    /// What stops a run.
    pub async fn read_company(
        &mut self,
        realm: &RealmId,
        signals: &Signals,
    ) -> Result<(), AppError> {
        let store = self.open_company(realm)?;
        let engine = self.put_together(
            store,
            None,
            realm.clone(),
            AudienceId::new(""),
            Settings::default(),
            signals,
        );
        let read = engine.read_company().await;
        self.count_metered(&engine, read)
    }

    /// Plans for an audience that does not exist yet. Nothing is created.
    ///
    /// # Errors
    /// What stops a run.
    pub async fn plan_for_new(
        &mut self,
        realm: &RealmId,
        audience: &Audience,
        settings: Settings,
        signals: &Signals,
    ) -> Result<Plan, AppError> {
        let store = self.open_company(realm)?;
        let engine = self.put_together(
            store,
            None,
            realm.clone(),
            audience.id.clone(),
            settings,
            signals,
        );
        let planned = engine.prepare_for_new(audience).await;
        let planned = self.count_metered(&engine, planned)?;
        Ok(plan_of(planned, true))
    }

    /// Reads both services and plans; writes nothing to either.
    ///
    /// # Errors
    /// What stops a run.
    pub async fn plan(
        &mut self,
        company: &KnownCompany,
        signals: &Signals,
    ) -> Result<Plan, AppError> {
        let connection = self.connection(company)?;
        let engine = self.engine(&connection, signals).await?;
        let planned = engine.prepare(Depth::Changes).await;
        let planned = self.count_metered(&engine, planned)?;
        Ok(plan_of(planned, connection.needs_approval))
    }

    /// Makes the audience match. Without `approved` a first or unusually large plan waits.
    ///
    /// # Errors
    /// What stops a run; the next call goes on from there.
    pub async fn sync(
        &mut self,
        company: &KnownCompany,
        approved: bool,
        signals: &Signals,
    ) -> Result<SyncOutcome, AppError> {
        self.sync_as_seen(company, approved, None, signals).await
    }

    /// Like [`App::sync`]. `seen` is the plan that the owner said yes to: when it goes beyond that by
    /// now, it waits. The yes is kept until that plan is carried out, however often it is cut off.
    ///
    /// # Errors
    /// Those of [`App::sync`].
    pub async fn sync_as_seen(
        &mut self,
        company: &KnownCompany,
        approved: bool,
        seen: Option<&Summary>,
        signals: &Signals,
    ) -> Result<SyncOutcome, AppError> {
        let connection = self.connection(company)?;
        let engine = self.engine(&connection, signals).await?;
        let approval = match (approved, connection.needs_approval) {
            (true, _) => Approval::Given,
            (false, true) => Approval::Needed,
            (false, false) => Approval::Usual,
        };
        let seen = match approval {
            Approval::Given => {
                // The yes is kept before anything is sent: going on after a crash needs no second one.
                self.keep_yes(&connection, seen)?;
                seen.cloned()
            }
            Approval::Usual => self.registry.note(&agreed(&connection.realm))?,
            // Whatever was agreed to before, something made it void.
            Approval::Needed => None,
        };
        let end = match &seen {
            Some(seen) => engine.sync_as_seen(Depth::Changes, seen).await,
            None => engine.sync(Depth::Changes, approval).await,
        };
        match &end {
            Ok(SyncEnd::Done(_)) => self.registry.remove_note(&agreed(&connection.realm))?,
            // Trying again could move another person: that takes a yes each time.
            Err(EngineError::StatusMoved { .. }) => self.ask_again(connection)?,
            // The yes was to another plan.
            Ok(SyncEnd::Waits(_)) if seen.is_some() => self.ask_again(connection)?,
            Ok(SyncEnd::Waits(_)) | Err(_) => {}
        }
        Ok(match self.count_metered(&engine, end)? {
            SyncEnd::Done(report) => SyncOutcome::Done(report),
            SyncEnd::Waits(planned) => SyncOutcome::Waits(Box::new(plan_of(*planned, true))),
        })
    }

    /// Reads every order back and compares, to the cent.
    ///
    /// # Errors
    /// What stops a run.
    pub async fn reconcile(
        &mut self,
        company: &KnownCompany,
        signals: &Signals,
    ) -> Result<Reconciliation, AppError> {
        let connection = self.connection(company)?;
        let engine = self.engine(&connection, signals).await?;
        Ok(engine.reconcile().await?)
    }

    /// How a connection is doing, without asking any service.
    ///
    /// # Errors
    /// The files'.
    pub fn status(&mut self, company: &KnownCompany) -> Result<Status, AppError> {
        let connection = self.registry.connection(&company.realm)?;
        let store = self.open_company(&company.realm)?;
        Status::read(company, connection, &store, self.reach.clock.now())
    }

    /// Opens a company's file, for lists and exports.
    ///
    /// # Errors
    /// The file's.
    pub fn company_store(&mut self, company: &KnownCompany) -> Result<CompanyStore, AppError> {
        self.open_company(&company.realm)
    }

    /// Adds the metered reads since the last count to the month, whatever came of the work. Work that failed
    /// keeps its own error.
    fn count_metered<T>(
        &self,
        engine: &Engine,
        outcome: Result<T, EngineError>,
    ) -> Result<T, AppError> {
        if let Err(EngineError::Store(StoreError::Locked)) = outcome {
            // It was waited for once.
            return Ok(outcome?);
        }
        if let Err(error) = &outcome
            && error.code() == StoreError::Corrupt.code()
        {
            // Nothing can be counted in it any more, and the next opening must look at all of it.
            note_damage(self.data_folder(), engine.realm());
            return Ok(outcome?);
        }
        let all = self.reach.meter.metered_reads();
        let reads = all - self.counted_reads.replace(all);
        let counted = engine.store().write::<_, StoreError>(|write| {
            write.count_calls(&self.month(), "quickbooks", reads)?;
            Ok(())
        });
        let value = outcome?;
        counted?;
        Ok(value)
    }

    fn month(&self) -> String {
        month(self.reach.clock.now())
    }
}

/// The month that metered reads are counted under.
fn month(now: Timestamp) -> String {
    now.strftime("%Y-%m").to_string()
}

fn plan_of(planned: PlannedRun, waits: bool) -> Plan {
    Plan {
        waits: planned.run.is_some() && (waits || planned.large),
        run: planned.run,
        changes: planned.changes,
        summary: planned.summary,
    }
}
