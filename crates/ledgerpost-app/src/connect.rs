//! Signing in to the two services.

use std::sync::Arc;

use ledgerpost_core::ids::{AccountId, RealmId};
use ledgerpost_mailchimp::Credential;
use ledgerpost_net::oauth::{api_base_for_key, find_mailchimp};
use ledgerpost_net::secrets::{Account, SecretKey};
use ledgerpost_net::services::Service;
use ledgerpost_net::sign_in::{
    BrowserOpener, PATIENCE, Progress, SignInRequest, SignedIn, sign_in,
};
use ledgerpost_net::{NetError, Secret};
use ledgerpost_store::{Account as KnownAccount, KnownCompany};
use serde::Serialize;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::app::App;
use crate::error::AppError;
use crate::reach::with_version;

/// A QuickBooks company that was signed in to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Company {
    /// Intuit's id.
    pub realm: RealmId,
    /// Its name.
    pub name: String,
}

/// A Mailchimp account that was signed in to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MailchimpAccount {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// The address of the user who signed in.
    pub email: Option<String>,
    /// The role of the user who signed in.
    pub role: String,
    /// `monthly`, `pay_as_you_go` or `forever_free`.
    pub plan: Option<String>,
    /// Contacts in all its audiences.
    pub contacts: Option<u64>,
}

impl App {
    /// Signs in to QuickBooks in the browser. The company is the one that was chosen there.
    ///
    /// # Errors
    /// What ended the sign-in; nothing is kept then.
    pub async fn connect_quickbooks(
        &self,
        browser: &dyn BrowserOpener,
        pasted: mpsc::Receiver<String>,
        progress: &(dyn Fn(Progress<'_>) + Sync),
        cancel: &CancellationToken,
    ) -> Result<Company, AppError> {
        let signed_in = self
            .sign_in(Service::QuickBooks, browser, pasted, progress, cancel)
            .await?;
        let realm = signed_in.realm.ok_or(AppError::NoRealm)?;
        // Saved before anything else: a refresh token that is lost means signing in again.
        self.reach
            .keeper(Account::QuickBooks(realm.clone()))
            .save_sign_in(signed_in.grant, None)
            .await?;
        let overview = self
            .reach
            .quickbooks(&realm)
            .cancelled_by(cancel.clone())
            .read_overview(&[])
            .await?;
        let company = Company {
            realm: realm.clone(),
            name: overview.company.name,
        };
        self.registry.put_company(&KnownCompany {
            realm,
            name: company.name.clone(),
            added_at: self.reach.clock.now(),
        })?;
        Ok(company)
    }

    /// Signs in to Mailchimp in the browser.
    ///
    /// # Errors
    /// What ended the sign-in; nothing is kept then.
    pub async fn connect_mailchimp(
        &self,
        browser: &dyn BrowserOpener,
        pasted: mpsc::Receiver<String>,
        progress: &(dyn Fn(Progress<'_>) + Sync),
        cancel: &CancellationToken,
    ) -> Result<MailchimpAccount, AppError> {
        let signed_in = self
            .sign_in(Service::Mailchimp, browser, pasted, progress, cancel)
            .await?;
        let service = &self.reach.services.mailchimp;
        let transport = self.reach.transport(Service::Mailchimp);
        let place = find_mailchimp(service, &transport, &signed_in.grant.access).await?;
        let credential = Credential::OAuthToken(signed_in.grant.access.clone());
        let account = self.read_account(&place.api_base_url, credential).await?;
        let keeper = self.reach.keeper(Account::Mailchimp(account.id.clone()));
        keeper
            .save_sign_in(signed_in.grant, Some(place.api_base_url.clone()))
            .await?;
        self.keep_account(&account, &place.api_base_url)?;
        Ok(account)
    }

    /// Connects Mailchimp with an API key.
    ///
    /// # Errors
    /// A key that is none or does not work; nothing is kept then.
    pub async fn connect_mailchimp_key(&self, key: Secret) -> Result<MailchimpAccount, AppError> {
        let base = api_base_for_key(&self.reach.services.mailchimp, &key)?;
        let account = self
            .read_account(&base, Credential::ApiKey(key.clone()))
            .await?;
        let keeper = self.reach.keeper(Account::Mailchimp(account.id.clone()));
        keeper.save_api_key(key, base.clone()).await?;
        self.keep_account(&account, &base)?;
        Ok(account)
    }

    async fn sign_in(
        &self,
        service: Service,
        browser: &dyn BrowserOpener,
        pasted: mpsc::Receiver<String>,
        progress: &(dyn Fn(Progress<'_>) + Sync),
        cancel: &CancellationToken,
    ) -> Result<SignedIn, AppError> {
        // Before anybody is sent to the browser: whether there is a place to keep the sign-in.
        let place = self.reach.secrets.get(&SecretKey::Keys(service)).await;
        place.map_err(NetError::from)?;
        let exchange = self.reach.exchange(service)?;
        let (redirect, relay_port) = match service {
            Service::QuickBooks => (
                &self.reach.services.quickbooks.redirect_uri,
                self.reach.services.quickbooks.loopback_port,
            ),
            Service::Mailchimp => (
                &self.reach.services.mailchimp.redirect_uri,
                self.reach.services.mailchimp.loopback_port,
            ),
        };
        let request = SignInRequest {
            exchange: Arc::as_ref(&exchange),
            redirect,
            relay_port,
            browser,
            pasted,
            progress,
            cancel,
            patience: PATIENCE,
        };
        Ok(sign_in(request).await?)
    }

    /// Whose account a credential opens.
    async fn read_account(
        &self,
        base: &Url,
        credential: Credential,
    ) -> Result<MailchimpAccount, AppError> {
        let base = with_version(base.as_str()).ok_or(ledgerpost_mailchimp::Error::BaseUrl)?;
        let transport = self.reach.transport(Service::Mailchimp);
        let root = ledgerpost_mailchimp::Client::new(&base, credential, transport)?
            .read_root()
            .await?;
        if matches!(root.role.as_str(), "viewer" | "author") {
            return Err(AppError::RoleTooLow { role: root.role });
        }
        Ok(MailchimpAccount {
            id: root.account_id,
            name: root.account_name,
            email: root.email.filter(|email| !email.is_empty()),
            role: root.role,
            plan: root.pricing_plan_type,
            contacts: root.total_subscribers,
        })
    }

    /// Forgets a company that is tied to nothing: signs out, and deletes what was read of it.
    ///
    /// # Errors
    /// The sign-in's and the files'.
    pub async fn forget_company(&self, realm: &RealmId) -> Result<(), AppError> {
        self.reach
            .keeper(Account::QuickBooks(realm.clone()))
            .sign_out()
            .await?;
        self.registry.remove_company(realm)?;
        self.folder.delete_company(realm)?;
        Ok(())
    }

    fn keep_account(&self, account: &MailchimpAccount, base: &Url) -> Result<(), AppError> {
        self.registry.put_account(&KnownAccount {
            id: account.id.clone(),
            name: account.name.clone(),
            api_base: base.to_string(),
            added_at: self.reach.clock.now(),
        })?;
        Ok(())
    }
}
