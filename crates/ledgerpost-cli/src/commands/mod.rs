//! One module for each group of commands; each function asks the app and says what came of it.

pub(crate) mod connect;
mod export;
mod leave;
mod link;
mod look;
mod work;

use std::cell::OnceCell;
use std::path::PathBuf;
use std::sync::Arc;

use ledgerpost_app::{App, AppError, Options, Reach, Signals, View};
use ledgerpost_core::ports::SystemClock;
use ledgerpost_engine::Watch;
use ledgerpost_store::{Error as StoreError, KnownCompany};
use tokio_util::sync::CancellationToken;

use crate::arguments::{Arguments, Command, Global};
use crate::outcome::{CommandError, Report};
use crate::progress::{self, Show, show_hold_ups};
use crate::screen::{Screen, note};
use crate::signals::stop_on_signal;

/// Runs any command but the demo.
pub(crate) async fn run(arguments: &Arguments, screen: &Screen) -> Result<Report, CommandError> {
    let stop = CancellationToken::new();
    stop_on_signal(stop.clone())?;
    let show = progress::shown(screen.is_json());
    let context = Context {
        global: &arguments.global,
        screen,
        program: format!("ledgerpost {}", arguments.command.name()),
        signals: Signals {
            watch: Arc::clone(&show) as Arc<dyn Watch>,
            stop,
        },
        show,
        reach: OnceCell::new(),
    };
    let stop = &context.signals.stop;
    let outcome = match (
        context.dispatch(&arguments.command).await,
        context.reach.get(),
    ) {
        (Err(CommandError::App(error)), Some(reach)) => {
            Err(CommandError::App(reach.look_around(error, stop).await))
        }
        (other, _) => other,
    };
    match outcome {
        // Whatever the interrupted call reported, the cause is that somebody asked to stop.
        Err(CommandError::App(_)) if stop.is_cancelled() => Err(CommandError::Stopped),
        other => other,
    }
}

/// What every command needs.
pub(crate) struct Context<'a> {
    global: &'a Global,
    pub(crate) screen: &'a Screen,
    program: String,
    pub(crate) signals: Signals,
    show: Arc<dyn Show>,
    /// Where the services are, once that was read.
    reach: OnceCell<Reach>,
}

impl Context<'_> {
    async fn dispatch(&self, command: &Command) -> Result<Report, CommandError> {
        match command {
            Command::Demo => unreachable!("the demo runs on its own"),
            Command::Connect(connect) => self.connect(connect).await,
            Command::Audiences => self.audiences().await,
            Command::Link(link) => self.link(link).await,
            Command::Plan => self.plan().await,
            Command::Sync { yes } => self.sync(*yes).await,
            Command::Status => self.status().await,
            Command::Contacts(contacts) => self.contacts(contacts).await,
            Command::Reconcile => self.reconcile().await,
            Command::Undo { run, yes } => self.undo(run, *yes).await,
            Command::Export(export) => self.export(export).await,
            Command::Disconnect { yes } => self.disconnect(*yes).await,
        }
    }

    fn data_folder(&self) -> Result<PathBuf, CommandError> {
        match &self.global.data_dir {
            Some(folder) => Ok(folder.clone()),
            None => dirs::data_local_dir()
                .map(|folder| folder.join("ledgerpost"))
                .ok_or(CommandError::NoDataFolder),
        }
    }

    /// Opens the data folder for work.
    pub(crate) async fn app(&self) -> Result<App, CommandError> {
        let options = Options {
            data_folder: self.data_folder()?,
            services: self.global.services.clone(),
            secrets: self.global.secrets.into(),
            program: self.program.clone(),
        };
        let app = App::open(&options, Arc::new(SystemClock)).await?;
        note_set_aside(&app);
        self.reach.get_or_init(|| app.reach().clone());
        show_hold_ups(Arc::downgrade(&self.show), app.meter().clone());
        Ok(app)
    }

    /// Opens the data folder to look at it, also while another process works in it.
    pub(crate) async fn view(&self) -> Result<View, CommandError> {
        let folder = self.data_folder()?;
        match View::open(&folder) {
            Err(AppError::Store(StoreError::Older { .. } | StoreError::Corrupt)) => {
                // Opening for work brings an old file up to date and sets a damaged one aside.
                drop(self.app().await?);
                Ok(View::open(&folder)?)
            }
            other => Ok(other?),
        }
    }

    /// The company that is meant.
    pub(crate) fn company(&self, app: &App) -> Result<KnownCompany, CommandError> {
        Ok(app.company(self.global.company.as_deref())?)
    }

    /// The company that is meant, when only looking.
    pub(crate) fn company_of(&self, view: &View) -> Result<KnownCompany, CommandError> {
        Ok(view.company(self.global.company.as_deref())?)
    }

    /// The name of the company's audience; empty before there is one.
    pub(crate) fn wanted_company(&self) -> Option<&str> {
        self.global.company.as_deref()
    }
}

/// Says which damaged files were set aside.
pub(crate) fn note_set_aside(app: &App) {
    for path in app.set_aside() {
        note(&format!(
            "A damaged file was set aside as {}; what it held is read again from the services.",
            path.display()
        ));
    }
}
