//! Sign-ins that there are no tokens of.

use std::path::PathBuf;
use std::time::Duration;

use ledgerpost_core::retry::Retry;
use thiserror::Error;

use super::ServiceWord;

/// Why there is no token to use.
#[derive(Debug, Error)]
pub enum TokenError {
    /// Never signed in, or the sign-in was removed.
    #[error("not signed in to {account}; connect it")]
    NotSignedIn {
        /// Service and account.
        account: String,
    },
    /// The service does not know the sign-in any more (`invalid_grant`, or 401 to a token that never
    /// expires).
    #[error("the sign-in to {account} has ended; sign in again")]
    SignInAgain {
        /// Service and account.
        account: String,
    },
    /// The keys are wrong, not the sign-in (`invalid_client` and its family).
    #[error(
        "{service} does not accept Ledgerpost's keys ({word}); check client id, client secret and redirect address"
    )]
    Configuration {
        /// The service's name.
        service: &'static str,
        /// Its `error` word.
        word: ServiceWord,
    },
    /// The service cannot say now.
    #[error("the sign-in service of {service} does not work at the moment (status {status})")]
    Unavailable {
        /// The service's name.
        service: &'static str,
        /// The HTTP status.
        status: u16,
        /// How long it wants us to wait.
        wait: Option<Duration>,
    },
    /// An answer that is neither tokens nor an error.
    #[error("the sign-in service of {service} sent an answer that cannot be read")]
    Unreadable {
        /// The service's name.
        service: &'static str,
    },
    /// What the secret store holds is no sign-in.
    #[error("the stored sign-in to {account} cannot be read; sign in again")]
    Stored {
        /// Service and account.
        account: String,
    },
    /// Another process renews the sign-in and does not finish.
    #[error(
        "another Ledgerpost is renewing the sign-in and does not finish; close it and try again"
    )]
    Busy,
    /// The lock file cannot be used.
    #[error("the lock file {} cannot be used; check the data folder's permissions", path.display())]
    Lock {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The program is ending.
    #[error("the program is ending")]
    Stopped,
}

impl TokenError {
    /// A stable word for the window and for scripts.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotSignedIn { .. } => "not_signed_in",
            Self::SignInAgain { .. } => "sign_in_again",
            Self::Configuration { .. } => "keys_refused",
            Self::Unavailable { .. } => "sign_in_unavailable",
            Self::Unreadable { .. } => "sign_in_unreadable",
            Self::Stored { .. } => "stored_sign_in_unreadable",
            Self::Busy => "refresh_busy",
            Self::Lock { .. } => "lock_unusable",
            Self::Stopped => "stopped",
        }
    }

    /// Whether to try again.
    pub const fn retry(&self) -> Retry {
        match self {
            Self::NotSignedIn { .. } | Self::SignInAgain { .. } | Self::Stored { .. } => {
                Retry::SignIn
            }
            Self::Unavailable { wait, .. } => Retry::Transient { wait: *wait },
            Self::Unreadable { .. } | Self::Busy | Self::Lock { .. } => {
                Retry::Transient { wait: None }
            }
            Self::Configuration { .. } | Self::Stopped => Retry::Permanent,
        }
    }
}
