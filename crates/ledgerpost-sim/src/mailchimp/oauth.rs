//! Signing in (`mailchimp.md` 1): consent page, single-use codes, tokens without an end, metadata.

use std::sync::Arc;

use axum::extract::{Form, RawQuery, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::api::pairs;
use super::reply::page;
use super::service::Mailchimp;
use super::state::{Code, DATA_CENTER, Token};

/// Life of a code in seconds (1.2).
const CODE_LIFE: i64 = 30;

pub(crate) fn routes() -> Router<Arc<Mailchimp>> {
    Router::new()
        .route("/oauth2/authorize", get(ask).post(decide))
        .route("/oauth2/token", post(token))
        .route("/oauth2/metadata", get(metadata))
}

/// The first step's parameters.
#[derive(Debug, Clone, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    response_type: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    redirect_uri: String,
    state: Option<String>,
}

impl Mailchimp {
    /// Exact match by default; by prefix under a switch (1.3).
    fn is_registered(&self, redirect: &str) -> bool {
        let registered = &self.services().redirect_uri;
        redirect == registered
            || (self.world().switches().redirect_prefix_match && redirect.starts_with(registered))
    }

    fn refusal(&self, asked: &Asked) -> Option<Response> {
        let reason = if asked.client_id != self.services().client_id {
            "The client_id is unknown."
        } else if !self.is_registered(&asked.redirect_uri) {
            "The redirect_uri does not match the one registered for this application."
        } else if asked.response_type != "code" {
            "The response_type has to be code."
        } else {
            return None;
        };
        let html = format!("<!doctype html><title>Error</title><h1>Error</h1><p>{reason}</p>");
        Some(page(StatusCode::BAD_REQUEST, html))
    }

    fn send_back(asked: &Asked, answer: &[(&str, &str)]) -> Response {
        let Ok(mut address) = Url::parse(&asked.redirect_uri) else {
            return page(
                StatusCode::BAD_REQUEST,
                "<!doctype html><title>Error</title>".to_owned(),
            );
        };
        address
            .query_pairs_mut()
            .extend_pairs(answer)
            .extend_pairs(asked.state.iter().map(|state| ("state", state)));
        (
            StatusCode::FOUND,
            [(header::LOCATION, String::from(address))],
        )
            .into_response()
    }

    fn grant(&self, asked: &Asked, account: usize) -> Response {
        let expires_at = self.now() + CODE_LIFE;
        let code = self.with(|state| {
            let code = state.ids.hex(32);
            state.codes.insert(
                code.clone(),
                Code {
                    account,
                    redirect_uri: asked.redirect_uri.clone(),
                    expires_at,
                },
            );
            code
        });
        Self::send_back(asked, &[("code", &code)])
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// The consent page: which business, allow or deny.
async fn ask(Shared(service): Shared<Arc<Mailchimp>>, RawQuery(query): RawQuery) -> Response {
    let given = pairs(query.as_deref());
    let value = |name: &str| {
        given
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.clone())
    };
    let asked = Asked {
        response_type: value("response_type").unwrap_or_default(),
        client_id: value("client_id").unwrap_or_default(),
        redirect_uri: value("redirect_uri").unwrap_or_default(),
        state: value("state"),
    };
    if let Some(refusal) = service.refusal(&asked) {
        return refusal;
    }
    if service.world().options().auto_consent {
        return service.grant(&asked, 0);
    }
    let choices: Vec<String> = service.with(|state| {
        let names = state.accounts.iter().enumerate();
        names
            .map(|(number, account)| {
                let checked = if number == 0 { " checked" } else { "" };
                let name = escape(&account.name);
                format!(
                    "<p><label><input type=\"radio\" name=\"account\" value=\"{number}\"{checked}> \
                     {name}</label></p>"
                )
            })
            .collect()
    });
    let choices = choices.concat();
    let state = asked.state.as_deref().unwrap_or_default();
    let hidden = [
        ("response_type", asked.response_type.as_str()),
        ("client_id", &asked.client_id),
        ("redirect_uri", &asked.redirect_uri),
        ("state", state),
    ]
    .map(|(name, value)| {
        let value = escape(value);
        format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">")
    })
    .concat();
    page(
        StatusCode::OK,
        format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Mailchimp (simulated)\
             </title><h1>Mailchimp (simulated)</h1><p>Ledgerpost wants to use your account.</p>\
             <form method=\"post\" action=\"/oauth2/authorize\">{hidden}<fieldset><legend>Choose a \
             business</legend>{choices}</fieldset><button name=\"decision\" value=\"allow\">Allow\
             </button> <button name=\"decision\" value=\"deny\">Deny</button></form></html>"
        ),
    )
}

/// What the person answered.
#[derive(Debug, Deserialize)]
struct Decision {
    #[serde(flatten)]
    asked: Asked,
    #[serde(rename = "decision")]
    answer: String,
    #[serde(default)]
    account: Option<String>,
}

async fn decide(Shared(service): Shared<Arc<Mailchimp>>, Form(form): Form<Decision>) -> Response {
    if let Some(refusal) = service.refusal(&form.asked) {
        return refusal;
    }
    if form.answer != "allow" {
        return Mailchimp::send_back(&form.asked, &[("error", "access_denied")]);
    }
    let account = form.account.and_then(|text| text.parse().ok()).unwrap_or(0);
    if account >= service.with(|state| state.accounts.len()) {
        return Redirect::to("/oauth2/authorize").into_response();
    }
    service.grant(&form.asked, account)
}

/// The token request's form.
#[derive(Debug, Deserialize)]
struct Exchange {
    #[serde(default)]
    grant_type: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    client_secret: String,
    #[serde(default)]
    redirect_uri: String,
    #[serde(default)]
    code: String,
}

async fn token(Shared(service): Shared<Arc<Mailchimp>>, Form(form): Form<Exchange>) -> Response {
    match exchange(&service, &form) {
        Ok(body) => Json(body).into_response(),
        Err((error, description)) => {
            let body = json!({"error": error, "error_description": description});
            (StatusCode::BAD_REQUEST, Json(body)).into_response()
        }
    }
}

fn exchange(service: &Mailchimp, form: &Exchange) -> Result<Value, (&'static str, &'static str)> {
    let services = service.services();
    if form.grant_type != "authorization_code" {
        return Err((
            "unsupported_grant_type",
            "The grant_type has to be authorization_code",
        ));
    }
    if form.client_id != services.client_id || form.client_secret != services.client_secret {
        return Err(("invalid_client", "The client credentials are invalid"));
    }
    let now = service.now();
    service.with(|state| {
        // Single use: a code is gone whatever comes of this.
        let code = state
            .codes
            .remove(&form.code)
            .ok_or(("invalid_grant", "The code is invalid or was used"))?;
        if now > code.expires_at {
            return Err(("invalid_grant", "The code has expired"));
        }
        if form.redirect_uri != code.redirect_uri {
            return Err((
                "invalid_grant",
                "The redirect_uri does not match the code's",
            ));
        }
        let token = state.ids.hex(32);
        state.tokens.insert(
            token.clone(),
            Token {
                account: code.account,
                revoked: false,
            },
        );
        Ok(json!({"access_token": token, "expires_in": 0, "scope": null}))
    })
}

/// `Authorization: OAuth`, `Bearer`, or `?oauth_token=` (1.1).
fn presented(headers: &HeaderMap, query: Option<&str>) -> Option<String> {
    let header = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| {
            scheme.eq_ignore_ascii_case("oauth") || scheme.eq_ignore_ascii_case("bearer")
        })
        .map(|(_, token)| token.trim().to_owned());
    header.or_else(|| {
        pairs(query)
            .into_iter()
            .find(|(name, _)| name == "oauth_token")
            .map(|(_, token)| token)
    })
}

/// With a bad token: 200, and a body without `api_endpoint` (1.4).
async fn metadata(
    Shared(service): Shared<Arc<Mailchimp>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Json<Value> {
    let token = presented(&headers, query.as_deref()).unwrap_or_default();
    let lacks_endpoint = service.world().switches().metadata_lacks_endpoint;
    let body = service.with(|state| {
        let Ok(number) = state.account_of(&token) else {
            return json!({
                "error": "invalid_token",
                "error_description": "The access token is invalid or was revoked",
            });
        };
        let account = &state.accounts[number];
        let user = &account.user;
        let mut body = json!({
            "dc": account.data_center, "role": account.role, "accountname": account.name,
            "user_id": user.number,
            "login": {
                "email": user.email, "avatar": null, "login_id": user.login_id,
                "login_name": user.login_name, "login_email": user.email,
            },
            "login_url": service.origin(),
        });
        if !lacks_endpoint {
            body["api_endpoint"] = json!(format!("{}/{DATA_CENTER}", service.origin()));
        }
        body
    });
    Json(body)
}
