//! The control addresses under `/_sim/`. They are not part of any service, are never logged,
//! delayed or refused, and exist on each address.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::faults::FaultRule;
use super::server::Hall;
use super::service::{ControlError, ServiceName};
use super::switches::Switches;

#[derive(Clone)]
struct Desk {
    own: Arc<Hall>,
    all: Vec<Arc<Hall>>,
}

impl Desk {
    /// The hall that a request means: the one that `?service=` names, else this address's own.
    fn hall(&self, wanted: Option<ServiceName>) -> Result<&Arc<Hall>, ControlError> {
        let Some(wanted) = wanted else {
            return Ok(&self.own);
        };
        self.all
            .iter()
            .find(|hall| hall.service.name() == wanted)
            .ok_or_else(|| ControlError::NotFound("the service".to_owned()))
    }
}

pub(crate) fn routes(own: Arc<Hall>, all: Vec<Arc<Hall>>) -> Router {
    Router::new()
        .route("/_sim/log", get(log).delete(clear_log))
        .route("/_sim/state", get(state))
        .route("/_sim/mailings", get(mailings))
        .route(
            "/_sim/faults",
            get(faults).post(add_faults).delete(clear_faults),
        )
        .route("/_sim/clock", get(clock).post(move_clock))
        .route("/_sim/switches", get(switches).post(set_switches))
        .route("/_sim/mutate", post(mutate))
        .route("/_sim/reset", post(reset))
        .with_state(Desk { own, all })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    service: Option<ServiceName>,
    #[serde(default)]
    stable: u8,
}

async fn log(
    State(desk): State<Desk>,
    Query(which): Query<Which>,
) -> Result<Response, ControlError> {
    let hall = desk.hall(which.service)?;
    let mut log = hall.log.to_json();
    log["service"] = json!(hall.service.name());
    if let (Value::Object(log), Value::Object(details)) = (&mut log, hall.service.log_details()) {
        log.extend(details);
    }
    Ok(Json(log).into_response())
}

async fn clear_log(State(desk): State<Desk>) -> StatusCode {
    desk.own.log.clear();
    StatusCode::NO_CONTENT
}

async fn state(
    State(desk): State<Desk>,
    Query(which): Query<Which>,
) -> Result<Response, ControlError> {
    let hall = desk.hall(which.service)?;
    Ok(Json(hall.service.state(which.stable != 0)).into_response())
}

async fn mailings(State(desk): State<Desk>) -> Response {
    Json(desk.own.world.mailings()).into_response()
}

async fn faults(State(desk): State<Desk>) -> Response {
    let rules: Vec<Value> = desk
        .own
        .world
        .faults()
        .rules()
        .into_iter()
        .map(|(rule, hits)| json!({ "rule": rule, "hits": hits }))
        .collect();
    Json(rules).into_response()
}

/// One, or a list of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    Many(Vec<T>),
    One(T),
}

impl<T> OneOrMany<T> {
    fn into_vec(self) -> Vec<T> {
        match self {
            Self::Many(all) => all,
            Self::One(one) => vec![one],
        }
    }
}

async fn add_faults(
    State(desk): State<Desk>,
    Json(body): Json<OneOrMany<Value>>,
) -> Result<Response, ControlError> {
    // Parsed one by one: the message of an untagged enum would not name the wrong field.
    for rule in body.into_vec() {
        let rule: FaultRule = serde_json::from_value(rule)
            .map_err(|error| ControlError::BadRequest(error.to_string()))?;
        desk.own.world.faults().add(rule)?;
    }
    Ok(faults(State(desk)).await)
}

async fn clear_faults(State(desk): State<Desk>) -> StatusCode {
    desk.own.world.faults().clear();
    StatusCode::NO_CONTENT
}

/// How to move the clock; the parts are applied in this order.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockMove {
    set: Option<Timestamp>,
    advance_seconds: Option<i64>,
    frozen: Option<bool>,
}

async fn clock(State(desk): State<Desk>) -> Response {
    Json(json!({ "now": desk.own.world.clock().now() })).into_response()
}

async fn move_clock(State(desk): State<Desk>, Json(step): Json<ClockMove>) -> Response {
    let world_clock = desk.own.world.clock();
    if let Some(to) = step.set {
        world_clock.set(to);
    }
    if let Some(seconds) = step.advance_seconds {
        world_clock.advance(SignedDuration::from_secs(seconds));
    }
    if let Some(frozen) = step.frozen {
        world_clock.freeze(frozen);
    }
    clock(State(desk)).await
}

async fn switches(State(desk): State<Desk>) -> Response {
    Json(desk.own.world.switches()).into_response()
}

/// Sets the switches that the body names and leaves the others.
async fn set_switches(
    State(desk): State<Desk>,
    Json(named): Json<serde_json::Map<String, Value>>,
) -> Result<Response, ControlError> {
    let mut all =
        serde_json::to_value(desk.own.world.switches()).expect("switches always serialise");
    for (name, value) in named {
        all[name] = value;
    }
    let all: Switches =
        serde_json::from_value(all).map_err(|error| ControlError::BadRequest(error.to_string()))?;
    desk.own.world.set_switches(all);
    Ok(switches(State(desk)).await)
}

/// Makes edits as somebody would in the service's own screens.
async fn mutate(
    State(desk): State<Desk>,
    Query(which): Query<Which>,
    Json(body): Json<OneOrMany<Value>>,
) -> Result<Response, ControlError> {
    let hall = desk.hall(which.service)?;
    let mut done = Vec::new();
    for edit in body.into_vec() {
        done.push(hall.service.mutate(edit)?);
    }
    Ok(Json(done).into_response())
}

async fn reset(State(desk): State<Desk>) -> StatusCode {
    desk.own.world.reset();
    for hall in &desk.all {
        hall.service.reset();
        hall.log.clear();
    }
    StatusCode::NO_CONTENT
}
