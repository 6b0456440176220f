//! The simulator's time. Every timestamp, lifetime and limit asks here, never the system.

use std::sync::Mutex;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

/// Runs like a wall clock and can be moved.
#[derive(Debug)]
pub struct SimClock {
    start: Timestamp,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    base: Timestamp,
    since: Instant,
    frozen: bool,
}

impl SimClock {
    /// A clock that shows `start` now.
    pub fn new(start: Timestamp) -> Self {
        Self {
            start,
            state: Mutex::new(State {
                base: start,
                since: Instant::now(),
                frozen: false,
            }),
        }
    }

    fn with<T>(&self, action: impl FnOnce(&mut State) -> T) -> T {
        action(
            &mut self
                .state
                .lock()
                .expect("nothing panics while it holds the clock"),
        )
    }

    /// What the clock shows.
    pub fn now(&self) -> Timestamp {
        self.with(|state| state.now())
    }

    /// Moves the clock by `by`, forwards or backwards.
    pub fn advance(&self, by: SignedDuration) {
        self.with(|state| {
            let moved = state.now().saturating_add(by);
            state.rebase(moved.unwrap_or(Timestamp::MAX));
        });
    }

    /// Makes the clock show `to`.
    pub fn set(&self, to: Timestamp) {
        self.with(|state| state.rebase(to));
    }

    /// Stops the clock, or lets it run again.
    pub fn freeze(&self, frozen: bool) {
        self.with(|state| {
            let now = state.now();
            state.rebase(now);
            state.frozen = frozen;
        });
    }

    /// Back to the start, running.
    pub fn reset(&self) {
        self.with(|state| {
            state.rebase(self.start);
            state.frozen = false;
        });
    }
}

impl State {
    fn now(&self) -> Timestamp {
        if self.frozen {
            return self.base;
        }
        let elapsed = SignedDuration::try_from(self.since.elapsed()).unwrap_or(SignedDuration::MAX);
        self.base.saturating_add(elapsed).unwrap_or(Timestamp::MAX)
    }

    fn rebase(&mut self, to: Timestamp) {
        self.base = to;
        self.since = Instant::now();
    }
}
