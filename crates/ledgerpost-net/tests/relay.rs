//! The relay page is one static file that nobody builds: these tests keep it in step.

use base64::Engine as _;
use sha2::{Digest as _, Sha256};

const PAGE: &str = include_str!("../../../relay/index.html");
/// The looks of the page that ends a sign-in.
const STYLE: &str = include_str!("../src/sign_in/page.css");
const MARK: &str = include_str!("../../../icons/source/mark.svg");

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).expect("the page has the start");
    rest.split_once(end).expect("the page has the end").0
}

fn script() -> &'static str {
    between(PAGE, "<script>", "</script>")
}

fn style() -> &'static str {
    between(PAGE, "<style>", "</style>")
}

#[test]
fn the_policy_allows_this_script_and_this_style_and_nothing_else() {
    assert_eq!(PAGE.matches("<script").count(), 1);
    assert_eq!(PAGE.matches("<style").count(), 1);
    assert!(
        !PAGE.contains(" style="),
        "a style of an element is none of these"
    );
    let policy = between(PAGE, "Content-Security-Policy\" content=\"", "\"");
    let hash = |text: &str| base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text));
    let expected = format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; \
         form-action 'none'",
        hash(script()),
        hash(style())
    );
    assert_eq!(
        policy, expected,
        "after a change of the script or the style its hash has to follow"
    );
}

#[test]
fn it_looks_like_the_page_that_ends_the_sign_in() {
    assert!(style().starts_with(STYLE));
    for path in MARK.lines().filter(|line| line.contains("<path")) {
        assert!(PAGE.contains(path.trim()), "{path}");
    }
    assert!(
        style().contains("[hidden]{display:none!important}"),
        "whatever a part looks like, it is not seen while it says nothing"
    );
}

#[test]
fn it_says_everything_in_the_six_languages() {
    let table = between(script(), "var words = {", "};");
    for language in ["en", "de", "fr", "it", "pt", "es"] {
        let row = between(table, &format!("{language}: ["), "]");
        let texts: Vec<_> = row
            .split("\",")
            .map(|text| text.trim().trim_matches('"'))
            .collect();
        assert_eq!(texts.len(), 5, "{language}");
        assert!(texts.iter().all(|text| text.len() > 10), "{texts:?}");
    }
    for language in ["en", "de", "fr", "it", "pt-BR", "es"] {
        assert!(
            PAGE.contains(&format!("<p lang=\"{language}\">")),
            "{language}, for a browser without scripts"
        );
    }
}

#[test]
fn it_hands_over_to_the_three_ports_on_this_computer_only() {
    let first = ledgerpost_net::services::LOOPBACK_PORT;
    let ports = format!("[{first}, {}, {}]", first + 1, first + 2);
    assert!(
        script().contains(&ports),
        "the ports that the listener tries"
    );
    assert!(script().contains("\"http://127.0.0.1:\" + port + \"/callback?\""));
    assert_eq!(
        script().matches("http").count(),
        1,
        "one target, no other address"
    );
}

#[test]
fn it_loads_sends_and_keeps_nothing() {
    for word in [
        "fetch",
        "XMLHttp",
        "sendBeacon",
        "storage",
        "cookie",
        "console",
        "innerHTML",
        " src=",
    ] {
        assert!(!PAGE.contains(word), "{word}");
    }
}

#[test]
fn it_understands_the_state_that_we_make() {
    // The page's pattern: five digits, a dot, 20 to 100 letters of base64url.
    assert!(script().contains(r"/^([0-9]{5})\.[A-Za-z0-9_-]{20,100}$/"));
    let random = oauth2::CsrfToken::new_random_len(32).into_secret();
    assert!((20..=100).contains(&random.len()));
    assert!(
        random
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
    );
}
