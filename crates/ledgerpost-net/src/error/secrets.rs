//! A place for secrets that does not work.

use std::path::PathBuf;

use ledgerpost_core::retry::Retry;
use thiserror::Error;

/// Why the place for secrets does not work.
#[derive(Debug, Error)]
pub enum SecretsError {
    /// There is no keychain on this computer.
    #[error(
        "this computer has no keychain that can be used; start one, or choose --secrets file to keep sign-ins in a file that only you can read"
    )]
    NoKeychain {
        /// The cause.
        #[source]
        source: keyring::Error,
    },
    /// The keychain is locked or said no.
    #[error("the keychain did not let Ledgerpost in; unlock it and try again")]
    KeychainRefused {
        /// The cause.
        #[source]
        source: keyring::Error,
    },
    /// The keychain waits for somebody.
    #[error(
        "the keychain did not answer within a minute; unlock it and try again, or choose --secrets file"
    )]
    KeychainSilent,
    /// Pasted keys that cannot be read back.
    #[error("the stored keys for {service} cannot be read; paste them again")]
    PastedKeys {
        /// The service's name.
        service: &'static str,
    },
    /// The file was written by a newer program.
    #[error("the secrets file {} was written by a newer Ledgerpost; update this one", path.display())]
    NewerFile {
        /// The file.
        path: PathBuf,
    },
    /// An entry in the keychain is not what was written.
    #[error("an entry in the keychain was changed by another program; sign in again")]
    KeychainEntry,
    /// Others on this computer could read the file.
    #[error("the secrets file {} can be read by others (mode {mode:03o}); run: chmod 600 {}", path.display(), path.display())]
    TooOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file was not what was written, and now lies beside its old place.
    #[error("the secrets file {} was damaged and was set aside as {}; sign in again", path.display(), set_aside.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where it is now.
        set_aside: PathBuf,
    },
    /// Reading or writing failed.
    #[error("the secrets file {} could not be {verb}; check the folder's permissions and the free space", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// `read`, `written` or the like.
        verb: &'static str,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The program is ending.
    #[error("the program is ending")]
    Stopped,
}

impl SecretsError {
    /// A stable word for the window and for scripts.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoKeychain { .. } => "no_keychain",
            Self::KeychainRefused { .. } => "keychain_refused",
            Self::KeychainSilent => "keychain_silent",
            Self::PastedKeys { .. } => "pasted_keys_unreadable",
            Self::NewerFile { .. } => "secrets_file_newer",
            Self::KeychainEntry => "keychain_entry",
            Self::TooOpen { .. } => "secrets_file_open",
            Self::Damaged { .. } => "secrets_file_damaged",
            Self::File { .. } => "secrets_file",
            Self::Stopped => "stopped",
        }
    }

    /// Whether to try again.
    pub const fn retry(&self) -> Retry {
        match self {
            Self::KeychainEntry | Self::Damaged { .. } => Retry::SignIn,
            Self::KeychainRefused { .. } | Self::KeychainSilent | Self::File { .. } => {
                Retry::Transient { wait: None }
            }
            Self::NoKeychain { .. }
            | Self::PastedKeys { .. }
            | Self::NewerFile { .. }
            | Self::TooOpen { .. }
            | Self::Stopped => Retry::Permanent,
        }
    }
}
