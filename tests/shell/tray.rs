//! What the window gives to the desktop around it: its entry in the tray, and its notifications.

use serde_json::json;

use crate::desktop::{Desktop, Notice};
use crate::driver::Desk;
use crate::services::Services;
use crate::set_up;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tray_tells_syncs_pauses_and_ends_and_a_notification_asks_to_sign_in() {
    let desktop = Desktop::start();
    let services = Services::start().await;
    let desk = Desk::on(&desktop, &services);
    let window = desk.open().await;
    desktop.wait_until_tray_says("No company is connected");
    window.press("Connect my accounts").await;
    set_up::answer_everything(&window).await;
    window.press("Go to Home").await;
    window.arrive("Everything is in step").await;
    desktop.wait_until_tray_says("Tidewater Ceramics: in step");

    services.edit_quickbooks(json!({
        "edit": "create",
        "entity": "Customer",
        "record": {
            "DisplayName": "Juniper Vale Pottery",
            "PrimaryEmailAddr": { "Address": "clay@junipervale.example" },
        },
    }));
    desktop.choose("Sync now");
    window.read("1,285").await;
    window.read("1,196").await;

    desktop.choose("Pause");
    window.arrive("Paused").await;
    desktop.wait_until_tray_says("Tidewater Ceramics: paused");
    desktop.choose("Resume");
    window.arrive("Everything is in step").await;

    window.press("Settings").await;
    window.press("This computer").await;
    window.turn("Notifications").await;
    services.edit_quickbooks(json!({ "edit": "disconnect" }));
    desktop.choose("Sync now");
    assert_eq!(
        desktop.wait_for_notice("Sign in to QuickBooks again"),
        Notice {
            sender: "Ledgerpost".to_owned(),
            entry: "Ledgerpost".to_owned(),
            icon: "ledgerpost-desktop".to_owned(),
            title: "Sign in to QuickBooks again".to_owned(),
            text: "Until you do, nothing is sent for Tidewater Ceramics.".to_owned(),
        }
    );
    desktop.wait_until_tray_says("Tidewater Ceramics: QuickBooks needs you to sign in again");

    desktop.choose("Quit");
    desk.wait_until_closed();
}
