//! From nothing to the demo company, with the real sign-in in a browser beside the window.

use crate::driver::Desk;

#[tokio::test]
async fn the_demo_company_signs_in_through_the_owners_browser() {
    let desk = Desk::new();
    let window = desk.open().await;
    window.read("Keep your Mailchimp audience").await;
    window.press("Try the demo company").await;
    window.read("Sign in to QuickBooks").await;
    window.press("Open QuickBooks to sign in").await;
    // The browser says yes, the answer comes over loopback, and the window goes on by itself.
    window.read("Tidewater Ceramics").await;
    window.close().await;
    assert!(
        !desk.log().contains("Tidewater"),
        "a log names nobody, not even a made-up company"
    );
}
