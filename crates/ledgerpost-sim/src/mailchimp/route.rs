//! Which handler serves a method and path, and everything around a handler: parsing, the contract
//! check, `fields`. Requests from the network and operations in batches come through the same door.

use std::collections::HashMap;
use std::sync::LazyLock;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::context::{Answer, Ctx};
use super::contract::{self, Endpoint, Finding};
use super::fields::Selection;
use super::handlers::{HANDLERS, Handler};
use super::problem::Problem;
use super::state::State;
use crate::frame::World;

struct Route {
    method: &'static str,
    template: &'static str,
    segments: Vec<&'static str>,
    call: String,
    endpoint: Endpoint,
    handler: Handler,
}

/// Routes by number of segments.
static ROUTES: LazyLock<HashMap<usize, Vec<Route>>> = LazyLock::new(|| {
    let mut contract = contract::endpoints();
    let mut routes: HashMap<usize, Vec<Route>> = HashMap::new();
    for (method, template, handler) in HANDLERS {
        let segments = split(template);
        routes.entry(segments.len()).or_default().push(Route {
            method,
            template,
            call: format!("{method} {template}"),
            endpoint: contract
                .remove(&((*method).to_owned(), (*template).to_owned()))
                .expect("contract.txt has a line for every handler"),
            segments,
            handler: *handler,
        });
    }
    routes
});

fn split(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

/// The path templates, each once.
pub(crate) fn templates() -> Vec<&'static str> {
    let mut all: Vec<&str> = HANDLERS.iter().map(|(_, template, _)| *template).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// A request as the door takes it; `path` is what follows `/3.0`.
pub(crate) struct Request<'a> {
    pub(crate) account: usize,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a [(String, String)],
    pub(crate) body: &'a [u8],
    pub(crate) batch: Option<&'a str>,
    pub(crate) caller: &'a str,
    pub(crate) base: &'a str,
}

/// What came of it.
pub(crate) struct Served {
    pub(crate) template: Option<&'static str>,
    pub(crate) answer: Answer,
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{')
}

fn find(method: &str, path: &str) -> Result<(&'static Route, Vec<String>), Problem> {
    let given = split(path);
    let fits: Vec<&Route> = ROUTES
        .get(&given.len())
        .into_iter()
        .flatten()
        .filter(|route| {
            route
                .segments
                .iter()
                .zip(&given)
                .all(|(wanted, given)| is_parameter(wanted) || wanted == given)
        })
        .collect();
    let Some(route) = fits.iter().find(|route| route.method == method) else {
        if fits.is_empty() {
            return Err(Problem::not_found());
        }
        let allowed: Vec<&str> = fits.iter().map(|route| route.method).collect();
        return Err(Problem::method_not_allowed(
            "The requested method and resource are not compatible. See the Allow header for this \
             resource's available methods.",
            &allowed.join(", "),
        ));
    };
    let params = route
        .segments
        .iter()
        .zip(&given)
        .filter(|(wanted, _)| is_parameter(wanted))
        .map(|(_, given)| percent_decode_str(given).decode_utf8_lossy().into_owned())
        .collect();
    Ok((route, params))
}

fn parse_body(route: &Route, bytes: &[u8]) -> Result<Value, Problem> {
    if route.endpoint.body.is_none() || bytes.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    serde_json::from_slice(bytes).map_err(|_| {
        Problem::new(
            400,
            "JSON Parse Error",
            "We encountered an unspecified JSON parsing error.",
        )
    })
}

/// Serves one request.
pub(crate) fn serve(state: &mut State, world: &World, request: &Request<'_>) -> Served {
    let (route, params) = match find(request.method, request.path) {
        Ok(found) => found,
        Err(problem) => {
            return Served {
                template: None,
                answer: Err(problem),
            };
        }
    };
    Served {
        template: Some(route.template),
        answer: run(state, world, request, route, &params),
    }
}

fn run(
    state: &mut State,
    world: &World,
    request: &Request<'_>,
    route: &'static Route,
    params: &[String],
) -> Answer {
    let body = parse_body(route, request.body)?;
    let mut findings = route.endpoint.query.check_query(request.query);
    if let Some(shape) = &route.endpoint.body {
        findings.extend(shape.check(&body));
    }
    let switches = world.switches();
    let param = |name: &str| {
        request
            .query
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    };
    let account = state
        .accounts
        .get_mut(request.account)
        .expect("a token names an account that exists");
    let mut ctx = Ctx {
        german: account.german || switches.localised_messages,
        account,
        journal: &mut state.journal,
        ids: &mut state.ids,
        world,
        switches: &switches,
        now: world.clock().now().as_second(),
        call: &route.call,
        batch: request.batch,
        caller: request.caller,
        base: request.base,
        query: request.query,
        body: match body {
            Value::Object(map) => map,
            _ => Map::new(),
        },
        selection: Selection::new(param("fields"), param("exclude_fields")),
    };
    judge(&mut ctx, findings)?;
    let mut answer = (route.handler)(&mut ctx, params)?;
    if let Some(answer) = &mut answer {
        if route.method == "GET" {
            for path in ctx.selection.unknown(answer) {
                ctx.violation("fields", &format!("the answer has no {path}"));
            }
        }
        ctx.selection.apply(answer);
    }
    Ok(answer)
}

/// Notes what the contract does not allow, and refuses what the service would refuse.
fn judge(ctx: &mut Ctx<'_>, findings: Vec<Finding>) -> Result<(), Problem> {
    for finding in &findings {
        ctx.violation(&finding.field, &finding.message);
    }
    let refused: Vec<(String, String)> = findings
        .into_iter()
        .filter(|finding| finding.refused)
        .map(|finding| (finding.field, finding.message))
        .collect();
    if refused.is_empty() {
        Ok(())
    } else {
        Err(Problem::schema(refused))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_handler_has_a_contract_and_every_contract_a_handler() {
        let mut contract: Vec<String> = contract::endpoints()
            .into_keys()
            .map(|(method, path)| format!("{method} {path}"))
            .collect();
        let mut served: Vec<String> = HANDLERS
            .iter()
            .map(|(method, path, _)| format!("{method} {path}"))
            .collect();
        contract.sort();
        served.sort();
        assert_eq!(contract, served);
        assert!(!ROUTES.is_empty());
    }
}
