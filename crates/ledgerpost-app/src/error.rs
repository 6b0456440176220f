//! What can go wrong, with what to do about it.

use ledgerpost_core::retry::Retry;
use ledgerpost_engine::EngineError;
use ledgerpost_mailchimp::Error as MailchimpError;
use ledgerpost_net::NetError;
use ledgerpost_net::error::{SecretsError, ServicesError, SignInError};
use ledgerpost_net::services::Service;
use ledgerpost_store::Error as StoreError;

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The data folder or a file in it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The network, a sign-in, a secret or the services file.
    #[error(transparent)]
    Net(#[from] NetError),
    /// A run.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Mailchimp, outside a run.
    #[error("Mailchimp: {0}")]
    Mailchimp(#[from] MailchimpError),
    /// QuickBooks, outside a run.
    #[error("QuickBooks: {0}")]
    QuickBooks(#[from] ledgerpost_qbo::Error),
    /// Neither service was reached.
    #[error("neither QuickBooks nor Mailchimp was reached")]
    NoInternet(#[source] Box<AppError>),
    /// No company is signed in.
    #[error("no QuickBooks company is connected")]
    NoCompany,
    /// Several are, and none was named.
    #[error("several QuickBooks companies are connected: {}", names.join(", "))]
    WhichCompany {
        /// Their names and ids.
        names: Vec<String>,
    },
    /// None is called so.
    #[error("there is no connected QuickBooks company `{wanted}`")]
    UnknownCompany {
        /// What was asked for.
        wanted: String,
        /// Names and ids of those there are.
        known: Vec<String>,
    },
    /// No Mailchimp account is signed in.
    #[error("no Mailchimp account is connected")]
    NoAccount,
    /// The company has no audience yet.
    #[error("{company} is not linked to an audience")]
    NotLinked {
        /// The company's name.
        company: String,
    },
    /// The connection was disconnected.
    #[error("{company} was disconnected from its audience")]
    Disconnected {
        /// The company's name.
        company: String,
    },
    /// No audience has this id or name.
    #[error("there is no audience `{wanted}` in this Mailchimp account")]
    UnknownAudience {
        /// What was asked for.
        wanted: String,
        /// Names of those there are.
        known: Vec<String>,
    },
    /// Several audiences have this name.
    #[error("several audiences are called `{wanted}`")]
    AmbiguousAudience {
        /// What was asked for.
        wanted: String,
        /// Their ids.
        ids: Vec<String>,
    },
    /// The company is tied to another audience already; its store cannot move (`mailchimp.md` 5.2).
    #[error("{company} is linked to the audience {audience} already")]
    LinkedElsewhere {
        /// The company's name.
        company: String,
        /// The audience's name.
        audience: String,
    },
    /// Subscribing people needs to say on what grounds.
    #[error("subscribing new contacts needs the grounds on which they agreed")]
    GroundsMissing,
    /// The role in Mailchimp is too low.
    #[error("the Mailchimp user who signed in is {role}, who may not sync")]
    RoleTooLow {
        /// The role.
        role: String,
    },
    /// QuickBooks did not say which company.
    #[error("QuickBooks did not say which company was chosen")]
    NoRealm,
}

impl AppError {
    /// A stable word for scripts and translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Net(error) => error.code(),
            Self::Engine(error) => error.code(),
            Self::Mailchimp(error) => error.code(),
            Self::QuickBooks(error) => error.code(),
            Self::NoInternet(error) => error.code(),
            Self::NoCompany => "no_company",
            Self::WhichCompany { .. } => "which_company",
            Self::UnknownCompany { .. } => "unknown_company",
            Self::NoAccount => "no_account",
            Self::NotLinked { .. } => "not_linked",
            Self::Disconnected { .. } => "disconnected",
            Self::UnknownAudience { .. } => "unknown_audience",
            Self::AmbiguousAudience { .. } => "ambiguous_audience",
            Self::LinkedElsewhere { .. } => "linked_elsewhere",
            Self::GroundsMissing => "grounds_missing",
            Self::RoleTooLow { .. } => "role_too_low",
            Self::NoRealm => "no_realm",
        }
    }

    /// What it means for trying again.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Net(error) => error.retry(),
            Self::Engine(error) => error.retry(),
            Self::Mailchimp(error) => error.retry(),
            Self::QuickBooks(error) => error.retry(),
            Self::NoInternet(error) => error.retry(),
            Self::Store(_)
            | Self::NoCompany
            | Self::WhichCompany { .. }
            | Self::UnknownCompany { .. }
            | Self::NoAccount
            | Self::NotLinked { .. }
            | Self::Disconnected { .. }
            | Self::UnknownAudience { .. }
            | Self::AmbiguousAudience { .. }
            | Self::LinkedElsewhere { .. }
            | Self::GroundsMissing
            | Self::RoleTooLow { .. }
            | Self::NoRealm => Retry::Permanent,
        }
    }

    /// What to do next, where the message does not say it already.
    pub fn next_step(&self) -> Option<String> {
        if let Some(service) = self.unreached() {
            return Some(format!(
                "try again; if web pages open, a firewall may keep {} out; nothing is lost",
                service.name()
            ));
        }
        Some(match self {
            Self::NoCompany => "run `ledgerpost connect quickbooks`".to_owned(),
            Self::WhichCompany { .. } => "name one with `--company ID`".to_owned(),
            Self::NoAccount => "run `ledgerpost connect mailchimp`".to_owned(),
            Self::NotLinked { .. } | Self::Disconnected { .. } => {
                "run `ledgerpost link --audience ID_OR_NAME --status transactional`".to_owned()
            }
            Self::UnknownCompany { known, .. } | Self::UnknownAudience { known, .. } => {
                format!("choose one of: {}", known.join(", "))
            }
            Self::AmbiguousAudience { ids, .. } => {
                format!("give its id instead: {}", ids.join(", "))
            }
            Self::LinkedElsewhere { .. } => "run `ledgerpost disconnect` first".to_owned(),
            Self::GroundsMissing => "add `--grounds TEXT`, or choose another status".to_owned(),
            Self::RoleTooLow { .. } => {
                "ask an owner, admin or manager of the account to sign in".to_owned()
            }
            Self::NoRealm => "sign in once more and choose a company".to_owned(),
            // Its messages say so themselves.
            Self::Net(_) => return None,
            Self::Store(error) | Self::Engine(EngineError::Store(error)) => error.hint().to_owned(),
            Self::Engine(error) => return retry_step(error.retry()),
            Self::Mailchimp(error) => return retry_step(error.retry()),
            Self::QuickBooks(error) => return retry_step(error.retry()),
            Self::NoInternet(error) => return retry_step(error.retry()),
        })
    }

    /// The service that there is no connection to; whether there is one to the other is not known.
    pub(crate) fn unreached(&self) -> Option<Service> {
        let service = match self {
            Self::Engine(EngineError::QuickBooks(_)) | Self::QuickBooks(_) => Service::QuickBooks,
            Self::Engine(EngineError::Mailchimp(_)) | Self::Mailchimp(_) => Service::Mailchimp,
            _ => return None,
        };
        (self.retry() == Retry::Offline).then_some(service)
    }
}

fn retry_step(retry: Retry) -> Option<String> {
    match retry {
        Retry::Permanent => None,
        Retry::Transient { wait: None } => Some("try again; nothing is lost".to_owned()),
        Retry::Transient { wait: Some(wait) } => Some(format!(
            "try again in {} seconds; nothing is lost",
            wait.as_secs()
        )),
        Retry::Offline => {
            Some("check the internet connection, then try again; nothing is lost".to_owned())
        }
        Retry::SignIn => Some(
            "sign in again with `ledgerpost connect quickbooks` or `ledgerpost connect mailchimp`"
                .to_owned(),
        ),
    }
}

impl From<SignInError> for AppError {
    fn from(error: SignInError) -> Self {
        Self::Net(error.into())
    }
}

impl From<SecretsError> for AppError {
    fn from(error: SecretsError) -> Self {
        Self::Net(error.into())
    }
}

impl From<ServicesError> for AppError {
    fn from(error: ServicesError) -> Self {
        Self::Net(error.into())
    }
}
