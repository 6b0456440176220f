//! Follows a run for the progress screen.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::SignedDuration;
use ledgerpost_core::ports::Clock;
use ledgerpost_engine::{Phase as EnginePhase, Progress as EngineProgress, Settled, Watch};
use ledgerpost_ipc::activity::ActionCode;
use ledgerpost_ipc::work::{LatestRecord, Phase, PhaseProgress, Progress, WorkState};
use ledgerpost_net::http::Meter;
use tokio::time::Instant;

use super::bench::Running;
use super::speed::Speed;
use crate::look::codes::document_name;
use crate::messages::Outbox;

/// How many of the latest records are shown.
const LATEST: usize = 5;

/// Follows one run. The engine calls it; it answers at once.
pub(crate) struct Tracker {
    running: Arc<Running>,
    outbox: Outbox,
    clock: Arc<dyn Clock>,
    meter: Meter,
    seen: Mutex<Seen>,
}

struct Seen {
    phases: Vec<PhaseProgress>,
    latest: Vec<LatestRecord>,
    current: Option<Phase>,
    speed: Speed,
    /// Since when time counts for the speed; `None` while nothing is sent.
    measured: Option<Instant>,
    paused: bool,
}

impl Tracker {
    pub(crate) fn new(
        running: Arc<Running>,
        outbox: Outbox,
        clock: Arc<dyn Clock>,
        meter: Meter,
    ) -> Arc<Self> {
        let tracker = Self {
            running,
            outbox,
            clock,
            meter,
            seen: Mutex::new(Seen {
                phases: Vec::new(),
                latest: Vec::new(),
                current: None,
                speed: Speed::default(),
                measured: None,
                paused: false,
            }),
        };
        tracker.tell(&mut tracker.lock());
        Arc::new(tracker)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, seen: &mut Seen) {
        let progress = self.progress(seen);
        let state = if self.running.stop.is_cancelled() {
            WorkState::Stopping { progress }
        } else if seen.paused {
            WorkState::Paused { progress }
        } else {
            WorkState::Running { progress }
        };
        self.outbox.work(self.running.in_state(state));
    }

    fn progress(&self, seen: &mut Seen) -> Progress {
        let sending = || seen.phases.iter().filter(|row| sends(row.phase));
        let done: u32 = sending().map(|row| row.done).sum();
        let total: u32 = sending().filter_map(|row| row.total).sum();
        let has_total = sending().any(|row| row.total.is_some());
        let slowed_since = self.meter.slowed_for().and_then(|for_so_long| {
            let length = SignedDuration::try_from(for_so_long).ok()?;
            self.clock.now().checked_sub(length).ok()
        });
        Progress {
            phases: seen.phases.clone(),
            done,
            total: has_total.then_some(total),
            seconds_left: if has_total {
                seen.speed
                    .seconds_for(u64::from(total.saturating_sub(done)))
            } else {
                None
            },
            slowed_since,
            latest: seen.latest.clone(),
        }
    }

    fn enter(&self, seen: &mut Seen, phase: Phase) {
        if seen.current == Some(phase) {
            return;
        }
        let now = self.clock.now();
        if let Some(before) = seen.current {
            row(&mut seen.phases, before).ended_at = Some(now);
        }
        seen.current = Some(phase);
        let row = row(&mut seen.phases, phase);
        row.started_at.get_or_insert(now);
        row.ended_at = None;
        if sends(phase) {
            seen.measured.get_or_insert_with(Instant::now);
        } else {
            seen.measured = None;
        }
    }

    fn measure(seen: &mut Seen, records: u64) {
        if let Some(since) = seen.measured {
            let now = Instant::now();
            seen.speed
                .note(now.saturating_duration_since(since), records);
            seen.measured = Some(now);
        }
    }

    fn set_paused(&self, paused: bool) {
        let mut seen = self.lock();
        seen.paused = paused;
        if paused {
            Self::measure(&mut seen, 0);
            seen.measured = None;
        } else if seen.current.is_some_and(sends) {
            seen.measured = Some(Instant::now());
        }
        self.tell(&mut seen);
    }
}

impl Watch for Tracker {
    fn report(&self, progress: EngineProgress) {
        let phase = phase_of(progress.phase);
        let mut seen = self.lock();
        self.enter(&mut seen, phase);
        Self::measure(&mut seen, 0);
        if !sends(phase) {
            let row = row(&mut seen.phases, phase);
            row.done = number(progress.done);
            row.total = progress.total.map(number);
        }
        self.tell(&mut seen);
    }

    fn planned(&self, changes: &BTreeMap<String, u64>) {
        let mut seen = self.lock();
        for (code, count) in changes {
            if let Some(action) = action_of(code) {
                let row = row(&mut seen.phases, phase_of_action(action));
                *row.total.get_or_insert(0) += number(*count);
            }
        }
        if !changes.is_empty() {
            row(&mut seen.phases, Phase::Verify);
        }
        self.tell(&mut seen);
    }

    fn settled(&self, record: Settled<'_>) {
        let Some(action) = action_of(record.code) else {
            return;
        };
        let at = self.clock.now();
        let mut seen = self.lock();
        Self::measure(&mut seen, 1);
        let row = row(&mut seen.phases, phase_of_action(action));
        row.done += 1;
        if !record.taken {
            row.refused += 1;
        }
        seen.latest.truncate(LATEST - 1);
        seen.latest.insert(
            0,
            LatestRecord {
                title: record.title.to_owned(),
                document: record.document.cloned().map(document_name),
                action,
                at,
            },
        );
        // The report that follows each group tells it all.
    }

    fn go_on(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let mut held = self.running.held.subscribe();
        if !*held.borrow_and_update() {
            return Box::pin(std::future::ready(()));
        }
        Box::pin(async move {
            self.set_paused(true);
            // The sender is in `running`: this cannot fail.
            drop(held.wait_for(|held| !held).await);
            self.set_paused(false);
        })
    }
}

/// The row of a phase, in the order of the table.
fn row(phases: &mut Vec<PhaseProgress>, phase: Phase) -> &mut PhaseProgress {
    let place = match phases.binary_search_by_key(&order(phase), |row| order(row.phase)) {
        Ok(place) => place,
        Err(place) => {
            phases.insert(
                place,
                PhaseProgress {
                    phase,
                    done: 0,
                    total: None,
                    refused: 0,
                    started_at: None,
                    ended_at: None,
                },
            );
            place
        }
    };
    &mut phases[place]
}

/// The order in which a run goes through them.
const fn order(phase: Phase) -> u8 {
    match phase {
        Phase::Recover => 0,
        Phase::ReadQuickbooks => 1,
        Phase::ReadMailchimp => 2,
        Phase::Plan => 3,
        Phase::Store => 4,
        Phase::Contacts => 5,
        Phase::Records => 6,
        Phase::Tags => 7,
        Phase::Orders => 8,
        Phase::Verify => 9,
    }
}

/// Whether a phase sends records.
const fn sends(phase: Phase) -> bool {
    match phase {
        Phase::Store | Phase::Contacts | Phase::Records | Phase::Tags | Phase::Orders => true,
        Phase::Recover
        | Phase::ReadQuickbooks
        | Phase::ReadMailchimp
        | Phase::Plan
        | Phase::Verify => false,
    }
}

const fn phase_of(phase: EnginePhase) -> Phase {
    match phase {
        EnginePhase::Recover => Phase::Recover,
        EnginePhase::ReadQuickBooks => Phase::ReadQuickbooks,
        EnginePhase::ReadMailchimp => Phase::ReadMailchimp,
        EnginePhase::Plan => Phase::Plan,
        EnginePhase::Records => Phase::Records,
        EnginePhase::Contacts => Phase::Contacts,
        EnginePhase::Tags => Phase::Tags,
        EnginePhase::Orders => Phase::Orders,
        EnginePhase::Store => Phase::Store,
        EnginePhase::Verify => Phase::Verify,
    }
}

const fn phase_of_action(action: ActionCode) -> Phase {
    match action {
        ActionCode::CreateStore
        | ActionCode::StartSyncing
        | ActionCode::StopSyncing
        | ActionCode::RemoveStore => Phase::Store,
        ActionCode::CreateProduct
        | ActionCode::UpdateProduct
        | ActionCode::UpdateContact
        | ActionCode::MoveContact
        | ActionCode::ArchiveContact => Phase::Records,
        ActionCode::CreateContact => Phase::Contacts,
        ActionCode::TagContact | ActionCode::UntagContact => Phase::Tags,
        ActionCode::CreateOrder | ActionCode::UpdateOrder | ActionCode::RemoveOrder => {
            Phase::Orders
        }
    }
}

/// The wire's word for an action; `None` for a word that this program does not know.
pub(crate) fn action_of(code: &str) -> Option<ActionCode> {
    serde_json::from_value(serde_json::Value::String(code.to_owned())).ok()
}

fn number(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
