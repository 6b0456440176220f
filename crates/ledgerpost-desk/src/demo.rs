//! The demo: a made-up company in a data folder of its own, with simulated services on this computer
//! and their consent pages in the owner's browser.
//!
//! What it keeps lives as long as its services, which hold everything in memory: until the owner
//! leaves the demo or ends the program.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ledgerpost_app::{Options as AppOptions, SecretsChoice};
use ledgerpost_ipc::Nothing;
use ledgerpost_ipc::start::Start;
use ledgerpost_ipc::work::Topic;
use ledgerpost_sim::{Options, SimError, Simulator};
use ledgerpost_store::Error as StoreError;
use tokio::sync::oneshot;

use crate::desk::{Desk, PROGRAM, open_place};
use crate::error::DeskError;
use crate::place::Place;

const FOLDER: &str = "demo";
/// Quick, and still a service somewhere else: the progress can be seen.
const LATENCY: Duration = Duration::from_millis(20);

/// The demo's services, on a thread of their own. Dropping it ends them.
pub(crate) struct Demo {
    folder: PathBuf,
    _end: oneshot::Sender<()>,
}

impl Demo {
    /// Starts the services and writes where they are.
    async fn start(data_folder: &Path) -> Result<Self, DeskError> {
        let folder = data_folder.join(FOLDER);
        remove_folder(&folder)?;
        std::fs::create_dir_all(&folder).map_err(|source| StoreError::Io {
            action: "create",
            path: folder.clone(),
            source,
        })?;
        let (started, ready) = oneshot::channel();
        let (end, ended) = oneshot::channel();
        let services = folder.join(SERVICES);
        std::thread::Builder::new()
            .name("ledgerpost-demo".to_owned())
            .spawn(move || serve(&services, started, ended))
            .map_err(DeskError::Thread)?;
        ready
            .await
            .map_err(|_| DeskError::Fault)?
            .map_err(DeskError::Demo)?;
        Ok(Self { folder, _end: end })
    }

    /// Ends the services and deletes what the demo kept.
    pub(crate) async fn end(self, place: &Place) {
        place.worker.close().await;
        if let Err(error) = remove_folder(&self.folder) {
            tracing::warn!(code = error.code(), "the demo's folder stays for now");
        }
    }
}

const SERVICES: &str = "services.json";

/// The thread of the services.
fn serve(
    services: &Path,
    started: oneshot::Sender<Result<(), SimError>>,
    ended: oneshot::Receiver<()>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "the demo has no runtime");
            return;
        }
    };
    runtime.block_on(async {
        let simulator = match start_simulator(services).await {
            Ok(simulator) => simulator,
            Err(error) => {
                drop(started.send(Err(error)));
                return;
            }
        };
        drop(started.send(Ok(())));
        // Ends when the desk lets go of it.
        drop(ended.await);
        drop(simulator);
    });
}

async fn start_simulator(services: &Path) -> Result<Simulator, SimError> {
    let simulator = Simulator::start(Options {
        latency: Some(LATENCY),
        redirect_port: free_port()?,
        ..Options::default()
    })
    .await?;
    simulator.services().write(services)?;
    Ok(simulator)
}

/// A port that nobody uses, for the address that the browser comes back to. The simulated services
/// accept that one address only, as the real ones do.
fn free_port() -> Result<u16, SimError> {
    let any = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    std::net::TcpListener::bind(any)
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|source| SimError::Listen {
            address: any,
            source,
        })
}

/// Removes what a demo left behind that ended with its program.
pub(crate) fn remove_rest(data_folder: &Path) -> Result<(), DeskError> {
    remove_folder(&data_folder.join(FOLDER))
}

fn remove_folder(folder: &Path) -> Result<(), DeskError> {
    match std::fs::remove_dir_all(folder) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(StoreError::Io {
            action: "delete",
            path: folder.to_owned(),
            source,
        }
        .into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

impl Desk {
    pub(crate) async fn start_demo(&self, _: Nothing) -> Result<Start, DeskError> {
        let mut demo = self.inner.demo.lock().await;
        if demo.is_none() {
            self.stop_for_another_place().await?;
            let started = Demo::start(self.own().folder()).await?;
            let options = AppOptions {
                data_folder: started.folder.join("data"),
                services: Some(started.folder.join(SERVICES)),
                // Made-up sign-ins of a made-up company have no business in the owner's keychain.
                secrets: SecretsChoice::File,
                program: PROGRAM.to_owned(),
            };
            let place = open_place(&options, &self.inner.ports, true).await?;
            *demo = Some(started);
            self.look_at(Arc::new(place));
        }
        drop(demo);
        self.inner.outbox.changed(&[Topic::Start, Topic::Home]);
        self.read_start(Nothing {}).await
    }

    pub(crate) async fn leave_demo(&self, _: Nothing) -> Result<Start, DeskError> {
        let mut demo = self.inner.demo.lock().await;
        if demo.is_some() {
            self.stop_for_another_place().await?;
            let place = self.place();
            self.look_at(Arc::clone(self.own()));
            if let Some(demo) = demo.take() {
                demo.end(&place).await;
            }
        }
        drop(demo);
        self.inner.outbox.changed(&[Topic::Start, Topic::Home]);
        self.read_start(Nothing {}).await
    }

    /// Stops what runs; what it sent is kept.
    async fn stop_for_another_place(&self) -> Result<(), DeskError> {
        self.inner.bench.stop();
        self.inner.bench.idle().await;
        Ok(())
    }
}
