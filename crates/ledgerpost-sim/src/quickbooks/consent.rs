//! The consent page: who signs in, which company, yes or no (`quickbooks-online.md` 1.2, 1.3).

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use url::Url;

use super::QuickBooks;
use super::auth::{Grant, Keys};
use super::json::push;

/// Intuit's own page that shows a code to copy; may be registered by every app.
const PLAYGROUND: &str = "https://developer.intuit.com/v2/OAuth2Playground/RedirectUrl";
/// The relay page that the production keys are registered with.
const RELAY: &str = "https://relay.ledgerpost.test/callback";
const SCOPES: [&str; 7] = [
    "com.intuit.quickbooks.accounting",
    "com.intuit.quickbooks.payment",
    "openid",
    "profile",
    "email",
    "phone",
    "address",
];

pub(crate) fn routes() -> Router<Arc<QuickBooks>> {
    Router::new().route("/connect/oauth2", get(show).post(decide))
}

#[derive(Deserialize)]
struct Ask {
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    response_type: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    redirect_uri: String,
    #[serde(default)]
    state: String,
}

#[derive(Deserialize)]
struct Decision {
    #[serde(flatten)]
    ask: Ask,
    #[serde(default)]
    person: String,
    #[serde(default)]
    realm: String,
    #[serde(default)]
    answer: String,
}

/// What is wrong with a request for consent.
enum Wrong {
    /// Said on the page: there is no redirect that could be trusted.
    OnPage(&'static str),
    /// Said to the app.
    ToApp(&'static str),
}

fn check(service: &QuickBooks, ask: &Ask) -> Result<Keys, Wrong> {
    let keys = service
        .keys(&ask.client_id)
        .ok_or(Wrong::OnPage("The client id is not known."))?;
    let registered: &[&str] = match keys {
        // Production keys take no localhost (`quickbooks-online.md` 1.9).
        Keys::Production => &[RELAY],
        Keys::Development => &[service.services.redirect_uri.as_str(), PLAYGROUND],
    };
    if !registered.contains(&ask.redirect_uri.as_str()) {
        return Err(Wrong::OnPage(
            "The redirect_uri query parameter value is invalid. Make sure it is listed in the \
             Redirect URIs section on your app's keys tab and matches it exactly.",
        ));
    }
    if ask.state.is_empty() {
        return Err(Wrong::OnPage("The state query parameter is missing."));
    }
    if ask.response_type != "code" {
        return Err(Wrong::ToApp("unsupported_response_type"));
    }
    let scopes = ask.scope.split(' ').filter(|scope| !scope.is_empty());
    if ask.scope.is_empty() || !scopes.clone().all(|scope| SCOPES.contains(&scope)) {
        return Err(Wrong::ToApp("invalid_scope"));
    }
    Ok(keys)
}

fn back(ask: &Ask, pairs: &[(&str, &str)]) -> Response {
    let Ok(mut to) = Url::parse(&ask.redirect_uri) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    to.query_pairs_mut()
        .extend_pairs(pairs)
        .append_pair("state", &ask.state);
    (StatusCode::FOUND, [(header::LOCATION, to.to_string())]).into_response()
}

fn refuse(ask: &Ask, wrong: &Wrong) -> Response {
    match wrong {
        Wrong::OnPage(text) => (
            StatusCode::BAD_REQUEST,
            page("Sorry, something went wrong", &format!("<p>{text}</p>")),
        )
            .into_response(),
        Wrong::ToApp(error) => back(ask, &[("error", error)]),
    }
}

fn grant(service: &QuickBooks, ask: &Ask, keys: Keys, realm: &str) -> Response {
    let now = service.world.clock().now();
    let grant = Grant {
        keys,
        realm: realm.to_owned(),
        scope: ask.scope.clone(),
    };
    let code = service.with(|state| state.auth.issue_code(grant, &ask.redirect_uri, now));
    back(ask, &[("code", &code), ("realmId", realm)])
}

async fn show(State(service): State<Arc<QuickBooks>>, Query(ask): Query<Ask>) -> Response {
    let keys = match check(&service, &ask) {
        Ok(keys) => keys,
        Err(wrong) => return refuse(&ask, &wrong),
    };
    let companies: Vec<(String, String)> = service.with(|state| {
        let all = state.companies.iter().map(|company| &company.books.company);
        all.map(|company| (company.realm.clone(), company.name.clone()))
            .collect()
    });
    if service.world.options().auto_consent {
        if service.world.switches().not_an_administrator {
            return back(&ask, &[("error", "access_denied")]);
        }
        let (realm, _) = &companies[0];
        return grant(&service, &ask, keys, realm);
    }
    page("Connect to QuickBooks", &form(&ask, &companies)).into_response()
}

async fn decide(
    State(service): State<Arc<QuickBooks>>,
    Form(decision): Form<Decision>,
) -> Response {
    let ask = &decision.ask;
    let keys = match check(&service, ask) {
        Ok(keys) => keys,
        Err(wrong) => return refuse(ask, &wrong),
    };
    // Only an administrator of the company can connect.
    let administrator =
        decision.person == "owner" && !service.world.switches().not_an_administrator;
    let known = service.with(|state| state.company(&decision.realm).is_some());
    if decision.answer != "connect" || !administrator || !known {
        return back(ask, &[("error", "access_denied")]);
    }
    grant(&service, ask, keys, &decision.realm)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn page(title: &str, body: &str) -> Html<String> {
    Html(format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>{title} (simulator)</title><style>body{{font:1rem/1.5 \
         system-ui;max-width:34rem;margin:2rem auto;padding:0 1rem}}fieldset{{margin:0 0 \
         1rem}}label{{display:block;padding:.25rem}}button{{font:inherit;padding:.5rem \
         1rem;margin-right:.5rem}}</style></head><body><main><h1>{title}</h1><p>This is the \
         Ledgerpost simulator, not Intuit. No real company is touched.</p>{body}</main></body></html>"
    ))
}

fn form(ask: &Ask, companies: &[(String, String)]) -> String {
    let mut body = String::from("<form method=\"post\" action=\"/connect/oauth2\">");
    let hidden = [
        ("client_id", &ask.client_id),
        ("response_type", &ask.response_type),
        ("scope", &ask.scope),
        ("redirect_uri", &ask.redirect_uri),
        ("state", &ask.state),
    ];
    for (name, value) in hidden {
        push(
            &mut body,
            format_args!(
                "<input type=\"hidden\" name=\"{name}\" value=\"{}\">",
                escape(value)
            ),
        );
    }
    body.push_str(
        "<fieldset><legend>Who signs in</legend><label><input type=\"radio\" name=\"person\" \
         value=\"owner\" checked> Robin, the administrator</label><label><input type=\"radio\" \
         name=\"person\" value=\"clerk\"> Sam, who is no administrator</label></fieldset>\
         <fieldset><legend>Which company</legend>",
    );
    for (index, (realm, name)) in companies.iter().enumerate() {
        let checked = if index == 0 { " checked" } else { "" };
        push(
            &mut body,
            format_args!(
                "<label><input type=\"radio\" name=\"realm\" value=\"{realm}\"{checked}> {}</label>",
                escape(name)
            ),
        );
    }
    body.push_str(
        "</fieldset><p>The app will be able to read and change the books of this company.</p>\
         <button name=\"answer\" value=\"connect\">Connect</button><button name=\"answer\" \
         value=\"cancel\">Cancel</button></form>",
    );
    body
}
