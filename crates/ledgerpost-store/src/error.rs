//! What can go wrong, each with its cause and the next step.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ledgerpost_core::retry::Retry;
use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;

use crate::lock::Holder;

/// The store's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of the store. No message holds a record's content.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The data folder's path names something else.
    #[error("{} is not a folder", path.display())]
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// There is no data folder yet, and this opening may not create one.
    #[error("there is no data folder at {}", path.display())]
    NoFolder {
        /// The path.
        path: PathBuf,
    },
    /// Nothing can be written there.
    #[error("{} cannot be written to", path.display())]
    ReadOnly {
        /// The path.
        path: PathBuf,
    },
    /// No space left. The transaction was rolled back.
    #[error("the disk is full; nothing of this step was saved")]
    DiskFull,
    /// Another process works in the data folder.
    #[error("the data folder {} is in use by {holder}", path.display())]
    InUse {
        /// The folder.
        path: PathBuf,
        /// Who.
        holder: Holder,
    },
    /// A realm that is no number; it would become part of a path.
    #[error("a QuickBooks company id must consist of digits")]
    InvalidRealm,
    /// The file was written by a newer version of the program.
    #[error("{} was written by a newer version (schema {found}; this version knows {known})", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema version.
        found: usize,
        /// The newest that this program knows.
        known: usize,
    },
    /// The file needs a migration, which an opening for reading does not do.
    #[error("{} was written by an older version", path.display())]
    Older {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged.
    #[error("the database file is damaged")]
    Corrupt,
    /// Another program holds the database file.
    #[error("the database file is locked by another program")]
    Locked,
    /// A file operation failed.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried, such as "create".
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// The system's answer.
        #[source]
        source: std::io::Error,
    },
    /// A column holds what this program did not write there. The cause is not kept: it might quote
    /// a record.
    #[error("table {table} holds a row that cannot be read")]
    Undecodable {
        /// The table.
        table: &'static str,
    },
    /// A value that cannot be stored as JSON.
    #[error("a row for table {table} cannot be written as JSON")]
    Unencodable {
        /// The table.
        table: &'static str,
    },
    /// Something that must be there is not.
    #[error("there is no such {what}")]
    Missing {
        /// What, such as "run".
        what: &'static str,
    },
    /// A run or a comparison is not in a state that allows this.
    #[error("{what} is not in a state that allows this")]
    WrongState {
        /// What.
        what: &'static str,
    },
    /// A migration failed; the file is as it was.
    #[error("the database file cannot be brought to the current schema")]
    Migration {
        /// Why.
        #[source]
        source: rusqlite_migration::Error,
    },
    /// Anything else that SQLite reports.
    #[error("the database reported an error")]
    Sqlite {
        /// What it reported.
        #[source]
        source: rusqlite::Error,
    },
}

impl Error {
    /// A stable word for the window and the command line.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAFolder { .. } => "not_a_folder",
            Self::NoFolder { .. } => "no_folder",
            Self::ReadOnly { .. } => "read_only",
            Self::DiskFull => "disk_full",
            Self::InUse { .. } => "in_use",
            Self::InvalidRealm => "invalid_realm",
            Self::Newer { .. } => "newer_database",
            Self::Older { .. } => "older_database",
            Self::Corrupt => "corrupt_database",
            Self::Locked => "locked_database",
            Self::Io { .. } => "file_error",
            Self::Undecodable { .. } | Self::Unencodable { .. } => "unreadable_row",
            Self::Missing { .. } => "missing",
            Self::WrongState { .. } => "wrong_state",
            Self::Migration { .. } => "migration_failed",
            Self::Sqlite { .. } => "database_error",
        }
    }

    /// What the owner can do next, in one sentence.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::NotAFolder { .. } => "Choose a folder with --data-dir.",
            Self::NoFolder { .. } => {
                "Connect a company first, or name another folder with --data-dir."
            }
            Self::ReadOnly { .. } => {
                "Allow writing to it, or choose another folder with --data-dir."
            }
            Self::DiskFull => "Free some space, then run the same command again.",
            Self::InUse { .. } => "Wait until it has finished, or close it.",
            Self::InvalidRealm => "Connect to QuickBooks again.",
            Self::Newer { .. } => "Install the latest version of Ledgerpost.",
            Self::Older { .. } => "Run a sync once: it brings the file up to date.",
            Self::Corrupt => {
                "Run the same command again: the file is set aside and read anew from the services."
            }
            Self::Locked => {
                "Close the program that holds it (a backup or a database viewer), then try again."
            }
            Self::Io { .. } => "Check the folder and its permissions, then try again.",
            Self::Undecodable { .. } | Self::Unencodable { .. } | Self::Sqlite { .. } => {
                "Try again; if it happens again, report it with the log file."
            }
            Self::Missing { .. } => "Check the name or number and try again.",
            Self::WrongState { .. } => "Look at the status and try again.",
            Self::Migration { .. } => {
                "Keep the file, install the latest version of Ledgerpost and try again."
            }
        }
    }

    /// Whether the same call may work later.
    pub const fn retry(&self) -> Retry {
        match self {
            Self::InUse { .. } | Self::Locked => Retry::Transient {
                wait: Some(Duration::from_secs(5)),
            },
            Self::NotAFolder { .. }
            | Self::NoFolder { .. }
            | Self::ReadOnly { .. }
            | Self::DiskFull
            | Self::InvalidRealm
            | Self::Newer { .. }
            | Self::Older { .. }
            | Self::Corrupt
            | Self::Io { .. }
            | Self::Undecodable { .. }
            | Self::Unencodable { .. }
            | Self::Missing { .. }
            | Self::WrongState { .. }
            | Self::Migration { .. }
            | Self::Sqlite { .. } => Retry::Permanent,
        }
    }

    /// Sorts a file error by what the owner has to do about it.
    pub(crate) fn io(action: &'static str, path: &Path, source: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match source.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::ReadOnly {
                path: path.to_owned(),
            },
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull,
            ErrorKind::NotADirectory => Self::NotAFolder {
                path: path.to_owned(),
            },
            _ => Self::Io {
                action,
                path: path.to_owned(),
                source,
            },
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(source: rusqlite::Error) -> Self {
        // The index of the log is a file of its own; SQLite has another word for no room for that one.
        if source.sqlite_error().map(|error| error.extended_code) == Some(SQLITE_IOERR_SHMSIZE) {
            return Self::DiskFull;
        }
        match source.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt,
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::FileLockingProtocolFailed,
            ) => Self::Locked,
            _ => Self::Sqlite { source },
        }
    }
}

impl From<rusqlite_migration::Error> for Error {
    fn from(source: rusqlite_migration::Error) -> Self {
        match source {
            rusqlite_migration::Error::RusqliteError { query: _, err } => Self::from(err),
            source => Self::Migration { source },
        }
    }
}
