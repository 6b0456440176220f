//! Moments as the service writes and reads them: whole seconds, `+00:00` (`mailchimp.md` 2.2).

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Seconds since 1970.
pub(crate) type Seconds = i64;

/// `2021-11-23T22:51:56+00:00`.
pub(crate) fn stamp(at: Seconds) -> String {
    Timestamp::from_second(at)
        .expect("the clock stays within what a timestamp can hold")
        .strftime("%Y-%m-%dT%H:%M:%S+00:00")
        .to_string()
}

/// A moment, or the empty text that the service writes for none.
pub(crate) fn stamp_or_blank(at: Option<Seconds>) -> String {
    at.map(stamp).unwrap_or_default()
}

/// Reads a timestamp with an offset, one without (taken as UTC), or a date.
pub(crate) fn parse(text: &str) -> Option<Seconds> {
    // A plus sign that nobody escaped arrives as a space.
    let text = match text.rsplit_once(' ') {
        Some((day, zone)) if day.contains('T') => format!("{day}+{zone}"),
        Some(_) | None => text.to_owned(),
    };
    let utc = |civil: DateTime| civil.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp());
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| text.parse::<DateTime>().ok().and_then(utc))
        .or_else(|| {
            let date = text.parse::<Date>().ok()?;
            utc(date.at(0, 0, 0, 0))
        })
        .map(Timestamp::as_second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_clients_send_and_writes_what_the_service_writes() {
        let at = parse("2021-11-23T22:51:56+00:00").unwrap();
        assert_eq!(stamp(at), "2021-11-23T22:51:56+00:00");
        assert_eq!(parse("2021-11-23T22:51:56 00:00"), Some(at));
        assert_eq!(parse("2021-11-23 22:51:56"), Some(at));
        assert_eq!(
            parse("2021-11-23").map(stamp).unwrap(),
            "2021-11-23T00:00:00+00:00"
        );
        assert_eq!(parse("soon"), None);
    }
}
