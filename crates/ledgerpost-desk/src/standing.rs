//! How a connection is doing, from one try to the next: what the schedule and Home go by.

use std::time::Duration;

use jiff::Timestamp;
use ledgerpost_core::retry::Retry;
use ledgerpost_ipc::work::{Outcome, Task};
use ledgerpost_ipc::{ErrorCode, WireError};
use ledgerpost_store::Registry;
use serde::{Deserialize, Serialize};

use crate::error::DeskError;

/// How a connection is doing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Standing {
    /// When it was last tried.
    pub(crate) tried_at: Option<Timestamp>,
    /// When a sync last ended well, whether there was something to do or not.
    pub(crate) synced_at: Option<Timestamp>,
    /// When something last changed.
    pub(crate) changed_at: Option<Timestamp>,
    /// Whether the last plan waits for a yes.
    pub(crate) waits: bool,
    /// What went wrong since the last success.
    pub(crate) failure: Option<Failure>,
    /// The failure that the owner was told of, until a try ends well: being offline in between does not
    /// make it news again.
    pub(crate) told: Option<ErrorCode>,
    /// Whether the company's subscription has lapsed.
    pub(crate) lapsed: bool,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failure {
    pub(crate) error: WireError,
    pub(crate) kind: FailureKind,
    /// How often in a row.
    pub(crate) tries: u32,
}

impl Failure {
    /// Whether nothing goes on before the owner does something.
    fn needs_owner(&self) -> bool {
        match self.kind {
            FailureKind::Stopped => true,
            // It is tried again by itself, because what closed it may pass; mostly it does not.
            FailureKind::Passing => self.error.code == ErrorCode::CompanyClosed,
            FailureKind::Offline => false,
        }
    }
}

/// What a failure means for trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FailureKind {
    /// No internet.
    Offline,
    /// May pass by itself.
    Passing,
    /// Only the owner can help.
    Stopped,
}

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// A sync ended well.
    Synced {
        /// Whether it changed anything.
        changed: bool,
    },
    /// A plan waits for a yes.
    Waits,
    /// Both services answered.
    Answered,
    /// The owner stopped it.
    Stopped,
    /// It failed.
    Failed { error: WireError, kind: FailureKind },
}

impl Event {
    pub(crate) fn of(task: Task, ended: &Result<Outcome, DeskError>) -> Self {
        match ended {
            Ok(Outcome::Synced { sent, refused, .. }) => Self::Synced {
                changed: sent + refused > 0,
            },
            Ok(Outcome::NeedsYes { .. }) => Self::Waits,
            Ok(_) => Self::Answered,
            Err(error) if error.is_stop() => Self::Stopped,
            // A dry run that fails says nothing about the schedule, unless a service is not there.
            Err(error) => Self::Failed {
                kind: match error.retry() {
                    Retry::Offline => FailureKind::Offline,
                    Retry::Transient { .. } => FailureKind::Passing,
                    Retry::Permanent if task == Task::Plan => FailureKind::Passing,
                    Retry::Permanent | Retry::SignIn => FailureKind::Stopped,
                },
                error: error.wire(),
            },
        }
    }
}

impl Event {
    /// Whether a service answered.
    pub(crate) const fn means_online(&self) -> bool {
        matches!(self, Self::Synced { .. } | Self::Waits | Self::Answered)
    }
}

impl Standing {
    /// How it is doing after a try.
    #[must_use]
    pub(crate) fn after(mut self, event: Event, now: Timestamp) -> Self {
        self.tried_at = Some(now);
        if event.means_online() {
            self.failure = None;
            self.told = None;
        }
        match event {
            Event::Synced { changed } => {
                self.synced_at = Some(now);
                self.waits = false;
                if changed {
                    self.changed_at = Some(now);
                }
            }
            Event::Waits => self.waits = true,
            Event::Answered | Event::Stopped => {}
            Event::Failed { error, kind } => {
                let tries = self.failure.as_ref().map_or(0, |failure| failure.tries);
                let failure = Failure {
                    error,
                    kind,
                    tries: tries.saturating_add(1),
                };
                if failure.needs_owner() {
                    self.told = Some(failure.error.code);
                }
                self.failure = Some(failure);
            }
        }
        self
    }

    /// How long the service asked to wait after the last failure.
    pub(crate) fn asked_wait(&self) -> Option<Duration> {
        let seconds = self.failure.as_ref()?.error.retry_after_seconds?;
        Some(Duration::from_secs(u64::from(seconds)))
    }
}

/// What an owner is told who asked for notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    SignInQuickBooks,
    SignInMailchimp,
    NeedsAttention,
}

/// What is new after a try; nothing when the owner was told already.
pub(crate) fn news(before: &Standing, after: &Standing) -> Option<News> {
    if let Some(code) = after.told
        && before.told != Some(code)
    {
        return Some(match code {
            ErrorCode::SignInQuickbooks => News::SignInQuickBooks,
            ErrorCode::SignInMailchimp => News::SignInMailchimp,
            _ => News::NeedsAttention,
        });
    }
    let new = (after.waits && !before.waits) || (after.lapsed && !before.lapsed);
    new.then_some(News::NeedsAttention)
}

fn name(company: &str) -> String {
    format!("standing:{company}")
}

pub(crate) fn read(registry: &Registry, company: &str) -> Result<Standing, DeskError> {
    Ok(registry.note(&name(company))?.unwrap_or_default())
}

pub(crate) fn put(
    registry: &Registry,
    company: &str,
    standing: &Standing,
) -> Result<(), DeskError> {
    Ok(registry.put_note(&name(company), standing)?)
}

/// The owner said yes to what waited.
pub(crate) fn clear_waits(registry: &Registry, company: &str) -> Result<(), DeskError> {
    let mut standing = read(registry, company)?;
    if standing.waits {
        standing.waits = false;
        put(registry, company, &standing)?;
    }
    Ok(())
}

/// The first answer after a time without internet: whoever waits for it is due.
pub(crate) fn clear_offline(registry: &Registry) -> Result<(), DeskError> {
    for connection in registry.connections()? {
        let company = connection.realm.as_str();
        let mut standing = read(registry, company)?;
        let offline = standing
            .failure
            .as_ref()
            .is_some_and(|failure| failure.kind == FailureKind::Offline);
        if offline {
            standing.failure = None;
            standing.tried_at = None;
            put(registry, company, &standing)?;
        }
    }
    Ok(())
}

/// After a new sign-in: whoever waited for it is due.
pub(crate) fn clear_signed_out(registry: &Registry) -> Result<(), DeskError> {
    for connection in registry.connections()? {
        let company = connection.realm.as_str();
        let mut standing = read(registry, company)?;
        if standing.failure.take().is_some() {
            standing.told = None;
            standing.tried_at = None;
            put(registry, company, &standing)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(code: ErrorCode, kind: FailureKind) -> Event {
        Event::Failed {
            error: WireError {
                code,
                message: String::new(),
                hint: None,
                retry_after_seconds: None,
                service: None,
            },
            kind,
        }
    }

    #[test]
    fn an_owner_is_told_once() {
        let now = Timestamp::UNIX_EPOCH;
        let well = Standing::default();
        let stop = || failed(ErrorCode::SignInQuickbooks, FailureKind::Stopped);
        let stopped = well.clone().after(stop(), now);
        assert_eq!(news(&well, &stopped), Some(News::SignInQuickBooks));
        let again = stopped.clone().after(stop(), now);
        assert_eq!(news(&stopped, &again), None);
        assert_eq!(again.failure.map(|failure| failure.tries), Some(2));
        let offline = well
            .clone()
            .after(failed(ErrorCode::Offline, FailureKind::Offline), now);
        assert_eq!(news(&well, &offline), None, "offline is a state");
    }

    #[test]
    fn a_closed_company_is_told_once_until_it_opens_again() {
        let now = Timestamp::UNIX_EPOCH;
        let closed = || failed(ErrorCode::CompanyClosed, FailureKind::Passing);
        let mut standing = Standing::default();
        let mut told = Vec::new();
        for event in [
            closed(),
            closed(),
            failed(ErrorCode::Offline, FailureKind::Offline),
            closed(),
            Event::Synced { changed: false },
            closed(),
        ] {
            let after = standing.clone().after(event, now);
            told.push(news(&standing, &after));
            standing = after;
        }
        let needs = Some(News::NeedsAttention);
        assert_eq!(told, [needs, None, None, None, None, needs]);
    }

    #[test]
    fn what_passes_by_itself_is_not_told() {
        let now = Timestamp::UNIX_EPOCH;
        let well = Standing::default();
        for code in [ErrorCode::ServiceDown, ErrorCode::Throttled] {
            let after = well.clone().after(failed(code, FailureKind::Passing), now);
            assert_eq!(news(&well, &after), None);
        }
    }

    #[test]
    fn a_subscription_that_lapses_is_told_once() {
        let well = Standing::default();
        let lapsed = Standing {
            lapsed: true,
            ..Standing::default()
        };
        assert_eq!(news(&well, &lapsed), Some(News::NeedsAttention));
        assert_eq!(news(&lapsed, &lapsed), None);
        assert_eq!(news(&lapsed, &well), None);
    }

    #[test]
    fn a_success_ends_what_was_wrong() {
        let now = Timestamp::UNIX_EPOCH;
        let standing = Standing::default()
            .after(failed(ErrorCode::ServiceDown, FailureKind::Passing), now)
            .after(Event::Synced { changed: false }, now);
        assert_eq!(standing.failure, None);
        assert_eq!(standing.changed_at, None);
        assert_eq!(standing.synced_at, Some(now));
    }
}
