//! The client: one place that sends.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use ledgerpost_net::http::header::{DATE, HeaderValue};
use ledgerpost_net::http::{
    self, Authorizer, Pace, RequestSpec, Response, RetryPolicy, Transport, Verdict, Wire,
};
use ledgerpost_net::{HttpError, NetError, Secret};
use serde::de::DeserializeOwned;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use url::{Host, Url};

use crate::error::Error;
use crate::refusal::{Reason, classify};
use crate::request::{Method, Request, Write};

/// How many requests run at once unless told otherwise. Mailchimp allows ten per user, shared with
/// everything else that user has (`mailchimp.md` 2.1).
pub const CONNECTIONS: usize = 4;

/// How long the place of a request that timed out stays taken: Mailchimp may count it for a while
/// (`mailchimp.md` 2). It gives up by itself 10 s before we do.
const REST_AFTER_TIMEOUT: Duration = Duration::from_secs(20);

/// What a request is signed with.
#[derive(Debug, Clone)]
pub enum Credential {
    /// The token of an OAuth sign-in; never expires (`mailchimp.md` 1.1).
    OAuthToken(Secret),
    /// A key that the owner pasted (`mailchimp.md` 1.7).
    ApiKey(Secret),
}

#[async_trait]
impl Authorizer for Credential {
    async fn token(&self) -> Result<Option<Secret>, NetError> {
        match self {
            Self::OAuthToken(secret) | Self::ApiKey(secret) => Ok(Some(secret.clone())),
        }
    }

    /// Neither kind can be refreshed (`mailchimp.md` 1.6); no verdict of ours asks for it.
    async fn token_after(&self, rejected: &Secret) -> Result<Secret, NetError> {
        Ok(rejected.clone())
    }
}

/// The base address that an API key's data centre suffix names (`mailchimp.md` 1.7).
pub fn api_key_base_url(key: &Secret) -> Result<Url, Error> {
    let (_, centre) = key
        .expose()
        .trim()
        .rsplit_once('-')
        .ok_or(Error::ApiKeyFormat)?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if centre.is_empty() || centre.len() > 10 || !centre.chars().all(plain) {
        return Err(Error::ApiKeyFormat);
    }
    Url::parse(&format!("https://{centre}.api.mailchimp.com/3.0")).map_err(|_| Error::ApiKeyFormat)
}

/// A signed-in client for one account. Cheap to clone; clones share connections and limits.
#[derive(Clone)]
pub struct Client {
    /// Ends in `/3.0`, without trailing slash.
    base: Arc<str>,
    credential: Arc<Credential>,
    transport: Transport,
    pace: Pace,
    policy: RetryPolicy,
    cancel: CancellationToken,
    /// The latest date of an answer.
    latest_date: Arc<watch::Sender<Option<Timestamp>>>,
    /// How long the latest finished batch took, in milliseconds.
    pub(crate) last_batch: Arc<AtomicU64>,
    /// Tells the next who waits for a batch that another one is finished.
    pub(crate) batch_finished: Arc<Notify>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Makes a client for `<api_endpoint>/3.0` with four connections.
    ///
    /// # Errors
    /// [`Error::BaseUrl`] when the token would travel in clear.
    pub fn new(base: &Url, credential: Credential, transport: Transport) -> Result<Self, Error> {
        if !is_safe(base) {
            return Err(Error::BaseUrl);
        }
        Ok(Self {
            base: base.as_str().trim_end_matches('/').into(),
            credential: Arc::new(credential),
            transport,
            pace: Pace::new(CONNECTIONS, &[]).resting_after_timeouts(REST_AFTER_TIMEOUT),
            policy: RetryPolicy::STANDARD,
            cancel: CancellationToken::new(),
            latest_date: Arc::new(watch::Sender::new(None)),
            last_batch: Arc::default(),
            batch_finished: Arc::default(),
        })
    }

    /// The same client with other ceilings.
    #[must_use]
    pub fn with_pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// The same client with another patience.
    #[must_use]
    pub fn with_retry(mut self, policy: RetryPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// The same client, whose calls and waits end when `cancel` is called.
    #[must_use]
    pub fn with_cancel(mut self, cancel: CancellationToken) -> Self {
        self.cancel = cancel;
        self
    }

    pub(crate) const fn transport(&self) -> &Transport {
        &self.transport
    }

    pub(crate) const fn policy(&self) -> RetryPolicy {
        self.policy
    }

    /// The latest time that Mailchimp's own clock has shown us.
    pub fn latest_date(&self) -> Option<Timestamp> {
        *self.latest_date.borrow()
    }

    /// Waits until an answer shows that Mailchimp's own clock is past this time.
    pub async fn date_passes(&self, date: Timestamp) {
        let mut dates = self.latest_date.subscribe();
        dates
            .wait_for(|latest| latest.is_some_and(|latest| latest > date))
            .await
            .expect("this client holds the sender");
    }

    /// Waits, unless cancelled.
    pub(crate) async fn pause(&self, wait: Duration) -> Result<(), Error> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(NetError::from(HttpError::Cancelled).into()),
            () = tokio::time::sleep(wait) => Ok(()),
        }
    }

    /// Sends a request and reads what we need of the answer.
    pub(crate) async fn read<T: DeserializeOwned>(&self, request: &Request) -> Result<T, Error> {
        self.read_dated(request).await.map(|(answer, _)| answer)
    }

    /// Sends a request and reads what we need of the answer, and when it was given by the service's
    /// own clock.
    pub(crate) async fn read_dated<T: DeserializeOwned>(
        &self,
        request: &Request,
    ) -> Result<(T, Option<Timestamp>), Error> {
        let answer = self.exchange(request).await?;
        Ok((parse(&answer, request.endpoint())?, date_of(&answer)))
    }

    /// Reads one record; `None` when Mailchimp does not have it.
    pub(crate) async fn find<T: DeserializeOwned>(
        &self,
        request: &Request,
    ) -> Result<Option<T>, Error> {
        match self.read(request).await {
            Ok(record) => Ok(Some(record)),
            Err(error) if error.is(Reason::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes a write outside a batch.
    pub async fn write(&self, write: &Write) -> Result<(), Error> {
        self.exchange(write.request()).await.map(drop)
    }

    /// Makes a removal; what is gone already counts as removed.
    pub(crate) async fn remove(&self, write: &Write) -> Result<(), Error> {
        match self.write(write).await {
            Err(error) if error.is(Reason::NotFound) => Ok(()),
            other => other,
        }
    }

    /// Sends until there is a final answer; gives the body of an answer of success.
    async fn exchange(&self, request: &Request) -> Result<Response, Error> {
        let spec = self.spec(request, request.body_text().map(str::to_owned))?;
        self.exchange_spec(&spec, request.endpoint(), request.is_repeatable())
            .await
    }

    /// Sends a write whose body is large: it is in memory once only.
    pub(crate) async fn read_large<T: DeserializeOwned>(
        &self,
        mut request: Request,
    ) -> Result<T, Error> {
        let body = request.take_body();
        let spec = self.spec(&request, body)?;
        let answer = self
            .exchange_spec(&spec, request.endpoint(), request.is_repeatable())
            .await?;
        parse(&answer, request.endpoint())
    }

    async fn exchange_spec(
        &self,
        spec: &RequestSpec,
        endpoint: &'static str,
        repeatable: bool,
    ) -> Result<Response, Error> {
        let wire = Wire::new(self.transport.clone(), self.pace.clone(), self.policy);
        let answer = wire
            .call(spec, self.credential.as_ref(), &judge, &self.cancel)
            .await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(source @ NetError::Http(HttpError::OutcomeUnknown { .. })) => {
                return Err(Error::OutcomeUnknown {
                    endpoint,
                    source: Some(source),
                });
            }
            Err(error) => return Err(error.into()),
        };
        if let Some(date) = date_of(&answer) {
            self.latest_date.send_if_modified(|latest| {
                let later = latest.is_none_or(|latest| latest < date);
                if later {
                    *latest = Some(date);
                }
                later
            });
        }
        if answer.status.is_success() {
            return Ok(answer);
        }
        let refusal = classify(answer.status.as_u16(), &answer.body);
        // A service that failed may have done it nevertheless.
        if refusal.reason == Reason::ServerError && !repeatable {
            return Err(Error::OutcomeUnknown {
                endpoint,
                source: None,
            });
        }
        Err(Error::Refused(refusal))
    }

    fn spec(&self, request: &Request, body: Option<String>) -> Result<RequestSpec, Error> {
        let mut url =
            Url::parse(&format!("{}{}", self.base, request.path())).map_err(|_| Error::BaseUrl)?;
        if !request.query_pairs().is_empty() {
            url.query_pairs_mut().extend_pairs(request.query_pairs());
        }
        let method = match request.method() {
            Method::Get => http::Method::GET,
            Method::Post => http::Method::POST,
            Method::Put => http::Method::PUT,
            Method::Patch => http::Method::PATCH,
            Method::Delete => http::Method::DELETE,
        };
        let spec =
            RequestSpec::new(method, url, request.template()).idempotent(request.is_repeatable());
        Ok(match body {
            Some(body) => spec.body(HeaderValue::from_static("application/json"), body),
            None => spec,
        })
    }
}

fn parse<T: DeserializeOwned>(answer: &Response, endpoint: &'static str) -> Result<T, Error> {
    serde_json::from_slice(&answer.body).map_err(|error| Error::Unreadable {
        endpoint,
        line: error.line(),
        column: error.column(),
    })
}

/// What an answer means for the call as a whole (`mailchimp.md` 7.4).
fn judge(answer: &Response) -> Verdict {
    if answer.status.is_success() {
        return Verdict::Final;
    }
    let wait = answer.retry_after();
    match classify(answer.status.as_u16(), &answer.body).reason {
        Reason::Throttled => Verdict::Refused {
            wait,
            pause_all: true,
        },
        Reason::TooManyBatches => Verdict::Refused {
            wait: wait.or(Some(crate::refusal::BATCHES_WAIT)),
            pause_all: false,
        },
        Reason::ServerError | Reason::Garbled => Verdict::Failed { wait },
        _ => Verdict::Final,
    }
}

/// Whether a token or a person's data may be sent there: encrypted, or to this computer.
pub(crate) fn is_safe(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && loopback)
}

/// The `Date` header (RFC 9110, 6.6.1).
fn date_of(answer: &Response) -> Option<Timestamp> {
    let text = answer.headers.get(DATE)?.to_str().ok()?;
    let date = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(date.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(
        "0123456789abcdef0123456789abcdef-us19",
        Some("https://us19.api.mailchimp.com/3.0")
    )]
    #[case(
        " 0123456789abcdef0123456789abcdef-us6\n",
        Some("https://us6.api.mailchimp.com/3.0")
    )]
    #[case("0123456789abcdef0123456789abcdef", None)]
    #[case("key-", None)]
    #[case("key-evil.test/", None)]
    fn a_key_names_its_data_centre(#[case] key: &str, #[case] base: Option<&str>) {
        let found = api_key_base_url(&Secret::new(key));
        assert_eq!(found.ok().as_ref().map(Url::as_str), base);
    }

    #[rstest]
    #[case("https://us19.api.mailchimp.com/3.0", true)]
    #[case("http://127.0.0.1:4010/3.0", true)]
    #[case("http://localhost:4010/3.0", true)]
    #[case("http://[::1]:4010/3.0", true)]
    #[case("http://us19.api.mailchimp.com/3.0", false)]
    #[case("ftp://127.0.0.1/3.0", false)]
    fn a_token_never_travels_in_clear(#[case] base: &str, #[case] safe: bool) {
        assert_eq!(is_safe(&Url::parse(base).unwrap()), safe);
    }
}
