//! One engine per data folder: a file lock that the operating system releases with its process,
//! however that ends.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

const LOCK: &str = "ledgerpost.lock";
/// Beside the lock and not in it: on Windows a locked file cannot be read by anybody else.
const HOLDER: &str = "ledgerpost.lock.holder";

/// Who works in a data folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Process number; 0 when it could not be read.
    pub pid: u32,
    /// The program, such as `ledgerpost sync`.
    pub program: String,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pid == 0 {
            f.write_str("another process")
        } else {
            write!(f, "{} (process {})", self.program, self.pid)
        }
    }
}

/// The lock; dropping it lets the next one in.
#[derive(Debug)]
pub(crate) struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Takes the lock at once or says who holds it.
    pub(crate) fn acquire(folder: &Path, program: &str) -> Result<Self> {
        let path = folder.join(LOCK);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|source| Error::io("create", &path, source))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::InUse {
                    path: folder.to_owned(),
                    holder: read_holder(folder).unwrap_or_else(unknown),
                });
            }
            Err(TryLockError::Error(source)) => return Err(Error::io("lock", &path, source)),
        }
        let holder = Holder {
            pid: std::process::id(),
            program: program.to_owned(),
        };
        let path = folder.join(HOLDER);
        let text = serde_json::to_vec(&holder).expect("two plain fields");
        std::fs::write(&path, text).map_err(|source| Error::io("write", &path, source))?;
        Ok(Self { _file: file })
    }
}

fn unknown() -> Holder {
    Holder {
        pid: 0,
        program: String::new(),
    }
}

/// `None` when the file is missing or half written: the lock alone decides, this is only for the message.
fn read_holder(folder: &Path) -> Option<Holder> {
    let text = std::fs::read(folder.join(HOLDER)).ok()?;
    serde_json::from_slice(&text).ok()
}
