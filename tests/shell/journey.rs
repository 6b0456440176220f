//! From nothing to the demo company connected, through a day with it, and away again.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::driver::Desk;
use crate::set_up;

#[tokio::test]
async fn the_demo_company_is_connected_synced_searched_and_disconnected() {
    let desk = Desk::new();
    let window = desk.open().await;
    window.arrive("Keep your Mailchimp audience").await;
    window.press("Try the demo company").await;
    set_up::answer_everything(&window).await;
    window.arrive("Connected, and everything adds up").await;
    window.read("All 1,195 contacts and 5,139 orders").await;
    window.press("Go to Home").await;
    window.arrive("Everything is in step").await;

    add_customer(&desk, "Juniper Vale Pottery", "clay@junipervale.example");
    window.press("Sync now").await;
    window.read("1,285").await;
    window.read("1,196").await;
    window.press("Contacts").await;
    window.enter("[data-search]", "junipervale").await;
    window.read("1 of 1,285").await;
    window.press_row("Juniper Vale Pottery").await;
    window.read("clay@junipervale.example").await;

    window.press("Home").await;
    window.press("Disconnect").await;
    window.read("Disconnect QuickBooks from Mailchimp?").await;
    window.press("Disconnect and delete 5,139 orders").await;
    window.arrive("Disconnected").await;
    window.read("Orders deleted from Mailchimp").await;
    window.read("5,139").await;
    window.close().await;

    let log = desk.log();
    for somebody in ["Tidewater", "Juniper", "junipervale", "@"] {
        assert!(
            !log.contains(somebody),
            "a log names nobody, not even somebody made up"
        );
    }
}

/// Adds a customer in QuickBooks, as a colleague of the owner would.
fn add_customer(desk: &Desk, name: &str, email: &str) {
    let file = fs::read_to_string(desk.data("demo/services.json")).unwrap();
    let services: Value = serde_json::from_str(&file).unwrap();
    let quickbooks = services["quickbooks"]["api_base_url"].as_str().unwrap();
    let host = quickbooks.strip_prefix("http://").unwrap();
    let customer = json!({ "DisplayName": name, "PrimaryEmailAddr": { "Address": email } });
    let edit = json!({ "edit": "create", "entity": "Customer", "record": customer }).to_string();

    let mut simulator = TcpStream::connect(host).unwrap();
    write!(
        simulator,
        "POST /_sim/mutate HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{edit}",
        edit.len()
    )
    .unwrap();
    let mut answer = String::new();
    simulator.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
