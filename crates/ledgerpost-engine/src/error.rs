//! What can stop a run.

use ledgerpost_core::retry::Retry;
use ledgerpost_mailchimp::Error as MailchimpError;
use ledgerpost_qbo::Error as QuickBooksError;
use ledgerpost_store::Error as StoreError;

use crate::plan::PlanError;

/// What can stop a run. What concerns a single record does not: it becomes an outcome in the
/// journal or a skip.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// QuickBooks refused or was not reached.
    #[error("QuickBooks: {0}")]
    QuickBooks(#[source] QuickBooksError),
    /// Mailchimp refused or was not reached.
    #[error("Mailchimp: {0}")]
    Mailchimp(#[source] MailchimpError),
    /// The company's file refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no plan.
    #[error("the plan could not be made: {0}")]
    Plan(#[source] PlanError<StoreError, StoreError>),
    /// The local archive could not be written. Nothing was removed.
    #[error("the archive {path} could not be written, so nothing was removed: {source}")]
    Archive {
        /// Where it was to be.
        path: std::path::PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The owner, or the end of the program, asked to stop. What was sent stays recorded.
    #[error("stopped; what was sent is kept, and the next sync goes on from there")]
    Stopped,
    /// The audience is gone or was disabled in Mailchimp.
    #[error(
        "the audience is not there any more in Mailchimp: choose another one with `ledgerpost link`"
    )]
    AudienceGone,
    /// A store with our id belongs to another audience; it cannot be moved (`mailchimp.md` 5.2).
    #[error(
        "Mailchimp already has a store for this company in another audience: disconnect that one first"
    )]
    StoreElsewhere,
    /// Adding people with this status would mail them.
    #[error(
        "the audience has a welcome automation that would mail {people} new contacts: switch it off in \
         Mailchimp, or choose a status other than subscribed"
    )]
    WouldMail {
        /// How many contacts would be added as subscribed.
        people: u64,
    },
    /// A status moved although nothing that was sent has one; no more is sent.
    #[error(
        "the marketing status of {people} contacts changed while orders were sent: stopped; look at \
         the contacts in Mailchimp before going on"
    )]
    StatusMoved {
        /// How many.
        people: u64,
    },
    /// There is no such run, or it cannot be undone.
    #[error("run {run} cannot be undone: {why}")]
    CannotUndo {
        /// The run.
        run: String,
        /// Why, in plain words.
        why: &'static str,
    },
    /// The plan waits for the owner's yes.
    #[error("the plan has not been approved yet")]
    NotApproved,
    /// The plan still finds changes after several rounds.
    #[error(
        "{changes} changes are still open after {rounds} rounds; the next sync tries them again"
    )]
    Unsettled {
        /// How many.
        changes: u64,
        /// How many rounds were made.
        rounds: u32,
    },
}

impl EngineError {
    /// A stable word for the window and the command line.
    pub fn code(&self) -> &'static str {
        match self {
            Self::QuickBooks(error) => error.code(),
            Self::Mailchimp(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::Plan(error) => error.code(),
            Self::Archive { .. } => "archive_failed",
            Self::Stopped => "stopped",
            Self::AudienceGone => "audience_gone",
            Self::StoreElsewhere => "store_elsewhere",
            Self::WouldMail { .. } => "would_mail",
            Self::StatusMoved { .. } => "status_moved",
            Self::CannotUndo { .. } => "cannot_undo",
            Self::NotApproved => "not_approved",
            Self::Unsettled { .. } => "unsettled",
        }
    }

    /// What it means for trying again.
    pub fn retry(&self) -> Retry {
        match self {
            Self::QuickBooks(error) => error.retry(),
            Self::Mailchimp(error) => error.retry(),
            Self::Plan(error) => error.retry(),
            Self::Stopped | Self::Unsettled { .. } => Retry::Transient { wait: None },
            Self::Store(_)
            | Self::Archive { .. }
            | Self::AudienceGone
            | Self::StoreElsewhere
            | Self::WouldMail { .. }
            | Self::StatusMoved { .. }
            | Self::CannotUndo { .. }
            | Self::NotApproved => Retry::Permanent,
        }
    }
}

impl From<MailchimpError> for EngineError {
    fn from(error: MailchimpError) -> Self {
        Self::Mailchimp(error)
    }
}

impl From<QuickBooksError> for EngineError {
    fn from(error: QuickBooksError) -> Self {
        Self::QuickBooks(error)
    }
}
