//! A power cut in the middle of the first sync.

use serde_json::json;

use crate::driver::{Desk, wait_until};
use crate::services::Services;
use crate::set_up;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_sync_that_was_killed_carries_on_to_the_right_end() {
    let services = Services::start().await;
    let mut desk = Desk::with(&services);
    let window = desk.open().await;
    // The products, the tags and two batches of orders go before it.
    services.hold_batch(5);
    window.press("Connect my accounts").await;
    set_up::answer_everything(&window).await;
    services.wait_until_held();
    wait_until(|| orders(&services) > 0);
    desk.kill();
    services.let_go();
    let sent = orders(&services);
    assert!(
        sent < 5_139,
        "{sent} orders, so it was over: {}",
        services.log()
    );

    let window = desk.open().await;
    window.arrive("Everything is in step").await;
    window.read("7,621 changes sent").await;
    window.close().await;
    assert_eq!(orders(&services), 5_139);
    let mailchimp = services.mailchimp();
    assert_eq!(mailchimp["double_creates"], json!({}), "nothing twice");
    assert_eq!(mailchimp["contract_violations"], json!([]));
}

fn orders(services: &Services) -> usize {
    let mailchimp = services.mailchimp();
    let stores = mailchimp["accounts"][0]["stores"].as_object().unwrap();
    stores
        .values()
        .filter_map(|store| store["orders"].as_object())
        .map(serde_json::Map::len)
        .sum()
}
