//! A browser that goes where it is sent.

use std::sync::{Arc, Mutex};

use ledgerpost_net::error::SignInError;
use ledgerpost_net::sign_in::BrowserOpener;
use url::Url;

/// Fetches the address and follows redirects. With the simulator's `auto_consent` that is a person
/// who says yes.
#[derive(Debug, Clone)]
pub struct AutoConsent {
    client: reqwest::Client,
    codes: Arc<Mutex<Vec<String>>>,
}

impl AutoConsent {
    /// Makes one.
    pub fn new() -> Self {
        Self {
            client: http_client(),
            codes: Arc::default(),
        }
    }

    /// The codes and states in the addresses where the browser ended.
    pub fn codes(&self) -> Vec<String> {
        let codes = self.codes.lock();
        codes.expect("nobody panics while it holds them").clone()
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
        let codes = Arc::clone(&self.codes);
        tokio::spawn(async move {
            // What went wrong shows as a sign-in that nobody answers.
            if let Ok(page) = request.send().await {
                let secret = |name: &str| matches!(name, "code" | "state");
                let pairs = page.url().query_pairs();
                let found = pairs.filter(|(name, _)| secret(name));
                let mut codes = codes.lock().expect("nobody panics while it holds them");
                codes.extend(found.map(|(_, value)| value.into_owned()));
            }
        });
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
