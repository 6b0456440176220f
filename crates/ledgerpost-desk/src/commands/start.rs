//! What the window asks first, and the owner's preferences.

use ledgerpost_ipc::start::{CompanySummary, KeysSource, Preferences, Standing, Start};
use ledgerpost_ipc::work::Topic;
use ledgerpost_ipc::{CompanyRef, Nothing};
use ledgerpost_net::services::ClientKeys;
use ledgerpost_store::{Connection, ConnectionState, Registry};

use crate::desk::Desk;
use crate::error::DeskError;
use crate::notes;

/// Minutes between reads while the window is in use.
const IN_USE: std::ops::RangeInclusive<u32> = 1..=60;
/// Minutes between reads in the tray.
const IN_TRAY: std::ops::RangeInclusive<u32> = 1..=1_440;
/// More columns than the list has.
const MOST_COLUMNS: usize = 32;

impl Desk {
    pub(crate) async fn read_start(&self, _: Nothing) -> Result<Start, DeskError> {
        let place = self.place();
        // Preferences are the owner's, in the demo too.
        let (preferences, told_about_tray) = self
            .own()
            .registry(|registry| {
                Ok((
                    notes::preferences(registry)?,
                    notes::told_about_tray(registry)?,
                ))
            })
            .await?;
        let (companies, current, draft) = place
            .registry(|registry| {
                Ok((
                    companies(registry)?,
                    notes::current(registry)?,
                    notes::draft(registry)?,
                ))
            })
            .await?;
        let reach = place.reach();
        let known = |wanted: &String| companies.iter().any(|company| company.company == *wanted);
        let current = current.filter(known).or_else(|| first(&companies));
        Ok(Start {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            platform: std::env::consts::OS.to_owned(),
            preferences,
            demo: place.demo,
            current,
            companies,
            draft,
            quickbooks_keys: keys(
                reach.services().quickbooks.client.as_ref(),
                place.provided.quickbooks.client.as_ref(),
            ),
            mailchimp_keys: keys(
                reach.services().mailchimp.client.as_ref(),
                place.provided.mailchimp.client.as_ref(),
            ),
            set_aside: place.set_aside.clone(),
            told_about_tray,
        })
    }

    pub(crate) async fn save_preferences(
        &self,
        new: Preferences,
    ) -> Result<Preferences, DeskError> {
        check(&new)?;
        let saved = new.clone();
        let before = self
            .own()
            .registry(move |registry| {
                let before = notes::preferences(registry)?;
                notes::put_preferences(registry, &saved)?;
                Ok(before)
            })
            .await?;
        if before.start_at_login != new.start_at_login {
            let changed = self.inner.host.set_start_at_login(new.start_at_login);
            if let Err(source) = changed {
                self.own()
                    .registry(move |registry| notes::put_preferences(registry, &before))
                    .await?;
                return Err(DeskError::System {
                    action: "change what starts with the computer",
                    source,
                });
            }
        }
        self.inner.outbox.changed(&[Topic::Start]);
        Ok(new)
    }

    pub(crate) async fn choose_company(&self, wanted: CompanyRef) -> Result<Nothing, DeskError> {
        self.place()
            .registry(move |registry| {
                let known = companies(registry)?;
                if known.iter().all(|known| known.company != wanted.company) {
                    return Err(DeskError::NotFound { what: "company" });
                }
                notes::put_current(registry, &wanted.company)
            })
            .await?;
        self.inner.outbox.changed(&[Topic::Start, Topic::Home]);
        Ok(Nothing {})
    }

    pub(crate) async fn confirm_tray(&self, _: Nothing) -> Result<Nothing, DeskError> {
        self.own().registry(notes::put_told_about_tray).await?;
        Ok(Nothing {})
    }
}

fn check(preferences: &Preferences) -> Result<(), DeskError> {
    let invalid = |field, problem| Err(DeskError::Invalid { field, problem });
    if !IN_USE.contains(&preferences.minutes_in_use) {
        return invalid("minutesInUse", "between 1 and 60");
    }
    if !IN_TRAY.contains(&preferences.minutes_in_tray) {
        return invalid("minutesInTray", "between 1 and 1,440");
    }
    let columns = &preferences.contact_columns;
    if columns.len() > MOST_COLUMNS || columns.iter().any(|column| column.len() > MOST_COLUMNS) {
        return invalid("contactColumns", "no columns of the list");
    }
    Ok(())
}

/// All companies by name, those that were disconnected too.
pub(crate) fn companies(registry: &Registry) -> Result<Vec<CompanySummary>, DeskError> {
    let connections = registry.connections()?;
    let mut companies: Vec<CompanySummary> = registry
        .companies()?
        .into_iter()
        .map(|company| {
            let connection = connections
                .iter()
                .find(|connection| connection.realm == company.realm);
            CompanySummary {
                company: company.realm.as_str().to_owned(),
                name: company.name,
                audience: connection.map(|connection| connection.audience_name.clone()),
                standing: standing(connection),
            }
        })
        .collect();
    for former in notes::former(registry)? {
        if companies
            .iter()
            .all(|known| known.company != former.company)
        {
            companies.push(CompanySummary {
                company: former.company,
                name: former.name,
                audience: Some(former.audience),
                standing: Standing::Disconnected,
            });
        }
    }
    companies.sort_by(|one, other| (&one.name, &one.company).cmp(&(&other.name, &other.company)));
    Ok(companies)
}

pub(crate) fn standing(connection: Option<&Connection>) -> Standing {
    match connection {
        None => Standing::SettingUp,
        Some(connection) => match connection.state {
            ConnectionState::Draft => Standing::SettingUp,
            ConnectionState::Ready | ConnectionState::Paused => Standing::Connected,
            ConnectionState::Disconnected => Standing::Disconnected,
        },
    }
}

/// The company to look at when none was chosen: a connected one before the others.
fn first(companies: &[CompanySummary]) -> Option<String> {
    let connected = companies
        .iter()
        .find(|company| company.standing == Standing::Connected);
    connected
        .or(companies.first())
        .map(|company| company.company.clone())
}

/// Where the keys in use come from.
pub(crate) fn keys(used: Option<&ClientKeys>, provided: Option<&ClientKeys>) -> KeysSource {
    match used {
        None => KeysSource::Missing,
        Some(used) if Some(used) == provided => KeysSource::Provided,
        Some(_) => KeysSource::Own,
    }
}
