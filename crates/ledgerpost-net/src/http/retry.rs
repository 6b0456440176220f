//! When to try again. The client says what an answer means ([`Verdict`]); how often and when is
//! decided here.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};

use super::request::RequestSpec;
use crate::error::HttpError;

/// What a client makes of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The answer stands, good or bad.
    Final,
    /// The service turned the call away without doing anything (throttled): safe to repeat.
    Refused {
        /// How long the service wants us to wait.
        wait: Option<Duration>,
        /// Whether all calls of this account have to wait, not only this one.
        pause_all: bool,
    },
    /// The service failed and may have done it nevertheless (a 502, say): repeated only if the
    /// request is idempotent.
    Failed {
        /// How long the service wants us to wait.
        wait: Option<Duration>,
    },
    /// The token was not accepted: ask for another one and repeat, once.
    Reauthorize,
}

/// How often, how long, how patiently.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// Attempts in all, the first one included.
    pub max_attempts: usize,
    /// The first wait; doubles from there, with jitter.
    pub base: Duration,
    /// The longest wait of our own choosing. A longer `Retry-After` is obeyed.
    pub cap: Duration,
    /// All waits of one call together. What does not fit any more is not waited for.
    pub budget: Duration,
}

impl RetryPolicy {
    /// 1 s doubling to 60 s, as `mailchimp.md` 2.1 and `quickbooks-online.md` 8.1 ask for.
    pub const STANDARD: Self = Self {
        max_attempts: 6,
        base: Duration::from_secs(1),
        cap: Duration::from_mins(1),
        budget: Duration::from_mins(5),
    };

    /// Tries as often as [`Self::STANDARD`] without ever waiting. For tests.
    pub const IMMEDIATE: Self = Self {
        max_attempts: 6,
        base: Duration::ZERO,
        cap: Duration::ZERO,
        budget: Duration::from_mins(5),
    };

    /// Sends once.
    pub const NEVER: Self = Self {
        max_attempts: 1,
        base: Duration::ZERO,
        cap: Duration::ZERO,
        budget: Duration::ZERO,
    };

    pub(crate) fn start(self) -> Tries {
        let backoff = ExponentialBuilder::new()
            .with_min_delay(self.base)
            .with_max_delay(self.cap)
            .with_max_times(self.max_attempts.saturating_sub(1))
            .with_jitter()
            .build();
        Tries {
            waits_are_zero: self.cap.is_zero(),
            backoff,
            left: self.budget,
        }
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::STANDARD
    }
}

/// What is left of a policy during one call.
#[derive(Debug)]
pub(crate) struct Tries {
    waits_are_zero: bool,
    backoff: ExponentialBackoff,
    left: Duration,
}

impl Tries {
    /// How long to wait before the next attempt; `None` when there is none left.
    pub(crate) fn next_wait(&mut self, asked: Option<Duration>) -> Option<Duration> {
        let own = self.backoff.next()?;
        if self.waits_are_zero {
            return Some(Duration::ZERO);
        }
        let wait = asked.map_or(own, |asked| asked.max(own));
        self.left = self.left.checked_sub(wait)?;
        Some(wait)
    }
}

/// Whether an attempt that got no answer may be repeated.
pub(crate) fn may_repeat(request: &RequestSpec, error: &HttpError) -> bool {
    match error {
        HttpError::Connect { .. } => true,
        HttpError::Timeout { .. } | HttpError::Broken { .. } => request.idempotent,
        HttpError::Setup { .. }
        | HttpError::TooLarge { .. }
        | HttpError::InvalidHeader { .. }
        | HttpError::Encode { .. }
        | HttpError::OutcomeUnknown { .. }
        | HttpError::Cancelled => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_cap_and_end() {
        let mut tries = RetryPolicy {
            max_attempts: 10,
            budget: Duration::from_secs(10_000),
            ..RetryPolicy::STANDARD
        }
        .start();
        let waits: Vec<_> = std::iter::from_fn(|| tries.next_wait(None)).collect();
        assert_eq!(waits.len(), 9);
        assert!(waits[0] >= Duration::from_secs(1));
        assert!(
            waits.iter().all(|wait| *wait <= Duration::from_secs(121)),
            "{waits:?}"
        );
    }

    #[test]
    fn a_wish_of_the_service_is_obeyed_within_the_budget() {
        let mut tries = RetryPolicy::STANDARD.start();
        let minute = Duration::from_mins(1);
        assert_eq!(tries.next_wait(Some(minute)), Some(minute));
        assert_eq!(
            tries.next_wait(Some(10 * minute)),
            None,
            "beyond the budget"
        );
    }

    #[test]
    fn tests_never_wait() {
        let mut tries = RetryPolicy::IMMEDIATE.start();
        let waits: Vec<_> =
            std::iter::from_fn(|| tries.next_wait(Some(Duration::from_mins(1)))).collect();
        assert_eq!(waits, vec![Duration::ZERO; 5]);
    }
}
