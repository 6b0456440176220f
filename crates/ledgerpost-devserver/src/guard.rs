//! Who is answered.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::{Host, Url};

/// Refuses whatever does not come from a page of this computer that was asked for by this computer's
/// own name.
pub(crate) async fn only_this_computer(request: Request, next: Next) -> Response {
    if is_allowed(request.headers()) {
        next.run(request).await
    } else {
        (
            StatusCode::FORBIDDEN,
            "only pages of this computer are answered",
        )
            .into_response()
    }
}

fn is_allowed(headers: &HeaderMap) -> bool {
    let host = text(headers, &header::HOST)
        .and_then(|host| Url::parse(&format!("http://{host}")).ok())
        .is_some_and(|host| is_loopback(&host));
    let origin = headers.get(header::ORIGIN).is_none()
        || text(headers, &header::ORIGIN)
            .and_then(|origin| Url::parse(origin).ok())
            .is_some_and(|origin| is_loopback(&origin));
    host && origin
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn is_loopback(address: &Url) -> bool {
    match address.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_computer_is_answered() {
        for (host, origin, allowed) in [
            ("127.0.0.1:17870", None, true),
            ("localhost:17871", Some("http://localhost:17871"), true),
            ("[::1]:17870", None, true),
            ("rebound.example:17870", None, false),
            ("127.0.0.1:17870", Some("https://example.com"), false),
            ("127.0.0.1:17870", Some("null"), false),
            ("127.0.0.1.example.com", None, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().expect("a header"));
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, origin.parse().expect("a header"));
            }
            assert_eq!(is_allowed(&headers), allowed, "{host} {origin:?}");
        }
        assert!(!is_allowed(&HeaderMap::new()), "no host, no answer");
    }
}
