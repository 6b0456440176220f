//! Talks to the services' own token endpoints with the client secret in hand.

use std::pin::Pin;

use async_trait::async_trait;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
};
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, RedirectUrl, RefreshToken,
    RequestTokenError, Scope, StandardRevocableToken, TokenUrl,
};
use url::Url;

use super::TokenExchange;
use super::grant::{Answer, TokenGrant};
use crate::error::{HttpError, NetError, ServiceWord, SignInError, TokenError};
use crate::http::{Method, RequestSpec, Response, StatusCode, Transport, header};
use crate::secret::Secret;
use crate::services::{ClientKeys, MailchimpService, QuickBooksService, RedirectUri, Service};

/// The only scope there is for the books; it cannot be had read-only (`quickbooks-online.md` 1.1).
const QUICKBOOKS_SCOPES: [&str; 4] = [
    "com.intuit.quickbooks.accounting",
    "openid",
    "profile",
    "email",
];

/// Asks for the end of a sign-in's whole life, 5 years at the most (`quickbooks-online.md` 1.4).
const HARD_EXPIRY_HEADER: header::HeaderName =
    header::HeaderName::from_static("x-include-refresh-token-hard-expires-in");

type Client = oauth2::Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// The exchange with a client secret on this computer.
#[derive(Debug, Clone)]
pub struct DirectExchange {
    service: Service,
    client: Client,
    keys: ClientKeys,
    revoke_url: Option<Url>,
    sender: Sender,
}

impl DirectExchange {
    /// For QuickBooks.
    ///
    /// # Errors
    ///
    /// [`SignInError::NoKeys`] when nobody gave keys.
    pub fn quickbooks(
        service: &QuickBooksService,
        transport: Transport,
    ) -> Result<Self, SignInError> {
        let keys = known_keys(Service::QuickBooks, service.client.as_ref())?;
        Ok(Self {
            service: Service::QuickBooks,
            client: client(&keys, &service.authorize_url, &service.token_url),
            keys,
            revoke_url: Some(service.revoke_url.clone()),
            sender: Sender {
                service: Service::QuickBooks,
                transport,
            },
        })
    }

    /// For Mailchimp, which wants the credentials as form fields (`mailchimp.md` 1.1).
    ///
    /// # Errors
    ///
    /// [`SignInError::NoKeys`] when nobody gave keys.
    pub fn mailchimp(
        service: &MailchimpService,
        transport: Transport,
    ) -> Result<Self, SignInError> {
        let keys = known_keys(Service::Mailchimp, service.client.as_ref())?;
        Ok(Self {
            service: Service::Mailchimp,
            client: client(&keys, &service.authorize_url, &service.token_url)
                .set_auth_type(AuthType::RequestBody),
            keys,
            revoke_url: None,
            sender: Sender {
                service: Service::Mailchimp,
                transport,
            },
        })
    }

    /// Decides on the `error` word alone (`quickbooks-online.md` 1.7). Nothing of the answer is kept
    /// in the error: it may hold tokens.
    fn explain(&self, error: RequestTokenError<NetError, BasicErrorResponse>) -> Failure {
        match error {
            RequestTokenError::Request(error) => Failure::Other(error),
            RequestTokenError::ServerResponse(answer) => self.refused(answer.error().as_ref()),
            RequestTokenError::Parse(_, body) => {
                match serde_json::from_slice::<BasicErrorResponse>(&body) {
                    Ok(answer) => self.refused(answer.error().as_ref()),
                    Err(_) => self.unreadable(),
                }
            }
            RequestTokenError::Other(_) => self.unreadable(),
        }
    }

    fn refused(&self, word: &str) -> Failure {
        if word == "invalid_grant" {
            return Failure::InvalidGrant;
        }
        let service = self.service.name();
        let word = ServiceWord::new(word);
        Failure::Other(TokenError::Configuration { service, word }.into())
    }

    fn unreadable(&self) -> Failure {
        let service = self.service.name();
        Failure::Other(TokenError::Unreadable { service }.into())
    }
}

enum Failure {
    InvalidGrant,
    Other(NetError),
}

/// What carries the requests of the `oauth2` crate.
#[derive(Debug, Clone)]
struct Sender {
    service: Service,
    transport: Transport,
}

impl Sender {
    /// One request of the `oauth2` crate. Throttling and failures of the server become errors here,
    /// since their bodies may be anything (`quickbooks-online.md` 1.7).
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NetError> {
        let (parts, body) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string()).map_err(|_| HttpError::InvalidHeader {
            name: "token address",
        })?;
        let mut spec = RequestSpec::new(Method::POST, url, "oauth:token");
        spec.headers.extend(parts.headers);
        spec.body = body.into();
        if self.service == Service::QuickBooks {
            spec = spec.header(HARD_EXPIRY_HEADER, header::HeaderValue::from_static("true"));
        }
        let answer = self.transport.send(&spec).await?;
        self.check_available(&answer)?;
        let mut response = HttpResponse::new(answer.body.to_vec());
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        Ok(response)
    }

    fn check_available(&self, answer: &Response) -> Result<(), TokenError> {
        if answer.status == StatusCode::TOO_MANY_REQUESTS || answer.status.is_server_error() {
            return Err(TokenError::Unavailable {
                service: self.service.name(),
                status: answer.status.as_u16(),
                wait: answer.retry_after(),
            });
        }
        Ok(())
    }
}

impl<'c> AsyncHttpClient<'c> for Sender {
    type Error = NetError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, NetError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

#[async_trait]
impl TokenExchange for DirectExchange {
    fn service(&self) -> Service {
        self.service
    }

    fn authorize_url(&self, redirect: &RedirectUri, state: &Secret) -> Url {
        let client = self.client.clone().set_redirect_uri(redirect_url(redirect));
        let mut request = client.authorize_url(|| CsrfToken::new(state.expose().to_owned()));
        if self.service == Service::QuickBooks {
            let scopes = QUICKBOOKS_SCOPES.map(|scope| Scope::new(scope.to_owned()));
            request = request.add_scopes(scopes);
        }
        request.url().0
    }

    async fn exchange_code(
        &self,
        code: &Secret,
        redirect: &RedirectUri,
    ) -> Result<TokenGrant, NetError> {
        let client = self.client.clone().set_redirect_uri(redirect_url(redirect));
        let outcome = client
            .exchange_code(AuthorizationCode::new(code.expose().to_owned()))
            .request_async(&self.sender)
            .await;
        outcome
            .map(TokenGrant::from)
            .map_err(|error| match self.explain(error) {
                Failure::InvalidGrant => SignInError::Refused {
                    word: ServiceWord::new("invalid_grant"),
                }
                .into(),
                Failure::Other(error) => error,
            })
    }

    async fn refresh_tokens(&self, refresh: &Secret) -> Result<TokenGrant, NetError> {
        let token = RefreshToken::new(refresh.expose().to_owned());
        let outcome = self
            .client
            .exchange_refresh_token(&token)
            .request_async(&self.sender)
            .await;
        outcome
            .map(TokenGrant::from)
            .map_err(|error| match self.explain(error) {
                Failure::InvalidGrant => TokenError::SignInAgain {
                    account: self.service.name().to_owned(),
                }
                .into(),
                Failure::Other(error) => error,
            })
    }

    /// A JSON body, which is not the form that the `oauth2` crate sends
    /// (`quickbooks-online.md` 1.6). An unknown token gives 400: it is as dead as it should be.
    async fn revoke_token(&self, token: &Secret) -> Result<bool, NetError> {
        let Some(url) = self.revoke_url.clone() else {
            return Ok(false);
        };
        let credentials = Secret::new(base64::Engine::encode(
            &base64::engine::general_purpose::STANDARD,
            format!(
                "{}:{}",
                self.keys.client_id,
                self.keys.client_secret.expose()
            ),
        ));
        let request = RequestSpec::new(Method::POST, url, "oauth:revoke")
            .json(&serde_json::json!({ "token": token.expose() }))?
            .authorization("Basic", &credentials)?;
        let answer = self.sender.transport.send(&request).await?;
        self.sender.check_available(&answer)?;
        match answer.status {
            status if status.is_success() => Ok(true),
            StatusCode::BAD_REQUEST => Ok(true),
            _ => Err(TokenError::Configuration {
                service: self.service.name(),
                word: error_word(&answer),
            }
            .into()),
        }
    }
}

fn error_word(answer: &Response) -> ServiceWord {
    let parsed = serde_json::from_slice::<BasicErrorResponse>(&answer.body);
    ServiceWord::new(parsed.as_ref().map_or("", |answer| answer.error().as_ref()))
}

fn known_keys(service: Service, keys: Option<&ClientKeys>) -> Result<ClientKeys, SignInError> {
    keys.cloned().ok_or(SignInError::NoKeys {
        service: service.name(),
    })
}

fn client(keys: &ClientKeys, authorize_url: &Url, token_url: &Url) -> Client {
    oauth2::Client::new(ClientId::new(keys.client_id.clone()))
        .set_client_secret(ClientSecret::new(keys.client_secret.expose().to_owned()))
        .set_auth_uri(AuthUrl::from_url(authorize_url.clone()))
        .set_token_uri(TokenUrl::from_url(token_url.clone()))
}

fn redirect_url(redirect: &RedirectUri) -> RedirectUrl {
    RedirectUrl::new(redirect.as_str().to_owned()).expect("a redirect address was parsed before")
}
