//! The program as it runs: data folder, registry, secrets, services.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ledgerpost_core::ids::{AccountId, RealmId};
use ledgerpost_core::ports::Clock;
use ledgerpost_net::NetError;
use ledgerpost_net::error::SecretsError;
use ledgerpost_net::http::{Meter, RetryPolicy};
use ledgerpost_net::secrets::{FileSecrets, KeychainSecrets, SecretStore};
use ledgerpost_net::services::Services;
use ledgerpost_store::{
    Account, CompanyStore, Connection, ConnectionState, DataFolder, KnownCompany, Opened, Registry,
};

use crate::error::AppError;
use crate::reach::Reach;

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
    pub(crate) reach: Reach,
    /// How many of the meter's reads are counted to a month already.
    pub(crate) counted_reads: Cell<u64>,
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
    /// A folder that is in use, read-only or damaged; a services file with errors; no keychain, where
    /// a company is signed in.
    pub async fn open(options: &Options, clock: Arc<dyn Clock>) -> Result<Self, AppError> {
        let services = Services::load(options.services.as_deref())?;
        let folder = DataFolder::open(&options.data_folder, &options.program)?;
        let (registry, opened) = folder.registry(clock.now())?;
        let secrets: Arc<dyn SecretStore> = match options.secrets {
            SecretsChoice::Keychain => Arc::new(KeychainSecrets::new(KEYCHAIN)),
            SecretsChoice::File => Arc::new(FileSecrets::new(folder.path().join(SECRETS_FILE))),
        };
        let services = match services.clone().with_pasted_keys(secrets.as_ref()).await {
            // Nobody is signed in, so nothing in it is needed yet; whoever signs in hears of it.
            Err(NetError::Secrets(SecretsError::NoKeychain { source }))
                if registry.companies()?.is_empty() =>
            {
                tracing::warn!(error = %source, "there is no keychain");
                services
            }
            read => read?,
        };
        let reach = Reach {
            services: Arc::new(services),
            secrets,
            clock,
            meter: Meter::default(),
            retry: RetryPolicy::STANDARD,
            folder: folder.path().to_owned(),
        };
        let mut app = Self {
            folder,
            registry,
            reach,
            counted_reads: Cell::new(0),
            file_patience: None,
            set_aside: Vec::new(),
        };
        app.note(opened);
        // Whoever only looks, as the window does, cannot do it.
        for company in app.companies()? {
            let opened = app
                .folder
                .bring_up_to_date(&company.realm, app.reach.clock.now())?;
            app.note(opened);
        }
        Ok(app)
    }

    /// Waits between attempts as `policy` says, instead of [`RetryPolicy::STANDARD`].
    #[must_use]
    pub fn with_retry(mut self, policy: RetryPolicy) -> Self {
        self.reach.retry = policy;
        self
    }

    /// Waits this long for another program that holds a company's file.
    #[must_use]
    pub const fn with_file_patience(mut self, patience: Duration) -> Self {
        self.file_patience = Some(patience);
        self
    }

    /// What it takes to reach the services.
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Reaches the services differently from now on, as after a change of keys.
    pub fn set_reach(&mut self, reach: Reach) {
        self.reach = reach;
    }

    /// A connection of its own to what spans companies, for whoever asks beside the engine.
    ///
    /// # Errors
    /// The registry's.
    pub fn second_registry(&mut self) -> Result<Registry, AppError> {
        let (registry, opened) = self.folder.registry(self.reach.clock.now())?;
        self.note(opened);
        Ok(registry)
    }

    /// The data folder.
    pub fn data_folder(&self) -> &Path {
        self.folder.path()
    }

    /// Requests since the start.
    pub fn meter(&self) -> &Meter {
        &self.reach.meter
    }

    /// Damaged files that were set aside. What they held is read again from the services.
    pub fn set_aside(&self) -> &[PathBuf] {
        &self.set_aside
    }

    /// Opens a company's file for work.
    pub(crate) fn open_company(&mut self, realm: &RealmId) -> Result<CompanyStore, AppError> {
        let (store, opened) = self.folder.company(realm, self.reach.clock.now())?;
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

    /// The Mailchimp accounts that are signed in.
    ///
    /// # Errors
    /// The registry's.
    pub fn accounts(&self) -> Result<Vec<Account>, AppError> {
        Ok(self.registry.accounts()?)
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

    /// A client for a signed-in account.
    pub(crate) async fn mailchimp(
        &self,
        account: &AccountId,
    ) -> Result<ledgerpost_mailchimp::Client, AppError> {
        let known = self
            .registry
            .accounts()?
            .into_iter()
            .find(|known| known.id == *account)
            .ok_or(AppError::NoAccount)?;
        self.reach.mailchimp(&known).await
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
