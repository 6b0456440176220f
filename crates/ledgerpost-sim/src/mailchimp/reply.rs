//! Answers as the service writes them: headers, compression, problem documents.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::context::Answer;
use super::problem::Problem;
use super::service::Mailchimp;

/// Smaller answers are not worth compressing.
const GZIP_FROM: usize = 1_400;

impl Mailchimp {
    /// A refusal as the service writes it.
    pub(crate) fn refuse(&self, problem: &Problem) -> Response {
        let instance = self.instance();
        let mut response = (
            StatusCode::from_u16(problem.status).unwrap_or(StatusCode::BAD_REQUEST),
            problem.document(&instance).to_string(),
        )
            .into_response();
        let headers = response.headers_mut();
        dress(
            headers,
            "application/problem+json; charset=utf-8",
            &instance,
        );
        if let Some(allow) = problem.allow.as_deref().and_then(|text| text.parse().ok()) {
            headers.insert(header::ALLOW, allow);
        }
        response
    }

    pub(crate) fn answer(&self, answer: Answer, template: Option<&str>, zip: bool) -> Response {
        let body = match answer {
            Err(problem) => return self.refuse(&problem),
            Ok(None) => {
                let instance = self.instance();
                let mut response = StatusCode::NO_CONTENT.into_response();
                dress(
                    response.headers_mut(),
                    "application/json; charset=utf-8",
                    &instance,
                );
                return response;
            }
            Ok(Some(body)) => body.to_string().into_bytes(),
        };
        let instance = self.instance();
        let packed = (zip && body.len() >= GZIP_FROM).then(|| gzip(&body));
        let zipped = packed.is_some();
        let mut response = Response::new(Body::from(packed.unwrap_or(body)));
        let headers = response.headers_mut();
        dress(headers, "application/json; charset=utf-8", &instance);
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        if zipped {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        let described = format!(
            "<{}/schema/3.0{}.json>; rel=\"describedBy\"",
            self.origin(),
            template.unwrap_or_default()
        );
        if let Ok(link) = described.parse() {
            headers.insert(header::LINK, link);
        }
        response
    }

    fn instance(&self) -> String {
        self.with(|state| state.ids.instance())
    }
}

fn dress(headers: &mut HeaderMap, content_type: &'static str, instance: &str) {
    headers.insert(header::SERVER, HeaderValue::from_static("openresty"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(instance) = HeaderValue::from_str(instance) {
        headers.insert("x-request-id", instance);
    }
}

fn gzip(body: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::fast());
    encoder
        .write_all(body)
        .and_then(|()| encoder.finish())
        .expect("writing to memory does not fail")
}

/// An answer of an address that is not the API's.
pub(crate) fn page(status: StatusCode, html: String) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
        Bytes::from(html),
    )
        .into_response()
}
