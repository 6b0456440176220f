//! The server as a browser test uses it.

use std::net::{Ipv4Addr, SocketAddr};

use ledgerpost_devserver::{Settings, start};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// The server, and a folder of built files as long as it is used.
struct Served {
    address: String,
    client: reqwest::Client,
    _ui: tempfile::TempDir,
}

async fn serve() -> Served {
    // Whoever is first; the others find it there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let ui = tempfile::tempdir().expect("a folder");
    std::fs::write(ui.path().join("index.html"), "<h1>Ledgerpost</h1>").expect("a file");
    let server = start(Settings {
        address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        ui: ui.path().to_owned(),
        data_folder: None,
        services: None,
        open_browser: false,
    })
    .await
    .expect("it starts");
    let address = server.address();
    tokio::spawn(server.run());
    Served {
        address,
        client: reqwest::Client::new(),
        _ui: ui,
    }
}

#[tokio::test]
async fn a_command_is_answered_and_an_unknown_one_is_refused() {
    let served = serve().await;
    let (address, client) = (&served.address, &served.client);
    let ask = async |name: &str| {
        client
            .post(format!("{address}/command/{name}"))
            .json(&json!({}))
            .send()
            .await
            .expect("it answers")
    };
    let start = ask("read_start").await;
    assert_eq!(start.status(), StatusCode::OK);
    let start: Value = start.json().await.expect("JSON");
    assert_eq!(start["companies"], json!([]), "nothing is connected yet");
    let refused = ask("delete_everything").await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let refused: Value = refused.json().await.expect("JSON");
    assert_eq!(refused["code"], "bad_request");
}

#[tokio::test]
async fn the_stream_begins_with_a_snapshot() {
    let served = serve().await;
    let (address, client) = (&served.address, &served.client);
    let mut answer = client
        .get(format!("{address}/watch"))
        .send()
        .await
        .expect("it answers");
    let line = answer.chunk().await.expect("it streams").expect("a line");
    let message: Value = serde_json::from_slice(&line).expect("JSON");
    assert_eq!(message, json!({ "kind": "snapshot", "work": null }));
}

#[tokio::test]
async fn the_windows_files_come_with_the_windows_policy() {
    let served = serve().await;
    let (address, client) = (&served.address, &served.client);
    let page = client.get(address).send().await.expect("it answers");
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(policy.contains("connect-src 'self'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(page.text().await.expect("text"), "<h1>Ledgerpost</h1>");
}

#[tokio::test]
async fn pages_from_elsewhere_are_refused() {
    let served = serve().await;
    let (address, client) = (&served.address, &served.client);
    for (name, value) in [
        ("host", "ledgerpost.example"),
        ("origin", "https://example.com"),
    ] {
        let answer = client
            .post(format!("{address}/command/read_start"))
            .header(name, value)
            .json(&json!({}))
            .send()
            .await
            .expect("it answers");
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{name}: {value}");
    }
}

#[tokio::test]
async fn a_scene_replaces_the_one_before() {
    let served = serve().await;
    let (address, client) = (&served.address, &served.client);
    let scene = async |scene: Value| {
        client
            .post(format!("{address}/_dev/reset"))
            .json(&scene)
            .send()
            .await
            .expect("it answers")
    };
    let start = async || {
        client
            .post(format!("{address}/command/read_start"))
            .json(&json!({}))
            .send()
            .await
            .expect("it answers")
    };
    assert_eq!(
        scene(json!({ "folderInUse": true })).await.status(),
        StatusCode::OK
    );
    let refused: Value = start().await.json().await.expect("JSON");
    assert_eq!(refused["code"], "folder_in_use");
    client
        .post(format!("{address}/_dev/release"))
        .send()
        .await
        .expect("it answers");
    assert_eq!(
        start().await.status(),
        StatusCode::OK,
        "asking again opens the folder that is free now"
    );
    let without: Value = {
        scene(json!({ "withoutKeys": true })).await;
        start().await.json().await.expect("JSON")
    };
    assert_eq!(without["quickbooksKeys"], "missing");
    assert_eq!(
        scene(json!({ "colour": "green" })).await.status(),
        StatusCode::UNPROCESSABLE_ENTITY,
        "a misspelt scene is not played"
    );
}

#[tokio::test]
async fn the_services_can_be_out_of_reach_and_come_back_as_they_were() {
    let served = serve().await;
    let (address, client) = (&served.address, &served.client);
    let network = async |online: bool| {
        client
            .post(format!("{address}/_dev/network"))
            .json(&json!({ "online": online }))
            .send()
            .await
            .expect("it answers")
            .status()
    };
    let places = client.get(format!("{address}/_dev/places")).send();
    let places: Value = places
        .await
        .expect("it answers")
        .json()
        .await
        .expect("JSON");
    let books = places["quickbooks"]
        .as_str()
        .expect("an address")
        .to_owned();
    let state = async || -> Result<String, reqwest::Error> {
        let state = client.get(format!("{books}/_sim/state?stable=1"));
        state.send().await?.text().await
    };
    let before = state().await.expect("it is reached");
    for _ in 0..2 {
        assert_eq!(network(false).await, StatusCode::OK);
        assert!(state().await.expect_err("nobody is there").is_connect());
    }
    for _ in 0..2 {
        assert_eq!(network(true).await, StatusCode::OK);
        assert_eq!(state().await.expect("it is reached"), before);
    }
}
