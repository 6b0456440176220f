//! What the program can be started with; the same names as for the `ledgerpost` command.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use ledgerpost_desk::Options;

/// Ledgerpost in a window. Without arguments it opens with this user's data.
#[derive(Debug, Clone, Parser)]
#[command(name = "ledgerpost-desktop", version)]
pub(crate) struct Arguments {
    /// Where everything is kept [default: this user's application data folder].
    #[arg(long, value_name = "FOLDER", env = "LEDGERPOST_DATA_DIR")]
    pub(crate) data_dir: Option<PathBuf>,

    /// A file that says where the services are and whose keys to use (docs/services-file.md).
    #[arg(long, value_name = "FILE", env = "LEDGERPOST_SERVICES")]
    pub(crate) services: Option<PathBuf>,

    /// Where sign-ins are kept: the operating system's keychain, or a file in the data folder that
    /// only you can read.
    #[arg(long, value_enum, default_value_t = Secrets::Keychain, env = "LEDGERPOST_SECRETS")]
    pub(crate) secrets: Secrets,

    /// Start in the tray, without a window.
    #[arg(long)]
    pub(crate) hidden: bool,
}

/// Where sign-ins are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Secrets {
    /// The operating system's keychain.
    Keychain,
    /// A file in the data folder.
    File,
}

impl Arguments {
    /// The data folder: the one given, or this user's; nothing on a system without one.
    pub(crate) fn data_folder(&self) -> Option<PathBuf> {
        self.data_dir
            .clone()
            .or_else(|| dirs::data_local_dir().map(|folder| folder.join("ledgerpost")))
    }

    /// What the desk is opened with.
    pub(crate) fn options(&self, data_folder: PathBuf) -> Options {
        Options {
            data_folder,
            services: self.services.clone(),
            keychain: self.secrets == Secrets::Keychain,
        }
    }

    /// Whether this is the user's own Ledgerpost, of which there is one for each session.
    pub(crate) fn is_the_usual_one(&self) -> bool {
        self.data_dir.is_none()
    }
}
