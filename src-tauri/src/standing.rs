//! How things stand, in one line: what the tray says and which icon it has.

use jiff::Zoned;
use jiff::tz::TimeZone;
use ledgerpost_ipc::ErrorCode;
use ledgerpost_ipc::home::{ConnectionState, Home};
use ledgerpost_ipc::settings::Service;

use crate::texts::Texts;

/// The icon's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// All is well.
    Usual,
    /// Paused.
    Paused,
    /// Somebody is needed.
    Attention,
}

/// How things stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    /// One line.
    pub(crate) sentence: String,
    /// The icon.
    pub(crate) mark: Mark,
    /// The company that *sync now* and *pause* are for; nothing when there is none to sync.
    pub(crate) company: Option<String>,
    /// Whether that company is paused.
    pub(crate) paused: bool,
    /// Whether a sync can be asked for.
    pub(crate) can_sync: bool,
}

impl Standing {
    /// How the company that is looked at stands; `None` when none is connected.
    pub(crate) fn new(home: Option<&Home>, texts: &Texts, now: &Zoned) -> Self {
        let Some(home) = home else {
            return Self {
                sentence: texts.get("shell_status_no_company").to_owned(),
                mark: Mark::Usual,
                company: None,
                paused: false,
                can_sync: false,
            };
        };
        let (state, mark) = words(home, texts, now);
        Self {
            sentence: format!("{}: {state}", home.name),
            mark,
            company: (home.state != ConnectionState::Disconnected).then(|| home.company.clone()),
            paused: home.state == ConnectionState::Paused,
            can_sync: !matches!(
                home.state,
                ConnectionState::Syncing | ConnectionState::Disconnected
            ),
        }
    }
}

fn words(home: &Home, texts: &Texts, now: &Zoned) -> (String, Mark) {
    let zone = now.time_zone();
    let last = home
        .last_sync
        .as_ref()
        .map(|sync| moment(sync.at, zone, texts, now));
    let since = |with: &'static str, without: &'static str| match &last {
        Some(time) => texts.fill(with, "time", time),
        None => texts.get(without).to_owned(),
    };
    match &home.state {
        ConnectionState::InStep => (
            since("shell_status_in_step_time", "shell_status_in_step"),
            Mark::Usual,
        ),
        ConnectionState::Except { .. } | ConnectionState::Differs => (
            texts.get("shell_status_attention").to_owned(),
            Mark::Attention,
        ),
        ConnectionState::Syncing => (texts.get("shell_status_syncing").to_owned(), Mark::Usual),
        ConnectionState::Paused => (
            since("shell_status_paused_time", "shell_status_paused"),
            Mark::Paused,
        ),
        ConnectionState::Waits { .. } => {
            (texts.get("shell_status_waits").to_owned(), Mark::Attention)
        }
        ConnectionState::Unsent { .. } => {
            (texts.get("shell_status_unsent").to_owned(), Mark::Usual)
        }
        ConnectionState::Unfinished => (
            texts.get("shell_status_unfinished").to_owned(),
            Mark::Attention,
        ),
        ConnectionState::Offline {
            service: Some(service),
        } => {
            let service = match service {
                Service::Quickbooks => "QuickBooks",
                Service::Mailchimp => "Mailchimp",
            };
            let sentence = match home.next_sync {
                Some(at) => texts.fill(
                    "shell_status_not_reached_time",
                    "time",
                    &moment(at, zone, texts, now),
                ),
                None => texts.get("shell_status_not_reached").to_owned(),
            };
            (sentence.replace("{service}", service), Mark::Usual)
        }
        ConnectionState::Offline { service: None } => (
            match home.next_sync {
                Some(at) => texts.fill(
                    "shell_status_offline_time",
                    "time",
                    &moment(at, zone, texts, now),
                ),
                None => texts.get("shell_status_offline").to_owned(),
            },
            Mark::Usual,
        ),
        ConnectionState::Retrying { error, .. } => (
            match home.next_sync {
                Some(at) => texts.fill(
                    "shell_status_retrying_time",
                    "time",
                    &moment(at, zone, texts, now),
                ),
                None => texts.get("shell_status_retrying").to_owned(),
            },
            match error.code {
                ErrorCode::CompanyClosed => Mark::Attention,
                _ => Mark::Usual,
            },
        ),
        ConnectionState::Stopped { error, .. } => (
            match error.code {
                ErrorCode::SignInQuickbooks => texts.get("shell_status_sign_in_quickbooks"),
                ErrorCode::SignInMailchimp => texts.get("shell_status_sign_in_mailchimp"),
                _ => texts.get("shell_status_stopped"),
            }
            .to_owned(),
            Mark::Attention,
        ),
        ConnectionState::Disconnected => (
            texts.get("shell_status_disconnected").to_owned(),
            Mark::Usual,
        ),
    }
}

fn moment(at: jiff::Timestamp, zone: &TimeZone, texts: &Texts, now: &Zoned) -> String {
    texts.moment(&at.to_zoned(zone.clone()), now)
}

#[cfg(test)]
mod tests {
    use ledgerpost_ipc::WireError;
    use ledgerpost_ipc::home::{Health, HealthStanding, LastSync};
    use ledgerpost_ipc::start::Language;

    use super::*;

    fn home(state: ConnectionState) -> Home {
        let health = Health {
            standing: HealthStanding::Connected,
            days_left: None,
        };
        Home {
            company: "9130".to_owned(),
            name: "Tidewater Ceramics".to_owned(),
            audience: "Newsletter".to_owned(),
            audience_contacts: 0,
            customers: 0,
            state,
            quickbooks: health.clone(),
            mailchimp: health,
            last_sync: Some(LastSync {
                run: None,
                at: "2026-11-26T09:42:00Z".parse().expect("a time"),
                sent: 3,
                refused: 0,
            }),
            next_sync: None,
            backup_at: None,
            attention: Vec::new(),
            totals: None,
            months: Vec::new(),
            calls_this_month: 0,
            calls_limit: 500_000,
        }
    }

    fn standing(home: Option<&Home>) -> Standing {
        let now: Zoned = "2026-11-26T16:00[UTC]".parse().expect("a time");
        Standing::new(home, &Texts::new(Some(Language::English)), &now)
    }

    #[test]
    fn each_state_has_its_sentence_and_its_icon() {
        let stopped = |code| ConnectionState::Stopped {
            error: WireError {
                code,
                message: String::new(),
                hint: None,
                retry_after_seconds: None,
                service: None,
            },
            since: None,
            tries: 1,
        };
        for (state, sentence, mark) in [
            (
                ConnectionState::InStep,
                "Tidewater Ceramics: in step, 9:42 AM",
                Mark::Usual,
            ),
            (
                ConnectionState::Paused,
                "Tidewater Ceramics: paused, last sync 9:42 AM",
                Mark::Paused,
            ),
            (
                ConnectionState::Waits { changes: 700 },
                "Tidewater Ceramics: changes wait for your yes",
                Mark::Attention,
            ),
            (
                ConnectionState::Offline {
                    service: Some(Service::Mailchimp),
                },
                "Tidewater Ceramics: Mailchimp was not reached",
                Mark::Usual,
            ),
            (
                ConnectionState::Unsent {
                    changes: 12,
                    found_at: "2026-11-26T15:00:00Z".parse().expect("a time"),
                },
                "Tidewater Ceramics: changes are not sent yet",
                Mark::Usual,
            ),
            (
                stopped(ErrorCode::SignInQuickbooks),
                "Tidewater Ceramics: QuickBooks needs you to sign in again",
                Mark::Attention,
            ),
            (
                stopped(ErrorCode::AudienceGone),
                "Tidewater Ceramics: stopped until you look at it",
                Mark::Attention,
            ),
        ] {
            let standing = standing(Some(&home(state)));
            assert_eq!(standing.sentence, sentence);
            assert_eq!(standing.mark, mark);
        }
    }

    #[test]
    fn nothing_can_be_synced_without_a_connection() {
        assert!(!standing(None).can_sync);
        let disconnected = standing(Some(&home(ConnectionState::Disconnected)));
        assert!(!disconnected.can_sync);
        assert_eq!(disconnected.company, None);
        assert!(
            !standing(Some(&home(ConnectionState::Syncing))).can_sync,
            "one sync at a time"
        );
    }
}
