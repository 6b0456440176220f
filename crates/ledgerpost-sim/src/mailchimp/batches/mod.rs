//! Batch operations (`mailchimp.md` 2.3).

mod archive;
mod run;

use std::sync::Arc;

use axum::body::Bytes;
use serde_json::{Value, json};

use super::context::{Answer, Ctx, Params};
use super::model::Account;
use super::problem::Problem;
use super::time::{Seconds, stamp, stamp_or_blank};

pub(crate) use archive::{NoArchive, fetch};
pub(crate) use run::run;

/// Batches that may wait (2).
const PENDING_LIMIT: usize = 500;

/// Where a batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Pending,
    Preprocessing,
    Started,
    Finalizing,
    Finished,
}

impl Stage {
    fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Preprocessing => "preprocessing",
            Self::Started => "started",
            Self::Finalizing => "finalizing",
            Self::Finished => "finished",
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Operation {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    body: String,
    id: String,
}

#[derive(Debug)]
pub(crate) struct Batch {
    stage: Stage,
    operations: Arc<Vec<Operation>>,
    finished: usize,
    errored: usize,
    submitted_at: Seconds,
    completed_at: Option<Seconds>,
    archive: Option<Bytes>,
}

fn view(ctx: &Ctx<'_>, id: &str, batch: &Batch) -> Value {
    let url = match (&batch.archive, batch.stage) {
        // A fresh address on every reading.
        (Some(_), Stage::Finished) => archive::address(ctx.base, id, ctx.now),
        _ => String::new(),
    };
    json!({
        "id": id, "status": batch.stage.word(), "total_operations": batch.operations.len(),
        "finished_operations": batch.finished, "errored_operations": batch.errored,
        "submitted_at": stamp(batch.submitted_at),
        "completed_at": stamp_or_blank(batch.completed_at), "response_body_url": url,
        "_links": ctx.links(&format!("/batches/{id}"), &[("self", "GET", ""), ("delete", "DELETE", "")]),
    })
}

/// `GET /batches`
pub(crate) fn index(ctx: &mut Ctx<'_>, _: &Params<'_>) -> Answer {
    let rows = ctx.account.batches.iter();
    Ok(Some(ctx.collection(
        "batches",
        None,
        rows,
        |(id, batch)| view(ctx, id, batch),
    )))
}

/// `GET /batches/{batch_id}`
pub(crate) fn show(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    let batch = ctx
        .account
        .batches
        .get(&params[0])
        .ok_or_else(Problem::not_found)?;
    Ok(Some(view(ctx, &params[0], batch)))
}

fn operation(value: &Value) -> Operation {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    let path = text("path");
    Operation {
        method: text("method").to_owned(),
        // A query string here is dropped without an error (2.3).
        path: path.split('?').next().unwrap_or(path).to_owned(),
        query: value
            .get("params")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(name, value)| {
                let text = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                (name.clone(), text)
            })
            .collect(),
        body: text("body").to_owned(),
        id: text("operation_id").to_owned(),
    }
}

/// `POST /batches`
pub(crate) fn create(ctx: &mut Ctx<'_>, _: &Params<'_>) -> Answer {
    let body = std::mem::take(&mut ctx.body);
    let rows = body
        .get("operations")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let dropped = rows
        .iter()
        .filter_map(|row| row.get("path").and_then(Value::as_str))
        .any(|path| path.contains('?'));
    if dropped {
        ctx.violation("operations.path", "a query string in a path is dropped");
    }
    if unfinished(ctx.account) >= PENDING_LIMIT {
        return Err(Problem::new(
            429,
            "Too Many Requests",
            format!("You have more than {PENDING_LIMIT} pending batches."),
        ));
    }
    let id = ctx.ids.hex(10);
    let batch = Batch {
        stage: Stage::Pending,
        operations: Arc::new(rows.iter().map(operation).collect()),
        finished: 0,
        errored: 0,
        submitted_at: ctx.now,
        completed_at: None,
        archive: None,
    };
    ctx.account.batches.put(&id, batch);
    let batch = ctx
        .account
        .batches
        .get(&id)
        .ok_or_else(Problem::not_found)?;
    Ok(Some(view(ctx, &id, batch)))
}

/// `DELETE /batches/{batch_id}`: stops it; results of what already ran are lost.
pub(crate) fn delete(ctx: &mut Ctx<'_>, params: &Params<'_>) -> Answer {
    ctx.account
        .batches
        .remove(&params[0])
        .ok_or_else(Problem::not_found)?;
    Ok(None)
}

/// How many batches of an account are not finished.
pub(crate) fn unfinished(account: &Account) -> usize {
    account
        .batches
        .iter()
        .filter(|(_, batch)| batch.stage != Stage::Finished)
        .count()
}
