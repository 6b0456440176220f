//! Secrets in one file that only its owner can read. For computers without a keychain; chosen
//! with `--secrets file`, never fallen back to.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{SecretKey, SecretStore};
use crate::error::SecretsError;
use crate::secret::Secret;

/// Keeps secrets in a file with mode 0600. Each change replaces the file as a whole; a lock file
/// beside it keeps two processes from undoing each other's changes.
#[derive(Debug, Clone)]
pub struct FileSecrets {
    path: Arc<PathBuf>,
}

impl FileSecrets {
    /// The file at this path; it and its folder are made when something is first kept.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: Arc::new(path.into()),
        }
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Folder<'_>) -> Result<T, SecretsError> + Send + 'static,
    ) -> Result<T, SecretsError> {
        let path = Arc::clone(&self.path);
        tokio::task::spawn_blocking(move || {
            let folder = Folder { path: &path };
            let _lock = folder.lock()?;
            work(&folder)
        })
        .await
        .map_err(|_| SecretsError::Stopped)?
    }
}

#[async_trait]
impl SecretStore for FileSecrets {
    async fn get(&self, key: &SecretKey) -> Result<Option<Secret>, SecretsError> {
        let key = key.to_string();
        self.run(move |folder| Ok(folder.read()?.secrets.remove(&key).map(|kept| kept.0)))
            .await
    }

    async fn set(&self, key: &SecretKey, secret: &Secret) -> Result<(), SecretsError> {
        let key = key.to_string();
        let secret = secret.clone();
        self.run(move |folder| {
            let mut content = folder.read()?;
            content.secrets.insert(key, Kept(secret));
            folder.replace(&content)
        })
        .await
    }

    async fn delete(&self, key: &SecretKey) -> Result<(), SecretsError> {
        let key = key.to_string();
        self.run(move |folder| {
            let mut content = folder.read()?;
            match content.secrets.remove(&key) {
                Some(_) => folder.replace(&content),
                None => Ok(()),
            }
        })
        .await
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    version: u32,
    secrets: BTreeMap<String, Kept>,
}

impl Default for Content {
    fn default() -> Self {
        Self {
            version: 1,
            secrets: BTreeMap::new(),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(transparent)]
struct Kept(#[serde(serialize_with = "crate::secret::serialize_exposed")] Secret);

struct Folder<'a> {
    path: &'a Path,
}

impl Folder<'_> {
    /// Held until dropped. Every holder is done within moments, so waiting is right.
    fn lock(&self) -> Result<File, SecretsError> {
        if let Some(parent) = self.path.parent() {
            fs::create_dir_all(parent).map_err(|source| self.failed("written", source))?;
        }
        let file = private(OpenOptions::new().create(true).truncate(false).write(true))
            .open(self.beside("lock"))
            .map_err(|source| self.failed("locked", source))?;
        file.lock()
            .map_err(|source| self.failed("locked", source))?;
        Ok(file)
    }

    fn read(&self) -> Result<Content, SecretsError> {
        let mut file = match File::open(self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Content::default()),
            Err(source) => return Err(self.failed("read", source)),
        };
        self.check_mode(&file)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(|source| self.failed("read", source))?;
        match serde_json::from_slice::<Content>(&bytes) {
            Ok(content) if content.version == 1 => Ok(content),
            Ok(_) => Err(SecretsError::NewerFile {
                path: self.path.to_owned(),
            }),
            Err(_) => self.set_aside(),
        }
    }

    /// A damaged file is kept for whoever may read something out of it.
    fn set_aside(&self) -> Result<Content, SecretsError> {
        let set_aside = (1..=u32::MAX)
            .map(|number| self.beside(&format!("damaged-{number}")))
            .find(|candidate| !candidate.exists())
            .expect("there are more numbers than files");
        fs::rename(self.path, &set_aside).map_err(|source| self.failed("set aside", source))?;
        Err(SecretsError::Damaged {
            path: self.path.to_owned(),
            set_aside,
        })
    }

    /// Writes a new file beside the old one and swaps them: after a crash there is one or the other.
    fn replace(&self, content: &Content) -> Result<(), SecretsError> {
        let written = |source| self.failed("written", source);
        let bytes = zeroize::Zeroizing::new(
            serde_json::to_vec_pretty(content).expect("texts always serialise"),
        );
        let temporary = self.beside("new");
        let removed = fs::remove_file(&temporary);
        if let Err(error) = removed
            && error.kind() != ErrorKind::NotFound
        {
            return Err(written(error));
        }
        let mut file = private(OpenOptions::new().create_new(true).write(true))
            .open(&temporary)
            .map_err(written)?;
        file.write_all(&bytes).map_err(written)?;
        file.sync_all().map_err(written)?;
        fs::rename(&temporary, self.path).map_err(written)?;
        self.sync_folder().map_err(written)
    }

    #[cfg(unix)]
    fn sync_folder(&self) -> io::Result<()> {
        let folder = self
            .path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()
    }

    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "the same signature as on Unix")]
    fn sync_folder(&self) -> io::Result<()> {
        Ok(())
    }

    #[cfg(unix)]
    fn check_mode(&self, file: &File) -> Result<(), SecretsError> {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = file
            .metadata()
            .map_err(|source| self.failed("read", source))?
            .permissions()
            .mode()
            & 0o777;
        if mode | 0o700 == 0o700 {
            return Ok(());
        }
        Err(SecretsError::TooOpen {
            path: self.path.to_owned(),
            mode,
        })
    }

    /// On Windows a file in the user's profile is the user's alone.
    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "the same signature as on Unix")]
    fn check_mode(&self, _file: &File) -> Result<(), SecretsError> {
        Ok(())
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(".");
        name.push(suffix);
        self.path.with_file_name(name)
    }

    fn failed(&self, verb: &'static str, source: io::Error) -> SecretsError {
        SecretsError::File {
            path: self.path.to_owned(),
            verb,
            source,
        }
    }
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::services::Service;

    const KEY: SecretKey = SecretKey::Keys(Service::Mailchimp);

    #[tokio::test]
    async fn only_the_owner_can_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        let secrets = FileSecrets::new(&path);
        secrets.set(&KEY, &Secret::new("s")).await.unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    #[tokio::test]
    async fn a_file_that_others_can_read_is_refused_with_the_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        let secrets = FileSecrets::new(&path);
        secrets.set(&KEY, &Secret::new("s")).await.unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let error = secrets.get(&KEY).await.unwrap_err();
        assert_eq!(error.code(), "secrets_file_open");
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }

    #[tokio::test]
    async fn a_damaged_file_is_set_aside_and_not_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        let secrets = FileSecrets::new(&path);
        secrets.set(&KEY, &Secret::new("canary")).await.unwrap();
        fs::write(
            &path,
            "{\"version\":1,\"secrets\":{\"keys/mailchimp\":\"cana",
        )
        .unwrap();
        let error = secrets.get(&KEY).await.unwrap_err();
        assert_eq!(error.code(), "secrets_file_damaged");
        assert!(!format!("{error} {error:?}").contains("cana\""));
        assert!(folder.path().join("secrets.json.damaged-1").exists());
        assert_eq!(secrets.get(&KEY).await.unwrap(), None, "and work goes on");
    }

    #[tokio::test]
    async fn two_writers_do_not_undo_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        let writers: Vec<_> = (0..20)
            .map(|number| {
                let secrets = FileSecrets::new(&path);
                tokio::spawn(async move {
                    let key = SecretKey::Tokens(super::super::Account::QuickBooks(
                        format!("{number}").into(),
                    ));
                    secrets.set(&key, &Secret::new("s")).await.unwrap();
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
        let folder = Folder { path: &path };
        assert_eq!(folder.read().unwrap().secrets.len(), 20);
    }
}
