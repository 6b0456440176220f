//! What holds up the requests to a service.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// Why requests wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HoldUp {
    /// The service asked for slower requests.
    AskedForSlower,
    /// The service was not reached, or did not answer.
    NoAnswer,
}

impl HoldUp {
    /// A stable word for diagnostics.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AskedForSlower => "asked_for_slower",
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

/// The stretches that are known.
#[derive(Debug, Default)]
pub(super) struct HoldUps {
    stretches: Mutex<BTreeMap<(HoldUp, &'static str), Stretch>>,
    changed: Notify,
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
        let until = Instant::now() + wait + SLOWED_FOR;
        self.note((HoldUp::AskedForSlower, service), Some(until));
    }

    /// An attempt got no answer.
    pub(super) fn note_no_answer(&self, service: &'static str) {
        self.note((HoldUp::NoAnswer, service), None);
    }

    /// The service answered, whatever it said.
    pub(super) fn note_answer(&self, service: &'static str) {
        let ended = self.lock().remove(&(HoldUp::NoAnswer, service));
        if ended.is_some() {
            self.changed.notify_one();
        }
    }

    fn note(&self, which: (HoldUp, &'static str), until: Option<Instant>) {
        let now = Instant::now();
        let mut stretches = self.lock();
        let before = stretches.get(&which).filter(|before| before.lasts(now));
        let stretch = Stretch {
            since: before.map_or(now, |before| before.since),
            noted: now,
            until: until.max(before.and_then(|before| before.until)),
        };
        stretches.insert(which, stretch);
        drop(stretches);
        self.changed.notify_one();
    }

    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    pub(super) fn all(&self) -> Vec<HeldUp> {
        let now = Instant::now();
        let mut all: Vec<_> = self
            .lock()
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

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<(HoldUp, &'static str), Stretch>> {
        self.stretches
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
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
