//! The relay page in a real browser: it hands over and does nothing else.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use url::Url;

const PAGE: &str = include_str!("../../../relay/index.html");
/// Where the browser ends: shows what it knows of where it came from.
const END: &str = r"<!doctype html><p id='seen'></p><script>
document.getElementById('seen').textContent =
  'length ' + history.length + ', referrer [' + document.referrer + ']';
</script>";
/// As Intuit sends them back: long, with signs that have to be escaped.
const CODE: &str = "AB11763000000+/=&%~Zq";
const RANDOM: &str = "kX3-_9aBcDeFgHiJkLmNoPqRsTuVwXyZ";

/// A page on this computer, and the requests that came for it.
struct Site {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Site {
    fn serve(listener: TcpListener, page: &'static str) -> Self {
        let address = listener.local_addr().expect("a bound listener");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        // Ends with the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let seen = Arc::clone(&seen);
                std::thread::spawn(move || answer(&stream, page, &seen));
            }
        });
        Self { address, requests }
    }

    fn url(&self, path: &str, pairs: &[(&str, &str)]) -> Url {
        let base = format!("http://{}{path}", self.address);
        Url::parse_with_params(&base, pairs).expect("an address")
    }

    /// The heads of the requests for pages; browsers also ask for an icon.
    fn heads(&self) -> Vec<String> {
        let requests = self.requests.lock().expect("nobody panics with it");
        let pages = requests
            .iter()
            .filter(|head| !head.contains("/favicon.ico"));
        pages.cloned().collect()
    }
}

fn answer(stream: &TcpStream, page: &str, seen: &Mutex<Vec<String>>) {
    let mut head = String::new();
    let mut reader = BufReader::new(stream);
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).is_ok_and(|read| read > 0) {
            continue;
        }
        // A connection that the browser opened in case it needs one.
        return;
    }
    seen.lock().expect("nobody panics with it").push(head);
    let length = page.len();
    // The browser may have gone already, which the test sees from what arrived.
    let _ = write!(
        &mut { stream },
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{page}"
    );
}

/// The first of the three ports that is free: the page knows no other.
fn loopback() -> TcpListener {
    let first = ledgerpost_net::services::LOOPBACK_PORT;
    let free = (first..first + 3).find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok());
    free.expect("one of the ports 17865 to 17867 is free")
}

fn browser() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|program| program.is_file())
        .expect("chromium is installed; `make test` does it")
}

/// What stands on the page in the end, in a browser that speaks English.
fn visit(address: &Url, profile: &Path) -> String {
    visit_in("en-US", address, profile)
}

fn visit_in(languages: &str, address: &Url, profile: &Path) -> String {
    let output = Command::new(browser())
        .arg(format!("--accept-lang={languages}"))
        // Its sandbox does not work for the superuser; the page is our own.
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(address.as_str())
        .output()
        .expect("the browser starts");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_browser_is_handed_over_with_what_the_sign_in_needs_and_leaves_no_step_behind() {
    let profile = tempfile::tempdir().expect("a temporary folder");
    let relay = Site::serve(TcpListener::bind("127.0.0.1:0").expect("a free port"), PAGE);
    let end = Site::serve(loopback(), END);
    let state = format!("{}.{RANDOM}", end.address.port());
    let direct = visit(&end.url("/callback", &[]), profile.path());

    let given = [
        ("code", CODE),
        ("state", &state),
        ("realmId", "9130354600123456"),
        ("session", "something else"),
    ];
    let ended_on = visit(&relay.url("/", &given), profile.path());

    let heads = end.heads();
    assert_eq!(
        heads.len(),
        2,
        "one visit of ours and one hand-over: {heads:?}"
    );
    let line = heads[1].lines().next().expect("a request line");
    let target = line.split(' ').nth(1).expect("a target");
    let came = Url::parse(&format!("http://{}{target}", end.address)).expect("an address");
    assert_eq!(came.path(), "/callback");
    let pairs: Vec<_> = came.query_pairs().into_owned().collect();
    let kept = given[..3]
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    assert_eq!(
        pairs,
        kept.collect::<Vec<_>>(),
        "these three and nothing else"
    );
    assert!(
        !heads[1].to_ascii_lowercase().contains("\r\nreferer:"),
        "{}",
        heads[1]
    );
    assert_eq!(relay.heads().len(), 1, "the page asks for nothing more");
    assert!(direct.contains("referrer []"), "{direct}");
    assert_eq!(
        ended_on, direct,
        "the address with the code is no step to go back to"
    );
}

#[test]
fn a_refusal_is_handed_over_and_anything_that_is_no_sign_in_is_not() {
    let profile = tempfile::tempdir().expect("a temporary folder");
    let relay = Site::serve(TcpListener::bind("127.0.0.1:0").expect("a free port"), PAGE);
    let end = Site::serve(loopback(), END);
    let port = end.address.port();
    let fine = format!("{port}.{RANDOM}");
    for state in [
        String::new(),
        format!("22222.{RANDOM}"),
        format!("{port}@evil.test/.{RANDOM}"),
    ] {
        let stays = visit(
            &relay.url("/", &[("code", CODE), ("state", &state)]),
            profile.path(),
        );
        assert!(
            stays.contains("<p id=\"text\">There is no sign-in to continue here"),
            "{stays}"
        );
    }
    assert_eq!(end.heads(), [""; 0]);

    let refusal = [("error", "access_denied"), ("state", &fine)];
    visit(&relay.url("/", &refusal), profile.path());
    let heads = end.heads();
    assert_eq!(heads.len(), 1);
    let expected = format!("GET /callback?state={fine}&error=access_denied HTTP/1.1");
    assert_eq!(heads[0].lines().next(), Some(expected.as_str()));
}

#[test]
fn it_speaks_the_first_language_of_the_browser_that_it_knows() {
    let relay = Site::serve(TcpListener::bind("127.0.0.1:0").expect("a free port"), PAGE);
    for (languages, lang, text) in [
        ("de-AT,en-US", "de", "Hier gibt es keine Anmeldung"),
        ("sv,pt-BR,en", "pt-BR", "Não há nenhum login"),
        ("sv", "en", "There is no sign-in to continue here"),
    ] {
        let profile = tempfile::tempdir().expect("a temporary folder");
        let page = visit_in(languages, &relay.url("/", &[]), profile.path());
        let said = page.split_once("id=\"said\"").expect("it has words").1;
        let said = said.split_once("<script>").expect("and a script").0;
        assert!(said.contains(text), "{languages}: {page}");
        assert!(page.contains(&format!("<html lang=\"{lang}\">")), "{page}");
        assert!(
            page.contains("<div id=\"still\" hidden"),
            "what is for browsers without scripts is not seen: {page}"
        );
    }
}
