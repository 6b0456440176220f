//! The services file: where everything is and with which keys, in the format that the application
//! reads with `--services`.

use std::path::Path;

use serde::Serialize;

use super::error::SimError;

/// Client id of the simulated QuickBooks app.
pub(crate) const QUICKBOOKS_CLIENT_ID: &str = "ABsimQuickBooksClientId";
/// Its secret.
pub(crate) const QUICKBOOKS_CLIENT_SECRET: &str = "simQuickBooksClientSecret";
/// Client id of the simulated Mailchimp app.
pub(crate) const MAILCHIMP_CLIENT_ID: &str = "417650318652";
/// Its secret.
pub(crate) const MAILCHIMP_CLIENT_SECRET: &str = "simMailchimpClientSecret";

/// The file.
#[derive(Debug, Clone, Serialize)]
pub struct ServicesFile {
    /// 1.
    pub version: u32,
    /// Where QuickBooks is.
    pub quickbooks: QuickBooksServices,
    /// Where Mailchimp is.
    pub mailchimp: MailchimpServices,
    /// Not served yet.
    pub hubspot: Option<()>,
}

/// Where QuickBooks is.
#[derive(Debug, Clone, Serialize)]
pub struct QuickBooksServices {
    /// `sandbox`.
    pub environment: String,
    /// The page that the browser opens.
    pub authorize_url: String,
    /// Exchange and refresh.
    pub token_url: String,
    /// Disconnect.
    pub revoke_url: String,
    /// Who signed in.
    pub userinfo_url: String,
    /// Base of `/v3/company/…`.
    pub api_base_url: String,
    /// Key.
    pub client_id: String,
    /// Secret.
    pub client_secret: String,
    /// The registered redirect.
    pub redirect_uri: String,
}

/// Where Mailchimp is.
#[derive(Debug, Clone, Serialize)]
pub struct MailchimpServices {
    /// The page that the browser opens.
    pub authorize_url: String,
    /// Exchange.
    pub token_url: String,
    /// Whose account and where its API is.
    pub metadata_url: String,
    /// Base of `/3.0`.
    pub api_base_url: String,
    /// Key.
    pub client_id: String,
    /// Secret.
    pub client_secret: String,
    /// The registered redirect.
    pub redirect_uri: String,
}

impl ServicesFile {
    /// The file for services at these base addresses.
    pub fn new(quickbooks: &str, mailchimp: &str, redirect_port: u16) -> Self {
        Self {
            version: 1,
            quickbooks: QuickBooksServices {
                environment: "sandbox".to_owned(),
                authorize_url: format!("{quickbooks}/connect/oauth2"),
                token_url: format!("{quickbooks}/oauth2/v1/tokens/bearer"),
                revoke_url: format!("{quickbooks}/v2/oauth2/tokens/revoke"),
                userinfo_url: format!("{quickbooks}/v1/openid_connect/userinfo"),
                api_base_url: quickbooks.to_owned(),
                client_id: QUICKBOOKS_CLIENT_ID.to_owned(),
                client_secret: QUICKBOOKS_CLIENT_SECRET.to_owned(),
                redirect_uri: format!("http://localhost:{redirect_port}/callback"),
            },
            mailchimp: MailchimpServices {
                authorize_url: format!("{mailchimp}/oauth2/authorize"),
                token_url: format!("{mailchimp}/oauth2/token"),
                metadata_url: format!("{mailchimp}/oauth2/metadata"),
                api_base_url: format!("{mailchimp}/us14"),
                client_id: MAILCHIMP_CLIENT_ID.to_owned(),
                client_secret: MAILCHIMP_CLIENT_SECRET.to_owned(),
                redirect_uri: format!("http://127.0.0.1:{redirect_port}/callback"),
            },
            hubspot: None,
        }
    }

    /// Writes the file in one piece: a reader never sees half of it.
    pub fn write(&self, path: &Path) -> Result<(), SimError> {
        let text = serde_json::to_string_pretty(self).expect("strings always serialise");
        let part = path.with_extension("part");
        std::fs::write(&part, text)
            .and_then(|()| std::fs::rename(&part, path))
            .map_err(|source| SimError::WriteServices {
                path: path.to_owned(),
                source,
            })
    }
}
