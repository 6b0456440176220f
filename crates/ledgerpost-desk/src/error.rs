//! What can go wrong at the desk.

use ledgerpost_app::AppError;
use ledgerpost_core::retry::Retry;
use ledgerpost_ipc::work::Task;
use ledgerpost_store::Error as StoreError;

use crate::look::LookError;

/// What can go wrong at the desk.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The app's.
    #[error(transparent)]
    App(#[from] AppError),
    /// Looking into the files.
    #[error(transparent)]
    Look(#[from] LookError),
    /// Another piece of work is under way.
    #[error("another piece of work is under way: {running:?}")]
    Busy {
        /// Which.
        running: Task,
    },
    /// No command has this name.
    #[error("there is no command of this name")]
    UnknownCommand,
    /// The request is not of the command's type.
    #[error("the request does not fit the command at `{path}`")]
    BadRequest {
        /// The field. The text of the cause could quote what was sent.
        path: String,
    },
    /// No company, customer, run or account of this name.
    #[error("there is no such {what}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
    },
    /// Something that the owner entered needs correcting.
    #[error("{field}: {problem}")]
    Invalid {
        /// The field's name on the wire.
        field: &'static str,
        /// What is wrong, in English.
        problem: &'static str,
    },
    /// The plan that was agreed to is no longer the current one.
    #[error("the plan is different from the one that was agreed to")]
    PlanChanged,
    /// Mailchimp does not know the API key that was pasted.
    #[error("Mailchimp does not accept the API key")]
    ApiKeyRefused(#[source] Box<AppError>),
    /// The plan does not allow another audience.
    #[error("the Mailchimp plan allows no more audiences")]
    NoMoreAudiences,
    /// The owner's file could not be written or read.
    #[error("the file could not be {verb}")]
    File {
        /// `written` or `read`.
        verb: &'static str,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The system did not open a page or a folder, or did not change what starts with it.
    #[error("the system did not {action}")]
    System {
        /// What was asked of it.
        action: &'static str,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The demo's services did not start.
    #[error("the demo did not start")]
    Demo(#[source] ledgerpost_sim::SimError),
    /// The system has no thread to give.
    #[error("the system has no thread to give")]
    Thread(#[source] std::io::Error),
    /// The desk is being closed.
    #[error("Ledgerpost is ending")]
    Closed,
    /// A fault of ours; the log has the details.
    #[error("a fault in Ledgerpost; the log has the details")]
    Fault,
}

impl DeskError {
    /// A stable word for logs and diagnostics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::App(error) => error.code(),
            Self::Look(error) => error.code(),
            Self::Busy { .. } => "busy",
            Self::UnknownCommand => "unknown_command",
            Self::BadRequest { .. } => "bad_request",
            Self::NotFound { .. } => "not_found",
            Self::Invalid { .. } => "invalid",
            Self::PlanChanged => "plan_changed",
            Self::ApiKeyRefused(_) => "api_key_refused",
            Self::NoMoreAudiences => "no_more_audiences",
            Self::File { .. } => "owners_file",
            Self::System { .. } => "system_refused",
            Self::Demo(_) => "demo_failed",
            Self::Thread(_) => "no_thread",
            Self::Closed => "closed",
            Self::Fault => "fault",
        }
    }

    /// What it means for trying again.
    pub fn retry(&self) -> Retry {
        match self {
            Self::App(error) => error.retry(),
            Self::Look(error) => error.retry(),
            Self::Busy { .. } | Self::Closed => Retry::Transient { wait: None },
            Self::UnknownCommand
            | Self::BadRequest { .. }
            | Self::NotFound { .. }
            | Self::Invalid { .. }
            | Self::PlanChanged
            | Self::ApiKeyRefused(_)
            | Self::NoMoreAudiences
            | Self::File { .. }
            | Self::System { .. }
            | Self::Demo(_)
            | Self::Thread(_)
            | Self::Fault => Retry::Permanent,
        }
    }
}

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

impl From<ledgerpost_mailchimp::Error> for DeskError {
    fn from(error: ledgerpost_mailchimp::Error) -> Self {
        Self::App(error.into())
    }
}

impl From<ledgerpost_qbo::Error> for DeskError {
    fn from(error: ledgerpost_qbo::Error) -> Self {
        Self::App(error.into())
    }
}

impl From<ledgerpost_net::NetError> for DeskError {
    fn from(error: ledgerpost_net::NetError) -> Self {
        Self::App(error.into())
    }
}
