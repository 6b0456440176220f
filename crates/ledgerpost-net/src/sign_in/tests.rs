use std::sync::Mutex;

use async_trait::async_trait;
use rstest::rstest;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;

use super::*;

/// Gives a token for any code, and remembers the address that it was asked for.
#[derive(Default)]
struct Exchange {
    service: Option<Service>,
}

#[async_trait]
impl TokenExchange for Exchange {
    fn service(&self) -> Service {
        self.service.unwrap_or(Service::QuickBooks)
    }

    fn authorize_url(&self, redirect: &RedirectUri, state: &Secret) -> Url {
        let query = [
            ("redirect_uri", redirect.as_str()),
            ("state", state.expose()),
        ];
        Url::parse_with_params("https://consent.test/", query).unwrap()
    }

    async fn exchange_code(&self, code: &Secret, _: &RedirectUri) -> Result<TokenGrant, NetError> {
        Ok(TokenGrant {
            access: code.clone(),
            access_for: None,
            refresh: None,
            refresh_for: None,
            hard_for: None,
        })
    }

    async fn refresh_tokens(&self, _: &Secret) -> Result<TokenGrant, NetError> {
        unreachable!("no refresh here")
    }

    async fn revoke_token(&self, _: &Secret) -> Result<bool, NetError> {
        unreachable!("no revoke here")
    }
}

/// An owner whose browser goes through these steps; `{redirect}`, `{port}` and `{state}` are filled in.
struct Owner {
    seen: Mutex<Option<(String, String)>>,
    opened: tokio::sync::Notify,
}

impl BrowserOpener for Owner {
    fn open(&self, address: &Url) -> Result<(), SignInError> {
        let value = |name| {
            let mut pairs = address.query_pairs();
            pairs.find(|(key, _)| key == name).unwrap().1.into_owned()
        };
        *self.seen.lock().unwrap() = Some((value("redirect_uri"), value("state")));
        self.opened.notify_one();
        Ok(())
    }
}

struct Outcome {
    signed_in: Result<SignedIn, NetError>,
    answers: Vec<String>,
    phases: Vec<Phase>,
}

/// Runs a sign-in against requests sent to its listener, and texts pasted after them.
async fn run(service: Service, redirect: &str, requests: &[&str], pasted: &[&str]) -> Outcome {
    let exchange = Exchange {
        service: Some(service),
    };
    let redirect = RedirectUri::parse(redirect).unwrap();
    let owner = Owner {
        seen: Mutex::default(),
        opened: tokio::sync::Notify::new(),
    };
    let (sender, receiver) = mpsc::channel(10);
    let phases = Mutex::new(Vec::new());
    let cancel = CancellationToken::new();
    let request = SignInRequest {
        exchange: &exchange,
        redirect: &redirect,
        relay_port: 0,
        browser: &owner,
        pasted: receiver,
        progress: &|progress| {
            if let Progress::Phase(phase) = progress {
                phases.lock().unwrap().push(phase);
            }
        },
        cancel: &cancel,
        patience: std::time::Duration::from_secs(5),
    };
    let visit = async {
        owner.opened.notified().await;
        let (redirect, state) = owner.seen.lock().unwrap().clone().unwrap();
        let port = match Url::parse(&redirect).unwrap() {
            local if local.scheme() == "http" => local.port().unwrap().to_string(),
            _ => state.split_once('.').unwrap().0.to_owned(),
        };
        let fill = |text: &str| text.replace("{port}", &port).replace("{state}", &state);
        let mut answers = Vec::new();
        for request in requests {
            answers.push(send(port.parse().unwrap(), &fill(request)).await);
        }
        for text in pasted {
            sender.send(fill(text)).await.unwrap();
        }
        (answers, sender)
    };
    let (signed_in, (answers, _sender)) = tokio::join!(sign_in(request), visit);
    Outcome {
        signed_in,
        answers,
        phases: phases.into_inner().unwrap(),
    }
}

async fn send(port: u16, text: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

const LOCAL: &str = "http://localhost:0/callback";
const GOOD: &str = "GET /callback?code=c-1&state={state}&realmId=4620816365 HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n";

#[tokio::test]
async fn the_browser_brings_the_code_and_the_company() {
    let outcome = run(Service::QuickBooks, LOCAL, &[GOOD], &[]).await;
    let signed_in = outcome.signed_in.unwrap();
    assert_eq!(signed_in.grant.access, Secret::new("c-1"));
    assert_eq!(signed_in.realm, Some(RealmId::new("4620816365")));
    assert_eq!(
        outcome.phases,
        [Phase::Ready, Phase::Waiting, Phase::Exchanging, Phase::Done]
    );
    let page = &outcome.answers[0];
    for header in [
        "Content-Security-Policy: default-src 'none'",
        "Cache-Control: no-store",
        "Referrer-Policy: no-referrer",
    ] {
        assert!(page.contains(header), "{page}");
    }
    assert!(
        !page.contains("c-1") && !page.contains("4620816365"),
        "the page repeats nothing"
    );
}

#[tokio::test]
async fn the_page_speaks_the_browser_s_language() {
    let french = GOOD.replace("\r\n\r\n", "\r\nAccept-Language: fr-CH, de;q=0.9\r\n\r\n");
    let outcome = run(Service::QuickBooks, LOCAL, &[&french], &[]).await;
    assert!(outcome.answers[0].contains("<html lang=\"fr\">"));
    assert!(outcome.answers[0].contains("Ledgerpost a reçu la réponse"));
}

#[rstest]
#[case::wrong_state(
    "GET /callback?code=x&state=guess&realmId=1 HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n",
    "400"
)]
#[case::no_query("GET /callback HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n", "400")]
#[case::other_path("GET /favicon.ico HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n", "404")]
#[case::post(
    "POST /callback?code=x&state={state}&realmId=1 HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n",
    "405"
)]
#[case::rebound_name(
    "GET /callback?code=x&state={state}&realmId=1 HTTP/1.1\r\nHost: evil.test:{port}\r\n\r\n",
    "400"
)]
#[case::no_host("GET /callback?code=x&state={state}&realmId=1 HTTP/1.1\r\n\r\n", "400")]
#[case::two_hosts(
    "GET /callback?code=x&state={state}&realmId=1 HTTP/1.1\r\nHost: localhost:{port}\r\nHost: evil.test\r\n\r\n",
    "400"
)]
#[case::garbage("\u{1}\u{2}\u{3}\r\n\r\n", "400")]
#[tokio::test]
async fn what_is_not_the_answer_is_answered_without_being_taken(
    #[case] first: &str,
    #[case] status: &str,
) {
    let outcome = run(Service::QuickBooks, LOCAL, &[first, GOOD], &[]).await;
    assert!(
        outcome.answers[0].starts_with(&format!("HTTP/1.1 {status}")),
        "{}",
        outcome.answers[0]
    );
    assert_eq!(outcome.signed_in.unwrap().grant.access, Secret::new("c-1"));
}

#[rstest]
#[case::declined(
    "GET /callback?error=access_denied&state={state} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
    "sign_in_declined",
    Phase::Cancelled
)]
#[case::refused(
    "GET /callback?error=invalid_scope&state={state} HTTP/1.1\r\nHost: [::1]:{port}\r\n\r\n",
    "sign_in_refused",
    Phase::Failed
)]
#[case::no_company(
    "GET /callback?code=c&state={state} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n",
    "no_company",
    Phase::Failed
)]
#[tokio::test]
async fn an_answer_without_a_code_ends_it(
    #[case] request: &str,
    #[case] code: &str,
    #[case] end: Phase,
) {
    let outcome = run(Service::QuickBooks, LOCAL, &[request], &[]).await;
    assert_eq!(outcome.signed_in.unwrap_err().code(), code);
    assert_eq!(outcome.phases.last(), Some(&end));
}

#[tokio::test]
async fn a_pasted_address_does_it_and_nonsense_before_it_does_not_matter() {
    let pasted = [
        "what do I paste?",
        "https://relay.test/?code=x&state=old",
        "https://relay.test/?code=c-2&state={state}&realmId=7",
    ];
    let outcome = run(Service::QuickBooks, LOCAL, &[], &pasted).await;
    assert_eq!(outcome.signed_in.unwrap().grant.access, Secret::new("c-2"));
}

#[tokio::test]
async fn a_relay_page_finds_the_port_in_the_state() {
    let good = GOOD.replace("localhost", "127.0.0.1");
    let outcome = run(
        Service::QuickBooks,
        "https://relay.test/back",
        &[&good],
        &[],
    )
    .await;
    assert!(outcome.signed_in.is_ok());
}

#[tokio::test]
async fn mailchimp_names_no_company() {
    let outcome = run(
        Service::Mailchimp,
        LOCAL,
        &[GOOD
            .split_once("&realmId=4620816365")
            .map(|(a, b)| format!("{a}{b}"))
            .unwrap()
            .as_str()],
        &[],
    )
    .await;
    assert!(outcome.signed_in.is_ok());
}

#[tokio::test]
async fn a_taken_port_means_the_next_one_and_no_port_is_kept_after_the_end() {
    let state = SignInState::new(Secret::new("s"));
    let first = Listener::bind(0, "/callback", state.clone()).await.unwrap();
    let port = first.port();
    let second = Listener::bind(port, "/callback", state.clone())
        .await
        .unwrap();
    assert!((port + 1..=port + 2).contains(&second.port()));
    drop(first);
    // The tasks that hold the sockets end when they are polled next.
    while TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_second_answer_finds_the_place_taken() {
    let state = SignInState::new(Secret::new("s"));
    let mut listener = Listener::bind(0, "/callback", state).await.unwrap();
    let port = listener.port();
    let request =
        format!("GET /callback?code=c&state=s HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
    assert!(send(port, &request).await.starts_with("HTTP/1.1 200"));
    assert!(send(port, &request).await.starts_with("HTTP/1.1 410"));
    assert!(listener.answer().await.is_ok());
}

#[tokio::test]
async fn endless_requests_are_cut_off() {
    let mut listener = Listener::bind(0, "/callback", SignInState::new(Secret::new("s")))
        .await
        .unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", listener.port()))
        .await
        .unwrap();
    let chunk = vec![b'a'; 1024];
    let mut sent = 0;
    while stream.write_all(&chunk).await.is_ok() && sent < 64 * 1024 * 1024 {
        sent += chunk.len();
    }
    assert!(
        sent < 64 * 1024 * 1024,
        "the listener must not read for ever"
    );
    assert!(futures_util::FutureExt::now_or_never(listener.answer()).is_none());
}

#[tokio::test]
async fn nobody_answers() {
    let exchange = Exchange::default();
    let redirect = RedirectUri::parse(LOCAL).unwrap();
    let (_sender, receiver) = mpsc::channel(1);
    let request = SignInRequest {
        exchange: &exchange,
        redirect: &redirect,
        relay_port: 0,
        browser: &PrintedAddress::new(Vec::new()),
        pasted: receiver,
        progress: &|_| {},
        cancel: &CancellationToken::new(),
        patience: std::time::Duration::ZERO,
    };
    assert_eq!(
        sign_in(request).await.unwrap_err().code(),
        "sign_in_timed_out"
    );
}
