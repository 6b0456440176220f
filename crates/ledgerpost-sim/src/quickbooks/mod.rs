//! QuickBooks Online on loopback: sign-in, company picker, Accounting API, from
//! `quickbooks-online.md`.

mod answer;
mod api;
mod auth;
mod batch;
mod cdc;
mod company;
mod consent;
mod json;
mod limits;
mod mutate;
mod oauth;
mod pacific;
mod query;
mod render;
mod schema;
mod snapshot;
mod table;
mod write;
mod write_customer;
mod write_document;
mod write_item;
mod write_lines;
mod write_payment;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response_with_state;
use axum::response::Response;
use serde_json::{Value, json};

use crate::frame::{
    BodyKind, ControlError, Profile, QuickBooksServices, Service, ServiceName, Tolerance, World,
};
use crate::seed::Books;
use answer::xml_fault;
use auth::Auth;
use company::Company;
use limits::{Limits, PER_SECOND};

/// Makes the service.
pub(crate) fn service(
    world: &Arc<World>,
    companies: Vec<Books>,
    services: &QuickBooksServices,
) -> Arc<dyn Service> {
    let state = State::new(world, companies.clone());
    Arc::new(QuickBooks {
        world: Arc::clone(world),
        services: services.clone(),
        seed: companies,
        state: Mutex::new(state),
        answers: AtomicU64::new(0),
    })
}

/// The service.
pub(crate) struct QuickBooks {
    world: Arc<World>,
    services: QuickBooksServices,
    seed: Vec<Books>,
    state: Mutex<State>,
    answers: AtomicU64,
}

/// What changes.
pub(crate) struct State {
    pub(crate) companies: Vec<Company>,
    pub(crate) auth: Auth,
    pub(crate) limits: Limits,
}

impl State {
    fn new(world: &World, companies: Vec<Books>) -> Self {
        let options = world.options();
        Self {
            companies: companies.into_iter().map(Company::new).collect(),
            auth: Auth::new(options.seed, options.profile == Profile::Flaky),
            limits: Limits::default(),
        }
    }

    pub(crate) fn company(&mut self, realm: &str) -> Option<&mut Company> {
        self.companies
            .iter_mut()
            .find(|company| company.books.company.realm == realm)
    }
}

impl QuickBooks {
    /// Works on the state; nothing else runs meanwhile.
    pub(crate) fn with<T>(&self, action: impl FnOnce(&mut State) -> T) -> T {
        action(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds the headers that every answer of Intuit's carries.
    fn stamp(&self, mut response: Response) -> Response {
        let number = self.answers.fetch_add(1, Ordering::Relaxed);
        let headers = response.headers_mut();
        let trace = format!("1-{:08x}-{number:024x}", self.world.options().seed);
        let trace = HeaderValue::from_str(&trace).expect("hex digits are a valid header");
        headers.insert("intuit_tid", trace);
        headers.insert("QBO-Version", HeaderValue::from_static("1944.190"));
        headers.insert("Service-Time", HeaderValue::from_static("total=34, db=10"));
        if !headers.contains_key(header::CACHE_CONTROL) {
            let cache = "max-age=0, no-cache, no-store, must-revalidate, private";
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        }
        headers.insert(header::EXPIRES, HeaderValue::from_static("0"));
        response
    }
}

/// The company that a path is about.
fn realm_of(parts: &Parts) -> Option<&str> {
    parts
        .uri
        .path()
        .strip_prefix("/v3/company/")?
        .split('/')
        .next()
}

impl Service for QuickBooks {
    fn name(&self) -> ServiceName {
        ServiceName::QuickBooks
    }

    fn routes(self: Arc<Self>) -> Router {
        let stamped = Arc::clone(&self);
        Router::new()
            .merge(consent::routes())
            .merge(oauth::routes())
            .merge(api::routes())
            .with_state(self)
            .layer(map_response_with_state(
                stamped,
                |axum::extract::State(service): axum::extract::State<Arc<Self>>,
                 response: Response| async move { service.stamp(response) },
            ))
    }

    fn state(&self, stable: bool) -> Value {
        self.with(|state| {
            let companies: Vec<Value> = state
                .companies
                .iter()
                .map(|company| snapshot::take(company, stable))
                .collect();
            let mut all = json!({ "companies": companies });
            if !stable {
                all["living_connections"] = json!(state.auth.living());
                all["metered_this_month"] = json!(state.limits.reads(self.world.clock().now()));
            }
            all
        })
    }

    fn mutate(&self, edit: Value) -> Result<Value, ControlError> {
        let now = self.world.clock().now();
        self.with(|state| mutate::apply(state, edit, &self.world.switches(), now))
    }

    fn reset(&self) {
        let fresh = State::new(&self.world, self.seed.clone());
        self.with(|state| *state = fresh);
    }

    fn lane(&self, request: &Parts) -> Option<String> {
        realm_of(request).map(str::to_owned)
    }

    fn admit(&self, request: &Parts, template: &str, concurrent: usize) -> Option<Response> {
        let realm = realm_of(request).filter(|_| self.world.enforces_ceilings())?;
        let now = self.world.clock().now();
        let batch = template.ends_with("/batch");
        let passes =
            concurrent <= PER_SECOND && self.with(|state| state.limits.admit(realm, batch, now));
        (!passes).then(|| {
            let switches = self.world.switches();
            let refusal = answer::throttled(switches.throttle_is_403, switches.retry_after, now);
            self.stamp(refusal)
        })
    }

    fn tolerates(&self, template: &str) -> Tolerance {
        match template {
            // A lost answer to a refresh may lose the connection for good: a test that wants to
            // see that asks for it.
            "/oauth2/v1/tokens/bearer" | "/v2/oauth2/tokens/revoke" => Tolerance::BeforeTheEffect,
            "/connect/oauth2" => Tolerance::Nothing,
            _ => Tolerance::Everything,
        }
    }

    fn fault_response(&self, status: StatusCode, kind: BodyKind) -> Response {
        let now = self.world.clock().now();
        let response = match kind {
            BodyKind::Json => {
                let fault = answer::Fault {
                    status,
                    kind: "SystemFault",
                    ..answer::Fault::new(
                        "10000",
                        "An application error has occurred while processing your request",
                        "System Failure Error: null",
                    )
                };
                let mut headers = axum::http::HeaderMap::new();
                headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
                answer::respond(Err(fault), now, &headers)
            }
            BodyKind::Xml if status == StatusCode::TOO_MANY_REQUESTS => {
                answer::throttled(false, false, now)
            }
            BodyKind::Xml => xml_fault(status, "10000", "SystemFault", "System Failure Error", now),
            BodyKind::Html | BodyKind::Empty => crate::frame::plain_fault(status, kind),
        };
        self.stamp(response)
    }
}
