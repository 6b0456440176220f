//! Follows the messages for what is outside of the window: the tray, the title bar's theme, and what
//! closing the window does.

use std::mem::{self, Discriminant};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::StreamExt as _;
use jiff::Zoned;
use ledgerpost_desk::Desk;
use ledgerpost_ipc::home::Home;
use ledgerpost_ipc::start::{Preferences, Start, Theme, WhenClosed};
use ledgerpost_ipc::work::{Topic, WorkState};
use ledgerpost_ipc::{CompanyRef, Message, Nothing, WireError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tauri::{AppHandle, Manager as _};

use crate::presence;
use crate::program::Program;
use crate::standing::Standing;
use crate::texts::Texts;
use crate::tray::Tray;
use crate::window;

/// What is known without asking, because closing a window cannot wait for an answer.
pub(crate) struct Latest(Mutex<Known>);

struct Known {
    standing: Standing,
    texts: Texts,
    when_closed: WhenClosed,
    told_about_tray: bool,
}

impl Latest {
    /// Before the program is open.
    pub(crate) fn new(texts: Texts) -> Self {
        Self(Mutex::new(Known {
            standing: Standing::new(None, &texts, &Zoned::now()),
            texts,
            when_closed: WhenClosed::Quit,
            told_about_tray: false,
        }))
    }

    fn with<T>(&self, read: impl FnOnce(&mut Known) -> T) -> T {
        read(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How things stand.
    pub(crate) fn standing(&self) -> Standing {
        self.with(|known| known.standing.clone())
    }

    /// The owner's texts.
    pub(crate) fn texts(&self) -> Texts {
        self.with(|known| known.texts.clone())
    }

    /// What closing the window does.
    pub(crate) fn when_closed(&self) -> WhenClosed {
        self.with(|known| known.when_closed)
    }

    /// Whether the owner was told that syncing goes on in the tray; from now on they were.
    pub(crate) fn tell_about_tray(&self) -> bool {
        self.with(|known| !mem::replace(&mut known.told_about_tray, true))
    }
}

/// Follows the messages until Ledgerpost ends.
pub(crate) async fn follow(app: AppHandle) {
    let program = Arc::clone(&app.state::<Arc<Program>>());
    let desk = program.opened().await;
    presence::of_now(&app, &desk);
    let mut messages = desk.watch();
    let mut last_work = None;
    while let Some(message) = messages.next().await {
        if matters(&message, &mut last_work)
            && let Err(error) = refresh(&app, &desk).await
        {
            tracing::warn!(code = ?error.code, "the tray is not up to date");
        }
    }
}

/// Whether a message may change what is shown outside of the window. Progress does not.
fn matters(message: &Message, last_work: &mut Option<(u32, Discriminant<WorkState>)>) -> bool {
    match message {
        Message::Snapshot { .. } => true,
        Message::Work { work } => {
            let now = Some((work.id, mem::discriminant(&work.state)));
            mem::replace(last_work, now) != now
        }
        Message::Changed { topics } => topics
            .iter()
            .any(|topic| matches!(topic, Topic::Start | Topic::Home)),
        Message::Open { .. } => false,
    }
}

async fn refresh(app: &AppHandle, desk: &Desk) -> Result<(), WireError> {
    let start: Start = ask(desk, "read_start", Nothing {}).await?;
    let home: Option<Home> = match connected(&start) {
        Some(company) => Some(ask(desk, "read_home", CompanyRef { company }).await?),
        None => None,
    };
    let texts = Texts::new(start.preferences.language);
    let standing = Standing::new(home.as_ref(), &texts, &Zoned::now());
    if let Some(window) = app.get_webview_window(window::MAIN)
        && let Err(error) = window.set_theme(theme(&start.preferences))
    {
        tracing::warn!(%error, "the title bar keeps its theme");
    }
    if let Some(tray) = app.try_state::<Tray>()
        && let Err(error) = tray.show(&standing, &texts)
    {
        tracing::warn!(%error, "the tray did not change");
    }
    app.state::<Latest>().with(|known| {
        *known = Known {
            standing,
            texts,
            when_closed: start.preferences.when_closed,
            told_about_tray: start.told_about_tray,
        };
    });
    Ok(())
}

/// The company that is looked at, or else the first, if it is connected to an audience.
fn connected(start: &Start) -> Option<String> {
    let has_audience = |company: &&ledgerpost_ipc::start::CompanySummary| {
        company.standing == ledgerpost_ipc::start::Standing::Connected
    };
    let mut connected = start.companies.iter().filter(has_audience);
    let looked_at = connected
        .clone()
        .find(|company| start.current.as_ref() == Some(&company.company));
    looked_at
        .or_else(|| connected.next())
        .map(|company| company.company.clone())
}

fn theme(preferences: &Preferences) -> Option<tauri::Theme> {
    match preferences.theme {
        Theme::System => None,
        Theme::Light => Some(tauri::Theme::Light),
        Theme::Dark => Some(tauri::Theme::Dark),
    }
}

async fn ask<Q: Serialize, A: DeserializeOwned>(
    desk: &Desk,
    command: &str,
    request: Q,
) -> Result<A, WireError> {
    let request = serde_json::to_value(request).expect("wire types serialise");
    let reply = desk.call(command, request).await?;
    Ok(serde_json::from_value(reply).expect("a reply is of its command's type"))
}
