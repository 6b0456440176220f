//! What can go wrong when talking to Mailchimp.

use std::time::Duration;

use ledgerpost_core::ids::AccountId;
use ledgerpost_core::retry::Retry;
use ledgerpost_net::NetError;

use crate::refusal::{Reason, Refusal};

/// What can go wrong when talking to Mailchimp. No message holds anything of a record.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Mailchimp refused.
    #[error("{0}")]
    Refused(Refusal),
    /// Mailchimp was not reached, or did not answer.
    #[error(transparent)]
    Net(#[from] NetError),
    /// A write that must not be repeated blindly may have taken effect. Look whether it did before
    /// sending it again.
    #[error("it is not known whether Mailchimp did what was asked ({endpoint})")]
    OutcomeUnknown {
        /// Method and path template.
        endpoint: &'static str,
        /// What happened; `None` when Mailchimp itself answered that it failed.
        #[source]
        source: Option<NetError>,
    },
    /// An answer of success that lacks what we need. Place only: the text of the cause could quote
    /// the record.
    #[error("Mailchimp's answer to {endpoint} cannot be read (line {line}, column {column})")]
    Unreadable {
        /// Method and path template.
        endpoint: &'static str,
        /// Line of the body.
        line: usize,
        /// Column of the line.
        column: usize,
    },
    /// The sign-in belongs to another account than the connection.
    #[error("this sign-in belongs to another Mailchimp account than the one that was connected")]
    WrongAccount {
        /// The connection's account.
        expected: AccountId,
        /// The sign-in's account.
        found: AccountId,
    },
    /// More rows than Mailchimp takes in one call.
    #[error("{given} rows are more than the {limit} that Mailchimp takes in one call")]
    TooManyRows {
        /// The limit.
        limit: usize,
        /// What was asked for.
        given: usize,
    },
    /// An order without lines, which Mailchimp answers with 404 (`mailchimp.md` 5.5).
    #[error("an order needs at least one line")]
    LinesEmpty,
    /// An API key without data centre.
    #[error("this is no Mailchimp API key: it must end in a dash and a data centre such as -us19")]
    ApiKeyFormat,
    /// A base address that would send the token unencrypted, or that is no address.
    #[error("Mailchimp's address must begin with https://")]
    BaseUrl,
    /// A batch did not finish in time. It may still finish.
    #[error("Mailchimp's batch was not finished after {} seconds", waited.as_secs())]
    BatchDeadline {
        /// How long we waited.
        waited: Duration,
    },
    /// A finished batch without an address for its results.
    #[error("Mailchimp's batch has no results to fetch")]
    ResultsMissing,
    /// The storage that keeps the results refused.
    #[error("the results of Mailchimp's batch are not available (status {status})")]
    ResultsRefused {
        /// The HTTP status.
        status: u16,
    },
    /// The result archive is damaged.
    #[error("the results of Mailchimp's batch are damaged: {reason}")]
    ArchiveDamaged {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The result archive exceeds our limits.
    #[error("the results of Mailchimp's batch are larger than {limit} bytes")]
    ArchiveTooLarge {
        /// The limit, bytes.
        limit: u64,
    },
}

impl Error {
    /// A stable word for exports, filters and translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.reason.code(),
            Self::Net(error) => error.code(),
            Self::OutcomeUnknown { .. } => "outcome_unknown",
            Self::Unreadable { .. } => "unreadable",
            Self::WrongAccount { .. } => "wrong_account",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::LinesEmpty => "lines_empty",
            Self::ApiKeyFormat => "api_key_format",
            Self::BaseUrl => "base_url",
            Self::BatchDeadline { .. } => "batch_deadline",
            Self::ResultsMissing => "results_missing",
            Self::ResultsRefused { .. } => "results_refused",
            Self::ArchiveDamaged { .. } => "archive_damaged",
            Self::ArchiveTooLarge { .. } => "archive_too_large",
        }
    }

    /// What the error means for trying again.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Refused(refusal) => refusal.reason.retry(),
            Self::Net(error) => error.retry(),
            Self::WrongAccount { .. } | Self::ApiKeyFormat => Retry::SignIn,
            Self::OutcomeUnknown { .. }
            | Self::BatchDeadline { .. }
            | Self::ResultsMissing
            | Self::ResultsRefused { .. }
            | Self::ArchiveDamaged { .. } => Retry::Transient { wait: None },
            Self::Unreadable { .. }
            | Self::TooManyRows { .. }
            | Self::LinesEmpty
            | Self::BaseUrl
            | Self::ArchiveTooLarge { .. } => Retry::Permanent,
        }
    }

    /// The refusal, if this is one.
    pub const fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Whether Mailchimp refused for this reason.
    pub fn is(&self, reason: Reason) -> bool {
        self.refusal()
            .is_some_and(|refusal| refusal.reason == reason)
    }
}
