//! Lists, details and figures.

use ledgerpost_app::Reach;
use ledgerpost_core::ids::{AccountId, RealmId};
use ledgerpost_core::settings::Settings;
use ledgerpost_ipc::activity::{ChangePage, ChangeQuery, RunPage, RunQuery, SaveChanges};
use ledgerpost_ipc::contacts::{
    ContactDetail, ContactFacets, ContactPage, ContactQuery, CustomerRef, LeaveAlone, SaveContacts,
};
use ledgerpost_ipc::home::{Health, HealthStanding, Home};
use ledgerpost_ipc::settings::Service;
use ledgerpost_ipc::unreadable::{UnreadablePage, UnreadableQuery};
use ledgerpost_ipc::work::{Task, Topic};
use ledgerpost_ipc::{CompanyRef, ErrorCode, FileFormat, Nothing, Saved, WireError};
use ledgerpost_net::NetError;
use ledgerpost_net::secrets::Account as SignIn;
use ledgerpost_store::{Connection, ConnectionState, KnownCompany};

use crate::desk::Desk;
use crate::error::DeskError;
use crate::look::{self, HomeContext, Stopped};
use crate::notes;
use crate::standing::{self, FailureKind, Standing};

/// What the registry knows of a company.
struct Known {
    company: KnownCompany,
    connection: Option<Connection>,
    standing: Standing,
    /// Whether the owner said yes to a plan that is not carried out yet.
    agreed: bool,
}

impl Known {
    /// Whether a plan that is there waits for the owner's yes.
    fn waits(&self) -> bool {
        let connection = self.connection.as_ref();
        self.standing.waits || connection.is_some_and(|connection| connection.needs_approval)
    }
}

impl Desk {
    async fn known(&self, company: &str) -> Result<Known, DeskError> {
        let wanted = company.to_owned();
        let now = self.now();
        self.place()
            .registry(move |registry| {
                let realm = RealmId::new(wanted.clone());
                let mut companies = registry.companies()?.into_iter();
                let company = match companies.find(|company| company.realm == realm) {
                    Some(company) => company,
                    None => notes::former(registry)?
                        .into_iter()
                        .find(|former| former.company == wanted)
                        .map(|former| KnownCompany {
                            realm: realm.clone(),
                            name: former.name,
                            added_at: now,
                        })
                        .ok_or(DeskError::NotFound { what: "company" })?,
                };
                Ok(Known {
                    connection: registry.connection(&realm)?,
                    standing: standing::read(registry, &wanted)?,
                    agreed: ledgerpost_app::is_agreed(registry, &realm)?,
                    company,
                })
            })
            .await
    }

    pub(crate) async fn read_home(&self, wanted: CompanyRef) -> Result<Home, DeskError> {
        let known = self.known(&wanted.company).await?;
        let reach = self.place().reach();
        let realm = known.company.realm.clone();
        let failure = known.standing.failure.clone();
        let error = failure.as_ref().map(|failure| &failure.error);
        let quickbooks = health(
            &reach,
            SignIn::QuickBooks(realm.clone()),
            reaches(error, Service::Quickbooks),
            self.now(),
        )
        .await;
        let account = known.connection.as_ref().map_or_else(
            || AccountId::new(""),
            |connection| connection.account.clone(),
        );
        let mailchimp = health(
            &reach,
            SignIn::Mailchimp(account),
            reaches(error, Service::Mailchimp),
            self.now(),
        )
        .await;
        let running = self.inner.bench.running();
        let syncing = running.is_some_and(|running| {
            running.task == Task::Sync && running.company.as_deref() == Some(realm.as_str())
        });
        let preferences = self.own().registry(notes::preferences).await?;
        let next_sync = self.next_sync(known.connection.as_ref(), &known.standing, &preferences);
        let now = self.now();
        let (mut offline, mut retrying, mut stopped) = (None, None, None);
        if let Some(failure) = failure {
            let why = Stopped {
                error: failure.error,
                since: known.standing.changed_at,
                tries: failure.tries,
            };
            match failure.kind {
                FailureKind::Offline => offline = Some(why),
                FailureKind::Passing => retrying = Some(why),
                FailureKind::Stopped => stopped = Some(why),
            }
        }
        let waits = known.waits();
        self.place()
            .looks
            .at(realm, move |look| {
                Ok(look.read_home(&HomeContext {
                    company: &known.company,
                    connection: known.connection.as_ref(),
                    now,
                    next_sync,
                    last_sync: known.standing.synced_at,
                    syncing,
                    waits,
                    agreed: known.agreed,
                    offline,
                    retrying,
                    stopped,
                    quickbooks,
                    mailchimp,
                })?)
            })
            .await
    }

    pub(crate) async fn list_contacts(
        &self,
        query: ContactQuery,
    ) -> Result<ContactPage, DeskError> {
        let now = self.now();
        self.place()
            .looks
            .at(RealmId::new(query.company.clone()), move |look| {
                Ok(look.list_contacts(&query, now)?)
            })
            .await
    }

    pub(crate) async fn read_contact_facets(
        &self,
        wanted: CompanyRef,
    ) -> Result<ContactFacets, DeskError> {
        let now = self.now();
        self.place()
            .looks
            .at(RealmId::new(wanted.company), move |look| {
                Ok(look.read_contact_facets(now)?)
            })
            .await
    }

    pub(crate) async fn read_contact(
        &self,
        wanted: CustomerRef,
    ) -> Result<ContactDetail, DeskError> {
        let settings = self
            .known(&wanted.company)
            .await?
            .connection
            .map_or_else(Settings::default, |connection| connection.settings);
        self.place()
            .looks
            .at(RealmId::new(wanted.company), move |look| {
                Ok(look.read_contact(&wanted.customer, &settings)?)
            })
            .await
    }

    pub(crate) async fn leave_alone(&self, wanted: LeaveAlone) -> Result<Nothing, DeskError> {
        self.place()
            .registry(move |registry| {
                let mut connection = registry
                    .connection(&RealmId::new(wanted.company))?
                    .filter(|connection| connection.state != ConnectionState::Disconnected)
                    .ok_or(DeskError::NotFound { what: "connection" })?;
                let changed = look::leave_alone(
                    &mut connection.settings,
                    &wanted.customer,
                    wanted.leave_alone,
                );
                if changed {
                    registry.put_connection(&connection)?;
                }
                Ok(())
            })
            .await?;
        self.inner.outbox.changed(&[Topic::Contacts, Topic::Home]);
        Ok(Nothing {})
    }

    pub(crate) async fn save_contacts(&self, wanted: SaveContacts) -> Result<Saved, DeskError> {
        let company = wanted.query.company.clone();
        let Some(path) = self.save_path("contacts", wanted.format).await else {
            return Ok(nowhere());
        };
        let now = self.now();
        let shown = path.display().to_string();
        let rows = self
            .place()
            .looks
            .at(RealmId::new(company), move |look| {
                Ok(look.save_contacts(&wanted, &path, now)?)
            })
            .await?;
        Ok(Saved {
            path: Some(shown),
            rows,
        })
    }

    pub(crate) async fn list_unreadable(
        &self,
        query: UnreadableQuery,
    ) -> Result<UnreadablePage, DeskError> {
        self.place()
            .looks
            .at(RealmId::new(query.company.clone()), move |look| {
                Ok(look.list_unreadable(&query)?)
            })
            .await
    }

    pub(crate) async fn list_runs(&self, query: RunQuery) -> Result<RunPage, DeskError> {
        let waits = self.known(&query.company).await?.waits();
        self.place()
            .looks
            .at(RealmId::new(query.company.clone()), move |look| {
                Ok(look.list_runs(&query, waits)?)
            })
            .await
    }

    pub(crate) async fn list_changes(&self, query: ChangeQuery) -> Result<ChangePage, DeskError> {
        self.place()
            .looks
            .at(RealmId::new(query.company.clone()), move |look| {
                Ok(look.list_changes(&query)?)
            })
            .await
    }

    pub(crate) async fn save_changes(&self, wanted: SaveChanges) -> Result<Saved, DeskError> {
        let company = wanted.query.company.clone();
        let name = format!("run-{}", wanted.query.run);
        let Some(path) = self.save_path(&name, wanted.format).await else {
            return Ok(nowhere());
        };
        let shown = path.display().to_string();
        let rows = self
            .place()
            .looks
            .at(RealmId::new(company), move |look| {
                Ok(look.save_changes(&wanted, &path)?)
            })
            .await?;
        Ok(Saved {
            path: Some(shown),
            rows,
        })
    }

    /// Asks the owner where to save.
    pub(crate) async fn save_path(
        &self,
        name: &str,
        format: FileFormat,
    ) -> Option<std::path::PathBuf> {
        let extension = match format {
            FileFormat::Csv => "csv",
            FileFormat::Xlsx => "xlsx",
            FileFormat::Json => "json",
        };
        let day = self.now().strftime("%Y-%m-%d");
        self.inner
            .host
            .choose_save_path(&format!("ledgerpost-{name}-{day}.{extension}"))
            .await
    }
}

/// The owner closed the dialog.
pub(crate) const fn nowhere() -> Saved {
    Saved {
        path: None,
        rows: 0,
    }
}

/// What the last failure says about a service.
fn reaches(failure: Option<&WireError>, service: Service) -> HealthStanding {
    let signed_out = match service {
        Service::Quickbooks => ErrorCode::SignInQuickbooks,
        Service::Mailchimp => ErrorCode::SignInMailchimp,
    };
    match failure {
        Some(error) if error.code == signed_out => HealthStanding::SignedOut,
        Some(WireError {
            code: ErrorCode::Offline,
            service: unreached,
            ..
        }) if unreached.is_none_or(|unreached| unreached == service) => HealthStanding::NotReached,
        _ => HealthStanding::Connected,
    }
}

/// One end of the route, with the days that its sign-in has left.
async fn health(
    reach: &Reach,
    account: SignIn,
    standing: HealthStanding,
    now: jiff::Timestamp,
) -> Health {
    let until = match reach.keeper(account).health().await {
        Ok(health) => health
            .refresh_until
            .into_iter()
            .chain(health.hard_until)
            .min(),
        Err(error) => {
            tracing::warn!(code = error.code(), "a sign-in could not be looked at");
            return Health {
                standing: without_sign_in(&error, standing),
                days_left: None,
            };
        }
    };
    Health {
        standing,
        days_left: until.map(|until| {
            let hours = until.duration_since(now).as_hours().max(0);
            u32::try_from(hours / 24).unwrap_or(u32::MAX)
        }),
    }
}

/// How an end of the route stands whose sign-in could not be looked at. A locked keychain is no
/// sign-in that ended: it stops the next sync, which says what to do.
fn without_sign_in(error: &NetError, standing: HealthStanding) -> HealthStanding {
    match (error, standing) {
        (NetError::Token(_), HealthStanding::Connected) => HealthStanding::SignedOut,
        (_, standing) => standing,
    }
}

#[cfg(test)]
mod tests {
    use ledgerpost_net::error::{SecretsError, TokenError};

    use super::*;

    #[test]
    fn a_locked_keychain_is_no_sign_in_that_ended() {
        let ended = TokenError::NotSignedIn {
            account: String::new(),
        };
        let connected = HealthStanding::Connected;
        assert_eq!(
            without_sign_in(&NetError::Token(ended), connected),
            HealthStanding::SignedOut
        );
        let locked = NetError::Secrets(SecretsError::KeychainSilent);
        assert_eq!(without_sign_in(&locked, connected), connected);
    }
}
