//! The log: a file for each day in `logs` in the data folder, the last seven kept.
//!
//! Only our own crates write to it in full, because they hold to the rule that no personal data, no
//! token and no body goes into a log. A panic is written without the values in its message.

use std::backtrace::Backtrace;
use std::panic::{self, PanicHookInfo};
use std::path::{Path, PathBuf};

use tracing_appender::rolling::{InitError, RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::failure::say;

/// Days of logs that are kept.
const DAYS: usize = 7;
/// What is written unless `LEDGERPOST_LOG` says otherwise.
const USUAL: &str = "off,ledgerpost=info,tauri=warn,wry=warn,tao=warn";

/// Where the logs of a data folder are.
pub(crate) fn folder(data_folder: &Path) -> PathBuf {
    data_folder.join("logs")
}

/// Begins to write the log, and to write panics to it.
///
/// # Errors
/// When the folder cannot be written to; panics then go where Rust sends them.
pub(crate) fn start(data_folder: &Path) -> Result<(), InitError> {
    let logs = folder(data_folder);
    // The appender looks for old files before it makes the folder, and complains. If this fails, so
    // does the appender, and says why.
    drop(ledgerpost_desk::create_private_folder(&logs));
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("ledgerpost")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(&logs)?;
    let filter = std::env::var("LEDGERPOST_LOG").unwrap_or_else(|_| USUAL.to_owned());
    tracing_subscriber::registry()
        .with(EnvFilter::new(filter))
        .with(
            tracing_subscriber::fmt::layer()
                .with_ansi(false)
                .with_writer(file),
        )
        .init();
    panic::set_hook(Box::new(move |panic| write_panic(panic, &logs)));
    Ok(())
}

/// Writes a panic to the log, and on the standard error where to look: it may be the last that is
/// heard of Ledgerpost.
fn write_panic(panic: &PanicHookInfo<'_>, logs: &Path) {
    let message = panic
        .payload_as_str()
        .map_or("of an unusual kind", without_values);
    let place = panic.location().map(ToString::to_string);
    let backtrace = Backtrace::force_capture();
    let place = place.as_deref().unwrap_or("somewhere");
    tracing::error!(place, "panic: {message}\n{backtrace}");
    say(&format!(
        "a fault at {place}: {message}. The log is in {}",
        logs.display()
    ));
}

/// A panic's message up to the first value in it: what comes after a colon or inside quotes may be
/// somebody's name.
fn without_values(message: &str) -> &str {
    let end = message
        .find([':', '"', '`', '\'', '\n'])
        .unwrap_or(message.len());
    message[..end].trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_written_without_the_values_in_its_message() {
        for (message, written) in [
            ("a plan has stages", "a plan has stages"),
            ("no customer called \"Rosa Delgado\"", "no customer called"),
            (
                "the address parses: Invalid(\"rosa@example.org\")",
                "the address parses",
            ),
            (
                "assertion failed\n  left: rosa@example.org",
                "assertion failed",
            ),
        ] {
            assert_eq!(without_values(message), written);
        }
    }

    #[test]
    fn logs_are_in_the_data_folder_and_say_what_happened() {
        let place = tempfile::tempdir().expect("a folder can be made");
        start(place.path()).expect("a new folder can be written to");
        tracing::info!(target: "ledgerpost_desktop", "started");
        tracing::info!(target: "somebody_else", "an address");
        let files: Vec<_> = std::fs::read_dir(folder(place.path()))
            .expect("the folder is there")
            .collect();
        assert_eq!(files.len(), 1, "one file for today");
        let file = files
            .into_iter()
            .next()
            .and_then(Result::ok)
            .expect("it can be read");
        let text = std::fs::read_to_string(file.path()).expect("it is text");
        assert!(text.contains("started"), "our own lines are written");
        assert!(
            !text.contains("an address"),
            "others' lines may hold anything and are not"
        );
    }
}
