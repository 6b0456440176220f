//! How fast records are sent, and how long the rest will take.

use std::time::Duration;

/// How long a measurement counts: older ones fade.
const MEMORY: Duration = Duration::from_secs(45);
/// Before this nothing is said: a first burst is no speed.
const FIRST: Duration = Duration::from_secs(3);

/// A smoothed speed. Time that passes without records counts, so that a service that goes slower
/// shows; time in which the owner paused does not.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Speed {
    /// Records a second, smoothed.
    rate: f64,
    /// How long was measured.
    measured: Duration,
    /// Records since the last step.
    pending: u64,
    /// Time since the last step.
    since: Duration,
}

impl Speed {
    /// Notes that some time went by, and how many records were sent in it.
    pub(crate) fn note(&mut self, elapsed: Duration, records: u64) {
        self.pending += records;
        self.since += elapsed;
        self.measured += elapsed;
        if self.since < Duration::from_secs(1) {
            return;
        }
        let seconds = self.since.as_secs_f64();
        #[expect(
            clippy::cast_precision_loss,
            reason = "counts of records are far below 2^52"
        )]
        let now = self.pending as f64 / seconds;
        // Until the memory is full, every second weighs the same: an average.
        let weight = seconds / MEMORY.as_secs_f64().min(self.measured.as_secs_f64());
        self.rate += (now - self.rate) * weight.min(1.0);
        self.pending = 0;
        self.since = Duration::ZERO;
    }

    /// Seconds until `left` records are sent; `None` while there is no speed to go by.
    pub(crate) fn seconds_for(&self, left: u64) -> Option<u32> {
        if self.measured < FIRST || self.rate <= f64::EPSILON {
            return None;
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "counts of records are far below 2^52"
        )]
        let seconds = (left as f64 / self.rate).ceil().clamp(0.0, 4_000_000.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to what fits"
        )]
        Some(seconds as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn nothing_is_said_before_there_is_a_speed() {
        let mut speed = Speed::default();
        assert_eq!(speed.seconds_for(100), None);
        speed.note(2 * SECOND, 500);
        assert_eq!(speed.seconds_for(100), None, "too early");
        let mut idle = Speed::default();
        idle.note(60 * SECOND, 0);
        assert_eq!(idle.seconds_for(100), None, "nothing was sent yet");
    }

    #[test]
    fn a_steady_speed_gives_the_exact_rest() {
        let mut speed = Speed::default();
        for _ in 0..30 {
            speed.note(SECOND, 10);
        }
        assert_eq!(speed.seconds_for(600), Some(60));
    }

    #[test]
    fn a_service_that_goes_slower_shows() {
        let mut speed = Speed::default();
        for _ in 0..60 {
            speed.note(SECOND, 100);
        }
        let before = speed.seconds_for(1000);
        for _ in 0..60 {
            speed.note(SECOND, 1);
        }
        assert!(speed.seconds_for(1000) > before);
    }
}
