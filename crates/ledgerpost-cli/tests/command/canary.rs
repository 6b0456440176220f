//! Canary values in what the command says, in full log and with backtraces: no token, code, key or
//! secret anywhere, and a customer's address only where it is asked for.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use ledgerpost_sim::frame::{Action, BodyKind, FaultRule};
use serde_json::{Value, json};
use url::Url;

use crate::scene::{Ended, Scene, ended};
use crate::sign_in::SigningIn;

const EMAIL: &str = "canary.c7f1e3a9@canary-mail.test";
const WORD: &str = "canary.c7f1e3a9";
/// An API key in the right form that opens nothing.
const API_KEY: &str = "0c0ffee00c0ffee00c0ffee00c0ffee0-us14";

/// Everything that was said, with the command that said it.
#[derive(Default)]
struct Told {
    said: Vec<(String, Ended)>,
    /// Codes and states of the sign-ins.
    passed: BTreeSet<String>,
    /// Tokens that were ever kept.
    kept: BTreeSet<String>,
}

impl Told {
    fn connect(&mut self, scene: &Scene, service: &str) {
        let mut signing_in = SigningIn::begin(scene, service, &LOUD);
        // The address is printed for a person to open, with its state.
        let ended_on = scene.consent(&signing_in.address);
        signing_in.paste("https://localhost/callback?code=canary-code-of-a-stranger&state=wrong");
        signing_in.paste(ended_on.as_str());
        let ended = signing_in.end();
        assert_eq!(ended.code, 0, "{}", ended.err);
        self.passed.extend(codes_in(&ended_on));
        self.said.push((format!("connect {service}"), ended));
        self.keep(scene);
    }

    fn connect_by_key(&mut self, scene: &Scene) {
        let mut child = scene
            .command(&["connect", "mailchimp", "--api-key-stdin"])
            .envs(LOUD)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(API_KEY.as_bytes()).unwrap();
        drop(input);
        let ended = Ended::from(child.wait_with_output().unwrap());
        assert_eq!(ended.code, 3, "{}", ended.out);
        self.said.push(("connect by key".to_owned(), ended));
    }

    /// Runs a command as a person does and as a script does; the exit code is the first one's.
    fn run(&mut self, scene: &Scene, arguments: &[&str]) -> i32 {
        let text = std::process::Command::new(env!("CARGO_BIN_EXE_ledgerpost"));
        let text = ended(scene.start(text, &scene.data(), arguments).envs(LOUD));
        let code = text.code;
        let json = ended(scene.command(arguments).envs(LOUD));
        let name = arguments.join(" ");
        self.said.push((format!("{name} --json"), json));
        self.said.push((name, text));
        self.keep(scene);
        code
    }

    fn keep(&mut self, scene: &Scene) {
        if let Ok(bytes) = std::fs::read(scene.data().join("secrets.json")) {
            self.kept
                .extend(secrets_in(&serde_json::from_slice(&bytes).unwrap()));
        }
    }

    fn check(&self, scene: &Scene) {
        let mut secrets: BTreeSet<String> = &self.passed | &self.kept;
        secrets.insert(API_KEY.to_owned());
        secrets.insert("canary-code-of-a-stranger".to_owned());
        secrets.extend(client_secrets(&scene.services()));
        assert!(secrets.len() >= 10, "tokens, secrets, codes, a key");
        let mut lines = 0;
        for (command, ended) in &self.said {
            lines += ended.err.lines().count();
            for text in [&ended.out, &ended.err] {
                for secret in &secrets {
                    assert!(
                        !text.contains(secret.as_str()),
                        "{command}: {}",
                        near(text, secret)
                    );
                }
                assert!(!text.contains("panicked"), "{command}: {text}");
            }
            assert!(
                !ended.err.contains(WORD),
                "{command}: {}",
                near(&ended.err, WORD)
            );
            let lists_people = command.starts_with("contacts") || command.starts_with("export");
            assert!(
                lists_people || !ended.out.contains(WORD),
                "{command}: {}",
                near(&ended.out, WORD)
            );
        }
        assert!(lines > 1_000, "the log is on: {lines} lines");
        let asked_for = |(command, ended): &&(String, Ended)| {
            command.starts_with("contacts") && ended.out.contains(WORD)
        };
        assert!(
            self.said.iter().any(|said| asked_for(&said)),
            "the canary lives"
        );
    }
}

/// As much as can be had.
const LOUD: [(&str, &str); 2] = [("LEDGERPOST_LOG", "trace"), ("RUST_BACKTRACE", "full")];

#[test]
fn nothing_that_the_command_says_holds_a_secret_or_an_address_that_nobody_asked_for() {
    let scene = Scene::new();
    let mut told = Told::default();
    told.run(&scene, &["sync"]);
    told.connect(&scene, "quickbooks");
    told.connect_by_key(&scene);
    told.connect(&scene, "mailchimp");
    let audience = scene.mailchimp()["accounts"][0]["lists"][0]["id"].clone();
    let audience = audience.as_str().unwrap();
    let link = ["link", "--audience", audience, "--status", "transactional"];
    assert_eq!(told.run(&scene, &link), 0);
    edit_books(
        &scene,
        json!({ "edit": "change_email", "id": first_customer(&scene), "email": EMAIL }),
    );

    assert_eq!(told.run(&scene, &["plan"]), 4);
    failures(&scene, &mut told);
    assert!(matches!(told.run(&scene, &["sync", "--yes"]), 0 | 4));
    for arguments in [
        &["status"][..],
        &["audiences"],
        &["contacts", "--limit", "100"],
        &["reconcile"],
        &["export", "contacts"],
        &["export", "changes"],
        &["export", "consent"],
        &["export", "skips"],
        &["undo", "000001"],
        &["undo", "no-such-run"],
        &["disconnect"],
    ] {
        told.run(&scene, arguments);
    }
    edit_books(&scene, json!({ "edit": "random", "seed": 41, "count": 30 }));
    told.run(&scene, &["sync", "--yes"]);
    // Intuit's answer to a token that is no more quotes it (`quickbooks-online.md` 9).
    edit_books(&scene, json!({ "edit": "disconnect" }));
    assert_eq!(told.run(&scene, &["sync"]), 3);
    told.connect(&scene, "quickbooks");
    let revoke = json!({ "kind": "revoke" });
    scene
        .simulator
        .mailchimp()
        .service()
        .mutate(revoke)
        .unwrap();
    assert_eq!(told.run(&scene, &["sync"]), 3);
    told.connect(&scene, "mailchimp");
    told.run(&scene, &["undo", "000001", "--yes"]);
    told.run(&scene, &["disconnect", "--yes"]);
    told.check(&scene);
}

/// Every way in which a service can fail, with answers that quote a person.
fn failures(scene: &Scene, told: &mut Told) {
    let quoting = format!(
        r#"{{"type":"x","title":"Invalid Resource","status":400,"detail":"{EMAIL} looks fake","instance":"i"}}"#
    );
    let garbage = format!("<html>{EMAIL}</html>");
    let cut = format!(r#"{{"members":[{{"email_address":"{EMAIL}","#);
    let answer = |status, text: &str| Action::Status {
        status,
        body: BodyKind::Json,
        text: Some(text.to_owned()),
        retry_after: None,
        after_effect: false,
    };
    for (path, action) in [
        ("/v3/company", answer(400, &quoting)),
        ("/v3/company", answer(200, &garbage)),
        ("/lists/[^/]+$", answer(400, &quoting)),
        ("/members$", answer(200, &cut)),
        ("/members$", answer(403, &quoting)),
        ("/batches$", answer(400, &quoting)),
        ("/ecommerce", answer(404, &quoting)),
    ] {
        let rule = FaultRule {
            service: None,
            method: None,
            path: Some(path.to_owned()),
            nth: None,
            probability: None,
            times: None,
            action,
        };
        let faults = scene.simulator.world().faults();
        faults.add(rule).unwrap();
        told.run(scene, &["sync", "--yes"]);
        faults.clear();
    }
}

fn edit_books(scene: &Scene, edit: Value) {
    scene.simulator.quickbooks().service().mutate(edit).unwrap();
}

/// A customer who buys and has an address.
fn first_customer(scene: &Scene) -> String {
    let books = scene.simulator.quickbooks().service().state(true);
    let rows = |entity: &str| {
        let rows = &books["companies"][0]["entities"][entity];
        rows.as_array().unwrap().clone()
    };
    let billed: Vec<Value> = rows("Invoice")
        .iter()
        .map(|row| row["CustomerRef"]["value"].clone())
        .collect();
    let customer = rows("Customer").into_iter().find(|row| {
        row["Active"] == true && row["ParentRef"].is_null() && billed.contains(&row["Id"])
    });
    customer.unwrap()["Id"].as_str().unwrap().to_owned()
}

/// Code and state in the address that a browser ended on.
fn codes_in(address: &Url) -> Vec<String> {
    let pairs = address.query_pairs();
    pairs
        .filter(|(name, _)| matches!(name.as_ref(), "code" | "state"))
        .map(|(_, value)| value.into_owned())
        .collect()
}

fn client_secrets(services: &Path) -> Vec<String> {
    let services: Value = serde_json::from_slice(&std::fs::read(services).unwrap()).unwrap();
    ["quickbooks", "mailchimp"]
        .map(|service| {
            services[service]["client_secret"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .to_vec()
}

/// All texts in the secrets file that are long enough to be one. Entries are JSON in text.
fn secrets_in(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(inner @ (Value::Object(_) | Value::Array(_))) => secrets_in(&inner),
            _ if text.len() >= 20 && !text.contains(':') => vec![text.clone()],
            _ => Vec::new(),
        },
        Value::Array(all) => all.iter().flat_map(secrets_in).collect(),
        Value::Object(all) => all.values().flat_map(secrets_in).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

/// The line with it.
fn near<'t>(text: &'t str, what: &str) -> &'t str {
    text.lines()
        .find(|line| line.contains(what))
        .unwrap_or_default()
}
