//! Records that QuickBooks cannot deliver: each is named, with where it is and what QuickBooks says.

use ledgerpost_ipc::work::{Outcome, WorkState};
use serde_json::{Value, json};

use crate::scene::Scene;

/// The id of the one invoice that QuickBooks cannot deliver: the address on it is none.
fn broken_invoice(scene: &Scene) -> String {
    let state = scene.simulator.quickbooks().service().state(true);
    let invoices = &state["companies"][0]["entities"]["Invoice"];
    let broken = invoices.as_array().expect("invoices").iter().find(|one| {
        one["BillEmail"]["Address"]
            .as_str()
            .is_some_and(|address| !address.contains('@'))
    });
    let id = broken.expect("there is one")["Id"].as_str();
    id.expect("it has an id").to_owned()
}

async fn listed(scene: &Scene, company: &str) -> Value {
    let query = json!({ "company": company, "page": { "offset": 0, "limit": 10 } });
    scene.ask("list_unreadable", query).await
}

async fn attention(scene: &Scene, company: &str) -> Vec<Value> {
    let home = scene.ask("read_home", json!({ "company": company })).await;
    let items = home["attention"].as_array().expect("a list").iter();
    items
        .filter(|item| item["kind"] == "unreadable" || item["code"] == "unreadable")
        .cloned()
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invoice_that_quickbooks_cannot_deliver_is_named_until_it_can() {
    let scene = Scene::small().await;
    let broken: u64 = broken_invoice(&scene).parse().expect("a number");
    let company = scene.signed_in().await;
    scene.first_audience(&company).await;
    let of = json!({ "company": company });
    scene.work("start_plan", of.clone()).await;

    let review = scene.ask("read_review", of).await;
    let finding = json!({ "kind": "unreadable", "count": 1 });
    let findings = review["findings"].as_array().expect("findings");
    assert!(findings.contains(&finding), "{findings:?}");
    let page = listed(&scene, &company).await;
    assert_eq!(page["total"], 1, "{page}");
    let row = &page["rows"][0];
    assert_eq!(row["kind"], "invoice");
    assert_eq!(row["records"], 1);
    assert_eq!(row["why"], "refused");
    assert_eq!(
        row["itself"],
        Value::Null,
        "QuickBooks does not say which one"
    );
    let detail = row["detail"].as_str().expect("QuickBooks' words");
    assert!(
        detail.contains("To email address entered is invalid"),
        "{detail}"
    );
    let id = |neighbour: &Value| -> u64 {
        assert_eq!(neighbour["document"]["kind"], "invoice", "{neighbour}");
        assert!(neighbour["date"].is_string(), "{neighbour}");
        let key = neighbour["id"]
            .as_str()
            .and_then(|id| id.strip_prefix("inv_"));
        key.expect("an invoice").parse().expect("a number")
    };
    assert!(id(&row["before"]) < broken && broken < id(&row["after"]));

    let yes = json!({ "company": company, "plan": review["plan"] });
    let done = scene.work("connect", yes).await;
    assert!(matches!(done, Outcome::Synced { .. }), "{done:?}");
    assert_eq!(
        attention(&scene, &company).await,
        std::slice::from_ref(&finding)
    );

    let books = scene.simulator.quickbooks().service();
    let saved = |poisoned: bool| {
        books
            .mutate(json!({ "edit": "poison", "id": broken.to_string(), "poisoned": poisoned }))
            .expect("the books allow this edit");
    };
    let sync = json!({ "company": company, "approvedPlan": null });
    // As the owner who looks at it, and saves it as it is, also when the search for it is cut off.
    saved(true);
    let faults = scene.simulator.world().faults();
    let locked = json!({ "Fault": { "Error": [{ "Message": "locked", "code": "140" }] } });
    for nth in 1.. {
        let rule = json!({
            "service": "quick_books", "path": "batch|query|cdc", "nth": nth,
            "action": { "kind": "status", "status": 400, "text": locked.to_string() },
        });
        let rule = serde_json::from_value(rule).expect("a rule");
        faults.add(rule).expect("a rule that makes sense");
        let work = scene.ended("start_sync", sync.clone()).await;
        assert_eq!(listed(&scene, &company).await, page, "request {nth} failed");
        faults.clear();
        if let WorkState::Done { .. } = work.state {
            assert!(nth > 5, "there are not that few requests");
            break;
        }
    }
    assert_eq!(attention(&scene, &company).await, [finding]);

    // As the owner who corrects and saves it.
    saved(false);
    scene.work("start_sync", sync).await;
    assert_eq!(listed(&scene, &company).await["total"], 0);
    assert!(attention(&scene, &company).await.is_empty());
    scene.desk.close().await;
}
