//! A window of its own for each test.

use std::ffi::OsString;
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::desktop::Desktop;
use crate::services::{Services, free_port};

/// How long anything may take that is waited for; nothing takes that long on an idle computer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(150);

/// A home folder with Ledgerpost's data in it, and the driver that opens windows on it.
pub(crate) struct Desk {
    home: TempDir,
    bus: String,
    driver: Driver,
    arguments: Vec<String>,
}

/// The driver, which opens one window at a time. All that it starts is in its process group.
struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    fn start(home: &Path, bus: &str) -> Self {
        let (port, native_port) = (free_port(), free_port());
        let process = Command::new("tauri-driver")
            .args(["--port", &port.to_string()])
            .args(["--native-port", &native_port.to_string()])
            .envs(surroundings(home))
            .env("DBUS_SESSION_BUS_ADDRESS", bus)
            .env_remove("WAYLAND_DISPLAY")
            .stdout(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("tauri-driver is installed: scripts/setup.sh test");
        for port in [port, native_port] {
            wait_until(|| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok());
        }
        Self { process, port }
    }

    /// Ends it and everything that it started, as a power cut does.
    fn kill(&mut self) {
        let group = self.process.id();
        let _ = Command::new("kill")
            .args(["-KILL", "--", &format!("-{group}")])
            .stderr(Stdio::null())
            .status();
        let _ = self.process.wait();
        wait_until(|| !ledgerpost_runs_in(group));
    }
}

impl Desk {
    /// Nothing is set up here yet. Nothing is here of the desktop that the tests may be run from: no
    /// running Ledgerpost, no keychain, no tray, no notifications.
    pub(crate) fn new() -> Self {
        Self::on_bus("disabled:")
    }

    /// As on a computer that has no keychain.
    pub(crate) fn without_keychain(services: &Services) -> Self {
        let mut desk = Self::with(services);
        let secrets = desk
            .arguments
            .iter()
            .position(|argument| argument == "--secrets");
        desk.arguments.drain(secrets.unwrap()..secrets.unwrap() + 2);
        desk
    }

    fn on_bus(bus: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let data = home.path().join("data").display().to_string();
        std::fs::create_dir(programs(home.path())).unwrap();
        let browser = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/shell/browser.py");
        std::os::unix::fs::symlink(browser, programs(home.path()).join("xdg-open")).unwrap();
        Self {
            driver: Driver::start(home.path(), bus),
            bus: bus.to_owned(),
            arguments: ["--data-dir", &data, "--secrets", "file"]
                .map(str::to_owned)
                .to_vec(),
            home,
        }
    }

    /// Nothing is set up here yet, and the services are these.
    pub(crate) fn with(services: &Services) -> Self {
        Self::new().and(services)
    }

    /// The same, on a desktop with a tray.
    pub(crate) fn on(desktop: &Desktop, services: &Services) -> Self {
        Self::on_bus(desktop.address()).and(services)
    }

    fn and(mut self, services: &Services) -> Self {
        let file = self.home.path().join("services.json");
        services.write(&file);
        let file = file.display().to_string();
        self.arguments.extend(["--services".to_owned(), file]);
        self
    }

    /// Starts Ledgerpost.
    pub(crate) async fn open(&self) -> Window {
        let options = json!({
            "tauri:options": {
                "application": env!("CARGO_BIN_EXE_ledgerpost-desktop"),
                "args": self.arguments,
            }
        });
        let Value::Object(capabilities) = options else {
            unreachable!("it is an object")
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", self.driver.port))
            .await
            .expect("the window opens");
        Window { client }
    }

    /// Ends Ledgerpost as a power cut does. It can be opened again.
    pub(crate) fn kill(&mut self) {
        self.driver.kill();
        self.driver = Driver::start(self.home.path(), &self.bus);
    }

    /// Waits until Ledgerpost has ended by itself.
    pub(crate) fn wait_until_closed(&self) {
        let group = self.driver.process.id();
        wait_until(|| !ledgerpost_runs_in(group));
    }

    /// A file in the data folder.
    pub(crate) fn data(&self, file: &str) -> PathBuf {
        self.home.path().join("data").join(file)
    }

    /// The log so far.
    pub(crate) fn log(&self) -> String {
        let Ok(files) = std::fs::read_dir(self.data("logs")) else {
            return String::new();
        };
        files
            .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
            .collect()
    }
}

impl Drop for Desk {
    #[expect(clippy::print_stdout, reason = "the log of a test that failed")]
    fn drop(&mut self) {
        self.driver.kill();
        if std::thread::panicking() {
            println!("the log:\n{}", self.log());
        }
    }
}

/// Looks again and again until it is so.
#[expect(
    clippy::disallowed_methods,
    reason = "another process says nothing when it is ready"
)]
pub(crate) fn wait_until(mut there: impl FnMut() -> bool) {
    let began = Instant::now();
    while !there() {
        assert!(began.elapsed() < PATIENCE, "it did not come");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Whether Ledgerpost is among the living processes of a group.
fn ledgerpost_runs_in(group: u32) -> bool {
    let group = group.to_string();
    let statuses = std::fs::read_dir("/proc").unwrap().filter_map(|entry| {
        // Those that are gone meanwhile have no file any more.
        std::fs::read_to_string(entry.ok()?.path().join("stat")).ok()
    });
    for status in statuses {
        // pid (name) state parent group ...; the system cuts names after fifteen characters.
        let (name, rest) = status.rsplit_once(") ").unwrap();
        let fields: Vec<&str> = rest.split(' ').collect();
        if name.ends_with("(ledgerpost-desk") && fields[0] != "Z" && fields[2] == group {
            return true;
        }
    }
    false
}

/// Folders of its own, and a browser in front of all others that says yes to every sign-in page.
fn surroundings(home: &Path) -> Vec<(&'static str, OsString)> {
    let others = std::env::var_os("PATH").unwrap_or_default();
    let path = [programs(home)]
        .into_iter()
        .chain(std::env::split_paths(&others));
    vec![
        ("HOME", home.into()),
        ("XDG_CONFIG_HOME", home.join("config").into()),
        ("XDG_DATA_HOME", home.join("share").into()),
        ("XDG_CACHE_HOME", home.join("cache").into()),
        ("PATH", std::env::join_paths(path).unwrap()),
    ]
}

fn programs(home: &Path) -> PathBuf {
    home.join("programs")
}

/// The open window.
pub(crate) struct Window {
    client: Client,
}

impl Window {
    /// Waits for what a CSS selector names, and for it to be shown.
    pub(crate) async fn see(&self, selector: &str) -> Element {
        self.client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::Css(selector))
            .await
            .unwrap_or_else(|error| panic!("no {selector}: {error}"))
    }

    /// Waits for a text to be on the page.
    pub(crate) async fn read(&self, text: &str) {
        let path = format!("//*[text()[contains(normalize-space(.), \"{text}\")]]");
        self.find(&path, text).await;
    }

    /// Waits for the page with this title.
    pub(crate) async fn arrive(&self, title: &str) {
        let path = format!("//h1[contains(normalize-space(.), \"{title}\")]");
        self.find(&path, title).await;
    }

    /// Presses the button, link or choice with a text, once it is there and not off.
    pub(crate) async fn press(&self, text: &str) {
        let named = format!("[contains(normalize-space(.), \"{text}\")]");
        // A choice may have a button inside: the innermost is meant.
        let path = format!(
            "//*[self::button or self::a or self::label]{named}\
             [not(@aria-disabled='true')][not(.//button{named})]"
        );
        let button = self.find(&path, text).await;
        button.click().await.expect("it can be pressed");
    }

    /// Turns a switch with the keyboard; a slip may lie over it.
    pub(crate) async fn turn(&self, name: &str) {
        let switch = format!("[role=switch][aria-label=\"{name}\"]");
        self.enter(&switch, " ").await;
        self.see(&format!("{switch}[aria-checked=true]")).await;
    }

    /// Opens the row of a list that has a text in it.
    pub(crate) async fn press_row(&self, text: &str) {
        let path = format!("//tr[@tabindex]//*[text()[contains(normalize-space(.), \"{text}\")]]");
        let row = self.find(&path, text).await;
        row.click().await.expect("it can be pressed");
    }

    /// Types into the field that a CSS selector names.
    pub(crate) async fn enter(&self, selector: &str, text: &str) {
        let field = self.see(selector).await;
        field.send_keys(text).await.expect("it takes text");
    }

    async fn find(&self, path: &str, text: &str) -> Element {
        let waiting = self.client.wait().at_most(PATIENCE);
        let found = waiting.for_element(Locator::XPath(path)).await;
        let Ok(found) = found else {
            panic!("no \"{text}\" on the page:\n{}", self.page().await);
        };
        found
    }

    /// The words on the page.
    async fn page(&self) -> String {
        let words = self
            .client
            .execute("return document.body.innerText", Vec::new())
            .await;
        words.map_or_else(|error| error.to_string(), |words| words.to_string())
    }

    /// Runs the body of an asynchronous function in the page and gives back its value.
    pub(crate) async fn run(&self, body: &str) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async () => {{ {body} }})().then(done, (error) => done({{ thrown: String(error?.message ?? error?.code ?? error) }}));"
        );
        self.client
            .execute_async(&script, Vec::new())
            .await
            .expect("the page runs scripts of the driver")
    }

    /// Closes the window as the driver does.
    pub(crate) async fn close(self) {
        self.client.close().await.expect("the window closes");
    }
}
