//! The thread that looks. What a [`Look`] has found out stays with it until the file changes, so the
//! looks of a place live together on one thread, which never waits for the engine's.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError, mpsc};

use ledgerpost_core::ids::RealmId;
use ledgerpost_store::{Error as StoreError, FolderView, note_damage};
use tokio::sync::oneshot;

use crate::error::DeskError;
use crate::look::Look;

type Job = Box<dyn FnOnce(&mut Looks) + Send>;

/// The looks of a place.
struct Looks {
    folder: PathBuf,
    known: HashMap<RealmId, Look>,
}

/// The thread that looks. Dropping it ends it.
pub(crate) struct LookThread {
    jobs: Mutex<mpsc::Sender<Job>>,
}

impl LookThread {
    /// # Errors
    /// The system's, when it has no thread to give.
    pub(crate) fn start(folder: PathBuf) -> std::io::Result<Self> {
        let (jobs, waiting) = mpsc::channel::<Job>();
        std::thread::Builder::new()
            .name("ledgerpost-look".to_owned())
            .spawn(move || {
                let mut looks = Looks {
                    folder,
                    known: HashMap::new(),
                };
                while let Ok(job) = waiting.recv() {
                    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                        job(&mut looks);
                    }));
                    if done.is_err() {
                        tracing::error!("a look ended in a fault");
                        looks.known.clear();
                    }
                }
            })?;
        Ok(Self {
            jobs: Mutex::new(jobs),
        })
    }

    /// Looks at a company.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when nothing was read of it yet, and those of `work`.
    pub(crate) async fn at<T: Send + 'static>(
        &self,
        realm: RealmId,
        work: impl FnOnce(&Look) -> Result<T, DeskError> + Send + 'static,
    ) -> Result<T, DeskError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |looks| {
            let found = looks.at(realm.clone()).and_then(work);
            if let Err(error) = &found {
                looks.doubt_if_damaged(&realm, error);
            }
            // Whoever asked may be gone.
            drop(answer.send(found));
        });
        self.jobs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .send(job)
            .map_err(|_| DeskError::Closed)?;
        answered.await.map_err(|_| DeskError::Fault)?
    }

    /// Lets go of a company's file, before it is deleted.
    pub(crate) async fn let_go(&self, realm: RealmId) {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |looks| {
            looks.known.remove(&realm);
            _ = answer.send(());
        });
        let sent = self
            .jobs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .send(job);
        if sent.is_ok() {
            drop(answered.await);
        }
    }
}

impl Looks {
    /// A company's file that turns out to be damaged is let go of, and set aside when it is opened for
    /// work the next time.
    fn doubt_if_damaged(&mut self, realm: &RealmId, error: &DeskError) {
        if error.code() == StoreError::Corrupt.code() {
            note_damage(&self.folder, realm);
            self.known.remove(realm);
        }
    }

    fn at(&mut self, realm: RealmId) -> Result<&Look, DeskError> {
        use std::collections::hash_map::Entry;
        Ok(match self.known.entry(realm) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let store = FolderView::open(&self.folder)?
                    .company(place.key())?
                    .ok_or(DeskError::NotFound { what: "company" })?;
                place.insert(Look::new(store))
            }
        })
    }
}
