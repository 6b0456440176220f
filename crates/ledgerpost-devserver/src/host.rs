//! The host of the browser window: notes what it is asked, so that tests can look.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use ledgerpost_desk::{Host, Notice};
use serde::Serialize;

/// What was asked of the host since the last reset.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Asked {
    /// Pages, and folders, that were to be opened.
    pub(crate) opened: Vec<String>,
    /// Files that were saved.
    pub(crate) saved: Vec<PathBuf>,
    /// Notifications.
    pub(crate) notices: Vec<String>,
    /// Whether Ledgerpost starts with the computer.
    pub(crate) starts_at_login: bool,
}

/// The host of the browser window.
pub(crate) struct BrowserHost {
    asked: Mutex<Asked>,
    /// The file that the next *open* dialog is answered with.
    file_to_open: Mutex<Option<PathBuf>>,
    downloads: PathBuf,
    open_browser: bool,
}

impl BrowserHost {
    /// Saves files into a folder.
    pub(crate) fn new(downloads: PathBuf, open_browser: bool) -> Self {
        Self {
            asked: Mutex::default(),
            file_to_open: Mutex::default(),
            downloads,
            open_browser,
        }
    }

    /// What it was asked.
    pub(crate) fn asked(&self) -> Asked {
        self.note(|asked| asked.clone())
    }

    /// Answers the next *open* dialog with a file, or closes it.
    pub(crate) fn answer_open_dialog(&self, file: Option<PathBuf>) {
        *self
            .file_to_open
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = file;
    }

    fn note<T>(&self, note: impl FnOnce(&mut Asked) -> T) -> T {
        note(&mut self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn open(&self, what: String) -> io::Result<()> {
        if self.open_browser {
            open::that_detached(&what)?;
        }
        self.note(|asked| asked.opened.push(what));
        Ok(())
    }
}

#[async_trait]
impl Host for BrowserHost {
    fn open_address(&self, address: &str) -> io::Result<()> {
        self.open(address.to_owned())
    }

    fn open_folder(&self, folder: &Path) -> io::Result<()> {
        self.open(folder.display().to_string())
    }

    async fn choose_save_path(&self, suggestion: &str) -> Option<PathBuf> {
        // A suggestion is a name; nothing of it may lead elsewhere.
        let path = self.downloads.join(Path::new(suggestion).file_name()?);
        self.note(|asked| asked.saved.push(path.clone()));
        Some(path)
    }

    async fn choose_open_path(&self, _extensions: &[&str]) -> Option<PathBuf> {
        self.file_to_open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    fn notify(&self, notice: Notice) {
        self.note(|asked| asked.notices.push(format!("{notice:?}")));
    }

    fn set_start_at_login(&self, on: bool) -> io::Result<()> {
        self.note(|asked| asked.starts_at_login = on);
        Ok(())
    }
}
