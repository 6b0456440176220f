//! The tray: how things stand, *sync now*, *pause*, *open*, *quit*.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tauri::image::Image;
use tauri::menu::{Menu, MenuEvent, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Wry};

use crate::standing::{Mark, Standing};
use crate::texts::Texts;
use crate::{actions, window};

const SYNC: &str = "sync";
const PAUSE: &str = "pause";
const OPEN: &str = "open";
const QUIT: &str = "quit";

/// The icon and those of its entries that change.
pub(crate) struct Tray {
    icon: TrayIcon<Wry>,
    standing: MenuItem<Wry>,
    sync: MenuItem<Wry>,
    pause: MenuItem<Wry>,
    open: MenuItem<Wry>,
    quit: MenuItem<Wry>,
}

impl Tray {
    /// Puts the icon into the tray. Nothing on a system without one: the window then ends Ledgerpost
    /// when it is closed, whatever the owner chose.
    pub(crate) fn make(app: &AppHandle, texts: &Texts) -> Option<Self> {
        // The library behind it on Linux panics where the system has no tray.
        match catch_unwind(AssertUnwindSafe(|| Self::try_make(app, texts))) {
            Ok(Ok(tray)) => Some(tray),
            Ok(Err(error)) => {
                tracing::warn!(%error, "no icon in the tray");
                None
            }
            Err(_) => {
                tracing::warn!("no icon in the tray: the system has none");
                None
            }
        }
    }

    fn try_make(app: &AppHandle, texts: &Texts) -> tauri::Result<Self> {
        let entry = |id: &str, text: &'static str, enabled| {
            MenuItem::with_id(app, id, texts.get(text), enabled, None::<&str>)
        };
        let standing = entry("standing", "shell_status_no_company", false)?;
        let sync = entry(SYNC, "shell_tray_sync_now", false)?;
        let pause = entry(PAUSE, "shell_tray_pause", false)?;
        let open = entry(OPEN, "shell_tray_open", true)?;
        let quit = entry(QUIT, "shell_tray_quit", true)?;
        let line = || PredefinedMenuItem::separator(app);
        let menu = Menu::with_items(
            app,
            &[&standing, &line()?, &sync, &pause, &line()?, &open, &quit],
        )?;
        let icon = TrayIconBuilder::with_id("ledgerpost")
            .icon(picture(Mark::Usual)?)
            .icon_as_template(cfg!(target_os = "macos"))
            .tooltip("Ledgerpost")
            .menu(&menu)
            .show_menu_on_left_click(cfg!(target_os = "macos"))
            .on_menu_event(on_choice)
            .on_tray_icon_event(on_click)
            .build(app)?;
        Ok(Self {
            icon,
            standing,
            sync,
            pause,
            open,
            quit,
        })
    }

    /// Shows how things stand, in the owner's language.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn show(&self, standing: &Standing, texts: &Texts) -> tauri::Result<()> {
        self.standing.set_text(&standing.sentence)?;
        self.sync.set_text(texts.get("shell_tray_sync_now"))?;
        self.sync.set_enabled(standing.can_sync)?;
        self.pause.set_text(texts.get(if standing.paused {
            "shell_tray_resume"
        } else {
            "shell_tray_pause"
        }))?;
        self.pause.set_enabled(standing.company.is_some())?;
        self.open.set_text(texts.get("shell_tray_open"))?;
        self.quit.set_text(texts.get("shell_tray_quit"))?;
        self.icon.set_icon(Some(picture(standing.mark)?))?;
        self.icon.set_icon_as_template(cfg!(target_os = "macos"))?;
        self.icon
            .set_tooltip(Some(format!("Ledgerpost - {}", standing.sentence)))
    }
}

fn picture(mark: Mark) -> tauri::Result<Image<'static>> {
    let bytes: &'static [u8] = if cfg!(target_os = "macos") {
        // The menu bar has one colour; the state is in the first entry of the menu.
        include_bytes!("../../icons/tray-template.png")
    } else {
        match mark {
            Mark::Usual => include_bytes!("../../icons/tray.png"),
            Mark::Paused => include_bytes!("../../icons/tray-paused.png"),
            Mark::Attention => include_bytes!("../../icons/tray-attention.png"),
        }
    };
    Image::from_bytes(bytes)
}

#[expect(clippy::needless_pass_by_value, reason = "Tauri hands the event over")]
fn on_choice(app: &AppHandle, event: MenuEvent) {
    match event.id().as_ref() {
        SYNC => actions::sync_now(app),
        PAUSE => actions::pause_or_resume(app),
        OPEN => window::show(app),
        QUIT => app.exit(0),
        _ => {}
    }
}

#[expect(clippy::needless_pass_by_value, reason = "Tauri hands the event over")]
fn on_click(icon: &TrayIcon<Wry>, event: TrayIconEvent) {
    if let TrayIconEvent::Click {
        button: MouseButton::Left,
        button_state: MouseButtonState::Up,
        ..
    } = event
        && !cfg!(target_os = "macos")
    {
        window::show(icon.app_handle());
    }
}
