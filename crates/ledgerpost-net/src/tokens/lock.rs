//! One refresh at a time over all processes that share a data folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::lock_folder;
use crate::error::TokenError;
use crate::secrets::SecretKey;

/// How often a lock that is taken is tried again.
const INTERVAL: Duration = Duration::from_millis(25);
/// An exchange may take its 130 s time-out more than once.
const PATIENCE: Duration = Duration::from_mins(5);

/// Held until dropped; the operating system releases it when the process dies.
pub(super) struct RefreshLock {
    _file: File,
}

impl RefreshLock {
    pub(super) async fn take(folder: &Path, key: &SecretKey) -> Result<Self, TokenError> {
        let folder = lock_folder(folder);
        let path = folder.join(format!("{}.lock", file_name(&key.to_string())));
        let failed = |source| TokenError::Lock {
            path: path.clone(),
            source,
        };
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(failed)?;
        let started = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) if started.elapsed() > PATIENCE => {
                    return Err(TokenError::Busy);
                }
                Err(TryLockError::WouldBlock) => sleep(INTERVAL).await,
                Err(TryLockError::Error(source)) => return Err(failed(source)),
            }
        }
    }
}

/// Ids come from outside; nothing but letters and digits gets into a path.
fn file_name(key: &str) -> String {
    key.chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect()
}
