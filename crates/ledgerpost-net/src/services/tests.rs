use std::io::Write as _;

use rstest::rstest;

use super::*;
use crate::secrets::MemorySecrets;

fn load(text: &str) -> Result<Services, ServicesError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    Services::load(Some(file.path()))
}

#[test]
fn what_a_file_leaves_out_keeps_its_built_in_value() {
    let services = load(r#"{"version":1,"quickbooks":{"environment":"sandbox"}}"#).unwrap();
    assert_eq!(
        services.quickbooks.api_base_url.as_str(),
        "https://sandbox-quickbooks.api.intuit.com/"
    );
    assert_eq!(services.mailchimp, Services::built_in().mailchimp);
}

#[test]
fn what_it_writes_it_reads_back() {
    let text = r#"{"version":1,"quickbooks":{"client_id":"id","client_secret":"s",
        "api_base_url":"http://127.0.0.1:4000","redirect_uri":"http://localhost:17865/callback"},
        "mailchimp":{"api_base_url":"http://127.0.0.1:4001","client_id":"id","client_secret":"s"},
        "hubspot":null}"#;
    let services = load(text).unwrap();
    let written = serde_json::to_string(&services).unwrap();
    assert_eq!(load(&written).unwrap(), services);
}

#[rstest]
#[case::unknown(
    r#"{"version":1,"quickbooks":{"tokenurl":"x"}}"#,
    "quickbooks.tokenurl is not known"
)]
#[case::plain_http(
    r#"{"version":1,"mailchimp":{"token_url":"http://mail.test/t"}}"#,
    "mailchimp.token_url must start with https"
)]
#[case::no_address(
    r#"{"version":1,"mailchimp":{"token_url":"token"}}"#,
    "mailchimp.token_url is not an address"
)]
#[case::query(
    r#"{"version":1,"mailchimp":{"token_url":"https://mail.test/?a=b"}}"#,
    "mailchimp.token_url must not hold"
)]
#[case::half(
    r#"{"version":1,"quickbooks":{"client_id":"x"}}"#,
    "quickbooks.client_id must be given together"
)]
#[case::kind(
    r#"{"version":1,"quickbooks":{"client_secret":4711}}"#,
    "quickbooks.client_secret has a value of the wrong kind"
)]
#[case::no_version("{}", "version is missing")]
#[case::newer(r#"{"version":2,"new":1}"#, "has version 2")]
#[case::syntax("{\"version\":1,\n", "line 2")]
fn an_error_names_the_file_the_field_and_the_cause(#[case] text: &str, #[case] words: &str) {
    let error = load(text).unwrap_err().to_string();
    assert!(error.contains(words), "{error}");
    assert!(error.contains("the services file /"), "{error}");
    assert!(
        !error.contains("4711"),
        "a secret's value must not be quoted"
    );
}

#[tokio::test]
async fn pasted_keys_go_before_the_file_and_bring_their_environment() {
    let secrets = MemorySecrets::default();
    let keys = PastedKeys {
        client_id: "own".to_owned(),
        client_secret: Secret::new("own-secret"),
        environment: Some(Environment::Sandbox),
        redirect_uri: None,
    };
    save_pasted_keys(&secrets, Service::QuickBooks, &keys)
        .await
        .unwrap();
    let services = load(r#"{"version":1,"quickbooks":{"client_id":"file","client_secret":"s"}}"#)
        .unwrap()
        .with_pasted_keys(&secrets)
        .await
        .unwrap();
    assert_eq!(services.quickbooks.client.unwrap().client_id, "own");
    assert_eq!(
        services.quickbooks.redirect_uri.as_str(),
        "http://localhost:17865/callback"
    );
    assert!(
        services
            .quickbooks
            .api_base_url
            .as_str()
            .contains("sandbox")
    );
}

#[test]
fn a_redirect_address_keeps_its_spelling() {
    let relay = RedirectUri::parse("https://relay.test").unwrap();
    assert_eq!(
        relay.as_str(),
        "https://relay.test",
        "no slash was registered"
    );
    assert_eq!(relay.loopback_port(), None);
    let local = RedirectUri::parse("http://localhost:17865/callback").unwrap();
    assert_eq!(
        local.with_loopback_port(17866).as_str(),
        "http://localhost:17866/callback"
    );
    assert!(RedirectUri::parse("http://relay.test/callback").is_none());
}
