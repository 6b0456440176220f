//! Secrets that end with the process: for the demo and for tests.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use super::{SecretKey, SecretStore};
use crate::error::SecretsError;
use crate::secret::Secret;

/// Keeps secrets in memory only.
#[derive(Debug, Default)]
pub struct MemorySecrets {
    secrets: Mutex<BTreeMap<SecretKey, Secret>>,
}

impl MemorySecrets {
    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<SecretKey, Secret>> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SecretStore for MemorySecrets {
    async fn get(&self, key: &SecretKey) -> Result<Option<Secret>, SecretsError> {
        Ok(self.lock().get(key).cloned())
    }

    async fn set(&self, key: &SecretKey, secret: &Secret) -> Result<(), SecretsError> {
        self.lock().insert(key.clone(), secret.clone());
        Ok(())
    }

    async fn delete(&self, key: &SecretKey) -> Result<(), SecretsError> {
        self.lock().remove(key);
        Ok(())
    }
}
