use rstest::rstest;

use super::*;
use crate::error::TokenError;
use crate::http::{Limits, Meter, Transport};
use crate::services::{ClientKeys, Services};
use crate::test_server::{Reply, TestServer};

const FULL: &str = r#"{"token_type":"bearer","access_token":"access-1","expires_in":"3600",
    "refresh_token":"refresh-1","x_refresh_token_expires_in":8726400,
    "x_refresh_token_hard_expires_in":"157680000","id_token":"e.f.g"}"#;

fn transport() -> Transport {
    Transport::new("test", Limits::default(), Meter::default())
}

fn services(server: &TestServer) -> Services {
    let mut services = Services::built_in();
    let client = Some(ClientKeys {
        client_id: "id".to_owned(),
        client_secret: Secret::new("canary-secret"),
    });
    services.quickbooks.client.clone_from(&client);
    services.quickbooks.token_url = server.url("/token");
    services.quickbooks.revoke_url = server.url("/revoke");
    services.mailchimp.client = client;
    services.mailchimp.token_url = server.url("/token");
    services.mailchimp.metadata_url = server.url("/metadata");
    services
}

fn quickbooks(server: &TestServer) -> DirectExchange {
    DirectExchange::quickbooks(&services(server).quickbooks, transport()).unwrap()
}

fn mailchimp(server: &TestServer) -> DirectExchange {
    DirectExchange::mailchimp(&services(server).mailchimp, transport()).unwrap()
}

fn redirect() -> RedirectUri {
    RedirectUri::parse("http://localhost:17865/callback").unwrap()
}

#[tokio::test]
async fn quickbooks_gets_basic_credentials_and_is_asked_for_the_hard_end() {
    let server = TestServer::start([Reply::json(200, FULL)]).await;
    let grant = quickbooks(&server)
        .exchange_code(&Secret::new("the-code"), &redirect())
        .await
        .unwrap();
    assert_eq!(grant.access, Secret::new("access-1"));
    assert_eq!(
        grant.access_for.unwrap().as_secs(),
        3600,
        "numbers may come as strings"
    );
    assert_eq!(grant.hard_for.unwrap().as_secs(), 157_680_000);
    let request = &server.requests()[0];
    assert!(
        request.contains("authorization: Basic aWQ6Y2FuYXJ5LXNlY3JldA=="),
        "{request}"
    );
    assert!(
        request.contains("x-include-refresh-token-hard-expires-in: true"),
        "{request}"
    );
    assert!(
        request.contains("grant_type=authorization_code"),
        "{request}"
    );
    assert!(
        request.contains("redirect_uri=http%3A%2F%2Flocalhost%3A17865%2Fcallback"),
        "{request}"
    );
}

#[rstest]
#[case::zero(r#"{"access_token":"a","expires_in":0,"scope":null}"#)]
#[case::null(r#"{"access_token":"a","expires_in":null}"#)]
#[case::absent(r#"{"access_token":"a"}"#)]
#[tokio::test]
async fn mailchimp_tokens_never_end(#[case] body: &str) {
    let server = TestServer::start([Reply::json(200, body)]).await;
    let grant = mailchimp(&server)
        .exchange_code(&Secret::new("the-code"), &redirect())
        .await
        .unwrap();
    assert_eq!((grant.access_for, grant.refresh), (None, None));
    let request = &server.requests()[0];
    assert!(
        request.contains("client_id=id&client_secret=canary-secret"),
        "as form fields: {request}"
    );
}

#[rstest]
#[case::dead(400, r#"{"error":"invalid_grant"}"#, "sign_in_again")]
#[case::dead_with_words(
    401,
    r#"{"error_description":"canary","error":"invalid_grant"}"#,
    "sign_in_again"
)]
#[case::dead_in_a_success(200, r#"{"error":"invalid_grant"}"#, "sign_in_again")]
#[case::keys(401, r#"{"error":"invalid_client"}"#, "keys_refused")]
#[case::fault(400, r#"{"error":"invalid_request"}"#, "keys_refused")]
#[case::hostile_word(400, r#"{"error":"canary canary"}"#, "keys_refused")]
#[case::throttled(429, "<html>canary</html>", "sign_in_unavailable")]
#[case::down(503, r#"{"error":"invalid_grant"}"#, "sign_in_unavailable")]
#[case::no_json(400, "canary", "sign_in_unreadable")]
#[case::half(200, r#"{"refresh_token":"canary"}"#, "sign_in_unreadable")]
#[tokio::test]
async fn the_error_word_alone_decides(#[case] status: u16, #[case] body: &str, #[case] code: &str) {
    let server = TestServer::start([Reply::json(status, body)]).await;
    let error = quickbooks(&server)
        .refresh_tokens(&Secret::new("canary-refresh"))
        .await
        .unwrap_err();
    assert_eq!(error.code(), code);
    assert!(
        !format!("{error} {error:?}").contains("canary"),
        "{error:?}"
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn an_invalid_code_does_not_look_like_a_lost_sign_in() {
    let server = TestServer::start([Reply::json(400, r#"{"error":"invalid_grant"}"#)]).await;
    let outcome = quickbooks(&server)
        .exchange_code(&Secret::new("c"), &redirect())
        .await;
    assert_eq!(outcome.unwrap_err().code(), "sign_in_refused");
}

#[rstest]
#[case::gone(Reply::json(200, ""), Ok(true))]
#[case::unknown(Reply::json(400, r#"{"error":"invalid_request"}"#), Ok(true))]
#[case::keys(Reply::json(401, r#"{"error":"invalid_client"}"#), Err("keys_refused"))]
#[case::down(Reply::json(500, ""), Err("sign_in_unavailable"))]
#[tokio::test]
async fn revoking(#[case] reply: Reply, #[case] expected: Result<bool, &'static str>) {
    let server = TestServer::start([reply]).await;
    let outcome = quickbooks(&server)
        .revoke_token(&Secret::new("refresh-1"))
        .await;
    assert_eq!(outcome.map_err(|error| error.code()), expected);
    assert!(server.requests()[0].contains(r#"{"token":"refresh-1"}"#));
}

#[tokio::test]
async fn the_authorize_address_has_what_each_service_wants() {
    let server = TestServer::start([Reply::Drop]).await;
    let state = Secret::new("st-1");
    let url = quickbooks(&server).authorize_url(&redirect(), &state);
    let query: std::collections::BTreeMap<_, _> = url.query_pairs().collect();
    assert_eq!(query["state"], "st-1");
    assert_eq!(
        query["scope"],
        "com.intuit.quickbooks.accounting openid profile email"
    );
    let url = mailchimp(&server).authorize_url(&redirect(), &state);
    assert!(!url.query_pairs().any(|(name, _)| name == "scope"));
    assert!(!url.as_str().contains("canary"), "the secret stays here");
}

#[rstest]
#[case::good(
    200,
    r#"{"dc":"us19","api_endpoint":"https://us19.api.mailchimp.com","accountname":"A"}"#,
    Ok("https://us19.api.mailchimp.com/")
)]
#[case::only_dc(200, r#"{"dc":"us6"}"#, Ok("https://us6.api.mailchimp.com/"))]
#[case::bad_token(200, r#"{"error":"invalid_token"}"#, Err("token_unusable"))]
#[case::plain_http(200, r#"{"api_endpoint":"http://evil.test"}"#, Err("token_unusable"))]
#[case::down(502, "", Err("sign_in_unavailable"))]
#[tokio::test]
async fn metadata_are_believed_by_their_fields_not_their_status(
    #[case] status: u16,
    #[case] body: &str,
    #[case] expected: Result<&'static str, &'static str>,
) {
    let server = TestServer::start([Reply::json(status, body)]).await;
    let place = find_mailchimp(
        &services(&server).mailchimp,
        &transport(),
        &Secret::new("token"),
    )
    .await;
    let found = place
        .map(|place| place.api_base_url.to_string())
        .map_err(|error| error.code());
    assert_eq!(found.as_deref().map_err(|code| *code), expected);
    assert!(server.requests()[0].contains("authorization: OAuth token"));
}

#[test]
fn without_keys_there_is_a_way_out() {
    let mut services = Services::built_in();
    services.quickbooks.client = None;
    let error = DirectExchange::quickbooks(&services.quickbooks, transport()).unwrap_err();
    assert!(
        error.to_string().contains("docs/connect-accounts.md"),
        "{error}"
    );
}

#[test]
fn a_word_of_the_service_cannot_carry_text() {
    let error = TokenError::Configuration {
        service: "QuickBooks",
        word: crate::error::ServiceWord::new("Token canary@mail.test"),
    };
    assert!(!error.to_string().contains("canary"));
}
