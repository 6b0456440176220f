//! The throttles and the monthly count of metered reads (`quickbooks-online.md` 8).

use std::collections::{HashMap, VecDeque};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Requests a minute and company.
const PER_MINUTE: usize = 500;
/// Requests a second, company and app; also the most at once.
pub(crate) const PER_SECOND: usize = 10;
/// Batches a minute, company and app.
const BATCHES_PER_MINUTE: usize = 40;

/// When requests came lately, and how many reads this month cost.
#[derive(Default)]
pub(crate) struct Limits {
    requests: HashMap<String, VecDeque<Timestamp>>,
    batches: HashMap<String, VecDeque<Timestamp>>,
    month: (i16, i8),
    reads: u64,
}

impl Limits {
    /// Counts a request; false when it is one too many.
    pub(crate) fn admit(&mut self, realm: &str, batch: bool, now: Timestamp) -> bool {
        let recent = self.requests.entry(realm.to_owned()).or_default();
        forget(recent, now);
        let second = now - SignedDuration::from_secs(1);
        let burst = recent.iter().rev().take_while(|at| **at > second).count();
        if recent.len() >= PER_MINUTE || burst >= PER_SECOND {
            return false;
        }
        if batch {
            let batches = self.batches.entry(realm.to_owned()).or_default();
            forget(batches, now);
            if batches.len() >= BATCHES_PER_MINUTE {
                return false;
            }
            batches.push_back(now);
        }
        recent.push_back(now);
        true
    }

    /// Metered reads of the month that `now` is in.
    pub(crate) fn reads(&mut self, now: Timestamp) -> u64 {
        let date = now.to_zoned(TimeZone::UTC).date();
        if self.month != (date.year(), date.month()) {
            self.month = (date.year(), date.month());
            self.reads = 0;
        }
        self.reads
    }

    /// Counts metered reads.
    pub(crate) fn meter(&mut self, reads: u64, now: Timestamp) {
        let before = self.reads(now);
        self.reads = before + reads;
    }
}

fn forget(times: &mut VecDeque<Timestamp>, now: Timestamp) {
    let minute = now - SignedDuration::from_secs(60);
    while times.front().is_some_and(|at| *at <= minute) {
        times.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_the_ceilings() {
        let mut limits = Limits::default();
        let start = crate::seed::end_of_history();
        let passed = (0..60 * 12)
            .filter(|step| limits.admit("1", false, start + SignedDuration::from_millis(step * 83)))
            .count();
        assert!(passed <= PER_MINUTE, "{passed} in a minute");
        let later = start + SignedDuration::from_mins(3);
        let burst = (0..30).filter(|_| limits.admit("1", false, later)).count();
        assert_eq!(burst, PER_SECOND);
        let batches = (0..120)
            .filter(|step| limits.admit("2", true, start + SignedDuration::from_millis(step * 400)))
            .count();
        assert_eq!(batches, BATCHES_PER_MINUTE);
    }

    #[test]
    fn the_month_begins_anew() {
        let mut limits = Limits::default();
        let start = crate::seed::end_of_history();
        limits.meter(3, start);
        assert_eq!(limits.reads(start), 3);
        assert_eq!(limits.reads(start + SignedDuration::from_hours(24 * 31)), 0);
    }
}
