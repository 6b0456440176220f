//! Codes and refresh tokens for access tokens. [`TokenExchange`] is the seam where a vendor's
//! token broker can take over from [`DirectExchange`], which holds the client secret itself.

mod direct;
mod grant;
mod mailchimp;

use async_trait::async_trait;
use url::Url;

use crate::error::NetError;
use crate::secret::Secret;
use crate::services::{RedirectUri, Service};

pub use direct::DirectExchange;
pub use grant::TokenGrant;
pub use mailchimp::{MailchimpPlace, api_base_for_key, find_mailchimp};

/// Gets tokens from a service, directly or through a broker.
#[async_trait]
pub trait TokenExchange: Send + Sync {
    /// Whose tokens.
    fn service(&self) -> Service;

    /// The address to open in the browser.
    fn authorize_url(&self, redirect: &RedirectUri, state: &Secret) -> Url;

    /// A code for tokens. To be called once per code: asking again can invalidate what was issued
    /// (`quickbooks-online.md` 1.4).
    async fn exchange_code(
        &self,
        code: &Secret,
        redirect: &RedirectUri,
    ) -> Result<TokenGrant, NetError>;

    /// A refresh token for a new pair. May be repeated with the same token while the outcome is
    /// unknown.
    ///
    /// # Errors
    ///
    /// [`crate::error::TokenError::SignInAgain`] only when the service said `invalid_grant`.
    async fn refresh_tokens(&self, refresh: &Secret) -> Result<TokenGrant, NetError>;

    /// Ends a sign-in at the service. `false` when the service has no way to (Mailchimp): then
    /// the owner has to remove the app there.
    async fn revoke_token(&self, token: &Secret) -> Result<bool, NetError>;
}

#[cfg(test)]
mod tests;
