//! Keeps a service's published ceilings: calls at once, calls per time, and a pause of everything
//! after the service said "too many".
//!
//! A ceiling is a sliding window, not a token bucket: a bucket that lets a burst of ten through and
//! then refills lets up to twenty calls into the same second, which the service counts as too many.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// Calls leave evenly spaced but arrive with jitter; each window is kept this much longer than the
/// service counts, so that late ones do not crowd into the next.
const WINDOW_MARGIN: f64 = 1.05;

/// At most so many calls in any stretch of time.
#[derive(Debug, Clone, Copy)]
pub struct Ceiling {
    calls: usize,
    window: Duration,
    lane: Option<&'static str>,
}

impl Ceiling {
    /// `calls` in any stretch of `window`, over all requests.
    pub const fn new(calls: usize, window: Duration) -> Self {
        Self {
            calls,
            window,
            lane: None,
        }
    }

    /// Only for requests of this lane ([`super::RequestSpec::lane`]).
    #[must_use]
    pub const fn for_lane(mut self, lane: &'static str) -> Self {
        self.lane = Some(lane);
        self
    }
}

/// The ceilings of one account at one service (a QuickBooks company, a Mailchimp user). Cheap to
/// clone; clones are held to the ceilings together.
#[derive(Debug, Clone)]
pub struct Pace {
    inner: Arc<Inner>,
    rest_after_timeout: Duration,
}

#[derive(Debug)]
struct Inner {
    at_once: Arc<Semaphore>,
    windows: Vec<Window>,
    paused_until: std::sync::Mutex<Option<Instant>>,
}

#[derive(Debug)]
struct Window {
    ceiling: Ceiling,
    sent: Mutex<VecDeque<Instant>>,
}

impl Pace {
    /// At most `at_once` calls in flight, and the given ceilings.
    pub fn new(at_once: usize, ceilings: &[Ceiling]) -> Self {
        let windows = ceilings
            .iter()
            .map(|ceiling| Window {
                ceiling: *ceiling,
                sent: Mutex::new(VecDeque::with_capacity(ceiling.calls)),
            })
            .collect();
        Self {
            inner: Arc::new(Inner {
                at_once: Arc::new(Semaphore::new(at_once)),
                windows,
                paused_until: std::sync::Mutex::new(None),
            }),
            rest_after_timeout: Duration::ZERO,
        }
    }

    /// After a call that timed out, its place among the calls at once stays taken this long: the
    /// service may be at work on it still.
    #[must_use]
    pub const fn resting_after_timeouts(mut self, rest: Duration) -> Self {
        self.rest_after_timeout = rest;
        self
    }

    /// Ends a turn whose call timed out.
    pub(crate) fn end_timed_out(&self, turn: Turn) {
        let rest = self.rest_after_timeout;
        if !rest.is_zero() {
            tokio::spawn(async move {
                tokio::time::sleep(rest).await;
                drop(turn);
            });
        }
    }

    /// Waits for a turn. The turn is over when the returned value is dropped.
    pub(crate) async fn turn(&self, lane: Option<&'static str>) -> Turn {
        let permit = Arc::clone(&self.inner.at_once)
            .acquire_owned()
            .await
            .expect("the semaphore is never closed");
        self.wait_out_pause().await;
        for window in &self.inner.windows {
            if window.ceiling.lane.is_none() || window.ceiling.lane == lane {
                window.enter().await;
            }
        }
        // A pause may have begun while this call waited for its window.
        self.wait_out_pause().await;
        Turn { _permit: permit }
    }

    /// Holds back every call for this long; a longer pause that is already on stays.
    pub fn pause(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut paused = self.lock_pause();
        if paused.is_none_or(|earlier| earlier < until) {
            *paused = Some(until);
        }
    }

    /// How much longer everything is held back, if it is.
    pub fn paused_for(&self) -> Option<Duration> {
        self.lock_pause()
            .and_then(|until| until.checked_duration_since(Instant::now()))
            .filter(|left| !left.is_zero())
    }

    async fn wait_out_pause(&self) {
        while let Some(left) = self.paused_for() {
            tokio::time::sleep(left).await;
        }
    }

    fn lock_pause(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.inner
            .paused_until
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The right to one call.
#[derive(Debug)]
pub(crate) struct Turn {
    _permit: OwnedSemaphorePermit,
}

impl Window {
    /// Waits until one more call fits. The lock is held while waiting, which keeps the callers in
    /// the order they came in.
    async fn enter(&self) {
        let window = self.ceiling.window.mul_f64(WINDOW_MARGIN);
        let mut sent = self.sent.lock().await;
        if sent.len() >= self.ceiling.calls
            && let Some(oldest) = sent.front()
        {
            sleep_until(*oldest + window).await;
            sent.pop_front();
        }
        sent.push_back(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    async fn start_times(pace: &Pace, calls: usize, lane: Option<&'static str>) -> Vec<Duration> {
        let started = Instant::now();
        let mut times = Vec::new();
        for _ in 0..calls {
            drop(pace.turn(lane).await);
            times.push(started.elapsed());
        }
        times
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_below_the_ceiling_is_not_slowed() {
        let pace = Pace::new(8, &[Ceiling::new(10, SECOND)]);
        let times = start_times(&pace, 10, None).await;
        assert!(times.iter().all(Duration::is_zero), "{times:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn no_stretch_of_the_window_holds_more_calls_than_the_ceiling() {
        let pace = Pace::new(
            8,
            &[Ceiling::new(10, SECOND), Ceiling::new(25, 10 * SECOND)],
        );
        let times = start_times(&pace, 60, None).await;
        for (index, start) in times.iter().enumerate() {
            let within = |window| {
                times[index..]
                    .iter()
                    .filter(|time| time.saturating_sub(*start) < window)
                    .count()
            };
            assert!(within(SECOND) <= 10, "at {start:?}");
            assert!(within(10 * SECOND) <= 25, "at {start:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_lane_has_its_own_ceiling_and_leaves_the_others_alone() {
        let pace = Pace::new(8, &[Ceiling::new(1, SECOND).for_lane("batch")]);
        assert!(
            start_times(&pace, 5, None)
                .await
                .iter()
                .all(Duration::is_zero)
        );
        let batch = start_times(&pace, 2, Some("batch")).await;
        assert!(batch[1] >= SECOND, "{batch:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_back_every_call() {
        let pace = Pace::new(8, &[]);
        pace.pause(Duration::from_mins(1));
        pace.pause(SECOND);
        let times = start_times(&pace, 1, None).await;
        assert!(
            times[0] >= Duration::from_mins(1),
            "a shorter pause must not end a longer one"
        );
        assert_eq!(pace.paused_for(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn the_place_of_a_call_that_timed_out_stays_taken_for_a_while() {
        let pace = Pace::new(1, &[]).resting_after_timeouts(10 * SECOND);
        let started = Instant::now();
        pace.end_timed_out(pace.turn(None).await);
        drop(pace.turn(None).await);
        assert_eq!(started.elapsed(), 10 * SECOND);
        drop(pace.turn(None).await);
        assert_eq!(
            started.elapsed(),
            10 * SECOND,
            "an answered one frees it at once"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn only_so_many_run_at_once() {
        let pace = Pace::new(2, &[]);
        let first = pace.turn(None).await;
        let _second = pace.turn(None).await;
        let third = tokio::time::timeout(SECOND, pace.turn(None)).await;
        assert!(third.is_err());
        drop(first);
        pace.turn(None).await;
    }
}
