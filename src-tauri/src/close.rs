//! Closing the window, and the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ledgerpost_ipc::start::WhenClosed;
use serde_json::json;
use tauri::{AppHandle, CloseRequestApi, ExitRequestApi, Manager as _};
use tauri_plugin_dialog::{DialogExt as _, MessageDialogButtons};

use crate::background::Latest;
use crate::presence;
use crate::program::Program;
use crate::tray::Tray;
use crate::window;

/// How long the end may wait for work to reach a good place. It is safe to end without: what was
/// being sent is looked at again at the next start.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether the end has begun.
#[derive(Default)]
pub(crate) struct Ending(AtomicBool);

/// The owner closes the window: it hides if they chose that syncing goes on. The first time it says
/// so and asks.
pub(crate) fn on_close(app: &AppHandle, api: &CloseRequestApi) {
    let latest = app.state::<Latest>();
    let stays =
        latest.when_closed() == WhenClosed::KeepSyncing && app.try_state::<Tray>().is_some();
    if !stays {
        return;
    }
    api.prevent_close();
    if !latest.tell_about_tray() {
        hide(app);
        return;
    }
    let texts = latest.texts();
    let answered = app.clone();
    app.dialog()
        .message(texts.get("shell_close_text"))
        .title(texts.get("shell_close_title"))
        .buttons(MessageDialogButtons::OkCancelCustom(
            texts.get("shell_close_keep").to_owned(),
            texts.get("shell_close_quit").to_owned(),
        ))
        .show(move |keep| {
            if !keep {
                answered.exit(0);
                return;
            }
            hide(&answered);
            tauri::async_runtime::spawn(async move {
                let program = Arc::clone(&answered.state::<Arc<Program>>());
                if let Err(error) = program.call("confirm_tray", json!({})).await {
                    tracing::warn!(code = ?error.code, "it will say so again");
                }
            });
        });
}

fn hide(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(window::MAIN)
        && let Err(error) = window.hide()
    {
        tracing::warn!(%error, "the window did not hide");
    }
    presence::on_hide(app);
}

/// Lets work reach a good place before the end, which has the exit code that was asked for.
pub(crate) fn on_exit(app: &AppHandle, api: &ExitRequestApi, code: i32) {
    if app.state::<Ending>().0.swap(true, Ordering::SeqCst) {
        return;
    }
    let Some(desk) = app.state::<Arc<Program>>().opened_already() else {
        return;
    };
    api.prevent_exit();
    hide(app);
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if tokio::time::timeout(PATIENCE, desk.close()).await.is_err() {
            tracing::warn!("ended before the work did; the next start looks at it again");
        }
        app.exit(code);
    });
}
