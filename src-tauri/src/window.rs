//! The window.

use std::path::Path;

use tauri::utils::config::Color;
use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager as _, Theme, WebviewWindow, WebviewWindowBuilder};

/// The label of the one window.
pub(crate) const MAIN: &str = "main";

/// The colours of the window before the first page is drawn: `desk` of the window's tokens.
const DESK_LIGHT: Color = Color(0xEE, 0xEB, 0xE2, 0xFF);
const DESK_DARK: Color = Color(0x12, 0x14, 0x11, 0xFF);

/// Makes the window, without showing it.
///
/// # Errors
/// When the system has no web view for it.
pub(crate) fn make(app: &AppHandle, data_folder: &Path) -> tauri::Result<WebviewWindow> {
    let configuration = app
        .config()
        .app
        .windows
        .iter()
        .find(|window| window.label == MAIN)
        .cloned()
        .expect("tauri.conf.json describes the window");
    let window = WebviewWindowBuilder::from_config(app, &configuration)?
        .data_directory(data_folder.join("window"))
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .build()?;
    let paper = match window.theme()? {
        Theme::Dark => DESK_DARK,
        _ => DESK_LIGHT,
    };
    window.set_background_color(Some(paper))?;
    #[cfg(target_os = "linux")]
    page::watch(app, &window)?;
    Ok(window)
}

/// The process behind the page, which WebKitGTK leaves to the program to look after; other systems
/// start it again by themselves.
#[cfg(target_os = "linux")]
mod page {
    use std::cell::Cell;
    use std::time::{Duration, Instant};

    use tauri::{AppHandle, WebviewWindow};
    use webkit2gtk::WebViewExt as _;

    use crate::failure;

    /// Ending twice within this time is no accident.
    const SOON: Duration = Duration::from_secs(60);

    /// Loads the page again when its process ended, as happens when memory runs out.
    pub(super) fn watch(app: &AppHandle, window: &WebviewWindow) -> tauri::Result<()> {
        let app = app.clone();
        window.with_webview(move |webview| {
            let last = Cell::new(None::<Instant>);
            webview
                .inner()
                .connect_web_process_terminated(move |view, reason| {
                    tracing::error!(?reason, "the process of the page ended");
                    let before = last.replace(Some(Instant::now()));
                    if before.is_some_and(|before| before.elapsed() < SOON) {
                        failure::no_page(&app);
                    } else {
                        view.reload();
                    }
                });
        })
    }
}

/// Brings the window to the front.
pub(crate) fn show(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else {
        return;
    };
    let shown = window
        .show()
        .and_then(|()| window.unminimize())
        .and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the window did not come to the front");
    }
}

/// Whether an address is one of the window's own files. Everything else opens in the browser, by
/// the command `open_link`.
fn is_ours(address: &tauri::Url) -> bool {
    match address.scheme() {
        "tauri" => address.host_str() == Some("localhost"),
        // Windows has the scheme in the host.
        "http" | "https" => address.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_windows_own_files_are_navigated_to() {
        for (address, ours) in [
            ("tauri://localhost/index.html", true),
            ("http://tauri.localhost/", true),
            ("https://example.com/", false),
            ("http://localhost/", false),
            ("tauri://elsewhere/", false),
            ("data:text/html,hello", false),
            ("about:blank", false),
        ] {
            let parsed = tauri::Url::parse(address).expect("an address");
            assert_eq!(is_ours(&parsed), ours, "{address}");
        }
    }
}
