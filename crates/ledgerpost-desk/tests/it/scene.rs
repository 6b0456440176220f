//! A desk with simulated services and an owner who says yes in the browser.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use ledgerpost_desk::{Desk, Host, Notice, Options, Ports};
use ledgerpost_ipc::Message;
use ledgerpost_ipc::work::{Outcome, Work, WorkState};
use ledgerpost_net::http::{Limits, Meter, RequestSpec, RetryPolicy, Transport};
use ledgerpost_sim::{CompanyShape, Simulator};
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

/// An owner who says yes to everything.
pub(crate) struct Owner {
    folder: PathBuf,
    browser: Transport,
    pub(crate) opened: Mutex<Vec<String>>,
    /// What the next *open* dialog answers.
    pub(crate) chooses: Mutex<Option<PathBuf>>,
    /// The notifications that were shown.
    pub(crate) told: Mutex<Vec<Notice>>,
}

#[async_trait]
impl Host for Owner {
    fn open_address(&self, address: &str) -> io::Result<()> {
        self.opened
            .lock()
            .expect("nobody panics while holding it")
            .push(address.to_owned());
        let Ok(address) = Url::parse(address) else {
            return Ok(());
        };
        if address.host_str().is_some_and(|host| host == "127.0.0.1") {
            let browser = self.browser.clone();
            tokio::spawn(follow(browser, address));
        }
        Ok(())
    }

    fn open_folder(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    async fn choose_save_path(&self, suggestion: &str) -> Option<PathBuf> {
        Some(self.folder.join(suggestion))
    }

    async fn choose_open_path(&self, _: &[&str]) -> Option<PathBuf> {
        self.chooses
            .lock()
            .expect("nobody panics while holding it")
            .clone()
    }

    fn notify(&self, notice: Notice) {
        let mut told = self.told.lock().expect("nobody panics while holding it");
        told.push(notice);
    }

    fn set_start_at_login(&self, _: bool) -> io::Result<()> {
        Ok(())
    }
}

/// Goes where the sign-in pages lead; the services answer yes by themselves.
async fn follow(browser: Transport, mut address: Url) {
    for _ in 0..5 {
        let Ok(page) = browser
            .send(&RequestSpec::get(address.clone(), "(sign-in page)"))
            .await
        else {
            return;
        };
        let next = page
            .headers
            .get("location")
            .and_then(|place| place.to_str().ok())
            .and_then(|place| address.join(place).ok());
        match next {
            Some(next) if page.status.is_redirection() => address = next,
            _ => return,
        }
    }
}

/// A desk with simulated services.
pub(crate) struct Scene {
    pub(crate) desk: Desk,
    pub(crate) owner: Arc<Owner>,
    pub(crate) simulator: Simulator,
    pub(crate) folder: TempDir,
}

impl Scene {
    /// With the demo company.
    pub(crate) async fn start() -> Self {
        Self::with(CompanyShape::Demo).await
    }

    /// With a company that is sent in a moment, in a plan that is large enough to wait for a yes.
    pub(crate) async fn small() -> Self {
        Self::with(CompanyShape::Generated {
            customers: 200,
            documents: 200,
            items: 20,
        })
        .await
    }

    /// Like [`Scene::small`], and a call that got no answer is repeated at once.
    pub(crate) async fn hasty() -> Self {
        let company = CompanyShape::Generated {
            customers: 20,
            documents: 20,
            items: 5,
        };
        Self::retrying(company, RetryPolicy::IMMEDIATE).await
    }

    async fn with(company: CompanyShape) -> Self {
        Self::retrying(company, RetryPolicy::STANDARD).await
    }

    async fn retrying(company: CompanyShape, retry: RetryPolicy) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let simulator = Simulator::start(ledgerpost_sim::Options {
            company,
            auto_consent: true,
            redirect_port: free_port(),
            ..ledgerpost_sim::Options::default()
        })
        .await
        .expect("free ports can be listened on");
        let services = folder.path().join("services.json");
        simulator
            .services()
            .write(&services)
            .expect("the folder can be written to");
        let owner = Arc::new(Owner {
            folder: folder.path().to_owned(),
            browser: Transport::new("browser", Limits::default(), Meter::default()),
            opened: Mutex::default(),
            chooses: Mutex::default(),
            told: Mutex::default(),
        });
        let options = Options {
            data_folder: folder.path().join("data"),
            services: Some(services),
            keychain: false,
        };
        let ports = Ports {
            retry,
            ..Ports::default()
        };
        let host: Arc<dyn Host> = Arc::<Owner>::clone(&owner);
        let desk = Desk::open_with(options, host, ports)
            .await
            .expect("an empty folder opens");
        Self {
            desk,
            owner,
            simulator,
            folder,
        }
    }

    /// Another desk over the same folder, once the first one is closed.
    pub(crate) async fn open_again(&self) -> Desk {
        let options = Options {
            data_folder: self.folder.path().join("data"),
            services: Some(self.folder.path().join("services.json")),
            keychain: false,
        };
        let host: Arc<dyn Host> = Arc::<Owner>::clone(&self.owner);
        Desk::open(options, host)
            .await
            .expect("the folder is free again")
    }

    /// Asks, and expects an answer.
    pub(crate) async fn ask(&self, command: &str, request: Value) -> Value {
        self.desk
            .call(command, request)
            .await
            .unwrap_or_else(|error| panic!("{command}: {error:?}"))
    }

    /// Begins work and waits for its end.
    pub(crate) async fn work(&self, command: &str, request: Value) -> Outcome {
        match self.ended(command, request).await.state {
            WorkState::Done { outcome } => outcome,
            other => panic!("{command}: {other:?}"),
        }
    }

    /// Begins work and waits until it is over.
    pub(crate) async fn ended(&self, command: &str, request: Value) -> Work {
        let mut messages = self.desk.watch();
        let before = match messages.next().await {
            Some(Message::Snapshot { work }) => work.map_or(0, |work| work.id),
            other => panic!("the first message is a snapshot, not {other:?}"),
        };
        self.ask(command, request).await;
        while let Some(message) = messages.next().await {
            if let Message::Work { work } = message
                && work.id > before
                && !work.by_itself
                && is_over(&work.state)
            {
                return work;
            }
        }
        panic!("the desk is gone")
    }

    /// Signs in to both services; gives the company.
    pub(crate) async fn signed_in(&self) -> String {
        self.ask("begin_setup", json!({})).await;
        let Outcome::Company { company } = self.work("start_quickbooks_sign_in", json!({})).await
        else {
            panic!("a company was signed in to")
        };
        let signed_in = self.work("start_mailchimp_sign_in", json!({})).await;
        assert!(matches!(signed_in, Outcome::Account { .. }));
        company.company
    }

    /// Signs in, chooses the first audience, and syncs for the first time; gives the company.
    pub(crate) async fn connected(&self) -> String {
        let company = self.signed_in().await;
        self.first_audience(&company).await;
        let of = json!({ "company": company });
        self.work("start_plan", of.clone()).await;
        let review = self.ask("read_review", of).await;
        let yes = json!({ "company": company, "plan": review["plan"] });
        let done = self.work("connect", yes).await;
        assert!(matches!(done, Outcome::Synced { .. }), "{done:?}");
        company
    }

    /// Lets the owner be told of what needs them.
    pub(crate) async fn with_notifications(&self) {
        let mut wanted = self.ask("read_start", json!({})).await["preferences"].clone();
        wanted["notifications"] = json!(true);
        self.ask("save_preferences", wanted).await;
    }

    /// The notifications since the last call.
    pub(crate) fn told(&self) -> Vec<Notice> {
        let mut told = self.owner.told.lock().expect("nobody panics holding it");
        std::mem::take(&mut *told)
    }

    /// Somebody enters a customer in QuickBooks.
    pub(crate) fn enter_customer(&self, name: &str, email: &str) {
        let record = json!({ "DisplayName": name, "PrimaryEmailAddr": { "Address": email } });
        self.simulator
            .quickbooks()
            .service()
            .mutate(json!({ "edit": "create", "entity": "Customer", "record": record }))
            .expect("the books allow this edit");
    }

    /// Chooses the account's first audience.
    pub(crate) async fn first_audience(&self, company: &str) {
        let mut draft = self.draft().await;
        let query = json!({ "company": company, "account": draft["account"] });
        let audiences = self.ask("list_audiences", query).await;
        let first = &audiences["audiences"][0];
        draft["audience"] = json!({ "kind": "existing", "id": first["id"], "name": first["name"] });
        self.ask("save_draft", draft).await;
    }

    /// The draft as it is saved.
    pub(crate) async fn draft(&self) -> Value {
        self.ask("read_start", json!({})).await["draft"].clone()
    }
}

/// The state of the work under way, once it is what is waited for.
pub(crate) async fn state_of(
    messages: &mut BoxStream<'static, Message>,
    wanted: impl Fn(&WorkState) -> bool,
) -> WorkState {
    while let Some(message) = messages.next().await {
        if let Message::Work { work } = message
            && wanted(&work.state)
        {
            return work.state;
        }
    }
    panic!("the desk is gone")
}

/// Whether work is over, however it ended.
pub(crate) const fn is_over(state: &WorkState) -> bool {
    matches!(
        state,
        WorkState::Done { .. } | WorkState::Failed { .. } | WorkState::Stopped
    )
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("the computer has a free port")
        .port()
}
