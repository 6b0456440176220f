//! A services file that is of no use.

use std::path::PathBuf;

use thiserror::Error;

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
