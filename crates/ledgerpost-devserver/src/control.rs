//! What tests control, under `/_dev`.
//!
//! | | |
//! |---|---|
//! | `POST /_dev/reset` | everything anew; the body is a scene (README) |
//! | `POST /_dev/restart` | quit and start again on the same data |
//! | `POST /_dev/release` | the other program lets go of the data folder |
//! | `POST /_dev/network` | `{"online"}`: whether the simulated services are reached |
//! | `POST /_dev/open-file` | `{"path"}`: what the next *open* dialog is answered with |
//! | `GET /_dev/places` | the data folder, and where the simulated services are controlled |
//! | `GET /_dev/asked` | pages opened, files saved, notifications shown |

use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;

use crate::StartError;
use crate::host::Asked;
use crate::stage::{Places, Scene, Stage};

pub(crate) fn routes() -> Router<Arc<Stage>> {
    Router::new()
        .route("/reset", post(reset))
        .route("/restart", post(restart))
        .route("/release", post(release))
        .route("/network", post(network))
        .route("/open-file", post(open_file))
        .route("/places", get(places))
        .route("/asked", get(asked))
}

async fn reset(
    State(stage): State<Arc<Stage>>,
    Json(scene): Json<Scene>,
) -> Result<Json<Places>, Failed> {
    stage.reset(&scene).await?;
    Ok(Json(stage.places().await))
}

async fn restart(State(stage): State<Arc<Stage>>) {
    stage.restart().await;
}

async fn release(State(stage): State<Arc<Stage>>) {
    stage.release_folder().await;
}

#[derive(Deserialize)]
struct Network {
    online: bool,
}

async fn network(
    State(stage): State<Arc<Stage>>,
    Json(network): Json<Network>,
) -> Result<(), Failed> {
    Ok(stage.set_online(network.online).await?)
}

#[derive(Deserialize)]
struct FileToOpen {
    path: Option<PathBuf>,
}

async fn open_file(State(stage): State<Arc<Stage>>, Json(file): Json<FileToOpen>) {
    stage.answer_open_dialog(file.path).await;
}

async fn places(State(stage): State<Arc<Stage>>) -> Json<Places> {
    Json(stage.places().await)
}

async fn asked(State(stage): State<Arc<Stage>>) -> Json<Asked> {
    Json(stage.asked().await)
}

/// The stage could not be set.
struct Failed(StartError);

impl From<StartError> for Failed {
    fn from(error: StartError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.0.to_string()).into_response()
    }
}
