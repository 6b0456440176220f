//! A simulator, a data folder and the command.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use ledgerpost_net::http::{Limits, Meter, RequestSpec, Transport};
use ledgerpost_sim::{CompanyShape, Options, Simulator};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use url::Url;

/// A simulator, a data folder and the command.
pub(crate) struct Scene {
    pub(crate) simulator: Simulator,
    pub(crate) folder: TempDir,
    // Ends last: the simulator's tasks run on it.
    runtime: Runtime,
}

/// How a command ended.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ended {
    /// The JSON document.
    pub(crate) fn json(&self) -> Value {
        let line = self.out.lines().last().unwrap_or_default();
        serde_json::from_str(line)
            .unwrap_or_else(|error| panic!("{error}: {:?} {:?}", self.out, self.err))
    }

    /// Asserts the exit code and the error's code, and that it names a cause.
    #[track_caller]
    pub(crate) fn refused(&self, exit: i32, code: &str) -> Value {
        assert_eq!(self.code, exit, "{} {}", self.out, self.err);
        let document = self.json();
        assert_eq!(document["ledgerpost"], 1);
        let error = document["error"].clone();
        assert_eq!(error["code"], code, "{error}");
        assert!(
            error["message"]
                .as_str()
                .is_some_and(|text| text.len() > 10),
            "the message has to name the cause: {error}"
        );
        error
    }
}

impl Scene {
    /// A small untidy company.
    pub(crate) fn new() -> Self {
        let untidy = CompanyShape::Generated {
            customers: 40,
            documents: 80,
            items: 12,
        };
        Self::of(untidy, None)
    }

    fn of(company: CompanyShape, audience: Option<usize>) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let port = std::net::TcpListener::bind(("127.0.0.1", 0))
            .and_then(|listener| listener.local_addr())
            .unwrap()
            .port();
        let options = Options {
            company,
            audience,
            seed: 7,
            auto_consent: true,
            redirect_port: port,
            ..Options::default()
        };
        let simulator = runtime.block_on(Simulator::start(options)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let services = folder.path().join("services.json");
        simulator.services().write(&services).unwrap();
        Self {
            simulator,
            folder,
            runtime,
        }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The command with this scene's folder, services and secrets, and JSON.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let program = Command::new(env!("CARGO_BIN_EXE_ledgerpost"));
        self.start(program, &self.data(), &[&["--json"], arguments].concat())
    }

    /// A program that ends in the command, with a data folder, this scene's services and secrets.
    pub(crate) fn start(&self, mut program: Command, data: &Path, arguments: &[&str]) -> Command {
        program
            .env_remove("LEDGERPOST_LOG")
            .arg("--data-dir")
            .arg(data)
            .arg("--services")
            .arg(self.services())
            .args(["--secrets", "file"])
            .args(arguments)
            .stdin(Stdio::null());
        program
    }

    pub(crate) fn services(&self) -> PathBuf {
        self.folder.path().join("services.json")
    }

    /// The folder of the company's file.
    pub(crate) fn company(&self) -> PathBuf {
        let mut companies = std::fs::read_dir(self.data().join("companies")).unwrap();
        companies.next().unwrap().unwrap().path()
    }

    /// The first customer in the books with an address that the audience does not have.
    pub(crate) fn address_of_a_new_contact(&self) -> String {
        let books = self.simulator.quickbooks().service().state(true);
        let known = self.mailchimp()["accounts"][0]["lists"][0].to_string();
        let customers = books["companies"][0]["entities"]["Customer"].as_array();
        customers
            .unwrap()
            .iter()
            .filter(|row| row["Active"] == true)
            .filter_map(|row| row["PrimaryEmailAddr"]["Address"].as_str())
            .find(|address| !known.contains(*address))
            .unwrap()
            .to_owned()
    }

    /// What Mailchimp holds, without what differs from run to run.
    pub(crate) fn mailchimp(&self) -> Value {
        self.simulator.mailchimp().service().state(true)
    }

    /// The next sync goes through, everything agrees, and the end is as in a scene of the same
    /// company that nothing ever disturbed.
    #[track_caller]
    pub(crate) fn goes_on(&self) {
        let sync = self.run(&["sync", "--yes"]);
        assert!(matches!(sync.code, 0 | 4), "{} {}", sync.out, sync.err);
        self.is_in_step();
        let twin = Self::connected();
        assert!(matches!(twin.run(&["sync", "--yes"]).code, 0 | 4));
        assert_eq!(self.mailchimp(), twin.mailchimp());
    }

    /// Totals agree and there is nothing left to do.
    #[track_caller]
    pub(crate) fn is_in_step(&self) {
        let totals = self.run(&["reconcile"]);
        assert_eq!(totals.code, 0, "{} {}", totals.out, totals.err);
        let rest = self.run(&["sync"]).json();
        assert_eq!(rest["result"]["runs"], serde_json::json!([]), "{rest}");
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        ended(&mut self.command(arguments))
    }

    /// Signs in as a script does: reads the address, opens it, waits.
    #[track_caller]
    pub(crate) fn connect(&self, service: &str) -> Value {
        let mut child = self
            .command(&["connect", service, "--browser", "print"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut address = String::new();
        out.read_line(&mut address).unwrap();
        self.open(Url::parse(address.trim()).unwrap());
        let mut rest = String::new();
        out.read_to_string(&mut rest).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{rest}");
        serde_json::from_str(&rest).unwrap()
    }

    /// Follows redirects as a browser does.
    fn open(&self, address: Url) {
        let end = self.follow(address, |_| true);
        assert!(end.is_none(), "ended on a redirect");
    }

    /// Follows redirects as a browser on another computer does: it cannot go where the sign-in
    /// listens. Returns the address that it ended on.
    pub(crate) fn consent(&self, address: &Url) -> Url {
        let mut query = address.query_pairs();
        let back = query.find(|(name, _)| name == "redirect_uri").unwrap().1;
        self.follow(address.clone(), |next| !next.as_str().starts_with(&*back))
            .unwrap()
    }

    /// Follows redirects as far as `goes` says. Returns where it did not go.
    fn follow(&self, mut address: Url, goes: impl Fn(&Url) -> bool) -> Option<Url> {
        self.runtime.block_on(async {
            let browser = Transport::new("browser", Limits::default(), Meter::default());
            while goes(&address) {
                let page = browser
                    .send(&RequestSpec::get(address.clone(), "(page)"))
                    .await
                    .unwrap();
                let next = page.headers.get("location")?;
                address = address.join(next.to_str().unwrap()).unwrap();
            }
            Some(address)
        })
    }

    /// Ties the company to the first audience.
    #[track_caller]
    pub(crate) fn link(&self) {
        let audiences = self.run(&["audiences"]).json();
        let id = audiences["result"]["audiences"][0]["id"].as_str().unwrap();
        let linked = self.run(&["link", "--audience", id, "--status", "transactional"]);
        assert_eq!(linked.code, 0, "{}", linked.out);
    }

    /// Signs in to both services and ties the company to the first audience.
    pub(crate) fn connected() -> Self {
        Self::new().connect_all()
    }

    /// The same with nothing that needs a person: no sales, of which QuickBooks might not deliver
    /// one, and an empty audience, from which nobody was deleted for good.
    pub(crate) fn connected_to_tidy_people() -> Self {
        let people = CompanyShape::Generated {
            customers: 30,
            documents: 0,
            items: 12,
        };
        Self::of(people, Some(0)).connect_all()
    }

    fn connect_all(self) -> Self {
        self.connect("quickbooks");
        self.connect("mailchimp");
        self.link();
        self
    }
}

/// Runs a command to its end.
pub(crate) fn ended(command: &mut Command) -> Ended {
    Ended::from(command.output().unwrap())
}
