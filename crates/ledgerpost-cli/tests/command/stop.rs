//! Ctrl-C in the middle of a sync.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ledgerpost_sim::frame::{Action, FaultRule};
use serde_json::Value;

use crate::scene::Scene;

/// A write that must not be made twice is seen through to its answer, which comes after this.
const SEEN_THROUGH: Duration = Duration::from_millis(300);
/// Longer than any test waits.
const FOR_EVER: Duration = Duration::from_mins(10);

/// Starts a sync that comes to a halt at the first request of this kind.
fn halted(scene: &Scene, method: &str, path: &str, time: Duration) -> Child {
    let faults = scene.simulator.world().faults();
    let halt = FaultRule {
        service: None,
        method: Some(method.to_owned()),
        path: Some(path.to_owned()),
        nth: Some(1),
        probability: None,
        times: None,
        action: Action::Delay {
            milliseconds: u64::try_from(time.as_millis()).unwrap(),
        },
    };
    faults.add(halt).unwrap();
    let mut child = scene
        .command(&["sync", "--yes"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while faults.rules().iter().all(|(_, hits)| *hits == 0) {
        assert!(child.try_wait().unwrap().is_none(), "ended before the halt");
        std::thread::yield_now();
    }
    child
}

/// What a terminal sends at Ctrl-C, or a service manager at the end.
fn send(child: &Child, signal: &str) {
    let kill = format!("kill -{signal} {}", child.id());
    let sent = Command::new("sh").args(["-c", &kill]).status().unwrap();
    assert!(sent.success());
}

/// Reads from the standard error until somebody is told so.
fn told(child: &mut Child, words: &str) {
    let err = child.stderr.as_mut().unwrap();
    let (mut text, mut byte) = (Vec::new(), [0]);
    while !String::from_utf8_lossy(&text).contains(words) {
        let read = err.read(&mut byte).unwrap();
        assert_ne!(read, 0, "{}", String::from_utf8_lossy(&text));
        text.extend_from_slice(&byte);
    }
}

#[track_caller]
fn ends_stopped(child: Child) {
    let output = child.wait_with_output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{out}");
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document["error"]["code"], "stopped");
    let next = document["error"]["next_step"].as_str().unwrap();
    assert!(next.contains("run the same command again"), "{next}");
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(!err.contains("panicked"), "{err}");
}

#[test]
fn a_sync_that_is_stopped_while_it_reads_goes_on_to_the_same_end() {
    let scene = Scene::connected();
    let child = halted(&scene, "GET", "/lists/[^/]+/members", FOR_EVER);
    send(&child, "INT");
    ends_stopped(child);
    scene.simulator.world().faults().clear();
    scene.goes_on();
}

#[test]
fn a_sync_that_is_stopped_while_it_sends_goes_on_to_the_same_end() {
    let scene = Scene::connected();
    for (method, path, signal, time) in [
        ("POST", "/ecommerce/stores$", "INT", SEEN_THROUGH),
        ("POST", "/lists/[^/]+$", "TERM", SEEN_THROUGH),
        ("POST", "/batches$", "INT", SEEN_THROUGH),
        // Reading how a batch went can be broken off.
        ("GET", "/batches/", "INT", FOR_EVER),
    ] {
        let child = halted(&scene, method, path, time);
        send(&child, signal);
        ends_stopped(child);
        scene.simulator.world().faults().clear();
    }
    scene.goes_on();
}

#[test]
fn a_second_ctrl_c_ends_a_sync_at_once_and_the_next_one_goes_on_to_the_same_end() {
    let scene = Scene::connected();
    let mut child = halted(&scene, "POST", "/lists/[^/]+$", FOR_EVER);
    send(&child, "INT");
    told(&mut child, "press Ctrl-C again");
    send(&child, "INT");
    told(&mut child, "Nothing is lost");
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"", "no document of a sync that did not end");
    scene.simulator.world().faults().clear();
    scene.goes_on();
}
