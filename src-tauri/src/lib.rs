//! Ledgerpost in a window: Tauri around `ledgerpost-desk`, and nothing else.
//!
//! The window asks by the commands of `ledgerpost-ipc` ([`commands`]); what is behind it opens when
//! it first asks ([`program`]). What is outside of it (tray, theme of the title bar, closing) follows
//! the same messages as the window does ([`background`]).

mod actions;
mod arguments;
mod background;
mod close;
mod commands;
mod failure;
mod host;
mod log;
mod notices;
mod presence;
mod program;
mod standing;
mod texts;
mod tray;
mod window;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use tauri::{App, AppHandle, Manager as _, RunEvent, WindowEvent, Wry};
use tauri_plugin_autostart::MacosLauncher;
use tauri_plugin_window_state::StateFlags;

use crate::arguments::Arguments;
use crate::background::Latest;
use crate::close::Ending;
use crate::failure::{give_up, say};
use crate::host::Window;
use crate::program::Program;
use crate::texts::Texts;
use crate::tray::Tray;

/// Opens the window and runs until the owner quits.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let printed = error.print();
            return ExitCode::from(if error.use_stderr() || printed.is_err() {
                2
            } else {
                0
            });
        }
    };
    let Some(data_folder) = arguments.data_folder() else {
        return give_up("this system has no folder for application data; name one with --data-dir");
    };
    if let Err(error) = log::start(&data_folder) {
        // The window says what is wrong with the folder; without a log it can still do that.
        say(&format!("no log in {}: {error}", data_folder.display()));
    }
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "started");
    if cfg!(target_os = "linux")
        && std::env::var_os("DISPLAY").is_none()
        && std::env::var_os("WAYLAND_DISPLAY").is_none()
    {
        return give_up("there is no display. The command `ledgerpost` works without one");
    }
    // The libraries below panic where the system lets them down, for instance at a display that
    // nobody answers at.
    match catch_unwind(AssertUnwindSafe(|| build(&arguments, data_folder))) {
        Ok(Ok(app)) => {
            app.run(on_event);
            ExitCode::SUCCESS
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "the window did not open");
            give_up(&format!("the window did not open: {error}"))
        }
        Err(_) => give_up("the window did not open"),
    }
}

fn build(arguments: &Arguments, data_folder: PathBuf) -> tauri::Result<App<Wry>> {
    let mut builder = tauri::Builder::default();
    if arguments.is_the_usual_one() {
        // First, as its documentation asks: it ends a second one before anything else is done.
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, _, _| {
            window::show(app);
        }));
    }
    let hidden = arguments.hidden;
    let options = arguments.options(data_folder.clone());
    #[cfg(not(target_os = "linux"))]
    {
        builder = builder.plugin(tauri_plugin_notification::init());
    }
    builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_autostart::init(
            MacosLauncher::LaunchAgent,
            Some(vec!["--hidden"]),
        ))
        .plugin(
            tauri_plugin_window_state::Builder::new()
                // Whether it is shown is decided here: a start at login is in the tray.
                .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
                .build(),
        )
        .invoke_handler(commands::handle)
        .setup(move |app| {
            let app = app.handle();
            let texts = Texts::new(None);
            let host = Arc::new(Window::new(app.clone(), &data_folder));
            let program = Arc::new(Program::new(options, host));
            app.manage(Arc::clone(&program));
            app.manage(Ending::default());
            let tray = Tray::make(app, &texts);
            app.manage(Latest::new(texts));
            let in_tray = hidden && tray.is_some();
            if let Some(tray) = tray {
                app.manage(tray);
            }
            if let Err(error) = window::make(app, &data_folder) {
                failure::no_window(app, &error);
                return Ok(());
            }
            if in_tray {
                open_unasked(app, program);
            } else {
                window::show(app);
            }
            tauri::async_runtime::spawn(background::follow(app.clone()));
            Ok(())
        })
        .build(tauri::generate_context!())
}

/// Opens what is behind the window before the window asks, and shows the window if that fails: it
/// has the words for it.
fn open_unasked(app: &AppHandle, program: Arc<Program>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if program.open().await.is_err() {
            window::show(&app);
        }
    });
}

fn on_event(app: &AppHandle, event: RunEvent) {
    match event {
        RunEvent::WindowEvent {
            event: WindowEvent::CloseRequested { api, .. },
            ..
        } => close::on_close(app, &api),
        RunEvent::WindowEvent {
            event: WindowEvent::Focused(focused),
            ..
        } => presence::on_focus(app, focused),
        RunEvent::ExitRequested { api, code, .. } => close::on_exit(app, &api, code.unwrap_or(0)),
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::show(app),
        _ => {}
    }
}
