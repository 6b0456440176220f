//! A panic shows whatever it was raised with: `expect` prints the error, `unwrap` too, and a message
//! prints its arguments. Nothing of ours that holds a secret may say it there.

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use ledgerpost_net::Secret;
use ledgerpost_net::http::{Method, RequestSpec};
use ledgerpost_net::oauth::TokenGrant;
use ledgerpost_net::services::{ClientKeys, Services};
use ledgerpost_net::sign_in::{Callback, SignInState};
use url::Url;

const CANARY: &str = "canary-27182818";

/// The messages of panics that carry the value: as an error, and as an argument.
fn messages(value: &dyn Debug) -> Vec<String> {
    let failed = std::iter::once(Err::<(), _>(value)).collect::<Result<(), _>>();
    let panics: [&dyn Fn(); 3] = [
        &|| failed.expect("it works"),
        &|| panic!("{value:?}"),
        &|| panic!("{value:#?}"),
    ];
    let message = |panic: &dyn Fn()| {
        let thrown = catch_unwind(AssertUnwindSafe(panic)).expect_err("it panics");
        *thrown
            .downcast::<String>()
            .expect("a message with arguments")
    };
    panics.into_iter().map(message).collect()
}

#[test]
fn a_panic_with_anything_that_holds_a_secret_does_not_say_it() {
    let secret = Secret::new(CANARY);
    let grant = TokenGrant {
        access: secret.clone(),
        access_for: Some(Duration::from_secs(3600)),
        refresh: Some(secret.clone()),
        refresh_for: None,
        hard_for: None,
    };
    let callback = Callback {
        code: secret.clone(),
        realm: None,
    };
    let keys = ClientKeys {
        client_id: "an-app".to_owned(),
        client_secret: secret.clone(),
    };
    let mut services = Services::built_in();
    services.quickbooks.client = Some(keys.clone());
    services.mailchimp.client = Some(keys.clone());
    let address =
        Url::parse(&format!("http://127.0.0.1/callback?code={CANARY}")).expect("an address");
    let request = RequestSpec::new(Method::POST, address, "/callback")
        .authorization("Bearer", &secret)
        .and_then(|request| request.json(&serde_json::json!({ "email": CANARY })))
        .expect("a sound request");
    let holders: [&dyn Debug; 8] = [
        &secret,
        &grant,
        &callback,
        &SignInState::new(secret.clone()),
        &SignInState::relayed(17_865, &secret),
        &keys,
        &services,
        &request,
    ];
    for holder in holders {
        for message in messages(holder) {
            assert!(message.len() > 5, "the panic says something: {message}");
            assert!(!message.contains(CANARY), "{message}");
        }
    }
}
