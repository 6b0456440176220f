//! Counts requests, for the status page, the budget of metered reads and the benchmarks.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::StatusCode;

use super::hold_up::{HeldUp, HoldUps};
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
    hold_ups: HoldUps,
}

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
        self.inner.hold_ups.note_slowed(service, wait);
    }

    /// Notes that an attempt got no answer.
    pub(crate) fn note_no_answer(&self, service: &'static str) {
        self.inner.hold_ups.note_no_answer(service);
    }

    /// Notes that a service answered, whatever it said.
    pub(crate) fn note_answer(&self, service: &'static str) {
        self.inner.hold_ups.note_answer(service);
    }

    /// Waits for the answer to a request, and notes meanwhile when the service says nothing at all.
    pub(crate) async fn wait_for<T>(
        &self,
        service: &'static str,
        answer: impl Future<Output = T>,
    ) -> T {
        self.inner.hold_ups.wait_for(service, answer).await
    }

    /// Waits until a service begins to hold up its requests, does so again, or answers again. One may
    /// wait at a time.
    pub async fn held_up_changed(&self) {
        self.inner.hold_ups.changed().await;
    }

    /// What holds up requests now: silence first, then the longest.
    pub fn held_up(&self) -> Vec<HeldUp> {
        self.inner.hold_ups.all()
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
