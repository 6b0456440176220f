//! Single commands.

use ledgerpost_ipc::ErrorCode;
use ledgerpost_ipc::work::WorkState;
use serde_json::{Value, json};

use crate::scene::{Scene, state_of};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_is_answered_and_a_stranger_is_not() {
    let scene = Scene::start().await;
    for command in ledgerpost_ipc::COMMANDS {
        if let Err(error) = scene.desk.call(command, Value::Null).await {
            assert!(
                !error.message.contains("unknown_command"),
                "{command} has no answer"
            );
        }
    }
    let error = scene.desk.call("rm", Value::Null).await;
    assert_eq!(
        error.map_err(|error| error.code),
        Err(ErrorCode::BadRequest)
    );
    scene.desk.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn preferences_and_the_draft_are_there_after_a_restart() {
    let scene = Scene::start().await;
    let mut wanted = scene.ask("read_start", json!({})).await["preferences"].clone();
    wanted["language"] = json!("de");
    wanted["minutesInTray"] = json!(30);
    scene.ask("save_preferences", wanted.clone()).await;
    wanted["minutesInUse"] = json!(0);
    let refused = scene.desk.call("save_preferences", wanted).await;
    assert_eq!(refused.map_err(|error| error.code), Err(ErrorCode::Invalid));
    scene.signed_in().await;
    let draft = scene.draft().await;
    scene.desk.close().await;

    let again = scene.open_again().await;
    let start = again
        .call("read_start", json!({}))
        .await
        .expect("an answer");
    assert_eq!(start["preferences"]["language"], "de");
    assert_eq!(start["preferences"]["minutesInTray"], 30);
    assert_eq!(start["draft"], draft);
    assert_eq!(draft["company"]["name"], "Tidewater Ceramics");
    again.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_company_file_that_is_old_or_damaged_is_put_in_order_at_the_start() {
    let scene = Scene::small().await;
    let company = scene.connected().await;
    scene.desk.close().await;
    let file = scene
        .folder
        .path()
        .join("data/companies")
        .join(&company)
        .join("ledgerpost.sqlite");
    // An empty file is one of version 0; the other is none of ours.
    for (content, set_aside) in [(Vec::new(), 0), (vec![7_u8; 8_192], 1)] {
        std::fs::write(&file, content).expect("the file is free");
        let again = scene.open_again().await;
        let of = json!({ "company": company });
        let home = again.call("read_home", of).await;
        assert!(home.is_ok(), "{home:?}");
        let start = again
            .call("read_start", json!({}))
            .await
            .expect("an answer");
        let named = start["setAside"].as_array().map_or(0, Vec::len);
        assert_eq!(named, set_aside, "{start}");
        again.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_is_a_place_of_its_own_and_leaves_nothing_behind() {
    let scene = Scene::start().await;
    let start = scene.ask("start_demo", json!({})).await;
    assert_eq!(start["demo"], true);
    assert_eq!(start["quickbooksKeys"], "provided");
    let folder = scene.folder.path().join("data/demo");
    assert!(folder.exists());
    let start = scene.ask("leave_demo", json!({})).await;
    assert_eq!(start["demo"], false);
    assert!(!folder.exists());
    scene.desk.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_address_of_a_role_is_told_from_a_persons() {
    let scene = Scene::start().await;
    let check = async |text: &str| scene.ask("check_email", json!({ "text": text })).await;
    assert_eq!(check("nora@tidewater.test").await["kind"], "good");
    assert_eq!(
        check("Admin@tidewater.test").await,
        json!({ "kind": "role", "role": "Admin" })
    );
    assert_eq!(check("a@example.com").await["kind"], "sampleDomain");
    assert_eq!(check("nobody").await["kind"], "invalid");
    scene.desk.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_type_of_customers_has_its_name_at_the_next_look() {
    let scene = Scene::start().await;
    let company = scene.signed_in().await;
    let of = json!({ "company": company });
    scene.work("start_reading_company", of.clone()).await;
    let search = json!({ "company": company, "text": "kofi", "limit": 1 });
    let customer = scene.ask("search_customers", search).await[0]["customer"].clone();
    let books = scene.simulator.quickbooks().service();
    books
        .mutate(json!({
            "edit": "set_customer_type", "id": customer, "kind": "777", "name": "Galleries",
        }))
        .expect("the books allow this edit");
    scene.work("start_reading_company", of.clone()).await;
    let types = scene.ask("read_company_details", of).await["customerTypes"].clone();
    let galleries = json!({ "id": "777", "name": "Galleries", "customers": 1 });
    let types = types.as_array().expect("types");
    assert!(types.contains(&galleries), "{types:?}");
    scene.desk.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_api_key_that_mailchimp_does_not_know_is_refused_and_no_sign_in_that_ended() {
    let scene = Scene::start().await;
    for key in ["nonsense", "0123456789abcdef0123456789abcdef-us14"] {
        let refused = scene
            .desk
            .call("connect_api_key", json!({ "key": key }))
            .await;
        assert_eq!(
            refused.map_err(|error| error.code),
            Err(ErrorCode::ApiKeyRefused),
            "{key}"
        );
    }
    scene.desk.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn diagnostics_hold_nothing_of_anybody() {
    let scene = Scene::start().await;
    let company = scene.signed_in().await;
    scene
        .work("start_reading_company", json!({ "company": company }))
        .await;
    let text = scene.ask("read_diagnostics", json!({})).await["text"]
        .as_str()
        .expect("text")
        .to_owned();
    for canary in [
        "Tidewater",
        "@",
        &company,
        "simQuickBooksClientSecret",
        "127.0.0.1",
    ] {
        assert!(!text.contains(canary), "{canary} in\n{text}");
    }
    assert!(text.contains("quickbooks GET"), "{text}");
    scene.desk.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_can_be_stopped_and_another_begun() {
    let scene = Scene::start().await;
    scene.signed_in().await;
    let nothing = scene.desk.call("reopen_sign_in", json!({})).await;
    assert_eq!(
        nothing.map_err(|error| error.code),
        Err(ErrorCode::NotFound)
    );
    let again = scene.ended("start_mailchimp_sign_in", json!({})).await;
    assert!(matches!(again.state, WorkState::Done { .. }));
    let opened = scene.owner.opened.lock().expect("nobody panics").len();
    assert_eq!(opened, 3);
    scene.desk.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_can_be_paused_resumed_and_others_are_told_that_it_runs() {
    let scene = Scene::start().await;
    let company = scene.signed_in().await;
    scene.first_audience(&company).await;
    let of = json!({ "company": company });
    scene.work("start_plan", of.clone()).await;
    let review = scene.ask("read_review", of.clone()).await;

    let mut messages = scene.desk.watch();
    let pause = |paused: bool| json!({ "company": company, "paused": paused });
    scene
        .ask(
            "connect",
            json!({ "company": company, "plan": review["plan"] }),
        )
        .await;
    scene.ask("set_paused", pause(true)).await;
    let paused = state_of(&mut messages, |state| {
        matches!(state, WorkState::Paused { .. } | WorkState::Done { .. })
    })
    .await;
    let WorkState::Paused { progress } = paused else {
        panic!("it holds between two groups: {paused:?}")
    };
    let busy = scene.desk.call("start_plan", of.clone()).await;
    assert_eq!(busy.map_err(|error| error.code), Err(ErrorCode::Busy));
    scene.ask("set_paused", pause(false)).await;
    let done = state_of(&mut messages, |state| {
        matches!(state, WorkState::Done { .. } | WorkState::Failed { .. })
    })
    .await;
    assert!(matches!(done, WorkState::Done { .. }), "{done:?}");
    assert!(progress.phases.iter().any(|row| row.started_at.is_some()));
    let home = scene.ask("read_home", of).await;
    assert_eq!(home["state"]["kind"], "inStep");
    scene.desk.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_sync_that_was_stopped_goes_on_from_there() {
    let scene = Scene::start().await;
    let company = scene.signed_in().await;
    scene.first_audience(&company).await;
    let of = json!({ "company": company });
    scene.work("start_plan", of.clone()).await;
    let review = scene.ask("read_review", of.clone()).await;

    let mut messages = scene.desk.watch();
    scene
        .ask(
            "connect",
            json!({ "company": company, "plan": review["plan"] }),
        )
        .await;
    state_of(
        &mut messages,
        |state| matches!(state, WorkState::Running { progress } if progress.done > 0),
    )
    .await;
    // Paused first: the schedule would go on by itself at once.
    scene
        .ask("set_paused", json!({ "company": company, "paused": true }))
        .await;
    scene.ask("stop_work", json!({})).await;
    let ended = state_of(&mut messages, |state| {
        matches!(
            state,
            WorkState::Stopped | WorkState::Done { .. } | WorkState::Failed { .. }
        )
    })
    .await;
    assert!(matches!(ended, WorkState::Stopped), "{ended:?}");
    let again = json!({ "company": company, "approvedPlan": null });
    let done = scene.ended("start_sync", again).await;
    assert!(matches!(done.state, WorkState::Done { .. }), "{done:?}");
    let home = scene.ask("read_home", of).await;
    assert_eq!(home["totals"]["unexplained"]["amount"], "0.00");
    assert_eq!(home["totals"]["orders"]["mailchimp"], 5_139);
    scene.desk.close().await;
}
