//! Notifications of the system.
//!
//! On Linux they do not go through Tauri's plugin: it names the program's file as the sender, and has no
//! way to say otherwise.

#[cfg(target_os = "linux")]
pub(crate) use linux::Notices;
#[cfg(not(target_os = "linux"))]
pub(crate) use plugin::Notices;

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::VecDeque;
    use std::sync::{Arc, Mutex, PoisonError};

    use notify_rust::{Hint, Notification, NotificationHandle};
    use tauri::AppHandle;

    /// The sender, and the entry in the menu of programs that the packages install.
    const NAME: &str = "Ledgerpost";
    /// The icon's name, as the packages install it.
    const ICON: &str = "ledgerpost-desktop";
    /// How many stay on screen.
    const KEPT: usize = 8;

    /// Shows notifications.
    #[derive(Default)]
    pub(crate) struct Notices {
        /// GNOME takes a notification back when the connection that sent it ends.
        shown: Arc<Mutex<VecDeque<NotificationHandle>>>,
    }

    impl Notices {
        /// Shows one, in its own time. Where there is nobody to show it, the log says so.
        pub(crate) fn show(&self, _app: &AppHandle, title: &str, text: &str) {
            let notification = notification(title, text);
            let shown = Arc::clone(&self.shown);
            tauri::async_runtime::spawn_blocking(move || match notification.show() {
                Ok(handle) => {
                    let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
                    shown.push_back(handle);
                    let oldest = (shown.len() > KEPT).then(|| shown.pop_front());
                    drop(shown);
                    drop(oldest);
                }
                Err(error) => tracing::warn!(%error, "the notification was not shown"),
            });
        }
    }

    fn notification(title: &str, text: &str) -> Notification {
        let mut notification = Notification::new();
        notification
            .appname(NAME)
            .hint(Hint::DesktopEntry(NAME.to_owned()))
            .icon(ICON)
            .summary(title)
            .body(text);
        notification
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_sender_is_called_as_the_product_is() {
            let sent = notification("Sign in again", "Tidewater Ceramics");
            assert_eq!(sent.appname, "Ledgerpost");
            assert_eq!(sent.summary, "Sign in again");
            assert_eq!(sent.body, "Tidewater Ceramics");
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod plugin {
    use tauri::AppHandle;
    use tauri_plugin_notification::NotificationExt as _;

    /// Shows notifications.
    #[derive(Default)]
    pub(crate) struct Notices;

    impl Notices {
        /// Shows one. Where that does not work, the log says so.
        pub(crate) fn show(&self, app: &AppHandle, title: &str, text: &str) {
            let shown = app.notification().builder().title(title).body(text).show();
            if let Err(error) = shown {
                tracing::warn!(%error, "the notification was not shown");
            }
        }
    }
}
