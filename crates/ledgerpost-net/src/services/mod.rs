//! Where the services are and whose keys to use.
//!
//! Each value comes from the first place that has it: keys that the owner pasted (secret store),
//! the services file (`--services`, `LEDGERPOST_SERVICES`), what was built in. The file is also how
//! the simulator plugs in; its shape is documented in `docs/services-file.md`.

mod built_in;
mod file;
mod redirect;

use std::path::Path;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::error::{NetError, SecretsError, ServicesError};
use crate::secret::{Secret, serialize_exposed};
use crate::secrets::{SecretKey, SecretStore};

pub use redirect::RedirectUri;

/// The only version of the file so far.
pub const VERSION: u32 = 1;

/// The first of the three ports for the loopback listener; the next two are tried when it is taken.
pub const LOOPBACK_PORT: u16 = 17865;

/// A service that a person signs in to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// QuickBooks Online.
    QuickBooks,
    /// Mailchimp.
    Mailchimp,
}

impl Service {
    /// The name as people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::QuickBooks => "QuickBooks",
            Self::Mailchimp => "Mailchimp",
        }
    }

    /// The name in keys, logs and counts.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::QuickBooks => "quickbooks",
            Self::Mailchimp => "mailchimp",
        }
    }
}

/// Which of Intuit's two worlds the keys belong to (`quickbooks-online.md` 1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// Real companies, production keys.
    #[default]
    Production,
    /// Sandbox companies, development keys.
    Sandbox,
}

/// Client id and secret of an app registered with a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientKeys {
    /// Client id; not secret.
    pub client_id: String,
    /// Client secret.
    #[serde(serialize_with = "serialize_exposed")]
    pub client_secret: Secret,
}

/// Keys that the owner pasted, as they are kept in the secret store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PastedKeys {
    /// Client id; not secret.
    pub client_id: String,
    /// Client secret.
    #[serde(serialize_with = "serialize_exposed")]
    pub client_secret: Secret,
    /// Which set of QuickBooks keys it is; `None` for Mailchimp.
    pub environment: Option<Environment>,
    /// The redirect address registered with the keys, if it is not the usual one.
    pub redirect_uri: Option<RedirectUri>,
}

/// Everything needed to find and sign in to QuickBooks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuickBooksService {
    /// Which companies the keys reach.
    pub environment: Environment,
    /// Opened in the browser.
    pub authorize_url: Url,
    /// Exchange and refresh.
    pub token_url: Url,
    /// Ends a sign-in.
    pub revoke_url: Url,
    /// Who signed in.
    pub userinfo_url: Url,
    /// The accounting API, without `/v3`.
    pub api_base_url: Url,
    /// The app's keys, if there are any.
    #[serde(flatten)]
    pub client: Option<ClientKeys>,
    /// Registered with the keys.
    pub redirect_uri: RedirectUri,
    /// Where the relay page hands over to; not used when `redirect_uri` is on this computer itself.
    pub loopback_port: u16,
}

/// Everything needed to find and sign in to Mailchimp.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MailchimpService {
    /// Opened in the browser.
    pub authorize_url: Url,
    /// Exchange.
    pub token_url: Url,
    /// Says where the account's API is.
    pub metadata_url: Url,
    /// Overrides what the metadata and the key's suffix say. Without `/3.0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_base_url: Option<Url>,
    /// The app's keys, if there are any.
    #[serde(flatten)]
    pub client: Option<ClientKeys>,
    /// Registered with the keys.
    pub redirect_uri: RedirectUri,
    /// Where a relay page would hand over to.
    pub loopback_port: u16,
}

/// All services.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Services {
    version: u32,
    /// QuickBooks Online.
    pub quickbooks: QuickBooksService,
    /// Mailchimp.
    pub mailchimp: MailchimpService,
}

impl Services {
    /// The real services with the keys that were built in.
    pub fn built_in() -> Self {
        Self {
            version: VERSION,
            quickbooks: built_in::quickbooks(Environment::Production),
            mailchimp: built_in::mailchimp(),
        }
    }

    /// The built-in services, changed by the file if there is one. Reads the disk.
    pub fn load(path: Option<&Path>) -> Result<Self, ServicesError> {
        match path {
            Some(path) => file::load(path),
            None => Ok(Self::built_in()),
        }
    }

    /// Puts the owner's own keys in front of all others.
    pub async fn with_pasted_keys(mut self, secrets: &dyn SecretStore) -> Result<Self, NetError> {
        if let Some(pasted) = read_pasted_keys(secrets, Service::QuickBooks).await? {
            self.quickbooks.adopt(pasted);
        }
        if let Some(pasted) = read_pasted_keys(secrets, Service::Mailchimp).await? {
            self.mailchimp.adopt(pasted);
        }
        Ok(self)
    }
}

impl QuickBooksService {
    fn adopt(&mut self, pasted: PastedKeys) {
        if let Some(environment) = pasted.environment {
            self.switch_environment(environment);
        }
        if let Some(redirect_uri) = pasted.redirect_uri {
            self.redirect_uri = redirect_uri;
        }
        self.client = Some(ClientKeys {
            client_id: pasted.client_id,
            client_secret: pasted.client_secret,
        });
    }

    /// Changes the addresses that differ between the two worlds, except those that a file set.
    fn switch_environment(&mut self, environment: Environment) {
        let old = built_in::quickbooks(self.environment);
        let new = built_in::quickbooks(environment);
        if self.userinfo_url == old.userinfo_url {
            self.userinfo_url = new.userinfo_url;
        }
        if self.api_base_url == old.api_base_url {
            self.api_base_url = new.api_base_url;
        }
        if self.redirect_uri == old.redirect_uri {
            self.redirect_uri = new.redirect_uri;
        }
        self.environment = environment;
    }
}

impl MailchimpService {
    fn adopt(&mut self, pasted: PastedKeys) {
        if let Some(redirect_uri) = pasted.redirect_uri {
            self.redirect_uri = redirect_uri;
        }
        self.client = Some(ClientKeys {
            client_id: pasted.client_id,
            client_secret: pasted.client_secret,
        });
    }
}

/// Keeps keys that the owner pasted.
pub async fn save_pasted_keys(
    secrets: &dyn SecretStore,
    service: Service,
    keys: &PastedKeys,
) -> Result<(), SecretsError> {
    let text = serde_json::to_string(keys).expect("plain texts always serialise");
    secrets
        .set(&SecretKey::Keys(service), &Secret::new(text))
        .await
}

async fn read_pasted_keys(
    secrets: &dyn SecretStore,
    service: Service,
) -> Result<Option<PastedKeys>, SecretsError> {
    let Some(text) = secrets.get(&SecretKey::Keys(service)).await? else {
        return Ok(None);
    };
    serde_json::from_str(text.expose())
        .map(Some)
        .map_err(|_| SecretsError::PastedKeys {
            service: service.name(),
        })
}

#[cfg(test)]
mod tests;
