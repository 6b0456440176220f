//! What stands in for the browser: opens the sign-in page and follows where it leads.

use ledgerpost_net::error::SignInError;
use ledgerpost_net::http::{Limits, Meter, RequestSpec, Transport};
use ledgerpost_net::sign_in::BrowserOpener;
use url::Url;

/// More redirects than any sign-in has.
const MOST_REDIRECTS: usize = 5;

/// Follows redirects on this computer.
pub(super) struct FollowingBrowser {
    transport: Transport,
}

impl FollowingBrowser {
    pub(super) fn new() -> Self {
        Self {
            transport: Transport::new("browser", Limits::default(), Meter::default()),
        }
    }
}

impl BrowserOpener for FollowingBrowser {
    fn open(&self, address: &Url) -> Result<(), SignInError> {
        let transport = self.transport.clone();
        let address = address.clone();
        // As with a real browser, nobody waits for it: the answer comes in over loopback.
        tokio::spawn(async move {
            if let Err(error) = follow(&transport, address).await {
                tracing::warn!(code = error.code(), "the stand-in browser gave up");
            }
        });
        Ok(())
    }
}

async fn follow(transport: &Transport, mut address: Url) -> Result<(), ledgerpost_net::HttpError> {
    for _ in 0..MOST_REDIRECTS {
        let page = transport
            .send(&RequestSpec::get(address.clone(), "(sign-in page)"))
            .await?;
        let next = page
            .headers
            .get("location")
            .and_then(|value| value.to_str().ok())
            .and_then(|place| address.join(place).ok());
        match next {
            Some(next) if page.status.is_redirection() => address = next,
            _ => return Ok(()),
        }
    }
    Ok(())
}
