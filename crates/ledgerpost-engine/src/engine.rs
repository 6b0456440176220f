//! The engine of one connection: its store, its two clients, and what they share.
//!
//! It reads and writes the store where it stands, which blocks for as long as SQLite takes: run it
//! on a thread of its own, on a current-thread runtime.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use ledgerpost_core::change::Change;
use ledgerpost_core::ids::{AudienceId, RealmId, RunId, StoreId};
use ledgerpost_core::ports::Clock;
use ledgerpost_core::settings::Settings;
use ledgerpost_mailchimp::Client as Mailchimp;
use ledgerpost_qbo::Client as QuickBooks;
use ledgerpost_store::{CompanyStore, Effect, Finished, Outcome};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::error::EngineError;
use crate::progress::{Phase, Progress, Settled, Watch};

/// A request passes through a few tasks on its way to the network; this is more than it needs.
const TURNS: u32 = 8;

/// What an engine is made of.
pub struct Parts {
    /// The company's file.
    pub store: CompanyStore,
    /// Reads the company.
    pub quickbooks: QuickBooks,
    /// Reads and writes the audience; `None` for an engine that reads QuickBooks alone.
    pub mailchimp: Option<Mailchimp>,
    /// The company.
    pub realm: RealmId,
    /// The audience.
    pub audience: AudienceId,
    /// The owner's choices.
    pub settings: Settings,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where progress goes.
    pub watch: Arc<dyn Watch>,
    /// Asks for a stop.
    pub stop: CancellationToken,
}

/// When something was last written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written {
    /// Here.
    pub(crate) at: Instant,
    /// By Mailchimp's own clock.
    pub(crate) date: Option<Timestamp>,
}

/// The engine of one connection.
pub struct Engine {
    parts: Parts,
    store_id: StoreId,
    /// How much of each phase is done and to do; some run side by side.
    progress: RefCell<BTreeMap<Phase, Progress>>,
    /// Whether the merge fields were read a moment ago, in this very piece of work.
    pub(crate) merge_fields_fresh: Cell<bool>,
    /// Whether Mailchimp did not find what we wrote an order or a product into.
    pub(crate) store_doubted: Cell<bool>,
    /// When contacts were last written.
    pub(crate) people_written: Cell<Option<Written>>,
}

impl Engine {
    /// Puts an engine together.
    pub fn new(parts: Parts) -> Self {
        let store_id = StoreId::for_company(&parts.realm);
        Self {
            parts,
            store_id,
            progress: RefCell::default(),
            merge_fields_fresh: Cell::new(false),
            store_doubted: Cell::new(false),
            people_written: Cell::new(None),
        }
    }

    /// The company.
    pub fn realm(&self) -> &RealmId {
        &self.parts.realm
    }

    /// The company's file.
    pub fn store(&self) -> &CompanyStore {
        &self.parts.store
    }

    /// Gives the company's file back.
    pub fn into_store(self) -> CompanyStore {
        self.parts.store
    }

    pub(crate) fn quickbooks(&self) -> &QuickBooks {
        &self.parts.quickbooks
    }

    pub(crate) fn mailchimp(&self) -> &Mailchimp {
        self.parts
            .mailchimp
            .as_ref()
            .expect("an engine without Mailchimp is only asked to read QuickBooks and to plan")
    }

    pub(crate) fn audience_id(&self) -> &AudienceId {
        &self.parts.audience
    }

    pub(crate) fn store_id(&self) -> &StoreId {
        &self.store_id
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.parts.settings
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    /// Begins a phase with so much to do.
    pub(crate) fn begin_phase(&self, phase: Phase, total: u64) {
        self.set_progress(Progress {
            phase,
            done: 0,
            total: Some(total),
        });
    }

    /// Begins a phase whose size is not known yet.
    pub(crate) fn begin_open_phase(&self, phase: Phase) {
        self.set_progress(Progress {
            phase,
            done: 0,
            total: None,
        });
    }

    /// Counts records that are finished. `phase` is the phase they belong to.
    pub(crate) fn advance(&self, phase: Phase, records: usize) {
        let known = self.progress.borrow().get(&phase).copied();
        let mut progress = known.unwrap_or(Progress {
            phase,
            done: 0,
            total: None,
        });
        progress.done += records as u64;
        self.set_progress(progress);
    }

    fn set_progress(&self, progress: Progress) {
        self.progress.borrow_mut().insert(progress.phase, progress);
        self.parts.watch.report(progress);
    }

    /// # Errors
    /// [`EngineError::Stopped`] once a stop was asked for.
    pub(crate) fn check_stop(&self) -> Result<(), EngineError> {
        if self.parts.stop.is_cancelled() {
            Err(EngineError::Stopped)
        } else {
            Ok(())
        }
    }

    /// Waits while the owner has paused the run.
    ///
    /// # Errors
    /// [`EngineError::Stopped`] once a stop was asked for.
    pub(crate) async fn next_group(&self) -> Result<(), EngineError> {
        tokio::select! {
            biased;
            () = self.stop_requested() => Err(EngineError::Stopped),
            () = self.parts.watch.go_on() => Ok(()),
        }
    }

    /// Tells of a plan that is about to be applied.
    pub(crate) fn tell_planned(&self, run: &RunId) -> Result<(), EngineError> {
        let mut changes = BTreeMap::new();
        for count in self.store().change_counts(run)? {
            if count.outcome == Outcome::Planned {
                *changes.entry(count.code).or_default() += count.count;
            }
        }
        self.parts.watch.planned(&changes);
        Ok(())
    }

    /// Tells of a record whose outcome is known; what an earlier run had sent is not this one's.
    pub(crate) fn tell_settled(&self, phase: Phase, change: &Change, outcome: Outcome) {
        if phase == Phase::Recover {
            return;
        }
        self.parts.watch.settled(Settled {
            title: &change.title,
            document: change.document.as_ref(),
            code: change.action.code(),
            taken: outcome == Outcome::Done,
        });
    }

    /// Lets requests leave that are ready to. Called before SQLite takes the thread for long, so that
    /// the services work meanwhile.
    pub(crate) async fn let_requests_leave(&self) {
        for _ in 0..TURNS {
            tokio::task::yield_now().await;
        }
    }

    /// Ends when a stop is asked for.
    pub(crate) async fn stop_requested(&self) {
        self.parts.stop.cancelled().await;
    }

    /// Notes that calls are about to be made.
    pub(crate) fn mark_sending(
        &self,
        run: &RunId,
        seqs: &[u64],
        batch: Option<&str>,
    ) -> Result<(), EngineError> {
        self.store().write(|write| {
            write.mark_sending(run, seqs, batch, self.now())?;
            Ok(())
        })
    }

    /// Records outcomes and effects, both or neither.
    pub(crate) fn finish(
        &self,
        run: &RunId,
        finished: &[Finished],
        effects: &[Effect],
    ) -> Result<(), EngineError> {
        if finished.is_empty() && effects.is_empty() {
            return Ok(());
        }
        self.store().write(|write| {
            write.finish_changes(run, finished, effects, self.now())?;
            Ok(())
        })
    }

    /// Names the run in a consent entry.
    #[expect(clippy::unused_self, reason = "reads as a part of recording")]
    pub(crate) fn with_run(&self, effect: Effect, run: &RunId) -> Effect {
        match effect {
            Effect::AddConsent(mut entry) => {
                entry.run = Some(run.clone());
                Effect::AddConsent(entry)
            }
            other => other,
        }
    }

    /// How many changes of a kind are planned and not begun.
    pub(crate) fn count_planned(&self, run: &RunId, code: &str) -> Result<u64, EngineError> {
        let counts = self.store().change_counts(run)?;
        Ok(counts
            .iter()
            .filter(|count| count.code == code && count.outcome == Outcome::Planned)
            .map(|count| count.count)
            .sum())
    }
}
