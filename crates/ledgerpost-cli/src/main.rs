//! The `ledgerpost` command: what `ledgerpost-app` offers, without a window.
//!
//! Each command asks the app, says what came of it on the [`screen::Screen`] and gives back a
//! [`outcome::Report`]: the exit code and the JSON result. Nothing here decides anything about
//! records.

mod arguments;
mod commands;
mod demo;
mod outcome;
mod progress;
mod screen;
mod show;
mod signals;
mod words;

use std::process::ExitCode;

use arguments::{Arguments, Command};
use clap::Parser as _;
use clap::error::ErrorKind;
use outcome::{CommandError, Exit, Report};
use screen::Screen;

fn main() -> ExitCode {
    ledgerpost_memory::give_large_blocks_back();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return refuse_arguments(&error),
    };
    start_log();
    let screen = Screen::new(arguments.global.json);
    let name = arguments.command.name();
    let outcome = run(&arguments, &screen);
    screen.finish(name, &outcome).into()
}

fn run(arguments: &Arguments, screen: &Screen) -> Result<Report, CommandError> {
    if let Command::Demo = arguments.command {
        return demo::run(&arguments.global, screen);
    }
    // The engine stands still while SQLite works, so it has this thread to itself.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CommandError::Runtime)?;
    runtime.block_on(commands::run(arguments, screen))
}

/// Help and version end well; anything else is a usage error.
fn refuse_arguments(error: &clap::Error) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        let printed = error.print();
        return ExitCode::from(u8::from(printed.is_err()));
    }
    let screen = Screen::new(std::env::args_os().any(|argument| argument == "--json"));
    let text = error.render().to_string();
    screen
        .finish("", &Err(CommandError::Arguments(text)))
        .into()
}

/// Logs go to the standard error, and only when somebody asks for them.
fn start_log() {
    if let Ok(filter) = std::env::var("LEDGERPOST_LOG") {
        tracing_subscriber::fmt()
            .with_env_filter(tracing_subscriber::EnvFilter::new(filter))
            .with_writer(std::io::stderr)
            .init();
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
