//! What can go wrong while looking.

use ledgerpost_core::retry::Retry;
use ledgerpost_store::Error as StoreError;

/// What can go wrong while looking.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// The company's file.
    #[error(transparent)]
    Store(#[from] StoreError),
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
}

impl LookError {
    /// A stable word for the error table.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::NotFound { .. } => "not_found",
            Self::Invalid { .. } => "invalid",
        }
    }

    /// Looking again finds the same.
    pub const fn retry(&self) -> Retry {
        match self {
            Self::Store(_) | Self::NotFound { .. } | Self::Invalid { .. } => Retry::Permanent,
        }
    }
}
