//! Whether the owner is at the window: the schedule reads more often while they are.

use std::sync::Arc;
use std::time::Duration;

use ledgerpost_desk::{Desk, Presence};
use tauri::{AppHandle, Manager as _};

use crate::program::Program;
use crate::window;

/// A window that has been behind others for this long is not in use.
const A_WHILE: Duration = Duration::from_secs(10 * 60);

/// The window came to the front, or went behind another.
pub(crate) fn on_focus(app: &AppHandle, focused: bool) {
    if focused {
        tell(app, Presence::InUse);
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(A_WHILE).await;
        let still_behind = app
            .get_webview_window(window::MAIN)
            .is_none_or(|window| !window.is_focused().unwrap_or(false));
        if still_behind {
            tell(&app, Presence::InTray);
        }
    });
}

/// Tells a desk that was just opened, which missed what went before.
pub(crate) fn of_now(app: &AppHandle, desk: &Desk) {
    let shown = app
        .get_webview_window(window::MAIN)
        .is_some_and(|window| window.is_visible().unwrap_or(true));
    desk.set_presence(if shown {
        Presence::InUse
    } else {
        Presence::InTray
    });
}

/// The window was hidden.
pub(crate) fn on_hide(app: &AppHandle) {
    tell(app, Presence::InTray);
}

fn tell(app: &AppHandle, presence: Presence) {
    if let Some(desk) = app.state::<Arc<Program>>().opened_already() {
        desk.set_presence(presence);
    }
}
