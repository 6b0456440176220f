//! The API's own addresses: who calls, what they want, and which handler it is for.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State as Shared};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::batches;
use super::problem::Problem;
use super::route::{self, Served};
use super::service::Mailchimp;

pub(crate) async fn api(Shared(service): Shared<Arc<Mailchimp>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let account = match service.authorise(&parts) {
        Ok(account) => account,
        Err(problem) => return service.refuse(&problem),
    };
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return service.refuse(&Problem::bad_request("The request body could not be read."));
    };
    let method = match overridden(&parts) {
        Ok(method) => method,
        Err(problem) => return service.refuse(&problem),
    };
    let query = pairs(parts.uri.query());
    let served = service.with(|state| {
        route::serve(
            state,
            service.world(),
            &route::Request {
                account,
                method: &method,
                path: api_path(parts.uri.path()).unwrap_or_default(),
                query: &query,
                body: &body,
                batch: None,
                caller: "127.0.0.1",
                base: service.base(),
            },
        )
    });
    start_batch(&service, account, &method, &served);
    let zip = parts
        .headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("gzip"));
    service.answer(served.answer, served.template, zip)
}

impl Mailchimp {
    /// Who calls, or why they may not.
    fn authorise(&self, parts: &Parts) -> Result<usize, Problem> {
        let Some(credential) = credential(&parts.headers) else {
            return Err(Problem::new(
                401,
                "API Key Missing",
                "Your request did not include an API key.",
            ));
        };
        self.with(|state| {
            let account = state.account_of(&credential).map_err(|disabled| {
                if disabled {
                    Problem::new(401, "API Key Invalid", "API key has been disabled")
                } else {
                    Problem::key_invalid()
                }
            })?;
            let held = &state.accounts[account];
            let named = data_center(parts.uri.path());
            if named.is_some_and(|named| named != held.data_center) {
                return Err(Problem::new(
                    403,
                    "Wrong Datacenter",
                    "The API key provided is linked to a different data center.",
                ));
            }
            if !matches!(held.role.as_str(), "owner" | "admin" | "manager") {
                return Err(Problem::new(
                    403,
                    "Forbidden",
                    "You are not permitted to access this resource.",
                ));
            }
            Ok(account)
        })
    }
}

fn start_batch(service: &Arc<Mailchimp>, account: usize, method: &str, served: &Served) {
    if method != "POST" || served.template != Some("/batches") {
        return;
    }
    let id = served
        .answer
        .as_ref()
        .ok()
        .and_then(Option::as_ref)
        .and_then(|body| body.get("id"))
        .and_then(Value::as_str);
    if let Some(id) = id {
        tokio::spawn(batches::run(Arc::clone(service), account, id.to_owned()));
    }
}

/// `X-HTTP-Method-Override` works with POST only (2.2).
fn overridden(parts: &Parts) -> Result<String, Problem> {
    let Some(wanted) = parts.headers.get("x-http-method-override") else {
        return Ok(parts.method.as_str().to_owned());
    };
    if parts.method != Method::POST {
        return Err(Problem::new(
            422,
            "Invalid Method Override",
            "The X-HTTP-Method-Override header may only be used with POST.",
        ));
    }
    Ok(wanted.to_str().unwrap_or_default().to_uppercase())
}

/// The key or token of a request: Bearer, or Basic with any user name (1.7).
pub(crate) fn credential(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = text.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    let (_, password) = pair.split_once(':')?;
    Some(password.to_owned())
}

/// The data centre that a path names: `/us14/3.0/…`.
fn data_center(path: &str) -> Option<&str> {
    let first = path.trim_start_matches('/').split('/').next()?;
    (first != "3.0").then_some(first)
}

/// What follows `/3.0`.
pub(crate) fn api_path(path: &str) -> Option<&str> {
    let rest = path.strip_prefix('/')?;
    let rest = rest
        .strip_prefix("3.0")
        .or_else(|| rest.split_once('/')?.1.strip_prefix("3.0"))?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

pub(crate) fn pairs(query: Option<&str>) -> Vec<(String, String)> {
    url::form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .into_owned()
        .collect()
}
