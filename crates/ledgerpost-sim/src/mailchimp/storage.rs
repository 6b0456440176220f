//! The pre-signed storage: another service, with its own manners.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::api::pairs;
use super::batches::{self, NoArchive};
use super::service::Mailchimp;

/// `GET /batch-results/{file}`
pub(crate) async fn storage(
    Shared(service): Shared<Arc<Mailchimp>>,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let refuse = |status: StatusCode, code: &str, message: &str| {
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code>\
             <Message>{message}</Message></Error>"
        );
        (status, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
    };
    if headers.contains_key(header::AUTHORIZATION) {
        return refuse(
            StatusCode::BAD_REQUEST,
            "InvalidArgument",
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature \
             query string parameter or the Authorization header should be specified",
        );
    }
    match batches::fetch(&service, &file, &pairs(query.as_deref())) {
        Ok(archive) => ([(header::CONTENT_TYPE, "application/x-gzip")], archive).into_response(),
        Err(NoArchive::Denied) => {
            refuse(StatusCode::FORBIDDEN, "AccessDenied", "Request has expired")
        }
        Err(NoArchive::Missing) => refuse(
            StatusCode::NOT_FOUND,
            "NoSuchKey",
            "The specified key does not exist.",
        ),
    }
}
