//! The QuickBooks service over HTTP: what `quickbooks-online.md` says happens, happens.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::SignedDuration;
use ledgerpost_sim::frame::IdOrder;
use ledgerpost_sim::{CompanyShape, Options, Profile, Simulator, Switches};
use serde_json::{Value, json};

/// A signed-in caller that follows no redirects.
struct Client {
    http: reqwest::Client,
    base: String,
    access: String,
}

fn error_code(body: &Value) -> &str {
    body["Fault"]["Error"][0]["code"]
        .as_str()
        .unwrap_or_default()
}

fn small() -> Options {
    Options {
        company: CompanyShape::Generated {
            customers: 120,
            documents: 240,
            items: 40,
        },
        auto_consent: true,
        ..Options::default()
    }
}

fn with(switches: Switches) -> Options {
    Options {
        switches,
        ..small()
    }
}

async fn start(options: Options) -> (Simulator, Client) {
    let simulator = Simulator::start(options).await.unwrap();
    // The second test in a process finds it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    let services = &simulator.services().quickbooks;
    let answer = http
        .get(&services.authorize_url)
        .query(&[
            ("client_id", services.client_id.as_str()),
            ("response_type", "code"),
            ("scope", "com.intuit.quickbooks.accounting"),
            ("redirect_uri", &services.redirect_uri),
            ("state", "s"),
        ])
        .send()
        .await
        .unwrap();
    let back = url::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    let field = |name: &str| {
        let (_, value) = back.query_pairs().find(|(key, _)| key == name).unwrap();
        value.into_owned()
    };
    let tokens: Value = http
        .post(&services.token_url)
        .basic_auth(&services.client_id, Some(&services.client_secret))
        .form(&[
            ("grant_type", "authorization_code"),
            ("code", &field("code")),
            ("redirect_uri", &services.redirect_uri),
        ])
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let client = Client {
        http,
        base: format!("{}/v3/company/{}", services.api_base_url, field("realmId")),
        access: tokens["access_token"].as_str().unwrap().to_owned(),
    };
    (simulator, client)
}

impl Client {
    async fn send(&self, request: reqwest::RequestBuilder) -> (u16, String) {
        let request = request.bearer_auth(&self.access);
        let response = request
            .header("Accept", "application/json")
            .send()
            .await
            .unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> (u16, Value) {
        let request = self.http.get(format!("{}/{path}", self.base)).query(query);
        let (status, text) = self.send(request).await;
        (
            status,
            serde_json::from_str(&text).unwrap_or(Value::String(text)),
        )
    }

    async fn query(&self, statement: &str) -> (u16, Value) {
        self.get("query", &[("query", statement)]).await
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let request = self.http.post(format!("{}/{path}", self.base)).json(&body);
        serde_json::from_str(&self.send(request).await.1).unwrap()
    }
}

fn writes(simulator: &Simulator) -> u64 {
    let state = simulator.quickbooks().service().state(true);
    state["companies"][0]["writes"].as_u64().unwrap()
}

#[tokio::test]
async fn an_expired_token_stands_in_the_detail_of_the_gateways_body() {
    let (simulator, client) = start(small()).await;
    simulator
        .world()
        .clock()
        .advance(SignedDuration::from_hours(1));
    let (status, body) = client.query("SELECT * FROM Item").await;
    assert_eq!(status, 401);
    let error = &body["fault"]["error"][0];
    assert_eq!(error["code"], "3200");
    assert!(error["detail"].as_str().unwrap().contains(&client.access));
}

#[tokio::test]
async fn another_company_is_forbidden() {
    let (_simulator, mut client) = start(small()).await;
    client.base = client.base.replace("9341453172904821", "1234567890");
    let (status, body) = client.query("SELECT * FROM Customer").await;
    assert_eq!(
        (status, body["fault"]["error"][0]["code"].as_str()),
        (403, Some("3100"))
    );
}

#[tokio::test]
async fn lists_leave_out_inactive_rows_and_empty_answers_have_no_array() {
    let (_simulator, client) = start(small()).await;
    let (_, active) = client.query("SELECT COUNT(*) FROM Customer").await;
    let (_, all) = client
        .query("SELECT COUNT(*) FROM Customer WHERE Active IN (true, false)")
        .await;
    assert_eq!(all["QueryResponse"]["totalCount"], 120);
    assert_eq!(active["QueryResponse"]["totalCount"], 117);
    let (_, none) = client
        .query("SELECT * FROM Customer STARTPOSITION 5000")
        .await;
    assert_eq!(none["QueryResponse"], json!({}));
}

#[tokio::test]
async fn ids_sort_by_the_switch() {
    for (orderby_id, second) in [(IdOrder::Number, "2"), (IdOrder::Text, "10")] {
        let (_simulator, client) = start(with(Switches {
            orderby_id,
            ..Switches::default()
        }))
        .await;
        let (_, body) = client
            .query("SELECT * FROM Item WHERE Active IN (true, false) ORDERBY Id")
            .await;
        assert_eq!(body["QueryResponse"]["Item"][1]["Id"], second);
    }
}

#[tokio::test]
async fn one_poisoned_invoice_spoils_its_page() {
    let (_simulator, client) = start(small()).await;
    let (status, body) = client
        .query("SELECT * FROM Invoice ORDERBY Id MAXRESULTS 1000")
        .await;
    assert_eq!((status, error_code(&body)), (400, "4002"));
    let (status, _) = client
        .query("SELECT * FROM Invoice ORDERBY Id MAXRESULTS 3")
        .await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn the_change_feed_shows_edits_and_deletions_and_refuses_old_dates() {
    let (simulator, client) = start(small()).await;
    let clock = simulator.world().clock();
    let since = (clock.now() - SignedDuration::from_secs(1)).to_string();
    let invoice = client
        .query("SELECT * FROM Invoice ORDERBY Id MAXRESULTS 1")
        .await
        .1;
    let invoice = invoice["QueryResponse"]["Invoice"][0]["Id"].clone();
    for edit in [
        json!({ "edit": "change_email", "id": "1", "email": "new@address.test" }),
        json!({ "edit": "delete", "entity": "Invoice", "id": invoice }),
    ] {
        simulator.quickbooks().service().mutate(edit).unwrap();
    }
    let entities = ("entities", "Customer,Invoice,Item");
    let (_, body) = client
        .get("cdc", &[entities, ("changedSince", &since)])
        .await;
    let groups = &body["CDCResponse"][0]["QueryResponse"];
    assert!(
        groups[0]["Customer"]
            .to_string()
            .contains("new@address.test")
    );
    let stub = groups[1]["Invoice"].as_array().unwrap().last().unwrap();
    assert_eq!(stub["status"], "Deleted");
    assert_eq!(stub["Id"], invoice);
    assert_eq!(groups[2], json!({}));
    assert_eq!(
        writes(&simulator),
        0,
        "edits on the screens are no writes of the app"
    );
    let old = (clock.now() - SignedDuration::from_hours(24 * 31)).to_string();
    let (status, body) = client.get("cdc", &[entities, ("changedSince", &old)]).await;
    assert_eq!((status, error_code(&body)), (400, "500"));
}

#[tokio::test]
async fn a_batch_mixes_results_and_replays_its_request_id() {
    let (simulator, client) = start(small()).await;
    let body = json!({ "BatchItemRequest": [
        { "bId": "a", "Query": "SELECT * FROM Item MAXRESULTS 2" },
        { "bId": "b", "operation": "delete", "Invoice": { "Id": "999999", "SyncToken": "0" } },
        { "bId": "c", "operation": "create", "Customer": { "DisplayName": "Once only" } },
    ]});
    let first = client.post("batch?requestid=one", body.clone()).await;
    let items = &first["BatchItemResponse"];
    assert_eq!(items[0]["QueryResponse"]["maxResults"], 2);
    assert_eq!(items[1]["Fault"]["Error"][0]["code"], "610");
    assert_eq!(items[2]["Customer"]["SyncToken"], "0");
    let second = client.post("batch?requestid=one", body).await;
    assert_eq!(items, &second["BatchItemResponse"]);
    assert_eq!(writes(&simulator), 1, "the replay acts once");
    let many: Vec<Value> = (0..31)
        .map(|n| json!({ "bId": n.to_string(), "Query": "SELECT COUNT(*) FROM Item" }))
        .collect();
    let body = client
        .post("batch", json!({ "BatchItemRequest": many }))
        .await;
    assert_eq!(error_code(&body), "1040");
}

#[tokio::test]
async fn saving_follows_the_rules_of_tokens_and_names() {
    let (_simulator, client) = start(small()).await;
    let made = client
        .post("customer", json!({ "DisplayName": "Doe5, Jane" }))
        .await;
    let id = made["Customer"]["Id"].clone();
    for (record, code) in [
        (json!({ "DisplayName": "doe5, JANE" }), "6240"),
        (json!({ "DisplayName": "a:b" }), "2040"),
        (json!({ "DisplayName": "x", "Shoe": 1 }), "2010"),
        (json!({ "CompanyName": "nameless" }), "6080"),
        (json!({ "DisplayName": "y", "Job": true }), "6150"),
        (
            json!({ "DisplayName": "z", "PrimaryEmailAddr": { "Address": "no" } }),
            "2210",
        ),
    ] {
        assert_eq!(
            error_code(&client.post("customer", record.clone()).await),
            code,
            "{record}"
        );
    }
    let off =
        |token: &str| json!({ "Id": id, "SyncToken": token, "sparse": true, "Active": false });
    let once = client.post("customer", off("0")).await;
    assert_eq!(once["Customer"]["DisplayName"], "Doe5, Jane (deleted)");
    assert_eq!(error_code(&client.post("customer", off("0")).await), "5010");
    let again = client.post("customer", off("1")).await;
    assert_eq!(again["Customer"]["SyncToken"], "1", "nothing changed");
}

#[tokio::test]
async fn an_invoice_moves_the_customers_time_and_balance_but_not_the_token() {
    let (simulator, client) = start(small()).await;
    let made = client
        .post("customer", json!({ "DisplayName": "Balance" }))
        .await;
    let before = &made["Customer"];
    let path = format!("customer/{}", before["Id"].as_str().unwrap());
    simulator
        .world()
        .clock()
        .advance(SignedDuration::from_secs(5));
    let line =
        json!({ "Amount": 100.5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {} });
    let record = json!({ "CustomerRef": { "value": before["Id"] }, "Line": [line] });
    let request = client
        .http
        .post(format!("{}/invoice", client.base))
        .json(&record);
    let (_, raw) = client.send(request).await;
    assert!(raw.contains("\"Amount\":100.50"), "{raw}");
    let (_, after) = client.get(&path, &[]).await;
    assert_eq!(after["Customer"]["SyncToken"], before["SyncToken"]);
    assert_ne!(after["Customer"]["MetaData"], before["MetaData"]);
}

#[tokio::test]
async fn pages_over_a_live_table_lose_rows_without_an_order_by_id() {
    let mut complete = Vec::new();
    for order in ["", "ORDERBY Id"] {
        let (_simulator, client) = start(with(Switches {
            edits_between_pages: 6,
            ..Switches::default()
        }))
        .await;
        let mut seen = BTreeSet::new();
        for start in (1..140).step_by(20) {
            let (_, body) = client
                .query(&format!(
                    "SELECT * FROM Customer WHERE Active IN (true, false) {order} STARTPOSITION \
                     {start} MAXRESULTS 20"
                ))
                .await;
            let rows = body["QueryResponse"]["Customer"]
                .as_array()
                .into_iter()
                .flatten();
            seen.extend(rows.map(|row| row["Id"].as_str().unwrap().to_owned()));
        }
        complete.push(
            (1..=122)
                .filter(|id: &u32| seen.contains(&id.to_string()))
                .count(),
        );
    }
    assert!(complete[0] < complete[1], "{complete:?}");
}

#[tokio::test]
async fn the_real_profile_throttles_with_xml() {
    let (simulator, client) = start(Options {
        profile: Profile::Real,
        latency: Some(Duration::ZERO),
        ..small()
    })
    .await;
    simulator.world().clock().freeze(true);
    let mut passed = 0;
    for _ in 0..12 {
        let (status, body) = client.query("SELECT * FROM Item").await;
        if status == 429 {
            assert!(body.as_str().unwrap().contains("errorCode=003001"));
        } else {
            passed += 1;
        }
    }
    assert_eq!(passed, 10);
}

#[tokio::test]
async fn the_monthly_quota_ends_reads_and_is_counted() {
    let (simulator, client) = start(with(Switches {
        monthly_quota: 2,
        ..Switches::default()
    }))
    .await;
    for expected in [200, 200, 429] {
        assert_eq!(client.query("SELECT * FROM Item").await.0, expected);
    }
    assert_eq!(simulator.quickbooks().log().metered(), 2);
}

#[tokio::test]
async fn connections_are_lost_before_or_after_the_effect() {
    for (kind, effect) in [("drop_before", 0), ("drop_after", 1)] {
        let (simulator, client) = start(small()).await;
        let rule = json!({
            "service": "quick_books", "method": "POST", "path": "/customer$", "nth": 1,
            "action": { "kind": kind },
        });
        let rule = serde_json::from_value(rule).unwrap();
        simulator.world().faults().add(rule).unwrap();
        let lost = client
            .http
            .post(format!("{}/customer", client.base))
            .bearer_auth(&client.access)
            .json(&json!({ "DisplayName": "Lost" }))
            .send()
            .await;
        assert!(lost.is_err());
        assert_eq!(writes(&simulator), effect, "{kind}");
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_books_and_reset_brings_them_back() {
    let (one, _) = start(small()).await;
    let (two, _) = start(small()).await;
    let state = |simulator: &Simulator| simulator.quickbooks().service().state(true);
    let before = state(&one);
    assert_eq!(before, state(&two));
    let edits = json!({ "edit": "random", "seed": 4, "count": 60 });
    one.quickbooks().service().mutate(edits).unwrap();
    assert_ne!(before, state(&one));
    one.quickbooks().service().reset();
    assert_eq!(before, state(&one));
}
