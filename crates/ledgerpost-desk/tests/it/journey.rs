//! From an empty folder to a connected company and away again, with the figures of the mockups.

use ledgerpost_ipc::work::Outcome;
use serde_json::{Value, json};

use crate::scene::Scene;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_connects_the_demo_company_and_disconnects_it() {
    let scene = Scene::start().await;
    let company = scene.signed_in().await;
    let of = || json!({ "company": company });

    let accounts = scene.ask("list_accounts", json!({})).await;
    assert_eq!(accounts[0]["problem"], Value::Null);
    assert_eq!(accounts[0]["contacts"], 676);
    assert_eq!(
        scene.work("start_reading_company", of()).await,
        Outcome::Read
    );
    let details = scene.ask("read_company_details", of()).await;
    assert_eq!(details["customers"], 1_284);
    assert_eq!(details["sendable"], 1_195);

    let account = accounts[0]["account"].clone();
    let query = json!({ "company": company, "account": account });
    let audiences = scene.ask("list_audiences", query).await;
    let first = &audiences["audiences"][0];
    assert_eq!(first["recommended"], "mostCustomers");
    assert_eq!(first["alreadyCustomers"], 318);
    assert_eq!(first["counts"]["subscribed"], 351);
    assert_eq!(first["counts"]["unsubscribed"], 38);
    assert_eq!(first["counts"]["notSubscribed"], 23);

    let mut draft = scene.draft().await;
    draft["audience"] = json!({ "kind": "existing", "id": first["id"], "name": first["name"] });
    draft["step"] = json!("review");
    scene.ask("save_draft", draft).await;
    let forecast = scene.ask("forecast_status", of()).await;
    assert_eq!(forecast["newContacts"], 877);
    assert_eq!(forecast["alreadyThere"], 318);
    assert_eq!(forecast["notSubscribed"], 877);

    assert_eq!(scene.work("start_plan", of()).await, Outcome::Planned);
    let review = scene.ask("read_review", of()).await;
    assert_review(&review);
    assert_lists(&scene, &company, &review).await;

    let yes = json!({ "company": company, "plan": review["plan"] });
    let Outcome::Synced { run, refused, .. } = scene.work("connect", yes).await else {
        panic!("the first sync was done")
    };
    let first = json!({ "company": company, "run": run });
    assert_eq!(refused, 0);
    let query = json!({
        "company": company, "run": run, "text": "bon de caisse", "kinds": ["orders"], "outcome": null,
        "documents": [{ "code": "salesReceipt", "word": "Bon de caisse" }],
        "page": { "offset": 0, "limit": 3 },
    });
    let page = scene.ask("list_changes", query).await;
    assert_eq!(page["total"], 1_868, "by what the window calls them");
    assert_eq!(page["rows"][0]["document"]["kind"], "salesReceipt");
    let home = scene.ask("read_home", of()).await;
    assert_eq!(home["state"]["kind"], "inStep", "{home}");
    assert_eq!(home["totals"]["contacts"]["mailchimp"], 1_195);
    assert_eq!(home["totals"]["unexplained"]["amount"], "0.00");
    assert_eq!(
        home["totals"]["orders"]["mailchimpTotal"]["amount"],
        "736626.65"
    );
    let again = json!({ "company": company, "approvedPlan": null });
    let Outcome::Synced { run, sent, .. } = scene.work("start_sync", again).await else {
        panic!("nothing waits")
    };
    assert_eq!((run, sent), (None, 0), "there is nothing left to do");

    let Outcome::UndoPreview { preview } = scene.work("start_undo_preview", first).await else {
        panic!("the first sync can be taken back")
    };
    let store = preview.with_store.expect("the run created the store");
    assert_eq!((store.orders, store.products), (5_139, 148));

    let goes = scene.ask("preview_disconnect", of()).await;
    assert_eq!(goes["orders"], 5_139);
    assert_eq!(goes["contacts"], 1_195);
    let left = scene.work("start_disconnect", of()).await;
    assert!(matches!(left, Outcome::Disconnected { .. }));
    let start = scene.ask("read_start", json!({})).await;
    assert_eq!(start["companies"][0]["standing"], "disconnected");
    assert_eq!(start["draft"], Value::Null, "connecting again begins anew");
    scene
        .ask(
            "list_runs",
            json!({ "company": company, "page": { "offset": 0, "limit": 10 } }),
        )
        .await;
    scene.desk.close().await;
}

/// Every figure of screen 06 that the books decide.
fn assert_review(review: &Value) {
    let customers = &review["customers"];
    let figures = ["new", "updated", "same", "shareEmail", "leftAlone", "total"];
    let found: Vec<u64> = figures
        .iter()
        .map(|name| customers[name].as_u64().expect("a figure"))
        .collect();
    assert_eq!(found, [877, 289, 29, 13, 76, 1_284]);
    assert_eq!(review["contacts"], 1_195);
    let rows: Vec<(u64, u64, u64)> = review["data"]
        .as_array()
        .expect("five kinds")
        .iter()
        .map(|row| {
            let figure = |name: &str| row[name].as_u64().expect("a figure");
            let reasons: u64 = row["reasons"]
                .as_array()
                .expect("reasons")
                .iter()
                .map(|reason| reason["count"].as_u64().expect("a count"))
                .sum();
            assert_eq!(
                reasons + figure("shareEmail") + figure("incomplete"),
                figure("notSent"),
                "{row}"
            );
            (figure("there"), figure("sent"), figure("notSent"))
        })
        .collect();
    assert_eq!(
        rows,
        [
            (1_284, 1_195, 89),
            (1_131, 1_041, 90),
            (3_412, 3_271, 141),
            (1_906, 1_868, 38),
            (148, 148, 0),
        ]
    );
    assert_eq!(review["bill"]["before"], 676);
    assert_eq!(review["bill"]["after"], 1_553);
    let shared = json!({ "kind": "sharedAddresses", "customers": 22, "contacts": 9 });
    let findings = review["findings"].as_array().expect("findings");
    assert!(findings.contains(&shared), "{findings:?}");
    assert_eq!(review["examples"].as_array().map(Vec::len), Some(5));
}

/// The lists behind the figures.
async fn assert_lists(scene: &Scene, company: &str, review: &Value) {
    for (fate, figure) in [
        ("new", "new"),
        ("updated", "updated"),
        ("same", "same"),
        ("shareEmail", "shareEmail"),
        ("leftAlone", "leftAlone"),
    ] {
        let query = json!({
            "company": company, "text": "", "fate": fate, "reason": null,
            "severalAddresses": false, "page": { "offset": 0, "limit": 2 },
        });
        let page = scene.ask("list_review", query).await;
        assert_eq!(page["total"], review["customers"][figure], "{fate}");
    }
    let query = json!({
        "company": company, "data": "invoices", "reason": null,
        "page": { "offset": 0, "limit": 3 },
    });
    let page = scene.ask("list_not_sent", query).await;
    assert_eq!(page["total"], 141);
    assert_eq!(page["rows"][0]["document"]["kind"], "invoice");
    let saved = json!({ "company": company, "format": "csv" });
    let saved = scene.ask("save_review", saved).await;
    assert_eq!(saved["rows"], 1_284);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_for_a_new_audience_creates_nothing_and_the_yes_creates_one() {
    let scene = Scene::start().await;
    let company = scene.signed_in().await;
    let mut draft = scene.draft().await;
    draft["audience"] = json!({ "kind": "new", "details": {
        "name": "Tidewater shop customers", "fromName": "Tidewater Ceramics",
        "fromEmail": "nora@tidewater-ceramics.test",
        "permissionReminder": "You bought something at Tidewater Ceramics.",
        "businessName": "Tidewater Ceramics",
        "address": { "line1": "48 Wharf Street", "line2": "", "city": "Portland", "region": "ME",
            "postalCode": "04101", "country": "US" },
        "phone": "", "language": "en",
    }});
    scene.ask("save_draft", draft).await;
    let of = json!({ "company": company });
    let before = scene.simulator.mailchimp().service().state(true);
    assert_eq!(scene.work("start_plan", of.clone()).await, Outcome::Planned);
    let after = scene.simulator.mailchimp().service().state(true);
    assert_eq!(before, after, "a dry run writes nothing");
    let review = scene.ask("read_review", of.clone()).await;
    assert_eq!(review["customers"]["new"], 1_195);

    let mut other = scene.draft().await;
    other["settings"]["status"] = json!("subscribed");
    scene.ask("save_draft", other.clone()).await;
    let forecast = scene.ask("forecast_status", of.clone()).await;
    assert_eq!(
        forecast["subscribed"], 1_195,
        "counted before the grounds are written down"
    );
    other["settings"]["status"] = json!("notSubscribed");
    other["settings"]["tag"] = json!("Another tag");
    scene.ask("save_draft", other.clone()).await;
    let yes = json!({ "company": company, "plan": review["plan"] });
    let refused = scene.desk.call("connect", yes.clone()).await;
    assert_eq!(
        refused.map_err(|error| error.code),
        Err(ledgerpost_ipc::ErrorCode::PlanChanged),
        "the yes was to other choices"
    );
    other["settings"]["tag"] = json!("QuickBooks Online");
    scene.ask("save_draft", other).await;
    let done = scene.work("connect", yes).await;
    assert!(matches!(done, Outcome::Synced { .. }), "{done:?}");
    let start = scene.ask("read_start", json!({})).await;
    assert_eq!(start["companies"][0]["standing"], "connected");
    assert_eq!(
        start["companies"][0]["audience"],
        "Tidewater shop customers"
    );
    scene.desk.close().await;
}
