//! The program as it runs: data folder, registry, secrets, services.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ledgerpost_core::ids::{AccountId, RealmId};
use ledgerpost_core::ports::Clock;
use ledgerpost_mailchimp::Credential;
use ledgerpost_net::http::{Limits, Meter, RetryPolicy, Transport};
use ledgerpost_net::oauth::{DirectExchange, TokenExchange};
use ledgerpost_net::secrets::{Account, FileSecrets, KeychainSecrets, SecretStore};
use ledgerpost_net::services::{Service, Services};
use ledgerpost_net::tokens::{TokenKeeper, TokenPorts};
use ledgerpost_store::{
    CompanyStore, Connection, ConnectionState, DataFolder, KnownCompany, Opened, Registry,
};
use url::Url;

use crate::error::AppError;

/// Where tokens and keys are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SecretsChoice {
    /// The operating system's keychain.
    #[default]
    Keychain,
    /// A file in the data folder, readable by its owner alone. Only by explicit choice.
    File,
}

/// How the program was started.
#[derive(Debug, Clone)]
pub struct Options {
    /// The data folder.
    pub data_folder: PathBuf,
    /// The services file, if one was given.
    pub services: Option<PathBuf>,
    /// Where tokens and keys are kept.
    pub secrets: SecretsChoice,
    /// What this process calls itself to a second one.
    pub program: String,
}

/// The program as it runs.
pub struct App {
    pub(crate) folder: DataFolder,
    pub(crate) registry: Registry,
    pub(crate) services: Services,
    pub(crate) secrets: Arc<dyn SecretStore>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) meter: Meter,
    pub(crate) retry: RetryPolicy,
    /// `None`: as long as the store thinks right.
    file_patience: Option<Duration>,
    /// What opening found out of order and set aside.
    set_aside: Vec<PathBuf>,
}

/// The folder's file with tokens, for those who chose so.
const SECRETS_FILE: &str = "secrets.json";
/// What our entries in the keychain are filed under.
const KEYCHAIN: &str = "Ledgerpost";

impl App {
    /// Opens the data folder and takes its lock.
    ///
    /// # Errors
    /// A folder that is in use, read-only or damaged; a services file with errors; no keychain.
    pub async fn open(options: &Options, clock: Arc<dyn Clock>) -> Result<Self, AppError> {
        let services = Services::load(options.services.as_deref())?;
        let folder = DataFolder::open(&options.data_folder, &options.program)?;
        let (registry, opened) = folder.registry(clock.now())?;
        let secrets: Arc<dyn SecretStore> = match options.secrets {
            SecretsChoice::Keychain => Arc::new(KeychainSecrets::new(KEYCHAIN)),
            SecretsChoice::File => Arc::new(FileSecrets::new(folder.path().join(SECRETS_FILE))),
        };
        let services = services.with_pasted_keys(secrets.as_ref()).await?;
        let mut app = Self {
            folder,
            registry,
            services,
            secrets,
            clock,
            meter: Meter::default(),
            retry: RetryPolicy::STANDARD,
            file_patience: None,
            set_aside: Vec::new(),
        };
        app.note(opened);
        Ok(app)
    }

    /// Waits between attempts as `policy` says, instead of [`RetryPolicy::STANDARD`].
    #[must_use]
    pub fn with_retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Waits this long for another program that holds a company's file.
    #[must_use]
    pub const fn with_file_patience(mut self, patience: Duration) -> Self {
        self.file_patience = Some(patience);
        self
    }

    /// The data folder.
    pub fn data_folder(&self) -> &Path {
        self.folder.path()
    }

    /// Requests since the start.
    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Damaged files that were set aside. What they held is read again from the services.
    pub fn set_aside(&self) -> &[PathBuf] {
        &self.set_aside
    }

    /// Opens a company's file for work.
    pub(crate) fn open_company(&mut self, realm: &RealmId) -> Result<CompanyStore, AppError> {
        let (store, opened) = self.folder.company(realm, self.clock.now())?;
        self.note(opened);
        if let Some(patience) = self.file_patience {
            store.wait_for_others(patience)?;
        }
        Ok(store)
    }

    fn note(&mut self, opened: Opened) {
        if let Opened::SetAside { path } = opened {
            self.set_aside.push(path);
        }
    }

    /// The companies that are signed in.
    ///
    /// # Errors
    /// The registry's.
    pub fn companies(&self) -> Result<Vec<KnownCompany>, AppError> {
        Ok(self.registry.companies()?)
    }

    /// The company that is meant: the one named by id or name, or the only one.
    ///
    /// # Errors
    /// [`AppError::NoCompany`], [`AppError::UnknownCompany`], [`AppError::WhichCompany`].
    pub fn company(&self, wanted: Option<&str>) -> Result<KnownCompany, AppError> {
        choose_company(&self.companies()?, wanted)
    }

    /// The connection of a company, ready to be used.
    ///
    /// # Errors
    /// [`AppError::NotLinked`], [`AppError::Disconnected`].
    pub(crate) fn connection(&self, company: &KnownCompany) -> Result<Connection, AppError> {
        let connection =
            self.registry
                .connection(&company.realm)?
                .ok_or_else(|| AppError::NotLinked {
                    company: company.name.clone(),
                })?;
        if connection.state == ConnectionState::Disconnected {
            return Err(AppError::Disconnected {
                company: company.name.clone(),
            });
        }
        Ok(connection)
    }

    pub(crate) fn transport(&self, service: Service) -> Transport {
        Transport::new(service.slug(), Limits::default(), self.meter.clone())
    }

    /// Who gets tokens for a service.
    pub(crate) fn exchange(&self, service: Service) -> Result<Arc<dyn TokenExchange>, AppError> {
        let transport = self.transport(service);
        Ok(match service {
            Service::QuickBooks => Arc::new(DirectExchange::quickbooks(
                &self.services.quickbooks,
                transport,
            )?),
            Service::Mailchimp => Arc::new(DirectExchange::mailchimp(
                &self.services.mailchimp,
                transport,
            )?),
        })
    }

    pub(crate) fn keeper(&self, account: Account) -> TokenKeeper {
        // Without keys a token can still be used until it ends: an API key always, a QuickBooks one
        // for an hour.
        let exchange = self.exchange(account.service()).ok();
        TokenKeeper::new(
            account,
            TokenPorts {
                secrets: Arc::clone(&self.secrets),
                exchange,
                clock: Arc::clone(&self.clock),
                folder: self.folder.path().to_owned(),
                policy: self.retry,
            },
        )
    }

    pub(crate) fn quickbooks(&self, realm: &RealmId) -> ledgerpost_qbo::Client {
        let keeper = self.keeper(Account::QuickBooks(realm.clone()));
        let base = self.services.quickbooks.api_base_url.clone();
        ledgerpost_qbo::Client::new(
            self.transport(Service::QuickBooks),
            ledgerpost_qbo::Config {
                retry: self.retry,
                ..ledgerpost_qbo::Config::new(base, realm.clone())
            },
            Arc::new(keeper),
            Arc::clone(&self.clock),
        )
    }

    /// A client for a signed-in account.
    pub(crate) async fn mailchimp(
        &self,
        account: &AccountId,
    ) -> Result<ledgerpost_mailchimp::Client, AppError> {
        let keeper = self.keeper(Account::Mailchimp(account.clone()));
        let token = keeper.access().await?;
        let known = self
            .registry
            .accounts()?
            .into_iter()
            .find(|known| known.id == *account);
        let base = match (&self.services.mailchimp.api_base_url, known) {
            (Some(base), _) => with_version(base.as_str()),
            (None, Some(known)) => with_version(&known.api_base),
            (None, None) => return Err(AppError::NoAccount),
        };
        let base = base.ok_or(AppError::NoAccount)?;
        let transport = self.transport(Service::Mailchimp);
        Ok(
            ledgerpost_mailchimp::Client::new(&base, Credential::OAuthToken(token), transport)?
                .with_retry(self.retry),
        )
    }
}

/// The company that is meant: the one named by id or name, or the only one.
pub(crate) fn choose_company(
    companies: &[KnownCompany],
    wanted: Option<&str>,
) -> Result<KnownCompany, AppError> {
    let names = |companies: &[KnownCompany]| {
        companies
            .iter()
            .map(|company| format!("{} ({})", company.name, company.realm))
            .collect()
    };
    if companies.is_empty() {
        return Err(AppError::NoCompany);
    }
    let mut fitting: Vec<KnownCompany> = companies
        .iter()
        .filter(|company| {
            wanted.is_none_or(|wanted| company.realm.as_str() == wanted || company.name == wanted)
        })
        .cloned()
        .collect();
    match (fitting.len(), wanted) {
        (1, _) => Ok(fitting.remove(0)),
        (0, Some(wanted)) => Err(AppError::UnknownCompany {
            wanted: wanted.to_owned(),
            known: names(companies),
        }),
        _ => Err(AppError::WhichCompany {
            names: names(&fitting),
        }),
    }
}

/// An API address with the version that every path begins with (`mailchimp.md` 1.4).
pub(crate) fn with_version(base: &str) -> Option<Url> {
    let base = base.trim_end_matches('/');
    let versioned = if base.ends_with("/3.0") {
        base.to_owned()
    } else {
        format!("{base}/3.0")
    };
    Url::parse(&versioned).ok()
}
