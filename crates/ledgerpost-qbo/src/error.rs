//! What can go wrong, by what the caller does about it (`quickbooks-online.md` 9).

use std::fmt;
use std::time::Duration;

use ledgerpost_core::retry::Retry;
use ledgerpost_net::NetError;

/// Why a read failed.
///
/// No variant shows what the service wrote in free text when printed: such text may name people, and
/// that of a 401 holds the token. [`Detail`] keeps it where an owner needs it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The service did not accept a fresh token either, or the app was disconnected.
    #[error("QuickBooks does not accept the sign-in any more; sign in again{trace}")]
    SignIn {
        /// The call.
        trace: Trace,
    },
    /// Whoever connected the company lost the right to it (code 120).
    #[error(
        "the person who connected QuickBooks has lost access to the company; an administrator has to sign in{trace}"
    )]
    RightsLost {
        /// The call.
        trace: Trace,
    },
    /// Too many requests, even after waiting.
    #[error("QuickBooks asks to slow down{trace}")]
    Throttled {
        /// What the service asked for.
        wait: Option<Duration>,
        /// The call.
        trace: Trace,
    },
    /// Throttled through several waits of a minute: the reads of this month are used up
    /// (`quickbooks-online.md` 8.2).
    #[error("the QuickBooks reads of this month appear to be used up{trace}")]
    MonthlyQuota {
        /// The call.
        trace: Trace,
    },
    /// The company is being moved, is locked or under maintenance, or its subscription lapsed (codes 130,
    /// 140, 150, 6190).
    #[error("the QuickBooks company is not available at the moment (code {code}){trace}")]
    CompanyUnavailable {
        /// The fault's code.
        code: String,
        /// The call.
        trace: Trace,
    },
    /// The record was deleted or never existed (code 610; there is no HTTP 404 for it).
    #[error("the record is not in QuickBooks any more{trace}")]
    NotFound {
        /// The call.
        trace: Trace,
    },
    /// A record in the books makes the whole answer fail (code 4002).
    #[error("QuickBooks cannot deliver one of the records{trace}")]
    BadRecord {
        /// What the service says about it.
        detail: Detail,
        /// The call.
        trace: Trace,
    },
    /// An unexplained failure inside QuickBooks (code 10000); sometimes a record's fault.
    #[error("QuickBooks reports an internal failure{trace}")]
    SystemFault {
        /// What the service says about it.
        detail: Detail,
        /// The call.
        trace: Trace,
    },
    /// The result is too big to send (code 10100).
    #[error("the answer is too big for QuickBooks{trace}")]
    TooLarge {
        /// The call.
        trace: Trace,
    },
    /// Too many items in a batch (code 1040).
    #[error("QuickBooks takes fewer queries at once{trace}")]
    TooManyItems {
        /// The call.
        trace: Trace,
    },
    /// The owner reset the company: everything that was read is void (code 10200).
    #[error("the QuickBooks company was reset by its owner{trace}")]
    CompanyReset {
        /// The call.
        trace: Trace,
    },
    /// Wrong environment, wrong company or an app without access to it (code 3100).
    #[error(
        "Ledgerpost's keys have no access to this QuickBooks company; check that keys and company are of the same kind, or connect again{trace}"
    )]
    Configuration {
        /// The call.
        trace: Trace,
    },
    /// QuickBooks itself does not work, through all attempts.
    #[error("QuickBooks does not work at the moment (status {status}){trace}")]
    Maintenance {
        /// The HTTP status.
        status: u16,
        /// The call.
        trace: Trace,
    },
    /// Refused for a reason that the owner can read (plan, rights, business rules).
    #[error("QuickBooks refused to answer (code {code}){trace}")]
    Refused {
        /// The fault's code, or the HTTP status where there was no fault.
        code: String,
        /// What the service says about it.
        detail: Detail,
        /// The call.
        trace: Trace,
    },
    /// We asked for something that does not exist.
    #[error("QuickBooks did not understand a request (code {code}); this is a bug{trace}")]
    Bug {
        /// The fault's code.
        code: String,
        /// What the service says about it.
        detail: Detail,
        /// The call.
        trace: Trace,
    },
    /// The cursor is older than change data capture looks back: read everything.
    #[error("the last reading is too long ago for QuickBooks to list the changes")]
    ChangesTooOld,
    /// An answer that is not what the service documents.
    #[error("an answer of QuickBooks cannot be read (line {line}, column {column}){trace}")]
    Reply {
        /// Counted from 1; 0 where the position is not known.
        line: usize,
        /// Counted from 1.
        column: usize,
        /// The call.
        trace: Trace,
    },
    /// No answer, or no token to ask with.
    #[error(transparent)]
    Net(#[from] NetError),
}

impl Error {
    /// A stable word for the window and for scripts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignIn { .. } => "sign_in_again",
            Self::RightsLost { .. } => "rights_lost",
            Self::Throttled { .. } => "throttled",
            Self::MonthlyQuota { .. } => "monthly_quota",
            Self::CompanyUnavailable { .. } => "company_unavailable",
            Self::NotFound { .. } => "record_gone",
            Self::BadRecord { .. } => "bad_record",
            Self::SystemFault { .. } => "quickbooks_fault",
            Self::TooLarge { .. } => "answer_too_large",
            Self::TooManyItems { .. } => "batch_too_large",
            Self::CompanyReset { .. } => "company_reset",
            Self::Configuration { .. } => "keys_refused",
            Self::Maintenance { .. } => "quickbooks_down",
            Self::Refused { .. } => "quickbooks_refused",
            Self::Bug { .. } => "quickbooks_bug",
            Self::ChangesTooOld => "changes_too_old",
            Self::Reply { .. } => "quickbooks_unreadable",
            Self::Net(error) => error.code(),
        }
    }

    /// Whether to try again.
    pub fn retry(&self) -> Retry {
        match self {
            Self::SignIn { .. } | Self::RightsLost { .. } => Retry::SignIn,
            Self::Throttled { wait, .. } => Retry::Transient { wait: *wait },
            Self::CompanyUnavailable { .. }
            | Self::SystemFault { .. }
            | Self::Maintenance { .. }
            | Self::Reply { .. } => Retry::Transient { wait: None },
            Self::MonthlyQuota { .. }
            | Self::NotFound { .. }
            | Self::BadRecord { .. }
            | Self::TooLarge { .. }
            | Self::TooManyItems { .. }
            | Self::CompanyReset { .. }
            | Self::Configuration { .. }
            | Self::Refused { .. }
            | Self::Bug { .. }
            | Self::ChangesTooOld => Retry::Permanent,
            Self::Net(error) => error.retry(),
        }
    }

    /// Whether fewer rows at once may work: a record among them may be the cause.
    pub(crate) const fn is_divisible(&self) -> bool {
        matches!(
            self,
            Self::BadRecord { .. } | Self::SystemFault { .. } | Self::TooLarge { .. }
        )
    }

    pub(crate) fn reply(error: &serde_json::Error, trace: &Trace) -> Self {
        // Not the error itself: it quotes the value that it stumbled over.
        Self::Reply {
            line: error.line(),
            column: error.column(),
            trace: trace.clone(),
        }
    }
}

/// Which call: Intuit's `intuit_tid`, which its support asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trace(Option<String>);

impl Trace {
    pub(crate) const fn new(tid: Option<String>) -> Self {
        Self(tid)
    }

    /// `intuit_tid`, if the service sent one.
    pub fn intuit_tid(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(tid) => write!(f, " [intuit_tid {tid}]"),
            None => Ok(()),
        }
    }
}

/// What the service wrote about a fault. May name people: for the owner's eyes, not for logs, which
/// is why it does not print itself.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Detail(String);

impl Detail {
    pub(crate) const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Detail(..)")
    }
}
