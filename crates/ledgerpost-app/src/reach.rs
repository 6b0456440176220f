//! What it takes to reach the services: where they are, the sign-ins, the clock.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ledgerpost_core::ids::RealmId;
use ledgerpost_core::ports::Clock;
use ledgerpost_core::retry::Retry;
use ledgerpost_mailchimp::Credential;
use ledgerpost_net::NetError;
use ledgerpost_net::http::{Limits, Meter, RequestSpec, RetryPolicy, Transport};
use ledgerpost_net::oauth::{DirectExchange, TokenExchange};
use ledgerpost_net::secrets::{Account, SecretStore};
use ledgerpost_net::services::{Service, Services};
use ledgerpost_net::tokens::{TokenKeeper, TokenPorts};
use ledgerpost_store::Account as KnownAccount;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::error::AppError;

/// How long a connection may take to come up where only that is asked.
const LOOK: Duration = Duration::from_secs(5);

/// What it takes to reach the services. Cheap to clone: a window asks beside the engine, and both
/// renew a sign-in under the same lock.
#[derive(Clone)]
pub struct Reach {
    pub(crate) services: Arc<Services>,
    pub(crate) secrets: Arc<dyn SecretStore>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) meter: Meter,
    pub(crate) retry: RetryPolicy,
    pub(crate) folder: PathBuf,
}

impl Reach {
    /// Where the services are and whose keys are used.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// Where tokens and keys are kept.
    pub fn secrets(&self) -> &Arc<dyn SecretStore> {
        &self.secrets
    }

    /// The time.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Requests since the start.
    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    /// The same with the keys that the owner pasted or removed a moment ago. `provided` are the
    /// services without any of the owner's keys.
    ///
    /// # Errors
    /// The secret store's.
    pub async fn with_keys_read_again(&self, provided: Services) -> Result<Self, NetError> {
        let services = provided.with_pasted_keys(self.secrets.as_ref()).await?;
        Ok(Self {
            services: Arc::new(services),
            ..self.clone()
        })
    }

    /// What a piece of work ended with, once it is known whether it is one service that is not reached,
    /// or the internet: the other service is asked then, unless `stop` is.
    pub async fn look_around(&self, error: AppError, stop: &CancellationToken) -> AppError {
        let other = match error.unreached() {
            Some(Service::QuickBooks) => Service::Mailchimp,
            Some(Service::Mailchimp) => Service::QuickBooks,
            None => return error,
        };
        tokio::select! {
            biased;
            () = stop.cancelled() => error,
            reached = self.reaches(other) => {
                if reached { error } else { AppError::NoInternet(Box::new(error)) }
            }
        }
    }

    /// Whether there is a connection to a service, whatever it answers.
    async fn reaches(&self, service: Service) -> bool {
        let address = match service {
            Service::QuickBooks => &self.services.quickbooks.api_base_url,
            Service::Mailchimp => {
                let mailchimp = &self.services.mailchimp;
                mailchimp
                    .api_base_url
                    .as_ref()
                    .unwrap_or(&mailchimp.token_url)
            }
        };
        let limits = Limits {
            connect_timeout: LOOK,
            total_timeout: 2 * LOOK,
            ..Limits::default()
        };
        // No work waits for it, so that it holds up none: it is counted apart.
        let transport = Transport::new(service.slug(), limits, Meter::default());
        let request = RequestSpec::get(address.clone(), "(reached?)");
        !matches!(transport.send(&request).await, Err(error) if error.retry() == Retry::Offline)
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

    /// The sign-in of an account.
    pub fn keeper(&self, account: Account) -> TokenKeeper {
        // Without keys a token can still be used until it ends: an API key always, a QuickBooks one
        // for an hour.
        let exchange = self.exchange(account.service()).ok();
        TokenKeeper::new(
            account,
            TokenPorts {
                secrets: Arc::clone(&self.secrets),
                exchange,
                clock: Arc::clone(&self.clock),
                folder: self.folder.clone(),
                policy: self.retry,
            },
        )
    }

    /// A client for a signed-in company.
    pub fn quickbooks(&self, realm: &RealmId) -> ledgerpost_qbo::Client {
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
    ///
    /// # Errors
    /// The sign-in's.
    pub async fn mailchimp(
        &self,
        account: &KnownAccount,
    ) -> Result<ledgerpost_mailchimp::Client, AppError> {
        let keeper = self.keeper(Account::Mailchimp(account.id.clone()));
        let token = keeper.access().await?;
        let base = match &self.services.mailchimp.api_base_url {
            Some(base) => with_version(base.as_str()),
            None => with_version(&account.api_base),
        };
        let base = base.ok_or(AppError::NoAccount)?;
        let transport = self.transport(Service::Mailchimp);
        Ok(
            ledgerpost_mailchimp::Client::new(&base, Credential::OAuthToken(token), transport)?
                .with_retry(self.retry),
        )
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
