//! Requests that got no answer.

use ledgerpost_core::retry::Retry;
use thiserror::Error;

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
    #[error("no connection to the service ({template})")]
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

    /// Whether nothing answered, for whatever reason on the way.
    pub(crate) const fn is_silence(&self) -> bool {
        match self {
            Self::Connect { .. } | Self::Timeout { .. } | Self::Broken { .. } => true,
            Self::Setup { .. }
            | Self::TooLarge { .. }
            | Self::OutcomeUnknown { .. }
            | Self::InvalidHeader { .. }
            | Self::Encode { .. }
            | Self::Cancelled => false,
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
