//! The Accounting API: paths, access, envelopes.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::Response;
use axum::routing::{get, post};
use jiff::Timestamp;
use serde_json::Value;

use super::answer::{Answer, Fault, gateway, respond, throttled};
use super::auth::{Keys, NoAccess};
use super::company::{Company, write_company};
use super::table::{Row, Table};
use super::write::Operation;
use super::{QuickBooks, batch, cdc, mutate, query, write};
use crate::frame::Switches;

type Service = State<Arc<QuickBooks>>;
type Parameters = Query<HashMap<String, String>>;

/// Requests are long here: a batch of thirty invoices.
const LONGEST_REQUEST_ID: usize = 50;

pub(crate) fn routes() -> Router<Arc<QuickBooks>> {
    let mut routes = Router::new()
        .route(
            "/v3/company/{realm}/query",
            get(query_by_url).post(query_by_body),
        )
        .route("/v3/company/{realm}/cdc", get(changes))
        .route("/v3/company/{realm}/batch", post(run_batch))
        .route("/v3/company/{realm}/companyinfo/{id}", get(company_info))
        .fallback(unsupported);
    for table in Table::ALL {
        if table.field("Id").is_none() {
            continue;
        }
        let name = table.name().to_lowercase();
        routes = routes
            .route(
                &format!("/v3/company/{{realm}}/{name}"),
                post(
                    move |service: Service,
                          path: Path<String>,
                          parameters: Parameters,
                          headers,
                          body| {
                        std::future::ready(write_one(
                            &service,
                            path,
                            &parameters,
                            &headers,
                            &body,
                            table,
                        ))
                    },
                ),
            )
            .route(
                &format!("/v3/company/{{realm}}/{name}/{{id}}"),
                get(
                    move |service: Service, path: Path<(String, String)>, headers| {
                        std::future::ready(read_one(&service, path, &headers, table))
                    },
                ),
            );
    }
    routes
}

impl QuickBooks {
    /// Checks access, works on the company, and puts the outcome into its envelope.
    fn call(
        &self,
        realm: &str,
        headers: &HeaderMap,
        metered: bool,
        action: impl FnOnce(&mut Company, &Switches, Timestamp) -> Result<Answer, Fault>,
    ) -> Response {
        let now = self.world.clock().now();
        let switches = self.world.switches();
        self.with(|state| {
            if let Some(refusal) = refuse(state, realm, headers, now) {
                return refusal;
            }
            if metered && state.limits.reads(now) >= switches.monthly_quota {
                return throttled(switches.throttle_is_403, switches.retry_after, now);
            }
            let Some(company) = state.company(realm) else {
                return no_rights(now);
            };
            let outcome = action(company, &switches, now);
            if let Ok(answer) = &outcome {
                state.limits.meter(answer.metered, now);
            }
            respond(outcome, now, headers)
        })
    }
}

/// The gateway's checks: a living token, for this company, with the right keys and scope.
fn refuse(
    state: &mut super::State,
    realm: &str,
    headers: &HeaderMap,
    now: Timestamp,
) -> Option<Response> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .map(str::trim);
    let unauthorized = |detail: &str| {
        gateway(
            StatusCode::UNAUTHORIZED,
            "3200",
            "AuthenticationFailed",
            detail,
            now,
        )
    };
    let Some(token) = bearer else {
        return Some(unauthorized("Malformed bearer token: token missing"));
    };
    match state.auth.check(token, now) {
        // The token stands in the detail, as it does at Intuit's: nobody may log it.
        Err(NoAccess::Expired) => Some(unauthorized(&format!("Token expired: {token}"))),
        Err(NoAccess::Unknown) => Some(unauthorized(&format!("Token not found: {token}"))),
        Ok(grant) => {
            let allowed = grant.realm == realm
                && grant.keys == Keys::Development
                && grant
                    .scope
                    .split(' ')
                    .any(|scope| scope == "com.intuit.quickbooks.accounting");
            (!allowed).then(|| no_rights(now))
        }
    }
}

fn no_rights(now: Timestamp) -> Response {
    gateway(
        StatusCode::FORBIDDEN,
        "3100",
        "ApplicationAuthorizationFailed",
        "",
        now,
    )
}

/// The value of a parameter, percent-decoded, with a plus as a blank.
fn parameter<'a>(parameters: &'a Parameters, name: &str) -> Result<&'a str, Fault> {
    parameters
        .0
        .get(name)
        .map(String::as_str)
        .filter(|value| !value.is_empty())
        .ok_or_else(|| Fault::missing(name))
}

async fn query_by_url(
    State(service): Service,
    Path(realm): Path<String>,
    parameters: Parameters,
    headers: HeaderMap,
) -> Response {
    service.call(&realm, &headers, true, |company, switches, now| {
        let statement = parameter(&parameters, "query")?;
        run_query(company, statement, switches, now)
    })
}

async fn query_by_body(
    State(service): Service,
    Path(realm): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    service.call(&realm, &headers, true, |company, switches, now| {
        let content_type = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if !content_type.starts_with("application/text") {
            return Err(Fault::new(
                "1050",
                "Unsupported Content Type",
                "Content-Type must be application/text",
            ));
        }
        let statement = std::str::from_utf8(&body).map_err(|_| Fault::unsupported("query"))?;
        run_query(company, statement, switches, now)
    })
}

fn run_query(
    company: &mut Company,
    statement: &str,
    switches: &Switches,
    now: Timestamp,
) -> Result<Answer, Fault> {
    let (answer, table, rows) = query::run(&company.books, statement, switches, now)?;
    if rows > 0 && switches.edits_between_pages > 0 && table == Table::Customer {
        mutate::edit_between_pages(company, switches, now);
    }
    Ok(answer)
}

async fn company_info(
    State(service): Service,
    Path((realm, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    service.call(&realm, &headers, true, |company, _, _| {
        if id != realm {
            return Err(Fault::gone());
        }
        Ok(Answer::new(1, |object| {
            let mut row = String::new();
            write_company(&mut row, &company.books);
            object.literal("CompanyInfo", row);
        }))
    })
}

fn read_one(
    service: &Service,
    Path((realm, id)): Path<(String, String)>,
    headers: &HeaderMap,
    table: Table,
) -> Response {
    service.call(&realm, headers, true, |company, _, _| {
        let number = parse_id(&id)?;
        let row = Row::all(&company.books, table)
            .find(|row| row.meta().id == number)
            .ok_or_else(Fault::gone)?;
        if row.is_poisoned() {
            return Err(Fault::poison());
        }
        Ok(Answer::new(1, |object| {
            write::put_row(object, &company.books, table, row);
        }))
    })
}

pub(crate) fn parse_id(id: &str) -> Result<u64, Fault> {
    id.parse().map_err(|_| {
        Fault::new(
            "2030",
            "Invalid ID",
            format!("Id should be a valid number. Supplied value:{id}"),
        )
        .on("Id")
    })
}

async fn changes(
    State(service): Service,
    Path(realm): Path<String>,
    parameters: Parameters,
    headers: HeaderMap,
) -> Response {
    service.call(&realm, &headers, true, |company, switches, now| {
        let entities = parameter(&parameters, "entities")?;
        let since = parameter(&parameters, "changedSince")?;
        cdc::changes(company, entities, since, switches, now)
    })
}

/// Checks the request id and replays the answer to an earlier request with the same one.
fn once(
    company: &mut Company,
    parameters: &Parameters,
    most: usize,
    action: impl FnOnce(&mut Company) -> Result<Answer, Fault>,
) -> Result<Answer, Fault> {
    let Some(id) = parameters.0.get("requestid") else {
        return action(company);
    };
    if id.is_empty() || id.chars().count() > most {
        return Err(Fault::new(
            "2130",
            "Invalid request id",
            "Request id format is invalid",
        ));
    }
    if let Some(before) = company.replies.get(id) {
        return before.clone();
    }
    let outcome = action(company);
    company.replies.insert(id.clone(), outcome.clone());
    outcome
}

async fn run_batch(
    State(service): Service,
    Path(realm): Path<String>,
    parameters: Parameters,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let reads = batch::has_queries(&body);
    service.call(&realm, &headers, reads, |company, switches, now| {
        once(company, &parameters, 36, |company| {
            batch::run(company, &read_json(&body)?, switches, now)
        })
    })
}

fn write_one(
    service: &Service,
    Path(realm): Path<String>,
    parameters: &Parameters,
    headers: &HeaderMap,
    body: &Bytes,
    table: Table,
) -> Response {
    service.call(&realm, headers, false, |company, switches, now| {
        let operation = Operation::from_parameters(
            parameters.0.get("operation").map(String::as_str),
            parameters.0.get("include").map(String::as_str),
        )?;
        once(company, parameters, LONGEST_REQUEST_ID, |company| {
            write::run(company, table, operation, &read_json(body)?, switches, now)
        })
    })
}

fn read_json(body: &Bytes) -> Result<Value, Fault> {
    serde_json::from_slice(body).map_err(|_| {
        Fault::new(
            "2010",
            "Request has invalid or unsupported property",
            "Property Name:Can not instantiate value from the request body",
        )
    })
}

/// A path that leads nowhere: HTTP 400 with the fault code 500 (`quickbooks-online.md` 9).
async fn unsupported(State(service): Service, uri: Uri, headers: HeaderMap) -> Response {
    let Some(realm) = uri
        .path()
        .strip_prefix("/v3/company/")
        .and_then(|rest| rest.split('/').next())
    else {
        return axum::response::IntoResponse::into_response(StatusCode::NOT_FOUND);
    };
    service.call(realm, &headers, false, |_, _, _| {
        Err(Fault::unsupported(&format!(
            "Could not find resource for relative : {}",
            uri.path()
        )))
    })
}
