//! A server on loopback that answers as a test says.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ledgerpost_mailchimp::{Client, Credential};
use ledgerpost_net::Secret;
use ledgerpost_net::http::{Limits, Meter, RetryPolicy, Transport};
use url::Url;

/// A request that arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) host: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) authorization: Option<String>,
    pub(crate) body: String,
}

impl Seen {
    /// Method and path.
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// A parameter of the query.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }
}

/// An answer: status, media type, body.
pub(crate) struct Answer(pub(crate) u16, pub(crate) &'static str, pub(crate) Vec<u8>);

impl Answer {
    pub(crate) fn ok(body: impl Into<String>) -> Self {
        Self(200, "application/json", body.into().into_bytes())
    }

    pub(crate) fn done() -> Self {
        Self(204, "application/json", Vec::new())
    }

    pub(crate) fn problem(status: u16, title: &str, detail: &str) -> Self {
        let body = serde_json::json!({"title": title, "status": status, "detail": detail});
        Self(
            status,
            "application/problem+json",
            body.to_string().into_bytes(),
        )
    }

    pub(crate) fn html(status: u16) -> Self {
        Self(status, "text/html", b"<H1>Bad Request</H1>".to_vec())
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0).unwrap();
        (status, [("content-type", self.1)], self.2).into_response()
    }
}

/// A running server.
pub(crate) struct Server {
    pub(crate) root: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Starts a server that answers each request by the function; it is told how many requests came
    /// before.
    pub(crate) async fn start(
        answer: impl Fn(&Seen, usize) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, answer) = (Arc::clone(&seen), Arc::new(answer));
        let app = Router::new().fallback(async move |request: Request| {
            let arrived = read(request).await;
            let before = {
                let mut log: std::sync::MutexGuard<'_, Vec<Seen>> = log.lock().unwrap();
                log.push(arrived.clone());
                log.len() - 1
            };
            answer(&arrived, before)
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            root: Url::parse(&root).unwrap(),
            seen,
            task,
        }
    }

    /// A client of this server that never waits between attempts.
    pub(crate) fn client(&self) -> Client {
        let transport = Transport::new("mailchimp", Limits::default(), Meter::default());
        let credential = Credential::OAuthToken(Secret::new("canary-token"));
        Client::new(&self.root.join("3.0").unwrap(), credential, transport)
            .unwrap()
            .with_retry(RetryPolicy::IMMEDIATE)
    }

    /// What arrived so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Methods and paths of what arrived so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().iter().map(Seen::line).collect()
    }
}

async fn read(request: Request) -> Seen {
    let (parts, body) = request.into_parts();
    let Query(query) = Query::try_from_uri(&parts.uri).unwrap();
    let header = |name: &str| {
        let value = parts.headers.get(name)?;
        Some(value.to_str().unwrap().to_owned())
    };
    let body: Bytes = axum::body::to_bytes(body, 16 << 20).await.unwrap();
    Seen {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query,
        host: header("host").unwrap(),
        authorization: header("authorization"),
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}
