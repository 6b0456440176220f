//! What can go wrong below the clients: one enum per phase, and [`NetError`] over all of them.
//!
//! No variant holds an address with a query, a body, a token or a code: a service's words reach an
//! error only as a short word out of a known alphabet (see [`ServiceWord`]).

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ledgerpost_core::retry::Retry;
use thiserror::Error;

/// Anything that this crate reports.
#[derive(Debug, Error)]
pub enum NetError {
    /// A request got no answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The services file is of no use.
    #[error(transparent)]
    Services(#[from] ServicesError),
    /// The place for secrets does not work.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// Signing in failed.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// There is no token to use.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The outcome of work that several callers waited for.
    #[error("{0}")]
    Shared(#[source] Arc<NetError>),
}

impl NetError {
    /// A stable word for the window and for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Http(error) => error.code(),
            Self::Services(error) => error.code(),
            Self::Secrets(error) => error.code(),
            Self::SignIn(error) => error.code(),
            Self::Token(error) => error.code(),
            Self::Shared(error) => error.code(),
        }
    }

    /// Whether to try again.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Http(error) => error.retry(),
            Self::Services(_) => Retry::Permanent,
            Self::Secrets(error) => error.retry(),
            Self::SignIn(error) => error.retry(),
            Self::Token(error) => error.retry(),
            Self::Shared(error) => error.retry(),
        }
    }
}

/// Why a request got no answer.
#[derive(Debug, Error)]
pub enum HttpError {
    /// The HTTP client could not be made; on Linux usually a machine without certificates.
    #[error(
        "secure connections cannot be made on this computer; install its CA certificates (package ca-certificates)"
    )]
    Setup {
        /// The cause.
        #[source]
        source: reqwest::Error,
    },
    /// No connection: nothing was sent.
    #[error("no connection to the service ({template}); check the network")]
    Connect {
        /// The path with placeholders.
        template: &'static str,
        /// The cause, without the address.
        #[source]
        source: reqwest::Error,
    },
    /// No answer in time. The service may have done what was asked.
    #[error("the service did not answer in time ({template})")]
    Timeout {
        /// The path with placeholders.
        template: &'static str,
    },
    /// The connection broke. The service may have done what was asked.
    #[error("the connection to the service broke ({template})")]
    Broken {
        /// The path with placeholders.
        template: &'static str,
        /// The cause, without the address.
        #[source]
        source: reqwest::Error,
    },
    /// The answer is larger than we are willing to read.
    #[error("the answer of the service is larger than {limit} bytes ({template})")]
    TooLarge {
        /// The path with placeholders.
        template: &'static str,
        /// The limit in bytes.
        limit: usize,
    },
    /// A write that must not be repeated may have arrived: read back before trying again.
    #[error("it is not known whether the service did what was asked ({template})")]
    OutcomeUnknown {
        /// The path with placeholders.
        template: &'static str,
        /// What happened.
        #[source]
        source: Box<HttpError>,
    },
    /// A value that cannot stand in a header, such as a key with a line break in it.
    #[error("the value for the header {name} has characters that cannot be sent")]
    InvalidHeader {
        /// The header.
        name: &'static str,
    },
    /// A body that cannot be written as JSON.
    #[error("a request could not be written as JSON")]
    Encode {
        /// The cause.
        #[source]
        source: serde_json::Error,
    },
    /// Cancelled by the owner.
    #[error("cancelled")]
    Cancelled,
}

impl HttpError {
    pub(crate) fn from_reqwest(template: &'static str, source: reqwest::Error) -> Self {
        let source = source.without_url();
        if source.is_connect() {
            Self::Connect { template, source }
        } else if source.is_timeout() {
            Self::Timeout { template }
        } else {
            Self::Broken { template, source }
        }
    }

    /// A stable word for the window and for scripts.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Setup { .. } => "tls_unavailable",
            Self::Connect { .. } => "offline",
            Self::Timeout { .. } => "timeout",
            Self::Broken { .. } => "connection_broken",
            Self::TooLarge { .. } => "answer_too_large",
            Self::OutcomeUnknown { .. } => "outcome_unknown",
            Self::InvalidHeader { .. } => "invalid_header",
            Self::Encode { .. } => "invalid_request",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether to try again.
    pub const fn retry(&self) -> Retry {
        match self {
            Self::Connect { .. } => Retry::Offline,
            Self::Timeout { .. } | Self::Broken { .. } => Retry::Transient { wait: None },
            // Not by itself: somebody has to look whether it happened.
            Self::OutcomeUnknown { .. }
            | Self::Setup { .. }
            | Self::TooLarge { .. }
            | Self::InvalidHeader { .. }
            | Self::Encode { .. }
            | Self::Cancelled => Retry::Permanent,
        }
    }
}

/// What is wrong with the services file.
#[derive(Debug, Error)]
pub enum ServicesError {
    /// It cannot be read.
    #[error("the services file {} cannot be read; check the path given by --services or LEDGERPOST_SERVICES", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// It is not JSON.
    #[error("the services file {} is not JSON (line {line}, column {column}); correct it there, docs/services-file.md shows an example", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// It was made for another version of the program.
    #[error("the services file {} has version {found}, this program reads version 1; write it anew or update Ledgerpost", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// The version in the file.
        found: u64,
    },
    /// A field is wrong.
    #[error("the services file {}: the field {field} {problem}; see docs/services-file.md", path.display())]
    Field {
        /// The file.
        path: PathBuf,
        /// Its place, such as `quickbooks.token_url`.
        field: String,
        /// What is wrong with it.
        problem: FieldProblem,
    },
}

impl ServicesError {
    /// A stable word for the window and for scripts.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => "services_unreadable",
            Self::Syntax { .. } => "services_not_json",
            Self::Version { .. } => "services_version",
            Self::Field { .. } => "services_field",
        }
    }
}

/// What is wrong with a field of the services file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FieldProblem {
    /// Nobody knows it.
    #[error("is not known")]
    Unknown,
    /// It has to be there.
    #[error("is missing")]
    Missing,
    /// A number where text is wanted, or the like.
    #[error("has a value of the wrong kind")]
    WrongKind,
    /// Not an absolute address.
    #[error("is not an address such as https://host/path")]
    NotAnAddress,
    /// Tokens would travel in clear.
    #[error("must start with https:// (plain http:// is for addresses on this computer only)")]
    NotSecure,
    /// A user name, query or fragment in an address.
    #[error("must not hold a user name, a query or a fragment")]
    ExtraParts,
    /// Id without secret or secret without id.
    #[error("must be given together with its client_id and client_secret twin")]
    Half,
}

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

/// An OAuth error word of a service (`invalid_client`), or `other` when it is not such a word: text
/// that others control does not reach logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceWord(String);

impl ServiceWord {
    const LONGEST: usize = 40;

    /// Takes a word of lower-case letters and underscores.
    pub fn new(word: &str) -> Self {
        let fits = !word.is_empty()
            && word.len() <= Self::LONGEST
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        Self(if fits { word } else { "other" }.to_owned())
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ServiceWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
