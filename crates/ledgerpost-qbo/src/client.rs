//! The client: one function that sends, and the small reads.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use ledgerpost_core::ids::RealmId;
use ledgerpost_core::ports::Clock;
use ledgerpost_net::http::header::HeaderValue;
use ledgerpost_net::http::{
    Authorizer, Bytes, Ceiling, Method, Pace, RequestSpec, Response, RetryPolicy, Transport,
    Verdict, Wire,
};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::convert;
use crate::entity::Entity;
use crate::error::{Error, Trace};
use crate::fault::{self, Fault};
use crate::query::{MAX_ROWS, Query};
use crate::reply::{self, Group, QueryReply};
use crate::row::{Parsed, Row};

/// Requests to the batch endpoint have a ceiling of their own.
pub(crate) const BATCH_LANE: &str = "batch";
/// Statements that are longer when encoded are sent in a body; servers limit addresses.
const LONGEST_IN_URL: usize = 1500;
/// How long to wait when throttled without being told (`quickbooks-online.md` 8.1).
const THROTTLE_WAIT: Duration = Duration::from_mins(1);
/// Throttled so many times in a row means that the month is used up (`quickbooks-online.md` 8.2).
const QUOTA_AFTER: usize = 4;

const COMPANY_INFO: &str = "/v3/company/{realm}/companyinfo/{realm}";
const QUERY: &str = "/v3/company/{realm}/query";

/// What a client is set up with.
#[derive(Debug, Clone)]
pub struct Config {
    /// `https://quickbooks.api.intuit.com`, that of the sandbox, or a simulator's.
    pub base_url: Url,
    /// The company.
    pub realm: RealmId,
    /// `minorversion`; everything answers as 75 since 2025 (`quickbooks-online.md` 2).
    pub minor_version: u32,
    /// Most rows in one query, at most [`MAX_ROWS`].
    pub page_rows: usize,
    /// Most queries in one batch. Documentation says 30 in one place and 10 in another; on refusal
    /// the client goes down to 10 by itself (`quickbooks-online.md` 7).
    pub batch_items_limit: usize,
    /// Most rows that the queries of one batch may ask for together; `None` when the published cap
    /// of 1,000 should not be minded.
    pub batch_objects_limit: Option<usize>,
    /// A change data capture answer with so many records may lack some (`quickbooks-online.md` 6).
    pub changes_limit: usize,
    /// The company's ceilings. Published are 10 requests a second and 500 a minute, batches 40 a minute
    /// (`quickbooks-online.md` 8.1).
    pub ceilings: Vec<Ceiling>,
    /// Most requests at once; an older wording of the ceiling per second.
    pub at_once: usize,
    /// When and how often to try again.
    pub retry: RetryPolicy,
}

impl Config {
    /// The published limits.
    pub fn new(base_url: Url, realm: RealmId) -> Self {
        let minute = Duration::from_mins(1);
        Self {
            base_url,
            realm,
            minor_version: 75,
            page_rows: MAX_ROWS,
            batch_items_limit: 30,
            batch_objects_limit: Some(1000),
            changes_limit: 1000,
            ceilings: vec![
                Ceiling::new(10, Duration::from_secs(1)),
                Ceiling::new(500, minute),
                Ceiling::new(40, minute).for_lane(BATCH_LANE),
            ],
            at_once: 10,
            retry: RetryPolicy::STANDARD,
        }
    }
}

/// Reads one company. There is no method that writes. Cheap to clone; clones share pacing.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    cancel: CancellationToken,
}

struct Inner {
    wire: Wire,
    config: Config,
    authorizer: Arc<dyn Authorizer>,
    clock: Arc<dyn Clock>,
    batch_items: AtomicUsize,
}

/// A successful answer.
pub(crate) struct Answer {
    pub(crate) body: Bytes,
    pub(crate) trace: Trace,
}

impl Client {
    /// Makes a client that keeps the ceilings of its company.
    pub fn new(
        transport: Transport,
        config: Config,
        authorizer: Arc<dyn Authorizer>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let pace = Pace::new(config.at_once, &config.ceilings);
        let inner = Inner {
            wire: Wire::new(transport, pace, config.retry),
            batch_items: AtomicUsize::new(config.batch_items_limit.max(1)),
            config,
            authorizer,
            clock,
        };
        Self {
            inner: Arc::new(inner),
            cancel: CancellationToken::new(),
        }
    }

    /// The same client, whose calls end with an error when `cancel` is cancelled.
    #[must_use]
    pub fn cancelled_by(&self, cancel: CancellationToken) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            cancel,
        }
    }

    /// The company.
    pub fn realm(&self) -> &RealmId {
        &self.inner.config.realm
    }

    /// How much longer the company's requests are held back after throttling, if they are.
    pub fn paused_for(&self) -> Option<Duration> {
        self.inner.wire.pace().paused_for()
    }

    pub(crate) fn config(&self) -> &Config {
        &self.inner.config
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub(crate) fn batch_items(&self) -> usize {
        self.inner.batch_items.load(Ordering::Relaxed)
    }

    pub(crate) fn lower_batch_items(&self, limit: usize) {
        self.inner.batch_items.fetch_min(limit, Ordering::Relaxed);
    }

    /// Reads one record; `None` when it does not exist (code 610, not HTTP 404).
    pub async fn read_by_id(&self, entity: Entity, id: &str) -> Result<Option<Row>, Error> {
        let url = self.url(&[entity.path(), id], &[]);
        let answer = match self.read(url, "/v3/company/{realm}/{entity}/{id}").await {
            Ok(answer) => answer,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let text = reply::text(&answer.body);
        let group: Group<'_> = reply::parse(&text, &answer.trace)?;
        let Some(raw) = group.get(entity.name()) else {
            return Err(unreadable(&answer.trace));
        };
        match Parsed::new(entity, raw, &answer.body) {
            Parsed::Row(row) => Ok(Some(row)),
            Parsed::Deleted(_) => Ok(None),
            Parsed::Malformed(_) => Err(unreadable(&answer.trace)),
        }
    }

    /// Reads `SubscriptionStatus`, which no change feed carries.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub async fn read_subscription(&self) -> Result<Option<String>, Error> {
        Ok(convert::subscription(
            self.read_company_info().await?.name_value,
        ))
    }

    /// Reads `CompanyInfo` by its own address.
    pub(crate) async fn read_company_info(&self) -> Result<crate::wire::CompanyInfo, Error> {
        let url = self.url(&["companyinfo", self.realm().as_str()], &[]);
        let answer = self.read(url, COMPANY_INFO).await?;
        let text = reply::text(&answer.body);
        let group: Group<'_> = reply::parse(&text, &answer.trace)?;
        let raw = group
            .get("CompanyInfo")
            .ok_or_else(|| unreadable(&answer.trace))?;
        reply::parse(raw.get(), &answer.trace)
    }

    /// Sends a query and gives its answer to `read`.
    pub(crate) async fn send_query<T>(
        &self,
        query: &Query,
        read: impl FnOnce(&Group<'_>, Timestamp, &Answer) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let asked = self.now();
        let url = self.url(&["query"], &[("query", query.as_str())]);
        let answer = if url.query().map_or(0, str::len) <= LONGEST_IN_URL {
            self.read(url, QUERY).await?
        } else {
            let request = RequestSpec::new(Method::POST, self.url(&["query"], &[]), QUERY)
                .body(
                    HeaderValue::from_static("application/text"),
                    query.as_str().to_owned(),
                )
                .idempotent(true);
            self.call(request.metered()).await?
        };
        let text = reply::text(&answer.body);
        let reply: QueryReply<'_> = reply::parse(&text, &answer.trace)?;
        read(&reply.group, reply.time.unwrap_or(asked), &answer)
    }

    pub(crate) async fn read(&self, url: Url, template: &'static str) -> Result<Answer, Error> {
        self.call(RequestSpec::get(url, template).metered()).await
    }

    /// Sends one request until it has a final answer, and tells success from faults in any shape. An
    /// answer with status 200 may carry one as well (`quickbooks-online.md` 2).
    pub(crate) async fn call(&self, request: RequestSpec) -> Result<Answer, Error> {
        let throttled = AtomicUsize::new(0);
        let inner = &*self.inner;
        let response = inner
            .wire
            .call(
                &request,
                &*inner.authorizer,
                &|response| judge(response, &throttled),
                &self.cancel,
            )
            .await?;
        let trace = Trace::new(response.request_id().map(str::to_owned));
        let status = response.status.as_u16();
        let wait = response.retry_after();
        let error = match Fault::find(&response) {
            Some(fault) => fault.into_error(status, wait, trace),
            None if response.status.is_success() => {
                return Ok(Answer {
                    body: response.body,
                    trace,
                });
            }
            None => fault::from_status(status, wait, trace),
        };
        Err(match error {
            Error::Throttled { trace, .. } if throttled.into_inner() >= QUOTA_AFTER => {
                Error::MonthlyQuota { trace }
            }
            other => other,
        })
    }

    /// An address below the company, blanks as `%20` and everything else that means something in an
    /// address escaped, the `+` of a time zone included (`quickbooks-online.md` 3.1).
    pub(crate) fn url(&self, path: &[&str], parameters: &[(&str, &str)]) -> Url {
        let config = self.config();
        let mut url = config.base_url.clone();
        url.path_segments_mut()
            .expect("an http address has a path")
            .pop_if_empty()
            .extend(["v3", "company", config.realm.as_str()])
            .extend(path);
        let version = config.minor_version.to_string();
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(parameters)
            .append_pair("minorversion", &version)
            .finish()
            .replace('+', "%20");
        url.set_query(Some(&query));
        url
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("realm", self.realm())
            .finish_non_exhaustive()
    }
}

fn unreadable(trace: &Trace) -> Error {
    Error::Reply {
        line: 0,
        column: 0,
        trace: trace.clone(),
    }
}

/// What an answer means for trying again. All requests are reads, so all of them may be repeated.
fn judge(response: &Response, throttled: &AtomicUsize) -> Verdict {
    let fault = Fault::find(response);
    let is = |test: fn(&Fault) -> bool| fault.as_ref().is_some_and(test);
    let status = response.status.as_u16();
    if status == 429 || is(Fault::is_throttling) {
        throttled.fetch_add(1, Ordering::Relaxed);
        let wait = response
            .retry_after()
            .unwrap_or_else(|| THROTTLE_WAIT + jitter());
        return Verdict::Refused {
            wait: Some(wait),
            pause_all: true,
        };
    }
    if is(Fault::is_rights_lost) {
        return Verdict::Final;
    }
    if status == 401 || is(Fault::is_authentication) {
        return Verdict::Reauthorize;
    }
    if status >= 500 {
        return Verdict::Failed {
            wait: response.retry_after(),
        };
    }
    Verdict::Final
}

/// Up to five seconds, so that installations which were throttled together do not return together.
fn jitter() -> Duration {
    Duration::from_millis(20) * u32::from(uuid::Uuid::new_v4().as_bytes()[0])
}
