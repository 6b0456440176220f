//! Audiences, and tying a company to one.

use ledgerpost_core::ids::{AccountId, AudienceId};
use ledgerpost_core::settings::{NewStatus, Settings};
use ledgerpost_store::{Connection, ConnectionState, KnownCompany};
use serde::Serialize;

use crate::app::App;
use crate::error::AppError;

/// An audience that could be the destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AudienceChoice {
    /// Its id.
    pub id: AudienceId,
    /// Its name.
    pub name: String,
    /// Subscribed members as Mailchimp last counted them; up to some minutes old.
    pub subscribed: u64,
    /// Whether new people are to confirm by mail.
    pub double_optin: bool,
    /// Whether a welcome automation mails whoever is added as subscribed.
    pub has_welcome: bool,
    /// Whether its form asks for GDPR permissions.
    pub marketing_permissions: bool,
}

/// The audiences of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Audiences {
    /// The account.
    pub account: AccountId,
    /// Its audiences.
    pub audiences: Vec<AudienceChoice>,
    /// Whether the plan allows another one; `None` when Mailchimp does not say.
    pub may_create: Option<bool>,
}

/// What a company is to be tied to.
#[derive(Debug, Clone)]
pub struct LinkRequest {
    /// The audience's id or name.
    pub audience: String,
    /// The owner's choices.
    pub settings: Settings,
}

/// What a company is to be tied to, where everything is known already.
#[derive(Debug, Clone)]
pub struct Tie {
    /// The company.
    pub company: KnownCompany,
    /// The Mailchimp account.
    pub account: AccountId,
    /// The audience.
    pub audience: AudienceId,
    /// Its name.
    pub audience_name: String,
    /// The owner's choices.
    pub settings: Settings,
}

impl App {
    /// The Mailchimp account that is meant: the latest one that was signed in to.
    pub(crate) fn account(&self) -> Result<AccountId, AppError> {
        let accounts = self.registry.accounts()?;
        accounts
            .into_iter()
            .max_by_key(|account| account.added_at)
            .map(|account| account.id)
            .ok_or(AppError::NoAccount)
    }

    /// Lists the audiences.
    ///
    /// # Errors
    /// [`AppError::NoAccount`], and Mailchimp's.
    pub async fn audiences(&self) -> Result<Audiences, AppError> {
        let account = self.account()?;
        let found = self.mailchimp(&account).await?.list_audiences().await?;
        Ok(Audiences {
            account,
            may_create: found.constraints.map(|limits| limits.may_create),
            audiences: found
                .audiences
                .into_iter()
                .map(|audience| AudienceChoice {
                    id: audience.id,
                    name: audience.name,
                    subscribed: audience.stats.member_count,
                    double_optin: audience.double_optin,
                    has_welcome: audience.has_welcome,
                    marketing_permissions: audience.marketing_permissions,
                })
                .collect(),
        })
    }

    /// Ties a company to an audience that is known to be there: the next plan waits for a yes.
    ///
    /// # Errors
    /// [`AppError::LinkedElsewhere`], [`AppError::GroundsMissing`], [`AppError::UnknownCompany`].
    pub fn tie(&self, tie: Tie) -> Result<Connection, AppError> {
        check_grounds(&tie.settings)?;
        let known = self.registry.connection(&tie.company.realm)?;
        if let Some(known) = &known {
            keeps_audience(known, &tie.company, &tie.audience)?;
        }
        let (state, approved_at) = match &known {
            Some(known) if known.state != ConnectionState::Disconnected => {
                (known.state, known.approved_at)
            }
            Some(_) | None => (ConnectionState::Draft, None),
        };
        let connection = Connection {
            realm: tie.company.realm,
            account: tie.account,
            audience_id: tie.audience,
            audience_name: tie.audience_name,
            state,
            settings: tie.settings,
            needs_approval: true,
            approved_at,
            approved_changes: None,
            created_at: known.map_or_else(|| self.reach.clock.now(), |known| known.created_at),
        };
        self.registry.put_connection(&connection)?;
        Ok(connection)
    }

    /// Ties a company to an audience, or changes the choices of one that is tied. The next plan
    /// waits for a yes.
    ///
    /// # Errors
    /// An audience that is not there, or another one than before.
    pub async fn link(
        &self,
        company: &KnownCompany,
        request: LinkRequest,
    ) -> Result<Connection, AppError> {
        check_grounds(&request.settings)?;
        let found = self.audiences().await?;
        let audience = choose(&found.audiences, &request.audience)?;
        let known = self.registry.connection(&company.realm)?;
        if let Some(known) = &known {
            keeps_audience(known, company, &audience.id)?;
        }
        let connection = Connection {
            realm: company.realm.clone(),
            account: found.account.clone(),
            audience_id: audience.id.clone(),
            audience_name: audience.name.clone(),
            state: ConnectionState::Draft,
            settings: request.settings,
            needs_approval: true,
            approved_at: None,
            approved_changes: None,
            created_at: known.map_or_else(|| self.reach.clock.now(), |known| known.created_at),
        };
        self.registry.put_connection(&connection)?;
        Ok(connection)
    }
}

fn check_grounds(settings: &Settings) -> Result<(), AppError> {
    let given = |grounds: Option<&str>| grounds.is_some_and(|grounds| !grounds.trim().is_empty());
    if settings.status == NewStatus::Subscribed && !given(settings.grounds.as_deref()) {
        return Err(AppError::GroundsMissing);
    }
    Ok(())
}

/// A store cannot move to another audience (`mailchimp.md` 5.2).
fn keeps_audience(
    known: &Connection,
    company: &KnownCompany,
    audience: &AudienceId,
) -> Result<(), AppError> {
    let in_use = known.state != ConnectionState::Disconnected && known.approved_at.is_some();
    if in_use && known.audience_id != *audience {
        return Err(AppError::LinkedElsewhere {
            company: company.name.clone(),
            audience: known.audience_name.clone(),
        });
    }
    Ok(())
}

/// The audience with this id, or the only one with this name.
fn choose<'a>(
    audiences: &'a [AudienceChoice],
    wanted: &str,
) -> Result<&'a AudienceChoice, AppError> {
    if let Some(found) = audiences
        .iter()
        .find(|audience| audience.id.as_str() == wanted)
    {
        return Ok(found);
    }
    let named: Vec<&AudienceChoice> = audiences
        .iter()
        .filter(|audience| audience.name.to_lowercase() == wanted.to_lowercase())
        .collect();
    match named.as_slice() {
        [one] => Ok(one),
        [] => Err(AppError::UnknownAudience {
            wanted: wanted.to_owned(),
            known: audiences
                .iter()
                .map(|audience| format!("{} ({})", audience.name, audience.id))
                .collect(),
        }),
        several => Err(AppError::AmbiguousAudience {
            wanted: wanted.to_owned(),
            ids: several
                .iter()
                .map(|audience| audience.id.to_string())
                .collect(),
        }),
    }
}
