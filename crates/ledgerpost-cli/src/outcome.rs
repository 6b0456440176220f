//! How a command ends: exit code, JSON result, or an error with its cause and the next step.

use std::io;
use std::path::PathBuf;

use ledgerpost_app::AppError;
use ledgerpost_core::retry::Retry;
use ledgerpost_net::NetError;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

/// The exit codes; others script against them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done,
    /// Failed. Nothing is lost.
    Failed,
    /// What was typed, or a file that was named, is wrong.
    Usage,
    /// A person has to sign in.
    SignIn,
    /// Done, but a person should look at something; also a plan that waits for a yes.
    Attention,
}

impl Exit {
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::SignIn => 3,
            Self::Attention => 4,
        }
    }
}

/// What a command gives back when it did its work.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) exit: Exit,
    /// `None` when the command wrote its document itself.
    pub(crate) result: Option<Box<RawValue>>,
}

impl Report {
    /// A report with a JSON result. Kept as text: amounts would lose their digits in a
    /// [`serde_json::Value`].
    pub(crate) fn new(exit: Exit, result: &impl Serialize) -> Result<Self, CommandError> {
        Ok(Self {
            exit,
            result: Some(to_raw_value(result).map_err(CommandError::Encode)?),
        })
    }
}

/// Why a command did not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error(transparent)]
    App(#[from] AppError),
    /// Wrong arguments, in clap's words.
    #[error("{0}")]
    Arguments(String),
    #[error("{message}")]
    Usage {
        code: &'static str,
        message: String,
        next_step: String,
    },
    #[error("this computer names no folder for application data")]
    NoDataFolder,
    #[error("{} exists already", path.display())]
    Exists { path: PathBuf },
    #[error("cannot write {}", path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot write to the standard output")]
    Output(#[source] io::Error),
    #[error("cannot read the standard input")]
    Input(#[source] io::Error),
    #[error("cannot write the result as JSON")]
    Encode(#[source] serde_json::Error),
    #[error("cannot start working")]
    Runtime(#[source] io::Error),
    #[error("the demo company could not be started")]
    Demo(#[source] ledgerpost_sim::SimError),
    #[error("the demo company refused an edit: {0}")]
    DemoEdit(String),
    /// A promise did not hold in the demo.
    #[error("the demo did not go as promised: {0}")]
    Promise(String),
    /// Whatever was going on when somebody asked to stop.
    #[error("stopped")]
    Stopped,
}

impl From<ledgerpost_store::Error> for CommandError {
    fn from(error: ledgerpost_store::Error) -> Self {
        Self::App(error.into())
    }
}

impl CommandError {
    /// A stable word for scripts.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::App(error) => error.code(),
            Self::Arguments(_) => "usage",
            Self::Usage { code, .. } => code,
            Self::NoDataFolder => "no_data_folder",
            Self::Exists { .. } => "file_exists",
            Self::Write { .. } => "file_error",
            Self::Output(_) => "output_closed",
            Self::Input(_) => "input_closed",
            Self::Encode(_) => "internal",
            Self::Runtime(_) => "no_runtime",
            Self::Demo(_) => "demo_not_started",
            Self::DemoEdit(_) => "demo_edit",
            Self::Promise(_) => "demo_promise",
            Self::Stopped => "stopped",
        }
    }

    /// What to do next.
    pub(crate) fn next_step(&self) -> Option<String> {
        let step = match self {
            Self::App(error) => return error.next_step(),
            Self::Arguments(_) => "run `ledgerpost --help`",
            Self::Usage { next_step, .. } => next_step,
            Self::NoDataFolder => "name a folder with --data-dir",
            Self::Exists { .. } => "name another file, or remove this one",
            Self::Write { .. } => "check the folder, its permissions and the free space",
            Self::Output(_) => "check where the output goes and the free space",
            Self::Input(_) => "run it again and type or paste into it",
            Self::Runtime(_) => "close other programs and try again",
            Self::Demo(_) => "try again; it needs two free ports on this computer",
            Self::Encode(_) | Self::DemoEdit(_) | Self::Promise(_) => {
                "report this with the output above"
            }
            Self::Stopped => {
                "run the same command again: nothing is lost and nothing is sent twice"
            }
        };
        Some(step.to_owned())
    }

    /// The exit code.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::App(error) => exit_of(error),
            Self::Arguments(_) | Self::Usage { .. } | Self::Exists { .. } | Self::NoDataFolder => {
                Exit::Usage
            }
            Self::Write { .. }
            | Self::Output(_)
            | Self::Input(_)
            | Self::Encode(_)
            | Self::Runtime(_)
            | Self::Demo(_)
            | Self::DemoEdit(_)
            | Self::Promise(_)
            | Self::Stopped => Exit::Failed,
        }
    }
}

fn exit_of(error: &AppError) -> Exit {
    match error {
        AppError::NoCompany | AppError::NoAccount | AppError::NoRealm => Exit::SignIn,
        AppError::WhichCompany { .. }
        | AppError::UnknownCompany { .. }
        | AppError::UnknownAudience { .. }
        | AppError::AmbiguousAudience { .. }
        | AppError::GroundsMissing
        | AppError::Net(NetError::Services(_)) => Exit::Usage,
        other if other.retry() == Retry::SignIn => Exit::SignIn,
        _ => Exit::Failed,
    }
}

/// An error and its causes in one line, without saying anything twice.
pub(crate) fn message_of(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let words = inner.to_string();
        if !text.contains(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        cause = inner.source();
    }
    text
}
