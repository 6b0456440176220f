//! What is behind the commands: a data folder, the services, and the desk that is opened on them when
//! somebody asks. A test can have all of it anew.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ledgerpost_desk::{Desk, Options as DeskOptions, Ports};
use ledgerpost_ipc::WireError;
use ledgerpost_net::http::RetryPolicy;
use ledgerpost_sim::{CompanyShape, Options, Profile, Simulator};
use ledgerpost_store::DataFolder;
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use tokio::sync::Mutex;

use crate::host::{Asked, BrowserHost};
use crate::{Settings, StartError};

/// What a test begins with.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Scene {
    /// Customers of a made-up company; the demo company if nothing is said.
    customers: Option<usize>,
    /// Its documents.
    documents: Option<usize>,
    /// Its items.
    items: Option<usize>,
    /// Decides everything that looks random.
    seed: Option<u64>,
    /// `fast`, `real` or `flaky`.
    profile: Speed,
    /// A fixed latency for each request of the services.
    latency_ms: Option<u64>,
    /// Whether consent pages answer yes by themselves; they do unless this says no.
    ask_for_consent: bool,
    /// Begin without any app keys, as a copy does that was built without; the simulated services
    /// take those of [`Places`].
    without_keys: bool,
    /// Let another program hold the data folder.
    folder_in_use: bool,
    /// Try as often as ever within a call, but without the waits in between.
    impatient: bool,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Speed {
    #[default]
    Fast,
    Real,
    Flaky,
}

/// Where things are.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Places {
    /// The data folder.
    data_folder: PathBuf,
    /// The control address of the simulated QuickBooks: append `/_sim/…`.
    quickbooks: Option<String>,
    /// The control address of the simulated Mailchimp.
    mailchimp: Option<String>,
    /// The app keys that the simulated QuickBooks takes.
    quickbooks_keys: Option<Keys>,
    /// The app keys that the simulated Mailchimp takes.
    mailchimp_keys: Option<Keys>,
}

/// What an owner copies from a service's site for developers. Made up, so that it may be shown.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Keys {
    client_id: String,
    client_secret: String,
}

/// What is behind the commands.
pub(crate) struct Stage {
    settings: Settings,
    set: Mutex<Set>,
}

struct Set {
    desk: Option<Desk>,
    host: Arc<BrowserHost>,
    options: DeskOptions,
    ports: Ports,
    simulator: Option<Simulator>,
    /// The data folder as another program holds it, for the failure that this gives.
    other_holder: Option<DataFolder>,
    _temporary: TempDir,
}

impl Stage {
    /// The services run and the folder is there; the desk is not opened yet.
    ///
    /// # Errors
    /// [`StartError`].
    pub(crate) async fn new(settings: Settings) -> Result<Self, StartError> {
        let set = Set::new(&settings, &Scene::default()).await?;
        Ok(Self {
            settings,
            set: Mutex::new(set),
        })
    }

    /// The desk; opened if it is not.
    ///
    /// # Errors
    /// What kept it from opening; the next call tries again.
    pub(crate) async fn desk(&self) -> Result<Desk, WireError> {
        let mut set = self.set.lock().await;
        if let Some(desk) = &set.desk {
            return Ok(desk.clone());
        }
        let host = Arc::clone(&set.host);
        let desk = Desk::open_with(set.options.clone(), host, set.ports.clone()).await?;
        set.desk = Some(desk.clone());
        Ok(desk)
    }

    /// Ends everything and begins anew, with nothing kept.
    ///
    /// # Errors
    /// [`StartError`].
    pub(crate) async fn reset(&self, scene: &Scene) -> Result<(), StartError> {
        let mut set = self.set.lock().await;
        set.close().await;
        if let Some(folder) = &self.settings.data_folder {
            clear(folder).map_err(StartError::Folder)?;
        }
        *set = Set::new(&self.settings, scene).await?;
        Ok(())
    }

    /// Closes the desk, as when the owner quits; the next command opens it on the same folder.
    pub(crate) async fn restart(&self) {
        self.set.lock().await.close().await;
    }

    /// Lets go of the folder that another program was said to hold.
    pub(crate) async fn release_folder(&self) {
        self.set.lock().await.other_holder = None;
    }

    /// Takes the services off the network, or puts them back.
    ///
    /// # Errors
    /// [`StartError::Simulator`] when their addresses were taken meanwhile.
    pub(crate) async fn set_online(&self, online: bool) -> Result<(), StartError> {
        let mut set = self.set.lock().await;
        if let Some(simulator) = &mut set.simulator {
            if online {
                simulator.plug_in().await?;
            } else {
                simulator.unplug().await;
            }
        }
        Ok(())
    }

    /// Where things are.
    pub(crate) async fn places(&self) -> Places {
        let set = self.set.lock().await;
        let simulator = set.simulator.as_ref();
        Places {
            data_folder: set.options.data_folder.clone(),
            quickbooks: simulator.map(|services| services.quickbooks().url().to_owned()),
            mailchimp: simulator.map(|services| services.mailchimp().url().to_owned()),
            quickbooks_keys: simulator.map(|services| Keys {
                client_id: services.services().quickbooks.client_id.clone(),
                client_secret: services.services().quickbooks.client_secret.clone(),
            }),
            mailchimp_keys: simulator.map(|services| Keys {
                client_id: services.services().mailchimp.client_id.clone(),
                client_secret: services.services().mailchimp.client_secret.clone(),
            }),
        }
    }

    /// What the host was asked.
    pub(crate) async fn asked(&self) -> Asked {
        self.set.lock().await.host.asked()
    }

    /// Answers the next *open* dialog.
    pub(crate) async fn answer_open_dialog(&self, file: Option<PathBuf>) {
        self.set.lock().await.host.answer_open_dialog(file);
    }
}

impl Set {
    async fn new(settings: &Settings, scene: &Scene) -> Result<Self, StartError> {
        let temporary = tempfile::tempdir().map_err(StartError::Folder)?;
        let (services, simulator) = if let Some(file) = &settings.services {
            (Some(file.clone()), None)
        } else {
            let simulator = Simulator::start(scene.simulator()?).await?;
            let file = temporary.path().join("services.json");
            if scene.without_keys {
                write_without_keys(simulator.services(), &file).map_err(StartError::Folder)?;
            } else {
                simulator.services().write(&file)?;
            }
            (Some(file), Some(simulator))
        };
        let data_folder = settings
            .data_folder
            .clone()
            .unwrap_or_else(|| temporary.path().join("data"));
        let other_holder = scene
            .folder_in_use
            .then(|| DataFolder::open(&data_folder, "ledgerpost sync"))
            .transpose()?;
        Ok(Self {
            desk: None,
            host: Arc::new(BrowserHost::new(
                temporary.path().to_owned(),
                settings.open_browser,
            )),
            other_holder,
            options: DeskOptions {
                data_folder,
                services,
                keychain: false,
            },
            ports: Ports {
                retry: if scene.impatient {
                    RetryPolicy::IMMEDIATE
                } else {
                    RetryPolicy::STANDARD
                },
                ..Ports::default()
            },
            simulator,
            _temporary: temporary,
        })
    }

    async fn close(&mut self) {
        if let Some(desk) = self.desk.take() {
            desk.close().await;
        }
    }
}

impl Scene {
    fn simulator(&self) -> Result<Options, StartError> {
        let company =
            self.customers
                .map_or(CompanyShape::Demo, |customers| CompanyShape::Generated {
                    customers,
                    documents: self.documents.unwrap_or(customers * 2),
                    items: self.items.unwrap_or((customers / 10).max(10)),
                });
        Ok(Options {
            company,
            seed: self.seed.unwrap_or(1),
            profile: match self.profile {
                Speed::Fast => Profile::Fast,
                Speed::Real => Profile::Real,
                Speed::Flaky => Profile::Flaky,
            },
            latency: self.latency_ms.map(Duration::from_millis),
            auto_consent: !self.ask_for_consent,
            redirect_port: free_port().map_err(StartError::Folder)?,
            ..Options::default()
        })
    }
}

/// A port that nobody uses, for the address that the browser comes back to.
fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}

/// Where the services are, but not with which keys.
fn write_without_keys(services: &impl Serialize, file: &Path) -> std::io::Result<()> {
    let mut services = serde_json::to_value(services)?;
    for service in ["quickbooks", "mailchimp"] {
        if let Some(service) = services[service].as_object_mut() {
            service.remove("client_id");
            service.remove("client_secret");
        }
    }
    std::fs::write(file, services.to_string())
}

fn clear(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
