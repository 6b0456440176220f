//! Counts requests, for the status page, the budget of metered reads and the benchmarks.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::StatusCode;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::request::RequestSpec;

/// Counts by service, method and path template. Cheap to clone; clones count together.
#[derive(Debug, Clone, Default)]
pub struct Meter {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    last_id: AtomicU64,
    metered_reads: AtomicU64,
    rows: Mutex<BTreeMap<(&'static str, String, &'static str), Counts>>,
    slowed: Mutex<BTreeMap<&'static str, Slowed>>,
    slowed_again: Notify,
}

/// A stretch of time in which a service keeps asking for slower requests.
#[derive(Debug, Clone, Copy)]
struct Slowed {
    since: Instant,
    until: Instant,
}

/// Asked to slow down again within this time, it is the same stretch.
const SLOWED_FOR: Duration = Duration::from_mins(1);

/// What was counted for one kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Attempts, answered or not.
    pub attempts: u64,
    /// Answers with a status of 400 or more, and attempts without an answer.
    pub failures: u64,
    /// Bytes of the answers' bodies, unpacked.
    pub bytes: u64,
}

/// One kind of request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeterRow {
    /// The service's name.
    pub service: &'static str,
    /// The method.
    pub method: String,
    /// The path with placeholders.
    pub template: &'static str,
    /// What was counted.
    pub counts: Counts,
}

impl Meter {
    /// Numbers the attempts of this process.
    pub(crate) fn next_id(&self) -> u64 {
        self.inner.last_id.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(crate) fn count(
        &self,
        service: &'static str,
        request: &RequestSpec,
        status: Option<StatusCode>,
        bytes: usize,
    ) {
        // Only calls that succeeded are billed (`quickbooks-online.md` 8.2).
        if request.metered && status.is_some_and(|status| status.is_success()) {
            self.inner.metered_reads.fetch_add(1, Ordering::Relaxed);
        }
        let failed = status.is_none_or(|status| status.as_u16() >= 400);
        let mut rows = self
            .inner
            .rows
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let counts = rows
            .entry((service, request.method.to_string(), request.template))
            .or_default();
        counts.attempts += 1;
        counts.failures += u64::from(failed);
        counts.bytes += bytes as u64;
    }

    /// Notes that a service asked to wait.
    pub(crate) fn note_slowed(&self, service: &'static str, wait: Duration) {
        let now = Instant::now();
        let until = now + wait + SLOWED_FOR;
        let mut slowed = self
            .inner
            .slowed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let stretch = slowed
            .entry(service)
            .or_insert(Slowed { since: now, until });
        *stretch = match *stretch {
            Slowed { since, until: end } if end >= now => Slowed {
                since,
                until: end.max(until),
            },
            Slowed { .. } => Slowed { since: now, until },
        };
        drop(slowed);
        self.inner.slowed_again.notify_one();
    }

    /// Waits until a service asks for slower requests. One may wait at a time.
    pub async fn slowed_again(&self) {
        self.inner.slowed_again.notified().await;
    }

    /// Which service has been asking for slower requests, and for how long; the one that does so longest.
    pub fn slowed(&self) -> Option<(&'static str, Duration)> {
        let slowed = self
            .inner
            .slowed
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        slowed
            .iter()
            .filter(|(_, stretch)| stretch.until >= now)
            .map(|(service, stretch)| (*service, now.saturating_duration_since(stretch.since)))
            .max_by_key(|(_, length)| *length)
    }

    /// All counts, sorted by service, method and template.
    pub fn rows(&self) -> Vec<MeterRow> {
        let rows = self
            .inner
            .rows
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        rows.iter()
            .map(|((service, method, template), counts)| MeterRow {
                service,
                method: method.clone(),
                template,
                counts: *counts,
            })
            .collect()
    }

    /// Attempts to one service.
    pub fn attempts(&self, service: &str) -> u64 {
        self.rows()
            .iter()
            .filter(|row| row.service == service)
            .map(|row| row.counts.attempts)
            .sum()
    }

    /// Reads that count against Intuit's monthly 500,000, since this meter was made.
    pub fn metered_reads(&self) -> u64 {
        self.inner.metered_reads.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_service_that_keeps_asking_is_one_stretch() {
        let meter = Meter::default();
        assert_eq!(meter.slowed(), None);
        for _ in 0..3 {
            meter.note_slowed("mailchimp", Duration::from_secs(5));
            tokio::time::advance(Duration::from_secs(20)).await;
        }
        let minute = Duration::from_secs(60);
        assert_eq!(meter.slowed(), Some(("mailchimp", minute)));
        meter.note_slowed("quickbooks", 2 * SLOWED_FOR);
        assert_eq!(
            meter.slowed(),
            Some(("mailchimp", minute)),
            "the longer one"
        );
        tokio::time::advance(SLOWED_FOR).await;
        assert_eq!(
            meter.slowed(),
            Some(("quickbooks", SLOWED_FOR)),
            "the other one was quiet for a minute"
        );
        tokio::time::advance(3 * SLOWED_FOR).await;
        assert_eq!(meter.slowed(), None);
    }
}
