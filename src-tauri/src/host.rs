//! What the desk needs from the system, by Tauri's means.

use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use ledgerpost_desk::{Host, Notice};
use tauri::{AppHandle, Manager as _};
use tauri_plugin_autostart::ManagerExt as _;
use tauri_plugin_dialog::{DialogExt as _, FilePath};
use tokio::sync::oneshot;

use crate::background::Latest;
use crate::log;
use crate::notices::Notices;

/// The window, as the desk sees it.
pub(crate) struct Window {
    app: AppHandle,
    logs: PathBuf,
    notices: Notices,
}

impl Window {
    pub(crate) fn new(app: AppHandle, data_folder: &Path) -> Self {
        Self {
            app,
            logs: log::folder(data_folder),
            notices: Notices::default(),
        }
    }
}

#[async_trait]
impl Host for Window {
    fn open_address(&self, address: &str) -> io::Result<()> {
        open::that_detached(address)
    }

    fn open_folder(&self, folder: &Path) -> io::Result<()> {
        open::that_detached(folder)
    }

    async fn choose_save_path(&self, suggestion: &str) -> Option<PathBuf> {
        let (chosen, choice) = oneshot::channel();
        let mut dialog = self.app.dialog().file().set_file_name(suggestion);
        if let Some(extension) = Path::new(suggestion)
            .extension()
            .and_then(|extension| extension.to_str())
        {
            dialog = dialog.add_filter(extension.to_uppercase(), &[extension]);
        }
        dialog.save_file(move |path| drop(chosen.send(path)));
        path(choice).await
    }

    async fn choose_open_path(&self, extensions: &[&str]) -> Option<PathBuf> {
        let (chosen, choice) = oneshot::channel();
        self.app
            .dialog()
            .file()
            .add_filter(extensions.join(", ").to_uppercase(), extensions)
            .pick_file(move |path| drop(chosen.send(path)));
        path(choice).await
    }

    fn notify(&self, notice: Notice) {
        let texts = self.app.state::<Latest>().texts();
        let (title, text, company) = match notice {
            Notice::SignInQuickBooks { company } => (
                "shell_notice_quickbooks_title",
                "shell_notice_quickbooks_text",
                company,
            ),
            Notice::SignInMailchimp { company } => (
                "shell_notice_mailchimp_title",
                "shell_notice_mailchimp_text",
                company,
            ),
            Notice::NeedsAttention { company } => (
                "shell_notice_attention_title",
                "shell_notice_attention_text",
                company,
            ),
        };
        let text = texts.fill(text, "company", &company);
        self.notices.show(&self.app, texts.get(title), &text);
    }

    fn set_start_at_login(&self, on: bool) -> io::Result<()> {
        let autostart = self.app.autolaunch();
        let is_on = autostart.is_enabled().map_err(io::Error::other)?;
        match (on, is_on) {
            (true, false) => autostart.enable().map_err(io::Error::other),
            (false, true) => autostart.disable().map_err(io::Error::other),
            (true, true) | (false, false) => Ok(()),
        }
    }

    fn on_battery(&self) -> Option<bool> {
        on_battery()
    }

    fn log_folder(&self) -> Option<PathBuf> {
        self.logs.is_dir().then(|| self.logs.clone())
    }

    fn commit(&self) -> Option<String> {
        option_env!("LEDGERPOST_COMMIT").map(str::to_owned)
    }
}

/// What the owner chose; nothing when they closed the dialog.
async fn path(choice: oneshot::Receiver<Option<FilePath>>) -> Option<PathBuf> {
    choice.await.ok()??.into_path().ok()
}

/// Whether a mains adapter is there and off. Linux says so in files; elsewhere nobody is asked.
fn on_battery() -> Option<bool> {
    let mut adapters = std::fs::read_dir("/sys/class/power_supply")
        .ok()?
        .filter_map(|supply| {
            let folder = supply.ok()?.path();
            let kind = std::fs::read_to_string(folder.join("type")).ok()?;
            let online = std::fs::read_to_string(folder.join("online")).ok()?;
            (kind.trim() == "Mains").then(|| online.trim() == "1")
        })
        .peekable();
    adapters.peek()?;
    Some(!adapters.any(|online| online))
}
