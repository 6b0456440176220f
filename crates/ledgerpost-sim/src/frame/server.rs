//! One address: accepts connections, and leads each request past log, latency, faults and
//! ceilings to the service.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tower::ServiceExt;

use super::control;
use super::error::SimError;
use super::faults::{Action, Target};
use super::log::{Metered, RequestLog};
use super::service::Service;
use super::world::World;

/// Put into a response's extensions: the connection ends without an answer.
#[derive(Debug, Clone, Copy)]
pub struct Dropped;

/// The reason why hyper ends a connection on our behalf.
#[derive(Debug, thiserror::Error)]
#[error("the simulator dropped the connection on purpose")]
struct DroppedOnPurpose;

/// One service at one address. Dropping it ends the service and its connections.
pub struct Server {
    base: String,
    address: SocketAddr,
    router: Router,
    hall: Arc<Hall>,
    task: tokio::task::JoinHandle<()>,
}

/// What every request passes through.
pub(crate) struct Hall {
    pub(crate) world: Arc<World>,
    pub(crate) service: Arc<dyn Service>,
    pub(crate) log: RequestLog,
    steps: AtomicU64,
}

impl Server {
    /// Takes the address; requests wait until [`Server::open`].
    pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener, SimError> {
        TcpListener::bind(address)
            .await
            .map_err(|source| SimError::Listen { address, source })
    }

    /// Makes the hall of a service.
    pub(crate) fn hall(world: &Arc<World>, service: Arc<dyn Service>) -> Arc<Hall> {
        Arc::new(Hall {
            world: Arc::clone(world),
            service,
            log: RequestLog::default(),
            steps: AtomicU64::new(0),
        })
    }

    /// Starts to serve. `all` are the halls of all services, for the control addresses.
    pub(crate) fn open(listener: TcpListener, hall: Arc<Hall>, all: &[Arc<Hall>]) -> Self {
        let address = listener
            .local_addr()
            .expect("a bound listener has an address");
        let router = Arc::clone(&hall.service)
            .routes()
            .layer(from_fn_with_state(Arc::clone(&hall), pass))
            .merge(control::routes(Arc::clone(&hall), all.to_vec()))
            .merge(Arc::clone(&hall.service).control())
            .layer(axum::extract::DefaultBodyLimit::disable());
        Self {
            base: format!("http://{address}"),
            address,
            router: router.clone(),
            hall,
            task: tokio::spawn(accept(listener, router)),
        }
    }

    /// Takes the service off the network: its connections end and nobody reaches it, its control
    /// addresses included. What it holds stays.
    pub(crate) async fn unplug(&mut self) {
        if !self.task.is_finished() {
            self.task.abort();
            // Until then the address is taken.
            drop((&mut self.task).await);
        }
    }

    /// Puts it back at the same address.
    ///
    /// # Errors
    /// When the address was taken meanwhile.
    pub(crate) async fn plug_in(&mut self) -> Result<(), SimError> {
        if self.task.is_finished() {
            let listener = Self::listen(self.address).await?;
            self.task = tokio::spawn(accept(listener, self.router.clone()));
        }
        Ok(())
    }

    /// The base address, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.base
    }

    /// The request log.
    pub fn log(&self) -> &RequestLog {
        &self.hall.log
    }

    /// The service.
    pub fn service(&self) -> &Arc<dyn Service> {
        &self.hall.service
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, router: Router) {
    // Aborting this task drops the set, and with it every connection.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let stream = match accepted {
                    Ok((stream, _)) => stream,
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be accepted");
                        tokio::time::sleep(Duration::from_millis(10)).await;
                        continue;
                    }
                };
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "the connection ended before it began");
                }
                let router = router.clone();
                connections.spawn(async move {
                    let answer = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                        let router = router.clone();
                        async move {
                            let Ok(response) = router.oneshot(request.map(Body::new)).await;
                            if response.extensions().get::<Dropped>().is_some() {
                                Err(DroppedOnPurpose)
                            } else {
                                Ok(response)
                            }
                        }
                    });
                    let served = http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), answer)
                        .await;
                    if let Err(error) = served {
                        tracing::debug!(%error, "a connection ended early");
                    }
                });
            }
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
}

/// Leaves the lane when the request is answered, and also when its client hangs up.
struct Inside<'a> {
    log: &'a RequestLog,
    lane: Option<String>,
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.log.leave(self.lane.as_deref());
    }
}

async fn pass(State(hall): State<Arc<Hall>>, request: Request, next: Next) -> Response {
    let template = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("(no such path)", MatchedPath::as_str)
        .to_owned();
    let method = request.method().as_str().to_owned();
    let step = hall.steps.fetch_add(1, Ordering::Relaxed);
    let (parts, body) = request.into_parts();
    let lane = hall.service.lane(&parts);
    let concurrent = hall.log.enter(lane.as_deref());
    let inside = Inside {
        log: &hall.log,
        lane,
    };

    let action = hall.world.faults().decide(&Target {
        service: hall.service.name(),
        method: &method,
        template: &template,
        path: parts.uri.path(),
        tolerance: hall.service.tolerates(&template),
    });
    let refused = hall.service.admit(&parts, &template, concurrent);
    let wait = hall.world.latency(step) + action.as_ref().map_or(Duration::ZERO, Action::delay);
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
    let response = match (refused, action) {
        (Some(refusal), _) => refusal,
        (None, None | Some(Action::Delay { .. })) => {
            next.run(Request::from_parts(parts, body)).await
        }
        (None, Some(Action::DropBefore)) => dropped(),
        (None, Some(Action::DropAfter)) => {
            let _lost = next.run(Request::from_parts(parts, body)).await;
            dropped()
        }
        (None, Some(Action::DropMidway)) => {
            halve(next.run(Request::from_parts(parts, body)).await).await
        }
        (
            None,
            Some(Action::Status {
                status,
                body: kind,
                text,
                retry_after,
                after_effect,
            }),
        ) => {
            if after_effect {
                let _lost = next.run(Request::from_parts(parts, body)).await;
            }
            let status = StatusCode::from_u16(status).expect("checked when the rule came in");
            let mut response = match text {
                Some(text) => (status, text).into_response(),
                None => hall.service.fault_response(status, kind),
            };
            if let Some(seconds) = retry_after {
                response
                    .headers_mut()
                    .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            response
        }
    };
    drop(inside);
    let metered = response
        .extensions()
        .get::<Metered>()
        .map_or(0, |metered| metered.0);
    if response.extensions().get::<Dropped>().is_some() {
        hall.log.record(&method, &template, "dropped", metered);
    } else {
        hall.log
            .record(&method, &template, response.status().as_str(), metered);
    }
    response
}

fn dropped() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.extensions_mut().insert(Dropped);
    response
}

/// Promises the whole body, sends half of it and ends the connection.
async fn halve(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(whole) = axum::body::to_bytes(body, usize::MAX).await else {
        return dropped();
    };
    if whole.is_empty() {
        return dropped();
    }
    parts
        .headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let half = whole.slice(..whole.len() / 2);
    let pieces = futures_util::stream::iter([
        Ok::<Bytes, std::io::Error>(half),
        Err(std::io::Error::other("dropped on purpose")),
    ]);
    Response::from_parts(parts, Body::from_stream(pieces))
}
