//! Signing in where the browser cannot come back by itself: the address is pasted.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, Stdio};

use url::Url;

use crate::scene::{Ended, Scene};

/// `connect SERVICE --browser print`, waiting for an answer.
pub(crate) struct SigningIn {
    child: Child,
    /// The address that it printed.
    pub(crate) address: Url,
    input: ChildStdin,
    out: BufReader<std::process::ChildStdout>,
}

impl SigningIn {
    pub(crate) fn begin(scene: &Scene, service: &str, environment: &[(&str, &str)]) -> Self {
        let mut child = scene
            .command(&["connect", service, "--browser", "print"])
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut address = String::new();
        out.read_line(&mut address).unwrap();
        Self {
            address: Url::parse(address.trim()).unwrap(),
            input: child.stdin.take().unwrap(),
            child,
            out,
        }
    }

    pub(crate) fn paste(&mut self, text: &str) {
        writeln!(self.input, "{text}").unwrap();
    }

    /// Waits for the end. The input stays open, as a terminal does.
    pub(crate) fn end(mut self) -> Ended {
        let (mut out, mut err) = (String::new(), String::new());
        self.out.read_to_string(&mut out).unwrap();
        let mut told = self.child.stderr.take().unwrap();
        told.read_to_string(&mut err).unwrap();
        let code = self.child.wait().unwrap().code().unwrap();
        Ended { code, out, err }
    }
}

fn without(address: &Url, name: &str) -> Url {
    let mut other = address.clone();
    other.query_pairs_mut().clear().extend_pairs(
        address
            .query_pairs()
            .filter(|(found, _)| found.as_ref() != name),
    );
    other
}

#[test]
fn an_address_that_was_pasted_signs_in_to_both_services() {
    let scene = Scene::new();
    for (service, part) in [("quickbooks", "company"), ("mailchimp", "account")] {
        let mut signing_in = SigningIn::begin(&scene, service, &[]);
        let ended_on = scene.consent(&signing_in.address);
        assert!(ended_on.query_pairs().any(|(name, _)| name == "code"));
        signing_in.paste(ended_on.as_str());
        let ended = signing_in.end();
        let document = ended.json();
        assert_eq!(ended.code, 0, "{document} {}", ended.err);
        assert!(document["result"][part]["name"].is_string(), "{document}");
        assert!(ended.err.contains("paste the address"), "{}", ended.err);
    }
    scene.link();
    assert!(matches!(scene.run(&["sync", "--yes"]).code, 0 | 4));
    scene.is_in_step();
}

#[test]
fn only_the_query_does_as_well_and_what_does_not_fit_is_said_and_waited_beyond() {
    let scene = Scene::new();
    let mut signing_in = SigningIn::begin(&scene, "quickbooks", &[]);
    let ended_on = scene.consent(&signing_in.address);
    let mut stranger = without(&ended_on, "state");
    stranger
        .query_pairs_mut()
        .append_pair("state", "somebody-elses-state-somebody-elses");
    signing_in.paste("hello?");
    signing_in.paste("");
    signing_in.paste(without(&ended_on, "code").as_str());
    signing_in.paste(stranger.as_str());
    signing_in.paste(ended_on.query().unwrap());
    let ended = signing_in.end();
    let document = ended.json();
    assert_eq!(ended.code, 0, "{document} {}", ended.err);
    let told = &ended.err;
    assert_eq!(told.matches("That does not fit").count(), 3, "{told}");
    let (_, secret) = ended_on
        .query_pairs()
        .find(|(name, _)| name == "code")
        .unwrap();
    assert!(!told.contains(secret.as_ref()), "a code is never shown");
}

#[test]
fn a_pasted_no_ends_the_sign_in() {
    let scene = Scene::new();
    let mut signing_in = SigningIn::begin(&scene, "quickbooks", &[]);
    let ended_on = scene.consent(&signing_in.address);
    let mut declined = without(&ended_on, "code");
    declined
        .query_pairs_mut()
        .append_pair("error", "access_denied");
    signing_in.paste(declined.as_str());
    let ended = signing_in.end();
    let document = ended.json();
    assert_eq!(document["error"]["code"], "sign_in_declined", "{document}");
    assert_eq!(ended.code, 1, "{document} {}", ended.err);
    scene.run(&["plan"]).refused(3, "no_company");
}
