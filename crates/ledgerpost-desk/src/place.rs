//! A data folder with everything that works in it: the owner's own, or the demo's.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use ledgerpost_app::{App, Reach};
use ledgerpost_core::ids::RealmId;
use ledgerpost_net::services::Services;
use ledgerpost_store::{CompanyStore, FolderView, Registry};

use crate::error::DeskError;
use crate::looks::LookThread;
use crate::worker::Worker;

/// A data folder with everything that works in it.
pub(crate) struct Place {
    folder: PathBuf,
    /// Whether this is the demo.
    pub(crate) demo: bool,
    /// Whether sign-ins are in the keychain.
    pub(crate) keychain: bool,
    pub(crate) worker: Worker,
    pub(crate) looks: LookThread,
    registry: Mutex<Registry>,
    reach: RwLock<Reach>,
    /// The services without the owner's own keys.
    pub(crate) provided: Services,
    /// Damaged files that were set aside at this start.
    pub(crate) set_aside: Vec<String>,
}

/// What a place is opened with.
pub(crate) struct Opening {
    pub(crate) app: App,
    pub(crate) provided: Services,
    pub(crate) demo: bool,
    pub(crate) keychain: bool,
}

impl Place {
    /// Sets up a data folder that is open.
    ///
    /// # Errors
    /// The registry's, and the system's when it has no thread to give.
    pub(crate) fn new(opening: Opening) -> Result<Self, DeskError> {
        let mut app = opening.app;
        let registry = app.second_registry()?;
        let set_aside = app
            .set_aside()
            .iter()
            .filter_map(|path| path.file_name())
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        Ok(Self {
            folder: app.data_folder().to_owned(),
            demo: opening.demo,
            keychain: opening.keychain,
            registry: Mutex::new(registry),
            reach: RwLock::new(app.reach().clone()),
            provided: opening.provided,
            set_aside,
            looks: LookThread::start(app.data_folder().to_owned()).map_err(DeskError::Thread)?,
            worker: Worker::start(app).map_err(DeskError::Thread)?,
        })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What it takes to reach the services.
    pub(crate) fn reach(&self) -> Reach {
        self.reach
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Reaches the services differently from now on; the engine follows after the job that it is on.
    pub(crate) fn set_reach(&self, reach: Reach) -> Result<(), DeskError> {
        *self.reach.write().unwrap_or_else(PoisonError::into_inner) = reach.clone();
        self.worker.hand_over(Box::new(move |app| {
            app.set_reach(reach);
            Box::pin(std::future::ready(()))
        }))
    }

    /// Reads or notes something that spans companies, beside the engine.
    pub(crate) async fn registry<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Registry) -> Result<T, DeskError> + Send + 'static,
    ) -> Result<T, DeskError> {
        let place = Arc::clone(self);
        blocking(move || {
            let registry = place
                .registry
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            work(&registry)
        })
        .await
    }

    /// Looks into a company's file on a connection of its own, which never waits for a sync. `None`
    /// when nothing was read yet.
    pub(crate) async fn look<T: Send + 'static>(
        self: &Arc<Self>,
        realm: RealmId,
        work: impl FnOnce(Option<&CompanyStore>) -> Result<T, DeskError> + Send + 'static,
    ) -> Result<T, DeskError> {
        let folder = self.folder.clone();
        blocking(move || {
            let store = FolderView::open(folder)?.company(&realm)?;
            work(store.as_ref())
        })
        .await
    }
}

/// Does something that blocks, on a thread that may.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DeskError> + Send + 'static,
) -> Result<T, DeskError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| DeskError::Fault)?
}
