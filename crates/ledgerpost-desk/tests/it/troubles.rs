//! What the services do to a run, and what the owner gets to see of it.

use futures_util::stream::BoxStream;
use ledgerpost_desk::Notice;
use ledgerpost_ipc::settings::Service;
use ledgerpost_ipc::work::{HeldUp, HoldUp, WorkState};
use ledgerpost_ipc::{ErrorCode, Message};
use serde_json::{Value, json};

use crate::scene::{Scene, is_over, state_of};

/// A rule of the simulator (crates/ledgerpost-sim/README.md).
fn fault(scene: &Scene, rule: Value) {
    let rule = serde_json::from_value(rule).expect("a rule");
    let faults = scene.simulator.world().faults();
    faults.add(rule).expect("a rule that makes sense");
}

/// Waits until a service holds the work up.
async fn held_up(messages: &mut BoxStream<'static, Message>) -> HeldUp {
    let state = state_of(messages, |state| match state {
        WorkState::Running { progress } => progress.held_up.is_some(),
        _ => false,
    })
    .await;
    match state {
        WorkState::Running { progress } => progress.held_up.expect("it was waited for"),
        other => panic!("it waits: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_asks_for_slower_requests_is_named_while_it_is_waited_for() {
    let scene = Scene::small().await;
    let company = scene.signed_in().await;
    fault(
        &scene,
        json!({
            "service": "quick_books", "times": 1,
            "action": { "kind": "status", "status": 429, "body": "xml" },
        }),
    );
    let mut messages = scene.desk.watch();
    let of = json!({ "company": company });
    scene.ask("start_reading_company", of).await;
    let held_up = held_up(&mut messages).await;
    assert_eq!(held_up.why, HoldUp::AskedForSlower);
    assert_eq!(held_up.service, Service::Quickbooks);
    scene.ask("stop_work", json!({})).await;
    state_of(&mut messages, |state| matches!(state, WorkState::Stopped)).await;
    scene.desk.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_is_not_reached_is_named_until_it_answers() {
    let scene = Scene::small().await;
    let company = scene.connected().await;
    // Something to send, so that the work goes on after the answer.
    scene.enter_customer("Late", "late@harbormail.test");
    let mut messages = scene.desk.watch();
    fault(
        &scene,
        json!({
            "service": "mailchimp", "action": { "kind": "drop_before" },
        }),
    );
    let sync = json!({ "company": company, "approvedPlan": null });
    scene.ask("start_sync", sync).await;
    let held_up = held_up(&mut messages).await;
    assert_eq!(held_up.why, HoldUp::NoConnection);
    assert_eq!(held_up.service, Service::Mailchimp);
    scene.simulator.world().faults().clear();
    // What is left may be done before anybody has looked.
    let mut state = state_of(&mut messages, |state| match state {
        WorkState::Running { progress } => progress.held_up.is_none(),
        other => is_over(other),
    })
    .await;
    if !is_over(&state) {
        state = state_of(&mut messages, is_over).await;
    }
    assert!(matches!(state, WorkState::Done { .. }), "{state:?}");
    scene.desk.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_without_internet_says_so_before_it_gives_up_and_the_next_one_begins_anew() {
    let mut scene = Scene::small().await;
    let company = scene.connected().await;
    let mut messages = scene.desk.watch();
    scene.simulator.unplug().await;
    let sync = json!({ "company": company, "approvedPlan": null });
    scene.ask("start_sync", sync.clone()).await;
    assert_eq!(held_up(&mut messages).await.why, HoldUp::NoConnection);
    scene.ask("stop_work", json!({})).await;
    state_of(&mut messages, |state| matches!(state, WorkState::Stopped)).await;

    scene.simulator.plug_in().await.expect("its ports are free");
    let mut messages = scene.desk.watch();
    scene.ask("start_sync", sync).await;
    let ended = state_of(&mut messages, |state| {
        if let WorkState::Running { progress } = state {
            assert_eq!(progress.held_up, None, "that was the run before");
        }
        is_over(state)
    })
    .await;
    assert!(matches!(ended, WorkState::Done { .. }), "{ended:?}");
    scene.desk.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_is_not_reached_is_not_the_whole_internet() {
    let mut scene = Scene::hasty().await;
    let company = scene.connected().await;
    let sync = json!({ "company": company, "approvedPlan": null });
    let of = json!({ "company": company });
    let tried = async |scene: &Scene| {
        let work = scene.ended("start_sync", sync.clone()).await;
        let WorkState::Failed { error } = work.state else {
            panic!("nothing was reached: {:?}", work.state)
        };
        assert_eq!(error.code, ErrorCode::Offline);
        let home = scene.ask("read_home", of.clone()).await;
        assert_eq!(home["state"]["kind"], "offline", "{home}");
        assert_eq!(home["state"]["service"], json!(error.service), "{home}");
        let standing = |service: &str| home[service]["standing"].clone();
        let ends = (standing("quickbooks"), standing("mailchimp"));
        (error.service, ends)
    };
    let (connected, not_reached) = (json!("connected"), json!("notReached"));

    scene.simulator.unplug_mailchimp().await;
    let one = (connected, not_reached.clone());
    assert_eq!(tried(&scene).await, (Some(Service::Mailchimp), one));
    scene.simulator.unplug().await;
    let both = (not_reached.clone(), not_reached);
    assert_eq!(tried(&scene).await, (None, both));

    scene.simulator.plug_in().await.expect("its ports are free");
    scene.work("start_sync", sync.clone()).await;
    scene.desk.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn home_says_why_the_last_try_failed_and_when_the_next_one_is() {
    let scene = Scene::small().await;
    scene.with_notifications().await;
    let company = scene.connected().await;
    scene.told();
    let of = json!({ "company": company });
    let in_step = scene.ask("read_home", of.clone()).await["state"].clone();
    let locked = json!({ "Fault": { "Error": [{ "Message": "locked", "code": "140" }] } });
    fault(
        &scene,
        json!({
            "service": "quick_books",
            "action": { "kind": "status", "status": 400, "text": locked.to_string() },
        }),
    );
    let sync = json!({ "company": company, "approvedPlan": null });
    let failed = scene.ended("start_sync", sync.clone()).await;
    assert!(matches!(failed.state, WorkState::Failed { .. }));
    let home = scene.ask("read_home", of.clone()).await;
    assert_eq!(home["state"]["kind"], "retrying", "{home}");
    assert_eq!(home["state"]["error"]["code"], "company_closed");
    assert!(home["nextSync"].is_string(), "it is tried again by itself");
    let needs = Notice::NeedsAttention {
        company: home["name"].as_str().expect("a name").to_owned(),
    };
    assert_eq!(scene.told(), [needs]);
    scene.ended("start_sync", sync.clone()).await;
    assert_eq!(scene.told(), [], "the owner was told");

    scene.simulator.world().faults().clear();
    scene.work("start_sync", sync).await;
    let home = scene.ask("read_home", of).await;
    assert_eq!(home["state"], in_step, "{home}");
    scene.desk.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscription_that_lapsed_is_shown_until_it_is_renewed() {
    let scene = Scene::small().await;
    let becomes = |status: &str| {
        let books = scene.simulator.quickbooks().service();
        books
            .mutate(json!({ "edit": "subscription", "status": status }))
            .expect("the books allow this edit");
    };
    becomes("SUSPENDED");
    scene.with_notifications().await;
    let company = scene.connected().await;
    assert_eq!(scene.told().len(), 1);
    let sync = json!({ "company": company, "approvedPlan": null });
    scene.work("start_sync", sync.clone()).await;
    assert_eq!(scene.told(), [], "the owner was told");
    let lapsed = json!({ "kind": "subscriptionLapsed" });
    let attention = async || {
        let of = json!({ "company": company });
        let home = scene.ask("read_home", of).await;
        assert_ne!(home["state"]["kind"], "stopped", "it can be read: {home}");
        let items = home["attention"].as_array().expect("a list").clone();
        items.contains(&lapsed)
    };
    assert!(attention().await);
    becomes("SUBSCRIBED");
    scene.work("start_sync", sync).await;
    assert!(!attention().await, "it was read again");
    scene.desk.close().await;
}
