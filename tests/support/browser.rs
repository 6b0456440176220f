//! A browser that goes where it is sent.

use ledgerpost_net::error::SignInError;
use ledgerpost_net::sign_in::BrowserOpener;
use url::Url;

/// Fetches the address and follows redirects. With the simulator's `auto_consent` that is a person
/// who says yes.
#[derive(Debug, Clone)]
pub struct AutoConsent {
    client: reqwest::Client,
}

impl AutoConsent {
    /// Makes one.
    pub fn new() -> Self {
        Self {
            client: http_client(),
        }
    }
}

impl Default for AutoConsent {
    fn default() -> Self {
        Self::new()
    }
}

impl BrowserOpener for AutoConsent {
    fn open(&self, address: &Url) -> Result<(), SignInError> {
        let request = self.client.get(address.clone());
        // What went wrong shows as a sign-in that nobody answers.
        tokio::spawn(async move { drop(request.send().await) });
        Ok(())
    }
}

/// A client for plain loopback addresses.
pub(crate) fn http_client() -> reqwest::Client {
    // Refused when somebody else was first, which is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client without options builds")
}
