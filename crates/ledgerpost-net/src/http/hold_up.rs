//! What holds up the requests to a service.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// Why requests wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HoldUp {
    /// The service asked for slower requests.
    AskedForSlower,
    /// The service has taken a request and lets it wait for an answer.
    SlowAnswer,
    /// The service was not reached, or did not answer.
    NoAnswer,
}

impl HoldUp {
    /// A stable word for diagnostics.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AskedForSlower => "asked_for_slower",
            Self::SlowAnswer => "slow_answer",
            Self::NoAnswer => "no_answer",
        }
    }
}

/// A stretch of time in which a service holds up its requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldUp {
    /// Why.
    pub why: HoldUp,
    /// The service's name.
    pub service: &'static str,
    /// When it began.
    pub since: Instant,
    /// When it was last noted.
    pub noted: Instant,
}

/// Asked to slow down again within this time, it is the same stretch.
const SLOWED_FOR: Duration = Duration::from_mins(1);

/// A service that says nothing for longer is said to let its requests wait.
const PATIENCE: Duration = Duration::from_secs(5);

/// The stretches that are known.
#[derive(Debug, Default)]
pub(super) struct HoldUps {
    known: Mutex<Known>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Known {
    stretches: BTreeMap<(HoldUp, &'static str), Stretch>,
    /// When each service last answered.
    answered: BTreeMap<&'static str, Instant>,
}

#[derive(Debug, Clone, Copy)]
struct Stretch {
    since: Instant,
    noted: Instant,
    /// `None`: until the service answers.
    until: Option<Instant>,
}

impl Stretch {
    fn lasts(&self, now: Instant) -> bool {
        self.until.is_none_or(|until| until >= now)
    }
}

impl HoldUps {
    /// The service asked to wait.
    pub(super) fn note_slowed(&self, service: &'static str, wait: Duration) {
        let now = Instant::now();
        let until = now + wait + SLOWED_FOR;
        self.note((HoldUp::AskedForSlower, service), now, Some(until));
    }

    /// An attempt got no answer.
    pub(super) fn note_no_answer(&self, service: &'static str) {
        self.note((HoldUp::NoAnswer, service), Instant::now(), None);
    }

    /// The service answered, whatever it said.
    pub(super) fn note_answer(&self, service: &'static str) {
        let mut known = self.lock();
        known.answered.insert(service, Instant::now());
        let silent = known.stretches.remove(&(HoldUp::NoAnswer, service));
        let slow = known.stretches.remove(&(HoldUp::SlowAnswer, service));
        drop(known);
        if silent.or(slow).is_some() {
            self.changed.notify_one();
        }
    }

    /// Waits for the answer to one request, and notes meanwhile when the service says nothing at all.
    pub(super) async fn wait_for<T>(
        &self,
        service: &'static str,
        answer: impl Future<Output = T>,
    ) -> T {
        let mut answer = pin!(answer);
        let began = Instant::now();
        let mut look = began + PATIENCE;
        loop {
            tokio::select! {
                biased;
                answer = &mut answer => return answer,
                () = tokio::time::sleep_until(look) => {}
            }
            let now = Instant::now();
            let last = self.lock().answered.get(service).copied();
            let quiet = last.map_or(began, |last| last.max(began));
            look = quiet + PATIENCE;
            if look <= now {
                look = now + PATIENCE;
                // Whoever gives up waiting does not say so: unless it is noted again, it is over.
                let until = look + PATIENCE;
                self.note((HoldUp::SlowAnswer, service), quiet, Some(until));
            }
        }
    }

    fn note(&self, which: (HoldUp, &'static str), since: Instant, until: Option<Instant>) {
        let now = Instant::now();
        let mut known = self.lock();
        let before = known.stretches.get(&which);
        let before = before.filter(|before| before.lasts(now));
        let stretch = Stretch {
            since: before.map_or(since, |before| before.since),
            noted: now,
            until: until.max(before.and_then(|before| before.until)),
        };
        known.stretches.insert(which, stretch);
        drop(known);
        self.changed.notify_one();
    }

    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    pub(super) fn all(&self) -> Vec<HeldUp> {
        let now = Instant::now();
        let mut all: Vec<_> = self
            .lock()
            .stretches
            .iter()
            .filter(|(_, stretch)| stretch.lasts(now))
            .map(|((why, service), stretch)| HeldUp {
                why: *why,
                service,
                since: stretch.since,
                noted: stretch.noted,
            })
            .collect();
        all.sort_by_key(|held_up| (Reverse(held_up.why), held_up.since));
        all
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    /// Why, who, and for how many seconds.
    fn shown(hold_ups: &HoldUps) -> Vec<(HoldUp, &'static str, u64)> {
        let all = hold_ups.all().into_iter();
        all.map(|held_up| {
            let length = held_up.since.elapsed().as_secs();
            (held_up.why, held_up.service, length)
        })
        .collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_that_keeps_asking_is_one_stretch() {
        let hold_ups = HoldUps::default();
        assert_eq!(hold_ups.all(), []);
        for _ in 0..3 {
            hold_ups.note_slowed("mailchimp", Duration::from_secs(5));
            tokio::time::advance(Duration::from_secs(20)).await;
        }
        let mailchimp = (HoldUp::AskedForSlower, "mailchimp", 60);
        assert_eq!(shown(&hold_ups), [mailchimp]);
        hold_ups.note_slowed("quickbooks", 2 * SLOWED_FOR);
        let quickbooks = |seconds| (HoldUp::AskedForSlower, "quickbooks", seconds);
        assert_eq!(
            shown(&hold_ups),
            [mailchimp, quickbooks(0)],
            "the longer one first"
        );
        tokio::time::advance(SLOWED_FOR).await;
        assert_eq!(
            shown(&hold_ups),
            [quickbooks(60)],
            "the other one was quiet for a minute"
        );
        tokio::time::advance(3 * SLOWED_FOR).await;
        assert_eq!(hold_ups.all(), []);
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_said_first_and_lasts_until_an_answer() {
        let hold_ups = HoldUps::default();
        hold_ups.note_slowed("mailchimp", Duration::from_hours(1));
        for _ in 0..2 {
            hold_ups.note_no_answer("quickbooks");
            tokio::time::advance(Duration::from_mins(3)).await;
        }
        let slowed = (HoldUp::AskedForSlower, "mailchimp", 360);
        let silent = (HoldUp::NoAnswer, "quickbooks", 360);
        assert_eq!(shown(&hold_ups), [silent, slowed]);
        hold_ups.note_answer("mailchimp");
        assert_eq!(shown(&hold_ups), [silent, slowed], "another service");
        hold_ups.note_answer("quickbooks");
        assert_eq!(shown(&hold_ups), [slowed]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_waits_is_noted_until_its_service_says_something() {
        let hold_ups = HoldUps::default();
        let waits = |seconds| vec![(HoldUp::SlowAnswer, "quickbooks", seconds)];
        let begun = Instant::now();
        let at = async |seconds| {
            // A moment later, so that what is due then has happened.
            let when = begun + Duration::from_secs(seconds) + Duration::from_millis(1);
            tokio::time::sleep_until(when).await;
            shown(&hold_ups)
        };
        let request = async |seconds| {
            let answer = tokio::time::sleep(Duration::from_secs(seconds));
            hold_ups.wait_for("quickbooks", answer).await;
            hold_ups.note_answer("quickbooks");
        };
        let looks = async {
            assert_eq!(at(4).await, []);
            assert_eq!(at(5).await, waits(5));
            assert_eq!(at(12).await, waits(12));
            assert_eq!(at(20).await, [], "the other request was answered");
            assert_eq!(at(24).await, []);
            assert_eq!(at(25).await, waits(5), "this one still waits");
            assert_eq!(at(40).await, []);
        };
        tokio::join!(request(20), request(40), looks);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_nobody_waits_for_any_more_is_forgotten() {
        let hold_ups = HoldUps::default();
        let never = hold_ups.wait_for("mailchimp", std::future::pending::<()>());
        let given_up = tokio::time::timeout(Duration::from_secs(31), never).await;
        assert!(given_up.is_err());
        assert_eq!(shown(&hold_ups), [(HoldUp::SlowAnswer, "mailchimp", 31)]);
        tokio::time::advance(2 * PATIENCE).await;
        assert_eq!(shown(&hold_ups), []);
    }

    #[tokio::test]
    async fn whoever_waits_hears_when_it_begins_and_when_it_ends() {
        let hold_ups = HoldUps::default();
        let heard = || hold_ups.changed().now_or_never().is_some();
        hold_ups.note_answer("quickbooks");
        assert!(!heard(), "nothing was held up");
        hold_ups.note_no_answer("quickbooks");
        assert!(heard());
        hold_ups.note_answer("quickbooks");
        assert!(heard());
    }
}
