//! Requests for batches.

use serde::Serialize;
use serde::ser::SerializeMap;

use super::{BatchId, Operation};
use crate::request::{Method, Request};

const FIELDS: &str = "id,status,total_operations,finished_operations,errored_operations,\
                      submitted_at,response_body_url";

#[derive(Serialize)]
struct Body<'a> {
    operations: Vec<OperationBody<'a>>,
}

#[derive(Serialize)]
struct OperationBody<'a> {
    method: Method,
    path: &'a str,
    #[serde(skip_serializing_if = "Params::is_empty")]
    params: Params<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    operation_id: &'a str,
}

/// A query in a path is dropped without an error (`mailchimp.md` 2.3), so it goes here.
struct Params<'a>(&'a [(&'static str, String)]);

impl Params<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Params<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// Submits a batch.
pub fn submit_batch(operations: &[Operation]) -> Request {
    fn operation(operation: &Operation) -> OperationBody<'_> {
        let Operation { id, write } = operation;
        let request = write.request();
        OperationBody {
            method: request.method(),
            path: request.path(),
            params: Params(request.query_pairs()),
            body: request.body_text(),
            operation_id: id,
        }
    }
    Request::new("POST /batches", &[])
        .body(&Body {
            operations: operations.iter().map(operation).collect(),
        })
        .only_once()
}

/// Reads how far a batch is.
pub fn read_batch(batch: &BatchId) -> Request {
    Request::new("GET /batches/{batch_id}", &[batch.as_str()]).query("fields", FIELDS)
}

/// Lists the batches that Mailchimp still knows.
pub fn list_batches() -> Request {
    Request::new("GET /batches", &[]).query(
        "fields",
        "batches.id,batches.status,batches.total_operations,batches.finished_operations,\
         batches.errored_operations,batches.submitted_at,total_items",
    )
}

/// Stops a batch; the results of what already ran are lost.
pub fn stop_batch(batch: &BatchId) -> Request {
    Request::new("DELETE /batches/{batch_id}", &[batch.as_str()])
}
