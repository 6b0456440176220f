//! Opens a database file: pragmas, integrity, version, migrations, and setting a damaged file aside.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, MAIN_DB, OpenFlags};

use crate::error::{Error, Result};
use crate::schema::Schema;

/// Files up to this size are checked when a process opens them first (about 0.1 s); larger ones only
/// after an unclean end, which leaves a write-ahead log behind, or when somebody doubts them.
const ALWAYS_CHECKED: u64 = 32 * 1024 * 1024;

/// Settings of every connection.
///
/// * `busy_timeout`: a backup program or the command line's `status` may hold the file for a moment.
/// * `journal_mode = WAL`: readers (`status`, a replicator) do not stop the engine, and a torn write
///   cannot damage the file itself.
/// * `synchronous = FULL`: a journal row that says *sending* must survive a power cut before the call
///   is made; NORMAL would lose the last transactions of a WAL.
/// * `foreign_keys`: SQLite leaves them off.
/// * `cache_size`: 1.5 MB. Reads go in key order and the operating system caches the file anyway; the
///   whole engine has 27 MB.
/// * `mmap_size = 0`: mapped pages count as our memory, and an I/O error in them kills the process.
/// * `temp_store = FILE`: sorting half a million rows must not sit in memory.
/// * `wal_autocheckpoint`: 16 MB. Pages that a first load writes again and again reach the file once
///   for each such stretch of the log; at SQLite's 4 MB they reach it half as often again.
/// * `journal_size_limit`: gives back the disk that a first load's log took.
/// * `trusted_schema`: a file that somebody tampered with must not run functions from its schema.
const PRAGMAS: &str = "
    PRAGMA busy_timeout = 5000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA cache_size = -1536;
    PRAGMA mmap_size = 0;
    PRAGMA temp_store = FILE;
    PRAGMA wal_autocheckpoint = 4000;
    PRAGMA journal_size_limit = 16777216;
    PRAGMA trusted_schema = OFF;
";

/// How a file was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// In order, or new.
    Clean,
    /// Damaged. It was kept under another name and a fresh file was begun.
    SetAside {
        /// Where the damaged file is now.
        path: PathBuf,
    },
}

/// Opens for writing; creates, migrates, sets aside. `known` is a file that this process opened before
/// and nobody else has written to since: a log beside it is a reader's then, and no sign of a crash.
pub(crate) fn open(
    path: &Path,
    schema: Schema,
    known: bool,
    now: Timestamp,
) -> Result<(Connection, Opened)> {
    let doubt = doubt_of(path);
    let doubted = doubt.exists();
    let found = match open_sound(path, schema, known, doubted) {
        Ok(connection) => (connection, Opened::Clean),
        Err(Error::Corrupt) => {
            let aside = set_aside(path, now)?;
            tracing::warn!(schema = ?schema, "a damaged database file was set aside");
            (
                open_sound(path, schema, false, false)?,
                Opened::SetAside { path: aside },
            )
        }
        Err(error) => return Err(error),
    };
    if doubted {
        std::fs::remove_file(&doubt).map_err(|source| Error::io("delete", &doubt, source))?;
    }
    Ok(found)
}

/// Notes that a file turned out to be damaged while it was in use: [`open`] checks all of it then,
/// whatever its size and in whichever process.
pub(crate) fn doubt(path: &Path) -> Result<()> {
    let doubt = doubt_of(path);
    std::fs::write(&doubt, []).map_err(|source| Error::io("write", &doubt, source))
}

/// Whether [`open`] would do more than open: migrate, or look for damage that somebody met.
pub(crate) fn wants_opening(path: &Path, schema: Schema) -> bool {
    doubt_of(path).exists()
        || matches!(
            open_reading(path, schema),
            Err(Error::Older { .. } | Error::Corrupt)
        )
}

/// Opens for reading; the file must be there and current.
pub(crate) fn open_reading(path: &Path, schema: Schema) -> Result<Connection> {
    if !path.exists() {
        return Err(Error::Missing {
            what: "database file",
        });
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).map_err(|error| at_path(path, error))?;
    connection
        .execute_batch(
            "PRAGMA busy_timeout = 5000; PRAGMA cache_size = -1536; PRAGMA mmap_size = 0;",
        )
        .map_err(|error| at_path(path, error))?;
    match version(&connection)?.cmp(&schema.version()) {
        std::cmp::Ordering::Equal => Ok(prepared(connection)),
        std::cmp::Ordering::Less => Err(Error::Older {
            path: path.to_owned(),
        }),
        std::cmp::Ordering::Greater => Err(newer(path, &connection, schema)?),
    }
}

fn open_sound(path: &Path, schema: Schema, known: bool, doubted: bool) -> Result<Connection> {
    let unclean_end = wal_of(path).exists();
    let size = std::fs::metadata(path).map_or(0, |file| file.len());
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection =
        Connection::open_with_flags(path, flags).map_err(|error| at_path(path, error))?;
    // The version comes first: a newer file is left exactly as it is.
    if version(&connection).map_err(|error| in_path(path, error))? > schema.version() {
        return Err(newer(path, &connection, schema)?);
    }
    // SQLite opens a file that may not be written to all the same, and fails at the first write:
    // perhaps in the middle of a run.
    if connection.is_readonly(MAIN_DB)? {
        return Err(Error::ReadOnly {
            path: path.to_owned(),
        });
    }
    connection
        .execute_batch(PRAGMAS)
        .map_err(|error| at_path(path, error))?;
    if doubted || (!known && size > 0 && (unclean_end || size <= ALWAYS_CHECKED)) {
        quick_check(&connection)?;
    }
    schema
        .migrations()
        .to_latest(&mut connection)
        .map_err(|error| in_path(path, error.into()))?;
    Ok(prepared(connection))
}

fn prepared(connection: Connection) -> Connection {
    // Every statement of the store fits, so that none is compiled twice.
    connection.set_prepared_statement_cache_capacity(96);
    connection
}

fn newer(path: &Path, connection: &Connection, schema: Schema) -> Result<Error> {
    Ok(Error::Newer {
        path: path.to_owned(),
        found: version(connection)?,
        known: schema.version(),
    })
}

fn version(connection: &Connection) -> Result<usize> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    // A negative version is nothing that we write.
    usize::try_from(version).map_err(|_| Error::Corrupt)
}

fn quick_check(connection: &Connection) -> Result<()> {
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(Error::Corrupt)
    }
}

/// Moves a damaged file and its log out of the way. Nothing is deleted: it may hold journal rows
/// that somebody wants to look at.
pub(crate) fn set_aside(path: &Path, now: Timestamp) -> Result<PathBuf> {
    let stamp = now.strftime("%Y%m%dT%H%M%S").to_string();
    let mut aside = with_suffix(path, &format!(".corrupt-{stamp}"));
    let mut attempt = 1;
    while aside.exists() {
        attempt += 1;
        aside = with_suffix(path, &format!(".corrupt-{stamp}-{attempt}"));
    }
    // The log goes first: a log that stays behind alone would be replayed into the fresh file.
    for suffix in ["-wal", "-shm", ""] {
        let from = with_suffix(path, suffix);
        if from.exists() {
            std::fs::rename(&from, with_suffix(&aside, suffix))
                .map_err(|source| Error::io("set aside", &from, source))?;
        }
    }
    Ok(aside)
}

fn doubt_of(path: &Path) -> PathBuf {
    with_suffix(path, "-doubted")
}

fn wal_of(path: &Path) -> PathBuf {
    with_suffix(path, "-wal")
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn at_path(path: &Path, error: rusqlite::Error) -> Error {
    in_path(path, Error::from(error))
}

/// Gives errors that are about permissions their path.
fn in_path(path: &Path, error: Error) -> Error {
    use rusqlite::ErrorCode;
    let Error::Sqlite { source } = error else {
        return error;
    };
    match source.sqlite_error_code() {
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            Error::ReadOnly {
                path: path.to_owned(),
            }
        }
        _ => Error::Sqlite { source },
    }
}
