//! Checklist 1, 2, 3, 15: signing in, hosts, connections, problem documents.

use std::time::Duration;

use ledgerpost_sim::mailchimp::API_KEY;
use ledgerpost_sim::{Options, Profile};
use reqwest::header::LOCATION;
use serde_json::{Value, json};
use url::Url;

use crate::support::{Bench, detail, ok, title};

const REDIRECT: &str = "http://127.0.0.1:17865/callback";

fn authorize(bench: &Bench, redirect: &str) -> Url {
    let services = &bench.simulator.services().mailchimp;
    let query = [
        ("response_type", "code"),
        ("client_id", &services.client_id),
        ("redirect_uri", redirect),
        ("state", "s t&1"),
    ];
    Url::parse_with_params(&services.authorize_url, query).unwrap()
}

fn answered(response: &reqwest::Response) -> Vec<(String, String)> {
    let location = response.headers()[LOCATION].to_str().unwrap();
    Url::parse(location)
        .unwrap()
        .query_pairs()
        .into_owned()
        .collect()
}

async fn exchange(bench: &Bench, code: &str, redirect: &str) -> (u16, Value) {
    let services = &bench.simulator.services().mailchimp;
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", services.client_id.as_str()),
        ("client_secret", services.client_secret.as_str()),
        ("redirect_uri", redirect),
        ("code", code),
    ];
    let response = bench
        .http
        .post(&services.token_url)
        .form(&form)
        .send()
        .await
        .unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn code(bench: &Bench) -> String {
    let response = bench
        .http
        .get(authorize(bench, REDIRECT))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 302);
    let given = answered(&response);
    assert_eq!(given[1], ("state".to_owned(), "s t&1".to_owned()));
    given[0].1.clone()
}

async fn consenting() -> Bench {
    Bench::with(Options {
        auto_consent: true,
        ..Options::default()
    })
    .await
}

#[tokio::test]
async fn a_code_works_once_within_half_a_minute_for_the_same_redirect() {
    let bench = consenting().await;
    let first = code(&bench).await;
    let (status, token) = exchange(&bench, &first, REDIRECT).await;
    assert_eq!(status, 200);
    assert_eq!(token["expires_in"], 0);
    assert!(token.get("refresh_token").is_none());
    assert_eq!(token["access_token"].as_str().unwrap().len(), 32);
    for (code, redirect, wait) in [
        (first, REDIRECT, 0),
        (code(&bench).await, "http://127.0.0.1:17865/other", 0),
        (code(&bench).await, REDIRECT, 31),
    ] {
        bench.tell("clock", json!({"advance_seconds": wait})).await;
        let (status, body) = exchange(&bench, &code, redirect).await;
        assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
    }
}

#[tokio::test]
async fn the_redirect_has_to_match_exactly_unless_a_switch_says_by_prefix() {
    let bench = consenting().await;
    let longer = format!("{REDIRECT}/more");
    let refused = bench
        .http
        .get(authorize(&bench, &longer))
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 400);
    bench
        .tell("switches", json!({"redirect_prefix_match": true}))
        .await;
    let passed = bench
        .http
        .get(authorize(&bench, &longer))
        .send()
        .await
        .unwrap();
    assert_eq!(passed.status(), 302);
}

#[tokio::test]
async fn the_consent_page_offers_two_businesses_and_takes_a_no() {
    let bench = Bench::new().await;
    let page = bench
        .http
        .get(authorize(&bench, REDIRECT))
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 200);
    let html = page.text().await.unwrap();
    assert_eq!(html.matches("type=\"radio\"").count(), 2);
    let services = &bench.simulator.services().mailchimp;
    let answer = |decision: &'static str| {
        let form = [
            ("response_type", "code"),
            ("client_id", services.client_id.as_str()),
            ("redirect_uri", REDIRECT),
            ("state", "x"),
            ("account", "1"),
            ("decision", decision),
        ];
        bench.http.post(&services.authorize_url).form(&form).send()
    };
    let denied = answered(&answer("deny").await.unwrap());
    assert_eq!(denied[0], ("error".to_owned(), "access_denied".to_owned()));
    let allowed = answered(&answer("allow").await.unwrap());
    let (_, token) = exchange(&bench, &allowed[0].1, REDIRECT).await;
    let metadata: Value = bench
        .http
        .get(&services.metadata_url)
        .bearer_auth(token["access_token"].as_str().unwrap())
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(metadata["accountname"], "Hafenladen Keramik");
}

#[tokio::test]
async fn metadata_takes_three_forms_and_answers_200_to_a_bad_token() {
    let bench = consenting().await;
    let (_, token) = exchange(&bench, &code(&bench).await, REDIRECT).await;
    let token = token["access_token"].as_str().unwrap();
    let address = &bench.simulator.services().mailchimp.metadata_url;
    let wanted = json!(format!("{}/us14", bench.url()));
    for request in [
        bench
            .http
            .get(address)
            .header("authorization", format!("OAuth {token}")),
        bench.http.get(address).bearer_auth(token),
        bench.http.get(format!("{address}?oauth_token={token}")),
    ] {
        let body: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(body["api_endpoint"], wanted);
    }
    let bad = bench
        .http
        .get(address)
        .bearer_auth("nonsense")
        .send()
        .await
        .unwrap();
    assert_eq!(bad.status(), 200);
    let body: Value = bad.json().await.unwrap();
    assert!(body.get("api_endpoint").is_none() && body.get("error").is_some());
}

#[tokio::test]
async fn both_hosts_answer_and_another_data_centre_is_refused() {
    let bench = Bench::new().await;
    for (prefix, wanted) in [("/us14/3.0", 200), ("/3.0", 200), ("/us19/3.0", 403)] {
        let response = bench
            .http
            .get(format!("{}{prefix}/ping", bench.url()))
            .basic_auth("anybody", Some(API_KEY))
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), wanted, "{prefix}");
        if wanted == 403 {
            let body: Value = response.json().await.unwrap();
            assert_eq!(body["title"], "Wrong Datacenter");
        }
    }
    let missing = bench
        .http
        .get(format!("{}/3.0/ping", bench.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(missing.status(), 401);
    bench.mutate(json!({"kind": "revoke"})).await;
    assert_eq!(title(&bench.get("/ping").await).0, 401);
}

#[tokio::test]
async fn an_eleventh_connection_is_refused() {
    let bench = Bench::with(Options {
        profile: Profile::Real,
        latency: Some(Duration::from_millis(150)),
        ..Options::default()
    })
    .await;
    let calls: Vec<_> = (0..14).map(|_| bench.get("/ping")).collect();
    let answers = futures_util::future::join_all(calls).await;
    let refused: Vec<_> = answers.iter().filter(|answer| answer.0 == 429).collect();
    assert_eq!(refused.len(), 4);
    assert_eq!(
        detail(refused[0]),
        "You have exceeded the limit of 10 simultaneous connections."
    );
}

#[tokio::test]
async fn problems_carry_their_request_id_and_403_may_come_without_one() {
    let bench = Bench::new().await;
    let response = bench.send(reqwest::Method::GET, "/lists/nope", None).await;
    let id = response.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        response.headers()["content-type"],
        "application/problem+json; charset=utf-8"
    );
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["instance"], json!(id));
    assert!(body.get("type").is_some());
    bench.add("dana@northfield.test", "subscribed").await;
    let exists = bench.add("dana@northfield.test", "subscribed").await;
    assert_eq!(title(&exists), (400, "Member Exists"));
    assert!(exists.1.get("type").is_none(), "recordings omit it here");
    bench
        .tell(
            "faults",
            json!({"path": "ping", "times": 1,
                   "action": {"kind": "status", "status": 403, "body": "html"}}),
        )
        .await;
    let throttled = bench.get("/ping").await;
    assert_eq!(throttled, (403, Value::Null));
    let wrong = bench.call(reqwest::Method::DELETE, "/ping", None).await;
    assert_eq!(wrong.0, 405);
    let response = bench.send(reqwest::Method::GET, "/ping", None).await;
    ok(response.status());
}
