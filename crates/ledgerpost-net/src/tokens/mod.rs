//! A token whenever one is needed.
//!
//! What must never happen is losing a refresh token: Intuit rotates it, the old one may die at once,
//! and there is no way back but a person signing in again (`quickbooks-online.md` 1.5). Hence:
//!
//! * one refresh at a time: callers in this process share one, processes take turns by a file lock,
//!   and whoever got the lock looks first whether another one has refreshed already;
//! * exchange and save run on a task of their own, so that a caller who goes away interrupts nothing;
//! * the new pair is saved before anybody gets it; if saving fails it stays in memory, is saved by
//!   the next call, and is not exchanged again;
//! * an exchange whose outcome is unknown is repeated with the same refresh token; only
//!   `invalid_grant` ends a sign-in.

mod lock;
mod stored;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use jiff::Timestamp;
use ledgerpost_core::ports::Clock;
use ledgerpost_core::retry::Retry;
use url::Url;

use crate::error::{NetError, TokenError};
use crate::http::{Authorizer, RetryPolicy};
use crate::oauth::{TokenExchange, TokenGrant};
use crate::secret::Secret;
use crate::secrets::{Account, SecretKey, SecretStore};
use lock::RefreshLock;
use stored::StoredSignIn;

/// A token is renewed this long before it ends, so that it does not end on its way.
const EARLY: Duration = Duration::from_mins(5);

/// What a [`TokenKeeper`] works with.
#[derive(Clone)]
pub struct TokenPorts {
    /// Where sign-ins are kept.
    pub secrets: Arc<dyn SecretStore>,
    /// Who gets new tokens; `None` for an API key.
    pub exchange: Option<Arc<dyn TokenExchange>>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The data folder, for the lock that processes share.
    pub folder: PathBuf,
    /// How an exchange that failed is repeated.
    pub policy: RetryPolicy,
}

/// Keeps one account signed in. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct TokenKeeper {
    inner: Arc<Inner>,
}

struct Inner {
    account: Account,
    ports: TokenPorts,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// As last read or written.
    current: Option<Arc<StoredSignIn>>,
    /// Obtained, and not saved yet because saving failed.
    unsaved: Option<Arc<StoredSignIn>>,
    /// The refresh under way, shared by all who wait for it.
    refresh: Option<(u64, Refresh)>,
    refreshes: u64,
}

type Refresh = Shared<BoxFuture<'static, Result<Arc<StoredSignIn>, Arc<NetError>>>>;

/// How a sign-in is doing, without anything secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInHealth {
    /// When the tokens were issued.
    pub issued_at: Timestamp,
    /// When the access token ends; `None` for never.
    pub access_until: Option<Timestamp>,
    /// When the sign-in ends if it is not used until then.
    pub refresh_until: Option<Timestamp>,
    /// When the sign-in ends whatever happens.
    pub hard_until: Option<Timestamp>,
}

impl TokenKeeper {
    /// For an account that is or is going to be signed in. Reads nothing yet.
    pub fn new(account: Account, ports: TokenPorts) -> Self {
        Self {
            inner: Arc::new(Inner {
                account,
                ports,
                state: Mutex::default(),
            }),
        }
    }

    /// The account.
    pub fn account(&self) -> &Account {
        &self.inner.account
    }

    /// Keeps a new sign-in. `api_base_url` is where the account's API is (Mailchimp).
    pub async fn save_sign_in(
        &self,
        grant: TokenGrant,
        api_base_url: Option<Url>,
    ) -> Result<(), NetError> {
        let now = self.inner.ports.clock.now();
        let sign_in = Arc::new(StoredSignIn::from_grant(grant, now, api_base_url, None));
        let inner = Arc::clone(&self.inner);
        detach(async move {
            let _lock = inner.lock().await?;
            inner.save(&sign_in).await
        })
        .await
    }

    /// Keeps a pasted API key.
    pub async fn save_api_key(&self, key: Secret, api_base_url: Url) -> Result<(), NetError> {
        let grant = TokenGrant {
            access: key,
            access_for: None,
            refresh: None,
            refresh_for: None,
            hard_for: None,
        };
        self.save_sign_in(grant, Some(api_base_url)).await
    }

    /// A token to use now; renewed first when it is about to end.
    pub async fn access(&self) -> Result<Secret, NetError> {
        let current = self.inner.current().await?;
        if current.is_fresh(self.inner.ports.clock.now(), EARLY) {
            return Ok(current.access_token.clone());
        }
        let stale = current.access_token.clone();
        self.refresh(&stale).await
    }

    /// A token to use after the service did not accept this one.
    ///
    /// # Errors
    ///
    /// [`TokenError::SignInAgain`] for a token that cannot be renewed (Mailchimp).
    pub async fn access_after(&self, rejected: &Secret) -> Result<Secret, NetError> {
        self.refresh(rejected).await
    }

    /// Where the account's API is, if that was kept with the sign-in.
    pub async fn api_base_url(&self) -> Result<Option<Url>, NetError> {
        Ok(self.inner.current().await?.api_base_url.clone())
    }

    /// How the sign-in is doing.
    pub async fn health(&self) -> Result<SignInHealth, NetError> {
        Ok(self.inner.current().await?.health())
    }

    /// Ends the sign-in at the service, then forgets it here. Returns whether the service was told;
    /// `false` means that the owner has to remove the app there (Mailchimp). When the service
    /// cannot be reached nothing is forgotten, so that the sign-in does not live on unseen.
    pub async fn sign_out(&self) -> Result<bool, NetError> {
        let inner = Arc::clone(&self.inner);
        detach(async move {
            let _lock = inner.lock().await?;
            let told = match (inner.read().await, &inner.ports.exchange) {
                (Ok(sign_in), Some(exchange)) => {
                    let token = sign_in.refresh_token.as_ref();
                    exchange
                        .revoke_token(token.unwrap_or(&sign_in.access_token))
                        .await?
                }
                (Ok(_), None) | (Err(NetError::Token(_)), _) => false,
                (Err(error), _) => return Err(error),
            };
            inner.forget().await?;
            Ok(told)
        })
        .await
    }

    /// Forgets the sign-in here without telling the service.
    pub async fn forget(&self) -> Result<(), NetError> {
        let inner = Arc::clone(&self.inner);
        detach(async move {
            let _lock = inner.lock().await?;
            inner.forget().await
        })
        .await
    }

    async fn refresh(&self, replaced: &Secret) -> Result<Secret, NetError> {
        let (number, refresh) = self.join_refresh(replaced);
        let outcome = refresh.await;
        let mut state = self.inner.state();
        if state
            .refresh
            .as_ref()
            .is_some_and(|(own, _)| *own == number)
        {
            state.refresh = None;
        }
        drop(state);
        match outcome {
            Ok(sign_in) => Ok(sign_in.access_token.clone()),
            Err(error) => Err(NetError::Shared(error)),
        }
    }

    /// The refresh under way, or a new one on a task of its own.
    fn join_refresh(&self, replaced: &Secret) -> (u64, Refresh) {
        let mut state = self.inner.state();
        if let Some((number, refresh)) = &state.refresh {
            return (*number, refresh.clone());
        }
        let inner = Arc::clone(&self.inner);
        let replaced = replaced.clone();
        let refresh = detach(async move { inner.renew(&replaced).await })
            .map(|outcome| outcome.map_err(Arc::new))
            .boxed()
            .shared();
        state.refreshes += 1;
        let number = state.refreshes;
        state.refresh = Some((number, refresh.clone()));
        (number, refresh)
    }
}

impl Inner {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn key(&self) -> SecretKey {
        SecretKey::Tokens(self.account.clone())
    }

    async fn lock(&self) -> Result<RefreshLock, NetError> {
        Ok(RefreshLock::take(&self.ports.folder, &self.key()).await?)
    }

    async fn current(&self) -> Result<Arc<StoredSignIn>, NetError> {
        let known = {
            let state = self.state();
            if state.unsaved.is_some() {
                None
            } else {
                state.current.clone()
            }
        };
        match known {
            Some(known) => Ok(known),
            None => self.read().await,
        }
    }

    /// Reads the store, after saving what an earlier attempt could not save.
    async fn read(&self) -> Result<Arc<StoredSignIn>, NetError> {
        let unsaved = self.state().unsaved.clone();
        if let Some(unsaved) = unsaved {
            self.save(&unsaved).await?;
            return Ok(unsaved);
        }
        let account = || self.account.to_string();
        let text = self.ports.secrets.get(&self.key()).await?;
        let text = text.ok_or_else(|| TokenError::NotSignedIn { account: account() })?;
        let sign_in = StoredSignIn::parse(&text)
            .map(Arc::new)
            .ok_or_else(|| TokenError::Stored { account: account() })?;
        self.state().current = Some(Arc::clone(&sign_in));
        Ok(sign_in)
    }

    /// Saves first, and lets it be used then.
    async fn save(&self, sign_in: &Arc<StoredSignIn>) -> Result<(), NetError> {
        self.state().unsaved = Some(Arc::clone(sign_in));
        self.ports
            .secrets
            .set(&self.key(), &sign_in.to_text())
            .await?;
        let mut state = self.state();
        state.unsaved = None;
        state.current = Some(Arc::clone(sign_in));
        Ok(())
    }

    async fn forget(&self) -> Result<(), NetError> {
        self.ports.secrets.delete(&self.key()).await?;
        let mut state = self.state();
        state.current = None;
        state.unsaved = None;
        Ok(())
    }

    async fn renew(&self, replaced: &Secret) -> Result<Arc<StoredSignIn>, NetError> {
        let _lock = self.lock().await?;
        let stored = self.read().await?;
        let now = self.ports.clock.now();
        if stored.access_token != *replaced && stored.is_fresh(now, EARLY) {
            return Ok(stored);
        }
        let (Some(exchange), Some(refresh)) = (&self.ports.exchange, &stored.refresh_token) else {
            return Err(self.sign_in_again());
        };
        let grant = self.exchange(exchange.as_ref(), refresh).await?;
        let now = self.ports.clock.now();
        let renewed = Arc::new(StoredSignIn::from_grant(
            grant,
            now,
            stored.api_base_url.clone(),
            Some(&stored),
        ));
        self.save(&renewed).await?;
        tracing::info!(account = %self.account, "sign-in renewed");
        Ok(renewed)
    }

    async fn exchange(
        &self,
        exchange: &dyn TokenExchange,
        refresh: &Secret,
    ) -> Result<TokenGrant, NetError> {
        let mut tries = self.ports.policy.start();
        loop {
            let error = match exchange.refresh_tokens(refresh).await {
                Ok(grant) => return Ok(grant),
                Err(NetError::Token(TokenError::SignInAgain { .. })) => {
                    return Err(self.sign_in_again());
                }
                Err(error) => error,
            };
            let asked = match error.retry() {
                Retry::Transient { wait } => wait,
                Retry::Offline => None,
                Retry::Permanent | Retry::SignIn => return Err(error),
            };
            let Some(wait) = tries.next_wait(asked) else {
                return Err(error);
            };
            tokio::time::sleep(wait).await;
        }
    }

    fn sign_in_again(&self) -> NetError {
        TokenError::SignInAgain {
            account: self.account.to_string(),
        }
        .into()
    }
}

#[async_trait]
impl Authorizer for TokenKeeper {
    async fn token(&self) -> Result<Option<Secret>, NetError> {
        self.access().await.map(Some)
    }

    async fn token_after(&self, rejected: &Secret) -> Result<Secret, NetError> {
        self.access_after(rejected).await
    }
}

/// A token that is not kept anywhere yet: for the calls that find out whose it is.
#[derive(Debug, Clone)]
pub struct FixedToken(pub Secret);

#[async_trait]
impl Authorizer for FixedToken {
    async fn token(&self) -> Result<Option<Secret>, NetError> {
        Ok(Some(self.0.clone()))
    }

    async fn token_after(&self, _rejected: &Secret) -> Result<Secret, NetError> {
        Err(TokenError::SignInAgain {
            account: "this account".to_owned(),
        }
        .into())
    }
}

/// Runs on a task of its own: whoever waits may go away without stopping it. Starts at once.
fn detach<T: Send + 'static>(
    work: impl Future<Output = Result<T, NetError>> + Send + 'static,
) -> impl Future<Output = Result<T, NetError>> + Send {
    let task = tokio::spawn(work);
    async move {
        task.await
            .unwrap_or_else(|_| Err(TokenError::Stopped.into()))
    }
}

/// Where the locks are, below the data folder.
fn lock_folder(folder: &Path) -> PathBuf {
    folder.join("locks")
}

#[cfg(test)]
mod tests;
