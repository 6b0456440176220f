//! Signing in with the browser: one state machine for both services.
//!
//! The table of states and events is in `machine.rs` and drawn in the crate's README. This module
//! carries it out: opens the port and the browser, waits for whichever answer comes first (the
//! listener's or a pasted address), exchanges the code.

mod browser;
mod callback;
mod listener;
mod machine;
mod page;

use std::time::Duration;

use ledgerpost_core::ids::RealmId;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::error::{NetError, SignInError};
use crate::oauth::{TokenExchange, TokenGrant};
use crate::secret::Secret;
use crate::services::{RedirectUri, Service};

pub use browser::{BrowserOpener, PrintedAddress, SystemBrowser};
pub use callback::{Callback, SignInState, parse_pasted};
pub use listener::{Listener, MAX_CONNECTIONS, MAX_REQUEST_BYTES, READ_TIMEOUT};
pub use machine::{Event, Phase};

/// How long the owner has in the browser.
pub const PATIENCE: Duration = Duration::from_mins(10);

/// What a sign-in needs.
pub struct SignInRequest<'a> {
    /// Gets the tokens.
    pub exchange: &'a dyn TokenExchange,
    /// The registered redirect address.
    pub redirect: &'a RedirectUri,
    /// Where a relay page hands over to, when the redirect address is not on this computer.
    pub relay_port: u16,
    /// Opens the browser.
    pub browser: &'a dyn BrowserOpener,
    /// Addresses that the owner pastes; one that is of no use is reported and the next is awaited.
    pub pasted: mpsc::Receiver<String>,
    /// Told about each phase, and about pasted text that is of no use.
    pub progress: &'a (dyn Fn(Progress<'_>) + Sync),
    /// Ends it.
    pub cancel: &'a CancellationToken,
    /// See [`PATIENCE`].
    pub patience: Duration,
}

/// What is going on.
#[derive(Debug)]
pub enum Progress<'a> {
    /// A phase was reached.
    Phase(Phase),
    /// The pasted text was of no use; the sign-in goes on.
    Pasted(&'a SignInError),
    /// The browser could not be opened; the sign-in goes on, the owner can open the address.
    NoBrowser(&'a SignInError),
}

/// What a sign-in brings.
#[derive(Debug)]
pub struct SignedIn {
    /// The tokens.
    pub grant: TokenGrant,
    /// The QuickBooks company; its id comes with the answer only (`quickbooks-online.md` 1.3).
    pub realm: Option<RealmId>,
}

/// Signs in. Ends by itself after [`SignInRequest::patience`] at the latest, plus the exchange.
pub async fn sign_in(mut request: SignInRequest<'_>) -> Result<SignedIn, NetError> {
    let mut phase = Phase::Idle;
    let service = request.exchange.service();
    let (mut listener, state, redirect) = match prepare(&request).await {
        Ok(prepared) => prepared,
        Err(error) => {
            request.advance(&mut phase, Event::NotListening);
            return Err(error.into());
        }
    };
    request.advance(&mut phase, Event::Listening);

    let address = request.exchange.authorize_url(&redirect, state.secret());
    if let Err(error) = request.browser.open(&address) {
        (request.progress)(Progress::NoBrowser(&error));
    }
    request.advance(&mut phase, Event::BrowserAsked);

    let answer = request.wait(&mut listener, &state).await;
    let callback = match answer.and_then(|callback| check(service, callback)) {
        Ok(callback) => callback,
        Err(error) => {
            request.advance(&mut phase, Event::of_failure(&error));
            return Err(error.into());
        }
    };
    request.advance(&mut phase, Event::Answered);
    drop(listener);

    // Not cancelled: a code is exchanged once, and what it brings must not be thrown away.
    let granted = request
        .exchange
        .exchange_code(&callback.code, &redirect)
        .await;
    match granted {
        Ok(grant) => {
            request.advance(&mut phase, Event::Granted);
            Ok(SignedIn {
                grant,
                realm: callback.realm,
            })
        }
        Err(error) => {
            request.advance(&mut phase, Event::NotGranted);
            Err(error)
        }
    }
}

impl SignInRequest<'_> {
    fn advance(&self, phase: &mut Phase, event: Event) {
        *phase = phase.next(event);
        tracing::debug!(phase = phase.code(), "sign-in");
        (self.progress)(Progress::Phase(*phase));
    }

    async fn wait(
        &mut self,
        listener: &mut Listener,
        state: &SignInState,
    ) -> Result<Callback, SignInError> {
        let deadline = tokio::time::sleep(self.patience);
        tokio::pin!(deadline);
        let mut pasting = true;
        loop {
            tokio::select! {
                biased;
                () = self.cancel.cancelled() => return Err(SignInError::Cancelled),
                answer = listener.answer() => return answer,
                pasted = self.pasted.recv(), if pasting => match pasted {
                    Some(text) => match parse_pasted(&text, state) {
                        Ok(callback) => return Ok(callback),
                        Err(error @ (SignInError::WrongState | SignInError::NoCode)) => {
                            (self.progress)(Progress::Pasted(&error));
                        }
                        Err(error) => return Err(error),
                    },
                    None => pasting = false,
                },
                () = &mut deadline => return Err(SignInError::TimedOut),
            }
        }
    }
}

/// QuickBooks names the company in the answer and nowhere else.
fn check(service: Service, callback: Callback) -> Result<Callback, SignInError> {
    match (service, &callback.realm) {
        (Service::QuickBooks, None) => Err(SignInError::NoCompany),
        (Service::QuickBooks, Some(_)) | (Service::Mailchimp, _) => Ok(callback),
    }
}

/// Opens the port and makes the state that fits the redirect address.
async fn prepare(
    request: &SignInRequest<'_>,
) -> Result<(Listener, SignInState, RedirectUri), SignInError> {
    let random = oauth2::CsrfToken::new_random_len(32);
    let random = Secret::new(random.into_secret());
    if let Some(port) = request.redirect.loopback_port() {
        let state = SignInState::new(random);
        let path = request.redirect.path();
        let listener = Listener::bind(port, path, state.clone()).await?;
        let redirect = request.redirect.with_loopback_port(listener.port());
        return Ok((listener, state, redirect));
    }
    let bound = Listener::reserve(request.relay_port).await?;
    let state = SignInState::relayed(bound.port(), &random);
    let listener = bound.listen(RELAY_PATH, state.clone());
    Ok((listener, state, request.redirect.clone()))
}

/// The path that `relay/index.html` hands over to.
const RELAY_PATH: &str = "/callback";

#[cfg(test)]
mod tests;
