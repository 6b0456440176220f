use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use jiff::SignedDuration;
use ledgerpost_core::ids::{AccountId, RealmId};

use super::*;
use crate::error::{HttpError, SecretsError, ServiceWord};
use crate::secrets::{FileSecrets, MemorySecrets};
use crate::services::{RedirectUri, Service};

/// How many exchanges the test service carries out at once.
const GATE: u32 = 100;
const HOUR: Duration = Duration::from_hours(1);

#[derive(Default)]
struct TestClock(Mutex<Timestamp>);

impl TestClock {
    fn advance(&self, span: Duration) {
        let mut now = self.0.lock().unwrap();
        *now = now
            .checked_add(SignedDuration::try_from(span).unwrap())
            .unwrap();
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// Behaves like Intuit at its strictest: each refresh gives a new pair and kills the old one.
struct Intuit {
    valid: Mutex<String>,
    exchanges: AtomicUsize,
    /// What the next exchanges meet before anything else; `true` for "and it took effect".
    trouble: Mutex<VecDeque<(Trouble, bool)>>,
    /// Holds exchanges until it is open.
    gate: tokio::sync::Semaphore,
}

enum Trouble {
    Timeout,
    Unavailable,
    WrongKeys,
}

impl Intuit {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            valid: Mutex::new("refresh-0".to_owned()),
            exchanges: AtomicUsize::new(0),
            trouble: Mutex::default(),
            gate: tokio::sync::Semaphore::new(GATE as usize),
        })
    }

    fn grant(number: usize) -> TokenGrant {
        TokenGrant {
            access: Secret::new(format!("access-{number}")),
            access_for: Some(HOUR),
            refresh: Some(Secret::new(format!("refresh-{number}"))),
            refresh_for: Some(Duration::from_hours(101 * 24)),
            hard_for: Some(Duration::from_hours(1825 * 24)),
        }
    }

    fn exchanges(&self) -> usize {
        self.exchanges.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl TokenExchange for Intuit {
    fn service(&self) -> Service {
        Service::QuickBooks
    }

    fn authorize_url(&self, _redirect: &RedirectUri, _state: &Secret) -> Url {
        unreachable!("no sign-in here")
    }

    async fn exchange_code(
        &self,
        _code: &Secret,
        _redirect: &RedirectUri,
    ) -> Result<TokenGrant, NetError> {
        unreachable!("no sign-in here")
    }

    async fn refresh_tokens(&self, refresh: &Secret) -> Result<TokenGrant, NetError> {
        let _permit = self.gate.acquire().await.unwrap();
        let trouble = self.trouble.lock().unwrap().pop_front();
        let took_effect = trouble.as_ref().is_none_or(|(_, took_effect)| *took_effect);
        let mut valid = self.valid.lock().unwrap();
        if refresh.expose() != *valid {
            return Err(TokenError::SignInAgain {
                account: "QuickBooks".to_owned(),
            }
            .into());
        }
        let number = self.exchanges.load(Ordering::SeqCst) + 1;
        if took_effect {
            self.exchanges.store(number, Ordering::SeqCst);
            *valid = format!("refresh-{number}");
        }
        match trouble {
            None => Ok(Self::grant(number)),
            Some((Trouble::Timeout, _)) => Err(HttpError::Timeout {
                template: "oauth:token",
            }
            .into()),
            Some((Trouble::Unavailable, _)) => Err(TokenError::Unavailable {
                service: "QuickBooks",
                status: 503,
                wait: None,
            }
            .into()),
            Some((Trouble::WrongKeys, _)) => Err(TokenError::Configuration {
                service: "QuickBooks",
                word: ServiceWord::new("invalid_client"),
            }
            .into()),
        }
    }

    async fn revoke_token(&self, _token: &Secret) -> Result<bool, NetError> {
        self.valid.lock().unwrap().clear();
        Ok(true)
    }
}

/// A store whose writes can be made to fail.
#[derive(Default)]
struct Fragile {
    secrets: MemorySecrets,
    broken: AtomicBool,
}

#[async_trait]
impl SecretStore for Fragile {
    async fn get(&self, key: &SecretKey) -> Result<Option<Secret>, SecretsError> {
        self.secrets.get(key).await
    }

    async fn set(&self, key: &SecretKey, secret: &Secret) -> Result<(), SecretsError> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(SecretsError::KeychainSilent);
        }
        self.secrets.set(key, secret).await
    }

    async fn delete(&self, key: &SecretKey) -> Result<(), SecretsError> {
        self.secrets.delete(key).await
    }
}

struct Setup {
    intuit: Arc<Intuit>,
    clock: Arc<TestClock>,
    secrets: Arc<dyn SecretStore>,
    folder: tempfile::TempDir,
}

impl Setup {
    fn new(secrets: Arc<dyn SecretStore>) -> Self {
        Self {
            intuit: Intuit::new(),
            clock: Arc::default(),
            secrets,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn in_memory() -> Self {
        Self::new(Arc::new(MemorySecrets::default()))
    }

    /// What another process has: nothing in common but the folder and the store.
    fn keeper(&self) -> TokenKeeper {
        let ports = TokenPorts {
            secrets: Arc::clone(&self.secrets),
            exchange: Some(Arc::clone(&self.intuit) as Arc<dyn TokenExchange>),
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            folder: self.folder.path().to_owned(),
            policy: RetryPolicy::IMMEDIATE,
        };
        TokenKeeper::new(Account::QuickBooks(RealmId::new("4620816365")), ports)
    }

    async fn signed_in(&self) -> TokenKeeper {
        let keeper = self.keeper();
        keeper.save_sign_in(Intuit::grant(0), None).await.unwrap();
        keeper
    }
}

#[tokio::test]
async fn a_token_is_renewed_shortly_before_it_ends() {
    let setup = Setup::in_memory();
    let keeper = setup.signed_in().await;
    assert_eq!(keeper.access().await.unwrap(), Secret::new("access-0"));
    setup.clock.advance(HOUR.saturating_sub(EARLY));
    assert_eq!(keeper.access().await.unwrap(), Secret::new("access-1"));
    assert_eq!(keeper.access().await.unwrap(), Secret::new("access-1"));
    assert_eq!(setup.intuit.exchanges(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_callers_share_one_exchange() {
    let setup = Setup::in_memory();
    let keeper = setup.signed_in().await;
    let rejected = keeper.access().await.unwrap();
    let callers: Vec<_> = (0..20)
        .map(|_| {
            let (keeper, rejected) = (keeper.clone(), rejected.clone());
            tokio::spawn(async move { keeper.access_after(&rejected).await.unwrap() })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap(), Secret::new("access-1"));
    }
    assert_eq!(
        setup.intuit.exchanges(),
        1,
        "a second one would have killed the first"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_take_turns_and_use_what_another_one_got() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = Arc::new(FileSecrets::new(folder.path().join("secrets.json")));
    let setup = Setup::new(secrets);
    setup.signed_in().await;
    setup.clock.advance(HOUR);
    let processes: Vec<_> = (0..5)
        .map(|_| {
            let keeper = setup.keeper();
            tokio::spawn(async move { keeper.access().await.unwrap() })
        })
        .collect();
    for process in processes {
        assert_eq!(process.await.unwrap(), Secret::new("access-1"));
    }
    assert_eq!(setup.intuit.exchanges(), 1);
}

#[tokio::test]
async fn a_caller_who_goes_away_loses_nothing() {
    let setup = Setup::in_memory();
    let keeper = setup.signed_in().await;
    setup.clock.advance(HOUR);
    let held = setup.intuit.gate.acquire_many(GATE).await.unwrap();
    {
        let waiting = keeper.access();
        tokio::pin!(waiting);
        assert!(futures_util::poll!(&mut waiting).is_pending());
    }
    drop(held);
    // The exchange goes on without anybody waiting; another process finds the new pair.
    let other = setup.keeper();
    while setup.intuit.exchanges() == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(other.access().await.unwrap(), Secret::new("access-1"));
    assert_eq!(setup.intuit.exchanges(), 1);
}

#[tokio::test]
async fn a_pair_that_could_not_be_saved_is_not_used_and_not_lost() {
    let secrets = Arc::new(Fragile::default());
    let setup = Setup::new(Arc::clone(&secrets) as Arc<dyn SecretStore>);
    let keeper = setup.signed_in().await;
    setup.clock.advance(HOUR);
    secrets.broken.store(true, Ordering::SeqCst);
    for _ in 0..3 {
        let error = keeper.access().await.unwrap_err();
        assert_eq!(error.code(), "keychain_silent");
    }
    secrets.broken.store(false, Ordering::SeqCst);
    assert_eq!(keeper.access().await.unwrap(), Secret::new("access-1"));
    assert_eq!(setup.intuit.exchanges(), 1);
    assert_eq!(
        setup.keeper().access().await.unwrap(),
        Secret::new("access-1"),
        "and it is saved"
    );
}

#[tokio::test]
async fn an_unknown_outcome_means_trying_the_old_token_again() {
    let setup = Setup::in_memory();
    let keeper = setup.signed_in().await;
    setup.clock.advance(HOUR);
    setup
        .intuit
        .trouble
        .lock()
        .unwrap()
        .extend([(Trouble::Timeout, false), (Trouble::Unavailable, false)]);
    assert_eq!(keeper.access().await.unwrap(), Secret::new("access-1"));
}

#[tokio::test]
async fn a_crash_between_exchange_and_save_ends_in_signing_in_again() {
    let setup = Setup::in_memory();
    setup.signed_in().await;
    setup.clock.advance(HOUR);
    // The answer was lost after it took effect, and then the process died.
    setup
        .intuit
        .trouble
        .lock()
        .unwrap()
        .push_back((Trouble::Timeout, true));
    let restarted = setup.keeper();
    let error = restarted.access().await.unwrap_err();
    assert_eq!(error.code(), "sign_in_again");
    assert_eq!(error.retry(), Retry::SignIn);
    assert!(error.to_string().contains("4620816365"), "{error}");
}

#[tokio::test]
async fn wrong_keys_do_not_end_the_sign_in() {
    let setup = Setup::in_memory();
    let keeper = setup.signed_in().await;
    setup.clock.advance(HOUR);
    setup
        .intuit
        .trouble
        .lock()
        .unwrap()
        .push_back((Trouble::WrongKeys, false));
    assert_eq!(keeper.access().await.unwrap_err().code(), "keys_refused");
    assert_eq!(keeper.access().await.unwrap(), Secret::new("access-1"));
}

#[tokio::test]
async fn the_rolling_end_is_counted_as_one_hundred_days() {
    let setup = Setup::in_memory();
    let health = setup.signed_in().await.health().await.unwrap();
    let days = |until: Option<Timestamp>| {
        until.unwrap().duration_since(health.issued_at).as_secs() / 86_400
    };
    assert_eq!(days(health.refresh_until), 100);
    assert_eq!(days(health.hard_until), 1825);
}

#[tokio::test]
async fn a_token_without_end_is_never_renewed_and_its_rejection_is_final() {
    let setup = Setup::in_memory();
    let ports = TokenPorts {
        exchange: None,
        ..setup.keeper().inner.ports.clone()
    };
    let keeper = TokenKeeper::new(Account::Mailchimp(AccountId::new("ab12")), ports);
    let base = Url::parse("https://us19.api.mailchimp.com").unwrap();
    keeper
        .save_api_key(Secret::new("key-us19"), base.clone())
        .await
        .unwrap();
    setup.clock.advance(HOUR * 24 * 4000);
    let token = keeper.access().await.unwrap();
    assert_eq!(token, Secret::new("key-us19"));
    assert_eq!(keeper.api_base_url().await.unwrap(), Some(base));
    assert_eq!(
        keeper.access_after(&token).await.unwrap_err().code(),
        "sign_in_again"
    );
}

#[tokio::test]
async fn signing_out_tells_the_service_and_forgets() {
    let setup = Setup::in_memory();
    let keeper = setup.signed_in().await;
    assert!(keeper.sign_out().await.unwrap());
    assert!(setup.intuit.valid.lock().unwrap().is_empty());
    assert_eq!(keeper.access().await.unwrap_err().code(), "not_signed_in");
    assert!(
        !keeper.sign_out().await.unwrap(),
        "a second time there is nothing to tell"
    );
}

#[tokio::test]
async fn a_damaged_entry_asks_for_signing_in_and_shows_nothing() {
    let setup = Setup::in_memory();
    let keeper = setup.keeper();
    setup
        .secrets
        .set(&keeper.inner.key(), &Secret::new("{\"canary\":1}"))
        .await
        .unwrap();
    let error = keeper.access().await.unwrap_err();
    assert_eq!(error.retry(), Retry::SignIn);
    assert!(!format!("{error} {error:?}").contains("canary"));
}
