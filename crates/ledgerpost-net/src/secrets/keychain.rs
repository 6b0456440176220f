//! Secrets in the operating system's keychain: Keychain on macOS, Credential Manager on Windows,
//! the Secret Service (GNOME Keyring, KWallet) on Linux.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use keyring::{Entry, Error as KeyringError};

use super::{SecretKey, SecretStore};
use crate::error::SecretsError;
use crate::secret::Secret;

/// Windows takes 2,560 bytes an entry, and a QuickBooks access token alone may have 4,096
/// (`quickbooks-online.md` 1.4): longer secrets are kept in parts.
const PART_BYTES: usize = 2000;

/// A locked keychain may wait for somebody to type a password; not for ever.
const PATIENCE: Duration = Duration::from_mins(1);

/// Keeps secrets in the keychain under one service name.
///
/// The entry named after the key holds either `=` and the secret, or `+<generation>.<parts>` when
/// the secret lies in entries `<key>#<generation>.<part>`. The parts are written before the entry
/// that points to them, so that a crash in between leaves the old secret.
#[derive(Debug, Clone)]
pub struct KeychainSecrets {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    service: String,
    writing: Mutex<()>,
}

impl KeychainSecrets {
    /// The keychain, entries under this name.
    pub fn new(service: impl Into<String>) -> Self {
        Self {
            inner: Arc::new(Inner {
                service: service.into(),
                writing: Mutex::new(()),
            }),
        }
    }

    /// Runs on the blocking pool, because the keychain may wait for a person.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, SecretsError> + Send + 'static,
    ) -> Result<T, SecretsError> {
        let inner = Arc::clone(&self.inner);
        let work = tokio::task::spawn_blocking(move || work(&inner));
        match tokio::time::timeout(PATIENCE, work).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(SecretsError::Stopped),
            Err(_) => Err(SecretsError::KeychainSilent),
        }
    }
}

#[async_trait]
impl SecretStore for KeychainSecrets {
    async fn get(&self, key: &SecretKey) -> Result<Option<Secret>, SecretsError> {
        let key = key.to_string();
        self.run(move |inner| inner.read(&key)).await
    }

    async fn set(&self, key: &SecretKey, secret: &Secret) -> Result<(), SecretsError> {
        let key = key.to_string();
        let secret = secret.clone();
        self.run(move |inner| inner.write(&key, &secret)).await
    }

    async fn delete(&self, key: &SecretKey) -> Result<(), SecretsError> {
        let key = key.to_string();
        self.run(move |inner| inner.remove(&key)).await
    }
}

/// What the entry named after the key says.
enum Head {
    Whole(Secret),
    Parts { generation: u32, count: usize },
}

impl Head {
    fn parse(bytes: Vec<u8>) -> Result<Self, SecretsError> {
        let text = Secret::new(String::from_utf8(bytes).map_err(|_| SecretsError::KeychainEntry)?);
        if let Some(whole) = text.expose().strip_prefix('=') {
            return Ok(Self::Whole(Secret::new(whole)));
        }
        text.expose()
            .strip_prefix('+')
            .and_then(|rest| rest.split_once('.'))
            .and_then(|(generation, count)| {
                Some(Self::Parts {
                    generation: generation.parse().ok()?,
                    count: count.parse().ok()?,
                })
            })
            .ok_or(SecretsError::KeychainEntry)
    }
}

impl Inner {
    fn read(&self, key: &str) -> Result<Option<Secret>, SecretsError> {
        match self.head(key)? {
            None => Ok(None),
            Some(Head::Whole(secret)) => Ok(Some(secret)),
            Some(Head::Parts { generation, count }) => {
                let mut bytes = Vec::new();
                for part in 0..count {
                    let part = self
                        .bytes(&part_name(key, generation, part))?
                        .ok_or(SecretsError::KeychainEntry)?;
                    bytes.extend(part);
                }
                String::from_utf8(bytes)
                    .map(|text| Some(Secret::new(text)))
                    .map_err(|_| SecretsError::KeychainEntry)
            }
        }
    }

    fn write(&self, key: &str, secret: &Secret) -> Result<(), SecretsError> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let old = self.old_parts(key)?;
        let bytes = secret.expose().as_bytes();
        if bytes.len() < PART_BYTES {
            self.put(key, format!("={}", secret.expose()).as_bytes())?;
        } else {
            let generation = old.map_or(0, |(generation, _)| generation.wrapping_add(1));
            let parts = bytes.chunks(PART_BYTES);
            let count = parts.len();
            for (index, part) in parts.enumerate() {
                self.put(&part_name(key, generation, index), part)?;
            }
            self.put(key, format!("+{generation}.{count}").as_bytes())?;
        }
        self.remove_parts(key, old)
    }

    fn remove(&self, key: &str) -> Result<(), SecretsError> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let old = self.old_parts(key)?;
        self.erase(key)?;
        self.remove_parts(key, old)
    }

    fn head(&self, key: &str) -> Result<Option<Head>, SecretsError> {
        self.bytes(key)?.map(Head::parse).transpose()
    }

    /// The parts that the entry points to now. An unreadable entry is about to be replaced.
    fn old_parts(&self, key: &str) -> Result<Option<(u32, usize)>, SecretsError> {
        match self.head(key) {
            Ok(Some(Head::Parts { generation, count })) => Ok(Some((generation, count))),
            Ok(Some(Head::Whole(_)) | None) | Err(SecretsError::KeychainEntry) => Ok(None),
            Err(other) => Err(other),
        }
    }

    fn remove_parts(&self, key: &str, parts: Option<(u32, usize)>) -> Result<(), SecretsError> {
        let Some((generation, count)) = parts else {
            return Ok(());
        };
        (0..count).try_for_each(|part| self.erase(&part_name(key, generation, part)))
    }

    fn entry(&self, name: &str) -> Result<Entry, SecretsError> {
        Entry::new(&self.service, name).map_err(explain)
    }

    fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, SecretsError> {
        match self.entry(name)?.get_secret() {
            Ok(bytes) => Ok(Some(bytes)),
            Err(KeyringError::NoEntry) => Ok(None),
            Err(error) => Err(explain(error)),
        }
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), SecretsError> {
        self.entry(name)?.set_secret(bytes).map_err(explain)
    }

    fn erase(&self, name: &str) -> Result<(), SecretsError> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(KeyringError::NoEntry) => Ok(()),
            Err(error) => Err(explain(error)),
        }
    }
}

fn part_name(key: &str, generation: u32, part: usize) -> String {
    format!("{key}#{generation}.{part}")
}

/// Some of the library's errors carry the secret's bytes; those are dropped here.
fn explain(error: KeyringError) -> SecretsError {
    match error {
        KeyringError::NoDefaultStore => SecretsError::NoKeychain { source: error },
        KeyringError::BadEncoding(_)
        | KeyringError::BadDataFormat(..)
        | KeyringError::Ambiguous(_) => SecretsError::KeychainEntry,
        _ => SecretsError::KeychainRefused { source: error },
    }
}
