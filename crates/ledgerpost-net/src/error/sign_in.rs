//! Sign-ins that failed.

use ledgerpost_core::retry::Retry;
use thiserror::Error;

use super::ServiceWord;

/// Why signing in failed.
#[derive(Debug, Error)]
pub enum SignInError {
    /// Nobody gave keys for this service.
    #[error("there are no keys for {service}; docs/connect-accounts.md shows how to get them")]
    NoKeys {
        /// The service's name.
        service: &'static str,
    },
    /// All ports are taken.
    #[error(
        "the ports {ports:?} on this computer are all in use; close the program that uses them and try again"
    )]
    NoPort {
        /// What was tried.
        ports: Vec<u16>,
        /// The last cause.
        #[source]
        source: std::io::Error,
    },
    /// The redirect address is neither https nor on this computer.
    #[error(
        "the redirect address of {service} can be used for neither a local nor a relayed sign-in"
    )]
    Redirect {
        /// The service's name.
        service: &'static str,
    },
    /// The browser did not start.
    #[error("the browser could not be opened; open the address shown by --browser print yourself")]
    Browser {
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// Ten minutes went by.
    #[error("nobody answered in the browser within ten minutes; start again")]
    TimedOut,
    /// Cancelled by the owner here.
    #[error("cancelled")]
    Cancelled,
    /// The owner pressed *Cancel* in the browser.
    #[error("access was not granted in the browser")]
    Declined,
    /// The service ended it.
    #[error("the service ended the sign-in ({word})")]
    Refused {
        /// Its `error` word.
        word: ServiceWord,
    },
    /// The answer was for another sign-in.
    #[error(
        "this answer belongs to another sign-in; use the address that the browser ended on just now"
    )]
    WrongState,
    /// The answer has no code in it.
    #[error("the answer holds no code; paste the whole address from the browser's address bar")]
    NoCode,
    /// The answer names no company.
    #[error("the answer names no QuickBooks company; start again and choose a company")]
    NoCompany,
    /// The pasted text is no API key.
    #[error(
        "this is not a Mailchimp API key; it looks like 32 letters and digits, a hyphen and a data centre such as us19"
    )]
    ApiKey,
    /// The service does not say whose token it is.
    #[error("{service} did not accept its own token; start again")]
    TokenUnusable {
        /// The service's name.
        service: &'static str,
    },
}

impl SignInError {
    /// A stable word for the window and for scripts.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoKeys { .. } => "no_keys",
            Self::NoPort { .. } => "no_port",
            Self::Redirect { .. } => "redirect_unusable",
            Self::Browser { .. } => "no_browser",
            Self::TimedOut => "sign_in_timed_out",
            Self::Cancelled => "cancelled",
            Self::Declined => "sign_in_declined",
            Self::Refused { .. } => "sign_in_refused",
            Self::WrongState => "wrong_state",
            Self::NoCode => "no_code",
            Self::NoCompany => "no_company",
            Self::ApiKey => "no_api_key",
            Self::TokenUnusable { .. } => "token_unusable",
        }
    }

    /// Whether to try again: always a person's decision.
    pub const fn retry(&self) -> Retry {
        match self {
            Self::NoKeys { .. }
            | Self::NoPort { .. }
            | Self::Redirect { .. }
            | Self::Browser { .. }
            | Self::TimedOut
            | Self::Cancelled
            | Self::Declined
            | Self::Refused { .. }
            | Self::WrongState
            | Self::NoCode
            | Self::NoCompany
            | Self::ApiKey
            | Self::TokenUnusable { .. } => Retry::Permanent,
        }
    }
}
