//! What the tray's entries do, through the same commands as the window.

use std::sync::Arc;

use ledgerpost_ipc::WireError;
use ledgerpost_ipc::home::{SetPaused, StartSync};
use serde::Serialize;
use tauri::{AppHandle, Manager as _};

use crate::background::Latest;
use crate::program::Program;
use crate::window;

/// Begins a sync of the company that the tray speaks of.
pub(crate) fn sync_now(app: &AppHandle) {
    let Some(company) = app.state::<Latest>().standing().company else {
        return;
    };
    ask(
        app,
        "start_sync",
        StartSync {
            company,
            approved_plan: None,
        },
    );
}

/// Pauses the company that the tray speaks of, or resumes it.
pub(crate) fn pause_or_resume(app: &AppHandle) {
    let standing = app.state::<Latest>().standing();
    let Some(company) = standing.company else {
        return;
    };
    ask(
        app,
        "set_paused",
        SetPaused {
            company,
            paused: !standing.paused,
        },
    );
}

/// Asks, and opens the window when the answer is no: it has the words for the reason.
fn ask<T: Serialize + Send + 'static>(app: &AppHandle, command: &'static str, request: T) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let program = Arc::clone(&app.state::<Arc<Program>>());
        let request = serde_json::to_value(request).expect("wire types serialise");
        if let Err(WireError { code, .. }) = program.call(command, request).await {
            tracing::warn!(?code, command, "the tray was told no");
            window::show(&app);
        }
    });
}
