//! Which handler serves a method and path, and everything around a handler: parsing, the contract
//! check, `fields`. Requests from the network and operations in batches come through the same door.

use std::collections::HashMap;
use std::sync::LazyLock;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::context::{Answer, Ctx, Params};
use super::contract::{self, Endpoint, Finding};
use super::fields::Selection;
use super::problem::Problem;
use super::state::State;
use super::{
    batches, bulk, commerce, customers, interests, lines, lists, members_read, members_write,
    merge, orders, products, root, tags,
};
use crate::frame::World;

type Handler = fn(&mut Ctx<'_>, &Params<'_>) -> Answer;

/// Everything that is served. `contract.txt` has a line for each, and for nothing else.
const HANDLERS: &[(&str, &str, Handler)] = &[
    ("GET", "/", root::show),
    ("GET", "/ping", root::ping),
    ("GET", "/search-members", members_read::search),
    ("GET", "/authorized-apps", root::apps),
    ("GET", "/automations", root::automations),
    ("GET", "/automations/{workflow_id}", root::show_automation),
    (
        "POST",
        "/automations/{workflow_id}/actions/pause-all-emails",
        root::pause,
    ),
    (
        "POST",
        "/automations/{workflow_id}/actions/start-all-emails",
        root::start,
    ),
    ("GET", "/batches", batches::index),
    ("POST", "/batches", batches::create),
    ("GET", "/batches/{batch_id}", batches::show),
    ("DELETE", "/batches/{batch_id}", batches::delete),
    ("GET", "/lists", lists::index),
    ("POST", "/lists", lists::create),
    ("GET", "/lists/{list_id}", lists::show),
    ("PATCH", "/lists/{list_id}", lists::update),
    ("DELETE", "/lists/{list_id}", lists::delete),
    ("POST", "/lists/{list_id}", bulk::members),
    ("GET", "/lists/{list_id}/members", members_read::index),
    ("POST", "/lists/{list_id}/members", members_write::create),
    (
        "GET",
        "/lists/{list_id}/members/{subscriber_hash}",
        members_read::show,
    ),
    (
        "PUT",
        "/lists/{list_id}/members/{subscriber_hash}",
        members_write::put,
    ),
    (
        "PATCH",
        "/lists/{list_id}/members/{subscriber_hash}",
        members_write::patch,
    ),
    (
        "DELETE",
        "/lists/{list_id}/members/{subscriber_hash}",
        members_write::archive,
    ),
    (
        "POST",
        "/lists/{list_id}/members/{subscriber_hash}/actions/delete-permanent",
        members_write::forget,
    ),
    (
        "GET",
        "/lists/{list_id}/members/{subscriber_hash}/tags",
        tags::of_member,
    ),
    (
        "POST",
        "/lists/{list_id}/members/{subscriber_hash}/tags",
        tags::update_member,
    ),
    ("GET", "/lists/{list_id}/tag-search", tags::search),
    ("GET", "/lists/{list_id}/segments", tags::segments),
    ("POST", "/lists/{list_id}/segments", tags::create_segment),
    (
        "GET",
        "/lists/{list_id}/segments/{segment_id}",
        tags::show_segment,
    ),
    (
        "PATCH",
        "/lists/{list_id}/segments/{segment_id}",
        tags::patch_segment,
    ),
    (
        "DELETE",
        "/lists/{list_id}/segments/{segment_id}",
        tags::delete_segment,
    ),
    (
        "POST",
        "/lists/{list_id}/segments/{segment_id}",
        tags::update_segment,
    ),
    (
        "GET",
        "/lists/{list_id}/segments/{segment_id}/members",
        tags::segment_members,
    ),
    (
        "POST",
        "/lists/{list_id}/segments/{segment_id}/members",
        tags::add_to_segment,
    ),
    (
        "DELETE",
        "/lists/{list_id}/segments/{segment_id}/members/{subscriber_hash}",
        tags::take_from_segment,
    ),
    ("GET", "/lists/{list_id}/merge-fields", merge::index),
    ("POST", "/lists/{list_id}/merge-fields", merge::create),
    (
        "GET",
        "/lists/{list_id}/merge-fields/{merge_id}",
        merge::show,
    ),
    (
        "PATCH",
        "/lists/{list_id}/merge-fields/{merge_id}",
        merge::update,
    ),
    (
        "DELETE",
        "/lists/{list_id}/merge-fields/{merge_id}",
        merge::delete,
    ),
    (
        "GET",
        "/lists/{list_id}/interest-categories",
        interests::categories,
    ),
    (
        "POST",
        "/lists/{list_id}/interest-categories",
        interests::create_category,
    ),
    (
        "GET",
        "/lists/{list_id}/interest-categories/{interest_category_id}",
        interests::show_category,
    ),
    (
        "DELETE",
        "/lists/{list_id}/interest-categories/{interest_category_id}",
        interests::delete_category,
    ),
    (
        "GET",
        "/lists/{list_id}/interest-categories/{interest_category_id}/interests",
        interests::interests,
    ),
    (
        "POST",
        "/lists/{list_id}/interest-categories/{interest_category_id}/interests",
        interests::create_interest,
    ),
    (
        "GET",
        "/lists/{list_id}/interest-categories/{interest_category_id}/interests/{interest_id}",
        interests::show_interest,
    ),
    (
        "DELETE",
        "/lists/{list_id}/interest-categories/{interest_category_id}/interests/{interest_id}",
        interests::delete_interest,
    ),
    ("GET", "/ecommerce/orders", orders::account_wide),
    ("GET", "/ecommerce/stores", commerce::stores),
    ("POST", "/ecommerce/stores", commerce::create),
    ("GET", "/ecommerce/stores/{store_id}", commerce::show),
    ("PATCH", "/ecommerce/stores/{store_id}", commerce::update),
    ("DELETE", "/ecommerce/stores/{store_id}", commerce::delete),
    (
        "GET",
        "/ecommerce/stores/{store_id}/customers",
        customers::index,
    ),
    (
        "POST",
        "/ecommerce/stores/{store_id}/customers",
        customers::create,
    ),
    (
        "GET",
        "/ecommerce/stores/{store_id}/customers/{customer_id}",
        customers::show,
    ),
    (
        "PUT",
        "/ecommerce/stores/{store_id}/customers/{customer_id}",
        customers::put,
    ),
    (
        "PATCH",
        "/ecommerce/stores/{store_id}/customers/{customer_id}",
        customers::patch,
    ),
    (
        "DELETE",
        "/ecommerce/stores/{store_id}/customers/{customer_id}",
        customers::delete,
    ),
    (
        "GET",
        "/ecommerce/stores/{store_id}/products",
        products::index,
    ),
    (
        "POST",
        "/ecommerce/stores/{store_id}/products",
        products::create,
    ),
    (
        "GET",
        "/ecommerce/stores/{store_id}/products/{product_id}",
        products::show,
    ),
    (
        "PUT",
        "/ecommerce/stores/{store_id}/products/{product_id}",
        products::put,
    ),
    (
        "PATCH",
        "/ecommerce/stores/{store_id}/products/{product_id}",
        products::patch,
    ),
    (
        "DELETE",
        "/ecommerce/stores/{store_id}/products/{product_id}",
        products::delete,
    ),
    (
        "GET",
        "/ecommerce/stores/{store_id}/products/{product_id}/variants",
        products::variants,
    ),
    (
        "POST",
        "/ecommerce/stores/{store_id}/products/{product_id}/variants",
        products::create_variant,
    ),
    (
        "GET",
        "/ecommerce/stores/{store_id}/products/{product_id}/variants/{variant_id}",
        products::show_variant,
    ),
    (
        "PUT",
        "/ecommerce/stores/{store_id}/products/{product_id}/variants/{variant_id}",
        products::put_one_variant,
    ),
    (
        "PATCH",
        "/ecommerce/stores/{store_id}/products/{product_id}/variants/{variant_id}",
        products::patch_variant,
    ),
    (
        "DELETE",
        "/ecommerce/stores/{store_id}/products/{product_id}/variants/{variant_id}",
        products::delete_variant,
    ),
    ("GET", "/ecommerce/stores/{store_id}/orders", orders::index),
    (
        "POST",
        "/ecommerce/stores/{store_id}/orders",
        orders::create,
    ),
    (
        "GET",
        "/ecommerce/stores/{store_id}/orders/{order_id}",
        orders::show,
    ),
    (
        "PUT",
        "/ecommerce/stores/{store_id}/orders/{order_id}",
        orders::put,
    ),
    (
        "PATCH",
        "/ecommerce/stores/{store_id}/orders/{order_id}",
        orders::patch,
    ),
    (
        "DELETE",
        "/ecommerce/stores/{store_id}/orders/{order_id}",
        orders::delete,
    ),
    (
        "GET",
        "/ecommerce/stores/{store_id}/orders/{order_id}/lines",
        lines::index,
    ),
    (
        "POST",
        "/ecommerce/stores/{store_id}/orders/{order_id}/lines",
        lines::create,
    ),
    (
        "GET",
        "/ecommerce/stores/{store_id}/orders/{order_id}/lines/{line_id}",
        lines::show,
    ),
    (
        "PATCH",
        "/ecommerce/stores/{store_id}/orders/{order_id}/lines/{line_id}",
        lines::patch,
    ),
    (
        "DELETE",
        "/ecommerce/stores/{store_id}/orders/{order_id}/lines/{line_id}",
        lines::delete,
    ),
];

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
    for finding in &findings {
        ctx.violation(&finding.field, &finding.message);
    }
    let refused: Vec<Finding> = findings
        .into_iter()
        .filter(|finding| finding.refused)
        .collect();
    if !refused.is_empty() {
        return Err(Problem::schema(
            refused
                .into_iter()
                .map(|finding| (finding.field, finding.message))
                .collect(),
        ));
    }
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
