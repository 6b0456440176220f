//! The window's commands over HTTP on loopback. Never shipped.
//!
//! * `POST /command/{name}`: the request as JSON; the reply as JSON, or status 422 with a `WireError`.
//! * `GET /watch`: the messages, one JSON document a line.
//! * everything else: the window's built files, under the policy of the real window.
//! * `/_dev/…`: what tests control ([`control`]).
//!
//! Only this computer is answered, and only pages of this computer: other `Host` and `Origin` headers
//! are refused, so that no web page reaches the commands by a name that leads to 127.0.0.1.

pub mod control;
mod guard;
mod host;
mod policy;
mod stage;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::StreamExt as _;
use ledgerpost_ipc::WireError;
use serde_json::Value;
use tokio::net::TcpListener;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::stage::Stage;

/// What a server is started with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen.
    pub address: SocketAddr,
    /// The window's built files.
    pub ui: PathBuf,
    /// The data folder; a temporary one if nothing is given.
    pub data_folder: Option<PathBuf>,
    /// The services file; simulated services if nothing is given.
    pub services: Option<PathBuf>,
    /// Whether pages are opened in the browser of this computer.
    pub open_browser: bool,
}

/// Why it did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is not of this computer.
    #[error("{0} is not a loopback address")]
    NotLoopback(SocketAddr),
    /// The address is taken.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// There is nowhere to keep things.
    #[error("no temporary folder: {0}")]
    Folder(#[source] std::io::Error),
    /// The simulated services did not start.
    #[error("the simulated services did not start: {0}")]
    Simulator(#[from] ledgerpost_sim::SimError),
    /// The data folder cannot be held.
    #[error(transparent)]
    Hold(#[from] ledgerpost_store::Error),
    /// Nobody reads the standard output.
    #[error("cannot write to the standard output: {0}")]
    Output(#[source] std::io::Error),
    /// Serving ended.
    #[error("serving ended: {0}")]
    Serve(#[source] std::io::Error),
}

/// A server that listens.
pub struct Server {
    listener: TcpListener,
    router: Router,
    address: SocketAddr,
}

impl Server {
    /// Where it is.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves until Ctrl-C.
    ///
    /// # Errors
    /// The system's.
    pub async fn run(self) -> Result<(), StartError> {
        let stop = async {
            // Without a signal handler there is nothing to wait for but the kill itself.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            served = axum::serve(self.listener, self.router) => served.map_err(StartError::Serve),
            () = stop => Ok(()),
        }
    }
}

/// Listens, with the services and the data folder ready.
///
/// # Errors
/// [`StartError`].
pub async fn start(settings: Settings) -> Result<Server, StartError> {
    let address = settings.address;
    if !address.ip().is_loopback() {
        return Err(StartError::NotLoopback(address));
    }
    let listener = TcpListener::bind(address)
        .await
        .map_err(|source| StartError::Listen { address, source })?;
    let address = listener
        .local_addr()
        .map_err(|source| StartError::Listen { address, source })?;
    let ui = settings.ui.clone();
    let stage = Arc::new(Stage::new(settings).await?);
    Ok(Server {
        router: router(stage, ui),
        listener,
        address,
    })
}

fn router(stage: Arc<Stage>, ui: PathBuf) -> Router {
    let policy = HeaderValue::from_str(&policy::of_the_window())
        .expect("the policy of tauri.conf.json is a header");
    let files = ServeDir::new(ui);
    Router::new()
        .route("/command/{name}", post(command))
        .route("/watch", get(watch))
        .nest("/_dev", control::routes())
        .fallback_service(files)
        .layer(SetResponseHeaderLayer::overriding(
            header::CONTENT_SECURITY_POLICY,
            policy,
        ))
        .layer(SetResponseHeaderLayer::overriding(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ))
        .layer(axum::middleware::from_fn(guard::only_this_computer))
        .with_state(stage)
}

async fn command(
    State(stage): State<Arc<Stage>>,
    Path(name): Path<String>,
    Json(request): Json<Value>,
) -> Result<Json<Value>, Refused> {
    let desk = stage.desk().await?;
    Ok(Json(desk.call(&name, request).await?))
}

async fn watch(State(stage): State<Arc<Stage>>) -> Result<Response, Refused> {
    let lines = stage.desk().await?.watch().map(|message| {
        let mut line = serde_json::to_vec(&message)?;
        line.push(b'\n');
        Ok::<_, serde_json::Error>(line)
    });
    let header = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((header, Body::from_stream(lines)).into_response())
}

/// A failed command.
struct Refused(WireError);

impl From<WireError> for Refused {
    fn from(error: WireError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (StatusCode::UNPROCESSABLE_ENTITY, Json(self.0)).into_response()
    }
}
