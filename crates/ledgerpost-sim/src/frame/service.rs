//! How a service plugs into the frame.

use std::sync::Arc;

use axum::Router;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Which service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceName {
    /// Intuit's.
    QuickBooks,
    /// Mailchimp's.
    Mailchimp,
}

/// The kind of body that an injected error carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyKind {
    /// The service's own problem document.
    #[default]
    Json,
    /// What a proxy says.
    Html,
    /// XML.
    Xml,
    /// Nothing.
    Empty,
}

/// Why a control request was refused.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// The request makes no sense.
    #[error("{0}")]
    BadRequest(String),
    /// It names a record that is not there.
    #[error("{0} is not there")]
    NotFound(String),
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
        };
        let body = serde_json::json!({ "error": self.to_string() });
        (status, axum::Json(body)).into_response()
    }
}

/// One simulated service.
pub trait Service: Send + Sync + 'static {
    /// Which one.
    fn name(&self) -> ServiceName;

    /// Its routes. Path templates of the routes are what the request log shows.
    fn routes(self: Arc<Self>) -> Router;

    /// Control addresses of its own, beside the common ones.
    fn control(self: Arc<Self>) -> Router {
        Router::new()
    }

    /// What it adds to the request log: an object whose members join the log's.
    fn log_details(&self) -> Value {
        Value::Null
    }

    /// Everything it holds, in a canonical order, so that two end states can be compared.
    /// `stable` masks what differs from run to run: times, tokens, random ids.
    fn state(&self, stable: bool) -> Value;

    /// Makes an edit as somebody would in the service's own screens.
    fn mutate(&self, edit: Value) -> Result<Value, ControlError>;

    /// Back to the seed.
    fn reset(&self);

    /// What counts together for a concurrency ceiling; `None` for requests that never count.
    fn lane(&self, request: &Parts) -> Option<String>;

    /// Asked before a request is served, with the number of requests now in its lane (itself
    /// included). A response refuses the request.
    fn admit(&self, request: &Parts, template: &str, concurrent: usize) -> Option<Response>;

    /// Whether random faults of the profile `flaky` may hit this path, and whether the answer may
    /// get lost after the effect.
    fn tolerates(&self, template: &str) -> Tolerance {
        let _ = template;
        Tolerance::Everything
    }

    /// The service's way to say `status`.
    fn fault_response(&self, status: StatusCode, kind: BodyKind) -> Response {
        plain_fault(status, kind)
    }
}

/// What the profile `flaky` may do to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tolerance {
    /// Errors and lost connections at any moment.
    Everything,
    /// Nothing may get lost after the effect.
    BeforeTheEffect,
    /// Nothing.
    Nothing,
}

/// An error without a service's handwriting.
pub(crate) fn plain_fault(status: StatusCode, kind: BodyKind) -> Response {
    let reason = status.canonical_reason().unwrap_or("Error");
    let (content_type, body) = match kind {
        BodyKind::Json => (
            "application/json",
            serde_json::json!({ "status": status.as_u16(), "title": reason }).to_string(),
        ),
        BodyKind::Html => (
            "text/html",
            format!(
                "<html><head><title>{0} {1}</title></head><body><h1>{1}</h1></body></html>",
                status.as_u16(),
                reason
            ),
        ),
        BodyKind::Xml => (
            "application/xml",
            format!("<?xml version=\"1.0\"?><error>{reason}</error>"),
        ),
        BodyKind::Empty => return status.into_response(),
    };
    (status, [(header::CONTENT_TYPE, content_type)], body).into_response()
}
