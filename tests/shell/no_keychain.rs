//! A computer without a keychain: nothing can be kept there, and trying Ledgerpost keeps nothing.

use crate::driver::Desk;
use crate::services::Services;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_keychain_a_sign_in_says_so_before_it_begins_and_the_demo_company_can_be_tried() {
    let services = Services::start().await;
    let desk = Desk::without_keychain(&services);
    let window = desk.open().await;
    window.press("Connect my accounts").await;
    window.press("Open QuickBooks to sign in").await;
    window.read("The keychain is missing or locked").await;
    window.read("--secrets file").await;

    window.press("Back").await;
    window.press("Try the demo company").await;
    window.press("Open QuickBooks to sign in").await;
    window.arrive("Tidewater Ceramics").await;
    window.close().await;
}
