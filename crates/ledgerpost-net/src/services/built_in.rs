//! The real services' addresses (`quickbooks-online.md` 1.1 and 2, `mailchimp.md` 1.1) and the keys
//! given at compile time.

use url::Url;

use super::{
    ClientKeys, Environment, LOOPBACK_PORT, MailchimpService, QuickBooksService, RedirectUri,
};
use crate::secret::Secret;

/// Intuit's own page for trying things out: shows the address to copy. What production keys without
/// a relay page use, since they refuse an address on this computer (`quickbooks-online.md` 1.9 D).
const INTUIT_PASTE_PAGE: &str = "https://developer.intuit.com/v2/OAuth2Playground/RedirectUrl";

pub(super) fn quickbooks(environment: Environment) -> QuickBooksService {
    let (userinfo, api, redirect) = match environment {
        Environment::Production => (
            "https://accounts.platform.intuit.com/v1/openid_connect/userinfo",
            "https://quickbooks.api.intuit.com",
            option_env!("LEDGERPOST_QUICKBOOKS_REDIRECT_URI").unwrap_or(INTUIT_PASTE_PAGE),
        ),
        Environment::Sandbox => (
            "https://sandbox-accounts.platform.intuit.com/v1/openid_connect/userinfo",
            "https://sandbox-quickbooks.api.intuit.com",
            "http://localhost:17865/callback",
        ),
    };
    QuickBooksService {
        environment,
        authorize_url: known("https://appcenter.intuit.com/connect/oauth2"),
        token_url: known("https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"),
        revoke_url: known("https://developer.api.intuit.com/v2/oauth2/tokens/revoke"),
        userinfo_url: known(userinfo),
        api_base_url: known(api),
        client: keys(
            option_env!("LEDGERPOST_QUICKBOOKS_CLIENT_ID"),
            option_env!("LEDGERPOST_QUICKBOOKS_CLIENT_SECRET"),
        ),
        redirect_uri: known_redirect(redirect),
        loopback_port: LOOPBACK_PORT,
    }
}

pub(super) fn mailchimp() -> MailchimpService {
    MailchimpService {
        authorize_url: known("https://login.mailchimp.com/oauth2/authorize"),
        token_url: known("https://login.mailchimp.com/oauth2/token"),
        metadata_url: known("https://login.mailchimp.com/oauth2/metadata"),
        api_base_url: None,
        client: keys(
            option_env!("LEDGERPOST_MAILCHIMP_CLIENT_ID"),
            option_env!("LEDGERPOST_MAILCHIMP_CLIENT_SECRET"),
        ),
        redirect_uri: known_redirect("http://127.0.0.1:17865/callback"),
        loopback_port: LOOPBACK_PORT,
    }
}

fn keys(id: Option<&str>, secret: Option<&str>) -> Option<ClientKeys> {
    Some(ClientKeys {
        client_id: id?.to_owned(),
        client_secret: Secret::new(secret?),
    })
}

fn known(address: &'static str) -> Url {
    Url::parse(address).expect("a built-in address is well formed")
}

fn known_redirect(address: &'static str) -> RedirectUri {
    RedirectUri::parse(address).expect("a built-in redirect address is well formed")
}
