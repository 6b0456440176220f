//! The service behind its address: hosts, credentials, headers, storage, control.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{RawQuery, Request, State as Shared};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::batches::{self, NoArchive};
use super::context::Answer;
use super::problem::Problem;
use super::route::{self, Served};
use super::state::{DATA_CENTER, State};
use super::time::Seconds;
use super::{mutate, oauth, snapshot};
use crate::frame::{
    BodyKind, ControlError, MailchimpServices, Service, ServiceName, Tolerance, World, plain_fault,
};
use crate::seed::AccountSeed;

/// Simultaneous connections per user, over all apps and keys (2).
const CONNECTIONS: usize = 10;
/// Smaller answers are not worth compressing.
const GZIP_FROM: usize = 1_400;

/// Mailchimp at one address.
pub(crate) struct Mailchimp {
    world: Arc<World>,
    services: MailchimpServices,
    /// `http://127.0.0.1:4000`.
    origin: String,
    /// `http://127.0.0.1:4000/us14/3.0`.
    base: String,
    seed: AccountSeed,
    state: Mutex<State>,
}

impl Mailchimp {
    pub(crate) fn new(
        world: &Arc<World>,
        seed: AccountSeed,
        services: &MailchimpServices,
    ) -> Arc<Self> {
        let origin = services
            .metadata_url
            .strip_suffix("/oauth2/metadata")
            .unwrap_or(&services.metadata_url)
            .to_owned();
        let now = world.clock().now().as_second();
        Arc::new(Self {
            world: Arc::clone(world),
            services: services.clone(),
            base: format!("{origin}/{DATA_CENTER}/3.0"),
            state: Mutex::new(State::new(&seed, world.options().seed, now)),
            origin,
            seed,
        })
    }

    pub(crate) fn world(&self) -> &World {
        &self.world
    }

    pub(crate) fn services(&self) -> &MailchimpServices {
        &self.services
    }

    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    pub(crate) fn now(&self) -> Seconds {
        self.world.clock().now().as_second()
    }

    pub(crate) fn with<T>(&self, action: impl FnOnce(&mut State) -> T) -> T {
        action(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A refusal as the service writes it.
    fn refuse(&self, problem: &Problem) -> Response {
        let instance = self.with(|state| state.ids.instance());
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

    fn answer(&self, answer: Answer, template: Option<&str>, zip: bool) -> Response {
        let body = match answer {
            Err(problem) => return self.refuse(&problem),
            Ok(None) => {
                let instance = self.with(|state| state.ids.instance());
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
        let instance = self.with(|state| state.ids.instance());
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
            self.origin,
            template.unwrap_or_default()
        );
        if let Ok(link) = described.parse() {
            headers.insert(header::LINK, link);
        }
        response
    }

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

/// The key or token of a request: Bearer, or Basic with any user name (1.7).
fn credential(headers: &HeaderMap) -> Option<String> {
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
fn api_path(path: &str) -> Option<&str> {
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

async fn api(Shared(service): Shared<Arc<Mailchimp>>, request: Request) -> Response {
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
            &service.world,
            &route::Request {
                account,
                method: &method,
                path: api_path(parts.uri.path()).unwrap_or_default(),
                query: &query,
                body: &body,
                batch: None,
                caller: "127.0.0.1",
                base: &service.base,
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

/// The pre-signed storage: another service, with its own manners.
async fn storage(
    Shared(service): Shared<Arc<Mailchimp>>,
    axum::extract::Path(file): axum::extract::Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let refuse = |status: StatusCode, code: &str, message: &str| {
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code>\
             <Message>{message}</Message></Error>"
        );
        (status, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
    };
    if headers.contains_key(header::AUTHORIZATION) {
        return refuse(
            StatusCode::BAD_REQUEST,
            "InvalidArgument",
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature \
             query string parameter or the Authorization header should be specified",
        );
    }
    match batches::archive(&service, &file, &pairs(query.as_deref())) {
        Ok(archive) => ([(header::CONTENT_TYPE, "application/x-gzip")], archive).into_response(),
        Err(NoArchive::Denied) => {
            refuse(StatusCode::FORBIDDEN, "AccessDenied", "Request has expired")
        }
        Err(NoArchive::Missing) => refuse(
            StatusCode::NOT_FOUND,
            "NoSuchKey",
            "The specified key does not exist.",
        ),
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct WritesQuery {
    member: Option<String>,
}

async fn writes(
    Shared(service): Shared<Arc<Mailchimp>>,
    axum::extract::Query(query): axum::extract::Query<WritesQuery>,
) -> Json<Value> {
    Json(service.with(|state| state.journal.writes(query.member.as_deref())))
}

impl Service for Mailchimp {
    fn name(&self) -> ServiceName {
        ServiceName::Mailchimp
    }

    fn routes(self: Arc<Self>) -> Router {
        let mut router = oauth::routes().route("/batch-results/{file}", get(storage));
        for prefix in ["/3.0", "/{data_center}/3.0"] {
            router = router
                .route(prefix, any(api))
                .route(&format!("{prefix}/{{*unknown}}"), any(api));
            for template in route::templates() {
                router = router.route(&format!("{prefix}{template}"), any(api));
            }
        }
        router.with_state(self)
    }

    fn control(self: Arc<Self>) -> Router {
        Router::new()
            .route("/_sim/writes", get(writes))
            .with_state(self)
    }

    fn log_details(&self) -> Value {
        self.with(|state| {
            json!({
                "contract_violations": state.journal.violations(),
                "double_creates": state.journal.double_creates(),
            })
        })
    }

    fn state(&self, stable: bool) -> Value {
        self.with(|state| snapshot::take(state, stable))
    }

    fn mutate(&self, edit: Value) -> Result<Value, ControlError> {
        let now = self.now();
        self.with(|state| mutate::apply(state, edit, now))
    }

    fn reset(&self) {
        let now = self.now();
        let fresh = State::new(&self.seed, self.world.options().seed, now);
        self.with(|state| *state = fresh);
    }

    fn lane(&self, request: &Parts) -> Option<String> {
        api_path(request.uri.path())?;
        let credential = credential(&request.headers)?;
        self.with(|state| {
            let account = state.account_of(&credential).ok()?;
            Some(state.accounts[account].user.login_id.to_string())
        })
    }

    fn admit(&self, _request: &Parts, _template: &str, concurrent: usize) -> Option<Response> {
        let limited =
            self.world.enforces_ceilings() || self.world.switches().enforce_connection_limit;
        (limited && concurrent > CONNECTIONS).then(|| self.refuse(&Problem::too_many_connections()))
    }

    fn tolerates(&self, template: &str) -> Tolerance {
        if template.starts_with("/oauth2/authorize") {
            Tolerance::Nothing
        } else if template.starts_with("/oauth2/") {
            // A code works once: losing the answer would end the sign-in, as in real life.
            Tolerance::BeforeTheEffect
        } else {
            Tolerance::Everything
        }
    }

    fn fault_response(&self, status: StatusCode, kind: BodyKind) -> Response {
        if kind != BodyKind::Json {
            return plain_fault(status, kind);
        }
        let problem = match status.as_u16() {
            401 => Problem::key_invalid(),
            403 => Problem::not_permitted(),
            404 => Problem::not_found(),
            429 => Problem::too_many_connections(),
            503 => Problem::new(503, "Compliance Related", "This method has been disabled."),
            500 => Problem::new(
                500,
                "Internal Server Error",
                "An unexpected internal error has occurred. Please contact Support for more \
                 information.",
            ),
            other => Problem::new(
                other,
                status.canonical_reason().unwrap_or("Error"),
                "The request could not be served.",
            ),
        };
        self.refuse(&problem)
    }
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
