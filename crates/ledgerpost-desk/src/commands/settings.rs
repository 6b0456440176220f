//! Settings of a connection, the owner's app keys, about, diagnostics.

use std::fmt::Write as _;
use std::path::Path;

use ledgerpost_core::ids::RealmId;
use ledgerpost_ipc::settings::{
    About, AppKeys, CompanySettings, Diagnostics, KeysHelp, SaveSettings, Service as WireService,
    ServiceRef,
};
use ledgerpost_ipc::start::KeysSource;
use ledgerpost_ipc::work::Topic;
use ledgerpost_ipc::{CompanyRef, Nothing};
use ledgerpost_net::Secret;
use ledgerpost_net::secrets::SecretKey;
use ledgerpost_net::services::{Environment, PastedKeys, RedirectUri, Service, save_pasted_keys};
use ledgerpost_store::{Connection, ConnectionState};

use super::start;
use crate::desk::Desk;
use crate::error::DeskError;
use crate::look::settings_from_wire;
use crate::place::{Place, blocking};
use crate::standing::{self, FailureKind};

/// The longest key that anybody pastes.
const LONGEST_KEY: usize = 500;

impl Desk {
    pub(crate) async fn read_settings(
        &self,
        wanted: CompanyRef,
    ) -> Result<CompanySettings, DeskError> {
        let realm = RealmId::new(wanted.company.clone());
        let looked = realm.clone();
        let (name, account, connection) = self
            .place()
            .registry(move |registry| {
                let mut companies = registry.companies()?.into_iter();
                let company = companies
                    .rfind(|company| company.realm == looked)
                    .ok_or(DeskError::NotFound { what: "company" })?;
                let connection = registry
                    .connection(&looked)?
                    .ok_or(DeskError::NotFound { what: "connection" })?;
                let account = registry
                    .accounts()?
                    .into_iter()
                    .find(|known| known.id == connection.account)
                    .map_or_else(String::new, |known| known.name);
                Ok((company.name, account, connection))
            })
            .await?;
        let settings = connection.settings.clone();
        let settings = self
            .place()
            .looks
            .at(realm, move |look| Ok(look.settings(&settings)?))
            .await?;
        Ok(CompanySettings {
            company: wanted.company,
            name,
            account,
            audience: connection.audience_name,
            settings,
        })
    }

    pub(crate) async fn save_settings(
        &self,
        wanted: SaveSettings,
    ) -> Result<CompanySettings, DeskError> {
        let company = wanted.company.clone();
        self.place()
            .registry(move |registry| {
                let connection = registry
                    .connection(&RealmId::new(wanted.company))?
                    .filter(|connection| connection.state != ConnectionState::Disconnected)
                    .ok_or(DeskError::NotFound { what: "connection" })?;
                let settings = settings_from_wire(&wanted.settings, &connection.settings)?;
                if settings == connection.settings {
                    return Ok(());
                }
                Ok(registry.put_connection(&Connection {
                    settings,
                    // Nothing is written before it has been seen.
                    needs_approval: true,
                    ..connection
                })?)
            })
            .await?;
        self.inner.outbox.changed(&[Topic::Home, Topic::Contacts]);
        self.inner.due.notify_one();
        self.read_settings(CompanyRef { company }).await
    }

    #[expect(clippy::unused_async, reason = "every command is asynchronous")]
    pub(crate) async fn read_keys_help(&self, wanted: ServiceRef) -> Result<KeysHelp, DeskError> {
        Ok(help(&self.place(), wanted.service))
    }

    pub(crate) async fn save_keys(&self, keys: AppKeys) -> Result<KeysHelp, DeskError> {
        let pasted = pasted(&keys)?;
        let place = self.place();
        save_pasted_keys(
            place.reach().secrets().as_ref(),
            service(keys.service),
            &pasted,
        )
        .await
        .map_err(ledgerpost_app::AppError::from)?;
        self.use_keys(&place).await?;
        Ok(help(&place, keys.service))
    }

    pub(crate) async fn forget_keys(&self, wanted: ServiceRef) -> Result<KeysHelp, DeskError> {
        let place = self.place();
        place
            .reach()
            .secrets()
            .delete(&SecretKey::Keys(service(wanted.service)))
            .await
            .map_err(ledgerpost_app::AppError::from)?;
        self.use_keys(&place).await?;
        Ok(help(&place, wanted.service))
    }

    async fn use_keys(&self, place: &Place) -> Result<(), DeskError> {
        let reach = place
            .reach()
            .with_keys_read_again(place.provided.clone())
            .await?;
        place.set_reach(reach)?;
        self.inner.outbox.changed(&[Topic::Start]);
        Ok(())
    }

    pub(crate) async fn read_about(&self, _: Nothing) -> Result<About, DeskError> {
        let place = self.place();
        let folder = place.folder().to_owned();
        let data_kilobytes = blocking(move || Ok(size(&folder) / 1_000)).await?;
        Ok(About {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: self.inner.host.commit(),
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            data_folder: place.folder().display().to_string(),
            data_kilobytes: u32::try_from(data_kilobytes).unwrap_or(u32::MAX),
            log_folder: self
                .inner
                .host
                .log_folder()
                .map(|folder| folder.display().to_string()),
            keychain: place.keychain,
        })
    }

    /// Versions, states, codes and counts. No name, address, token or amount: nothing that was read from a
    /// service or typed in gets here.
    pub(crate) async fn read_diagnostics(&self, _: Nothing) -> Result<Diagnostics, DeskError> {
        let about = self.read_about(Nothing {}).await?;
        let place = self.place();
        let mut text = String::new();
        let mut line = |name: &str, value: &str| {
            // Writing to a text cannot fail.
            _ = writeln!(text, "{name}: {value}");
        };
        line("Ledgerpost", &about.version);
        line("commit", about.commit.as_deref().unwrap_or("unknown"));
        line("system", &about.system);
        line("time", &self.now().to_string());
        line("data", &format!("{} kB", about.data_kilobytes));
        line("sign-ins", if about.keychain { "keychain" } else { "file" });
        line("demo", if place.demo { "yes" } else { "no" });
        line("set aside", &place.set_aside.len().to_string());
        let reach = place.reach();
        for held_up in reach.meter().held_up() {
            line(held_up.service, held_up.why.code());
        }
        for row in reach.meter().rows() {
            let counts = row.counts;
            line(
                &format!("{} {} {}", row.service, row.method, row.template),
                &format!("{} attempts, {} failures", counts.attempts, counts.failures),
            );
        }
        let connections = place
            .registry(|registry| {
                let mut lines = Vec::new();
                for (number, connection) in registry.connections()?.iter().enumerate() {
                    let standing = standing::read(registry, connection.realm.as_str())?;
                    lines.push((
                        number + 1,
                        connection.realm.clone(),
                        describe(connection, &standing),
                    ));
                }
                Ok(lines)
            })
            .await?;
        for (number, realm, state) in connections {
            line(&format!("connection {number}"), &state);
            let runs = place
                .look(realm, |store| {
                    let runs = store.map(|store| store.runs(5));
                    Ok(runs.transpose()?.unwrap_or_default())
                })
                .await?;
            for run in runs {
                line(
                    &format!("connection {number} run {}", run.id),
                    &format!(
                        "{} {} {}",
                        run.kind,
                        run.state,
                        run.failure.as_deref().unwrap_or("")
                    ),
                );
            }
        }
        Ok(Diagnostics { text })
    }
}

fn describe(connection: &Connection, standing: &standing::Standing) -> String {
    let failure = standing.failure.as_ref().map_or_else(
        || "well".to_owned(),
        |failure| {
            let kind = match failure.kind {
                FailureKind::Offline => "offline",
                FailureKind::Passing => "passing",
                FailureKind::Stopped => "stopped",
            };
            format!("{kind} {:?} x{}", failure.error.code, failure.tries)
        },
    );
    format!(
        "{}, needs a yes: {}, {failure}, tried {}, synced {}",
        connection.state,
        connection.needs_approval,
        standing
            .tried_at
            .map_or_else(|| "never".to_owned(), |at| at.to_string()),
        standing
            .synced_at
            .map_or_else(|| "never".to_owned(), |at| at.to_string()),
    )
}

const fn service(service: WireService) -> Service {
    match service {
        WireService::Quickbooks => Service::QuickBooks,
        WireService::Mailchimp => Service::Mailchimp,
    }
}

/// Keys as they are kept, checked.
fn pasted(keys: &AppKeys) -> Result<PastedKeys, DeskError> {
    let invalid = |field, problem| DeskError::Invalid { field, problem };
    let id = keys.client_id.trim();
    let secret = keys.client_secret.trim();
    let fits = |text: &str| {
        (1..=LONGEST_KEY).contains(&text.len()) && text.chars().all(|c| c.is_ascii_graphic())
    };
    if !fits(id) {
        return Err(invalid("clientId", "no client id"));
    }
    if !fits(secret) {
        return Err(invalid("clientSecret", "no client secret"));
    }
    let relay = keys.relay.trim();
    let redirect_uri = match (keys.service, keys.development, relay.is_empty()) {
        (WireService::Quickbooks, false, false) => Some(
            RedirectUri::parse(relay)
                .filter(|redirect| redirect.loopback_port().is_none())
                .ok_or_else(|| invalid("relay", "an address that begins with https://"))?,
        ),
        // Production keys refuse addresses on this computer (`quickbooks-online.md` 1.2).
        (WireService::Quickbooks, false, true) => {
            return Err(invalid("relay", "needed with production keys"));
        }
        (WireService::Quickbooks, true, _) | (WireService::Mailchimp, _, _) => None,
    };
    Ok(PastedKeys {
        client_id: id.to_owned(),
        client_secret: Secret::new(secret),
        environment: match keys.service {
            WireService::Quickbooks if keys.development => Some(Environment::Sandbox),
            WireService::Quickbooks => Some(Environment::Production),
            WireService::Mailchimp => None,
        },
        redirect_uri,
    })
}

fn help(place: &Place, wanted: WireService) -> KeysHelp {
    let reach = place.reach();
    let (used, provided, redirect) = match wanted {
        WireService::Quickbooks => (
            &reach.services().quickbooks.client,
            &place.provided.quickbooks.client,
            &reach.services().quickbooks.redirect_uri,
        ),
        WireService::Mailchimp => (
            &reach.services().mailchimp.client,
            &place.provided.mailchimp.client,
            &reach.services().mailchimp.redirect_uri,
        ),
    };
    let source: KeysSource = start::keys(used.as_ref(), provided.as_ref());
    KeysHelp {
        source,
        redirect: redirect.as_str().to_owned(),
    }
}

/// How many bytes a folder holds. What cannot be read counts nothing.
fn size(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(found) if found.is_dir() => size(&entry.path()),
            Ok(found) => found.len(),
            Err(_) => 0,
        })
        .sum()
}
