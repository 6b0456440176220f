//! One attempt over the network: time-outs, size limit, log line, count. No retry, no pacing.

use std::net::IpAddr;
use std::sync::{Arc, Once, OnceLock};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use tracing::Instrument as _;
use url::{Host, Url};

use super::meter::Meter;
use super::request::{RequestSpec, Response};
use crate::error::HttpError;

/// How long a connection may take to come up.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a whole request may take. Both services give up after 120 s themselves
/// (`quickbooks-online.md` 2, `mailchimp.md` 2); their own answer is worth waiting for.
pub const TOTAL_TIMEOUT: Duration = Duration::from_secs(130);
/// How long an idle connection is kept for the next request.
pub const IDLE_TIMEOUT: Duration = Duration::from_secs(90);
/// The largest answer that is read, unpacked. A full page of 1,000 invoices is about 6 MB.
pub const MAX_BODY: usize = 64 * 1024 * 1024;

/// How large an answer that says so beforehand may make its buffer.
const BELIEVED_BODY: usize = 8 * 1024 * 1024;

const USER_AGENT: &str = concat!("Ledgerpost/", env!("CARGO_PKG_VERSION"));

/// The limits of a [`Transport`].
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// See [`CONNECT_TIMEOUT`].
    pub connect_timeout: Duration,
    /// See [`TOTAL_TIMEOUT`].
    pub total_timeout: Duration,
    /// See [`MAX_BODY`], in bytes.
    pub max_body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_timeout: CONNECT_TIMEOUT,
            total_timeout: TOTAL_TIMEOUT,
            max_body: MAX_BODY,
        }
    }
}

/// Sends requests to one service. Cheap to clone; clones share connections and counts.
#[derive(Clone)]
pub struct Transport {
    inner: Arc<Inner>,
}

struct Inner {
    service: &'static str,
    limits: Limits,
    meter: Meter,
    outside: OnceLock<reqwest::Client>,
    loopback: OnceLock<reqwest::Client>,
}

impl Transport {
    /// The service's name.
    pub fn service(&self) -> &'static str {
        self.inner.service
    }

    /// A transport for the service of this name, which is what logs and counts call it.
    pub fn new(service: &'static str, limits: Limits, meter: Meter) -> Self {
        Self {
            inner: Arc::new(Inner {
                service,
                limits,
                meter,
                outside: OnceLock::new(),
                loopback: OnceLock::new(),
            }),
        }
    }

    /// The counts.
    pub fn meter(&self) -> &Meter {
        &self.inner.meter
    }

    /// Sends once and reads the whole answer. Any status is an answer; redirects are not followed.
    pub async fn send(&self, request: &RequestSpec) -> Result<Response, HttpError> {
        let id = self.inner.meter.next_id();
        let span = tracing::debug_span!(
            "http",
            service = self.inner.service,
            id,
            method = %request.method,
            path = request.template
        );
        self.attempt(request).instrument(span).await
    }

    async fn attempt(&self, request: &RequestSpec) -> Result<Response, HttpError> {
        let started = Instant::now();
        let outcome = self.exchange(request).await;
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        match &outcome {
            Ok(response) => tracing::debug!(
                status = response.status.as_u16(),
                duration_ms,
                bytes = response.body.len(),
                request_id = response.request_id(),
                "answered"
            ),
            Err(error) => tracing::debug!(duration_ms, code = error.code(), "no answer"),
        }
        let status = outcome.as_ref().ok().map(|response| response.status);
        let bytes = outcome.as_ref().map_or(0, |response| response.body.len());
        self.inner
            .meter
            .count(self.inner.service, request, status, bytes);
        if let Err(error) = &outcome
            && error.is_silence()
        {
            self.inner.meter.note_no_answer(self.inner.service);
        }
        outcome
    }

    async fn exchange(&self, request: &RequestSpec) -> Result<Response, HttpError> {
        let template = request.template;
        let classify = |source: reqwest::Error| HttpError::from_reqwest(template, source);
        let (meter, service) = (&self.inner.meter, self.inner.service);
        let sent = self
            .client_for(&request.url)?
            .request(request.method.clone(), request.url.clone())
            .headers(request.headers.clone())
            .body(request.body.clone())
            .send();
        let mut answer = meter.wait_for(service, sent).await.map_err(classify)?;
        meter.note_answer(service);
        let status = answer.status();
        let headers = std::mem::take(answer.headers_mut());
        let body = self.read_body(template, answer).await?;
        Ok(Response {
            status,
            headers,
            body,
        })
    }

    /// Reads chunk by chunk, because a hostile or broken peer may never stop.
    async fn read_body(
        &self,
        template: &'static str,
        mut answer: reqwest::Response,
    ) -> Result<Bytes, HttpError> {
        let limit = self.inner.limits.max_body;
        // Where the size is known, the buffer need not be copied as it grows; nobody is believed far.
        let known = answer.content_length().unwrap_or(0);
        let known = usize::try_from(known).unwrap_or(limit);
        let mut body = BytesMut::with_capacity(known.min(BELIEVED_BODY));
        while let Some(chunk) = answer
            .chunk()
            .await
            .map_err(|source| HttpError::from_reqwest(template, source))?
        {
            if body.len() + chunk.len() > limit {
                return Err(HttpError::TooLarge { template, limit });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    fn client_for(&self, url: &Url) -> Result<&reqwest::Client, HttpError> {
        let loopback = is_loopback(url);
        let slot = if loopback {
            &self.inner.loopback
        } else {
            &self.inner.outside
        };
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let client = build_client(self.inner.limits, loopback)?;
        Ok(slot.get_or_init(|| client))
    }
}

impl std::fmt::Debug for Transport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transport")
            .field("service", &self.inner.service)
            .finish_non_exhaustive()
    }
}

/// Whether an address stays on this computer.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    }
}

fn build_client(limits: Limits, loopback: bool) -> Result<reqwest::Client, HttpError> {
    install_crypto();
    let mut builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .gzip(true)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(limits.connect_timeout)
        .timeout(limits.total_timeout)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .tcp_nodelay(true);
    if loopback {
        // What stays on this computer goes through no proxy and needs no certificates, so that the
        // demo company works on a machine that has none.
        builder = builder.no_proxy().tls_certs_only([]);
    }
    builder
        .build()
        .map_err(|source| HttpError::Setup { source })
}

fn install_crypto() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error means that the program installed a provider of its own, which is as good.
        drop(rustls::crypto::ring::default_provider().install_default());
    });
}
