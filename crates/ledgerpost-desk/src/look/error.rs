//! What can go wrong while looking.

use ledgerpost_core::retry::Retry;
use ledgerpost_store::Error as StoreError;

/// What can go wrong while looking.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// The company's file.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The owner's file could not be written.
    #[error("the file could not be written")]
    File {
        /// The system's answer.
        #[source]
        source: std::io::Error,
    },
    /// No company, customer or run of this name.
    #[error("there is no such {what}")]
    NotFound {
        /// What was looked for, such as `customer`.
        what: &'static str,
    },
    /// Something that the owner entered needs correcting.
    #[error("{field}: {problem}")]
    Invalid {
        /// The field's name on the wire, such as `tag`.
        field: &'static str,
        /// What is wrong with it, in English.
        problem: &'static str,
    },
    /// Subscribing people needs the grounds on which they agreed.
    #[error("{field}: subscribing people needs the grounds on which they agreed")]
    GroundsMissing {
        /// The field's name on the wire: `grounds`, `rules` or `exceptions`.
        field: &'static str,
    },
}

impl LookError {
    /// A stable word for the error table.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::File { .. } => "file_failed",
            Self::NotFound { .. } => "not_found",
            Self::Invalid { .. } => "invalid",
            Self::GroundsMissing { .. } => "grounds_missing",
        }
    }

    /// Looking again finds the same.
    pub const fn retry(&self) -> Retry {
        match self {
            Self::Store(_)
            | Self::File { .. }
            | Self::NotFound { .. }
            | Self::Invalid { .. }
            | Self::GroundsMissing { .. } => Retry::Permanent,
        }
    }
}

impl From<std::io::Error> for LookError {
    fn from(source: std::io::Error) -> Self {
        Self::File { source }
    }
}
