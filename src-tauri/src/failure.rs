//! Saying that the window cannot be shown, where the window cannot say it.

use std::io::Write as _;
use std::process::ExitCode;

use tauri::{AppHandle, Manager as _};
use tauri_plugin_dialog::{DialogExt as _, MessageDialogButtons, MessageDialogKind};

use crate::background::Latest;

/// Says on the standard error what kept the window from opening.
pub(crate) fn give_up(reason: &str) -> ExitCode {
    say(reason);
    ExitCode::FAILURE
}

/// Says something on the standard error.
pub(crate) fn say(text: &str) {
    // The last resort; there is nobody left to tell when it is closed.
    let _ = writeln!(std::io::stderr(), "ledgerpost-desktop: {text}");
}

/// The system has no web view for the window: says so in a dialog, which needs none, and ends.
pub(crate) fn no_window(app: &AppHandle, error: &tauri::Error) {
    tracing::error!(%error, "the window did not open");
    say(&format!("the window did not open: {error}"));
    let text =
        app.state::<Latest>()
            .texts()
            .fill("shell_failed_text", "reason", &error.to_string());
    end_with(app, "shell_failed_title", text);
}

/// The process behind the page ended again and again.
#[cfg(target_os = "linux")]
pub(crate) fn no_page(app: &AppHandle) {
    say("the process that draws the page ended again and again");
    let text = app.state::<Latest>().texts();
    end_with(
        app,
        "shell_page_title",
        text.get("shell_page_text").to_owned(),
    );
}

fn end_with(app: &AppHandle, title: &'static str, text: String) {
    let texts = app.state::<Latest>().texts();
    let ended = app.clone();
    app.dialog()
        .message(text)
        .title(texts.get(title))
        .kind(MessageDialogKind::Error)
        .buttons(MessageDialogButtons::OkCustom(
            texts.get("shell_close_quit").to_owned(),
        ))
        .show(move |_| ended.exit(1));
}
