//! Any call: what it carries, and which troubles are tried again.

use ledgerpost_core::destination::MemberStatus;
use ledgerpost_core::retry::Retry;
use ledgerpost_mailchimp::Reason;
use rstest::rstest;

use crate::bodies::audience;
use crate::server::{Answer, Server};

#[tokio::test]
async fn a_call_carries_the_token_and_asks_for_its_fields_only() {
    let server = Server::start(|_, _| {
        Answer::ok(r#"{"account_id":"8d3a3db4d97663a9074efcc16","account_name":"Tidewater"}"#)
    })
    .await;
    let root = server.client().read_root().await.unwrap();
    assert_eq!(root.account_name, "Tidewater");
    let seen = &server.seen()[0];
    assert_eq!(seen.line(), "GET /3.0/");
    assert_eq!(seen.authorization.as_deref(), Some("Bearer canary-token"));
    assert!(seen.parameter("fields").unwrap().starts_with("account_id,"));
}

#[tokio::test]
async fn a_sign_in_to_another_account_is_refused() {
    let server = Server::start(|_, _| Answer::ok(r#"{"account_id":"other"}"#)).await;
    let error = server
        .client()
        .read_root_of(&"ours".into())
        .await
        .unwrap_err();
    assert_eq!(
        (error.code(), error.retry()),
        ("wrong_account", Retry::SignIn)
    );
}

#[rstest]
#[case::throttled(Answer::problem(
    429,
    "Too Many Requests",
    "You have exceeded the limit of 10 simultaneous connections."
))]
#[case::edge(Answer::html(403))]
#[case::server(Answer::html(502))]
#[case::garbled(Answer::html(400))]
#[tokio::test]
async fn a_passing_trouble_is_tried_again(#[case] trouble: Answer) {
    let trouble = std::sync::Mutex::new(Some(trouble));
    let server = Server::start(move |_, _| {
        let trouble = trouble.lock().unwrap().take();
        trouble.unwrap_or_else(|| Answer::ok(r#"{"total_items":7}"#))
    })
    .await;
    let count = server
        .client()
        .count_members(&audience(), MemberStatus::Subscribed)
        .await;
    assert_eq!(count.unwrap(), 7);
    assert_eq!(server.lines().len(), 2);
}

#[rstest]
#[case::forbidden(403, "Forbidden", Reason::Forbidden)]
#[case::compliance(503, "Compliance Related", Reason::ComplianceDisabled)]
#[case::revoked(401, "API Key Invalid", Reason::SignIn)]
#[tokio::test]
async fn a_lasting_trouble_is_not(
    #[case] status: u16,
    #[case] title: &'static str,
    #[case] reason: Reason,
) {
    let server = Server::start(move |_, _| Answer::problem(status, title, "No.")).await;
    let error = server.client().read_root().await.unwrap_err();
    assert!(error.is(reason), "{error:?}");
    assert_eq!(server.lines().len(), 1);
}
