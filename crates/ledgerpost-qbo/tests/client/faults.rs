//! Tokens, throttling and failures of the service.

use ledgerpost_core::retry::Retry;
use ledgerpost_qbo::{Entity, Error, Selection};

use crate::service::{Books, start};

const THROTTLED: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<IntuitResponse time="2016-12-07T15:27:09.527-08:00" xmlns="http://schema.intuit.com/finance/v3">
<Fault type="SERVICE"><Error code="3001"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message>
<Detail>The request limit was reached.  Try again later</Detail></Error></Fault></IntuitResponse>"#;

async fn read(books: Books) -> (Result<bool, Error>, usize) {
    let (client, books, _) = start(books.fill(Entity::Customer, 3), |_| {}).await;
    let outcome = client.read_by_id(Entity::Customer, "2").await;
    let requests = books.lock().unwrap().log.len();
    (outcome.map(|row| row.is_some()), requests)
}

fn after(status: u16, body: &str, times: usize) -> Books {
    Books {
        answers: vec![(status, body.to_owned()); times],
        ..Books::default()
    }
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_and_the_call_repeated() {
    let books = Books {
        token: Some("token-1"),
        ..Books::default()
    };
    let (outcome, requests) = read(books).await;
    assert!(outcome.unwrap());
    assert_eq!(requests, 2);
}

#[tokio::test]
async fn a_token_that_is_never_accepted_ends_in_sign_in_and_is_not_shown() {
    let books = Books {
        token: Some("another"),
        ..Books::default()
    };
    let (outcome, requests) = read(books).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.retry(), Retry::SignIn);
    assert_eq!(requests, 2);
    assert!(!format!("{error} {error:?}").contains("token-"));
}

#[tokio::test]
async fn throttling_is_waited_out_whatever_its_status() {
    for status in [429, 403] {
        let (outcome, requests) = read(after(status, THROTTLED, 2)).await;
        assert!(outcome.unwrap());
        assert_eq!(requests, 3);
    }
}

#[tokio::test]
async fn throttling_without_end_means_that_the_month_is_used_up() {
    let (outcome, _) = read(after(429, THROTTLED, 50)).await;
    assert!(matches!(outcome, Err(Error::MonthlyQuota { .. })));
}

#[tokio::test]
async fn a_failing_service_is_asked_again() {
    for body in [
        "<html><body>Service Unavailable<br></body></html>",
        "",
        "<IntuitResponse",
    ] {
        let (outcome, requests) = read(after(503, body, 3)).await;
        assert!(outcome.unwrap());
        assert_eq!(requests, 4);
    }
    let (outcome, _) = read(after(504, "", 50)).await;
    assert!(matches!(
        outcome,
        Err(Error::Maintenance { status: 504, .. })
    ));
}

#[tokio::test]
async fn a_fault_with_status_200_is_a_fault() {
    let fault = r#"{"Fault":{"Error":[{"Message":"m","Detail":"d","code":"10200"}],"type":"ValidationFault"}}"#;
    let (outcome, requests) = read(after(200, fault, 1)).await;
    assert!(matches!(outcome, Err(Error::CompanyReset { .. })));
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn an_answer_that_is_no_json_is_an_error() {
    let (outcome, _) = read(after(200, "<html>Sign in to the hotel's network</html>", 1)).await;
    assert!(matches!(outcome, Err(Error::Reply { .. })));
}

#[tokio::test]
async fn a_record_that_is_gone_is_none() {
    let (client, _, meter) = start(Books::default(), |_| {}).await;
    assert!(
        client
            .read_by_id(Entity::SalesReceipt, "9")
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(meter.metered_reads(), 0, "only successful calls cost");
}

#[tokio::test]
async fn a_long_statement_travels_in_the_body() {
    let books = Books::default().fill(Entity::Customer, 3);
    let (client, books, _) = start(books, |_| {}).await;
    let ids = (1..=400).map(|id| id.to_string()).collect();
    let count = client
        .count(&Selection::ids(Entity::Customer, ids))
        .await
        .unwrap();
    assert_eq!(count, 3);
    assert_eq!(books.lock().unwrap().log[0].0, "POST");
}

#[tokio::test]
async fn no_connection_is_offline() {
    let (client, _, _) = start(Books::default(), |config| {
        config.base_url = "http://127.0.0.1:1".parse().unwrap();
    })
    .await;
    let error = client.read_by_id(Entity::Customer, "1").await.unwrap_err();
    assert_eq!(error.retry(), Retry::Offline);
}
