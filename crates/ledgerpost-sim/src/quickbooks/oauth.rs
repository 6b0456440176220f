//! Token, revoke, userinfo and discovery (`quickbooks-online.md` 1).

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::QuickBooks;
use super::auth::{ACCESS_SECONDS, Keys, ROLLING_SECONDS_SHOWN, Tokens};

/// The production key set: it exists so that mixing the sets fails as it does at Intuit.
pub(crate) const PRODUCTION_CLIENT_ID: &str = "ABsimProductionClientId";
const PRODUCTION_CLIENT_SECRET: &str = "simProductionClientSecret";

pub(crate) fn routes() -> Router<Arc<QuickBooks>> {
    Router::new()
        .route("/oauth2/v1/tokens/bearer", post(token))
        .route("/v2/oauth2/tokens/revoke", post(revoke))
        .route("/v1/openid_connect/userinfo", get(userinfo))
        .route("/op/v1/jwks", get(|| async { Json(json!({ "keys": [] })) }))
        // With and without a slash at the end: Intuit's own libraries differ.
        .route("/.well-known/openid_configuration", get(discovery))
        .route("/.well-known/openid_configuration/", get(discovery))
        .route("/.well-known/openid_sandbox_configuration", get(discovery))
        .route("/.well-known/openid_sandbox_configuration/", get(discovery))
}

impl QuickBooks {
    /// The key set that a client id belongs to.
    pub(crate) fn keys(&self, client_id: &str) -> Option<Keys> {
        if client_id == self.services.client_id {
            Some(Keys::Development)
        } else if client_id == PRODUCTION_CLIENT_ID {
            Some(Keys::Production)
        } else {
            None
        }
    }

    /// The caller's key set, by Basic credentials or by form fields.
    fn client(&self, headers: &HeaderMap, form: &HashMap<String, String>) -> Option<Keys> {
        let basic = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Basic "));
        let (id, secret) = match basic {
            Some(encoded) => {
                let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
                let (id, secret) = decoded.split_once(':')?;
                (percent_decoded(id), percent_decoded(secret))
            }
            None => (
                form.get("client_id")?.clone(),
                form.get("client_secret")?.clone(),
            ),
        };
        let keys = self.keys(&id)?;
        let right = match keys {
            Keys::Development => self.services.client_secret.as_str(),
            Keys::Production => PRODUCTION_CLIENT_SECRET,
        };
        (secret == right).then_some(keys)
    }
}

/// Basic credentials may be percent-encoded first (RFC 6749 2.3.1).
fn percent_decoded(text: &str) -> String {
    url::form_urlencoded::parse(text.replace('+', "%2B").as_bytes())
        .next()
        .map_or_else(String::new, |(name, _)| name.into_owned())
}

fn refusal(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}

async fn token(
    State(service): State<Arc<QuickBooks>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form: HashMap<String, String> = url::form_urlencoded::parse(&body).into_owned().collect();
    let is_form = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        return refusal(StatusCode::BAD_REQUEST, "invalid_request");
    }
    let Some(keys) = service.client(&headers, &form) else {
        return refusal(StatusCode::UNAUTHORIZED, "invalid_client");
    };
    let now = service.world.clock().now();
    let switches = service.world.switches();
    let field = |name: &str| form.get(name).filter(|value| !value.is_empty());
    let tokens = match form.get("grant_type").map(String::as_str) {
        Some("authorization_code") => {
            let (Some(code), Some(redirect)) = (field("code"), field("redirect_uri")) else {
                return refusal(StatusCode::BAD_REQUEST, "invalid_request");
            };
            service.with(|state| state.auth.exchange(keys, code, redirect, &switches, now))
        }
        Some("refresh_token") => {
            let Some(token) = field("refresh_token") else {
                return refusal(StatusCode::BAD_REQUEST, "invalid_request");
            };
            service.with(|state| state.auth.refresh(keys, token, &switches, now))
        }
        Some(_) => return refusal(StatusCode::BAD_REQUEST, "unsupported_grant_type"),
        None => return refusal(StatusCode::BAD_REQUEST, "invalid_request"),
    };
    let Some(tokens) = tokens else {
        return refusal(StatusCode::BAD_REQUEST, "invalid_grant");
    };
    let with_hard_end = headers
        .get("x-include-refresh-token-hard-expires-in")
        .is_some_and(|value| value == "true");
    let body = token_body(&service, &tokens, with_hard_end, now.as_second());
    let mut response = Json(body).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json;charset=UTF-8"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-cache, no-store"),
    );
    response
}

fn token_body(service: &QuickBooks, tokens: &Tokens, with_hard_end: bool, now: i64) -> Value {
    let mut body = json!({
        "token_type": "bearer",
        "access_token": tokens.access,
        "expires_in": ACCESS_SECONDS,
        "refresh_token": tokens.refresh,
        "x_refresh_token_expires_in": ROLLING_SECONDS_SHOWN,
    });
    if with_hard_end {
        body["x_refresh_token_hard_expires_in"] = json!(tokens.hard_seconds_left);
    }
    if tokens.grant.scope.split(' ').any(|scope| scope == "openid") {
        let claims = json!({
            "sub": "sim-owner", "aud": [service.services.client_id], "realmid": tokens.grant.realm,
            "auth_time": now, "iss": "https://oauth.platform.intuit.com/op/v1",
            "exp": now + 3600, "iat": now,
        });
        // Not signed: the simulator holds no key that anybody should trust.
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = part(&json!({ "alg": "RS256", "kid": "sim" }));
        body["id_token"] = json!(format!("{head}.{}.c2lt", part(&claims)));
    }
    body
}

async fn revoke(
    State(service): State<Arc<QuickBooks>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if service.client(&headers, &HashMap::new()).is_none() {
        return refusal(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let token = serde_json::from_slice::<Value>(&body)
        .ok()
        .and_then(|body| body.get("token")?.as_str().map(str::to_owned));
    let known = token.is_some_and(|token| service.with(|state| state.auth.revoke(&token)));
    if known {
        StatusCode::OK.into_response()
    } else {
        refusal(StatusCode::BAD_REQUEST, "invalid_request")
    }
}

async fn userinfo(State(service): State<Arc<QuickBooks>>, headers: HeaderMap) -> Response {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let now = service.world.clock().now();
    let grant = token.and_then(|token| service.with(|state| state.auth.check(token, now).ok()));
    let Some(grant) = grant else {
        return refusal(StatusCode::UNAUTHORIZED, "invalid_token");
    };
    let scopes: Vec<&str> = grant.scope.split(' ').collect();
    if !scopes.contains(&"openid") {
        return refusal(StatusCode::FORBIDDEN, "insufficient_scope");
    }
    let mut body = json!({ "sub": "sim-owner" });
    if scopes.contains(&"email") {
        body["email"] = json!("owner@company-under-test.test");
        body["emailVerified"] = json!(true);
    }
    if scopes.contains(&"profile") {
        body["givenName"] = json!("Robin");
        body["familyName"] = json!("Tidewater");
    }
    Json(body).into_response()
}

async fn discovery(State(service): State<Arc<QuickBooks>>) -> Response {
    let base = &service.services.api_base_url;
    Json(json!({
        "issuer": "https://oauth.platform.intuit.com/op/v1",
        "authorization_endpoint": service.services.authorize_url,
        "token_endpoint": service.services.token_url,
        "userinfo_endpoint": service.services.userinfo_url,
        "revocation_endpoint": service.services.revoke_url,
        "jwks_uri": format!("{base}/op/v1/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile", "address", "phone"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": ["aud", "exp", "iat", "iss", "realmid", "sub"],
    }))
    .into_response()
}
