//! The data folder: where the files are, and who may write to them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use ledgerpost_core::ids::RealmId;
use rusqlite::Connection;

use crate::company::CompanyStore;
use crate::database::{self, Opened};
use crate::error::{Error, Result};
use crate::lock::FolderLock;
use crate::registry::Registry;
use crate::schema::Schema;

const FILE: &str = "ledgerpost.sqlite";
const COMPANIES: &str = "companies";

/// The data folder, held by this process as long as the value lives.
#[derive(Debug)]
pub struct DataFolder {
    root: PathBuf,
    /// The files that were opened since the lock was taken. Nobody else writes to them while it is
    /// held, so each is checked once.
    opened: Mutex<BTreeSet<PathBuf>>,
    _lock: FolderLock,
}

impl DataFolder {
    /// Creates the folder if it is missing and takes its lock. `program` is what another process is
    /// told about who holds it, such as `ledgerpost sync`.
    ///
    /// # Errors
    /// [`Error::NotAFolder`], [`Error::ReadOnly`], [`Error::DiskFull`], [`Error::InUse`].
    pub fn open(root: impl Into<PathBuf>, program: &str) -> Result<Self> {
        let root = root.into();
        if root.exists() && !root.is_dir() {
            return Err(Error::NotAFolder { path: root });
        }
        create_private_folder(&root).map_err(|source| Error::io("create", &root, source))?;
        let lock = FolderLock::acquire(&root, program)?;
        Ok(Self {
            root,
            opened: Mutex::default(),
            _lock: lock,
        })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// Opens `ledgerpost.sqlite`.
    ///
    /// # Errors
    /// [`Error::Newer`], [`Error::Locked`], [`Error::ReadOnly`], [`Error::DiskFull`].
    pub fn registry(&self, now: Timestamp) -> Result<(Registry, Opened)> {
        let (connection, opened) = self.database(self.root.join(FILE), Schema::Registry, now)?;
        Ok((Registry::new(connection), opened))
    }

    /// Opens a company's file, creating it if it is missing.
    ///
    /// # Errors
    /// [`Error::InvalidRealm`] and those of [`Self::registry`].
    pub fn company(&self, realm: &RealmId, now: Timestamp) -> Result<(CompanyStore, Opened)> {
        let folder = self.company_folder(realm)?;
        create_private_folder(&folder).map_err(|source| Error::io("create", &folder, source))?;
        let (connection, opened) = self.database(folder.join(FILE), Schema::Company, now)?;
        Ok((CompanyStore::new(connection), opened))
    }

    fn database(
        &self,
        path: PathBuf,
        schema: Schema,
        now: Timestamp,
    ) -> Result<(Connection, Opened)> {
        let known = self.opened().contains(&path);
        let found = database::open(&path, schema, known, now)?;
        self.opened().insert(path);
        Ok(found)
    }

    fn opened(&self) -> MutexGuard<'_, BTreeSet<PathBuf>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings a company's file, if there is one, to the current schema and sets a damaged one aside, so
    /// that a [`FolderView`] can read it. What else is wrong with it comes up when it is opened.
    ///
    /// # Errors
    /// Those of [`Self::company`].
    pub fn bring_up_to_date(&self, realm: &RealmId, now: Timestamp) -> Result<Opened> {
        let path = self.company_folder(realm)?.join(FILE);
        if path.exists() && database::wants_opening(&path, Schema::Company) {
            let (_, opened) = self.database(path, Schema::Company, now)?;
            return Ok(opened);
        }
        Ok(Opened::Clean)
    }

    /// The folder of one company; also the place for its archives and exports.
    ///
    /// # Errors
    /// [`Error::InvalidRealm`].
    pub fn company_folder(&self, realm: &RealmId) -> Result<PathBuf> {
        company_folder(&self.root, realm)
    }

    /// Deletes everything that is kept of one company. Its store must have been dropped.
    ///
    /// # Errors
    /// [`Error::InvalidRealm`], [`Error::Io`].
    pub fn delete_company(&self, realm: &RealmId) -> Result<()> {
        let folder = self.company_folder(realm)?;
        self.opened().remove(&folder.join(FILE));
        match std::fs::remove_dir_all(&folder) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::io("delete", &folder, source))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

/// The data folder without its lock, for looking only: `status` works while a sync runs.
#[derive(Debug)]
pub struct FolderView {
    root: PathBuf,
}

impl FolderView {
    /// Looks at an existing folder.
    ///
    /// # Errors
    /// [`Error::NotAFolder`], [`Error::NoFolder`].
    pub fn open(root: impl Into<PathBuf>) -> Result<Self> {
        let root = root.into();
        if root.is_dir() {
            Ok(Self { root })
        } else if root.exists() {
            Err(Error::NotAFolder { path: root })
        } else {
            Err(Error::NoFolder { path: root })
        }
    }

    /// Opens `ledgerpost.sqlite` for reading; writing to it fails. `None` when there is none yet.
    ///
    /// # Errors
    /// [`Error::Older`], [`Error::Newer`], [`Error::Corrupt`], [`Error::Locked`].
    pub fn registry(&self) -> Result<Option<Registry>> {
        let path = self.root.join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        database::open_reading(&path, Schema::Registry).map(|c| Some(Registry::new(c)))
    }

    /// Opens a company's file for reading; writing to it fails. `None` when there is none yet.
    ///
    /// # Errors
    /// [`Error::InvalidRealm`] and those of [`Self::registry`].
    pub fn company(&self, realm: &RealmId) -> Result<Option<CompanyStore>> {
        let path = company_folder(&self.root, realm)?.join(FILE);
        if !path.exists() {
            return Ok(None);
        }
        database::open_reading(&path, Schema::Company).map(|c| Some(CompanyStore::new(c)))
    }
}

/// Notes that a company's file in this data folder gave [`Error::Corrupt`] while it was in use. Whoever
/// opens it for work next looks at all of it and sets it aside if it is damaged. Where that cannot be
/// noted, nothing but this look is lost.
pub fn note_damage(root: &Path, realm: &RealmId) {
    let noted = company_folder(root, realm).and_then(|folder| database::doubt(&folder.join(FILE)));
    if let Err(error) = noted {
        tracing::warn!(code = error.code(), "the damage could not be noted");
    }
}

/// Creates a folder that nobody else on this computer can look into, with those above it that are
/// missing. One that is there already stays as its owner made it.
///
/// # Errors
/// The system's.
pub fn create_private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn company_folder(root: &Path, realm: &RealmId) -> Result<PathBuf> {
    let text = realm.as_str();
    // Intuit's ids have 9 to 19 digits; what matters here is that nothing else gets into a path.
    let fine = (1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if fine {
        Ok(root.join(COMPANIES).join(text))
    } else {
        Err(Error::InvalidRealm)
    }
}

#[cfg(test)]
mod tests;
