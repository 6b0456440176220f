//! The desk: everything that the window may ask, behind one door.

use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use futures_util::FutureExt as _;
use futures_util::stream::BoxStream;
use ledgerpost_app::{App, AppError, Options as AppOptions, SecretsChoice};
use ledgerpost_core::ids::AudienceId;
use ledgerpost_core::ports::{Clock, SystemClock};
use ledgerpost_ipc::{Message, WireError, work};
use ledgerpost_net::http::RetryPolicy;
use ledgerpost_net::services::Services;
use serde_json::Value;
use tokio::sync::Notify;

use crate::commands::audiences::Read;
use crate::commands::review::IndexKey;
use crate::commands::{dispatch, draft};
use crate::demo::Demo;
use crate::error::DeskError;
use crate::host::{Host, Presence};
use crate::messages::Outbox;
use crate::place::{Opening, Place};
use crate::review::ReviewIndex;
use crate::work::Bench;

/// What this program calls itself to a second one.
pub(crate) const PROGRAM: &str = "Ledgerpost";

/// How the program was started.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where everything is kept.
    pub data_folder: PathBuf,
    /// A file that says where the services are and whose keys to use.
    pub services: Option<PathBuf>,
    /// Whether sign-ins are kept in the operating system's keychain, or else in a file in the data
    /// folder that only the owner can read.
    pub keychain: bool,
}

/// What tests replace.
#[derive(Clone)]
pub struct Ports {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How often and how long to try again within one call.
    pub retry: RetryPolicy,
}

impl Default for Ports {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            retry: RetryPolicy::STANDARD,
        }
    }
}

/// Everything that the window may ask. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) host: Arc<dyn Host>,
    pub(crate) ports: Ports,
    pub(crate) outbox: Outbox,
    pub(crate) bench: Arc<Bench>,
    /// The owner's own data folder; stays open during the demo.
    own: Arc<Place>,
    /// What is looked at: the owner's own, or the demo's.
    now: RwLock<Arc<Place>>,
    pub(crate) demo: tokio::sync::Mutex<Option<Demo>>,
    presence: Mutex<Presence>,
    /// Rung when something may be due.
    pub(crate) due: Arc<Notify>,
    closed: AtomicBool,
    /// The audiences that were listed last, with the keys of their members.
    audiences: Mutex<Arc<Vec<Read>>>,
    /// What happens to each customer, for the dry run that was looked at last.
    review: Mutex<Option<(IndexKey, Arc<ReviewIndex>)>>,
}

impl Inner {
    /// Keeps what was read of audiences, so that a forecast is quick.
    pub(crate) fn keep_members(&self, read: &Arc<Vec<Read>>) {
        *self
            .audiences
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Arc::clone(read);
    }

    /// The index of a dry run, if it was made for this very one.
    pub(crate) fn review_index(&self, key: &IndexKey) -> Option<Arc<ReviewIndex>> {
        let kept = self.review.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, index) = kept.as_ref()?;
        (known == key).then(|| Arc::clone(index))
    }

    pub(crate) fn keep_review_index(&self, key: IndexKey, index: Arc<ReviewIndex>) {
        *self.review.lock().unwrap_or_else(PoisonError::into_inner) = Some((key, index));
    }

    /// What was read last, if this audience is among it.
    pub(crate) fn members_of(&self, audience: &AudienceId) -> Option<Arc<Vec<Read>>> {
        let read = Arc::clone(
            &self
                .audiences
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
        read.iter().any(|read| read.is_of(audience)).then_some(read)
    }

    /// Whether the desk is being closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }
}

impl Desk {
    /// Opens the data folder and takes its lock.
    ///
    /// # Errors
    /// A folder that is in use, read-only or damaged; a services file with errors; no keychain, where
    /// a company is signed in.
    pub async fn open(options: Options, host: Arc<dyn Host>) -> Result<Self, WireError> {
        Self::open_with(options, host, Ports::default()).await
    }

    /// [`Desk::open`] with a clock and a patience of one's own.
    ///
    /// # Errors
    /// Those of [`Desk::open`].
    pub async fn open_with(
        options: Options,
        host: Arc<dyn Host>,
        ports: Ports,
    ) -> Result<Self, WireError> {
        Self::try_open(options, host, ports)
            .await
            .map_err(|error| error.wire())
    }

    async fn try_open(
        options: Options,
        host: Arc<dyn Host>,
        ports: Ports,
    ) -> Result<Self, DeskError> {
        crate::demo::remove_rest(&options.data_folder)?;
        let own = open_place(
            &AppOptions {
                data_folder: options.data_folder.clone(),
                services: options.services.clone(),
                secrets: if options.keychain {
                    SecretsChoice::Keychain
                } else {
                    SecretsChoice::File
                },
                program: PROGRAM.to_owned(),
            },
            &ports,
            false,
        )
        .await?;
        let own = Arc::new(own);
        own.registry(draft::tidy).await?;
        let outbox = Outbox::new();
        let desk = Self {
            inner: Arc::new(Inner {
                bench: Bench::new(outbox.clone(), Arc::clone(&ports.clock)),
                host,
                ports,
                outbox,
                now: RwLock::new(Arc::clone(&own)),
                own,
                demo: tokio::sync::Mutex::new(None),
                presence: Mutex::new(Presence::default()),
                due: Arc::new(Notify::new()),
                closed: AtomicBool::new(false),
                audiences: Mutex::default(),
                review: Mutex::default(),
            }),
        };
        desk.keep_schedule();
        Ok(desk)
    }

    /// Answers one command: its request as JSON in, its reply as JSON out.
    ///
    /// # Errors
    /// The command's. A panic is [`ledgerpost_ipc::ErrorCode::Internal`].
    pub async fn call(&self, name: &str, request: Value) -> Result<Value, WireError> {
        let answer = AssertUnwindSafe(dispatch(self, name, request))
            .catch_unwind()
            .await
            .unwrap_or(Err(DeskError::Fault));
        answer.map_err(|error| {
            match &error {
                DeskError::Fault => {
                    tracing::error!(command = known(name), "a command ended in a fault");
                }
                other => tracing::info!(
                    command = known(name),
                    code = other.code(),
                    "a command was refused"
                ),
            }
            error.wire()
        })
    }

    /// The messages: first a snapshot, then the newest state whenever something changed. A slow reader
    /// misses what was replaced meanwhile and holds nobody up.
    pub fn watch(&self) -> BoxStream<'static, Message> {
        self.inner.outbox.stream()
    }

    /// Asks the window to go to a place, as a notification or the tray does.
    pub fn show(&self, place: work::Place) {
        self.inner.outbox.open(place);
    }

    /// Tells where the owner is; the schedule follows.
    pub fn set_presence(&self, presence: Presence) {
        *self
            .inner
            .presence
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = presence;
        self.inner.due.notify_one();
    }

    pub(crate) fn presence(&self) -> Presence {
        *self
            .inner
            .presence
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops the work under way, waits until it is at a good place, and frees the data folder.
    pub async fn close(&self) {
        self.inner.closed.store(true, Ordering::Relaxed);
        self.inner.bench.stop();
        self.inner.bench.idle().await;
        if let Some(demo) = self.inner.demo.lock().await.take() {
            demo.end(&self.place()).await;
        }
        self.inner.own.worker.close().await;
    }

    /// What is looked at: the owner's own data folder, or the demo's.
    pub(crate) fn place(&self) -> Arc<Place> {
        Arc::clone(
            &self
                .inner
                .now
                .read()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    /// The owner's own data folder.
    pub(crate) fn own(&self) -> &Arc<Place> {
        &self.inner.own
    }

    pub(crate) fn look_at(&self, place: Arc<Place>) {
        *self
            .inner
            .now
            .write()
            .unwrap_or_else(PoisonError::into_inner) = place;
        self.inner.keep_members(&Arc::default());
        self.inner.outbox.no_work();
    }

    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.inner.ports.clock.now()
    }
}

/// Opens a data folder with all that works in it.
pub(crate) async fn open_place(
    options: &AppOptions,
    ports: &Ports,
    demo: bool,
) -> Result<Place, DeskError> {
    let provided = Services::load(options.services.as_deref())
        .map_err(|error| DeskError::App(AppError::from(error)))?;
    let app = App::open(options, Arc::clone(&ports.clock))
        .await?
        .with_retry(ports.retry);
    Place::new(Opening {
        app,
        provided,
        demo,
        keychain: options.secrets == SecretsChoice::Keychain,
    })
}

/// A name that may stand in a log: whoever calls could send anything.
fn known(name: &str) -> &'static str {
    ledgerpost_ipc::COMMANDS
        .iter()
        .find(|command| **command == name)
        .unwrap_or(&"unknown")
}
