//! A desktop around the window: a message bus of its own with a tray on it, and somebody who shows
//! notifications. All by the published protocols: StatusNotifierItem, com.canonical.dbusmenu and the
//! Desktop Notifications Specification.

#![expect(
    clippy::unused_self,
    clippy::needless_pass_by_value,
    reason = "what is called over the bus is a method that takes values"
)]

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use tempfile::TempDir;
use zbus::blocking::{Connection, Proxy, connection};
use zbus::message::Header;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Structure, Value};

use crate::driver::wait_until;

/// Nothing that is installed here is started on it.
const BUS: &str = r#"<busconfig>
  <type>session</type>
  <listen>unix:dir=FOLDER</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>"#;

/// A notification that was to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) sender: String,
    /// The entry in the menu of programs, without `.desktop`.
    pub(crate) entry: String,
    pub(crate) icon: String,
    pub(crate) title: String,
    pub(crate) text: String,
}

/// An entry of the tray's menu.
#[derive(Debug)]
struct Entry {
    id: i32,
    label: String,
    enabled: bool,
}

type Properties = HashMap<String, OwnedValue>;
/// An entry as it is sent: its id, its properties, and the entries below it.
type Layout = (i32, Properties, Vec<OwnedValue>);

/// Where an icon in the tray is: the program on the bus, and its object there.
type Icon = (String, String);

/// The bus, its tray and its notifications. They end with it.
pub(crate) struct Desktop {
    bus: Child,
    connection: Connection,
    address: String,
    icons: Arc<Mutex<Vec<Icon>>>,
    notices: Arc<Mutex<Vec<Notice>>>,
    _folder: TempDir,
}

impl Desktop {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = folder.path().join("bus.conf");
        let listens = folder.path().display().to_string();
        fs::write(&settings, BUS.replace("FOLDER", &listens)).unwrap();
        let mut bus = Command::new("dbus-daemon")
            .arg("--config-file")
            .arg(&settings)
            .args(["--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon is installed: scripts/setup.sh test");
        let mut address = String::new();
        let mut said = BufReader::new(bus.stdout.take().unwrap());
        said.read_line(&mut address).unwrap();
        let address = address.trim().to_owned();

        let icons = Arc::new(Mutex::new(Vec::new()));
        let notices = Arc::new(Mutex::new(Vec::new()));
        let tray = Tray(Arc::clone(&icons));
        let shower = Shower(Arc::clone(&notices));
        let connection = connection::Builder::address(address.as_str())
            .and_then(|bus| bus.serve_at("/StatusNotifierWatcher", tray))
            .and_then(|bus| bus.serve_at("/org/freedesktop/Notifications", shower))
            .and_then(|bus| bus.name("org.kde.StatusNotifierWatcher"))
            .and_then(|bus| bus.name("org.freedesktop.Notifications"))
            .and_then(connection::Builder::build)
            .unwrap();
        Self {
            bus,
            connection,
            address,
            icons,
            notices,
            _folder: folder,
        }
    }

    /// Where programs find the bus.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Waits until the first entry of the tray's menu says this.
    pub(crate) fn wait_until_tray_says(&self, words: &str) {
        wait_until(|| {
            let entries = self.entries();
            entries
                .first()
                .is_some_and(|entry| entry.label.starts_with(words))
        });
    }

    /// Chooses an entry of the tray's menu, once it is there and not off.
    pub(crate) fn choose(&self, label: &str) {
        let mut chosen = None;
        wait_until(|| {
            let entry = self
                .entries()
                .into_iter()
                .find(|entry| entry.label == label && entry.enabled);
            chosen = entry.map(|entry| entry.id);
            chosen.is_some()
        });
        let event = (chosen.unwrap(), "clicked", Value::from(0_i32), 0_u32);
        self.menu().call_method("Event", &event).unwrap();
    }

    /// Waits for a notification with a title.
    pub(crate) fn wait_for_notice(&self, title: &str) -> Notice {
        let titled = || {
            let notices = self.notices.lock().unwrap();
            notices.iter().find(|notice| notice.title == title).cloned()
        };
        wait_until(|| titled().is_some());
        titled().unwrap()
    }

    fn entries(&self) -> Vec<Entry> {
        if self.icons.lock().unwrap().is_empty() {
            return Vec::new();
        }
        let all: &[&str] = &[];
        let (_, (_, _, entries)): (u32, Layout) = self
            .menu()
            .call("GetLayout", &(0_i32, -1_i32, all))
            .unwrap();
        let entries = entries.into_iter().map(|entry| {
            let entry: Structure<'_> = entry.try_into().unwrap();
            let (id, properties, _): Layout = entry.try_into().unwrap();
            let label = properties.get("label").map(|label| {
                let label: &str = label.try_into().unwrap();
                label.to_owned()
            });
            Entry {
                id,
                label: label.unwrap_or_default(),
                enabled: properties
                    .get("enabled")
                    .is_none_or(|enabled| enabled.try_into().unwrap()),
            }
        });
        entries.collect()
    }

    /// The menu of the icon that came last.
    fn menu(&self) -> Proxy<'_> {
        let (program, object) = self.icons.lock().unwrap().last().unwrap().clone();
        let icon = Proxy::new(
            &self.connection,
            program.clone(),
            object,
            "org.kde.StatusNotifierItem",
        );
        let menu: OwnedObjectPath = icon.unwrap().get_property("Menu").unwrap();
        Proxy::new(&self.connection, program, menu, "com.canonical.dbusmenu").unwrap()
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}

/// Takes icons into the tray.
struct Tray(Arc<Mutex<Vec<Icon>>>);

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Tray {
    /// `service` is an object of the program that asks.
    fn register_status_notifier_item(&self, service: &str, #[zbus(header)] header: Header<'_>) {
        let program = header.sender().unwrap().to_string();
        self.0.lock().unwrap().push((program, service.to_owned()));
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// Shows notifications.
struct Shower(Arc<Mutex<Vec<Notice>>>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Shower {
    #[expect(clippy::too_many_arguments, reason = "the specification's")]
    fn notify(
        &self,
        app_name: String,
        replaces_id: u32,
        app_icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        expire_timeout: i32,
    ) -> u32 {
        let _ = (replaces_id, actions, expire_timeout);
        let entry: &str = hints["desktop-entry"].downcast_ref().unwrap();
        let mut shown = self.0.lock().unwrap();
        shown.push(Notice {
            sender: app_name,
            entry: entry.to_owned(),
            icon: app_icon,
            title: summary,
            text: body,
        });
        u32::try_from(shown.len()).unwrap()
    }

    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".to_owned()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let one = |text: &str| text.to_owned();
        (one("Tests"), one("Ledgerpost"), one("1"), one("1.2"))
    }
}
