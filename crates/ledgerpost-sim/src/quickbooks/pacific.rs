//! Intuit's clock: Pacific time whatever the company's zone (`quickbooks-online.md` 2).

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Pacific time, by rule, so that no time zone database has to be installed.
fn zone() -> TimeZone {
    TimeZone::posix("PST8PDT,M3.2.0,M11.1.0").expect("the rule is valid")
}

/// Pacific time, kept for a page of rows.
pub(crate) struct Pacific(TimeZone);

impl Pacific {
    pub(crate) fn new() -> Self {
        Self(zone())
    }

    /// Second precision, as on records.
    pub(crate) fn second(&self, at: Timestamp) -> String {
        at.to_zoned(self.0.clone())
            .strftime("%Y-%m-%dT%H:%M:%S%:z")
            .to_string()
    }

    /// Millisecond precision, as in envelopes.
    pub(crate) fn millisecond(&self, at: Timestamp) -> String {
        at.to_zoned(self.0.clone())
            .strftime("%Y-%m-%dT%H:%M:%S%.3f%:z")
            .to_string()
    }

    /// The date on Intuit's servers.
    pub(crate) fn date(&self, at: Timestamp) -> Date {
        at.to_zoned(self.0.clone()).date()
    }

    /// A literal of the query language or of the change feed: with an offset or `Z`, or without,
    /// which means Pacific here; a bare date is its midnight.
    pub(crate) fn parse(&self, text: &str) -> Option<Timestamp> {
        if let Ok(at) = text.parse::<Timestamp>() {
            return Some(at);
        }
        let local: DateTime = text
            .parse::<DateTime>()
            .ok()
            .or_else(|| Some(text.parse::<Date>().ok()?.at(0, 0, 0, 0)))?;
        Some(local.to_zoned(self.0.clone()).ok()?.timestamp())
    }
}

/// Cuts to whole seconds: records know no more.
pub(crate) fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).expect("cutting a valid time leaves it valid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_the_offset_in_force() {
        let pacific = Pacific::new();
        let winter: Timestamp = "2026-03-02T16:15:04.127Z".parse().unwrap();
        assert_eq!(pacific.millisecond(winter), "2026-03-02T08:15:04.127-08:00");
        let summer: Timestamp = "2026-07-02T16:15:04Z".parse().unwrap();
        assert_eq!(pacific.second(summer), "2026-07-02T09:15:04-07:00");
    }

    #[test]
    fn reads_offsets_and_bare_dates() {
        let pacific = Pacific::new();
        assert_eq!(
            pacific.parse("2026-03-01T08:15:04-08:00"),
            pacific.parse("2026-03-01T16:15:04Z")
        );
        assert_eq!(
            pacific.parse("2026-03-01"),
            pacific.parse("2026-03-01T08:00:00Z")
        );
        assert_eq!(pacific.parse("yesterday"), None);
        // A plus that arrived as a blank breaks the date (`quickbooks-online.md` 3.1).
        assert_eq!(pacific.parse("2026-03-01T08:15:04 01:00"), None);
    }
}
