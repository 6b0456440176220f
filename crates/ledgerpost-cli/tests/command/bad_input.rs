//! Bad input: each message names the cause and the next step, with its exit code, and nothing is lost.

use std::process::{Command, Stdio};

use crate::scene::{Scene, ended};

#[test]
fn wrong_arguments_are_usage_errors() {
    let scene = Scene::new();
    for arguments in [
        &["no-such-command"][..],
        &["link", "--audience", "x"],
        &["link", "--audience", "x", "--status", "vip"],
        &[
            "link",
            "--audience",
            "x",
            "--status",
            "subscribed",
            "--tag",
            "",
        ],
        &["contacts", "--reason", "no_such_reason"],
        &["contacts", "--limit", "0"],
        &["export", "everything"],
        &["connect", "quickbooks", "--api-key-stdin"],
    ] {
        scene.run(arguments).refused(2, "usage");
    }
    scene
        .run(&["connect", "hubspot"])
        .refused(2, "not_available");
    let text = ended(Command::new(env!("CARGO_BIN_EXE_ledgerpost")).arg("--no-such-option"));
    assert_eq!((text.code, text.out.as_str()), (2, ""));
    assert!(text.err.contains("--no-such-option"));
}

#[test]
fn a_services_file_with_errors_names_file_and_field() {
    let scene = Scene::new();
    let path = scene.folder.path().join("services.json");
    for (text, code) in [
        ("{", "services_not_json"),
        (r#"{"version": 9}"#, "services_version"),
        (
            r#"{"version": 1, "quickbooks": {"colour": "green"}}"#,
            "services_field",
        ),
    ] {
        std::fs::write(&path, text).unwrap();
        let error = scene.run(&["plan"]).refused(2, code);
        assert!(error["message"].as_str().unwrap().contains("services.json"));
    }
    std::fs::remove_file(&path).unwrap();
    scene.run(&["plan"]).refused(2, "services_unreadable");
}

#[test]
fn before_signing_in_a_person_is_asked_for() {
    let scene = Scene::new();
    let error = scene.run(&["sync"]).refused(3, "no_company");
    assert!(
        error["next_step"]
            .as_str()
            .unwrap()
            .contains("connect quickbooks")
    );
    scene.run(&["audiences"]).refused(3, "no_account");
    let status = scene.run(&["status"]);
    assert_eq!(status.code, 0, "looking at nothing is no failure");
}

#[test]
fn an_unknown_audience_or_company_lists_those_there_are() {
    let scene = Scene::connected();
    let link = ["link", "--audience", "Nobody", "--status", "transactional"];
    let error = scene.run(&link).refused(2, "unknown_audience");
    assert!(
        error["next_step"]
            .as_str()
            .unwrap()
            .starts_with("choose one of: ")
    );
    scene
        .run(&["plan", "--company", "Nobody"])
        .refused(2, "unknown_company");
    let audiences = scene.run(&["audiences"]).json();
    let id = audiences["result"]["audiences"][0]["id"].as_str().unwrap();
    scene
        .run(&["link", "--audience", id, "--status", "subscribed"])
        .refused(2, "grounds_missing");
    scene.run(&["undo", "999"]).refused(1, "cannot_undo");
    scene
        .run(&["export", "changes", "--run", "999"])
        .refused(2, "unknown_run");
}

#[test]
fn a_wrong_api_key_is_refused_and_not_kept() {
    let scene = Scene::new();
    for key in ["no key at all", "0123456789abcdef0123456789abcdef-us14"] {
        let mut child = scene
            .command(&["connect", "mailchimp", "--api-key-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), key.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        assert!(matches!(output.status.code(), Some(1 | 3)), "{out}");
        assert!(!out.contains(key), "a key is never shown");
    }
    scene.run(&["audiences"]).refused(3, "no_account");
}

#[test]
fn a_second_process_is_told_who_works_there_and_may_look() {
    let scene = Scene::connected();
    let held = ledgerpost_store::DataFolder::open(scene.data(), "the test").unwrap();
    let error = scene.run(&["sync"]).refused(1, "in_use");
    assert!(error["message"].as_str().unwrap().contains("the test"));
    assert!(error["next_step"].is_string());
    assert_eq!(scene.run(&["status"]).code, 0, "looking needs no lock");
    drop(held);
    assert_eq!(scene.run(&["plan"]).code, 4);
}

#[test]
fn a_damaged_company_file_is_set_aside_and_read_again() {
    let scene = Scene::connected();
    let first = scene.run(&["sync", "--yes"]).json();
    assert_eq!(first["result"]["outcome"], "done");
    let company = scene.company();
    let file = company.join("ledgerpost.sqlite");
    for end in ["-wal", "-shm"] {
        let beside = company.join(format!("ledgerpost.sqlite{end}"));
        if beside.exists() {
            std::fs::remove_file(beside).unwrap();
        }
    }
    std::fs::write(&file, vec![7_u8; 8_192]).unwrap();
    let plan = scene.run(&["plan"]);
    assert!(matches!(plan.code, 0 | 4), "{} {}", plan.out, plan.err);
    assert!(plan.err.contains("set aside"), "{}", plan.err);
    let kept = std::fs::read_dir(company)
        .unwrap()
        .filter_map(Result::ok)
        .any(|entry| std::fs::read(entry.path()).is_ok_and(|bytes| bytes == vec![7_u8; 8_192]));
    assert!(kept, "a damaged file is never deleted");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let scene = Scene::new();
    std::fs::write(scene.data(), "a file").unwrap();
    let error = scene.run(&["plan"]).refused(1, "not_a_folder");
    assert!(error["next_step"].as_str().unwrap().contains("--data-dir"));
}
