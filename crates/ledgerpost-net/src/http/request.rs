//! One request as data, and its answer.

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use url::Url;

use crate::error::HttpError;
use crate::secret::Secret;

/// A request that can be sent more than once.
#[derive(Clone)]
pub struct RequestSpec {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) template: &'static str,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) idempotent: bool,
    pub(crate) metered: bool,
    pub(crate) lane: Option<&'static str>,
}

impl RequestSpec {
    /// A request. `template` is the path with placeholders (`/v3/company/{realm}/query`): the only
    /// form of the address that is logged and counted. GET, HEAD, PUT and DELETE count as
    /// idempotent; say otherwise with [`Self::idempotent`].
    pub fn new(method: Method, url: Url, template: &'static str) -> Self {
        let idempotent = method.is_idempotent();
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        Self {
            method,
            url,
            template,
            headers,
            body: Bytes::new(),
            idempotent,
            metered: false,
            lane: None,
        }
    }

    /// A read.
    pub fn get(url: Url, template: &'static str) -> Self {
        Self::new(Method::GET, url, template)
    }

    /// A header; replaces an earlier one of that name.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// `Authorization: <scheme> <secret>`, kept out of every debug output.
    pub fn authorization(mut self, scheme: &str, secret: &Secret) -> Result<Self, HttpError> {
        let mut value =
            HeaderValue::from_str(&format!("{scheme} {}", secret.expose())).map_err(|_| {
                HttpError::InvalidHeader {
                    name: "authorization",
                }
            })?;
        value.set_sensitive(true);
        self.headers.insert(reqwest::header::AUTHORIZATION, value);
        Ok(self)
    }

    /// A JSON body.
    pub fn json<T: Serialize + ?Sized>(self, body: &T) -> Result<Self, HttpError> {
        let bytes = serde_json::to_vec(body).map_err(|source| HttpError::Encode { source })?;
        Ok(self.body(HeaderValue::from_static("application/json"), bytes))
    }

    /// A body of any type.
    #[must_use]
    pub fn body(mut self, content_type: HeaderValue, body: impl Into<Bytes>) -> Self {
        self.headers.insert(CONTENT_TYPE, content_type);
        self.body = body.into();
        self
    }

    /// Whether sending it twice does the same as sending it once. A write that is not is never
    /// repeated once it may have arrived.
    #[must_use]
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// Counts as a metered read when it succeeds (QuickBooks CorePlus, `quickbooks-online.md` 8.2).
    #[must_use]
    pub fn metered(mut self) -> Self {
        self.metered = true;
        self
    }

    /// Subject to the ceilings of this name too, besides those for every request
    /// (see [`super::Ceiling::for_lane`]).
    #[must_use]
    pub fn lane(mut self, lane: &'static str) -> Self {
        self.lane = Some(lane);
        self
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path with placeholders.
    pub fn template(&self) -> &'static str {
        self.template
    }

    /// The whole address; may hold personal data in its query, so not for logs.
    pub fn url(&self) -> &Url {
        &self.url
    }
}

impl std::fmt::Debug for RequestSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestSpec")
            .field("method", &self.method)
            .field("template", &self.template)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// An answer, whatever its status, with its whole body.
#[derive(Clone)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, already unpacked.
    pub body: Bytes,
}

impl Response {
    /// The service's own id of this request (`intuit_tid`, `X-Request-Id`): what its support asks for.
    pub fn request_id(&self) -> Option<&str> {
        ["intuit_tid", "intuit-tid", "x-request-id"]
            .iter()
            .find_map(|name| self.headers.get(*name))
            .and_then(|value| value.to_str().ok())
    }

    /// Whether the body says it is JSON (`application/json`, `application/problem+json`).
    pub fn is_json(&self) -> bool {
        self.headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.to_ascii_lowercase().contains("json"))
    }

    /// `Retry-After` in seconds; the form with a date is used by neither service.
    pub fn retry_after(&self) -> Option<std::time::Duration> {
        self.headers
            .get(reqwest::header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.trim().parse().ok())
            .map(std::time::Duration::from_secs)
    }
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
