//! When a connection is looked at next. [`next_due`] is pure; the rest carries it out.

use std::sync::{Arc, Weak};
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use ledgerpost_core::ids::RealmId;
use ledgerpost_ipc::ErrorCode;
use ledgerpost_ipc::start::Preferences;
use ledgerpost_store::{Connection, ConnectionState};

use crate::desk::{Desk, Inner};
use crate::error::DeskError;
use crate::host::{Notice, Presence};
use crate::look::CALLS_LIMIT;
use crate::notes;
use crate::place::Place;
use crate::standing::{self, FailureKind, News, Standing};

/// The clock on the wall may jump, as after a sleep: it is looked at this often.
const GLANCE: Duration = Duration::from_secs(20);
/// After going offline it is tried again this soon, then twice as long each time.
const OFFLINE_FIRST: SignedDuration = SignedDuration::from_secs(15);
const OFFLINE_MOST: SignedDuration = SignedDuration::from_mins(5);
/// What failed is left alone for an hour at most.
const FAILED_MOST: SignedDuration = SignedDuration::from_mins(60);
/// Whether there are reads of QuickBooks again is tried once a day: not all that looks like the end of
/// the month's reads is (`quickbooks-online.md` 8.2).
const QUOTA: SignedDuration = SignedDuration::from_hours(24);
/// A plan that waits for a yes needs no reading every minute.
const WAITING: SignedDuration = SignedDuration::from_mins(15);
/// On battery the intervals are so many times as long.
const ON_BATTERY: i32 = 3;
/// Metered reads that a look at a company costs, with something to spare for what it finds.
const READS: u32 = 2;

/// What decides when a connection is looked at next.
#[derive(Debug, Clone)]
pub(crate) struct Facts<'a> {
    pub(crate) state: ConnectionState,
    pub(crate) standing: &'a Standing,
    /// The interval that the owner chose for now.
    pub(crate) minutes: u32,
    pub(crate) on_battery: bool,
    /// Metered reads of this month, over all companies.
    pub(crate) calls_used: u64,
    /// How many companies share what is left.
    pub(crate) companies: u32,
}

/// When a connection is looked at next; `None` as long as the owner has to do something first. Never
/// before `now`.
pub(crate) fn next_due(facts: &Facts<'_>, now: Timestamp) -> Option<Timestamp> {
    if facts.state != ConnectionState::Ready {
        return None;
    }
    let failure = facts.standing.failure.as_ref();
    if let Some(failure) = failure.filter(|failure| failure.kind == FailureKind::Stopped) {
        return (failure.error.code == ErrorCode::MonthlyQuota).then(|| quota_due(facts, now));
    }
    // Never tried, or the clock went back.
    let Some(tried) = facts.standing.tried_at.filter(|tried| *tried <= now) else {
        return Some(now);
    };
    let mut wait = SignedDuration::from_mins(i64::from(facts.minutes));
    if facts.on_battery {
        wait = wait.saturating_mul(ON_BATTERY);
    }
    if facts.standing.waits {
        wait = wait.max(WAITING);
    }
    if let Some(failure) = failure {
        let twice = |first: SignedDuration, most: SignedDuration| {
            let times = 1_i32 << failure.tries.saturating_sub(1).min(16);
            first.saturating_mul(times).min(most.max(first))
        };
        wait = match failure.kind {
            FailureKind::Offline => twice(OFFLINE_FIRST, OFFLINE_MOST),
            FailureKind::Passing => {
                let asked = facts
                    .standing
                    .asked_wait()
                    .and_then(|asked| SignedDuration::try_from(asked).ok())
                    .unwrap_or(SignedDuration::ZERO);
                twice(wait, FAILED_MOST).max(asked)
            }
            FailureKind::Stopped => wait,
        };
    }
    let wait = wait.max(fair_share(facts, now));
    let due = tried.checked_add(wait).unwrap_or(Timestamp::MAX);
    Some(due.max(now))
}

/// When it is seen whether QuickBooks can be read again: once a day, and when a month begins.
fn quota_due(facts: &Facts<'_>, now: Timestamp) -> Timestamp {
    let tried = facts.standing.tried_at.filter(|tried| *tried <= now);
    let Some(tried) = tried else {
        return now;
    };
    let tomorrow = tried.checked_add(QUOTA).unwrap_or(Timestamp::MAX);
    tomorrow.min(end_of_month(tried)).max(now)
}

/// The shortest interval that leaves every company its share of the reads that are left this month.
fn fair_share(facts: &Facts<'_>, now: Timestamp) -> SignedDuration {
    let left = u64::from(CALLS_LIMIT).saturating_sub(facts.calls_used);
    let looks = left / u64::from(READS) / u64::from(facts.companies.max(1));
    let rest = end_of_month(now).duration_since(now);
    let looks = i32::try_from(looks).unwrap_or(i32::MAX);
    rest.checked_div(looks).unwrap_or(rest)
}

fn end_of_month(now: Timestamp) -> Timestamp {
    let zoned = now.to_zoned(TimeZone::UTC);
    zoned
        .first_of_month()
        .and_then(|first| first.start_of_day())
        .and_then(|first| first.checked_add(1.month()))
        .map_or(Timestamp::MAX, |next| next.timestamp())
}

impl Desk {
    /// Keeps the schedule until the desk is gone.
    pub(crate) fn keep_schedule(&self) {
        let inner = Arc::downgrade(&self.inner);
        tokio::spawn(follow(inner));
    }

    /// When a connection is due, as Home shows it.
    pub(crate) fn next_sync(
        &self,
        connection: Option<&Connection>,
        standing: &Standing,
        preferences: &Preferences,
    ) -> Option<Timestamp> {
        let facts = Facts {
            state: connection?.state,
            standing,
            minutes: self.minutes(preferences),
            on_battery: self.inner.host.on_battery().unwrap_or(false),
            calls_used: 0,
            companies: 1,
        };
        next_due(&facts, self.now())
    }

    fn minutes(&self, preferences: &Preferences) -> u32 {
        match self.presence() {
            Presence::InUse => preferences.minutes_in_use,
            Presence::InTray => preferences.minutes_in_tray,
        }
    }

    /// Begins what is due, one company after the other.
    async fn begin_due(&self) -> Result<(), DeskError> {
        if self.inner.bench.running().is_some() {
            return Ok(());
        }
        let place = self.place();
        let preferences = self.own().registry(notes::preferences).await?;
        let connections = place
            .registry(|registry| {
                let connections = registry.connections()?;
                connections
                    .into_iter()
                    .map(|connection| {
                        let standing = standing::read(registry, connection.realm.as_str())?;
                        Ok((connection, standing))
                    })
                    .collect::<Result<Vec<_>, DeskError>>()
            })
            .await?;
        let calls_used = self.calls_used(&place, &connections).await?;
        let companies = u32::try_from(connections.len()).unwrap_or(u32::MAX);
        let now = self.now();
        let due = connections
            .iter()
            .filter_map(|(connection, standing)| {
                let facts = Facts {
                    state: connection.state,
                    standing,
                    minutes: self.minutes(&preferences),
                    on_battery: self.inner.host.on_battery().unwrap_or(false),
                    calls_used,
                    companies,
                };
                Some((next_due(&facts, now)?, standing.tried_at, connection))
            })
            .filter(|(due, _, _)| *due <= now)
            .min_by_key(|(_, tried, _)| *tried);
        if let Some((_, _, connection)) = due {
            let company = connection.realm.as_str().to_owned();
            match self.start_scheduled_sync(company).await {
                Ok(()) | Err(DeskError::Busy { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn calls_used(
        &self,
        place: &Arc<Place>,
        connections: &[(Connection, Standing)],
    ) -> Result<u64, DeskError> {
        let month = self.now().strftime("%Y-%m").to_string();
        let mut used = 0;
        for (connection, _) in connections {
            let month = month.clone();
            used += place
                .look(RealmId::new(connection.realm.as_str()), move |store| {
                    let calls = store.map(|store| store.metered_calls(&month));
                    Ok(calls.transpose()?.unwrap_or_default())
                })
                .await?
                .get("quickbooks")
                .copied()
                .unwrap_or_default();
        }
        Ok(used)
    }

    /// Shows a notification, if the owner asked for them.
    pub(crate) async fn notify(
        &self,
        place: &Arc<Place>,
        company: &str,
        news: News,
    ) -> Result<(), DeskError> {
        let preferences = self.own().registry(notes::preferences).await?;
        if !preferences.notifications {
            return Ok(());
        }
        let wanted = company.to_owned();
        let company = place
            .registry(move |registry| {
                let known = registry.companies()?.into_iter();
                Ok(known
                    .filter(|known| known.realm.as_str() == wanted)
                    .map(|known| known.name)
                    .next()
                    .unwrap_or_default())
            })
            .await?;
        self.inner.host.notify(match news {
            News::SignInQuickBooks => Notice::SignInQuickBooks { company },
            News::SignInMailchimp => Notice::SignInMailchimp { company },
            News::NeedsAttention => Notice::NeedsAttention { company },
        });
        Ok(())
    }
}

async fn follow(inner: Weak<Inner>) {
    loop {
        let Some(inner) = inner.upgrade() else {
            return;
        };
        if inner.is_closed() {
            return;
        }
        let due = Arc::clone(&inner.due);
        let desk = Desk { inner };
        if let Err(error) = desk.begin_due().await {
            tracing::warn!(code = error.code(), "the schedule could not be looked at");
        }
        drop(desk);
        tokio::select! {
            () = due.notified() => {}
            () = tokio::time::sleep(GLANCE) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use ledgerpost_ipc::WireError;
    use proptest::prelude::*;

    use super::*;
    use crate::standing::Failure;

    fn now() -> Timestamp {
        "2026-11-22T10:00:00Z".parse().expect("a time")
    }

    fn ago(seconds: i64) -> Option<Timestamp> {
        now().checked_sub(SignedDuration::from_secs(seconds)).ok()
    }

    fn facts(standing: &Standing) -> Facts<'_> {
        Facts {
            state: ConnectionState::Ready,
            standing,
            minutes: 1,
            on_battery: false,
            calls_used: 0,
            companies: 1,
        }
    }

    fn failed(kind: FailureKind, tries: u32, asked: Option<u32>) -> Failure {
        Failure {
            error: WireError {
                code: ErrorCode::ServiceDown,
                message: String::new(),
                hint: None,
                retry_after_seconds: asked,
                service: None,
            },
            kind,
            tries,
        }
    }

    #[test]
    fn it_is_looked_at_every_minute_while_in_use() {
        let standing = Standing {
            tried_at: ago(20),
            ..Standing::default()
        };
        let due = next_due(&facts(&standing), now());
        assert_eq!(due, now().checked_add(SignedDuration::from_secs(40)).ok());
    }

    #[test]
    fn what_only_the_owner_can_mend_is_not_tried() {
        let standing = Standing {
            tried_at: ago(999_999),
            failure: Some(failed(FailureKind::Stopped, 1, None)),
            ..Standing::default()
        };
        assert_eq!(next_due(&facts(&standing), now()), None);
        let well = Standing::default();
        let paused = Facts {
            state: ConnectionState::Paused,
            ..facts(&well)
        };
        assert_eq!(next_due(&paused, now()), None);
    }

    #[test]
    fn reads_that_are_used_up_are_looked_for_each_day_and_when_a_month_begins() {
        let due = |tried: &str| {
            let mut failure = failed(FailureKind::Stopped, 3, None);
            failure.error.code = ErrorCode::MonthlyQuota;
            let standing = Standing {
                tried_at: tried.parse().ok(),
                failure: Some(failure),
                ..Standing::default()
            };
            next_due(&facts(&standing), now()).map(|due| due.to_string())
        };
        let tomorrow = Some("2026-11-23T09:00:00Z".to_owned());
        assert_eq!(due("2026-11-22T09:00:00Z"), tomorrow);
        let overdue = Some("2026-11-22T10:00:00Z".to_owned());
        assert_eq!(due("2026-11-20T09:00:00Z"), overdue);
        let standing = Standing {
            tried_at: "2026-11-30T20:00:00Z".parse().ok(),
            ..Standing::default()
        };
        let evening = "2026-11-30T21:00:00Z".parse().expect("a time");
        let first = quota_due(&facts(&standing), evening).to_string();
        assert_eq!(first, "2026-12-01T00:00:00Z");
    }

    #[test]
    fn after_a_sleep_or_a_clock_that_went_back_it_is_due_at_once() {
        for tried_at in [ago(8 * 3600), ago(-3600), None] {
            let standing = Standing {
                tried_at,
                ..Standing::default()
            };
            assert_eq!(next_due(&facts(&standing), now()), Some(now()));
        }
    }

    #[test]
    fn a_service_that_asks_for_an_hour_gets_it() {
        let standing = Standing {
            tried_at: Some(now()),
            failure: Some(failed(FailureKind::Passing, 1, Some(7_200))),
            ..Standing::default()
        };
        let due = next_due(&facts(&standing), now());
        assert_eq!(due, now().checked_add(SignedDuration::from_hours(2)).ok());
    }

    proptest! {
        #[test]
        fn it_is_never_due_in_the_past_and_never_beyond_the_budget(
            tried in -10_000_i64..10_000_000,
            minutes in 1_u32..1_440,
            tries in 0_u32..40,
            used in 0_u64..600_000,
            companies in 1_u32..200,
        ) {
            let standing = Standing {
                tried_at: ago(tried),
                failure: (tries > 0)
                    .then(|| failed(FailureKind::Passing, tries, None)),
                ..Standing::default()
            };
            let facts = Facts { minutes, calls_used: used, companies, ..facts(&standing) };
            let due = next_due(&facts, now()).expect("it goes on by itself");
            prop_assert!(due >= now());
            let rest = end_of_month(now()).duration_since(now());
            let share = fair_share(&facts, now());
            let looks = rest.as_secs() / share.as_secs().max(1);
            let cost = u64::try_from(looks).unwrap_or(u64::MAX)
                .saturating_mul(u64::from(READS)).saturating_mul(u64::from(companies));
            // A whole interval may begin before the month ends.
            let spare = u64::from(companies) * u64::from(READS) * 2;
            if used < 500_000 && share.as_secs() > 10 {
                prop_assert!(used + cost <= 500_000 + spare + (500_000 - used) / 5, "{cost}");
            }
        }

        #[test]
        fn each_failure_waits_at_least_as_long_as_the_one_before(tries in 1_u32..30) {
            for kind in [FailureKind::Offline, FailureKind::Passing] {
                let due = |tries| {
                    let standing = Standing {
                        tried_at: Some(now()),
                        failure: Some(failed(kind, tries, None)),
                        ..Standing::default()
                    };
                    next_due(&facts(&standing), now())
                };
                prop_assert!(due(tries + 1) >= due(tries));
            }
        }
    }
}
