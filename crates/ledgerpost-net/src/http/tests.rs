use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use rstest::rstest;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::error::{HttpError, NetError};
use crate::secret::Secret;
use crate::test_server::{Reply, TestServer};

const TEMPLATE: &str = "/things/{id}";

fn transport() -> Transport {
    Transport::new("test", Limits::default(), Meter::default())
}

fn wire(policy: RetryPolicy) -> Wire {
    Wire::new(transport(), Pace::new(4, &[]), policy)
}

/// What a simple client would say.
fn judge(response: &Response) -> Verdict {
    match response.status.as_u16() {
        401 => Verdict::Reauthorize,
        429 => Verdict::Refused {
            wait: response.retry_after(),
            pause_all: true,
        },
        500.. => Verdict::Failed { wait: None },
        _ => Verdict::Final,
    }
}

async fn call(wire: &Wire, request: &RequestSpec) -> Result<Response, NetError> {
    wire.call(request, &NoAuthorization, &judge, &CancellationToken::new())
        .await
}

fn ok() -> Reply {
    Reply::json(200, "{}")
}

fn write(server: &TestServer) -> RequestSpec {
    RequestSpec::new(Method::POST, server.url("/things/1?q=canary"), TEMPLATE)
}

#[rstest]
#[case::read_after_500(Method::GET, Reply::json(500, ""), 2, "200")]
#[case::put_after_500(Method::PUT, Reply::json(502, "<html>"), 2, "200")]
#[case::post_after_500(Method::POST, Reply::json(500, ""), 1, "500")]
#[case::post_after_429(Method::POST, Reply::json(429, ""), 2, "200")]
#[case::read_after_400(Method::GET, Reply::json(400, ""), 1, "400")]
#[case::read_after_drop(Method::GET, Reply::Drop, 2, "200")]
#[case::post_after_drop(Method::POST, Reply::Drop, 1, "outcome_unknown")]
#[tokio::test]
async fn a_call_is_repeated_when_that_is_safe(
    #[case] method: Method,
    #[case] first: Reply,
    #[case] requests: usize,
    #[case] end: &str,
) {
    let server = TestServer::start([first, ok()]).await;
    let request = RequestSpec::new(method, server.url("/things/1"), TEMPLATE);
    let outcome = call(&wire(RetryPolicy::IMMEDIATE), &request).await;
    let found = match &outcome {
        Ok(response) => response.status.as_str().to_owned(),
        Err(error) => error.code().to_owned(),
    };
    assert_eq!((found.as_str(), server.requests().len()), (end, requests));
}

#[tokio::test]
async fn a_post_that_is_said_to_be_idempotent_is_repeated() {
    let server = TestServer::start([Reply::Drop, ok()]).await;
    let request = write(&server).idempotent(true);
    assert!(call(&wire(RetryPolicy::IMMEDIATE), &request).await.is_ok());
}

#[tokio::test]
async fn nothing_was_sent_when_there_is_no_connection() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = url::Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap();
    let wire = wire(RetryPolicy::IMMEDIATE);
    let error = call(&wire, &RequestSpec::new(Method::POST, url, TEMPLATE))
        .await
        .unwrap_err();
    assert_eq!(error.code(), "offline");
    assert_eq!(
        wire.transport().meter().attempts("test"),
        6,
        "even a write may be tried again"
    );
    let held_up = wire.transport().meter().held_up();
    assert_eq!(held_up[0].why, HoldUp::NoAnswer);
}

#[rstest]
#[case::dropped(Reply::Drop)]
#[case::hanging(Reply::Hang)]
#[tokio::test]
async fn silence_is_known_until_the_service_answers(#[case] first: Reply) {
    let server = TestServer::start([first, Reply::json(500, "")]).await;
    let limits = Limits {
        total_timeout: Duration::from_millis(200),
        ..Limits::default()
    };
    let transport = Transport::new("test", limits, Meter::default());
    let meter = transport.meter();
    let read = RequestSpec::get(server.url("/things/1"), TEMPLATE);
    transport.send(&read).await.unwrap_err();
    let held_up = meter.held_up();
    assert_eq!(
        (held_up[0].why, held_up[0].service),
        (HoldUp::NoAnswer, "test")
    );
    transport.send(&read).await.unwrap();
    assert_eq!(meter.held_up(), [], "a failure is an answer, too");
}

#[tokio::test]
async fn the_last_answer_is_returned_when_the_attempts_are_used_up() {
    let server = TestServer::start([Reply::json(503, "down")]).await;
    let request = RequestSpec::get(server.url("/things/1"), TEMPLATE);
    let response = call(&wire(RetryPolicy::IMMEDIATE), &request).await.unwrap();
    assert_eq!(response.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(&response.body[..], b"down");
    assert_eq!(server.requests().len(), RetryPolicy::IMMEDIATE.max_attempts);
}

#[tokio::test]
async fn throttling_pauses_the_whole_account() {
    let server = TestServer::start([Reply::Answer(429, "Retry-After: 7\r\n", String::new())]).await;
    let policy = RetryPolicy {
        max_attempts: 1,
        ..RetryPolicy::STANDARD
    };
    let wire = wire(policy);
    let request = RequestSpec::get(server.url("/things/1"), TEMPLATE);
    call(&wire, &request).await.unwrap();
    let left = wire.pace().paused_for().unwrap();
    assert!(
        left > Duration::from_secs(6) && left <= Duration::from_secs(7),
        "{left:?}"
    );
}

#[tokio::test]
async fn an_answer_that_never_ends_is_cut_off() {
    let server = TestServer::start([Reply::json(200, &"x".repeat(2_000))]).await;
    let limits = Limits {
        max_body: 1_000,
        ..Limits::default()
    };
    let transport = Transport::new("test", limits, Meter::default());
    let request = RequestSpec::get(server.url("/things/1"), TEMPLATE);
    let error = transport.send(&request).await.unwrap_err();
    assert_eq!(error.code(), "answer_too_large");
}

#[tokio::test]
async fn every_request_asks_for_packed_answers_and_says_who_we_are() {
    let server = TestServer::start([ok()]).await;
    let request = RequestSpec::get(server.url("/things/1"), TEMPLATE);
    transport().send(&request).await.unwrap();
    let head = server.requests()[0].to_ascii_lowercase();
    assert!(head.contains("accept-encoding: gzip"), "{head}");
    assert!(head.contains("user-agent: ledgerpost/"), "{head}");
}

#[tokio::test]
async fn a_slow_answer_times_out() {
    let server = TestServer::start([Reply::Hang]).await;
    let limits = Limits {
        total_timeout: Duration::from_millis(50),
        ..Limits::default()
    };
    let transport = Transport::new("test", limits, Meter::default());
    let wire = Wire::new(transport, Pace::new(1, &[]), RetryPolicy::NEVER);
    let read = RequestSpec::get(server.url("/things/1"), TEMPLATE);
    assert_eq!(call(&wire, &read).await.unwrap_err().code(), "timeout");
    assert_eq!(
        call(&wire, &write(&server)).await.unwrap_err().code(),
        "outcome_unknown"
    );
}

#[tokio::test]
async fn a_call_that_timed_out_keeps_its_place_and_one_that_was_answered_does_not() {
    let server = TestServer::start([ok(), Reply::Hang]).await;
    let limits = Limits {
        total_timeout: Duration::from_millis(50),
        ..Limits::default()
    };
    let transport = Transport::new("test", limits, Meter::default());
    let pace = Pace::new(1, &[]).resting_after_timeouts(Duration::from_hours(1));
    let wire = Wire::new(transport, pace.clone(), RetryPolicy::NEVER);
    let read = RequestSpec::get(server.url("/things/1"), TEMPLATE);
    call(&wire, &read).await.unwrap();
    assert!(pace.turn(None).now_or_never().is_some(), "answered");
    assert_eq!(call(&wire, &read).await.unwrap_err().code(), "timeout");
    assert!(pace.turn(None).now_or_never().is_none(), "timed out");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let server =
        TestServer::start([Reply::Answer(302, "Location: /other\r\n", String::new())]).await;
    let request = RequestSpec::get(server.url("/things/1"), TEMPLATE);
    let response = transport().send(&request).await.unwrap();
    assert_eq!(
        (response.status.as_u16(), server.requests().len()),
        (302, 1)
    );
}

#[tokio::test]
async fn cancelling_ends_a_read_at_once() {
    let server = TestServer::start([Reply::Hang]).await;
    let cancel = CancellationToken::new();
    let request = RequestSpec::get(server.url("/things/1"), TEMPLATE);
    let wire = wire(RetryPolicy::STANDARD);
    let call = wire.call(&request, &NoAuthorization, &judge, &cancel);
    let (outcome, ()) = tokio::join!(call, async {
        while server.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        cancel.cancel();
    });
    assert_eq!(outcome.unwrap_err().code(), "cancelled");
}

struct Rotating(AtomicUsize);

#[async_trait]
impl Authorizer for Rotating {
    async fn token(&self) -> Result<Option<Secret>, NetError> {
        let number = self.0.load(Ordering::SeqCst);
        Ok(Some(Secret::new(format!("token-{number}"))))
    }

    async fn token_after(&self, _rejected: &Secret) -> Result<Secret, NetError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(self.token().await?.unwrap())
    }
}

#[rstest]
#[case::second_token_works(vec![Reply::json(401, ""), ok()], 200, 2)]
#[case::no_token_works(vec![Reply::json(401, "")], 401, 2)]
#[tokio::test]
async fn a_rejected_token_is_replaced_once(
    #[case] replies: Vec<Reply>,
    #[case] status: u16,
    #[case] requests: usize,
) {
    let server = TestServer::start(replies).await;
    let request = RequestSpec::get(server.url("/things/1"), TEMPLATE);
    let response = wire(RetryPolicy::IMMEDIATE)
        .call(
            &request,
            &Rotating(AtomicUsize::new(0)),
            &judge,
            &CancellationToken::new(),
        )
        .await
        .unwrap();
    assert_eq!(response.status.as_u16(), status);
    let seen = server.requests();
    assert_eq!(seen.len(), requests);
    assert!(seen[0].contains("Bearer token-0") && seen[1].contains("Bearer token-1"));
}

#[tokio::test]
async fn the_meter_counts_by_template_and_only_successful_metered_reads() {
    let server = TestServer::start([Reply::json(400, ""), ok()]).await;
    let transport = transport();
    for id in 1..=3 {
        let url = server.url(&format!("/things/{id}?query=canary"));
        transport
            .send(&RequestSpec::get(url, TEMPLATE).metered())
            .await
            .unwrap();
    }
    let meter = transport.meter();
    assert_eq!(meter.metered_reads(), 2);
    let rows = meter.rows();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (
            rows[0].template,
            rows[0].counts.attempts,
            rows[0].counts.failures
        ),
        (TEMPLATE, 3, 1)
    );
}

#[tokio::test]
async fn no_error_shows_address_body_or_token() {
    let server = TestServer::start([Reply::Drop]).await;
    let request = RequestSpec::get(server.url("/canary?q=canary"), TEMPLATE)
        .authorization("Bearer", &Secret::new("canary"))
        .unwrap();
    let error = NetError::from(transport().send(&request).await.unwrap_err());
    assert!(
        !format!("{error} {error:?} {request:?}").contains("canary"),
        "{error:?}"
    );
    assert!(!format!("{:?}", request.headers).contains("canary"));
    let bad = RequestSpec::get(server.url("/"), TEMPLATE)
        .authorization("Bearer", &Secret::new("canary\n"))
        .unwrap_err();
    assert!(!format!("{bad} {bad:?}").contains("canary"));
}

#[test]
fn every_error_has_a_code_of_its_own() {
    let errors = [
        HttpError::Timeout { template: TEMPLATE },
        HttpError::TooLarge {
            template: TEMPLATE,
            limit: 1,
        },
        HttpError::InvalidHeader { name: "x" },
        HttpError::Cancelled,
    ];
    let codes: BTreeSet<_> = errors.iter().map(HttpError::code).collect();
    assert_eq!(codes.len(), errors.len());
}

#[derive(Clone, Default)]
struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_names_method_template_and_status_and_nothing_secret() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let body = r#"{"email":"canary@mail.test"}"#;
    let server = TestServer::start([Reply::json(500, body), Reply::json(200, body)]).await;
    let request = RequestSpec::new(Method::PUT, server.url("/canary?q=canary"), TEMPLATE)
        .json(&serde_json::json!({ "name": "canary" }))
        .unwrap();
    let token = crate::tokens::FixedToken(Secret::new("canary-token"));
    wire(RetryPolicy::IMMEDIATE)
        .call(&request, &token, &judge, &CancellationToken::new())
        .await
        .unwrap();

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        text.contains("PUT") && text.contains(TEMPLATE) && text.contains("500"),
        "{text}"
    );
    assert!(!text.contains("canary"), "{text}");
}
