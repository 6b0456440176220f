//! An owner with a simulator and an application of their own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ledgerpost_app::{
    App, AppError, LinkRequest, Options as AppOptions, Plan, SecretsChoice, Signals, SyncOutcome,
};
use ledgerpost_core::ports::Clock;
use ledgerpost_core::settings::{NewStatus, Settings};
use ledgerpost_engine::{Reconciliation, SyncReport, Unwatched};
use ledgerpost_net::http::RetryPolicy;
use ledgerpost_sim::Options;
use ledgerpost_store::{CompanyStore, KnownCompany};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::browser::AutoConsent;
use crate::promises::Promises;
use crate::world::World;

/// An owner with a simulator and an application of their own.
pub struct Journey {
    world: World,
    folder: TempDir,
    services: PathBuf,
    app: Option<App>,
    browser: AutoConsent,
    /// What Mailchimp held before the application came.
    first: Value,
    /// What Mailchimp held after a person last changed something there.
    before: Value,
    kills: u32,
}

/// What is tied to what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// The company.
    pub company: KnownCompany,
    /// The audience's id.
    pub audience: String,
}

impl Journey {
    /// Starts the services and the application.
    pub async fn start(options: Options) -> Self {
        let world = World::start(options).await;
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let services = folder.path().join("services.json");
        world
            .simulator()
            .services()
            .write(&services)
            .expect("the folder can be written to");
        let before = world.mailchimp_identities();
        let mut journey = Self {
            world,
            folder,
            services,
            app: None,
            browser: AutoConsent::new(),
            first: before.clone(),
            before,
            kills: 0,
        };
        journey.reopen().await.expect("an empty folder opens");
        journey
    }

    /// Starts, signs in to both services and links the first audience: new contacts are
    /// transactional.
    pub async fn linked(options: Options) -> Self {
        let mut journey = Self::start(options).await;
        // Behind a bad network an owner tries again; a code is exchanged once only.
        let mut tries = 0;
        while let Err(error) = journey.connect().await {
            tries += 1;
            assert!(tries < 6, "cannot sign in: {error}");
        }
        journey
            .link(Settings::default())
            .await
            .expect("the first audience can be linked");
        journey
    }

    /// From now on the application waits between attempts as it does for owners.
    pub fn be_patient(&mut self) {
        let app = self.app.take();
        self.app = app.map(|app| app.with_retry(RetryPolicy::STANDARD));
    }

    /// The services.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The data folder.
    pub fn data_folder(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The services file.
    pub fn services(&self) -> &Path {
        &self.services
    }

    /// Codes and states of the sign-ins so far.
    pub fn codes(&self) -> Vec<String> {
        self.browser.codes()
    }

    /// The company's database.
    pub fn company_file(&self) -> PathBuf {
        let realm = self.company().realm;
        self.data_folder()
            .join("companies")
            .join(realm.as_str())
            .join("ledgerpost.sqlite")
    }

    /// The application.
    pub fn app(&self) -> &App {
        self.app.as_ref().expect("the application is open")
    }

    /// The application.
    pub fn app_mut(&mut self) -> &mut App {
        self.app.as_mut().expect("the application is open")
    }

    /// Ends the application.
    pub fn close(&mut self) {
        self.app = None;
    }

    /// Ends the application and starts it anew.
    ///
    /// # Errors
    /// The application's.
    pub async fn reopen(&mut self) -> Result<(), AppError> {
        self.app = None;
        let app = open_app(
            &self.data_folder(),
            &self.services,
            Arc::new(self.world.clone()),
        )
        .await?;
        self.app = Some(app);
        Ok(())
    }

    /// Signs in to both services.
    ///
    /// # Errors
    /// The application's.
    pub async fn connect(&mut self) -> Result<(), AppError> {
        self.connect_quickbooks().await?;
        let (_paste, pasted) = mpsc::channel(1);
        let cancel = CancellationToken::new();
        self.app()
            .connect_mailchimp(&self.browser, pasted, &|_| {}, &cancel)
            .await?;
        Ok(())
    }

    /// Signs in to QuickBooks.
    ///
    /// # Errors
    /// The application's.
    pub async fn connect_quickbooks(&mut self) -> Result<(), AppError> {
        let (_paste, pasted) = mpsc::channel(1);
        let cancel = CancellationToken::new();
        self.app()
            .connect_quickbooks(&self.browser, pasted, &|_| {}, &cancel)
            .await?;
        Ok(())
    }

    /// Links the company to the first audience.
    ///
    /// # Errors
    /// The application's.
    pub async fn link(&mut self, settings: Settings) -> Result<Linked, AppError> {
        let audience = self.app().audiences().await?.audiences[0].id.to_string();
        self.link_to(&audience, settings).await
    }

    /// Links the company to an audience, by id or name.
    ///
    /// # Errors
    /// The application's.
    pub async fn link_to(
        &mut self,
        audience: &str,
        settings: Settings,
    ) -> Result<Linked, AppError> {
        let company = self.company();
        let request = LinkRequest {
            audience: audience.to_owned(),
            settings,
        };
        let connection = self.app().link(&company, request).await?;
        Ok(Linked {
            company,
            audience: connection.audience_id.to_string(),
        })
    }

    /// Settings that give new contacts this status.
    pub fn settings(status: NewStatus) -> Settings {
        Settings {
            status,
            grounds: Some("they agreed at the till".to_owned()),
            ..Settings::default()
        }
    }

    /// The only company.
    pub fn company(&self) -> KnownCompany {
        self.app().company(None).expect("one company is signed in")
    }

    /// Plans.
    ///
    /// # Errors
    /// The application's.
    pub async fn plan(&mut self) -> Result<Plan, AppError> {
        let company = self.company();
        self.app_mut().plan(&company, &signals()).await
    }

    /// Syncs; `approved` is the owner's yes.
    ///
    /// # Errors
    /// The application's.
    pub async fn try_sync(&mut self, approved: bool) -> Result<SyncOutcome, AppError> {
        let company = self.company();
        self.app_mut().sync(&company, approved, &signals()).await
    }

    /// Syncs with the owner's yes.
    pub async fn sync(&mut self) -> SyncReport {
        match self.try_sync(true).await.expect("the sync ends well") {
            SyncOutcome::Done(report) => *report,
            SyncOutcome::Waits(plan) => panic!("waits although approved: {plan:?}"),
        }
    }

    /// Compares both services to the cent.
    pub async fn reconcile(&mut self) -> Reconciliation {
        let company = self.company();
        self.app_mut()
            .reconcile(&company, &signals())
            .await
            .expect("the comparison ends well")
    }

    /// Takes back a run.
    ///
    /// # Errors
    /// The application's.
    pub async fn undo(
        &mut self,
        run: &ledgerpost_core::ids::RunId,
    ) -> Result<SyncReport, AppError> {
        let company = self.company();
        self.app_mut().undo(&company, run, &signals()).await
    }

    /// Disconnects; returns the archive and whether Intuit was told.
    ///
    /// # Errors
    /// The application's.
    pub async fn disconnect(&mut self) -> Result<(PathBuf, bool), AppError> {
        let company = self.company();
        let (done, told) = self.app_mut().disconnect(&company, &signals()).await?;
        Ok((done.archive, told))
    }

    /// The company's file.
    pub fn store(&mut self) -> CompanyStore {
        let company = self.company();
        self.app_mut()
            .company_store(&company)
            .expect("the company's file opens")
    }

    /// Any number of edits of all kinds in QuickBooks.
    pub fn edit_books(&self, seed: u64, count: usize) -> Value {
        // An edit in the same second as a read is the one case that a change feed may miss.
        self.world.pass(jiff::SignedDuration::from_secs(5));
        let done = self
            .world
            .edit_books(json!({ "edit": "random", "seed": seed, "count": count }));
        self.world.pass(jiff::SignedDuration::from_secs(5));
        done
    }

    /// Notes that the application was killed so many times more.
    pub const fn add_kills(&mut self, kills: u32) {
        self.kills += kills;
    }

    /// Checks every promise that holds at any moment.
    pub async fn check(&mut self) {
        let company = self.company();
        let store = self.store();
        Promises {
            world: &self.world,
            realm: company.realm.as_str(),
            first: &self.first,
            before: &self.before,
            store: Some(&store),
            kills: self.kills,
        }
        .check()
        .await;
    }

    /// Takes what Mailchimp holds now as what must not get worse: after a person has changed
    /// something there.
    pub fn mark(&mut self) {
        self.before = self.world.mailchimp_identities();
    }
}

/// Opens an application with file secrets that never waits between attempts, nor for a file that
/// somebody holds.
///
/// # Errors
/// The application's.
pub async fn open_app(
    data: &Path,
    services: &Path,
    clock: Arc<dyn Clock>,
) -> Result<App, AppError> {
    let options = AppOptions {
        data_folder: data.to_owned(),
        services: Some(services.to_owned()),
        secrets: SecretsChoice::File,
        program: "ledgerpost tests".to_owned(),
    };
    let app = App::open(&options, clock).await?;
    Ok(app
        .with_retry(RetryPolicy::IMMEDIATE)
        .with_file_patience(Duration::ZERO))
}

/// Nobody watches, nobody stops.
pub fn signals() -> Signals {
    Signals {
        watch: Arc::new(Unwatched),
        stop: CancellationToken::new(),
    }
}
