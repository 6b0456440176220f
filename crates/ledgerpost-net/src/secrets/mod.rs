//! Where tokens and keys are kept: the operating system's keychain, or by explicit choice a file.

mod file;
mod keychain;
mod memory;

use std::fmt;

use async_trait::async_trait;
use ledgerpost_core::ids::{AccountId, RealmId};

use crate::error::SecretsError;
use crate::secret::Secret;
use crate::services::Service;

pub use file::FileSecrets;
pub use keychain::KeychainSecrets;
pub use memory::MemorySecrets;

/// Whose tokens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// A QuickBooks company.
    QuickBooks(RealmId),
    /// A Mailchimp account.
    Mailchimp(AccountId),
}

impl Account {
    /// The service it is at.
    pub const fn service(&self) -> Service {
        match self {
            Self::QuickBooks(_) => Service::QuickBooks,
            Self::Mailchimp(_) => Service::Mailchimp,
        }
    }

    fn id(&self) -> &str {
        match self {
            Self::QuickBooks(realm) => realm.as_str(),
            Self::Mailchimp(account) => account.as_str(),
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::QuickBooks(realm) => write!(f, "QuickBooks company {realm}"),
            Self::Mailchimp(account) => write!(f, "Mailchimp account {account}"),
        }
    }
}

/// The name of a secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretKey {
    /// The sign-in of an account.
    Tokens(Account),
    /// The client keys that the owner pasted.
    Keys(Service),
}

impl fmt::Display for SecretKey {
    /// `tokens/quickbooks/<realm>`, `keys/mailchimp`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tokens(account) => {
                write!(f, "tokens/{}/{}", account.service().slug(), account.id())
            }
            Self::Keys(service) => write!(f, "keys/{}", service.slug()),
        }
    }
}

/// Keeps secrets. What was set is durable when `set` returns.
#[async_trait]
pub trait SecretStore: Send + Sync {
    /// The secret, if there is one.
    async fn get(&self, key: &SecretKey) -> Result<Option<Secret>, SecretsError>;
    /// Keeps or replaces a secret.
    async fn set(&self, key: &SecretKey, secret: &Secret) -> Result<(), SecretsError>;
    /// Forgets a secret; one that is not there is forgotten already.
    async fn delete(&self, key: &SecretKey) -> Result<(), SecretsError>;
}

#[cfg(test)]
mod contract;
