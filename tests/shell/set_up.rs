//! The wizard, as an owner goes through it who takes what is recommended.

use crate::driver::Window;

/// From the first page of the wizard to the button that sends. The figures are the demo company's.
pub(crate) async fn answer_everything(window: &Window) {
    window.arrive("Sign in to QuickBooks").await;
    window.press("Open QuickBooks to sign in").await;
    // The browser says yes, the answer comes over loopback, and the window goes on by itself.
    window.arrive("Tidewater Ceramics").await;
    window.read("1,284").await;
    window.press("Next").await;
    window.arrive("Connect your Mailchimp account").await;
    window.press("Open Mailchimp to sign in").await;
    window.press("Next: choose an audience").await;
    window.arrive("Choose the audience").await;
    window
        .read("318 of your 1,195 customers are here already")
        .await;
    window.press("Next: marketing status").await;
    window.arrive("May you send them marketing?").await;
    window.read("877 not subscribed").await;
    window.press("Next: review").await;
    window.arrive("Review, then connect").await;
    for figure in ["877", "289", "29", "13", "76", "1,284"] {
        window.read(figure).await;
    }
    window.press("Connect and send 1,195 contacts").await;
}
