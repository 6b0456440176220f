//! A first sync that was stopped before it sent anything: the yes was given to a plan and holds for it.

use futures_util::StreamExt as _;
use ledgerpost_ipc::Message;
use ledgerpost_ipc::work::{Outcome, WorkState};
use serde_json::{Value, json};

use crate::scene::Scene;

/// Connects, and stops while QuickBooks is read; the owner's next sync is the next one. Gives the company.
async fn stopped_while_reading(scene: &Scene) -> String {
    let company = scene.signed_in().await;
    scene.first_audience(&company).await;
    let of = json!({ "company": company });
    scene.work("start_plan", of.clone()).await;
    let review = scene.ask("read_review", of.clone()).await;
    let mut preferences = scene.ask("read_start", json!({})).await["preferences"].clone();
    preferences["minutesInUse"] = json!(60);
    scene.ask("save_preferences", preferences).await;

    let faults = scene.simulator.world().faults();
    let slow = json!({
        "service": "quick_books", "path": "/cdc",
        "action": { "kind": "delay", "milliseconds": 600_000 },
    });
    let slow = serde_json::from_value(slow).expect("a rule");
    faults.add(slow).expect("a rule that makes sense");
    let mut messages = scene.desk.watch();
    let yes = json!({ "company": company, "plan": review["plan"] });
    scene.ask("connect", yes).await;
    let mut asked = false;
    loop {
        let Some(message) = messages.next().await else {
            panic!("the desk is gone")
        };
        let Message::Work { work } = message else {
            continue;
        };
        match work.state {
            WorkState::Running { progress } if !asked && !progress.phases.is_empty() => {
                asked = true;
                scene.ask("stop_work", json!({})).await;
            }
            WorkState::Stopped => break,
            WorkState::Running { .. } | WorkState::Stopping { .. } => {}
            other => panic!("it was to be stopped: {other:?}"),
        }
    }
    faults.clear();
    let home = scene.ask("read_home", of).await;
    assert_eq!(home["state"]["kind"], "unfinished", "{home}");
    let waits = |item: &Value| item["kind"] == "planWaits";
    assert!(
        !home["attention"]
            .as_array()
            .expect("a list")
            .iter()
            .any(waits),
        "{home}"
    );
    company
}

fn held(scene: &Scene) -> Value {
    scene.simulator.mailchimp().service().state(true)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn carrying_on_needs_no_second_yes_to_the_same_plan() {
    let scene = Scene::small().await;
    let company = stopped_while_reading(&scene).await;
    let again = json!({ "company": company, "approvedPlan": null });
    let done = scene.work("start_sync", again).await;
    assert!(
        matches!(done, Outcome::Synced { sent: 201.., .. }),
        "{done:?}"
    );
    scene.desk.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn carrying_on_asks_again_when_the_plan_has_grown() {
    let scene = Scene::small().await;
    let company = stopped_while_reading(&scene).await;
    for one in 1..=40 {
        scene.enter_customer(
            &format!("Late {one}"),
            &format!("late{one}@harbormail.test"),
        );
    }
    let before = held(&scene);
    let again = json!({ "company": company, "approvedPlan": null });
    for _ in 0..2 {
        let asked = scene.work("start_sync", again.clone()).await;
        assert!(matches!(asked, Outcome::NeedsYes { .. }), "{asked:?}");
    }
    assert_eq!(held(&scene), before, "nothing was sent without a yes");
    let of = json!({ "company": company });
    let home = scene.ask("read_home", of.clone()).await;
    assert_eq!(home["state"]["kind"], "waits", "{home}");
    let review = scene.ask("read_review", of).await;
    let yes = json!({ "company": company, "approvedPlan": review["plan"] });
    let done = scene.work("start_sync", yes).await;
    assert!(matches!(done, Outcome::Synced { .. }), "{done:?}");
    scene.desk.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn carrying_on_asks_again_when_the_settings_are_others() {
    let scene = Scene::small().await;
    let company = stopped_while_reading(&scene).await;
    let of = json!({ "company": company });
    let mut settings = scene.ask("read_settings", of).await["settings"].clone();
    settings["tag"] = json!("Another tag");
    let other = json!({ "company": company, "settings": settings });
    scene.ask("save_settings", other).await;
    let before = held(&scene);
    let again = json!({ "company": company, "approvedPlan": null });
    let asked = scene.work("start_sync", again).await;
    assert!(matches!(asked, Outcome::NeedsYes { .. }), "{asked:?}");
    assert_eq!(held(&scene), before, "nothing was sent without a yes");
    scene.desk.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_that_was_only_looked_at_is_not_sent_and_nothing_to_carry_on_with() {
    let scene = Scene::small().await;
    let company = scene.signed_in().await;
    scene.first_audience(&company).await;
    let of = json!({ "company": company });
    let runs = json!({ "company": company, "page": { "offset": 0, "limit": 1 } });
    let shown = async || {
        let home = scene.ask("read_home", of.clone()).await;
        let run = scene.ask("list_runs", runs.clone()).await["rows"][0].clone();
        (home["state"].clone(), run["state"].clone())
    };
    scene.work("start_plan", of.clone()).await;
    let (state, run) = shown().await;
    assert_eq!(state["kind"], "waits", "nobody said yes yet");
    assert_eq!(run, "waits");
    let review = scene.ask("read_review", of.clone()).await;
    let yes = json!({ "company": company, "plan": review["plan"] });
    scene.work("connect", yes).await;
    let (in_step, _) = shown().await;

    scene.enter_customer("Late", "late@harbormail.test");
    scene.work("start_plan", of.clone()).await;
    let (unsent, run) = shown().await;
    assert_eq!(run, "planned");
    assert_eq!(unsent["kind"], "unsent", "{unsent}");
    let review = scene.ask("read_review", of.clone()).await;
    assert_eq!(unsent["changes"], review["changes"]);
    assert!(unsent["changes"].as_u64() > Some(0), "{unsent}");
    let sync = json!({ "company": company, "approvedPlan": null });
    let sent = scene.work("start_sync", sync).await;
    assert!(
        matches!(sent, Outcome::Synced { sent: 1.., .. }),
        "{sent:?}"
    );
    assert_eq!(shown().await, (in_step, json!("done")));
    scene.desk.close().await;
}
