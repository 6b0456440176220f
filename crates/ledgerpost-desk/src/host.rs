//! What the desk needs from whoever shows it.

use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;

/// Whoever shows the desk: the window, or a test.
#[async_trait]
pub trait Host: Send + Sync + 'static {
    /// Opens a page in the owner's browser, without waiting for it.
    ///
    /// # Errors
    /// The system's.
    fn open_address(&self, address: &str) -> io::Result<()>;

    /// Shows a folder in the file manager.
    ///
    /// # Errors
    /// The system's.
    fn open_folder(&self, folder: &Path) -> io::Result<()>;

    /// Asks where to save a file; `suggestion` is a file name. `None` when the owner closed the dialog.
    async fn choose_save_path(&self, suggestion: &str) -> Option<PathBuf>;

    /// Asks for a file with one of the extensions. `None` when the owner closed the dialog.
    async fn choose_open_path(&self, extensions: &[&str]) -> Option<PathBuf>;

    /// Shows a notification. Asked only while the owner wants them.
    fn notify(&self, notice: Notice);

    /// Starts Ledgerpost with the computer, or no longer.
    ///
    /// # Errors
    /// The system's.
    fn set_start_at_login(&self, on: bool) -> io::Result<()>;

    /// Whether the computer runs on its battery; `None` when nobody knows.
    fn on_battery(&self) -> Option<bool> {
        None
    }

    /// The folder with the logs, if there is one.
    fn log_folder(&self) -> Option<PathBuf> {
        None
    }

    /// The commit that the program was built from, where known.
    fn commit(&self) -> Option<String> {
        None
    }
}

/// What a notification is about. The words are the host's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// QuickBooks wants a new sign-in.
    SignInQuickBooks {
        /// The company's name.
        company: String,
    },
    /// Mailchimp wants a new sign-in.
    SignInMailchimp {
        /// The company's name.
        company: String,
    },
    /// Something needs a person.
    NeedsAttention {
        /// The company's name.
        company: String,
    },
}

/// Where the owner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Presence {
    /// The window is there and in use.
    #[default]
    InUse,
    /// The window is closed or hidden, or nobody has looked at it for a while.
    InTray,
}
