//! Follows a run for the progress screen.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::SignedDuration;
use ledgerpost_core::ports::Clock;
use ledgerpost_engine::{Progress as EngineProgress, Settled, Watch};
use ledgerpost_ipc::settings::Service as WireService;
use ledgerpost_ipc::work::{HeldUp, HoldUp, LatestRecord, Phase, Progress, WorkState};
use ledgerpost_net::http::{HoldUp as NetHoldUp, Meter};
use ledgerpost_net::services::Service;
use tokio::time::Instant;

use super::bench::Running;
use super::phases::{Phases, action_of, phase_of, sends};
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
    /// What was noted before is of another run.
    began: Instant,
    seen: Mutex<Seen>,
}

struct Seen {
    phases: Phases,
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
            began: Instant::now(),
            seen: Mutex::new(Seen {
                phases: Phases::default(),
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
        let rows = seen.phases.rows();
        let sending = || rows.iter().filter(|row| sends(row.phase));
        let done: u32 = sending().map(|row| row.done).sum();
        let total: u32 = sending().filter_map(|row| row.total).sum();
        let has_total = sending().any(|row| row.total.is_some());
        Progress {
            phases: rows.to_vec(),
            done,
            total: has_total.then_some(total),
            seconds_left: if has_total {
                seen.speed
                    .seconds_for(u64::from(total.saturating_sub(done)))
            } else {
                None
            },
            held_up: self.held_up(),
            latest: seen.latest.clone(),
        }
    }

    fn held_up(&self) -> Option<HeldUp> {
        let held_up = self.meter.held_up().into_iter();
        held_up
            .filter(|held_up| held_up.noted >= self.began)
            .find_map(|held_up| {
                let length = SignedDuration::try_from(held_up.since.elapsed()).ok()?;
                Some(HeldUp {
                    why: match held_up.why {
                        NetHoldUp::AskedForSlower => HoldUp::AskedForSlower,
                        NetHoldUp::SlowAnswer => HoldUp::SlowAnswer,
                        NetHoldUp::NoAnswer => HoldUp::NoConnection,
                    },
                    service: service_of(held_up.service)?,
                    since: self.clock.now().checked_sub(length).ok()?,
                })
            })
    }

    /// Does the work, and tells whenever a service begins or ceases to hold it up: the very reports
    /// that would show it have to wait as well.
    pub(crate) async fn watching<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                biased;
                ended = &mut work => return ended,
                () = self.meter.held_up_changed() => self.tell(&mut self.lock()),
            }
        }
    }

    fn enter(seen: &mut Seen, phase: Phase) {
        if seen.current == Some(phase) {
            return;
        }
        seen.current = Some(phase);
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
        let now = self.clock.now();
        let mut seen = self.lock();
        seen.phases.report(progress, now);
        Self::enter(&mut seen, phase_of(progress.phase));
        Self::measure(&mut seen, 0);
        self.tell(&mut seen);
    }

    fn planned(&self, changes: &BTreeMap<String, u64>) {
        let mut seen = self.lock();
        seen.phases.planned(changes);
        self.tell(&mut seen);
    }

    fn settled(&self, record: Settled<'_>) {
        let Some(action) = action_of(record.code) else {
            return;
        };
        let at = self.clock.now();
        let mut seen = self.lock();
        Self::measure(&mut seen, 1);
        seen.phases.settled(action, record.taken);
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

/// The service of a name; `None` for what the window does not talk about.
fn service_of(name: &str) -> Option<WireService> {
    [
        (Service::QuickBooks, WireService::Quickbooks),
        (Service::Mailchimp, WireService::Mailchimp),
    ]
    .into_iter()
    .find(|(service, _)| service.slug() == name)
    .map(|(_, wire)| wire)
}
