//! What the services of one simulator share.

use std::sync::{Mutex, PoisonError, RwLock};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::clock::SimClock;
use super::faults::FaultBook;
use super::options::{Options, Profile};
use super::random::unit_interval;
use super::switches::Switches;

/// Something that would have mailed a person in a real account.
#[derive(Debug, Clone, Serialize)]
pub struct Mailing {
    /// When.
    pub at: Timestamp,
    /// What sent it: `confirmation`, `welcome`, `automation`, `order_notification`.
    pub kind: String,
    /// To whom.
    pub email: String,
    /// The request that set it off, as method and path template, or the edit.
    pub cause: String,
}

/// What the services of one simulator share: time, chance, faults, switches, mailings.
#[derive(Debug)]
pub struct World {
    options: Options,
    clock: SimClock,
    faults: FaultBook,
    switches: RwLock<Switches>,
    mailings: Mutex<Vec<Mailing>>,
}

impl World {
    /// A world that starts at `start`.
    pub fn new(options: Options, start: Timestamp) -> Self {
        Self {
            clock: SimClock::new(start),
            faults: FaultBook::new(options.seed, options.profile == Profile::Flaky),
            switches: RwLock::new(options.switches.clone()),
            mailings: Mutex::default(),
            options,
        }
    }

    /// What the simulator was started with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The time.
    pub fn clock(&self) -> &SimClock {
        &self.clock
    }

    /// The injected faults.
    pub fn faults(&self) -> &FaultBook {
        &self.faults
    }

    /// The switches as they are now.
    pub fn switches(&self) -> Switches {
        self.switches
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Sets the switches.
    pub fn set_switches(&self, switches: Switches) {
        *self
            .switches
            .write()
            .unwrap_or_else(PoisonError::into_inner) = switches;
    }

    /// Whether ceilings are enforced: in the profile `real` only.
    pub fn enforces_ceilings(&self) -> bool {
        self.options.profile == Profile::Real
    }

    /// Notes that a real account would have mailed somebody.
    pub fn note_mailing(&self, kind: &str, email: &str, cause: &str) {
        let mailing = Mailing {
            at: self.clock.now(),
            kind: kind.to_owned(),
            email: email.to_owned(),
            cause: cause.to_owned(),
        };
        self.mailings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(mailing);
    }

    /// Whatever would have mailed a person, in order.
    pub fn mailings(&self) -> Vec<Mailing> {
        self.mailings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// How long the `step`-th request takes before it is served.
    pub(crate) fn latency(&self, step: u64) -> Duration {
        match (self.options.latency, self.options.profile) {
            (Some(fixed), _) => fixed,
            (None, Profile::Real) => {
                Duration::from_secs_f64(0.05 + 0.1 * unit_interval(self.options.seed, step))
            }
            (None, Profile::Fast | Profile::Flaky) => Duration::ZERO,
        }
    }

    /// Back to the start: time, switches, faults, mailings.
    pub(crate) fn reset(&self) {
        self.clock.reset();
        self.faults.clear();
        self.set_switches(self.options.switches.clone());
        self.mailings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}
