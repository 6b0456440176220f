//! Pages and folders that may be opened. The window names one; the address is made here.

use ledgerpost_core::ids::{AccountId, CustomerId, RealmId};
use ledgerpost_ipc::Nothing;
use ledgerpost_ipc::start::Link;
use ledgerpost_net::services::Environment;
use ledgerpost_store::CompanyStore;
use url::Url;

use crate::desk::Desk;
use crate::error::DeskError;

const MAILCHIMP: &str = "https://admin.mailchimp.com/";
const SIGN_UP: &str = "https://login.mailchimp.com/signup/";
const PLANS: &str = "https://mailchimp.com/pricing/marketing/";
const ACCOUNT: &str = "https://admin.mailchimp.com/account/";
const INTUIT: &str = "https://developer.intuit.com/app/developer/dashboard";

impl Desk {
    pub(crate) async fn open_link(&self, link: Link) -> Result<Nothing, DeskError> {
        let address = match link {
            Link::DataFolder => return self.open_folder(Some(self.place().folder().to_owned())),
            Link::LogFolder => return self.open_folder(self.inner.host.log_folder()),
            Link::Quickbooks => format!("{}homepage", self.quickbooks_pages()),
            Link::QuickbooksCustomer { company, customer } => {
                self.in_quickbooks(&company, "customerdetail", "nameId", &customer)?
            }
            Link::QuickbooksDocument { company, document } => {
                let (page, id) = page_of(&document)?;
                self.in_quickbooks(&company, page, "txnId", id)?
            }
            Link::Mailchimp => MAILCHIMP.to_owned(),
            Link::MailchimpContact { company, customer } => {
                self.contact_in_mailchimp(company, customer).await?
            }
            Link::MailchimpAudience { company } => {
                self.in_mailchimp(company, "audience/", &[]).await?
            }
            Link::MailchimpSignUp => SIGN_UP.to_owned(),
            Link::MailchimpApiKeys => format!("{ACCOUNT}api/"),
            Link::MailchimpPlans => PLANS.to_owned(),
            Link::MailchimpConnectedApps => format!("{ACCOUNT}connected-sites/"),
            Link::IntuitDeveloper => INTUIT.to_owned(),
            Link::MailchimpDeveloper => format!("{ACCOUNT}oauth2/"),
        };
        self.inner
            .host
            .open_address(&address)
            .map_err(|source| DeskError::System {
                action: "open the browser",
                source,
            })?;
        Ok(Nothing {})
    }

    fn open_folder(&self, folder: Option<std::path::PathBuf>) -> Result<Nothing, DeskError> {
        let folder = folder.ok_or(DeskError::NotFound { what: "folder" })?;
        self.inner
            .host
            .open_folder(&folder)
            .map_err(|source| DeskError::System {
                action: "open the folder",
                source,
            })?;
        Ok(Nothing {})
    }

    /// A page of QuickBooks' own screens. Whoever is signed in to several companies there is asked
    /// which one.
    fn in_quickbooks(
        &self,
        company: &str,
        page: &str,
        name: &str,
        id: &str,
    ) -> Result<String, DeskError> {
        if company.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(DeskError::NotFound { what: "record" });
        }
        address(&format!("{}{page}", self.quickbooks_pages()), &[(name, id)])
    }

    /// Where QuickBooks' own screens are.
    fn quickbooks_pages(&self) -> &'static str {
        match self.place().reach().services().quickbooks.environment {
            Environment::Production => "https://app.qbo.intuit.com/app/",
            Environment::Sandbox => "https://app.sandbox.qbo.intuit.com/app/",
        }
    }

    async fn contact_in_mailchimp(
        &self,
        company: String,
        customer: String,
    ) -> Result<String, DeskError> {
        let email = self
            .place()
            .look(RealmId::new(company.clone()), move |store| {
                contact_address(store, &CustomerId::new(customer))
            })
            .await?;
        let query = email.ok_or(DeskError::NotFound { what: "contact" })?;
        self.in_mailchimp(company, "audience/contacts/", &[("query", query.as_str())])
            .await
    }

    async fn in_mailchimp(
        &self,
        company: String,
        page: &str,
        query: &[(&str, &str)],
    ) -> Result<String, DeskError> {
        let account = self
            .place()
            .registry(move |registry| {
                let connection = registry
                    .connection(&RealmId::new(company))?
                    .ok_or(DeskError::NotFound { what: "connection" })?;
                let accounts = registry.accounts()?;
                let id: AccountId = connection.account;
                Ok(accounts.into_iter().find(|known| known.id == id))
            })
            .await?
            .ok_or(DeskError::NotFound { what: "account" })?;
        let centre = super::accounts::data_centre(&account.api_base);
        let host = centre.map_or_else(|| "admin".to_owned(), |centre| format!("{centre}.admin"));
        address(&format!("https://{host}.mailchimp.com/{page}"), query)
    }
}

/// The address that a customer's contact has in Mailchimp.
fn contact_address(
    store: Option<&CompanyStore>,
    customer: &CustomerId,
) -> Result<Option<String>, DeskError> {
    let address = store.map(|store| store.contact_address(customer));
    Ok(address.transpose()?.flatten())
}

/// The page of QuickBooks that shows a document, and its id there.
fn page_of(document: &str) -> Result<(&'static str, &str), DeskError> {
    let (kind, id) = document
        .split_once('_')
        .ok_or(DeskError::NotFound { what: "document" })?;
    let page = match kind {
        "inv" => "invoice",
        "sr" => "salesreceipt",
        "cm" => "creditmemo",
        "rr" => "refundreceipt",
        _ => return Err(DeskError::NotFound { what: "document" }),
    };
    Ok((page, id))
}

fn address(base: &str, query: &[(&str, &str)]) -> Result<String, DeskError> {
    let mut url = Url::parse(base).map_err(|_| DeskError::Fault)?;
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    Ok(url.into())
}
