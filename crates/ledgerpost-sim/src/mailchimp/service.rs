//! The service behind its address: what it holds, its routes, its control.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Query, State as Shared};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::{any, get};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::api::{api, api_path, credential};
use super::problem::Problem;
use super::state::{DATA_CENTER, State};
use super::storage::storage;
use super::time::Seconds;
use super::{mutate, oauth, route, snapshot};
use crate::frame::{
    BodyKind, ControlError, MailchimpServices, Service, ServiceName, Tolerance, World, plain_fault,
};
use crate::seed::AccountSeed;

/// Simultaneous connections per user, over all apps and keys (2).
const CONNECTIONS: usize = 10;

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
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct WritesQuery {
    member: Option<String>,
}

async fn writes(
    Shared(service): Shared<Arc<Mailchimp>>,
    Query(query): Query<WritesQuery>,
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
