//! The life of a connection, as a script sees it.

use std::process::Command;

use ledgerpost_sim::frame::{Action, FaultRule, ServiceName};
use serde_json::{Value, json};

use crate::scene::{Scene, ended};

#[test]
fn help_names_every_command_and_the_exit_codes() {
    let help = ended(Command::new(env!("CARGO_BIN_EXE_ledgerpost")).arg("--help"));
    assert_eq!(help.code, 0);
    for word in [
        "demo",
        "connect",
        "audiences",
        "link",
        "plan",
        "sync",
        "status",
        "contacts",
        "reconcile",
        "undo",
        "export",
        "disconnect",
        "--data-dir",
        "--services",
        "--secrets",
        "--json",
        "3 sign in again",
    ] {
        assert!(help.out.contains(word), "help lacks {word}");
    }
}

#[test]
fn a_connection_lives_from_the_sign_in_to_the_disconnection() {
    let scene = Scene::connected();

    let plan = scene.run(&["plan"]);
    assert_eq!(plan.code, 4, "a first plan waits for a yes");
    let plan = plan.json()["result"].clone();
    assert_eq!(plan["waits"], true);
    let customers = &plan["summary"]["customers"];
    let left_alone: u64 = customers["left_alone"]
        .as_object()
        .unwrap()
        .values()
        .filter_map(Value::as_u64)
        .sum();
    let figure = |name: &str| customers[name].as_u64().unwrap();
    assert_eq!(
        figure("new") + figure("updated") + figure("same") + figure("share_email") + left_alone,
        figure("total"),
        "the parts have to make up the total"
    );

    let waits = scene.run(&["sync"]);
    assert_eq!(
        (waits.code, &waits.json()["result"]["outcome"]),
        (4, &json!("waits"))
    );

    let sync = scene.run(&["sync", "--yes"]);
    assert!(matches!(sync.code, 0 | 4), "{} {}", sync.out, sync.err);
    assert_eq!(sync.err, "", "a script gets no progress");
    let sync = sync.json()["result"].clone();
    assert_eq!(sync["outcome"], "done");
    let run = sync["runs"][0].as_str().unwrap().to_owned();

    let again = scene.run(&["sync"]).json()["result"].clone();
    assert_eq!(
        (&again["outcome"], &again["runs"]),
        (&json!("done"), &json!([]))
    );

    let totals = scene.run(&["reconcile"]);
    assert_eq!(totals.code, 0, "{}", totals.out);
    assert_eq!(totals.json()["result"]["unexplained"], 0);

    let status = scene.run(&["status"]).json()["result"]["companies"][0].clone();
    assert_eq!(status["connection"]["state"], "ready");
    assert_eq!(status["runs"][0]["state"], "done");

    let page = scene
        .run(&["contacts", "--limit", "3", "--page", "2"])
        .json()["result"]
        .clone();
    assert_eq!(page["contacts"].as_array().unwrap().len(), 3);
    assert_eq!(page["more"], true);
    let left = scene.run(&["contacts", "--left-alone"]).json()["result"]["contacts"].clone();
    assert!(
        left.as_array()
            .unwrap()
            .iter()
            .all(|row| row["next_step"].is_string())
    );

    for list in ["contacts", "changes", "skips", "consent"] {
        let exported = scene.run(&["export", list]);
        assert_eq!(exported.code, 0, "{}", exported.err);
        let document: Value = serde_json::from_str(&exported.out).unwrap();
        assert_eq!(document["result"]["list"], list);
        assert!(
            !document["result"]["rows"].as_array().unwrap().is_empty(),
            "{list} is empty"
        );
        let path = scene.folder.path().join(format!("{list}.csv"));
        let to = path.to_str().unwrap();
        let file = scene.run(&["export", list, "--format", "csv", "--output", to]);
        assert_eq!(file.code, 0, "{}", file.out);
        let lines = std::fs::read_to_string(&path).unwrap();
        assert!(
            lines
                .lines()
                .skip(1)
                .all(|line| !line.starts_with(['=', '+', '@']))
        );
        scene
            .run(&["export", list, "--format", "csv", "--output", to])
            .refused(2, "file_exists");
    }

    let preview = scene.run(&["undo", &run]);
    assert_eq!(
        (preview.code, &preview.json()["result"]["done"]),
        (4, &Value::Null)
    );
    let preview = scene.run(&["disconnect"]);
    assert_eq!(
        (preview.code, &preview.json()["result"]["done"]),
        (4, &Value::Null)
    );
    let left = scene.run(&["disconnect", "--yes"]);
    assert_eq!(left.code, 0, "{} {}", left.out, left.err);
    let left = left.json()["result"].clone();
    assert_eq!(
        left["preview"], left["done"]["removed"],
        "it has to do what it said"
    );

    assert!(
        scene.simulator.world().mailings().is_empty(),
        "nobody may be mailed"
    );
    let books = scene.simulator.quickbooks().service().state(true);
    assert_eq!(
        books["companies"][0]["writes"], 0,
        "QuickBooks is only read"
    );
    scene.run(&["sync"]).refused(3, "no_company");
}

#[test]
fn undo_takes_a_run_back_and_the_next_plan_waits() {
    let scene = Scene::connected();
    let sync = scene.run(&["sync", "--yes"]).json();
    let run = sync["result"]["runs"][0].as_str().unwrap();
    let undone = scene.run(&["undo", run, "--yes"]);
    assert!(
        matches!(undone.code, 0 | 4),
        "{} {}",
        undone.out,
        undone.err
    );
    let state = scene.simulator.mailchimp().service().state(true);
    assert_eq!(state["accounts"][0]["stores"], json!({}));
    assert_eq!(
        scene.run(&["sync"]).code,
        4,
        "or it would do the same again"
    );
    assert!(scene.simulator.world().mailings().is_empty());
}

#[test]
fn a_record_that_mailchimp_refuses_ends_in_exit_code_4_and_is_listed() {
    let tidy = Scene::connected_to_tidy_people();
    assert_eq!(tidy.run(&["sync", "--yes"]).code, 0);

    let scene = Scene::connected_to_tidy_people();
    let ready = scene.run(&["plan"]).json()["result"].clone();
    let forgotten = scene.address_of_a_new_contact();
    scene
        .simulator
        .mailchimp()
        .service()
        .mutate(json!({ "kind": "forget", "email": forgotten }))
        .unwrap();

    let sync = scene.run(&["sync", "--yes"]);
    assert_eq!(sync.code, 4, "{} {}", sync.out, sync.err);
    let report = sync.json()["result"].clone();
    assert_eq!(report["outcome"], "done", "the others went");
    assert_eq!(
        report["failed"],
        json!({ "create_contact": 1, "tag_contact": 1 })
    );
    assert_eq!(
        report["done"]["create_contact"].as_u64().unwrap() + 1,
        ready["summary"]["customers"]["new"].as_u64().unwrap()
    );

    let left = scene.run(&["contacts", "--left-alone"]).json()["result"]["contacts"].clone();
    let refused: Vec<&Value> = left
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["email"] == forgotten.as_str())
        .collect();
    assert_eq!(refused.len(), 1, "{left}");
    assert_eq!(refused[0]["left_alone"], "forgotten");
    assert!(refused[0]["reason"].is_string() && refused[0]["next_step"].is_string());
    assert_eq!(
        scene.run(&["reconcile"]).code,
        0,
        "the totals are explained"
    );

    let again = scene.run(&["sync"]);
    assert_eq!(again.json()["result"]["runs"], json!([]), "not asked twice");
    assert_eq!(again.code, 4, "it still needs a person");
}

#[test]
fn a_lost_sign_in_asks_for_a_person_and_loses_nothing() {
    let scene = Scene::connected();
    assert!(matches!(scene.run(&["sync", "--yes"]).code, 0 | 4));
    let before = scene.run(&["contacts"]).json();
    let services = [
        (
            scene.simulator.quickbooks(),
            json!({ "edit": "disconnect" }),
            "quickbooks",
        ),
        (
            scene.simulator.mailchimp(),
            json!({ "kind": "revoke" }),
            "mailchimp",
        ),
    ];
    for (server, edit, name) in services {
        server.service().mutate(edit).unwrap();
        let refused = scene.run(&["plan"]);
        assert_eq!(refused.code, 3, "{} {}", refused.out, refused.err);
        assert!(
            refused.json()["error"]["message"].as_str().is_some(),
            "it has to say who should sign in"
        );
        scene.connect(name);
    }
    assert_eq!(scene.run(&["sync"]).json()["result"]["outcome"], "done");
    assert_eq!(scene.run(&["contacts"]).json(), before);
}

#[test]
fn the_demo_holds_its_promises() {
    let demo = ended(Command::new(env!("CARGO_BIN_EXE_ledgerpost")).args(["demo", "--json"]));
    assert_eq!(demo.code, 0, "{} {}", demo.out, demo.err);
    let told = demo.json()["result"].clone();
    assert_eq!(told["promises"].as_array().unwrap().len(), 9);
    assert_eq!(told["reconciliation"]["unexplained"], 0);
    assert_eq!(told["second_sync"]["runs"], json!([]));
}

#[test]
fn a_service_that_is_not_reached_is_named_until_it_answers() {
    let scene = Scene::connected();
    let dropped = FaultRule {
        service: Some(ServiceName::QuickBooks),
        method: None,
        path: None,
        nth: None,
        probability: None,
        times: Some(1),
        action: Action::DropBefore,
    };
    scene.simulator.world().faults().add(dropped).unwrap();
    let program = Command::new(env!("CARGO_BIN_EXE_ledgerpost"));
    let plan = ended(&mut scene.start(program, &scene.data(), &["plan"]));
    assert_eq!(
        plan.code, 4,
        "it waits for a yes: {} {}",
        plan.out, plan.err
    );
    let said = plan
        .err
        .find("No connection to QuickBooks. Trying again; nothing is lost.");
    let again = plan.err.find("QuickBooks answers again.");
    assert!(said.is_some() && said < again, "{}", plan.err);
}
