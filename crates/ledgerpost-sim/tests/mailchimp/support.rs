//! A simulator and a client for its Mailchimp address.

use std::time::Duration;

use ledgerpost_sim::mailchimp::API_KEY;
use ledgerpost_sim::{Options, Simulator, Switches};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

pub(crate) struct Bench {
    pub(crate) simulator: Simulator,
    pub(crate) http: reqwest::Client,
    pub(crate) list: String,
}

/// A status and a body; a body that is no JSON is `null`.
pub(crate) type Answer = (u16, Value);

impl Bench {
    pub(crate) async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn switched(change: impl FnOnce(&mut Switches)) -> Self {
        let mut options = Options::default();
        change(&mut options.switches);
        Self::with(options).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        // A second installation in the same process is refused, and harmless.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let simulator = Simulator::start(options).await.unwrap();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let mut bench = Self {
            simulator,
            http,
            list: String::new(),
        };
        let (_, lists) = bench.get("/lists").await;
        bench.list = lists["lists"][0]["id"].as_str().unwrap().to_owned();
        // Tests that are about welcome mails switch them on.
        bench
            .mutate(json!({"kind": "edit_audience", "has_welcome": false, "double_optin": false}))
            .await;
        bench
    }

    pub(crate) fn url(&self) -> &str {
        self.simulator.mailchimp().url()
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Response {
        let address = format!("{}/us14/3.0{path}", self.url());
        let mut request = self.http.request(method, address).bearer_auth(API_KEY);
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.unwrap()
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let response = self.send(method, path, body).await;
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or_default())
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PATCH, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, None).await
    }

    /// A path of the audience.
    pub(crate) fn at(&self, tail: &str) -> String {
        format!("/lists/{}{tail}", self.list)
    }

    pub(crate) async fn control(&self, path: &str) -> Value {
        let address = format!("{}/_sim/{path}", self.url());
        self.http
            .get(address)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    pub(crate) async fn tell(&self, path: &str, body: Value) -> Value {
        let address = format!("{}/_sim/{path}", self.url());
        let response = self.http.post(address).json(&body).send().await.unwrap();
        assert!(
            response.status().is_success(),
            "{path}: {}",
            response.text().await.unwrap()
        );
        response.json().await.unwrap_or_default()
    }

    pub(crate) async fn mutate(&self, edit: Value) -> Value {
        self.tell("mutate", edit).await
    }

    pub(crate) async fn mailings(&self) -> Vec<Value> {
        self.control("mailings").await.as_array().unwrap().clone()
    }

    pub(crate) async fn add(&self, email: &str, status: &str) -> Answer {
        let body = json!({"email_address": email, "status": status});
        self.post(&self.at("/members"), body).await
    }

    pub(crate) async fn status_of(&self, email: &str) -> String {
        let (_, member) = self.get(&self.at(&format!("/members/{email}"))).await;
        member["status"].as_str().unwrap_or("absent").to_owned()
    }

    /// A store with one product, syncing.
    pub(crate) async fn store(&self) -> String {
        let (status, _) = self
            .post(
                "/ecommerce/stores",
                json!({"id": "qbo_1", "list_id": self.list, "name": "Shop",
                       "currency_code": "USD", "is_syncing": true}),
            )
            .await;
        assert_eq!(status, 200);
        let (status, _) = self
            .put(
                "/ecommerce/stores/qbo_1/products/item_1",
                json!({"id": "item_1", "title": "Mug",
                       "variants": [{"id": "item_1", "title": "Mug"}]}),
            )
            .await;
        assert_eq!(status, 200);
        "/ecommerce/stores/qbo_1".to_owned()
    }

    /// Submits operations and waits for the end.
    pub(crate) async fn batch(&self, operations: Value) -> Value {
        let (status, batch) = self
            .post("/batches", json!({"operations": operations}))
            .await;
        assert_eq!(status, 200, "{batch}");
        let path = format!("/batches/{}", batch["id"].as_str().unwrap());
        for _ in 0..1_000 {
            let (_, batch) = self.get(&path).await;
            if batch["status"] == "finished" {
                return batch;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("the batch did not finish");
    }
}

pub(crate) fn order(id: &str, email: &str) -> Value {
    json!({
        "id": id, "customer": {"id": format!("c-{email}"), "email_address": email,
                               "opt_in_status": false},
        "currency_code": "USD", "order_total": 12.5,
        "lines": [{"id": "1", "product_id": "item_1", "product_variant_id": "item_1",
                   "quantity": 1, "price": 12.5}],
    })
}

pub(crate) fn title(answer: &Answer) -> (u16, &str) {
    (answer.0, answer.1["title"].as_str().unwrap_or_default())
}

pub(crate) fn detail(answer: &Answer) -> &str {
    answer.1["detail"].as_str().unwrap_or_default()
}

pub(crate) fn ok(status: StatusCode) {
    assert!(status.is_success(), "{status}");
}
