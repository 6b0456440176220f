//! Canary values: no token, code, secret or customer's e-mail anywhere but where it is meant to be.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use ledgerpost_app::AppError;
use ledgerpost_net::Secret;
use ledgerpost_sim::frame::{Action, BodyKind};
use ledgerpost_tests::{Journey, World};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

const EMAIL: &str = "canary.c7f1e3a9@canary-mail.test";
const WORD: &str = "canary.c7f1e3a9";

/// The columns that are meant for addresses and records. Anything else that holds one is a leak.
const MEANT_FOR_RECORDS: &[(&str, &str)] = &[
    ("customers", "email"),
    ("customers", "body"),
    ("customer_words", "email"),
    ("customer_words", "words"),
    ("documents", "body"),
    ("raw_records", "raw"),
    ("members", "body"),
    ("contact_links", "email"),
    ("order_bodies", "body"),
    ("changes", "title"),
    ("change_bodies", "body"),
    ("skips", "title"),
    ("skips", "reason"),
    ("consent_entries", "email"),
];

/// Everything that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_and_no_address_is_where_it_does_not_belong() {
    let log = Log::default();
    // The simulator's own log would be the other side's.
    let ours = tracing_subscriber::EnvFilter::new("trace,ledgerpost_sim=off");
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(ours)
        .with_writer(log.clone())
        .with_ansi(false)
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let mut told = Vec::new();
    let mut journey = Journey::linked(World::untidy(41, 30, 60)).await;
    let customer = first_customer(journey.world());
    journey
        .world()
        .edit_books(json!({ "edit": "change_email", "id": customer, "email": EMAIL }));
    live(&mut journey, &mut told).await;

    let mut secrets = secrets_in(&journey.data_folder().join("secrets.json"));
    let services: Value =
        serde_json::from_slice(&std::fs::read(journey.services()).unwrap()).unwrap();
    for service in ["quickbooks", "mailchimp"] {
        secrets.insert(
            services[service]["client_secret"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    secrets.extend(journey.codes());
    secrets.insert(API_KEY.to_owned());
    assert!(
        secrets.len() >= 8,
        "tokens, secrets, codes, a key: {}",
        secrets.len()
    );

    let text = log.text();
    assert!(text.len() > 10_000, "the log is captured");
    for secret in &secrets {
        assert!(
            !text.contains(secret.as_str()),
            "a secret is in the log: {}",
            near(&text, secret)
        );
        for message in &told {
            assert!(
                !message.contains(secret.as_str()),
                "a secret is told: {message}"
            );
        }
    }
    assert!(
        !text.contains(WORD),
        "an address is in the log: {}",
        near(&text, WORD)
    );
    for message in &told {
        assert!(!message.contains(WORD), "an address is told: {message}");
    }
    look_into_files(&journey, &secrets);
}

/// An API key in the right form that opens nothing.
const API_KEY: &str = "0c0ffee00c0ffee00c0ffee00c0ffee0-us14";

/// Everything that can say something: syncs, refusals, failures, edits, lost sign-ins.
async fn live(journey: &mut Journey, told: &mut Vec<String>) {
    let mut tell = |error: &AppError| {
        told.push(format!("{error} {error:?} {:?}", error.next_step()));
        let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
        while let Some(inner) = cause {
            told.push(format!("{inner} {inner:?}"));
            cause = inner.source();
        }
    };
    // Mailchimp refuses people in words that quote their address.
    let refusal = |status, text: &str| Action::Status {
        status,
        body: BodyKind::Json,
        text: Some(text.to_owned()),
        retry_after: None,
        after_effect: false,
    };
    let quoting = format!(
        r#"{{"type":"x","title":"Invalid Resource","status":400,"detail":"{EMAIL} looks fake","instance":"i"}}"#
    );
    for (path, status) in [
        ("/lists/[^/]+$", 400),
        ("/batches$", 400),
        ("/members", 500),
    ] {
        journey
            .world()
            .fault(None, path, None, refusal(status, &quoting));
        if let Err(error) = journey.try_sync(true).await {
            tell(&error);
        }
        journey.world().clear_faults();
    }
    let garbage = format!("<html>{EMAIL}</html>");
    for path in ["/v3/company", "/members$", "/oauth2"] {
        journey
            .world()
            .fault(None, path, None, refusal(200, &garbage));
        if let Err(error) = journey.try_sync(true).await {
            tell(&error);
        }
        journey.world().clear_faults();
    }
    journey.sync().await;
    journey.edit_books(41, 40);
    journey.world().pass(jiff::SignedDuration::from_hours(2));
    journey.sync().await;
    journey.reconcile().await;
    let key = journey
        .app()
        .connect_mailchimp_key(Secret::new(API_KEY.to_owned()))
        .await;
    tell(&key.unwrap_err());

    journey
        .world()
        .edit_audience(json!({ "kind": "unsubscribe", "email": EMAIL }));
    journey.edit_books(42, 40);
    journey.sync().await;
    journey.world().edit_books(json!({ "edit": "disconnect" }));
    journey.world().pass(jiff::SignedDuration::from_hours(2));
    tell(&journey.try_sync(true).await.unwrap_err());
    journey.world().edit_audience(json!({ "kind": "revoke" }));
    tell(&journey.try_sync(true).await.unwrap_err());
}

fn first_customer(world: &World) -> String {
    let books = world.quickbooks_state();
    let customers = books["companies"][0]["entities"]["Customer"]
        .as_array()
        .unwrap();
    let billed: BTreeSet<&str> = books["companies"][0]["entities"]["Invoice"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|invoice| invoice["CustomerRef"]["value"].as_str())
        .collect();
    customers
        .iter()
        .filter(|row| row["Active"] == true && row["ParentRef"].is_null())
        .filter_map(|row| row["Id"].as_str())
        .find(|id| billed.contains(id))
        .unwrap()
        .to_owned()
}

/// All texts in the secrets file that are long enough to be one.
fn secrets_in(path: &Path) -> BTreeSet<String> {
    fn collect(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::String(text) => match serde_json::from_str::<Value>(text) {
                Ok(inner @ (Value::Object(_) | Value::Array(_))) => collect(&inner, into),
                _ => {
                    if text.len() >= 20 && !text.contains("://") && !text.contains(':') {
                        into.insert(text.clone());
                    }
                }
            },
            Value::Array(all) => all.iter().for_each(|one| collect(one, into)),
            Value::Object(all) => all.values().for_each(|one| collect(one, into)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut found = BTreeSet::new();
    let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    collect(&file, &mut found);
    found
}

fn near(text: &str, what: &str) -> String {
    let at = text.find(what).unwrap_or_default();
    let from = text[..at].rfind('\n').unwrap_or_default();
    text[from..].lines().nth(1).unwrap_or_default().to_owned()
}

/// Secrets are in the secrets file alone; addresses in the columns that are meant for them.
fn look_into_files(journey: &Journey, secrets: &BTreeSet<String>) {
    let (mut databases, mut kept) = (0, 0);
    for path in files(&journey.data_folder()) {
        if path.file_name().is_some_and(|name| name == "secrets.json") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for secret in secrets {
            assert!(
                !text.contains(secret.as_str()),
                "a secret is in {}",
                path.display()
            );
        }
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("sqlite") => {
                databases += 1;
                kept += look_into_columns(&path);
            }
            Some("gz") => {}
            _ if path.to_string_lossy().contains(".sqlite-") => {}
            _ => assert!(!text.contains(WORD), "an address is in {}", path.display()),
        }
    }
    assert_eq!(databases, 2);
    assert!(kept > 5, "the address is kept where it is meant to be");
}

/// Returns how many values hold the address.
fn look_into_columns(path: &Path) -> u32 {
    let mut kept = 0;
    let database = Connection::open(path).unwrap();
    let tables: Vec<String> = database
        .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual')")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for table in tables {
        let mut statement = database.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns: Vec<String> = statement
            .column_names()
            .into_iter()
            .map(str::to_owned)
            .collect();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for (place, column) in columns.iter().enumerate() {
                let held = match row.get_ref(place).unwrap() {
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes),
                    ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) => continue,
                };
                kept += u32::from(held.contains(WORD));
                let meant = MEANT_FOR_RECORDS.contains(&(table.as_str(), column.as_str()));
                assert!(
                    meant || !held.contains(WORD),
                    "an address is in {table}.{column}: {held}"
                );
            }
        }
    }
    kept
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}
