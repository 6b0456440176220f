//! A window of its own for each test.

use std::ffi::OsString;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

/// How long anything may take that is waited for; nothing takes that long on an idle computer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A home folder with Ledgerpost's data in it, and the driver that opens windows on it.
pub(crate) struct Desk {
    home: TempDir,
    driver: Child,
    port: u16,
    arguments: Vec<String>,
}

impl Desk {
    /// Nothing is set up here yet.
    pub(crate) fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let (port, native_port) = (free_port(), free_port());
        let driver = Command::new("tauri-driver")
            .args(["--port", &port.to_string()])
            .args(["--native-port", &native_port.to_string()])
            .envs(surroundings(home.path()))
            .env("PATH", with_our_browser(home.path()))
            // Nothing of the desktop that the tests may be run from: no running Ledgerpost, no
            // keychain, no notifications.
            .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
            .env_remove("WAYLAND_DISPLAY")
            .stdout(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("tauri-driver is installed: scripts/setup.sh test");
        let data = home.path().join("data").display().to_string();
        for port in [port, native_port] {
            wait_until(|| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok());
        }
        Self {
            driver,
            port,
            arguments: ["--data-dir", &data, "--secrets", "file"]
                .map(str::to_owned)
                .to_vec(),
            home,
        }
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
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await
            .expect("the window opens");
        Window { client }
    }

    /// The log so far.
    pub(crate) fn log(&self) -> String {
        let folder = self.home.path().join("data/logs");
        let Ok(files) = std::fs::read_dir(folder) else {
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
        signal("-KILL", &format!("-{}", self.driver.id()));
        let _ = self.driver.wait();
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
fn wait_until(mut there: impl FnMut() -> bool) {
    let began = Instant::now();
    while !there() {
        assert!(began.elapsed() < PATIENCE, "it did not come");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn signal(which: &str, whom: &str) {
    let _ = Command::new("kill")
        .args([which, "--", whom])
        .stderr(Stdio::null())
        .status();
}

/// Folders and a browser of its own.
fn surroundings(home: &Path) -> Vec<(&'static str, PathBuf)> {
    vec![
        ("HOME", home.to_owned()),
        ("XDG_CONFIG_HOME", home.join("config")),
        ("XDG_DATA_HOME", home.join("share")),
        ("XDG_CACHE_HOME", home.join("cache")),
    ]
}

/// `PATH` with a browser in front that says yes to every sign-in page.
fn with_our_browser(home: &Path) -> OsString {
    let programs = home.join("programs");
    std::fs::create_dir(&programs).unwrap();
    let browser = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/shell/browser.py");
    std::os::unix::fs::symlink(browser, programs.join("xdg-open")).unwrap();
    let others = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths([programs].into_iter().chain(std::env::split_paths(&others))).unwrap()
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// The open window.
pub(crate) struct Window {
    client: Client,
}

impl Window {
    /// Waits for what a CSS selector names, and for it to be shown.
    pub(crate) async fn see(&self, selector: &str) -> fantoccini::elements::Element {
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
        let found = self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::XPath(&path))
            .await;
        let page = if found.is_err() {
            self.page().await
        } else {
            String::new()
        };
        assert!(found.is_ok(), "no \"{text}\" on the page:\n{page}");
    }

    /// Presses the button, link or choice with a text, once it is there.
    pub(crate) async fn press(&self, text: &str) {
        let path = format!(
            "//*[self::button or self::a or self::label][contains(normalize-space(.), \"{text}\")]"
        );
        let found = self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::XPath(&path))
            .await;
        let Ok(button) = found else {
            panic!("no button \"{text}\":\n{}", self.page().await);
        };
        button.click().await.expect("it can be pressed");
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
