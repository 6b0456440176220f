//! What every secret store does. One macro, run on each.

use super::{FileSecrets, KeychainSecrets, MemorySecrets, SecretKey, SecretStore as _};
use crate::services::Service;

macro_rules! secret_store_contract {
    ($name:ident, $store:ident) => {
        mod $name {
            use ledgerpost_core::ids::RealmId;

            use crate::secret::Secret;
            use crate::secrets::{Account, SecretKey, SecretStore as _};
            use crate::services::Service;

            fn tokens(realm: &str) -> SecretKey {
                SecretKey::Tokens(Account::QuickBooks(RealmId::new(realm)))
            }

            #[tokio::test]
            async fn what_was_never_set_is_absent() {
                let Some((store, _guard)) = super::$store() else {
                    return;
                };
                assert_eq!(store.get(&tokens("1")).await.unwrap(), None);
            }

            #[tokio::test]
            async fn what_was_set_is_read_back_and_replaced() {
                let Some((store, _guard)) = super::$store() else {
                    return;
                };
                for text in ["first", "", "zweite Fassung, ümlaut \u{1F3FA}\n\"quoted\""] {
                    store.set(&tokens("1"), &Secret::new(text)).await.unwrap();
                    assert_eq!(
                        store.get(&tokens("1")).await.unwrap(),
                        Some(Secret::new(text))
                    );
                }
                store.delete(&tokens("1")).await.unwrap();
            }

            #[tokio::test]
            async fn keys_do_not_mix() {
                let Some((store, _guard)) = super::$store() else {
                    return;
                };
                store.set(&tokens("1"), &Secret::new("one")).await.unwrap();
                store
                    .set(&tokens("12"), &Secret::new("twelve"))
                    .await
                    .unwrap();
                let keys = SecretKey::Keys(Service::QuickBooks);
                store.set(&keys, &Secret::new("keys")).await.unwrap();
                store.delete(&tokens("12")).await.unwrap();
                assert_eq!(
                    store.get(&tokens("1")).await.unwrap(),
                    Some(Secret::new("one"))
                );
                assert_eq!(store.get(&tokens("12")).await.unwrap(), None);
                assert_eq!(store.get(&keys).await.unwrap(), Some(Secret::new("keys")));
                store.delete(&tokens("1")).await.unwrap();
                store.delete(&keys).await.unwrap();
            }

            #[tokio::test]
            async fn deleting_twice_is_no_error() {
                let Some((store, _guard)) = super::$store() else {
                    return;
                };
                store.set(&tokens("1"), &Secret::new("one")).await.unwrap();
                store.delete(&tokens("1")).await.unwrap();
                store.delete(&tokens("1")).await.unwrap();
            }

            #[tokio::test]
            async fn a_secret_longer_than_a_windows_entry_survives_growing_and_shrinking() {
                let Some((store, _guard)) = super::$store() else {
                    return;
                };
                for length in [5_000, 9_000, 3, 2_000, 4_500] {
                    let secret = Secret::new("\u{e4}".repeat(length));
                    store.set(&tokens("1"), &secret).await.unwrap();
                    assert_eq!(store.get(&tokens("1")).await.unwrap(), Some(secret));
                }
                store.delete(&tokens("1")).await.unwrap();
                assert_eq!(store.get(&tokens("1")).await.unwrap(), None);
            }
        }
    };
}

#[expect(clippy::unnecessary_wraps, reason = "the keychain may be absent")]
fn memory_store() -> Option<(MemorySecrets, ())> {
    Some((MemorySecrets::default(), ()))
}

#[expect(clippy::unnecessary_wraps, reason = "the keychain may be absent")]
fn file_store() -> Option<(FileSecrets, tempfile::TempDir)> {
    let folder = tempfile::tempdir().unwrap();
    let store = FileSecrets::new(folder.path().join("secrets.json"));
    Some((store, folder))
}

/// A real Secret Service; `scripts/test-keychain.sh` starts one and sets the variable.
fn keychain_store() -> Option<(KeychainSecrets, tempfile::TempDir)> {
    std::env::var_os("LEDGERPOST_TEST_KEYCHAIN")?;
    let name = tempfile::tempdir().unwrap();
    let service = format!("Ledgerpost test {}", name.path().display());
    Some((KeychainSecrets::new(service), name))
}

secret_store_contract!(memory, memory_store);
secret_store_contract!(file, file_store);
secret_store_contract!(keychain, keychain_store);

/// Without a session bus there is no Secret Service: the error has to say what to do.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_missing_keychain_points_to_the_file() {
    if std::env::var_os("LEDGERPOST_TEST_NO_KEYCHAIN").is_none() {
        return;
    }
    let error = KeychainSecrets::new("Ledgerpost test")
        .get(&SecretKey::Keys(Service::Mailchimp))
        .await
        .unwrap_err();
    assert_eq!(error.code(), "no_keychain");
    assert!(error.to_string().contains("--secrets file"), "{error}");
}
